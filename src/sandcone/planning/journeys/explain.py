"""Why not earlier? Day by day before a patient's first task: what is full, or what a path from that day would cost."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from sandcone.core.errors import ProblemError
from sandcone.core.journey import Journey
from sandcone.core.journeys import DAY, Journeys, Timetable
from sandcone.planning.journeys.kernel import A_DAY, CELLS, DROP, FIRST_COME, FROM, GRID, Given, State
from sandcone.planning.journeys.states import book, full, hands, state_of
from sandcone.planning.journeys.tables import tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """One day before a patient's first task. ``full`` names the pools in which nobody has a long enough hour on that day.

    ``more`` is what the soonest path from that day costs more (less, below 0) than the one booked, in minutes of waiting; None where no
    path begins on that day.
    """

    day: int
    full: tuple[str, ...]
    more: int | None

    def __str__(self) -> str:
        if self.more is not None:
            return f"day {self.day}: possible, for {abs(self.more):,} minutes {'more' if self.more >= 0 else 'less'}"
        return f"day {self.day}: {', '.join(self.full) + ' full' if self.full else 'what must follow has no room in time'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNotEarlier:
    """The days between a patient's release and the first task, and on each what stands in the way."""

    patient: str
    days: tuple[Earlier, ...]

    def __str__(self) -> str:
        full = Counter(pool for d in self.days if d.more is None for pool in d.full)
        head = f"{self.patient}: {len(self.days)} days earlier"
        head += "".join(f"; {pool} full on {times}" for pool, times in full.most_common())
        return "\n".join([head, *(f"  {d}" for d in self.days)])


def why_not_earlier(problem: Journeys, timetable: Timetable, patient: str) -> WhyNotEarlier:
    """Why a patient does not begin on an earlier day, all others staying where they are; for one left out, every day is asked.

    ``ProblemError`` where there is no such patient.
    """
    if patient not in problem.journey:
        raise ProblemError(f"patient {patient!r}", "no such patient", f"There are {len(problem.journeys)} patients.")
    given, p = tables(problem), [j.patient for j in problem.journeys].index(patient)
    state, tasks = state_of(problem, given, timetable.fits(problem)), slice(int(given.task_at[p]), int(given.task_at[p + 1]))
    last = int(state.start[tasks].min()) // int(given.sizes[A_DAY]) if patient in timetable.starts else problem.days
    cost, j = int(state.cost[p]), problem.journey[patient]
    book(given, state, hands(given, 0, pains=False), DROP, [p])
    days = range(j.release // DAY, last)
    return WhyNotEarlier(patient=patient, days=tuple(_day(problem, given, state, p, j, day, cost) for day in days))


def _day(problem: Journeys, given: Given, state: State, p: int, j: Journey, day: int, cost: int) -> Earlier:
    mine = hands(given, 0, pains=False)
    mine.window[FROM] = day * given.sizes[A_DAY]
    book(given, state, mine, FIRST_COME, [p])
    start, more = state.start[given.task_at[p] : given.task_at[p + 1]], None
    if start[0] >= 0:
        if int(start.min()) // int(given.sizes[A_DAY]) == day:
            more = int(state.cost[p]) - cost
        book(given, state, mine, DROP, [p])
    return Earlier(day=day, full=_full(problem, given, state, p, j, day), more=more)


def _full(problem: Journeys, given: Given, state: State, p: int, j: Journey, day: int) -> tuple[str, ...]:
    """The pools that could not do their task on that day, of the tasks that nothing comes before."""
    after = {j.place(k.after) for k in j.every_link()}
    found = []
    for i in (i for i in range(len(j.tasks)) if i not in after):
        t = int(given.task_at[p]) + i
        for n, q in zip(j.tasks[i].needs, range(given.need_at[t], given.need_at[t + 1]), strict=True):
            if not any(_has_room(given, state, q, t, int(r), day) for r in given.member[given.member_at[q] : given.member_at[q + 1]]):
                found.append(n.pools[0])
    return tuple(dict.fromkeys(found))


def _has_room(given: Given, state: State, q: int, t: int, r: int, day: int) -> bool:
    """Whether a resource can begin a task on a day, for that task alone."""
    a_day, cells = int(given.sizes[A_DAY]), int(given.sizes[CELLS])
    long = -(-(int(given.minutes[t]) + int(given.turn[r])) // int(given.sizes[GRID]))
    begin, end = day * a_day, min((day + 1) * a_day + long, cells)
    taken = full(given, state, r, slice(r * cells + begin, r * cells + end), int(given.word[q]))
    ahead = np.concatenate([np.cumsum(taken), np.full(long, taken.sum())])
    clashes = ahead[long - 1 : long - 1 + a_day] - np.concatenate([[0], ahead])[:a_day]
    can_begin = given.run[given.pattern[r] + begin : given.pattern[r] + begin + a_day] >= given.span[t]
    return bool((can_begin & (clashes[:a_day] == 0)).any())
