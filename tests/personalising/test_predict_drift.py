"""An alarm comes seldom where nothing has changed, and soon where more is missed than was promised."""

from __future__ import annotations

import numpy as np
import pytest

from sandcone.personalising.conformal import margin
from sandcone.personalising.drift import rolling, watch


def test_the_sum_goes_up_with_each_miss_and_never_below_nought() -> None:
    found = watch(np.array([False, True, True, False]), 0.2, 99)
    assert found.sums == pytest.approx((0.0, 0.75, 1.5, 1.25))
    assert found.missed == 0.5
    assert watch(np.array([], dtype=bool), 0.1, 99).alarm is None


def test_the_mean_of_the_last_few_goes_along() -> None:
    assert rolling(np.array([True, False, True, True]), 2).tolist() == [0.5, 0.5, 1.0]


@pytest.mark.parametrize("calibrated", [60, 1000])
def test_false_alarms_are_as_rare_as_is_said_where_nothing_has_changed(calibrated: int) -> None:
    """600 hospitals that stay as they are, each with its own margin from so many people: 5 % alarms at most, within Monte Carlo error."""
    luck, alarms = np.random.default_rng(8), 0
    for _ in range(600):
        wide = margin(luck.exponential(size=calibrated), 0.9)
        alarms += watch(luck.exponential(size=250) > wide, 0.1, calibrated).alarm is not None
    assert 0.01 < alarms / 600 < 0.05 + 3 * (0.05 * 0.95 / 600) ** 0.5


def test_twice_as_many_misses_are_noticed() -> None:
    luck = np.random.default_rng(9)
    noticed = [watch(luck.random(400) < 0.25, 0.1, 1000).alarm for _ in range(40)]
    assert sum(x is not None for x in noticed) >= 38
