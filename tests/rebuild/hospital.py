"""The hospital once more, in SimPy, from what docs/model.md says and nothing else: a second opinion on both engines.

It shares the nouns of ``core`` with the package (a model, a plan) and no line of its simulation; its luck is its own, so it agrees in law
and not row by row, except in worlds without luck. Patients are processes; places are handed out at the end of each instant, when everybody
who is there by then has joined the line.
"""

from __future__ import annotations

import math
from bisect import insort
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from random import Random
from typing import Any, NamedTuple

import simpy

from sandcone.core.law import Law
from sandcone.core.model import Booking, Model, Step
from sandcone.core.plan import AS_TODAY, ByClass, ByStep, DueDate, FirstCome, NobodyOver, Plan, Queue, ShortestFirst, Slack
from sandcone.core.route import END, Choose, Do
from tests.rebuild.coming import WEEK, minutes, paced, people
from tests.rebuild.places import Held, House, Patient, Place

LAST = 2
MONDAY_DAY = 1440.0


class Row(NamedTuple):
    """One step of one patient; NaN where there is no such time."""

    patient: int
    step: str
    ready: float
    start: float
    end: float
    resources: tuple[str, ...]
    planned: float = math.nan
    left: float = math.inf  # without the step, for good


@dataclass(eq=False)
class Waiting:
    """A patient in a line: since when the step has been needed, and what tells that the turn has come."""

    patient: Patient
    step: str
    since: float
    turn: simpy.Event
    number: int
    line: list[Waiting]
    order: tuple[float, ...] = ()
    limit: float = math.inf


@dataclass(eq=False)
class Work:
    """A step under way, so that closing time can find it."""

    process: simpy.Process
    step: str
    held: list[Held]
    running: bool = True


class Stopped(NamedTuple):
    """A step that closing time stopped at one place, and what tells that it can go on."""

    work: Work
    held: Held
    go: simpy.Event


class Hospital:
    """One run. ``rows`` and ``arrived`` are what there is to see of it."""

    def __init__(self, model: Model, plan: Plan = AS_TODAY, *, seed: int, days: float, patients: int | None = None) -> None:
        self.model, self.plan, self.days, self.luck = model, plan, days, Random(seed)
        self.people = people(model, days, self.luck)[:patients]
        self.env = simpy.Environment()
        self.house = House(model, self.env, days, self.luck, self.wake)
        self.rows: list[Row] = []
        self.arrived: list[float] = []
        self.left: dict[int, float] = {}
        self.lines: dict[str, tuple[Queue, list[Waiting]]] = {}
        self.stopped: list[Stopped] = []
        self.underway: list[Work] = []
        self.slots: dict[str, dict[float, int]] = {name: {} for name in model.steps}
        self.woken, self.count = False, 0
        self.booked = {(b.patient, b.step): b.minute for b in plan.booked}
        self.monday = model.begin.weekday() * MONDAY_DAY

    def run(self) -> Hospital:
        """Let it happen, up to the end of the last day."""
        self.env.process(self._coming())
        for place in self.house.places.values():
            if place.noun.at_close != "finish" and place.noun.calendar is not None:
                self.env.process(self._closing(place))
        self.env.run(until=self.days * 1440)
        return self

    def named(self, number: int) -> str:
        """The patient's own name, or the number."""
        return self.people[number].name or str(number)

    def told(self) -> list[Row]:
        """All rows in order of the ends, or of leaving without the step; steps under way last."""
        return sorted(self.rows, key=lambda r: r.left if math.isnan(r.end) else r.end)

    # ── patients ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _coming(self) -> Iterator[simpy.Event]:
        for number, person in enumerate(self.people):
            yield self.env.timeout(person.minute - self.env.now)
            self.arrived.append(self.env.now)
            patient = Patient(number, person.name, self.env.now, person.attributes)
            self.env.process(self._journey(patient, person.first))

    def _journey(self, patient: Patient, first: str) -> Iterator[simpy.Event]:
        yield from self._way(patient, first)
        for held in list(patient.held):
            self.house.give_back(patient, held)
        self.left[patient.number] = self.env.now

    def _way(self, patient: Patient, node: str) -> Iterator[simpy.Event]:
        while node != END and not patient.gone:
            it = self.model.route.nodes[node]
            if isinstance(it, Choose):
                ways = it.ways(patient.attributes)
                node = self.luck.choices([w.to for w in ways], [w.share for w in ways])[0]
            elif isinstance(it, Do):
                if it.lag is not None:
                    lag = minutes(it.lag, self.luck)
                    now = self.env.now
                    yield self.env.timeout(lag if it.pace is None else paced(self.model.paces[it.pace], self.model, now, lag) - now)
                if not patient.gone:
                    yield from self._do(patient, it.step)
                node = it.then
            else:
                yield self.env.all_of([self.env.process(self._way(patient, b)) for b in it.branches])
                node = it.then

    def _do(self, patient: Patient, name: str) -> Iterator[simpy.Event]:
        step = self.model.steps[name]
        yield from self._pause(step.before)
        ready = self.env.now
        planned = self.booked.get((patient.name, name), math.nan)
        if planned >= 0:  # the plan's time takes the place of the model's appointment
            yield self.env.timeout(max(0.0, planned - self.env.now))
        elif step.booking is not None:
            planned, comes = yield from self._appointment(step.booking, name, ready)
            if not comes:
                self._leave(Row(patient.number, name, ready, math.nan, math.nan, (), planned), patient)
                return
        taken = yield from self._turn(patient, name, step, ready)
        if taken is None:
            if not patient.gone:
                self._leave(Row(patient.number, name, ready, math.nan, math.nan, (), planned), patient)
            return
        yield from self._done(patient, step, Row(patient.number, name, ready, self.env.now, math.nan, (), planned), taken)
        yield from self._pause(step.after)

    def _pause(self, law: Law | None) -> Iterator[simpy.Event]:
        if law is not None:
            yield self.env.timeout(minutes(law, self.luck))

    def _leave(self, row: Row, patient: Patient) -> None:
        """For good, and out of every line."""
        patient.gone = True
        self.rows.append(row._replace(left=self.env.now))
        for waiting in [w for _, line in self.lines.values() for w in line if w.patient is patient]:
            waiting.line.remove(waiting)
            waiting.turn.succeed(None)

    def _turn(self, patient: Patient, name: str, step: Step, ready: float) -> Any:
        """Wait in line; the places of the step, or None if patience ends first."""
        self.count += 1
        rule = self.plan.queues.get(name) or self.plan.queue or self.model.queue
        line = self.lines.setdefault(repr(rule), (rule, []))[1]
        waiting = Waiting(patient, name, ready, self.env.event(), self.count, line)
        waiting.order = self._order(rule, waiting)
        insort(line, waiting, key=lambda w: w.order)
        self.wake()
        if step.patience is None:
            return (yield waiting.turn)
        limit = self.env.timeout(minutes(step.patience, self.luck))
        yield waiting.turn | limit
        if waiting.turn.triggered:
            return waiting.turn.value
        line.remove(waiting)
        return None

    def _done(self, patient: Patient, step: Step, row: Row, taken: list[Held]) -> Iterator[simpy.Event]:
        """The step itself, with what stops it at closing time; then places go back."""
        first = taken[0].place.name if taken else None
        left = self._setup(patient, taken) + minutes(step.minutes.law(patient.attributes, first), self.luck)
        for held in taken:
            held.place.last = patient.attributes if held.fresh else held.place.last
        work = Work(self.env.active_process, row.step, taken)
        self.underway.append(work)
        self.rows.append(row._replace(resources=tuple(h.place.name for h in taken)))
        here = len(self.rows) - 1
        while left > 0:
            began = self.env.now
            try:
                yield self.env.timeout(left)
                left = 0.0
            except simpy.Interrupt:
                work.running, left = False, left - (self.env.now - began)
                yield from self._until_open(work, left)
                work.running = True
        self.underway.remove(work)
        self.rows[here] = self.rows[here]._replace(end=self.env.now)
        for held in list(patient.held):
            if held.until == row.step or (held in taken and held.until is None and not held.blocks):
                self.house.give_back(patient, held)

    def _setup(self, patient: Patient, taken: list[Held]) -> float:
        """Minutes to set up, the longest of all places that were last used for somebody else of another sort."""
        return max(
            (
                h.place.noun.setup_minutes
                for h in taken
                if h.fresh
                and h.place.noun.setup_by is not None
                and h.place.last is not None
                and h.place.last.get(h.place.noun.setup_by) != patient.attributes.get(h.place.noun.setup_by)
            ),
            default=0.0,
        )

    # ── appointments ────────────────────────────────────────────────────────────────────────────────────────────────

    def _appointment(self, booking: Booking, name: str, ready: float) -> Any:
        """Wait for the appointment; when it is, and whether the patient comes."""
        earliest = ready + booking.notice_minutes
        while True:
            at, taken = self._slot(booking, self.slots[name], earliest), self.slots[name]
            luck = self.luck.random()
            comes = luck >= booking.no_show + booking.cancel
            if luck >= booking.cancel:
                taken[at] = taken.get(at, 0) + 1
            late = 0.0 if booking.unpunctual is None else minutes(booking.unpunctual, self.luck)
            yield self.env.timeout(max(0.0, at + (late - booking.early_minutes if comes else 0.0) - self.env.now))
            if comes or not booking.again:
                return at, comes
            earliest = self.env.now + booking.notice_minutes

    def _slot(self, booking: Booking, taken: dict[float, int], earliest: float) -> float:
        week = math.floor((earliest + self.monday) / WEEK)
        while True:
            for slot in booking.slots:
                at = week * WEEK + slot - self.monday
                room = booking.places * booking.slots.count(slot)
                if at >= earliest and taken.get(at, 0) < room:
                    return at
            week += 1

    # ── who goes next ───────────────────────────────────────────────────────────────────────────────────────────────

    def wake(self) -> None:
        """Something changed: see who can go, once everything of this instant has happened."""
        if not self.woken:
            self.woken = True
            event = self.env.event()
            event._ok, event._value = True, None
            event.callbacks.append(self._hand_out)
            self.env.schedule(event, priority=LAST)

    def _hand_out(self, _event: object) -> None:
        self.woken = False
        for stopped in list(self.stopped):
            self._go_on(stopped)
        full: set[object] = set()
        for waiting in list(self._in_order()):
            alike = waiting.step, tuple(sorted(h.place.name for h in waiting.patient.held))
            if alike in full:
                continue
            taken = self._begin(waiting)
            if taken is None:
                full.add(alike)
                continue
            waiting.turn.succeed(taken)
            if self.woken:  # a place came back, and somebody further in front may have waited for it
                return

    def _begin(self, waiting: Waiting) -> list[Held] | None:
        """Take what the step needs; what was kept only until the next step goes back."""
        patient = waiting.patient
        takings = self.house.seek(patient, self.model.steps[waiting.step].needs)
        if takings is None:
            return None
        waiting.line.remove(waiting)
        moved_on = [h for h in patient.held if h.blocks]
        taken = self.house.take(patient, takings)
        for held in moved_on:
            if held not in taken:
                self.house.give_back(patient, held)
        return taken

    def _in_order(self) -> Iterator[Waiting]:
        """Everybody who waits, by class, then by the minute that the rule of their line goes by, then by who has needed a step longest."""
        return merge(*(self._late_first(rule, line) for rule, line in self.lines.values() if line), key=self._now)

    def _late_first(self, rule: Queue, line: list[Waiting]) -> list[Waiting]:
        return sorted(line, key=self._now) if isinstance(rule, NobodyOver) else list(line)

    def _now(self, w: Waiting) -> tuple[float, ...]:
        """Whoever has waited too long goes before all others."""
        return (-1.0, w.since, w.since, w.number) if self.env.now - w.since > w.limit else w.order

    def _order(self, rule: Queue, w: Waiting) -> tuple[float, ...]:
        rank, minute = 0, w.since
        match rule:
            case NobodyOver():
                w.limit = rule.minutes
                return self._order(rule.otherwise, w)
            case ByClass():
                value = w.patient.attributes.get(rule.attribute, "")
                rank = rule.order.index(value) if value in rule.order else len(rule.order)
            case ByStep():
                rank = rule.order.index(w.step) if w.step in rule.order else len(rule.order)
            case DueDate() | Slack():
                value = w.patient.attributes.get(rule.attribute, "")
                minute = w.patient.came + rule.within_minutes.get(value, rule.otherwise_minutes)
                minute -= self._mean(w) if isinstance(rule, Slack) else 0.0
            case ShortestFirst():
                minute = self._mean(w)
            case FirstCome():
                pass
        return rank, minute, w.since, w.number

    def _mean(self, w: Waiting) -> float:
        return self.model.steps[w.step].minutes.law(w.patient.attributes).mean

    # ── closing time ────────────────────────────────────────────────────────────────────────────────────────────────

    def _closing(self, place: Place) -> Iterator[simpy.Event]:
        for at in place.closes:
            yield self.env.timeout(at - self.env.now)
            for work in [w for w in self.underway if w.running and any(h.place is place and not h.kept for h in w.held)]:
                work.process.interrupt()

    def _until_open(self, work: Work, left: float) -> Iterator[simpy.Event]:
        """Until every place of the step is open again, or another member has taken over."""
        if left <= 0:
            return
        for held in work.held:
            if held.place.noun.at_close != "finish" and not held.kept and held.place.closing(self.env.now) < self.env.now:
                self.stopped.append(Stopped(work, held, self.env.event()))
                go = self.stopped[-1].go
                self.wake()
                yield go

    def _go_on(self, stopped: Stopped) -> None:
        """Whoever was stopped goes before those who wait: at the same place once it opens, or handed over to another one."""
        held, now = stopped.held, self.env.now
        others = [] if held.place.noun.at_close == "go home" else self._others(stopped)
        for place in [held.place, *others]:
            if place is held.place and place.closing(now) < now:
                continue
            held.place.taken -= 1
            held.place, place.taken = place, place.taken + 1
            self.stopped.remove(stopped)
            stopped.go.succeed()
            return

    def _others(self, stopped: Stopped) -> list[Place]:
        """Other members, open and free, of the pools that the place was taken from."""
        held = stopped.held
        pools = [self.model.pools[p] for n in self.model.steps[stopped.work.step].needs for p in n.pools]
        names = dict.fromkeys(m for p in pools if held.place.name in p.members for m in p.members if m != held.place.name)
        places = [self.house.places[m] for m in names]
        return [p for p in places if p.closing(self.env.now) > self.env.now and p.taken < p.noun.capacity]
