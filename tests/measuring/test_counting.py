import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays as numbers
from scipy import stats

from sandcone.core.chance import Luck
from sandcone.measuring.counting import (
    entropy,
    entropy_error,
    expected_xlogx,
    mean_of,
    median_of,
    miller_madow,
    rarefied,
    resampled,
    share_of,
    simpson,
)

COUNTS = st.lists(st.integers(1, 400), min_size=1, max_size=40).map(np.array)


def test_entropy_of_five_three_and_two_is_known_by_hand() -> None:
    counts = np.array([5, 3, 2])
    assert entropy(counts) == pytest.approx(0.5 * math.log(2) + 0.3 * math.log(10 / 3) + 0.2 * math.log(5))
    assert miller_madow(counts) == pytest.approx(entropy(counts) + 2 / 20)
    assert simpson(counts) == pytest.approx(1 - 0.25 - 0.09 - 0.04)


@given(COUNTS)
def test_entropy_lies_between_nought_and_that_of_an_even_spread(counts: np.ndarray) -> None:
    assert 0 <= entropy(counts) <= math.log(counts.size) + 1e-9
    assert entropy(np.full(7, 3)) == pytest.approx(math.log(7))


@given(COUNTS, st.integers(1, 60))
def test_a_smaller_sample_shows_no_more_kinds(counts: np.ndarray, m: int) -> None:
    m = min(m, int(counts.sum()))
    value, error = rarefied(counts, m)
    assert 1 - 1e-9 <= value <= min(m, counts.size) + 1e-9
    assert error >= 0
    assert rarefied(counts, int(counts.sum()))[0] == pytest.approx(counts.size)


def test_two_cases_of_three_and_one_show_one_and_a_half_kinds() -> None:
    assert rarefied(np.array([3, 1]), 2)[0] == pytest.approx(1.5)


def test_rarefying_agrees_with_drawing() -> None:
    counts, rng = np.array([40, 9, 9, 5, 1, 1, 1]), np.random.default_rng(5)
    cases = np.repeat(np.arange(7), counts)
    seen = [np.unique(rng.choice(cases, 20, replace=False)).size for _ in range(4000)]
    value, error = rarefied(counts, 20)
    assert value == pytest.approx(np.mean(seen), abs=0.05)
    assert np.std(seen) <= error


@pytest.mark.parametrize(
    ("rows", "columns"), [([4, 4], [4, 4]), ([7, 2, 1], [6, 3, 1]), ([90, 60, 50], [120, 80]), ([5000, 3000, 9], [6000, 2009])]
)
def test_the_mean_over_all_deals_is_that_of_the_hypergeometric_distribution(rows: list[int], columns: list[int]) -> None:
    n, total = sum(rows), 0.0
    for a in rows:
        for b in columns:
            x = np.arange(2, min(a, b) + 1)
            total += float((stats.hypergeom(n, a, b).pmf(x) * x * np.log(x)).sum())
    assert expected_xlogx(np.array(rows), np.array(columns)) == pytest.approx(total, rel=1e-9, abs=2e-4)


def test_the_mean_over_all_deals_is_what_random_deals_come_to() -> None:
    rng, rows, columns = np.random.default_rng(2), np.array([30, 12, 5, 2, 1, 1, 1]), np.array([25, 20, 7])
    v, x = np.repeat(np.arange(7), rows), np.repeat(np.arange(3), columns)
    dealt = []
    for _ in range(3000):
        joint = np.bincount(v * 3 + rng.permutation(x))
        dealt.append(sum(j * math.log(j) for j in joint if j))
    assert expected_xlogx(rows, columns) == pytest.approx(np.mean(dealt), abs=4 * np.std(dealt) / math.sqrt(3000))


def test_the_large_sample_error_of_an_entropy_agrees_with_drawing_cases_again() -> None:
    counts = np.array([300, 200, 120, 60, 20])
    drawn = np.std([entropy(w) for w in resampled(counts, Luck(seed=3))], ddof=1)
    assert entropy_error(counts) == pytest.approx(drawn, rel=0.15)


def test_many_kinds_are_drawn_fewer_times_but_never_hardly() -> None:
    assert resampled(np.ones(20_000, dtype=int), Luck(seed=1)).shape == (100, 20_000)
    assert resampled(np.ones(3, dtype=int), Luck(seed=1)).shape == (400, 3)
    assert resampled(np.ones(3, dtype=int), Luck(seed=1, draws=30)).shape == (30, 3)


def test_drawing_is_the_same_for_the_same_seed_only() -> None:
    counts = np.array([9, 5, 4])
    assert (resampled(counts, Luck(seed=1)) == resampled(counts, Luck(seed=1))).all()
    assert (resampled(counts, Luck(seed=1)) != resampled(counts, Luck(seed=2))).any()


@given(st.integers(1, 500), st.data())
def test_the_interval_of_a_share_holds_it_and_stays_possible(n: int, data: st.DataObject) -> None:
    estimate = share_of(data.draw(st.integers(0, n)), n)
    assert estimate.low is not None
    assert estimate.high is not None
    assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1


def test_wilsons_interval_of_three_in_ten() -> None:
    estimate = share_of(3, 10)
    assert (estimate.low, estimate.high) == (pytest.approx(0.1078, abs=1e-4), pytest.approx(0.6032, abs=1e-4))


def test_a_mean_from_sums_is_the_mean_of_the_numbers() -> None:
    x = np.array([1.0, 2.0, 4.0, 9.0])
    estimate = mean_of(4, float(x.sum()), float((x**2).sum()), "h", "mean")
    assert estimate.value == 4
    assert estimate.high == pytest.approx(4 + 1.959964 * x.std(ddof=1) / 2)
    assert mean_of(1, 3.0, 9.0, "h", "mean").low is None


@given(numbers(np.float64, st.integers(1, 60), elements=st.floats(0, 1e4)))
def test_a_median_lies_inside_its_interval(hours: np.ndarray) -> None:
    estimate = median_of(np.sort(hours), "median")
    assert estimate.low is not None
    assert estimate.high is not None
    assert estimate.low <= estimate.value <= estimate.high
