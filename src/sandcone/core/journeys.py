"""Whole paths to be booked: everybody's journey, and the people, rooms and hours there are; and a timetable for them.

Times are minutes; minute 0 is midnight at the start of ``Journeys.begin``. Day d begins with minute 1440 d.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from pydantic import ConfigDict

from sandcone.core.errors import ProblemError
from sandcone.core.journey import Journey, Knows, Slot, once
from sandcone.core.model import DAYS, Need, Pool, Resource
from sandcone.core.site import Calendar, Weekday

DAY = 1440


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyWeights:
    """What each cost weighs, all in minutes of waiting: a missed wish of 720 is as bad as half a day's wait."""

    waiting: int = 1
    length: int = 2
    lateness: int = 3
    wish: int = 720
    visit_day: int = 480
    new_face: int = 240
    slack: int = 2
    left_out: int = 400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A resource that is away or out of use from one minute up to another, on top of its calendar."""

    resource: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """A task that is booked already and stays so."""

    patient: str
    task: str
    slot: Slot


@dataclass(frozen=True, kw_only=True)
class Journeys:
    """Everything that is given: the days, the people and things there are, and the journeys that want a place among them.

    ``grid``: appointments are offered at multiples of so many minutes of the day. ``overbooking`` says by pool how many more patients than
    places may be booked at once on each member, as long as no more are expected than there are places. ``people`` names pools of which a
    patient had rather meet one member than several.
    """

    name: str
    begin: date
    days: int
    resources: Mapping[str, Resource]
    pools: Mapping[str, Pool]
    journeys: tuple[Journey, ...]
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    closed: tuple[Closed, ...] = ()
    overbooking: Mapping[str, int] = field(default_factory=dict)
    people: tuple[str, ...] = ()
    weights: JourneyWeights = field(default_factory=JourneyWeights)
    pinned: tuple[Pinned, ...] = ()
    grid: int = 5

    __pydantic_config__ = ConfigDict(extra="forbid")  # holds for every noun inside it too: a name a file misspells is refused

    def __post_init__(self) -> None:
        once("journeys", "patient", [j.patient for j in self.journeys])
        once("journeys", "pinned task", [f"{p.patient}, {p.task}" for p in self.pinned])
        if self.days < 1 or self.grid < 1 or DAY % self.grid:
            found = f"{self.days} days, a grid of {self.grid} minutes"
            raise ProblemError("journeys", found, "Give 1 day or more, a grid that divides a day.")
        for where, what, name, known in self._names():
            if name not in known:
                raise ProblemError(where, f"no {what} is called {name!r}", f"There are {len(known)}, such as {', '.join(list(known)[:3])}.")
        for p in self.pinned:
            self._can_be_pinned(p)

    def _names(self) -> Iterator[tuple[str, str, str, Mapping[str, object]]]:
        for name, pool in self.pools.items():
            yield from ((f"pool {name!r}", "resource", m, self.resources) for m in pool.members)
        for name, r in self.resources.items():
            if r.calendar is not None:
                yield f"resource {name!r}", "calendar", r.calendar, self.calendars
        yield from (("closed", "resource", c.resource, self.resources) for c in self.closed)
        yield from (("overbooking", "pool", p, self.pools) for p in self.overbooking)
        yield from (("people", "pool", p, self.pools) for p in self.people)
        yield from (("pinned", "patient", p.patient, self.journey) for p in self.pinned)
        yield from (("pinned", "resource", r, self.resources) for p in self.pinned for r in p.slot.resources)
        for j in self.journeys:
            where = f"patient {j.patient!r}"
            yield from ((where, "pool", pool, self.pools) for t in j.tasks for n in t.needs for pool in n.pools)
            yield from ((where, "pool", k.same_one, self.pools) for k in j.links if k.same_one is not None)
            yield from ((where, "resource", w.resource, self.resources) for w in j.wishes if isinstance(w, Knows))

    def _can_be_pinned(self, p: Pinned) -> None:
        where = f"pinned task {p.task!r} of {p.patient!r}"
        task = next((t for t in self.journey[p.patient].tasks if t.name == p.task), None)
        if task is None:
            raise ProblemError(where, "the patient has no such task", "Name one of the journey's tasks.")
        if p.slot.minute % self.grid or not 0 <= p.slot.minute <= self.minutes - task.minutes:
            do = f"Give a multiple of {self.grid} within {self.days} days, or a finer grid."
            raise ProblemError(where, f"minute {p.slot.minute}", do)
        if len(p.slot.resources) != len(task.needs):
            raise ProblemError(where, f"{len(p.slot.resources)} resources for {len(task.needs)} needs", "Give one for each need.")

    @property
    def minutes(self) -> int:
        """How many minutes there are in all."""
        return DAY * self.days

    @cached_property
    def journey(self) -> dict[str, Journey]:
        """Journeys by patient."""
        return {j.patient: j for j in self.journeys}

    @cached_property
    def places_over(self) -> dict[str, int]:
        """By resource, how many more than its places may be booked: the least that the pools it is in allow."""
        over: dict[str, int] = {}
        for name, pool in self.pools.items():
            for m in pool.members:
                over[m] = min(over.get(m, 2**30), self.overbooking.get(name, 0))
        return {r: over.get(r, 0) for r in self.resources}

    def weekday(self, day: int) -> Weekday:
        """The day of the week of a day."""
        return DAYS[(self.begin.weekday() + day) % 7]  # type: ignore[return-value]

    def members(self, need: Need) -> tuple[str, ...]:
        """Who or what can meet a need, the preferred ones first."""
        return tuple(dict.fromkeys(m for p in need.pools for m in self.pools[p].members if self.resources[m].capacity >= need.units))

    def open_hours(self, resource: str) -> list[tuple[int, int]]:
        """When a resource is open, in minutes, in order; openings that meet are one."""
        it = self.resources[resource]
        shifts = [(0, self.minutes)] if it.calendar is None else list(openings(self.calendars[it.calendar], self.begin, self.days))
        gaps = sorted((c.start, c.end) for c in self.closed if c.resource == resource)
        return joined(part for shift in shifts for part in without(shift, gaps))


def openings(calendar: Calendar, begin: date, days: int) -> Iterator[tuple[int, int]]:
    """When a calendar is open in the days from ``begin`` on, in minutes since its midnight, shift by shift."""
    for day in range(days):
        of = begin + timedelta(days=day)
        if of.isoformat() not in calendar.closed:
            for s in calendar.shifts:
                if DAYS[of.weekday()] in s.days:
                    opens, closes = s.minutes()
                    yield DAY * day + opens, DAY * day + closes


@dataclass(frozen=True, kw_only=True)
class Timetable:
    """When and with whom every booked patient's tasks are: patient → task → slot. Patients who are not named are left out."""

    starts: Mapping[str, Mapping[str, Slot]] = field(default_factory=dict)

    __pydantic_config__ = ConfigDict(extra="forbid")

    def left_out(self, problem: Journeys) -> tuple[str, ...]:
        """Who has no place, in the problem's order."""
        return tuple(j.patient for j in problem.journeys if j.patient not in self.starts)

    def fits(self, problem: Journeys) -> Timetable:
        """This timetable, or ``ProblemError`` where it names what the problem does not have, or books a part of a journey only."""
        for who, slots in self.starts.items():
            where = f"timetable of {who!r}"
            if who not in problem.journey:
                raise ProblemError(where, "no such patient", f"There are {len(problem.journeys)} patients.")
            tasks = problem.journey[who].tasks
            if set(slots) != {t.name for t in tasks}:
                raise ProblemError(where, f"tasks {', '.join(sorted(slots))}", "Book every task of a journey, or none.")
            for t in tasks:
                if len(slots[t.name].resources) != len(t.needs):
                    found = f"{t.name!r} has {len(slots[t.name].resources)} resources"
                    raise ProblemError(where, found, f"Give {len(t.needs)}, one for each need.")
                for r in slots[t.name].resources:
                    if r not in problem.resources:
                        raise ProblemError(where, f"no resource is called {r!r}", "Name one that the problem has.")
        return self


def without(shift: tuple[int, int], gaps: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What is left of a shift without the gaps, which are in order."""
    at, end = shift
    for start, stop in gaps:
        if start < end and stop > at:
            if start > at:
                yield at, start
            at = max(at, stop)
    if at < end:
        yield at, end


def joined(parts: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    """Parts in order, those that meet or overlap made one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(parts):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found
