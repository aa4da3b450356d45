"""How good could any timetable be? Each patient alone in the house, summed: no timetable costs less."""

from __future__ import annotations

from dataclasses import dataclass

from sandcone.core.journey import Journey
from sandcone.core.journeys import DAY, Journeys
from sandcone.planning.journeys.kernel import CELLS, NOWHERE, Given
from sandcone.planning.journeys.tables import tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Least:
    """A cost that no timetable is below, and what it is made of, by patient, in the problem's order.

    It leaves out that patients share people and rooms, and all wishes, so where the house is full it is far below what can be had.
    """

    cost: int
    by_patient: tuple[int, ...]

    def gap(self, cost: int) -> float:
        """The share by which a cost is above the bound; infinite where the bound is 0."""
        return cost / self.cost - 1 if self.cost else float("inf")


def least_cost(problem: Journeys) -> Least:
    """A lower bound on the cost of any timetable that breaks no rule, patients with pinned tasks counted as nothing.

    Each task at its earliest by release, links and open hours alone; the journey as short as its links allow. A relaxation that is solved
    exactly by trying the few beginnings at which its cost, piecewise linear and convex, can turn.
    """
    given = tables(problem)
    pinned = {p.patient for p in problem.pinned}
    found = tuple(0 if j.patient in pinned else _least(problem, given, i, j) for i, j in enumerate(problem.journeys))
    return Least(cost=sum(found), by_patient=found)


def _least(problem: Journeys, given: Given, i: int, j: Journey) -> int:
    w, short = problem.weights, int(given.least[i])
    soonest = _soonest(problem, given, i, j)
    if soonest is None:
        return w.left_out * j.weight
    first, last = min(soonest), max(s + t.minutes for s, t in zip(soonest, j.tasks, strict=True))
    due = last + short + problem.minutes if j.due is None else j.due
    days = w.visit_day * _days(j)

    def cost(begin: int) -> int:
        end = max(last, begin + short)
        late = w.lateness * j.weight * max(end - due, 0)
        return w.waiting * j.weight * (begin - j.release) + w.length * (end - begin) + late + days

    turns = (first, max(first, last - short), max(first, due - short))
    return min(w.left_out * j.weight, *(cost(t) for t in turns))


def _soonest(problem: Journeys, given: Given, i: int, j: Journey) -> list[int] | None:
    """The earliest minute of each task, or None where there is none."""
    grid, begins = problem.grid, [-(-j.release // problem.grid)] * len(j.tasks)
    links = [(j.place(k.before), j.place(k.after), k.at_least) for k in j.every_link()]
    for x, t in enumerate(range(given.task_at[i], given.task_at[i + 1])):
        for before, after, least in links:
            if after == x:
                begins[x] = max(begins[x], -(-(begins[before] * grid + j.tasks[before].minutes + least) // grid))
        at = begins[x]
        while at < NOWHERE:
            soon = max((_opens(given, q, at, int(given.span[t])) for q in range(given.need_at[t], given.need_at[t + 1])), default=at)
            if soon == at:
                break
            at = soon
        if at * grid + j.tasks[x].minutes > problem.minutes:
            return None
        begins[x] = at
    return [b * grid for b in begins]


def _opens(given: Given, q: int, at: int, span: int) -> int:
    """The first cell from one on at which some member is open long enough to meet a need."""
    soonest = NOWHERE
    for r in given.member[given.member_at[q] : given.member_at[q] + given.able[q]].tolist():
        pattern, c = int(given.pattern[r]), at
        while c < soonest and c < given.sizes[CELLS]:
            run = int(given.run[pattern + c])
            if run >= span:
                soonest = c
                break
            c = int(given.opens[pattern + c + run])
    return soonest


def _days(j: Journey) -> int:
    """On how many days the patient has to come at least: a link of a day or more leads to another day."""
    days, links = [1] * len(j.tasks), j.every_link()
    for x in range(len(j.tasks)):
        for k in links:
            if j.place(k.after) == x:
                days[x] = max(days[x], days[j.place(k.before)] + (k.at_least >= DAY))
    return max(days)
