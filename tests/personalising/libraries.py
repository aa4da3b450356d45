"""Small libraries and people for tests."""

from __future__ import annotations

from typing import Any

from sandcone.core.care import Lag, Library, Module, Part, Path, Person
from sandcone.personalising.paths import Composer

HOUR, DAY = 60.0, 1440.0


def module(name: str, *steps: str | Part, **more: Any) -> Module:
    """A module with these steps, each its own part; ``a`` has the one step ``a`` if none is named."""
    parts = tuple(s if isinstance(s, Part) else Part(name=s, step=s) for s in (steps or (name,)))
    return Module(name=name, parts=parts, **more)


def library(*modules: Module, **more: Any) -> Library:
    """A library of these modules."""
    return Library(name="small", modules=modules, **more)


def path(person: Person, *modules: Module, minutes: float = 30.0, **more: Any) -> Path:
    """The path of one person through a library of these modules, every step of 30 minutes."""
    return Composer(library=library(*modules, **more), minutes=lambda _: minutes).path(person)


def lag(before: str, after: str, at_least: float = 0.0, at_most: float | None = None) -> Lag:
    """A lag between two parts."""
    return Lag(before=before, after=after, at_least=at_least, at_most=at_most)


ANYBODY = Person(name="anybody")
