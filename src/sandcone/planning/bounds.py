"""A cost below which no plan can be: how far a plan is from the best at most, without knowing the best."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import astuple, dataclass, field

import numpy as np

from sandcone.core.errors import ProblemError
from sandcone.core.inpatient import Problem
from sandcone.planning.daily import Daily
from sandcone.planning.fees import Coming, Fees, Offers, Real

ROUNDS = 8  # days are chosen again at new prices so often
STEPS = 40  # steps of the prices for the days chosen
PACE = 0.3  # how far a price goes in the first step, as a share of the weight of overload, for a load twice what can be borne
QUICK = 15  # tries at fees while prices are being looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """No plan costs less than ``value``.

    ``done`` says that the relaxation was solved to the end, so that more time would not raise the value. ``days`` is the day of each
    patient (by name) in the relaxation's own best solution, who is not named is left out; empty where it found none in time. These days
    need not be possible: rooms, theatres and nurses are only counted.
    """

    value: int
    seconds: float
    done: bool
    days: dict[str, int] = field(default_factory=dict, repr=False)

    def gap(self, cost: int) -> float:
        """How far a cost is above the bound, as a share of the bound."""
        return (cost - self.value) / self.value if self.value else math.inf if cost else 0.0


def lower_bound(problem: Problem, *, seconds: float, told: Callable[[int], None] | None = None) -> Bound:
    """A cost that no plan for this problem can beat, worked out within so many seconds (about: the last step may overrun a little).

    A relaxation by day: each patient's day with its delay, who is left out, surgeons' and theatres' minutes, theatres opened, beds by
    gender and size of room, and for each person the least that nurses met, skill missed and load can cost. A price on each nurse's load
    in each shift, at most the weight of overload, stands for nurses being shared (Lagrangian relaxation; Fisher 1981, Management Science
    27, 1–18). Ages that mix and surgeons' moves between theatres count nothing. ``told`` hears each better bound. ``ProblemError`` where
    a weight is below 0, or where it is proved that no plan can be carried out.
    """
    if min(astuple(problem.weights)) < 0:
        raise ProblemError("weights", f"a weight of {min(astuple(problem.weights))}", "Give 0 or more: a bound needs costs, not rewards.")
    return _Work(problem, seconds, told).bound()


class _Work:
    def __init__(self, problem: Problem, seconds: float, told: Callable[[int], None] | None) -> None:
        self.problem, self.told, self.daily = problem, told, Daily(problem)
        self.begin, self.seconds = time.perf_counter(), seconds
        self.already = [Coming(o, 0) for o in problem.occupants]
        if not all(self.daily.nursed(c) for c in self.already):
            raise _hopeless(problem)
        self.fees = Fees(problem, [*self.daily.stays, *self.already])
        self.price = np.zeros_like(self.fees.most)
        self.best, self.value = self.price, -math.inf

    def left(self) -> float:
        return self.seconds - (time.perf_counter() - self.begin)

    def bound(self) -> Bound:
        self._prices()
        fees = self.fees.at(self.best)
        answer = self.daily.rows.solved(fees[: len(self.daily.stays)], seconds=self.left(), whole=True)
        if answer.least is None:
            raise _hopeless(self.problem)
        self._hear(answer.least + self._apart(self.best, fees))
        days = {} if answer.columns is None else self._days(answer.columns)
        return Bound(value=self._whole(), seconds=time.perf_counter() - self.begin, done=answer.done, days=days)

    def _prices(self) -> None:
        """Prices on nurses' load that raise the bound without whole numbers: days chosen, prices fitted to them, days chosen again."""
        often = np.zeros(len(self.fees.stays))
        for turn in range(ROUNDS + 1):
            fees = self.fees.at(self.price, tries=QUICK)
            self._hear(self._alone(fees) + self._apart(self.price, fees))
            answer = self.daily.rows.solved(fees[: len(self.daily.stays)], seconds=self.left(), whole=False)
            if answer.least is None:
                raise _hopeless(self.problem)
            if self._hear(answer.least + self._apart(self.price, fees)):
                self.best = self.price
            if answer.columns is None or self.left() < self.seconds / 2 or not self.problem.weights.overload:
                return
            now = np.concatenate([answer.columns[: len(self.daily.stays)], np.ones(len(self.already))])
            often = often + (now - often) / (turn + 1)
            self.price = self._fitted(often, turn)

    def _fitted(self, often: Real, turn: int) -> Real:
        """Prices after some steps towards where no nurse bears more than can be borne."""
        weight, price, over = self.problem.weights.overload, self.price, np.zeros_like(self.price)
        there = np.nonzero(often > 1e-6)[0].tolist()
        fees = Fees(self.problem, [self.fees.stays[i] for i in there])
        for step in range(STEPS):
            over = 0.7 * over + 0.3 * (fees.borne(Offers.of(fees, fees.costs(price)), often[there]) - fees.most)
            pace = PACE * weight / math.sqrt(1 + step + turn * STEPS)
            price = np.clip(price + pace * over / np.maximum(fees.most, 1), 0, weight)
        return price

    def _alone(self, fees: Real) -> float:
        """The least cost of everybody's day when nobody is in the way of anybody: weak, but there at once."""
        least = {p.name: math.inf if p.mandatory else 0.0 for p in self.problem.patients}
        for c, cost, fee in zip(self.daily.stays, self.daily.rows.cost, fees.tolist(), strict=False):
            least[c.person.name] = min(least[c.person.name], cost + fee)
        if math.inf in least.values():
            raise _hopeless(self.problem)
        return sum(least.values())

    def _apart(self, price: Real, fees: Real) -> float:
        """What no day changes: everybody left out, those already there, and the load that nurses can bear at its price."""
        return float(self.daily.all_left_out + fees[len(self.daily.stays) :].sum() - (price * self.fees.most).sum())

    def _hear(self, value: float) -> bool:
        """Whether a bound is better than all before."""
        better, before = value > self.value, self._whole()
        self.value = max(value, self.value)
        if self.told is not None and self._whole() > before:
            self.told(self._whole())
        return better

    def _whole(self) -> int:
        """The bound up to the next cost that whole units of the weights can make; less a hair for rounding in the solver."""
        unit = math.gcd(*astuple(self.problem.weights)) or 1
        return 0 if self.value <= 0 else math.ceil((self.value - 1e-6 * (1 + self.value)) / unit) * unit

    def _days(self, columns: Real) -> dict[str, int]:
        return {c.person.name: c.day for c, x in zip(self.daily.stays, columns[: len(self.daily.stays)].tolist(), strict=True) if x > 0.5}


def _hopeless(problem: Problem) -> ProblemError:
    return ProblemError(
        problem.name, "no plan can be carried out, by days, minutes and beds alone", "Ask which demands are in conflict, and drop one."
    )
