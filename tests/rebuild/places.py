"""Places of the rebuilt hospital: who has which, when it is open, and what it takes to begin a step."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, field
from random import Random

import simpy

from sandcone.core.model import Model, Need, Resource
from tests.rebuild.coming import spells


@dataclass(eq=False)
class Place:
    """A resource: how many of its places are taken or being made ready, and since when it has been idle."""

    name: str
    noun: Resource
    opens: list[float]
    closes: list[float]
    taken: int = 0
    idle_since: float = -1.0
    last: dict[str, str] | None = None

    def closing(self, now: float) -> float:
        """When it closes next if it is open now; minus infinity if it is shut."""
        if self.noun.calendar is None:
            return math.inf
        i = bisect_right(self.opens, now) - 1
        return self.closes[i] if i >= 0 and now < self.closes[i] else -math.inf

    def can_begin(self, now: float) -> bool:
        """Whether a step may begin here now."""
        return self.closing(now) - self.noun.last_start_minutes >= now

    def opening(self, now: float) -> float:
        """When it is open next."""
        return now if self.closing(now) > now else self.opens[bisect_right(self.opens, now)]


@dataclass(eq=False)
class Held:
    """One place of a resource that a patient has: in use by a step, or kept after it."""

    place: Place
    until: str | None = None
    blocks: bool = False
    fresh: bool = True  # taken for the step under way, so that it may have to be set up

    @property
    def kept(self) -> bool:
        """Whether the patient keeps it after the step; such a place does not send anybody home when it closes."""
        return self.until is not None or self.blocks


@dataclass(eq=False)
class Patient:
    """Somebody in the hospital."""

    number: int
    name: str
    came: float
    attributes: dict[str, str]
    held: list[Held] = field(default_factory=list)
    gone: bool = False


@dataclass(eq=False)
class Taking:
    """What one need gets: places held since before, and places that are free."""

    need: Need
    old: list[Held]
    new: list[tuple[Place, int]]


class House:
    """All places."""

    def __init__(self, model: Model, env: simpy.Environment, days: float, luck: Random, changed: object) -> None:
        self.model, self.env, self.luck, self.changed = model, env, luck, changed
        self.places = {name: self._place(name, noun, days) for name, noun in model.resources.items()}
        for place in self.places.values():
            if place.noun.calendar is not None:
                env.process(self._clock(place))

    def _place(self, name: str, noun: Resource, days: float) -> Place:
        open_ = [] if noun.calendar is None else spells(self.model.calendars[noun.calendar], self.model, math.ceil(days) + 60)
        return Place(name, noun, [a for a, _ in open_], [b for _, b in open_])

    def _clock(self, place: Place):  # noqa: ANN202
        for at in place.opens:
            if at >= self.env.now:
                yield self.env.timeout(at - self.env.now)
                self.changed()  # type: ignore[operator]

    def seek(self, patient: Patient, needs: tuple[Need, ...]) -> list[Taking] | None:
        """How all needs could be met now, or None."""
        promised: dict[Place, int] = {}
        used: set[int] = set()
        found: list[Taking] = []
        for need in needs:
            got = self._one(patient, need, promised, used)
            if got is None:
                return None
            found.append(got)
        return found

    def _one(self, patient: Patient, need: Need, promised: dict[Place, int], used: set[int]) -> Taking | None:
        members = {m for pool in need.pools for m in self.model.pools[pool].members}
        kept = [h for h in patient.held if h.kept]  # what another part has in use is not shared
        kept.sort(key=lambda h: h.blocks)
        old = [h for h in kept if h.place.name in members and id(h) not in used]
        if len(old) >= need.units:
            used.update(id(h) for h in old[: need.units])
            return Taking(need, old[: need.units], [])
        for pool in need.pools:
            new = self._free(pool, need.units, promised)
            if new is not None:
                for place, units in new:
                    promised[place] = promised.get(place, 0) + units
                return Taking(need, [], new)
        return None

    def _free(self, pool: str, units: int, promised: dict[Place, int]) -> list[tuple[Place, int]] | None:
        noun, now = self.model.pools[pool], self.env.now
        places = [self.places[m] for m in noun.members]
        free = {p: p.noun.capacity - p.taken - promised.get(p, 0) if p.can_begin(now) else 0 for p in places}
        if sum(free.values()) < units:
            return None
        if noun.pick == "random":
            self.luck.shuffle(places)
        elif noun.pick == "longest idle":
            places.sort(key=lambda p: p.idle_since)
        found = []
        for p in places:
            if units > 0 and free[p] > 0:
                found.append((p, min(units, free[p])))
                units -= found[-1][1]
        return found

    def take(self, patient: Patient, takings: list[Taking]) -> list[Held]:
        """The places of a step, in order of its needs; what a need says of keeping holds from now on."""
        mine: list[Held] = []
        for t in takings:
            for h in t.old:
                h.fresh = False
                if t.need.until is not None or h.blocks:
                    h.until, h.blocks = t.need.until, t.need.blocks
            new = [Held(place, t.need.until, t.need.blocks) for place, units in t.new for _ in range(units)]
            for h in new:
                h.place.taken += 1
            patient.held += new
            mine += [*t.old, *new]
        return mine

    def give_back(self, patient: Patient, held: Held) -> None:
        """The place is made ready, and then free."""
        patient.held.remove(held)
        if held.place.noun.turnover_minutes > 0:
            self.env.process(self._turn_over(held))
        else:
            self._freed(held)

    def _turn_over(self, held: Held):  # noqa: ANN202
        yield self.env.timeout(held.place.noun.turnover_minutes)
        self._freed(held)

    def _freed(self, held: Held) -> None:
        held.place.taken -= 1
        held.place.idle_since = self.env.now
        self.changed()  # type: ignore[operator]
