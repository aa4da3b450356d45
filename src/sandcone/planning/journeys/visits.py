"""A timetable read back as who is where when: what the rules look at."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from sandcone.core.journey import Journey, Link, Task
from sandcone.core.journeys import DAY, Journeys, Timetable


@dataclass(frozen=True, slots=True)
class Visit:
    """One task of one patient as booked, from ``start`` up to, but not with, ``end``."""

    journey: Journey
    task: Task
    start: int
    end: int
    resources: tuple[str, ...]

    @property
    def where(self) -> str:
        """The place in words."""
        return f"patient {self.journey.patient}, {self.task.name}, {clock(self.start)}"

    @property
    def day(self) -> int:
        """The day on which it begins."""
        return self.start // DAY


@dataclass(frozen=True, slots=True)
class Use:
    """Places of one resource that one visit takes, getting ready again included; ``shows`` is how many thousandths are expected."""

    start: int
    end: int
    places: int
    shows: int
    patient: str


class Visits:
    """Everything booked, by patient and by resource."""

    def __init__(self, problem: Journeys, timetable: Timetable) -> None:
        self.problem, self.timetable = problem, timetable

    @cached_property
    def of(self) -> dict[str, tuple[Visit, ...]]:
        """Each booked patient's visits, in the order of the journey's tasks."""
        return {j.patient: tuple(self._visit(j, t) for t in j.tasks) for j in self.problem.journeys if j.patient in self.timetable.starts}

    def _visit(self, journey: Journey, task: Task) -> Visit:
        slot = self.timetable.starts[journey.patient][task.name]
        return Visit(journey, task, slot.minute, slot.minute + task.minutes, slot.resources)

    @cached_property
    def all(self) -> list[Visit]:
        """Every visit."""
        return [v for visits in self.of.values() for v in visits]

    @cached_property
    def links(self) -> list[tuple[Link, Visit, Visit]]:
        """Every link of a booked patient, with its two visits."""
        return [
            (k, v[v[0].journey.place(k.before)], v[v[0].journey.place(k.after)])
            for v in self.of.values()
            for k in v[0].journey.every_link()
        ]

    @cached_property
    def hours(self) -> dict[str, list[tuple[int, int]]]:
        """When each resource is open."""
        return {r: self.problem.open_hours(r) for r in self.problem.resources}

    def closed_minutes(self, v: Visit, resource: str) -> int:
        """For how many minutes of a visit a resource is closed or away."""
        there = sum(max(min(v.end, end) - max(v.start, start), 0) for start, end in self.hours[resource])
        return max(v.task.minutes - there, 0)

    @cached_property
    def uses(self) -> dict[str, list[Use]]:
        """What is taken of each resource, in order."""
        found: dict[str, list[Use]] = defaultdict(list)
        for v in self.all:
            shows = thousandths(v.journey)
            for need, r in zip(v.task.needs, v.resources, strict=True):
                last = v if need.until is None else self.of[v.journey.patient][v.journey.place(need.until)]
                end = max(last.end, v.end) + round(self.problem.resources[r].turnover_minutes)
                found[r].append(Use(v.start, end, need.units, need.units * shows, v.journey.patient))
        return {r: sorted(uses, key=lambda u: u.start) for r, uses in found.items()}


def thousandths(journey: Journey) -> int:
    """How many thousandths of the patient are expected to come."""
    return 1000 - int(1000 * journey.no_show)


def clock(minute: int) -> str:
    """A minute in words, such as "day 3 09:05"."""
    return f"day {minute // DAY} {minute % DAY // 60:02d}:{minute % 60:02d}"
