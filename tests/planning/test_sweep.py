"""What can be had for what: the weights of each plan, costs in the problem's own weights, and which plans no other beats."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sandcone.core.errors import ProblemError
from sandcone.core.frontier import GROUPS, Frontier, Point, beats, multiplied
from sandcone.core.inpatient import InpatientPlan, Problem, Weights
from sandcone.planning.rules import SHOULD
from sandcone.planning.score import score
from sandcone.planning.sweep import sweep
from tests.planning.wards import WEIGHTS, patient, plan, ward


def point(number: int, *costs: int, broken: int = 0) -> Point:
    """A plan that costs so much in resources, flow and personal fit."""
    resource, flow, personal = costs
    return Point(number=number, times=(1, 1, 1), costs=(resource, flow, personal), broken=broken, plan=InpatientPlan())


def test_every_cost_belongs_to_one_group() -> None:
    assert sorted(rule for rules in GROUPS.values() for rule in rules) == sorted(rule.__name__ for rule in SHOULD)


def test_multiplied_weights_leave_the_other_groups_as_they_are() -> None:
    assert multiplied(WEIGHTS, (1, 4, 1)) == replace(WEIGHTS, delay=68, left_out=76)
    assert multiplied(WEIGHTS, (16, 1, 4)) == Weights(
        mixed_ages=8, skill_short=12, nurses_met=20, overload=112, open_theatre=176, surgeon_moves=208, delay=17, left_out=19
    )


def test_each_plan_is_made_with_other_weights_and_costed_with_the_problems_own() -> None:
    """The planner here waits for day 3 unless delay weighs more than a theatre: then it is day 0."""
    here = ward(patient("Ann"))
    asked: list[Weights] = []

    def planner(problem: Problem) -> InpatientPlan:
        asked.append(problem.weights)
        return plan(("Ann", 0 if problem.weights.delay > 50 else 3, "R1", "T2"))

    told: list[str] = []
    found = sweep(here, planner, points=4, told=told.append)
    assert asked == [multiplied(WEIGHTS, times) for times in ((1, 1, 1), (3, 1, 1), (1, 3, 1), (1, 1, 3))]
    assert [p.costs for p in found.points] == [(11, 51, 5), (11, 51, 5), (11, 0, 5), (11, 51, 5)]
    assert [p.number for p in found.best] == [3]
    assert [p.cost for p in found.points] == [score(here, p.plan).cost for p in found.points]
    assert told == ["plan 1 of 4", "plan 2 of 4", "plan 3 of 4", "plan 4 of 4"]


def test_a_plan_is_best_unless_another_is_nowhere_worse_and_somewhere_better() -> None:
    found = Frontier(points=(point(1, 5, 5, 5), point(2, 4, 6, 5), point(3, 5, 5, 6), point(4, 5, 5, 5), point(5, 1, 1, 1, broken=2)))
    assert [p.number for p in found.best] == [1, 2, 4]
    assert beats((1, 2), (1, 3))
    assert not beats((1, 2), (1, 2))
    assert not beats((0, 4), (1, 3))


def test_the_table_marks_the_best_and_those_that_cannot_be_carried_out() -> None:
    tilted = replace(point(2, 1200, 5, 6), times=(4, 1, 16))
    said = str(Frontier(points=(point(1, 5, 5, 5), tilted, point(3, 1, 1, 1, broken=2)))).splitlines()
    assert said[1].split() == ["*", "1", "as", "it", "is", "5", "5", "5", "15"]
    assert "  2  resource × 4, personal × 16          1,200" in said[2]
    assert said[3].startswith("!   3")
    assert said[3].endswith("cannot be carried out")


@pytest.mark.parametrize("points", [1, 20])
def test_too_few_or_too_many_points_are_refused(points: int) -> None:
    with pytest.raises(ProblemError, match=rf"{points} points. Give 2 to 19"):
        sweep(ward(patient("Ann")), lambda _: plan(), points=points)


def test_ctrl_c_ends_a_sweep_with_the_plans_so_far() -> None:
    left = [plan(), plan(("Ann", 1, "R1", "T2"))]

    def planner(_: Problem) -> InpatientPlan:
        if not left:
            raise KeyboardInterrupt
        return left.pop()

    assert [p.number for p in sweep(ward(patient("Ann")), planner).points] == [1, 2]
    with pytest.raises(KeyboardInterrupt):
        sweep(ward(patient("Ann")), planner)
