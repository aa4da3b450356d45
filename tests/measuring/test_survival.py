import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sandcone.measuring.prepare import Prepared
from sandcone.measuring.survival import kaplan_meier, median, restricted_mean, survival, unfinished
from tests.measuring.journeys import journeys
from tests.measuring.worlds import step, world

TIMES = st.lists(st.tuples(st.integers(1, 30), st.booleans()), min_size=1, max_size=60)


def stays(*hours: float, begin: float = 0.0, ending: str = "b") -> list[dict[str, Any]]:
    """One case for each length of stay: a step of an hour's tenth, and one that ends the stay."""
    rows = []
    for i, h in enumerate(hours):
        rows += [step(f"{ending}{begin}{i}", "a", begin, begin + 0.1), step(f"{ending}{begin}{i}", ending, begin + h - 0.1, begin + h)]
    return rows


def over(prepared: Prepared) -> dict[int, bool]:
    return {r["c"]: r["finished"] for r in unfinished(prepared).to_pyarrow().to_pylist()}


def test_remission_times_of_eleven_patients_give_the_published_curve() -> None:
    # the maintained group of Miller (1997), acute myelogenous leukaemia, weeks; + still in remission
    weeks = np.array([9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161], dtype=float)
    ended = np.array([1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0], dtype=bool)
    curve = kaplan_meier(weeks, ended)
    assert curve.share.round(3).tolist() == [0.909, 0.818, 0.716, 0.614, 0.491, 0.368, 0.184]
    assert median(curve)[0] == 31


@given(TIMES.filter(lambda pairs: any(done for _, done in pairs)))
def test_the_curve_falls_and_agrees_with_scipy(pairs: list[tuple[int, bool]]) -> None:
    hours, done = np.array([t for t, _ in pairs], dtype=float), np.array([d for _, d in pairs])
    curve = kaplan_meier(hours, done)
    assert (np.diff(np.concatenate(([1.0], curve.share))) <= 0).all()
    theirs = stats.ecdf(stats.CensoredData.right_censored(hours, ~done)).sf
    assert curve.share == pytest.approx(theirs.evaluate(curve.hours))


@given(st.lists(st.floats(0.1, 1e4), min_size=1, max_size=80))
def test_with_nobody_unfinished_the_median_and_mean_are_the_plain_ones(times: list[float]) -> None:
    hours, done = np.array(times), np.ones(len(times), dtype=bool)
    curve = kaplan_meier(hours, done)
    value, low, high = median(curve)
    assert value == pytest.approx(float(np.median(hours)))
    assert low is None or low <= value * (1 + 1e-12)
    assert high is None or high >= value * (1 - 1e-12)
    mean, error = restricted_mean(curve, hours, done)
    assert mean == pytest.approx(hours.mean())
    assert error == pytest.approx(hours.std() / math.sqrt(hours.size), rel=1e-6, abs=1e-5 * hours.max())


def test_the_limits_of_the_median_are_where_the_curves_limits_cross_one_half() -> None:
    rng = np.random.default_rng(7)
    hours, done = rng.exponential(20, 150).round(1) + 0.1, rng.random(150) < 0.7
    interval = stats.ecdf(stats.CensoredData.right_censored(hours, ~done)).sf.confidence_interval(method="log-log")
    value, low, high = median(kaplan_meier(hours, done))
    for limit, edge in ((low, interval.low), (high, interval.high)):
        assert limit == edge.quantiles[np.flatnonzero(edge.probabilities <= 0.5)[0]]
    assert low is not None
    assert high is not None
    assert low < value < high


def test_a_long_stay_not_over_moves_the_median_and_the_naive_one_does_not_see_it() -> None:
    rows = [*stays(2, 4, 7), step("z", "a", 0, 0.1), step("z", "b", 9, None), step("y", "a", 1, 1.1), step("y", "b", 5, None)]
    found = survival(world(rows))
    # watched: 2, 4, 7 over; z from 0 and y from 1 until the log ends at 9
    assert found["throughput_time.naive_median"].value == 4
    assert found["throughput_time.km_median"].value == 7
    assert found["throughput_time.censoring_gap"].value == 3
    assert found["throughput_time.km_mean"].value == pytest.approx(2 + 0.8 * 2 + 0.6 * 3 + 0.4 * 2)


def test_a_median_that_half_never_reach_is_not_given() -> None:
    rows = [*stays(2), step("z", "a", 0, None), step("y", "a", 0.5, None), step("y", "b", 2.7, None)]
    found = survival(world(rows))
    assert "fewer than half" in (found.why_missing("throughput_time.km_median") or "")
    assert found["throughput_time.naive_median"].value == 2


def test_a_patient_who_has_not_begun_is_watched_from_the_time_of_need() -> None:
    rows = [*stays(2, 3), step("z", "a", None, None, ready=1.5)]
    found = survival(world(rows))
    assert found["throughput_time.km_median"].n == 3
    assert found["throughput_time.km_mean"].value == pytest.approx(2 + 1 / 2 * 1)


def test_declared_end_steps_and_cancellations_decide_who_is_finished() -> None:
    rows = journeys({"p": "ab", "q": "ba", "r": "ax"})
    assert over(world(rows, site={"end_steps": ["b"], "cancelled_steps": ["x"]})) == {0: True, 1: False, 2: True}
    assert over(world(rows)) == {0: True, 1: True, 2: True}


def test_without_end_steps_a_recent_case_at_an_unusual_last_step_is_unfinished() -> None:
    rows = [row for i in range(120) for row in stays(3, begin=i)]
    late = [*stays(3, begin=121), step("recent", "a", 123, 123.5), step("old", "a", 2, 2.5)]
    prepared = world([*rows, *late])
    finished = over(prepared)
    assert len(finished) == 123
    assert [c for c, done in finished.items() if not done] == [122]  # "recent" is last by name; "old" could have gone on long ago


def test_few_older_cases_do_not_say_what_is_usual() -> None:
    assert all(over(world([*stays(3, 3, 4), step("recent", "a", 3.5, 3.9)])).values())


def test_moved_dates_leave_only_what_a_case_says_itself() -> None:
    rows = [*stays(2, 4), step("z", "a", 0, 1), step("z", "b", 3, None), *stays(5, begin=9000)]
    found = survival(world(rows, site={"dates_shifted": True}))
    assert found["throughput_time.naive_median"].value == 4
    assert found["throughput_time.km_mean"].value == pytest.approx(2 + 0.75 * 2 + 0.375 * 1)  # z was last seen at 3
    assert "dates were moved" in next(m.note for m in found if m.name == "throughput_time.km_median")


def test_moved_dates_and_declared_ends_stop_the_clock_at_the_last_moment_of_a_case() -> None:
    rows = [*stays(2), *stays(6, ending="x"), *stays(4, begin=9000)]
    found = survival(world(rows, site={"dates_shifted": True, "end_steps": ["b"]}))
    assert found["throughput_time.censoring_gap"].n == 3
    assert found["throughput_time.km_mean"].value == pytest.approx(2 + 2 / 3 * 2 + 1 / 3 * 2)


def test_nobody_finished_gives_no_number() -> None:
    found = survival(world([step("z", "a", 0, None)]))
    assert [m.name for m in found] == ["cases_unfinished"]
    assert {m.name for m in found.missing} == {f"throughput_time.{x}" for x in ("naive_median", "km_median", "censoring_gap", "km_mean")}
