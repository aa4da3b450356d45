"""A plan as its page sees it: the problem, who is where, the score, and days in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sandcone.core.clock import WEEKDAYS
from sandcone.core.inpatient import Inpatient, InpatientPlan, Problem
from sandcone.core.presence import Person, Presence
from sandcone.core.score import Score
from sandcone.reporting import words

WIDE = 757  # pixels for all days of a board, where that is enough
NARROWEST, WIDEST = 27, 55  # pixels for a day


def wide(days: int) -> int:
    """Pixels for one of so many days."""
    return min(max(NARROWEST, WIDE // days), WIDEST)


def short_day(of: date) -> str:
    """A date without its year: "Thu 5 March"."""
    return f"{WEEKDAYS[of.weekday()]} {of.day} {words.MONTHS[of.month - 1]}"


@dataclass(frozen=True)
class Seen:
    """What the parts of a plan's page ask about."""

    problem: Problem
    plan: InpatientPlan
    score: Score

    @cached_property
    def presence(self) -> Presence:
        """Who is in which room on which day."""
        return Presence(self.problem, self.plan)

    @cached_property
    def left_out(self) -> tuple[Inpatient, ...]:
        """Patients without an admission, in the problem's order."""
        return self.plan.left_out(self.problem)

    @cached_property
    def ranks(self) -> dict[str, int]:
        """Genders in a fixed order, each with its place."""
        people: tuple[Person, ...] = (*self.problem.patients, *self.problem.occupants)
        return {g: i for i, g in enumerate(sorted({p.gender for p in people}))}

    @property
    def wide(self) -> int:
        """Pixels for one day."""
        return wide(self.problem.days)

    @property
    def days(self) -> int:
        """How many days there are."""
        return self.problem.days

    def date(self, day: int) -> date | None:
        """The date of a day, where it is known."""
        return self.problem.date_of(day)

    def day(self, day: int) -> str:
        """A day in words: "Thu 5 March", or "day 3" where no date is known."""
        of = self.problem.date_of(day)
        return f"day {day}" if of is None else short_day(of)

    def shift(self, shift: int) -> str:
        """A global shift in words: "Thu 5 March late"."""
        k = len(self.problem.shifts)
        return f"{self.day(shift // k)} {self.problem.shifts[shift % k]}"

    def stay(self, first: int, after: int) -> str:
        """The days of a stay in words."""
        return self.day(first) if after - first == 1 else f"{self.day(first)} to {self.day(after - 1)}"

    def period(self) -> str:
        """The horizon in words."""
        first, last = self.problem.date_of(0), self.problem.date_of(self.problem.days - 1)
        said = words.count(self.problem.days, "day")
        return said if first is None or last is None else f"{said}, {words.day(first)} to {words.day(last)}"
