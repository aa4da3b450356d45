"""The inpatient problem by day only: who comes on which day, how many theatres open, how many rooms are for whom; solved by HiGHS.

Every plan is a solution of this model at a cost of at most its own, so that the model's least cost is below that of every plan.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from sandcone.core.inpatient import Hours, Problem
from sandcone.planning.fees import Coming, Real

Terms = list[tuple[int, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What HiGHS says: a proven ``least`` (None: nobody can be planned), and the columns of its best solution where it has one."""

    least: float | None
    columns: Real | None
    done: bool


@dataclass
class Rows:
    """Columns with a least and a most, rows that bind them: a mixed-integer program as it is being written."""

    cost: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    terms: list[Terms] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def column(self, cost: float, most: float) -> int:
        """A new column from 0 to ``most``."""
        self.cost.append(cost)
        self.most.append(most)
        return len(self.cost) - 1

    def row(self, terms: Terms, high: float, low: float = -math.inf) -> None:
        """A new row; without terms it is kept only where it cannot hold."""
        if terms or low > 0 or high < 0:
            self.terms.append(terms)
            self.low.append(low)
            self.high.append(high)

    def solved(self, more: Real, *, seconds: float, whole: bool) -> Answer:
        """The least cost, with ``more`` added to the first columns' costs; ``whole``: columns take whole numbers."""
        if not self.cost:  # nothing to choose: rows without terms are there only where they cannot hold
            return Answer(least=None if self.terms else 0.0, columns=None if self.terms else np.zeros(0), done=True)
        cost = np.array(self.cost, dtype=float)
        cost[: more.size] += more
        start = np.cumsum([0, *(len(t) for t in self.terms)])
        flat = [x for t in self.terms for x in t]
        places, values = np.array([i for i, _ in flat], dtype=np.int32), np.array([v for _, v in flat])
        matrix = csr_matrix((values, places, start), shape=(len(self.terms), cost.size))
        said = milp(
            cost,
            constraints=[LinearConstraint(matrix, np.array(self.low), np.array(self.high))] if self.terms else [],
            bounds=Bounds(0, np.array(self.most, dtype=float)),
            integrality=np.full(cost.size, int(whole)),
            options={"time_limit": max(seconds, 0.1)},
        )
        if said.status == 2:  # HiGHS has proved that no column values hold in all rows
            return Answer(least=None, columns=None, done=True)
        least = said.mip_dual_bound if whole else (said.fun if said.status == 0 else None)
        return Answer(least=-math.inf if least is None else float(least), columns=said.x, done=said.status == 0)


@dataclass(frozen=True)
class Daily:
    """The problem by day, written once: a column for each patient and possible day (``stays``), then theatres and rooms by their size."""

    problem: Problem

    @cached_property
    def stays(self) -> list[Coming]:
        """Every patient on every day on which there is a surgeon, a theatre and a nurse."""
        return [Coming(p, d) for p in self.problem.patients for d in range(p.release, self.problem.last_day(p) + 1) if self._can(p.name, d)]

    def _can(self, name: str, day: int) -> bool:
        p, problem = self.problem.patient[name], self.problem
        theatre = max((t.minutes[day] for t in problem.theatres), default=-1)
        return min(problem.surgeon[p.surgeon].minutes[day], theatre) >= p.minutes and self.nursed(Coming(p, day))

    def nursed(self, stay: Coming) -> bool:
        """Whether every shift of a stay has a nurse."""
        k = len(self.problem.shifts)
        return all(s in self._staffed for s in range(stay.day * k, min(stay.day + stay.person.nights, self.problem.days) * k))

    @cached_property
    def _staffed(self) -> set[int]:
        return {s for n in self.problem.nurses for s in n.most}

    @cached_property
    def _on(self) -> list[list[int]]:
        """Columns by day of admission."""
        found: list[list[int]] = [[] for _ in range(self.problem.days)]
        for column, c in enumerate(self.stays):
            found[c.day].append(column)
        return found

    @cached_property
    def _minutes(self) -> list[int]:
        return [self.problem.patient[c.person.name].minutes for c in self.stays]

    @cached_property
    def rows(self) -> Rows:
        """The model, with what delay and being left out cost, and without care."""
        rows, weights = Rows(), self.problem.weights
        for c in self.stays:
            p = self.problem.patient[c.person.name]
            rows.column(weights.delay * (c.day - p.release) - (0 if p.mandatory else weights.left_out), 1)
        self._once(rows)
        for day in range(self.problem.days):
            self._theatres(rows, day)
            self._beds(rows, day)
        return rows

    @cached_property
    def all_left_out(self) -> int:
        """What it costs to leave out everybody who may wait."""
        return self.problem.weights.left_out * sum(not p.mandatory for p in self.problem.patients)

    def _once(self, rows: Rows) -> None:
        """Nobody comes twice, and who must come comes."""
        mine: dict[str, Terms] = {p.name: [] for p in self.problem.patients}
        for column, c in enumerate(self.stays):
            mine[c.person.name].append((column, 1))
        for p in self.problem.patients:
            rows.row(mine[p.name], 1, 1 if p.mandatory else -math.inf)

    def _pieces(self, columns: Iterable[int]) -> Iterable[tuple[int, Terms]]:
        """Minutes of surgery, then how many times each length of surgery goes into each that is as long: a day has room for so many."""
        columns = list(columns)
        yield 1, [(x, self._minutes[x]) for x in columns if self._minutes[x]]
        for least in sorted({self._minutes[x] for x in columns} - {0, 1}):
            yield least, [(x, self._minutes[x] // least) for x in columns if self._minutes[x] >= least]

    def _theatres(self, rows: Rows, day: int) -> None:
        """So many theatres of each size are open as the day's surgery needs."""
        many = Counter(_open(self.problem.theatres, day))
        opened = {size: rows.column(self.problem.weights.open_theatre, n) for size, n in many.items()}
        for least, terms in self._pieces(self._on[day]):
            rows.row(terms + [(x, -(size // least)) for size, x in opened.items() if size >= least], 0)
        for surgeon in self.problem.surgeons:
            self._surgeon(rows, surgeon, day, opened)

    def _surgeon(self, rows: Rows, surgeon: Hours, day: int, opened: dict[int, int]) -> None:
        """A surgeon's day has room for so much surgery, and for none where no theatre is open."""
        hours = surgeon.minutes[day]
        mine = [x for x in self._on[day] if self.problem.patient[self.stays[x].person.name].surgeon == surgeon.name]
        for least, terms in self._pieces(mine):
            rows.row(terms, hours // least)
            rows.row(terms + [(x, -(min(hours, size) // least)) for size, x in opened.items()] if terms else [], 0)

    def _beds(self, rows: Rows, day: int) -> None:
        """Rooms of each size are for one gender each day; those of occupants are for theirs."""
        here = [o for o in self.problem.occupants if o.nights > day]
        taken = {o.room: o.gender for o in here}
        free = Counter(r.beds for r in self.problem.rooms if r.name not in taken)
        genders = sorted({p.gender for p in self.problem.patients} | {o.gender for o in self.problem.occupants})
        rooms = {(g, beds): rows.column(0, n) for g in genders for beds, n in free.items()}
        for beds, n in free.items():
            rows.row([(rooms[g, beds], 1) for g in genders], n)
        for g in genders:
            there = [
                (x, 1.0)
                for first in range(day + 1)
                for x in self._on[first]
                if self.stays[x].person.gender == g and first + self.stays[x].person.nights > day
            ]
            left = sum(self.problem.room[r].beds for r, whose in taken.items() if whose == g) - sum(o.gender == g for o in here)
            rows.row(there + [(rooms[g, beds], -beds) for beds in free], left)


def _open(hours: Iterable[Hours], day: int) -> list[int]:
    return [h.minutes[day] for h in hours if h.minutes[day] > 0]
