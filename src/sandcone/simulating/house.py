"""The places of a hospital in the plain engine: which are free and open, who uses them, and which one is taken."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sandcone.core.model import Model, Need, Resource

NOBODY_YET = object()


@dataclass(slots=True, eq=False)
class Place:
    """One resource as it stands now."""

    name: str
    noun: Resource
    free: int
    is_open: bool = True
    closes: float = math.inf  # the minute at which it closes next
    freed_at: float = -1.0
    last: Any = NOBODY_YET  # what its last patient had for ``setup_by``
    uses: list[Use] = field(default_factory=list)

    def can_start(self, now: float) -> bool:
        """Whether it is open, and not so near to closing that no step begins."""
        return self.is_open and self.closes - now >= self.noun.last_start_minutes


@dataclass(slots=True, eq=False)
class Use:
    """A place in use by a step under way, given back or blocked when the step ends; ``place`` is None while it waits to be handed over."""

    token: Any
    need: Need
    pool: str
    place: Place | None


Taken = list[tuple[str, Place]]  # from which pool, which place


class House:
    """All places, and the rules by which some of them are taken."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.places = {name: Place(name, noun, noun.capacity) for name, noun in model.resources.items()}
        self.members = {name: [self.places[m] for m in pool.members] for name, pool in model.pools.items()}
        self.within = {name: frozenset(pool.members) for name, pool in model.pools.items()}

    def allot(self, needs: Sequence[Need], now: float, luck: float | None) -> list[Taken] | None:
        """For each need places of the first of its pools that has enough, or None if not all needs can be met.

        ``luck`` picks where a pool picks by chance; without it, and without regard to who was idle, places come in the order listed.
        """
        got: list[Taken] = []
        for need in needs:
            spoken_for = Counter(place.name for taken in got for _, place in taken)
            found = next((f for pool in need.pools if (f := self._from(need, pool, spoken_for, now, luck))), None)
            if found is None:
                return None
            got.append(found)
        return got

    def _from(self, need: Need, pool: str, spoken_for: Counter[str], now: float, luck: float | None) -> Taken | None:
        found: Taken = []
        for place in self._in_order(pool, luck):
            if place.can_start(now):
                found += [(pool, place)] * min(need.units - len(found), place.free - spoken_for[place.name])
        return found if len(found) == need.units else None

    def _in_order(self, pool: str, luck: float | None) -> list[Place]:
        members, pick = self.members[pool], self.model.pools[pool].pick
        if luck is None or pick == "listed":
            return members
        if pick == "longest idle":
            return sorted(members, key=lambda p: p.freed_at)
        first = int(luck * len(members))
        return members[first:] + members[:first]

    def instead(self, pool: str) -> Place | None:
        """The first open and free member of a pool, to hand work over to."""
        return next((p for p in self.members[pool] if p.is_open and p.free > 0), None)
