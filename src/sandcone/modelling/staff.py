"""Who can do what, and how much at once: pools from who was seen doing a step, places from who was seen doing several things at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sandcone.core.model import Need, Pool
from sandcone.modelling.facts import EPS, Facts, Floats, Ints, Uses

NAMED = 0.5  # share of a step's rows that must name a resource for the step to need one
NOW_AND_THEN = 0.002  # of a step's weighted rows: whoever did less of it does not count as one who can
SEVERAL = 0.05  # share of busy time with more than one thing in hand, from which that is taken to be usual


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Staff:
    """By step its needs; pools by name; by resource its places; who works at all now; a sentence on each finding."""

    needs: tuple[tuple[Need, ...], ...]
    pools: dict[str, Pool]
    members: dict[str, tuple[int, ...]]
    pool_of: tuple[str | None, ...]  # by step: the pool of its first need
    places: Ints
    notes: tuple[str, ...]

    @property
    def used(self) -> list[int]:
        """Resources in some pool."""
        return sorted({m for members in self.members.values() for m in members})


def staff(f: Facts, weight: Floats) -> Staff:
    """Pools, needs and places."""
    places, shared = _places(f)
    sets: dict[tuple[int, ...], list[int]] = {}
    needs: list[list[tuple[int, ...]]] = []
    for s in range(len(f.steps)):
        needs.append(list(_who(f, weight, s)))
        for who in dict.fromkeys(needs[-1]):
            sets.setdefault(who, []).append(s)
    names = _pool_names(sets, f)
    return Staff(
        needs=tuple(tuple(Need(pools=(names[who],), units=min(n, _in_all(places, who))) for who, n in Counter(of).items()) for of in needs),
        pools={names[who]: Pool(members=tuple(f.resources[m] for m in who), pick="random" if len(who) > 1 else "listed") for who in sets},
        members={names[who]: who for who in sets},
        pool_of=tuple(names[of[0]] if of else None for of in needs),
        places=places,
        notes=tuple(_said(f, needs, shared, places)),
    )


def _who(f: Facts, weight: Floats, s: int) -> list[tuple[int, ...]]:
    rows = np.flatnonzero(f.step == s)
    named = rows[f.resource[rows] >= 0]
    if not named.size or len(named) < NAMED * len(rows):
        return []
    sets = [_able(f.resource[named], weight[named])]
    lists = [f.others[i] for i in rows] if f.others is not None else []
    for place in range(max((len(o) for o in lists), default=0)):
        there = [(o[place], weight[i]) for o, i in zip(lists, rows, strict=True) if len(o) > place]
        if len(there) >= NAMED * len(rows):
            sets.append(_able(np.array([x for x, _ in there]), np.array([x for _, x in there])))
    return sets


def _able(resource: Ints, weight: Floats) -> tuple[int, ...]:
    mass = np.bincount(resource, weights=weight)
    able = np.flatnonzero(mass >= NOW_AND_THEN * mass.sum())
    return tuple(int(x) for x in able) if able.size else (int(np.argmax(mass)),)


def _in_all(places: Ints, who: tuple[int, ...]) -> int:
    """Places of a pool: who is named more often than that in a step is not needed more often."""
    return int(places[list(who)].sum())


def _pool_names(sets: dict[tuple[int, ...], list[int]], f: Facts) -> dict[tuple[int, ...], str]:
    names: dict[tuple[int, ...], str] = {}
    for who, steps in sets.items():
        told = [f.steps[s] for s in dict.fromkeys(steps)]
        name = (
            f.resources[who[0]]
            if len(who) == 1
            else "who can do " + " or ".join(told[:3]) + (f" or {len(told) - 3} more" if len(told) > 3 else "")
        )
        while name in names.values():
            name += "'"
        names[who] = name
    return names


def _places(f: Facts) -> tuple[Ints, list[int]]:
    """How many things each resource has in hand at once: 1, or what covers nearly all of its busy time if several is usual."""
    places = np.ones(len(f.resources), dtype=np.int64)
    several = []
    u = Uses.of(f)
    rows = np.argsort(u.resource, kind="stable")
    at = np.searchsorted(u.resource[rows], np.arange(len(f.resources) + 1))
    for r, (a, b) in enumerate(pairwise(at)):
        most = _at_once(u.start[rows[a:b]], u.end[rows[a:b]])
        if most > 1:
            places[r] = most
            several.append(r)
    return places, several


def _at_once(start: Floats, end: Floats) -> int:
    real = end > start + EPS
    if real.sum() < 2:
        return 1
    time = np.concatenate([start[real] + EPS / 2, end[real] - EPS / 2])
    change = np.concatenate([np.ones(real.sum()), -np.ones(real.sum())])
    order = np.lexsort((change, time))
    level, span = np.cumsum(change[order])[:-1], np.diff(time[order])
    busy = np.bincount(level.astype(np.int64), weights=span, minlength=2)[1:]
    if busy.sum() <= 0 or busy[1:].sum() < SEVERAL * busy.sum():
        return 1
    return int(np.searchsorted(np.cumsum(busy) / busy.sum(), 0.98) + 1)


def _said(f: Facts, needs: list[list[tuple[int, ...]]], shared: list[int], places: Ints) -> list[str]:
    notes = []
    nobody = [f.steps[s] for s, of in enumerate(needs) if not of]
    if nobody and not f.resources:
        notes.append("The log names no resources: steps need none, and all waiting is a delay.")
    elif nobody:
        notes.append(f"{len(nobody)} steps need no resource, since less than half of their rows name one: {', '.join(nobody[:5])}.")
    if shared:
        some = ", ".join(f"{f.resources[r]} ({places[r]})" for r in shared[:5])
        notes.append(f"{len(shared)} resources do several things at once and have as many places: {some}{'…' if len(shared) > 5 else ''}.")
    twice = [f.steps[s] for s, of in enumerate(needs) if any(n > _in_all(places, who) for who, n in Counter(of).items())]
    if twice:
        notes.append(f"{len(twice)} steps name more of a pool than it has places, and need as many as it has: {', '.join(twice[:5])}.")
    batch = _batched(f)
    if batch >= 0.02:
        notes.append(
            f"{batch:.0%} of steps begin together with another one of the same step and resource: work in batches, learnt as places."
        )
    return notes


def _batched(f: Facts) -> float:
    rows = np.flatnonzero(f.resource >= 0)
    if not f.timed or rows.size < 2:
        return 0.0
    order = rows[np.lexsort((f.start[rows], f.step[rows], f.resource[rows]))]
    same = (f.resource[order][1:] == f.resource[order][:-1]) & (f.step[order][1:] == f.step[order][:-1]) & (np.diff(f.start[order]) < EPS)
    return float((np.concatenate([same, [False]]) | np.concatenate([[False], same])).mean())
