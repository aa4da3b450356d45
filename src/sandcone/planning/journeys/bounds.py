"""How good could any timetable be? Each patient alone in the house, summed; or all of them together by day, in fractions."""

from __future__ import annotations

import math
import time
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from sandcone.core.errors import ProblemError
from sandcone.core.journey import Journey
from sandcone.core.journeys import Journeys
from sandcone.planning.journeys.begins import Begins
from sandcone.planning.journeys.shortest import fewest_days, shortest

if TYPE_CHECKING:
    from sandcone.planning.bounds import Bound

COLUMNS = (10_000, 30_000, 100_000)  # columns of tasks in the linear program, at most, one try after the other
LONGER = 6  # how many times as long the next try may take


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
    exactly by trying the few beginnings at which its cost, piecewise linear and convex, can turn. Tasks begin on the grid.
    """
    begins, pinned = Begins(problem), {p.patient for p in problem.pinned}
    found = tuple(0 if j.patient in pinned else _least(problem, begins, j) for j in problem.journeys)
    return Least(cost=sum(found), by_patient=found)


def boundable(problem: Journeys) -> None:
    """``ProblemError`` where a weight is below 0."""
    lowest = min([*astuple(problem.weights), *(w.weight for j in problem.journeys for w in j.wishes)])
    if lowest < 0:
        raise ProblemError("weights", f"a weight of {lowest}", "Give 0 or more: a bound needs costs, not rewards.")


def bound(problem: Journeys, seconds: float) -> Bound:
    """A cost that no timetable is below, which knows that people, rooms and beds are shared; within so many seconds (about).

    A relaxation by day, patients in fractions: minutes asked of each group of like resources on a day against those they are open, places
    kept over midnight against places, patients expected where overbooking is allowed, links, wishes for days and hours, waiting, length
    and lateness. Tasks begin on the grid; who has a pinned task counts as nothing and takes nothing. The members that are met, slack and
    the hours within a day are left out. The value is proved by the solver's prices (``proof.py``); never below ``least_cost``. Where tasks
    and days are many, only each task's first days have columns (10,000 in all, then 30,000, then 100,000, as time allows) and what begins
    later takes no place: weaker, never wrong. ``ProblemError`` where a weight is below 0.
    """
    from sandcone.planning.bounds import Bound
    from sandcone.planning.journeys.proof import least
    from sandcone.planning.journeys.relaxed import Relaxed

    boundable(problem)
    begin = time.perf_counter()
    best, done, took = least_cost(problem).cost, False, 0.0
    for most in COLUMNS:
        left = seconds - (time.perf_counter() - begin)
        if done or LONGER * took > left:
            break
        relaxed = Relaxed(problem, most).written()
        proved = least(relaxed.rows, seconds=seconds - (time.perf_counter() - begin)) if relaxed.rows.cost else (0.0, True)
        if proved is None:
            break
        value, solved = proved[0] + relaxed.constant, proved[1]
        best, done = max(best, math.ceil(value - 1e-9 * (1 + abs(value)))), solved and relaxed.complete
        took = left - (seconds - (time.perf_counter() - begin))
    return Bound(value=best, seconds=time.perf_counter() - begin, done=done)


def _least(problem: Journeys, begins: Begins, j: Journey) -> int:
    w, short = problem.weights, shortest(j)
    soonest = begins.soonest(j)
    if soonest is None:
        return w.left_out * j.weight
    first, last = min(soonest), max(s + t.minutes for s, t in zip(soonest, j.tasks, strict=True))
    due = last + short + problem.minutes if j.due is None else j.due
    days = w.visit_day * fewest_days(j)

    def cost(begin: int) -> int:
        end = max(last, begin + short)
        late = w.lateness * j.weight * max(end - due, 0)
        return w.waiting * j.weight * (begin - j.release) + w.length * (end - begin) + late + days

    turns = (first, max(first, last - short), max(first, due - short))
    return min(w.left_out * j.weight, *(cost(t) for t in turns))
