"""The twin as a value: who comes, which ways they go, how long it takes, and what a hospital has to do it with.

Times are minutes. Minute 0 is midnight at the start of ``Model.begin``, a date; weeks repeat from the Monday on or before it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import or_
from typing import Literal

from pydantic import ConfigDict

from sandcone.core.arrivals import Arrivals, Listed
from sandcone.core.errors import ModelError
from sandcone.core.law import Law, Minutes
from sandcone.core.pace import Pace
from sandcone.core.plan import ByStep, FirstCome, NobodyOver, Queue
from sandcone.core.route import Do, Route
from sandcone.core.site import Calendar, Value

AtClose = Literal["finish", "hand over", "go home"]
Pick = Literal["listed", "random", "longest idle"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A person, a room, a machine or a group of like beds, and when it works.

    ``capacity`` is how many patients it can serve at once. ``calendar`` names when it is open (None: always).
    ``at_close`` says what happens to work under way when it closes: it is finished in overtime, handed to another member of the
    pool, or paused until it opens again ("go home"). No step begins within ``last_start_minutes`` of closing.
    After each use it takes ``turnover_minutes`` to get ready, and ``setup_minutes`` more if the next patient differs from the
    last one in the attribute ``setup_by`` (the set-up comes before the step begins, while the resource is taken).
    """

    capacity: int = 1
    calendar: str | None = None
    at_close: AtClose = "finish"
    last_start_minutes: float = 0.0
    turnover_minutes: float = 0.0
    setup_minutes: float = 0.0
    setup_by: str | None = None
    grade: Literal["senior", "junior"] | None = None
    cost_per_hour: float | None = None

    def __post_init__(self) -> None:
        if self.capacity < 1:
            raise ModelError("resource", f"capacity {self.capacity}", "Give 1 or more, or take the resource out.")
        for what in ("last_start_minutes", "turnover_minutes", "setup_minutes"):
            if not 0 <= getattr(self, what) < math.inf:
                raise ModelError("resource", f"{what} is {getattr(self, what)}", "Give a number of minutes, 0 or more.")
        if self.setup_minutes > 0 and self.setup_by is None:
            raise ModelError("resource", "setup_minutes without setup_by", "Name the attribute by which patients differ.")
        if self.cost_per_hour is not None and not 0 <= self.cost_per_hour < math.inf:
            raise ModelError("resource", f"cost_per_hour is {self.cost_per_hour}", "Give an amount of money, 0 or more.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Resources that stand in for each other, and which free one is taken."""

    members: tuple[str, ...]
    pick: Pick = "listed"

    def __post_init__(self) -> None:
        if not self.members:
            raise ModelError("pool", "it has no members, so nobody can do its steps", "Name at least one resource.")
        if len(set(self.members)) != len(self.members):
            twice = next(m for i, m in enumerate(self.members) if m in self.members[:i])
            raise ModelError("pool", f"{twice!r} is a member twice", "Name each member once; a group of like ones has a capacity.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Something a step cannot begin without: ``units`` places of one of these pools.

    ``pools`` are alternatives, the preferred one first (a substitute, an overflow ward). It is given back when the step ends,
    unless ``blocks`` (kept until the patient's next step begins: there is nowhere to go yet) or ``until`` (kept until the step
    of that name has ended, or the journey is over: a bed kept while the patient is in theatre). A patient who still has a place in
    one of the pools uses that one.
    """

    pools: tuple[str, ...]
    units: int = 1
    blocks: bool = False
    until: str | None = None

    def __post_init__(self) -> None:
        if self.units < 1:
            raise ModelError("need", f"{self.units} units", "Give 1 or more.")
        if not self.pools:
            raise ModelError("need", "no pool", "Name at least one pool.")
        if self.blocks and self.until is not None:
            raise ModelError("need", "both blocks and until", "Choose one: kept until the next step begins, or until a named step ends.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """A step that is done by appointment: the first free slot, at least ``notice_minutes`` after the need arose.

    ``slots`` are minutes of the week (0 is Monday 00:00), each with ``places``. The patient comes ``unpunctual`` minutes after
    the slot, less ``early_minutes`` (so the law is of a time never below 0). A share ``no_show`` does not come and wastes the slot, a
    share ``cancel`` says so in time and frees it for others; either books again if ``again``, else goes home without the step and its
    journey ends.
    """

    slots: tuple[float, ...]
    places: int = 1
    notice_minutes: float = 0.0
    unpunctual: Law | None = None
    early_minutes: float = 0.0
    no_show: float = 0.0
    cancel: float = 0.0
    again: bool = False

    def __post_init__(self) -> None:
        if not self.slots or any(not 0 <= s < WEEK for s in self.slots) or list(self.slots) != sorted(self.slots):
            raise ModelError("booking", "slots that are not rising minutes of a week", f"Give minutes from 0 up to {WEEK - 1}, in order.")
        if not 0 <= self.notice_minutes < math.inf or not 0 <= self.early_minutes < math.inf:
            raise ModelError("booking", "a notice or an earliness that cannot be", "Give minutes, 0 or more.")
        if self.places < 1:
            raise ModelError("booking", f"{self.places} places a slot", "Give 1 or more.")
        if not (self.no_show >= 0 and self.cancel >= 0 and self.no_show + self.cancel <= (0.95 if self.again else 1.0)):
            found = f"no_show {self.no_show:g} and cancel {self.cancel:g}"
            raise ModelError("booking", found, "Give shares of 0 or more; together 1 at most, and 0.95 at most if people book again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing done for a patient: what it needs, how long it takes, and what comes straight before and after.

    ``before`` is a delay before the step is possible (a result is pending), ``after`` a delay behind it that keeps no resource.
    ``patience`` is how long a patient waits before leaving for good (None: for ever).
    """

    minutes: Minutes
    needs: tuple[Need, ...] = ()
    before: Law | None = None
    after: Law | None = None
    patience: Law | None = None
    booking: Booking | None = None
    value: Value = "value-adding"


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A hospital that can be simulated. It is checked at birth; ``ModelError`` says what cannot be, where, and what to do."""

    name: str
    begin: date
    steps: Mapping[str, Step]
    route: Route
    arrivals: tuple[Arrivals, ...]
    resources: Mapping[str, Resource] = field(default_factory=dict)
    pools: Mapping[str, Pool] = field(default_factory=dict)
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    paces: Mapping[str, Pace] = field(default_factory=dict)
    queue: Queue = field(default_factory=FirstCome)
    zone: str | None = None
    notes: tuple[str, ...] = ()  # how it was learnt or where its figures are from, a sentence each

    __pydantic_config__ = ConfigDict(extra="forbid")  # holds for every noun inside it too: a name a file misspells is refused

    def __post_init__(self) -> None:
        for place, name, known, what in self._names():
            if name not in known:
                raise ModelError(place, f"{what} {name!r} is not there", f"Known: {_some(known)}.")
        kept = {p for s in self.steps.values() for n in s.needs if n.blocks or n.until is not None for p in n.pools}
        for name, step in self.steps.items():
            self._can_be_done(name, step)
            self._open_together(name, [n for n in step.needs if kept.isdisjoint(n.pools)])

    def _names(self) -> Iterator[tuple[str, str, Mapping[str, object], str]]:
        for node, it in self.route.nodes.items():
            if isinstance(it, Do):
                yield f"route, node {node!r}", it.step, self.steps, "step"
                if it.pace is not None:
                    yield f"route, node {node!r}", it.pace, self.paces, "pace"
        for name, step in self.steps.items():
            for need in step.needs:
                for pool in need.pools:
                    yield f"step {name!r}", pool, self.pools, "pool"
                if need.until is not None:
                    yield f"step {name!r}", need.until, self.steps, "step"
            for case in step.minutes.cases:
                if case.resource is not None:
                    yield f"step {name!r}, minutes", case.resource, self.resources, "resource"
        for name, of in self.pools.items():
            for member in of.members:
                yield f"pool {name!r}", member, self.resources, "resource"
        for name, resource in self.resources.items():
            if resource.calendar is not None:
                yield f"resource {name!r}", resource.calendar, self.calendars, "calendar"
        for i, stream in enumerate(self.arrivals):
            for place, first in [("", stream.first), *_firsts(stream)]:
                if first is not None:
                    yield f"arrivals {i + 1} ({stream.name!r}){place}", first, self.route.nodes, "first node"
        queue = self.queue.otherwise if isinstance(self.queue, NobodyOver) else self.queue
        for step_name in queue.order if isinstance(queue, ByStep) else ():
            yield "queue", step_name, self.steps, "step"

    def _can_be_done(self, name: str, step: Step) -> None:
        for pools in dict.fromkeys(need.pools for need in step.needs):
            units = [need.units for need in step.needs if need.pools == pools]
            places = [sum(self.resources[m].capacity for m in self.pools[p].members) for p in pools]
            most = max(places) if len(units) == 1 else sum(places)
            if most < sum(units):
                found = f"it needs {sum(units)} of {' or '.join(pools)}, which has {most} at most"
                raise ModelError(f"step {name!r}", found, "Ask for fewer, or add to the pool: nobody could ever do this step.")

    def _open_together(self, name: str, needs: list[Need]) -> None:
        """Refuse a step whose resources never work at the same time; what a patient may have kept since before is not asked."""
        together = ALL_WEEK
        for need in needs:
            hours = reduce(or_, (self.can_begin(m) for p in need.pools for m in self.pools[p].members))
            if not hours:
                found = f"no hour of the week is left to begin it with {' or '.join(need.pools)}"
                raise ModelError(f"step {name!r}", found, "Make last_start_minutes shorter than the shift.")
            together &= hours
        if not together:
            found = f"{', '.join(' or '.join(n.pools) for n in needs)} are never open at the same time"
            raise ModelError(f"step {name!r}", found, "Let their calendars overlap: nobody could ever do this step.")

    def can_begin(self, resource: str) -> int:
        """The minutes of the week at which it may take a patient, one bit each, Monday 00:00 the lowest."""
        it = self.resources[resource]
        return ALL_WEEK if it.calendar is None else _open_minutes(self.calendars[it.calendar], it.last_start_minutes)


WEEK = 7 * 24 * 60
ALL_WEEK = (1 << WEEK) - 1
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _open_minutes(calendar: Calendar, last_start_minutes: float) -> int:
    """Shifts that meet, as at midnight, are one opening."""
    shifts = [(1440 * DAYS.index(d) + s.minutes()[0], 1440 * DAYS.index(d) + s.minutes()[1]) for s in calendar.shifts for d in s.days]
    is_open = reduce(or_, (((1 << (end - start)) - 1) << start for start, end in shifts))
    if is_open == ALL_WEEK:
        return ALL_WEEK
    late = math.ceil(last_start_minutes)  # open now and still open so many minutes on, all the way
    twice = is_open | (is_open << WEEK) | (is_open << 2 * WEEK)
    reach = 1
    while reach < late:
        grow = min(reach, late - reach)
        twice &= twice >> grow
        reach += grow
    return twice & ALL_WEEK


def _firsts(stream: Arrivals) -> Iterator[tuple[str, str | None]]:
    if isinstance(stream, Listed):
        for p in stream.patients:
            yield f", patient {p.name!r}", p.first


def _some(names: Mapping[str, object]) -> str:
    shown = ", ".join(repr(n) for n in list(names)[:8])
    return shown + (" and more" if len(names) > 8 else "") if names else "none"
