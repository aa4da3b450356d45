"""Which sets come first: the judged ones by their number, then those on the front, and what came nearest where none is shown."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sandcone.core.improved import BETTER, Improved, JudgedSet, Set, Tried
from sandcone.core.outcome import OBJECTIVES
from sandcone.reporting.improve_words import gap, sure

PLACES = ("on the front", "perhaps on the front", "behind")
BOTH = tuple(o for o in OBJECTIVES if o.name in ("resource efficiency", "flow efficiency"))


def in_order(i: Improved) -> tuple[JudgedSet, ...]:
    """The judged sets, the strongest verdict first, of equal ones the largest rise of both efficiencies; their places are their numbers."""
    return tuple(sorted(i.judged, key=lambda j: j.strength, reverse=True))


def numbers(i: Improved) -> Mapping[Set, int]:
    """The number of each judged set, as on the picture and in every table."""
    return {j.tried.levers: n for n, j in enumerate(in_order(i), 1)}


def nearest(i: Improved) -> JudgedSet | None:
    """The best judged set, or else the one that came nearest to it; None where none was judged."""
    return i.best or next(iter(in_order(i)), None)


def is_better(j: JudgedSet) -> bool:
    """Whether its verdict claims that something got better."""
    return j.judged.verdict.word in BETTER


def others(i: Improved) -> tuple[Tried, ...]:
    """Every set that was tried, but not today."""
    return tuple(t for t in i.tried if t.levers)


def ranked(i: Improved) -> tuple[Tried, ...]:
    """The judged sets by number, then those on the front or perhaps on it, the largest rise of the lesser risen efficiency first."""
    given = numbers(i)
    kept = {t.levers: t for t in others(i) if t.place != "behind" or t.levers in given} | {j.tried.levers: j.tried for j in i.judged}
    return tuple(sorted(kept.values(), key=lambda t: (given.get(t.levers, len(given) + 1), PLACES.index(t.place), -both(i, t))))


def both(i: Improved, t: Tried) -> float:
    """By how much both efficiencies rose at least, in units of the least difference that matters (-inf: not known)."""
    gaps = [gap(i, t, o.name) for o in BOTH]
    return min((-math.inf if e is None else e.value / o.least for e, o in zip(gaps, BOTH, strict=True)), default=-math.inf)


def rose(i: Improved, t: Tried) -> bool:
    """Whether both efficiencies surely rose, as far as the search saw."""
    gaps = [gap(i, t, o.name) for o in BOTH]
    return all(e is not None and e.value > 0 and sure(e) for e in gaps)


def foremost(j: JudgedSet, most: int = 3) -> tuple[str, ...]:
    """The levers that most of both rises is owed to, as far as it was worked out (Shapley), the first first."""
    least = {o.name: o.least for o in BOTH}
    owed: dict[str, float] = {}
    for s in j.shares:
        owed[s.lever] = owed.get(s.lever, 0.0) + (s.value.value / least[s.measure] if s.measure in least else 0.0)
    return tuple(sorted((x for x in owed if owed[x] > 0), key=lambda x: -owed[x])[:most])
