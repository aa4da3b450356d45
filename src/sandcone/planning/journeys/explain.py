"""Why not earlier? Day by day before a patient's first task: what is full, or what a path from that day would cost."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

from sandcone.core.errors import ProblemError
from sandcone.core.journey import Journey
from sandcone.core.journeys import DAY, Journeys, Timetable
from sandcone.core.saying import many
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
        if not self.days:
            return f"{self.patient}: there is no earlier day to begin on."
        head = f"{self.patient}: {many(len(self.days), 'day')} earlier"
        head += "".join(f"; {pool} full on {times}" for pool, times in full.most_common())
        return "\n".join([head, *(f"  {d}" for d in self.days)])

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        days = [{"day": d.day, "full": list(d.full), "more": d.more} for d in self.days]
        return {"schema": 1, "patient": self.patient, "days": days}

    def why_left_out(self) -> str:
        """The same of somebody who is left out, in a sentence that names nobody: the cheapest place there would be, or what is full."""
        can = [(d.more, d.day) for d in self.days if d.more is not None]
        if can:
            more, day = min(can)
            return f"There is a place from day {day}, for {abs(more):,} minutes {'more' if more >= 0 else 'less'} than being left out."
        full = Counter(pool for d in self.days for pool in d.full)
        said = [f"{pool} full on {times}" for pool, times in full.most_common()]
        rest = sum(not d.full for d in self.days)
        said += [f"on {rest} what must follow has no room in time"] * (rest > 0)
        return f"No place on any of {many(len(self.days), 'day')}: {'; '.join(said)}." if said else "No day is left."


def why_not_earlier(problem: Journeys, timetable: Timetable, patient: str) -> WhyNotEarlier:
    """Why a patient does not begin on an earlier day, all others staying where they are; for one left out, every day is asked.

    ``ProblemError`` where there is no such patient.
    """
    if patient not in problem.journey:
        raise ProblemError(f"patient {patient!r}", "no such patient", f"There are {len(problem.journeys)} patients.")
    given = tables(problem)
    return _why(problem, given, state_of(problem, given, timetable.fits(problem)), patient)


def why_left_out(problem: Journeys, timetable: Timetable, most: int | None = None) -> tuple[WhyNotEarlier, ...]:
    """The same for everybody who is left out, or the first so many of them, in the problem's order."""
    given = tables(problem)
    state = state_of(problem, given, timetable.fits(problem))
    return tuple(_why(problem, given, state, who) for who in timetable.left_out(problem)[:most])


def _why(problem: Journeys, given: Given, state: State, patient: str) -> WhyNotEarlier:
    """The days of one patient, who is taken out of the state."""
    p = [j.patient for j in problem.journeys].index(patient)
    start = state.start[int(given.task_at[p]) : int(given.task_at[p + 1])]
    last = problem.days if start[0] < 0 else int(start.min()) // int(given.sizes[A_DAY])
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
