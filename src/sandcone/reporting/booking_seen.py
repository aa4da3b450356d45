"""A timetable of whole paths as its page sees it: who comes when, how full everything is on each day, and days in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from sandcone.core.booked import Booked, booked
from sandcone.core.journey import Journey, Slot
from sandcone.core.journeys import DAY, Journeys, Timetable
from sandcone.core.score import Score
from sandcone.reporting import words
from sandcone.reporting.plan_seen import short_day, wide

Stretch = tuple[int, int]


@dataclass(frozen=True)
class BookingSeen:
    """What the parts of a timetable's page ask about."""

    problem: Journeys
    timetable: Timetable
    score: Score

    @property
    def days(self) -> int:
        """How many days there are."""
        return self.problem.days

    @property
    def wide(self) -> int:
        """Pixels for one day."""
        return wide(self.days)

    def date(self, day: int) -> date | None:
        """The date of a day."""
        return self.problem.begin + timedelta(days=day)

    def day(self, day: int) -> str:
        """A day in words: "Thu 5 March"."""
        return short_day(self.problem.begin + timedelta(days=day))

    def period(self) -> str:
        """All days in words."""
        first, last = self.problem.begin, self.problem.begin + timedelta(days=self.days - 1)
        return f"{words.count(self.days, 'day')}, {words.day(first)} to {words.day(last)}"

    @cached_property
    def come(self) -> tuple[Journey, ...]:
        """Who has a place, in the problem's order."""
        return tuple(j for j in self.problem.journeys if j.patient in self.timetable.starts)

    @cached_property
    def left_out(self) -> tuple[Journey, ...]:
        """Who has none."""
        return tuple(self.problem.journey[who] for who in self.timetable.left_out(self.problem))

    @cached_property
    def appointments(self) -> tuple[Booked, ...]:
        """Every appointment in order of time."""
        return booked(self.problem, self.timetable)

    def wait(self, j: Journey) -> int:
        """Minutes from the hour a journey may begin to its first task; 0 for what was pinned before that."""
        return max(min(s.minute for s in self.timetable.starts[j.patient].values()) - j.release, 0)

    def stay(self, j: Journey) -> int:
        """Minutes from the beginning of the first task to the end of the last."""
        slots = self.timetable.starts[j.patient]
        return max(slots[t.name].minute + t.minutes for t in j.tasks) - min(s.minute for s in slots.values())

    @cached_property
    def hours(self) -> dict[str, list[list[Stretch]]]:
        """When each resource is open, day by day."""
        return {r: self._by_day(self.problem.open_hours(r)) for r in self.problem.resources}

    def _by_day(self, stretches: list[Stretch]) -> list[list[Stretch]]:
        found: list[list[Stretch]] = [[] for _ in range(self.days)]
        for start, end in stretches:
            for day in range(start // DAY, min(-(-end // DAY), self.days)):
                found[day].append((max(start, DAY * day), min(end, DAY * (day + 1))))
        return found

    @cached_property
    def used(self) -> dict[str, list[int]]:
        """Places times minutes that are taken of each resource, day by day, within its open hours; kept places count."""
        found = {r: [0] * self.days for r in self.problem.resources}
        for r, start, end, units in self._taken():
            for day in range(max(start // DAY, 0), min(-(-end // DAY), self.days)):
                inside = (min(end, closes) - max(start, opens) for opens, closes in self.hours[r][day])
                found[r][day] += units * sum(x for x in inside if x > 0)
        return found

    def _taken(self) -> Iterator[tuple[str, int, int, int]]:
        for j in self.come:
            slots = self.timetable.starts[j.patient]
            for t in j.tasks:
                for need, r in zip(t.needs, slots[t.name].resources, strict=True):
                    last = t if need.until is None else j.tasks[j.place(need.until)]
                    yield r, slots[t.name].minute, _end(slots[last.name], last.minutes), need.units

    def load(self, pool: str) -> list[tuple[int, int]]:
        """Of a pool, day by day, the places times minutes that are taken and that there are."""
        members = self.problem.pools[pool].members
        return [(sum(self.used[m][d] for m in members), sum(self._open(m, d) for m in members)) for d in range(self.days)]

    def _open(self, r: str, day: int) -> int:
        return self.problem.resources[r].capacity * sum(end - start for start, end in self.hours[r][day])

    @cached_property
    def by_resource(self) -> dict[str, list[Booked]]:
        """Every resource's appointments in order of time; only resources that have some."""
        found: defaultdict[str, list[Booked]] = defaultdict(list)
        for b in self.appointments:
            for r in b.resources:
                found[r].append(b)
        return {r: found[r] for r in self.problem.resources if r in found}


def _end(slot: Slot, minutes: int) -> int:
    return slot.minute + minutes
