"""What a plan costs, by rule, worked out from the plan alone, so that no planner marks its own work."""

from __future__ import annotations

from sandcone.core.inpatient import InpatientPlan, Problem
from sandcone.core.presence import Presence
from sandcone.core.score import Broken, Line, Score
from sandcone.planning.rules import MUST, SHOULD

__all__ = ["Line", "Score", "score"]


def score(problem: Problem, plan: InpatientPlan) -> Score:
    """What a plan breaks and what it costs, by rule; ``ProblemError`` where the plan names what the problem does not have.

    Units are each rule's own (minutes, people, days, …); the cost is their weighted sum (Ceschia et al. 2025, section 3).
    """
    seen = Presence(problem, plan.fits(problem))
    must = tuple(_line(rule.__name__, rule.__doc__ or "", tuple(rule(seen)), None) for rule in MUST)
    should = tuple(_line(rule.__name__, rule.__doc__ or "", tuple(rule(seen)), weight(problem.weights)) for rule, weight in SHOULD.items())
    return Score(must=must, should=should)


def _line(name: str, says: str, broken: tuple[Broken, ...], weight: int | None) -> Line:
    return Line(rule=name, says=says.partition(" [")[0].rstrip("."), by=sum(b.by for b in broken), weight=weight, broken=broken)
