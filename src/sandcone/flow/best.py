"""The best plan so far, kept on disk at all times: whatever ends a search, a whole plan is there."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from sandcone.core.inpatient import InpatientPlan, Problem
from sandcone.core.place import beside
from sandcone.core.score import Score
from sandcone.planning import score
from sandcone.planning.keep import Keep, disturbance
from sandcone.reading import save_inpatient_plan


@dataclass(slots=True)
class Best:
    """The best plan that can be carried out so far, by the independent scorer, and its file if one was named.

    The file changes at one instant from one whole plan to a better one, and is on the disk itself before that. With ``keep`` the price of
    what a plan disturbs counts too.
    """

    problem: Problem
    out: Path | None = None
    keep: Keep | None = None
    plan: InpatientPlan | None = None
    score: Score | None = None
    cost: int = field(default=0, init=False)

    def offer(self, plan: InpatientPlan) -> None:
        """Keep a plan if it can be carried out and is better than the best so far."""
        found = score(self.problem, plan)
        cost = found.cost + (disturbance(self.problem, self.keep, plan) if self.keep is not None else 0)
        if not found.violations and (self.plan is None or cost < self.cost):
            if self.out is not None:
                put(plan, self.problem, self.out)
            self.plan, self.score, self.cost = plan, found, cost  # last, so that what Ctrl-C kept from the disk is offered again


def put(plan: InpatientPlan, problem: Problem, out: Path) -> None:
    """Write a plan so that the file is the old one or the new one, never half of one, even if the machine stops."""
    with beside(out) as part:
        save_inpatient_plan(plan, problem, part)
        with part.open("rb+") as written:
            os.fsync(written.fileno())
