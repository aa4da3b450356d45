"""Which pools, steps, resources, calendars or streams a name with ``*`` means, and which of them belong together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sandcone.core.errors import ModelError
from sandcone.core.lever import plain

Text = tuple[str, ...]
"""What the stars of a name stand for: ("H01 ",) where "*Adult theatres" means "H01 Adult theatres"."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Names that a lever gives, with or without stars, among those that there are; ``what`` they are, for the refusal."""

    what: str
    patterns: Sequence[str]
    known: Iterable[str]

    def found(self) -> list[tuple[str, Text]]:
        """Every name that is meant, with what its stars stand for; ``ModelError`` where a pattern means none."""
        names = list(self.known)
        return [pair for pattern in self.patterns for pair in self._means(pattern, names)]

    def _means(self, pattern: str, names: list[str]) -> list[tuple[str, Text]]:
        form = re.compile("(.*?)".join(map(re.escape, pattern.split("*"))))
        first = plain if self.what == "step" else str  # what a lever made of a step goes by the step's own name too
        fits = [(n, m.groups()) for n in names if (m := form.fullmatch(n) or form.fullmatch(first(n)))]
        if not fits:
            raise ModelError("lever", f"no {self.what} is called {pattern!r}", f"There are: {some(names)}.")
        return fits


def matching(patterns: Sequence[str], known: Iterable[str], what: str) -> tuple[str, ...]:
    """Every name that is meant, once, in the order of the patterns. ``*`` stands for any text; ``ModelError`` where a name means nothing.

    A step's name also means the other ways of doing it that a lever made before ("Consultation · from home").
    """
    return tuple(dict.fromkeys(name for name, _ in Wanted(what, patterns, known).found()))


def together(**lists: Wanted) -> list[dict[str, tuple[str, ...]]]:
    """The names of several lists in groups whose stars stand for the same text: "*wards" and "*nurses" hospital by hospital.

    A name with fewer stars belongs to every group whose text begins with its own, one without stars to all. Groups in which one of the
    lists has no name are left out; ``ModelError`` where none is left.
    """
    found = {key: wanted.found() for key, wanted in lists.items()}
    texts = dict.fromkeys(text for pairs in found.values() for _, text in pairs)
    whole = [t for t in texts if not any(t != u and u[: len(t)] == t for u in texts)]
    groups = [{key: tuple(dict.fromkeys(n for n, own in pairs if t[: len(own)] == own)) for key, pairs in found.items()} for t in whole]
    full = [g for g in groups if all(g[key] or not lists[key].patterns for key in g)]
    if not full:
        names = " and ".join(f"{w.what}s {some(w.patterns)}" for w in lists.values() if w.patterns)
        raise ModelError("lever", f"in no place are there {names} together", "Let the stars of one lever stand for the same text.")
    return full


def some(names: Iterable[str]) -> str:
    """A few names in words."""
    known = list(names)
    shown = ", ".join(repr(n) for n in known[:8])
    return "none" if not known else f"{shown} and {len(known) - 8} more" if len(known) > 8 else shown
