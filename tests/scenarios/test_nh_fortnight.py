"""Two weeks of the heart hospital as a problem to plan: in the numbers of the hospital, the same again, and possible."""

from __future__ import annotations

import pytest

from sandcone.planning.conflict import conflict
from sandcone.scenarios import nh_fortnight


def test_as_many_wait_as_are_operated_in_two_weeks_and_some_more() -> None:
    problem = nh_fortnight(seed=1)
    planned = 4276 * 0.88 * 14 / 365
    assert len(problem.patients) == pytest.approx(planned * 1.15, abs=3)
    assert sum(p.age == 0 for p in problem.patients) == pytest.approx(1467 * 0.88 * 14 / 365 * 1.15, abs=2)


def test_children_lie_with_children_and_private_rooms_are_for_those_who_pay() -> None:
    problem = nh_fortnight(seed=1)
    rooms = {r.name for r in problem.rooms}
    for p in problem.patients:
        fit = rooms - p.unfit_rooms
        assert fit
        assert all(name.startswith("child") == (p.age == 0) for name in fit)
        assert len({"private" in name for name in fit}) == 1


def test_the_same_seed_makes_the_same_two_weeks_and_another_one_others() -> None:
    assert nh_fortnight("ward", seed=3) == nh_fortnight("ward", seed=3)
    assert nh_fortnight("ward", seed=3) != nh_fortnight("ward", seed=4)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_everybody_who_must_be_operated_can_be(seed: int) -> None:
    assert conflict(nh_fortnight(seed=seed), seconds=60) is None
