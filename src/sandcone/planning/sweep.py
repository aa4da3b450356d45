"""What can be had for what: the same problem planned with its weights tilted to resources, to flow, to personal fit, and to two of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sandcone.core.errors import ProblemError
from sandcone.core.frontier import GROUPS, Frontier, Point, multiplied
from sandcone.core.inpatient import InpatientPlan, Problem
from sandcone.planning.score import score

Planner = Callable[[Problem], InpatientPlan]
"""Makes a plan for a problem, such as ``plan_inpatients`` for so many seconds."""

TILTS: tuple[tuple[int, int, int], ...] = tuple(
    (strength if "resource" in tilted else 1, strength if "flow" in tilted else 1, strength if "personal" in tilted else 1)
    for strength in (3, 10, 30)
    for tilted in (("resource",), ("flow",), ("personal",), ("resource", "flow"), ("resource", "personal"), ("flow", "personal"))
)
"""By how much each group's weights are multiplied, the gentle tilts first."""

MOST = 1 + len(TILTS)


def sweep(problem: Problem, planner: Planner, *, points: int = 9, told: Callable[[str], None] = lambda _: None) -> Frontier:
    """Plan a problem with different weights, the first time as it is, and say what each plan costs in resources, flow and personal fit.

    Costs are in the problem's own weights, so that points can be compared. Ctrl-C ends it with the plans so far. ``ProblemError`` unless
    there are 2 to 19 points.
    """
    if not 2 <= points <= MOST:
        raise ProblemError("sweep", f"{points} points", f"Give 2 to {MOST}.")
    found: list[Point] = []
    for number, tilt in enumerate(((1, 1, 1), *TILTS)[:points], 1):
        told(f"plan {number} of {points}")
        try:
            found.append(_point(problem, planner, number, tilt))
        except KeyboardInterrupt:
            if not found:
                raise
            break
    return Frontier(points=tuple(found))


def _point(problem: Problem, planner: Planner, number: int, times: tuple[int, int, int]) -> Point:
    plan = planner(replace(problem, weights=multiplied(problem.weights, times)))
    found = score(problem, plan)
    by_rule = {line.rule: line.cost for line in found.should}
    resource, flow, personal = (sum(by_rule[rule] for rule in rules) for rules in GROUPS.values())
    return Point(number=number, times=times, costs=(resource, flow, personal), broken=found.violations, plan=plan)
