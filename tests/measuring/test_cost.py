import pytest

from sandcone.core.chance import Luck
from sandcone.measuring.cost import cost
from tests.measuring.worlds import step, world

POOLS = {
    "surgeon": {"resources": ["Rao"], "cost_per_hour": 300.0, "grade": "senior"},
    "fellow": {"resources": ["Ito"], "cost_per_hour": 100.0, "grade": "junior"},
}


def test_a_case_costs_the_hours_of_each_resource_at_its_rate() -> None:
    rows = [step("a", "cut", 0, 2, "Rao", others=["Ito"]), step("b", "close", 2, 3, "Ito"), step("d", "talk", 0, 9)]
    found = cost(world(rows, site={"pools": POOLS}), Luck(seed=1, draws=20))
    assert found["cost.per_case"].value == pytest.approx((2 * 400 + 100) / 3)


def test_work_done_by_juniors_that_a_senior_may_do_is_downshifted() -> None:
    rows = [step("a", "cut", 0, 2, "Rao"), step("b", "cut", 2, 3, "Ito"), step("b", "talk", 3, 9, "Ito")]
    found = cost(world(rows, site={"pools": POOLS, "senior_steps": ["cut"]}), Luck(seed=1, draws=20))
    assert found["task_shifting.downshift_share"].value == pytest.approx(1 / 3)
