"""Two names of a lever that go together one to one, in each hospital of a network."""

from __future__ import annotations

from collections.abc import Iterable

from sandcone.core.errors import ModelError
from sandcone.improving.levers.naming import Wanted, some, together


def pairs(what: str, one: str, other: str, known: Iterable[str]) -> list[tuple[str, str]]:
    """What two names mean, in pairs whose stars stand for the same text; ``ModelError`` where a name means several things in one place."""
    names = list(known)
    groups = together(one=Wanted(what, [one], names), other=Wanted(what, [other], names))
    for of in groups:
        if len(of["one"]) > 1 or len(of["other"]) > 1:
            both = f"{some(of['one'])} and {some(of['other'])}"
            raise ModelError("lever", f"{one!r} and {other!r} mean {both}", f"Name one {what} and one other in each place.")
    return [(of["one"][0], of["other"][0]) for of in groups]
