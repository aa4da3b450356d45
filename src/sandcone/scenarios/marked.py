"""Figures of a made-up hospital, each with a mark and where it is from: sourced, derived from sources, or assumed."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sandcone.core.errors import ModelError

Mark = Literal["sourced", "derived", "assumed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One value of a scenario, with its mark and where it is from."""

    name: str
    value: object
    mark: Mark
    source: str


def marked(text: str, file: str) -> tuple[Figure, ...]:
    """Every value of a TOML text with its mark and source; ``ModelError`` names the first value of the file that has none."""
    return tuple(_figures(file, "", tomllib.loads(text)))


def counted(figures: tuple[Figure, ...]) -> str:
    """How many figures are of which mark, in words."""
    marks = [f.mark for f in figures]
    return ", ".join(f"{marks.count(m)} {m}" for m in get_args(Mark))


def valued(table: Mapping[str, Any]) -> dict[str, Any]:
    """The values alone, without their marks and sources."""
    return {name: it["value"] if "value" in it else valued(it) for name, it in table.items()}


def _figures(file: str, place: str, table: Mapping[str, Any]) -> Iterator[Figure]:
    for name, it in table.items():
        here = f"{place}.{name}".lstrip(".")
        if isinstance(it, Mapping) and "value" not in it:
            yield from _figures(file, here, it)
        else:
            yield _figure(file, here, it)


def _figure(file: str, here: str, it: Any) -> Figure:
    marks = get_args(Mark)
    if not isinstance(it, Mapping) or set(it) != {"value", "mark", "source"} or it["mark"] not in marks or not it["source"]:
        raise ModelError(f"{file}, {here}", "a value without a mark and a source", f"Mark it {', '.join(marks)}, and say the source.")
    return Figure(name=here, value=it["value"], mark=it["mark"], source=it["source"])
