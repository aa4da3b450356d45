"""How sure a difference is when neighbouring days are alike."""

import numpy as np
import pytest

from sandcone.improving.har import Series, gap, level_step, long_run, paired, waves


def series(y: np.ndarray, first: int = 0) -> Series:
    return Series(value=float(y.mean()), pull=y - y.mean(), at=np.arange(first, first + len(y), dtype=float))


def test_the_waves_are_of_length_one_and_know_nothing_of_a_level_or_a_line() -> None:
    found = waves(90)
    assert len(found) == 5
    assert found @ found.T == pytest.approx(np.eye(5), abs=1e-9)
    assert found.sum(axis=1) == pytest.approx(np.zeros(5), abs=1e-9)
    assert found @ np.arange(90.0) == pytest.approx(np.zeros(5), abs=1e-7)


def test_of_independent_days_the_spread_of_one_day_is_found() -> None:
    draw = np.random.default_rng(3)
    found = [long_run(draw.normal(0, 2, 120))[0] for _ in range(400)]
    assert np.mean(found) == pytest.approx(4.0, rel=0.1)


def test_a_line_is_not_taken_for_spread() -> None:
    line = np.linspace(-5, 5, 100)
    assert long_run(line)[0] == pytest.approx(0.0, abs=1e-9)


def test_days_that_come_in_long_runs_are_worth_less() -> None:
    draw = np.random.default_rng(4)
    noise = draw.normal(0, 1, (300, 160))
    alike = np.repeat(noise[:, ::10], 10, axis=1)
    assert np.mean([long_run(x - x.mean())[0] for x in alike]) > 3 * np.mean([long_run(x - x.mean())[0] for x in noise])


def test_a_step_is_found_beside_a_line_and_a_line_is_no_step() -> None:
    days = np.arange(200.0)
    line = 3 + 0.1 * days
    assert level_step(series(line[:90]), series(line[90:], 90)).value == pytest.approx(0.0, abs=1e-9)
    stepped = line + np.where(days >= 90, 7.0, 0.0)
    assert level_step(series(stepped[:90]), series(stepped[90:], 90)).value == pytest.approx(7.0)


def test_the_gap_of_two_means_has_the_spread_of_both() -> None:
    draw = np.random.default_rng(5)
    hits = sum(gap(series(draw.normal(0, 1, 60)), series(draw.normal(0, 3, 80))).p <= 0.05 for _ in range(600))
    assert 0.02 < hits / 600 < 0.085


def test_pairs_of_runs_are_compared_pair_by_pair() -> None:
    found = paired(np.array([1.0, 2.0, 3.0]))
    assert found.value == pytest.approx(2.0)
    assert found.error == pytest.approx(1 / np.sqrt(3))
    assert found.limits() == pytest.approx((2 - 4.303 / np.sqrt(3), 2 + 4.303 / np.sqrt(3)), abs=1e-3)


def test_runs_that_are_the_same_differ_by_nothing_for_sure() -> None:
    assert paired(np.zeros(4)).p == 1.0
    assert paired(np.full(4, 0.5)).p == 0.0
