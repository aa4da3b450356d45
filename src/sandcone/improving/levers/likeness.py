"""Which pools of a hospital are of one kind, which are idle and which are busy: what suggestions are made from."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from sandcone.core.model import Model
from sandcone.core.route import steps_from
from sandcone.improving.costs import weekly_cost
from sandcone.improving.levers.ways import doors

WORD = re.compile(r"[^\W\d_]{4,}")  # of a name: four letters or more
IDLE, BUSY = 0.5, 0.7  # loads below and above which a pool is called so


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two pools whose places could stand in for each other, and how one can tell; ``alike`` if also in hours, grade and cost."""

    one: str
    other: str
    alike: bool
    because: str


@dataclass(frozen=True, kw_only=True)
class House:
    """A hospital as suggestions see it. ``loads``: by pool, hours of work that come for each hour open; other pools are left alone."""

    model: Model
    loads: Mapping[str, float]

    @cached_property
    def pools(self) -> tuple[str, ...]:
        """Pools with a load that is known, the busiest first; one whose name has a star could not be named in a file."""
        known = [p for p in self.model.pools if self.loads.get(p, 0.0) > 0 and "*" not in p]
        return tuple(sorted(known, key=lambda p: (-self.loads[p], p)))

    @property
    def costs_known(self) -> bool:
        """Whether any resource says what it costs."""
        return any(r.cost_per_hour is not None for r in self.model.resources.values())

    def places(self, pool: str) -> int:
        """Patients at once."""
        return sum(self.model.resources[m].capacity for m in self.model.pools[pool].members)

    def keeps_hours(self, pool: str) -> bool:
        """Whether some member ever closes."""
        return any(self.model.resources[m].calendar is not None for m in self.model.pools[pool].members)

    def idle_money(self, pool: str) -> float:
        """Money a week for hours that nobody needs."""
        return weekly_cost(self.model, (pool,))[1] * max(0.0, 1 - self.loads[pool])

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Pools of one kind that do not help each other wholly yet, the busiest first; both can be reached from the same doors."""
        return tuple(pair for one, other in combinations(self.pools, 2) for pair in self._pair(one, other))

    def _pair(self, one: str, other: str) -> Iterator[Pair]:
        members = [set(self.model.pools[p].members) for p in (one, other)]
        if members[0] <= members[1] or members[1] <= members[0] or self._reached[one] != self._reached[other]:
            return
        alike = self._kind[one] == self._kind[other]
        shared, words = members[0] & members[1], _words(one) & _words(other)
        if (one, other) in self._substitutes:
            yield Pair(one=one, other=other, alike=alike, because="some step may use either of them already")
        elif alike and shared:
            yield Pair(one=one, other=other, alike=True, because=f"they share {min(shared)} already, and keep the same hours")
        elif alike and words:
            yield Pair(one=one, other=other, alike=True, because=f'both are "{min(words)}", and they have the same hours, grade and cost')

    @cached_property
    def _substitutes(self) -> frozenset[tuple[str, str]]:
        needs = [need.pools for step in self.model.steps.values() for need in step.needs]
        return frozenset(pair for pools in needs for a, b in combinations(pools, 2) for pair in ((a, b), (b, a)))

    @cached_property
    def _kind(self) -> Mapping[str, tuple[object, ...]]:
        return {pool: self._of(pool) for pool in self.pools}

    def _of(self, pool: str) -> tuple[object, ...]:
        """What two pools must have in common: hours, grade, cost, how they are kept, and what their steps are worth."""
        model = self.model
        members = [model.resources[m] for m in model.pools[pool].members]
        needs = [(step, need) for step in model.steps.values() for need in step.needs if pool in need.pools]
        asks = [(step.value, need.blocks or need.until is not None) for step, need in needs]
        hours = {str(None if r.calendar is None else model.calendars[r.calendar]) for r in members}
        return frozenset(hours), frozenset((r.grade, r.cost_per_hour, r.turnover_minutes) for r in members), frozenset(asks)

    @cached_property
    def _reached(self) -> Mapping[str, frozenset[str]]:
        """By pool, from which doors of the hospital patients come to it: places of two houses have different ones."""
        model, found = self.model, {pool: set[str]() for pool in self.model.pools}
        for door in doors(model):
            for step in steps_from(model.route.nodes, door):
                for pool in (p for need in model.steps[step].needs for p in need.pools):
                    found[pool].add(door)
        return {pool: frozenset(doors) for pool, doors in found.items()}


def _words(name: str) -> set[str]:
    return {w.casefold() for w in WORD.findall(name)}


def some_of(places: int) -> tuple[int, int]:
    """A few of so many places, and twice as many: a twentieth, one at least."""
    few = max(1, math.floor(places / 20 + 0.5))
    return few, 2 * few
