"""What is left of a budget once the search is over, and how it is shared out among judging, shares and curves."""

from __future__ import annotations

import time

from sandcone.core.lever import Course
from sandcone.improving.search.budget import Budget
from sandcone.improving.search.look import short_share
from sandcone.improving.search.searched import Searched

SEARCH, SHORTEN, JUDGE, SHARES, LINES = 0.6, 0.72, 0.84, 0.94, 1.0
"""Up to which share of the budget each part may go."""


class Purse:
    """What may still be spent: seconds, or full runs, in which an equal seed gives equal answers."""

    def __init__(self, budget: Budget) -> None:
        self.budget, self.begun = budget, time.perf_counter()
        self.spent = 0.0  # full runs
        self.timed, self.took = 0, 0.0  # runs that were made, and the seconds they took

    @property
    def seconds(self) -> float:
        """Seconds since the beginning."""
        return time.perf_counter() - self.begun

    def for_the_search(self) -> Budget:
        """What the search may use."""
        if self.budget.runs is not None:
            return Budget(runs=SEARCH * self.budget.runs)
        assert self.budget.seconds is not None
        return Budget(seconds=max(SEARCH * self.budget.seconds - self.seconds, 0.05 * self.budget.seconds))

    def searched(self, found: Searched, course: Course) -> None:
        """The search is over, and has used so much."""
        self.spent = found.runs + short_share(course) * found.short_runs

    def made(self, runs: int, seconds: float) -> None:
        """So many runs took so long."""
        self.timed, self.took, self.spent = self.timed + runs, self.took + seconds, self.spent + runs

    def affords(self, runs: int, until: float) -> bool:
        """Whether so many full runs more stay within this share of the budget; before any was timed, nobody knows, and they do."""
        if self.budget.runs is not None:
            return self.spent + runs <= until * self.budget.runs
        assert self.budget.seconds is not None
        pace = self.took / self.timed if self.timed else 0.0
        return self.seconds + runs * pace <= until * self.budget.seconds
