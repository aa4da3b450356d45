"""Intervals hold the truth as often as they say, in each segment; too few people give no limit."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sandcone.personalising.conformal import margin, margins, scores, widened


def test_the_margin_is_the_score_that_so_many_of_n_and_one_more_do_not_pass() -> None:
    nine = np.array([9.0, 1, 8, 2, 7, 3, 6, 4, 5])
    assert margin(nine, 0.9) == 9.0
    assert margin(nine, 0.5) == 5.0
    assert margin(nine, 0.91) == math.inf
    assert margin(np.array([]), 0.5) == math.inf


def test_a_person_who_counts_twice_is_two() -> None:
    score, weight = np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 1.0, 3.0, 1.0])
    assert margin(score, 0.6, weight) == 3.0
    assert margin(score, 0.2, weight) == 2.0


def test_a_score_is_how_far_the_truth_lies_outside_and_below_nought_inside() -> None:
    guess = np.array([[2.0, 3.0, 7.0]] * 4)
    assert scores(guess, np.array([1.0, 9.5, 3.0, 6.0])).tolist() == [1.0, 2.5, -1.0, -1.0]


def test_a_prediction_that_is_always_right_has_intervals_of_no_width() -> None:
    truth = np.arange(50.0)
    guess = np.column_stack([truth, truth, truth])
    found = margins(scores(guess, truth), np.full(50, "a", dtype=object), 0.9)
    assert widened(guess, found.of(np.full(50, "a", dtype=object))).tolist() == guess.tolist()


def test_the_value_stays_inside_an_interval_that_is_made_narrower() -> None:
    assert widened(np.array([[1.0, 3.0, 9.0]]), np.array([-5.0])).tolist() == [[3.0, 3.0, 4.0]]


def test_a_segment_of_few_people_has_the_margin_of_everybody() -> None:
    segment = np.array(["many"] * 50 + ["few"] * 10, dtype=object)
    found = margins(np.concatenate([np.full(50, 1.0), np.full(10, 5.0)]), segment, 0.9)
    assert found.of(np.array(["many", "few", "never seen"], dtype=object)).tolist() == [1.0, 5.0, 5.0]
    assert list(found.segments) == ["many"]


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_new_people_of_every_segment_lie_inside_as_often_as_is_said(share: float) -> None:
    """Mean over 600 draws of the calibration: within four standard errors of the exact law (k / (n + 1)), where segments differ tenfold."""
    luck, n, inside = np.random.default_rng(4), 60, {"a": list[float](), "b": list[float]()}
    segment = np.array(["a"] * n + ["b"] * n, dtype=object)
    wide = np.array([1.0] * n + [10.0] * n)
    for _ in range(600):
        found = margins(luck.exponential(size=2 * n) * wide, segment, share)
        inside["a"].append(1 - math.exp(-found.segments["a"]))
        inside["b"].append(1 - math.exp(-found.segments["b"] / 10))
    exact = math.ceil((n + 1) * share) / (n + 1)
    for name in inside:
        assert np.mean(inside[name]) == pytest.approx(exact, abs=4 * np.std(inside[name]) / math.sqrt(600))


def test_one_margin_for_all_would_not_hold_in_each_segment() -> None:
    luck = np.random.default_rng(5)
    both = margins(luck.exponential(size=800) * np.repeat([1.0, 10.0], 400), np.full(800, "all", dtype=object), 0.9)
    assert 1 - math.exp(-both.everybody) > 0.99
    assert 1 - math.exp(-both.everybody / 10) < 0.85
