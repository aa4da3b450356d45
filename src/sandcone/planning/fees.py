"""The least that the care of each person can cost, whoever else is there: nurses met, skill missed and a price on nurses' load."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sandcone.core.inpatient import Person, Problem

Real = NDArray[np.float64]
Whole = NDArray[np.int64]

TRIES = 60  # rounds in which some shifts give their prices back and the others go first
GIVE = 0.15  # the share of shifts that do
STEPS = 6  # small rises of every shift in turn before the last large one
NEAR = 1e-9


@dataclass(frozen=True)
class Coming:
    """One person who would come on a day: one row of the tables. Occupants come on day 0."""

    person: Person
    day: int


@dataclass(frozen=True)
class Fees:
    """The least cost of care of many possible stays at once.

    Each stay on its own is a small problem: choose nurses (``nurses_met`` each) and give every shift of the stay to one of them who is on
    duty (levels of skill missed, and what the load costs at a price). Its dual gives a lower bound: every shift offers an amount, and no
    nurse may be offered more than it costs to meet one. Raising offers in turn is the dual ascent of Erlenkotter (1978), Operations
    Research 26, 992–1009; here for all stays together, shift by shift.
    """

    problem: Problem
    stays: Sequence[Coming]

    @cached_property
    def shifts(self) -> int:
        """Shifts of the horizon."""
        return self.problem.days * len(self.problem.shifts)

    @cached_property
    def duty(self) -> list[Whole]:
        """Who is on duty in each shift, as places in the list of nurses."""
        nurses = self.problem.nurses
        return [np.array([j for j, n in enumerate(nurses) if s in n.most], dtype=np.int64) for s in range(self.shifts)]

    @cached_property
    def most(self) -> Real:
        """What each nurse can bear in each shift; 0 off duty."""
        found = np.zeros((len(self.problem.nurses), self.shifts))
        for j, n in enumerate(self.problem.nurses):
            for s, most in n.most.items():
                found[j, s] = most
        return found

    @cached_property
    def _asked(self) -> tuple[list[Whole], list[Real], list[Real]]:
        """By shift: the stays that are there (rows), the skill each needs, the load each brings."""
        k, days = len(self.problem.shifts), self.problem.days
        skill, load = (np.full((len(self.stays), self.shifts), -1.0) for _ in range(2))
        for row, c in enumerate(self.stays):
            here = slice(c.day * k, min(c.day + c.person.nights, days) * k)
            n = here.stop - here.start
            skill[row, here], load[row, here] = c.person.skill[:n], c.person.load[:n]
        rows = [np.nonzero(load[:, s] >= 0)[0] for s in range(self.shifts)]
        return rows, [skill[r, s] for s, r in enumerate(rows)], [load[r, s] for s, r in enumerate(rows)]

    @cached_property
    def rows(self) -> list[Whole]:
        """The stays that are there in each shift."""
        return self._asked[0]

    @cached_property
    def loads(self) -> list[Real]:
        """The load of each of those."""
        return self._asked[2]

    @cached_property
    def _missed(self) -> list[Real]:
        """By shift, what each nurse on duty costs each stay for skill."""
        has, weight = np.array([n.skill for n in self.problem.nurses]), self.problem.weights.skill_short
        return [weight * np.maximum(0, asked[:, None] - has[duty]) for asked, duty in zip(self._asked[1], self.duty, strict=True)]

    def costs(self, price: Real) -> list[Real]:
        """By shift, what each nurse on duty costs each stay, with the load at a price (nurse × shift)."""
        return [m + load[:, None] * price[d, s] for s, (m, load, d) in enumerate(zip(self._missed, self.loads, self.duty, strict=True))]

    def at(self, price: Real, *, tries: int = TRIES) -> Real:
        """The least cost of each stay (its nurses, skill missed, and load at the price), never more than it would be in any plan."""
        free = self._whole if price.any() else np.zeros(len(self.stays))
        cheapest = np.zeros(len(self.stays))
        for s, rows in enumerate(self.rows):
            if rows.size:
                cheapest[rows] += self.loads[s] * price[self.duty[s], s].min()
        offers = Offers.of(self, self.costs(price))
        offers.improve(tries)
        return np.maximum(free + cheapest, offers.total() if price.any() else self._up(offers.total()))

    @cached_property
    def _whole(self) -> Real:
        return self.at(np.zeros_like(self.most))

    def _up(self, fees: Real) -> Real:
        """Fees up to the next cost that whole nurses and levels of skill can make."""
        unit = math.gcd(self.problem.weights.nurses_met, self.problem.weights.skill_short)
        return np.ceil(fees / unit - 1e-6) * unit if unit else fees

    def borne(self, offers: Offers, often: Real) -> Real:
        """The load that each nurse would bear in each shift, if each stay's shifts were shared among the nurses that its offers reach."""
        found = np.zeros_like(self.most)
        for s in offers.live:
            reached = (offers.costs[s] <= offers.offer[self.rows[s], s][:, None] + NEAR).astype(float)
            found[self.duty[s], s] = (often[self.rows[s]] * self.loads[s] / reached.sum(1)) @ reached
        return found


@dataclass(frozen=True)
class Offers:
    """What every shift of every stay offers (stay × shift), and what each nurse still lacks to be worth meeting (stay × nurse)."""

    fees: Fees
    costs: list[Real]
    live: list[int]
    offer: Real
    lacks: Real

    @classmethod
    def of(cls, fees: Fees, costs: list[Real]) -> Offers:
        """Offers at their least, then raised in small steps and to the full."""
        live = [s for s in range(fees.shifts) if fees.rows[s].size]
        weight = float(fees.problem.weights.nurses_met)
        made = cls(
            fees, costs, live, np.zeros((len(fees.stays), fees.shifts)), np.full((len(fees.stays), len(fees.problem.nurses)), weight)
        )
        for s in live:
            made.offer[fees.rows[s], s] = costs[s].min(axis=1)
        scarce = sorted(live, key=lambda s: fees.duty[s].size)
        for _ in range(STEPS - 1):
            made.rise(scarce, weight / (2 * STEPS))
        made.rise(scarce, math.inf)
        return made

    def rise(self, order: Iterable[int], most: float) -> None:
        """Raise the offers of each shift in turn as far as no nurse is offered more than meeting one costs, by ``most`` at most."""
        for s in order:
            rows, cells = self.fees.rows[s], np.ix_(self.fees.rows[s], self.fees.duty[s])
            now, lacks = self.offer[rows, s], self.lacks[cells]
            over = np.maximum(now[:, None], self.costs[s])
            new = np.minimum((over + lacks).min(axis=1), now + most)
            self.lacks[cells] = lacks - np.maximum(0, new[:, None] - over)
            self.offer[rows, s] = new

    def give_back(self, order: Iterable[int]) -> None:
        """Put the offers of these shifts back to their least."""
        for s in order:
            rows, cells = self.fees.rows[s], np.ix_(self.fees.rows[s], self.fees.duty[s])
            self.lacks[cells] += np.maximum(0, self.offer[rows, s][:, None] - self.costs[s])
            self.offer[rows, s] = self.costs[s].min(axis=1)

    def improve(self, tries: int) -> None:
        """Let some shifts give back what they offer and go last; a stay for which this was no gain is put back."""
        luck: Any = np.random.Generator(np.random.PCG64(0))  # the bound is the same every time
        for _ in range(tries):
            offer, lacks = self.offer.copy(), self.lacks.copy()
            last = luck.random(len(self.live)) < GIVE
            order = luck.permutation(len(self.live))
            self.give_back(s for s, back in zip(self.live, last, strict=True) if back)
            self.rise((self.live[i] for i in (*order[~last[order]], *order[last[order]])), math.inf)
            worse = self.total() < offer.sum(axis=1) - NEAR
            self.offer[worse], self.lacks[worse] = offer[worse], lacks[worse]

    def total(self) -> Real:
        """The least cost of each stay."""
        total: Real = self.offer.sum(axis=1)
        return total
