"""When each task can begin: on which days, at the soonest and at the latest, from open hours, the release and the links alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from sandcone.core.journey import Between, InHours, Journey, OnDays, Stays, Task
from sandcone.core.journeys import DAY, Journeys
from sandcone.core.model import DAYS

Ints = NDArray[np.int64]
Truths = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Days:
    """The days on which a task can begin, in order: the first and the last minute on each, and what the wishes it misses weigh at least."""

    day: Ints
    first: Ints
    last: Ints
    missed: Ints

    def so_many(self, minute: int) -> int:
        """On how many of them it could have begun by a minute."""
        return int(np.searchsorted(self.first, minute, side="right"))


class Begins:
    """Beginnings on the grid for every task of a problem, as if nobody else were in the house; in minutes, cell by cell underneath."""

    def __init__(self, problem: Journeys) -> None:
        self.problem, self.a_day = problem, DAY // problem.grid
        self.minute = np.arange(0, problem.minutes, problem.grid)
        self.known: dict[tuple[tuple[str, ...], int], Truths] = {}

    def soonest(self, journey: Journey) -> list[int] | None:
        """The earliest minute of each task, or None where there is none."""
        found: list[int] = []
        for i, task in enumerate(journey.tasks):
            before = ((journey.place(k.before), k.at_least) for k in journey.every_link() if journey.place(k.after) == i)
            least = max([journey.release, *(found[x] + journey.tasks[x].minutes + gap for x, gap in before)])
            after = np.flatnonzero(self.cells(task)[-(-least // self.problem.grid) :])
            if not after.size:
                return None
            found.append(self.problem.grid * (-(-least // self.problem.grid) + int(after[0])))
        return found

    def days(self, journey: Journey, task: Task, soonest: int) -> Days:
        """The days on which a task can begin from its earliest minute on."""
        can = (self.cells(task) & (self.minute >= soonest)).reshape(-1, self.a_day)
        day = np.flatnonzero(can.any(axis=1))
        first, last = can[day].argmax(axis=1), self.a_day - 1 - can[day, ::-1].argmax(axis=1)
        missed = np.zeros(len(day), dtype=np.int64)
        if any(isinstance(w, (OnDays, InHours, Between, Stays)) for w in journey.wishes):
            missed = np.where(can[day], self._missed(journey, task).reshape(-1, self.a_day)[day], 2**40).min(axis=1)
        return Days(day, DAY * day + first * self.problem.grid, DAY * day + last * self.problem.grid, missed)

    def cells(self, task: Task) -> Truths:
        """At which cells of the grid every need has some member that is open long enough."""
        each = [self._some(self.problem.members(need), task.minutes) for need in task.needs]
        return reduce(np.logical_and, each, self.minute <= self.problem.minutes - task.minutes)

    def _some(self, members: tuple[str, ...], minutes: int) -> Truths:
        if (members, minutes) not in self.known:
            can = np.zeros(len(self.minute), dtype=np.bool_)
            for r in members:
                for start, end in self.problem.open_hours(r):
                    last = self.problem.resources[r].last_start_minutes if end < self.problem.minutes else 0
                    can |= (self.minute >= start) & (self.minute <= end - max(minutes, last))
            self.known[members, minutes] = can
        return self.known[members, minutes]

    def _missed(self, journey: Journey, task: Task) -> Ints:
        """What the wishes weigh that a beginning in each cell would miss, whoever meets the needs."""
        begins, found = self.minute, np.zeros(len(self.minute), dtype=np.int64)
        for wish in journey.wishes:
            match wish:
                case OnDays(days=days):
                    weekday = (self.problem.begin.weekday() + begins // DAY) % 7
                    found += wish.weight * ~np.isin(weekday, [DAYS.index(d) for d in days])
                case InHours(start=start, end=end):
                    found += wish.weight * ((begins % DAY < start) | (begins % DAY + task.minutes > end))
                case Between(first=first, last=last):
                    found += wish.weight * ((begins < first) | (begins + task.minutes > (2**40 if last is None else last)))
                case Stays(task=name, day=day) if journey.tasks[journey.place(name)] is task:
                    found += wish.weight * (begins // DAY != day)
        return found
