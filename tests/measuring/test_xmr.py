from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandcone.measuring.counting import Reals
from sandcone.measuring.xmr import (
    RULES,
    Limits,
    Mask,
    a_point_outside_the_limits,
    a_run_on_one_side_of_the_mean,
    a_trend,
    limits,
    two_of_three_near_a_limit,
)


def marked(rule: Callable[[Reals, Limits], Mask], values: list[float]) -> list[int]:
    x = np.array(values, dtype=float)
    return np.flatnonzero(rule(x, limits(x))).tolist()


def test_limits_are_two_point_six_six_mean_moving_ranges_from_the_mean() -> None:
    process = limits(np.array([10.0, 12.0, 11.0, 15.0]))
    assert process.mean == 12
    assert process.high - 12 == pytest.approx(2.66 * (2 + 1 + 4) / 3)
    assert 12 - process.low == pytest.approx(process.high - 12)


@given(st.floats(-1e6, 1e6), st.integers(2, 60))
def test_a_constant_series_gives_no_signal(value: float, periods: int) -> None:
    x = np.full(periods, value)
    assert not any(rule(x, limits(x)).any() for rule in RULES.values())


def test_a_constant_series_with_rounding_in_it_gives_no_signal() -> None:
    x = np.array([0.1 + 0.2, 0.3, 0.3, 0.1 * 3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3])
    assert not any(rule(x, limits(x)).any() for rule in RULES.values())


@given(st.integers(0, 2**32 - 1), st.sampled_from([-1, 1]))
def test_a_planted_shift_is_seen(seed: int, direction: int) -> None:
    x = np.random.default_rng(seed).normal(50, 1, 30)
    x[15:] += direction * 12
    process = limits(x)
    assert a_run_on_one_side_of_the_mean(x, process)[15:].all()


def test_seven_on_one_side_speak_and_six_do_not() -> None:
    assert marked(a_run_on_one_side_of_the_mean, [0, 9, 6, 6, 6, 6, 6, 6, 6, 0, 0, 0, 0]) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert marked(a_run_on_one_side_of_the_mean, [0, 6, 6, 6, 6, 6, 6, 0, 0, 0]) == []


def test_seven_rising_points_speak_and_six_do_not() -> None:
    assert marked(a_trend, [5, 1, 2, 3, 4, 5, 6, 7, 2, 9]) == [1, 2, 3, 4, 5, 6, 7]
    assert marked(a_trend, [5, 2, 3, 4, 5, 6, 7, 2, 9]) == []
    assert marked(a_trend, [9, 8, 7, 6, 5, 4, 3, 9]) == [0, 1, 2, 3, 4, 5, 6]
    assert marked(a_trend, [1, 2, 3, 4, 4, 5, 6, 7]) == []


def test_a_point_far_off_speaks_alone() -> None:
    assert marked(a_point_outside_the_limits, [5, 6, 5, 6, 5, 6, 5, 6, 5, 30, 5, 6, 5, 6, 5, 6]) == [9]


def test_two_of_three_must_be_near_the_same_limit() -> None:
    x = np.array([0.0, 3.0, 0.0, -3.0, 0.0, 3.0, 3.0, 0.0, 0.0])
    process = Limits(mean=0.0, low=-3.9, high=3.9)
    assert np.flatnonzero(two_of_three_near_a_limit(x, process)).tolist() == [5, 6]
    assert two_of_three_near_a_limit(np.array([3.0, 0.0, 3.0]), process).tolist() == [True, False, True]
    assert not two_of_three_near_a_limit(np.array([2.5, 0.0, 2.5]), process).any()
