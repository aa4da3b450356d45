"""The best plan so far, kept on disk at all times: whatever ends a search, a whole plan is there."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from sandcone.core.inpatient import InpatientPlan, Problem
from sandcone.core.place import beside
from sandcone.core.score import Score
from sandcone.planning import score
from sandcone.planning.keep import Keep, disturbance
from sandcone.reading import save_inpatient_plan

P = TypeVar("P")


class BestSoFar(ABC, Generic[P]):
    """The best plan that can be carried out so far, by an independent scorer, and its file if one was named.

    The file changes at one instant from one whole plan to a better one, and is on the disk itself before that.
    """

    out: Path | None
    plan: P | None
    score: Score | None
    cost: int

    @abstractmethod
    def judged(self, plan: P) -> tuple[Score, int]:
        """A plan's score, and what it costs with what it disturbs."""

    @abstractmethod
    def written(self, plan: P, path: Path) -> object:
        """Write a plan."""

    def offer(self, plan: P) -> None:
        """Keep a plan if it can be carried out and is better than the best so far."""
        found, cost = self.judged(plan)
        if not found.violations and (self.plan is None or cost < self.cost):
            self._keep(plan, found, cost)

    def settle(self, plan: P) -> None:
        """Keep a plan if it can be carried out, in the place of the best so far, whatever it costs."""
        found, cost = self.judged(plan)
        if not found.violations and plan != self.plan:
            self._keep(plan, found, cost)

    def _keep(self, plan: P, found: Score, cost: int) -> None:
        if self.out is not None:
            put(lambda part: self.written(plan, part), self.out)
        self.plan, self.score, self.cost = plan, found, cost  # last, so that what Ctrl-C kept from the disk is offered again


@dataclass(slots=True)
class Best(BestSoFar[InpatientPlan]):
    """The best inpatient plan so far. With ``keep`` the price of what a plan disturbs counts too."""

    problem: Problem
    out: Path | None = None
    keep: Keep | None = None
    plan: InpatientPlan | None = None
    score: Score | None = None
    cost: int = field(default=0, init=False)

    def judged(self, plan: InpatientPlan) -> tuple[Score, int]:
        """A plan's score, and what it costs with what it disturbs."""
        found = score(self.problem, plan)
        return found, found.cost + (disturbance(self.problem, self.keep, plan) if self.keep is not None else 0)

    def written(self, plan: InpatientPlan, path: Path) -> object:
        """Write a plan."""
        return save_inpatient_plan(plan, self.problem, path)


def put(write: Callable[[Path], object], out: Path) -> None:
    """Write a file so that it is the old one or the new one, never half of one, even if the machine stops."""
    with beside(out) as part:
        write(part)
        with part.open("rb+") as written:
            os.fsync(written.fileno())
