"""Whole paths by day, patients and places in fractions: a linear program that every timetable solves at a cost of at most its own.

For each task and day a column says how much of it has begun by the end of that day (0 to 1). Links bind such columns of two tasks, open
minutes bind all that begin on a day, and beds those who stay over midnight. HiGHS solves it; its prices, not its word, are the proof.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from sandcone.core.journey import FewDays, Journey
from sandcone.core.journeys import DAY, Journeys
from sandcone.planning.daily import Rows, Terms
from sandcone.planning.journeys.begins import Begins, Days
from sandcone.planning.journeys.pressed import Pressed
from sandcone.planning.journeys.shortest import fewest_days, shortest


@dataclass(frozen=True)
class Begun:
    """How much of a task has begun: a column for each of its first days, ``all`` from then on (how much of the patient is booked)."""

    days: Days
    columns: list[int]
    all: int

    def by(self, minute: int) -> Terms:
        """How much has begun by a minute, at most."""
        n = self.days.so_many(minute)
        return [] if n == 0 else [(self.columns[n - 1] if n <= len(self.columns) else self.all, 1.0)]

    def on(self, i: int) -> Terms:
        """How much begins on its i-th day."""
        return [(self.columns[i], 1.0), *([(self.columns[i - 1], -1.0)] if i else [])]

    def mean(self, values: np.ndarray, rest: float) -> Terms:
        """A value of its own for each day, for whatever begins then, and one for all that begins later."""
        each = np.append(values[: len(self.columns)], rest)
        return [(c, float(each[i] - each[i + 1])) for i, c in enumerate(self.columns)] + [(self.all, float(each[-1]))]


@dataclass
class Relaxed:
    """The linear program, as it is being written; ``constant`` is the cost of leaving out everybody. Times of journeys are in days.

    ``complete``: every task has a column for each day on which it can begin.
    """

    problem: Journeys
    most: int  # columns of tasks
    rows: Rows = field(default_factory=Rows)
    constant: int = 0
    complete: bool = True

    def written(self) -> Relaxed:
        """Everybody and everything written down; who has a pinned task counts as nothing and takes nothing."""
        begins, pinned = Begins(self.problem), {p.patient for p in self.problem.pinned}
        free = [(j, begins.soonest(j)) for j in self.problem.journeys if j.patient not in pinned]
        self.constant = sum(self.problem.weights.left_out * j.weight for j, _ in free)
        there = [(j, [begins.days(j, t, s) for t, s in zip(j.tasks, soonest, strict=True)]) for j, soonest in free if soonest is not None]
        often = self._often([len(d.day) - 1 for _, days in there for d in days])
        pressed = Pressed(self.problem)
        for j, days in there:
            begun = self._journey(j, days, often)
            pressed.add(j, begun)
        pressed.bind(self.rows)
        return self

    def _often(self, lengths: list[int]) -> int:
        """For how many days each task can have columns of its own."""
        long = np.asarray(lengths, dtype=np.int64)
        often = max((n for n in range(1, self.problem.days + 1) if np.minimum(long, n).sum() <= self.most), default=1)
        self.complete = bool(often >= long.max(initial=0))
        return often

    def _journey(self, j: Journey, days: list[Days], often: int) -> list[Begun]:
        w, few = self.problem.weights, fewest_days(j)
        missed = sum(wish.weight * max(few - wish.most, 0) for wish in j.wishes if isinstance(wish, FewDays))
        booked = self.rows.column(w.visit_day * few + w.wish * missed - (w.left_out + w.waiting * j.release) * j.weight, 1)
        begun = [self._task(d, booked, often) for d in days]
        self._links(j, begun)
        self._times(j, begun, booked)
        return begun

    def _task(self, days: Days, booked: int, often: int) -> Begun:
        begun = Begun(days, [self.rows.column(0, 1) for _ in days.day[: min(often, len(days.day) - 1)]], booked)
        for one, after in pairwise([*begun.columns, booked]):
            self.rows.row([(one, 1.0), (after, -1.0)], 0)
        for column, cost in begun.mean(days.missed, float(days.missed[len(begun.columns) :].min())):
            self.rows.cost[column] += self.problem.weights.wish * cost
        return begun

    def _links(self, j: Journey, begun: list[Begun]) -> None:
        for k in j.every_link():
            i, other = begun[j.place(k.before)], begun[j.place(k.after)]
            minutes = j.tasks[j.place(k.before)].minutes
            self._bind(other, i, [int(m) - k.at_least - minutes for m in other.days.last])
            ends = [int(m) + minutes + self.problem.minutes if k.at_most is None else int(m) + minutes + k.at_most for m in i.days.last]
            if k.same_day:
                ends = [min(e, DAY * (int(d) + 1) - 1) for e, d in zip(ends, i.days.day, strict=True)]
            if k.same_day or k.at_most is not None:
                self._bind(i, other, ends)

    def _bind(self, one: Begun, other: Begun, by: list[int]) -> None:
        """No more of one task has begun by its i-th day than of the other by a minute; of days that say the same, only the last does."""
        said: dict[int, tuple[int, Terms]] = {}
        for column, minute in zip(one.columns, by, strict=False):
            terms = other.by(minute)
            said[terms[0][0] if terms else -1] = (column, terms)
        for column, terms in said.values():
            if not terms or terms[0][0] != other.all:
                self.rows.row([(column, 1.0), *((c, -x) for c, x in terms)], 0)

    def _times(self, j: Journey, begun: list[Begun], booked: int) -> None:
        """When the journey begins and ends, and what waiting, length and lateness cost."""
        w, late = self.problem.weights, None
        begin = self.rows.column(DAY * (w.waiting * j.weight - w.length), self.problem.days)
        end = self.rows.column(DAY * w.length, self.problem.days)
        self.rows.row([(begin, 1.0), (booked, shortest(j) / DAY), (end, -1.0)], 0)
        if j.due is not None:
            late = self.rows.column(DAY * w.lateness * j.weight, self.problem.days)
            self.rows.row([(end, 1.0), (booked, -j.due / DAY), (late, -1.0)], 0)
        for b in self._first(j, begun):
            last, n = b.days.last / DAY, len(b.columns)
            self.rows.row([(begin, 1.0), *((c, -x) for c, x in b.mean(last, float(last[-1])))], 0)
        self.rows.row([*self._soonest(j, begun, booked), (begin, -1.0)], 0)
        for i, b in enumerate(begun):
            if i not in {j.place(k.before) for k in j.every_link()}:
                ends = (b.days.first + j.tasks[i].minutes) / DAY
                n = len(b.columns)
                self.rows.row([*b.mean(ends, float(ends[n])), (end, -1.0)], 0)
                if late is not None:
                    over = np.maximum(ends - (j.due or 0) / DAY, 0)
                    self.rows.row([*b.mean(over, float(over[n])), (late, -1.0)], 0)

    def _first(self, j: Journey, begun: list[Begun]) -> list[Begun]:
        """The tasks that follow no other."""
        return [b for i, b in enumerate(begun) if i not in {j.place(k.after) for k in j.every_link()}]

    def _soonest(self, j: Journey, begun: list[Begun], booked: int) -> Terms:
        """When the journey begins at the soonest; where several tasks may be the first, the soonest of any."""
        first = self._first(j, begun)
        if len(first) > 1:
            return [(booked, min(float(b.days.first[0]) for b in first) / DAY)]
        (one,) = first
        return one.mean(one.days.first / DAY, float(one.days.first[len(one.columns)]) / DAY)
