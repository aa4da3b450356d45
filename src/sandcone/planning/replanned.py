"""A plan made again after something changed: what it costs, what moved, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sandcone.core.inpatient import InpatientPlan, Problem
from sandcone.core.saying import many
from sandcone.core.score import Score
from sandcone.planning.found import Found
from sandcone.planning.keep import Disturbance
from sandcone.planning.moved import Why

SHOWN = 40  # patients listed with their reasons


@dataclass(frozen=True, kw_only=True)
class Replanned:
    """The new plan for the changed problem, its score, who moved and why, and what that disturbance came to at its price.

    ``before`` is the score of the plan before, of the problem before; ``nurses`` counts the rooms and shifts that have another nurse,
    ``ill`` those of them whose nurse is no longer on duty. Print it for the words.
    """

    problem: Problem = field(repr=False)
    plan: InpatientPlan = field(repr=False)
    before: Score = field(repr=False)
    score: Score
    moved: tuple[Why, ...]
    nurses: int
    ill: int
    price: Disturbance
    found: Found

    def as_json(self) -> dict[str, object]:
        """Plain values: costs, disturbance, everybody who moved and why, and the nurses."""
        return {
            "schema": 1,
            "cost": self.score.cost,
            "violations": self.score.violations,
            "cost_before": self.before.cost,
            "disturbance": self.found.disturbance,
            "moved": [w.as_json() for w in self.moved],
            "nurses": {"another": self.nurses, "off_duty": self.ill},
        }

    def __str__(self) -> str:
        return "\n".join([self._headline(), *self._moved(), *self._nurses()])

    def _headline(self) -> str:
        early = ", stopped early" if self.found.interrupted else ""
        cost = f"Cost {self.score.cost:,} (before the change {self.before.cost:,}), and {self.found.disturbance:,} for what is disturbed"
        return f"{cost}; {self.found.seconds:.1f} s, {many(self.found.cores, 'core')}, seed {self.found.seed}{early}."

    def _moved(self) -> Iterator[str]:
        if not self.moved:
            yield "Every patient keeps their day, room and theatre."
            return
        forced = sum(w.forced for w in self.moved)
        have = "has" if len(self.moved) == 1 else "have"
        yield f"{many(len(self.moved), 'patient')} {have} another place, {forced:,} of them because they had to:"
        shown = sorted(self.moved, key=lambda w: not w.forced)
        yield from (f"  {w}" for w in shown[:SHOWN])
        if len(shown) > SHOWN:
            yield f"  and {len(shown) - SHOWN:,} more; --json lists them all"

    def _nurses(self) -> Iterator[str]:
        if self.nurses:
            ill = f", {self.ill:,} of them because the one before is off duty" if self.ill else ""
            yield f"{self.nurses:,} rooms and shifts have another nurse{ill}."
