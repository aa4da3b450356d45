import pytest

from sandcone.core.chance import Luck
from sandcone.measuring.flow import flow
from tests.measuring.worlds import step, world

LUCK = Luck(seed=1, draws=50)


def test_flow_efficiency_by_time_and_by_patient_differ_as_they_should() -> None:
    rows = [step("a", "x", 0, 2), step("a", "y", 6, 8), step("b", "x", 1, 2), step("b", "y", 2, 3)]
    measures = flow(world(rows), LUCK)
    assert measures["flow_efficiency.from_start"].value == pytest.approx(6 / 10)
    assert measures["flow_efficiency_mean.from_start"].value == pytest.approx((4 / 8 + 1) / 2)
    assert measures["throughput_time.mean"].value == pytest.approx(5)
    assert measures["throughput_time.median"].value == pytest.approx(5)
    assert measures["waiting_time.mean"].value == pytest.approx(2)


def test_only_value_adding_steps_count_and_necessary_ones_are_kept_apart() -> None:
    rows = [step("a", "treat", 0, 3), step("a", "move", 3, 5), step("a", "treat", 9, 10)]
    measures = flow(world(rows, site={"steps": {"treat": "value-adding", "move": "necessary"}}), LUCK)
    assert measures["flow_efficiency.from_start"].value == pytest.approx(4 / 10)
    assert measures["necessary_time.mean"].value == pytest.approx(2)
    assert measures["waiting_time.mean"].value == pytest.approx(4)


def test_the_clock_from_need_starts_before_the_first_step() -> None:
    measures = flow(world([step("a", "x", 4, 6, ready=1), step("a", "y", 8, 9)]), LUCK)
    assert measures["flow_efficiency.from_start"].value == pytest.approx(3 / 5)
    assert measures["flow_efficiency.from_need"].value == pytest.approx(3 / 8)


def test_a_log_of_points_has_throughput_but_no_flow_efficiency_and_says_why() -> None:
    measures = flow(world([step("a", "x", 0, 0), step("a", "y", 7, 7)], starts="none"), LUCK)
    assert measures["throughput_time.mean"].value == pytest.approx(7)
    assert "one time for each step" in (measures.why_missing("flow_efficiency.from_start") or "")


def test_a_case_still_open_is_not_in_the_mean() -> None:
    measures = flow(world([step("a", "x", 0, 5), step("b", "x", 0, 1), step("b", "y", 2, None)]), LUCK)
    assert measures["throughput_time.mean"].value == pytest.approx(5)
    assert measures["throughput_time.mean"].n == 1


def test_where_no_journey_takes_any_time_there_is_no_flow_efficiency() -> None:
    rows = [step("a", "x", 1, 1), step("b", "x", 3, 3)]
    measures = flow(world(rows), LUCK)
    assert [m.name for m in measures if "efficiency" in m.name] == []
    assert "ends the moment it begins" in (measures.why_missing("flow_efficiency.from_start") or "")
    waited = flow(world([step("a", "x", 1, 1, ready=0), step("b", "x", 3, 3, ready=3)]), LUCK)
    assert [m.name for m in waited if m.name.startswith("flow_eff")] == ["flow_efficiency.from_need", "flow_efficiency_mean.from_need"]
    assert (waited["flow_efficiency.from_need"].value, waited.why_missing("flow_efficiency.from_need")) == (0, None)


def test_intervals_hold_the_estimate_and_say_what_was_drawn() -> None:
    rows = [step(f"p{i}", "x", i * 7, i * 7 + 1 + i % 5) for i in range(200)]
    mean = flow(world(rows), LUCK)["throughput_time.mean"]
    assert mean.low is not None and mean.high is not None
    assert mean.low < mean.value < mean.high
    assert mean.method == "bootstrap over days, 50 draws, seed 1"


def test_the_bootstrap_interval_covers_the_true_mean_about_as_often_as_it_says() -> None:
    import numpy as np

    from sandcone.measuring.intervals import ratio, spread

    rng, hits = np.random.default_rng(5), 0
    for i in range(200):
        times = rng.gamma(2.0, 3.0, size=(60, 4)) + rng.normal(0, 1, size=(60, 1))
        low, high = spread(np.column_stack([times.sum(axis=1), np.full(60, 4.0)]), ratio, Luck(seed=i, draws=200))
        hits += low is not None and high is not None and low <= 6.0 <= high
    assert 178 <= hits <= 199
