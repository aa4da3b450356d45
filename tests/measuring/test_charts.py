from itertools import pairwise
from typing import Any

import pytest

from sandcone.measuring.charts import charts
from tests.measuring.worlds import step, world

WEEK = 168.0


def weeks(arrivals: list[int], hours: float = 4.0, wait: float = 1.0, slow_from: int = 10**6) -> list[dict[str, Any]]:
    """So many patients each week, on Monday and the days after; two steps with a wait between; thrice as long from a week on."""
    rows = []
    for w, n in enumerate(arrivals):
        scale = 3.0 if w >= slow_from else 1.0
        for i in range(n):
            t, half = w * WEEK + 24 * (i % 7) + 1, hours / 2 * scale
            rows += [step(f"{w}.{i}", "a", t, t + half), step(f"{w}.{i}", "b", t + half + wait, t + 2 * half + wait)]
    return rows


def test_every_whole_week_has_its_arrivals_times_and_limits() -> None:
    arrivals = [7, 9, 8, 10, 7, 9, 8, 10, 9, 8, 7, 9, 10, 1]
    found = charts(world(weeks(arrivals)))
    shown = found.by("xmr.arrivals", "week")
    assert [m.estimate.value for m in shown] == arrivals[:13]  # the last week is not whole: its only patient came on Monday
    assert [m.group["week"] for m in shown[:2]] == ["2024-01-01", "2024-01-08"]
    mean = sum(arrivals[:13]) / 13
    moves = sum(abs(a - b) for a, b in pairwise(arrivals[:13])) / 12
    assert shown[0].estimate.high == pytest.approx(mean + 2.66 * moves)
    assert shown[0].estimate.low == pytest.approx(mean - 2.66 * moves)
    assert {m.estimate.value for m in found.by("xmr.throughput", "week")} == {5.0}
    assert [m.estimate.value for m in found.by("xmr.flow_efficiency", "week")] == pytest.approx([0.8] * 13)
    assert [m.estimate.value for m in found.by("xmr.wait", "week")] == pytest.approx([1.0] * 13)


def test_a_steady_hospital_gives_no_signal_and_a_slower_one_does() -> None:
    assert not [m for m in charts(world(weeks([8] * 16))) if m.name.startswith("xmr_signal")]
    found = charts(world(weeks([8] * 20, slow_from=10)))
    late = {m.group["week"] for m in found.by("xmr_signal.throughput", "week", "rule") if m.group["rule"] == "run of 7"}
    assert "2024-03-18" in late
    assert not found.by("xmr_signal.arrivals", "week", "rule")
    assert not found.by("xmr_signal.wait", "week", "rule")


def test_a_week_without_patients_counts_as_none_and_has_no_times() -> None:
    found = charts(world(weeks([8, 9, 8, 0, 9, 8, 9, 8, 9, 8, 9, 8, 9, 8])))
    assert [m.estimate.value for m in found.by("xmr.arrivals", "week")][3] == 0
    assert "2024-01-22" not in [m.group["week"] for m in found.by("xmr.throughput", "week")]


def test_a_short_log_is_shown_by_day() -> None:
    found = charts(world(weeks([7, 14, 7, 14])))
    shown = found.by("xmr.arrivals", "week")
    assert [m.group["week"] for m in shown][:2] == ["2024-01-02", "2024-01-03"]
    assert len(shown) == 26
    assert "days" in shown[0].note


def test_a_log_of_a_few_days_or_with_moved_dates_has_no_charts() -> None:
    assert "5 whole days" in (charts(world(weeks([7]))).why_missing("xmr.arrivals") or "")
    assert "moved" in (charts(world(weeks([7] * 16), site={"dates_shifted": True})).why_missing("xmr.wait") or "")


def test_patients_scattered_over_centuries_are_suspected_of_moved_dates() -> None:
    rows = [step(str(i), "a", i * 9000.0, i * 9000.0 + 1) for i in range(40)]
    assert "may have been moved" in (charts(world(rows)).why_missing("xmr.arrivals") or "")


def test_unfinished_patients_count_as_arrivals_only_and_that_is_said() -> None:
    rows = [*weeks([8] * 14), step("z", "a", 12 * WEEK + 30, None)]
    found = charts(world(rows))
    last = found.by("xmr.arrivals", "week")[-2]
    assert last.estimate.value == 9
    assert found.by("xmr.throughput", "week")[-2].estimate.n == 8
    assert "1 unfinished" in last.note


def test_a_log_of_single_moments_has_no_flow_efficiency_chart() -> None:
    rows = [row | {"end": row["start"]} for row in weeks([8] * 16)]
    found = charts(world(rows, starts="none"))
    assert "one time for each step" in (found.why_missing("xmr.flow_efficiency") or "")
    assert found.by("xmr.throughput", "week")
