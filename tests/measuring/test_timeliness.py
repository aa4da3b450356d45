import pytest

from sandcone.measuring.timeliness import timeliness
from tests.measuring.worlds import step, world


def test_a_promise_runs_from_the_first_of_one_step_to_the_first_of_the_other() -> None:
    rows = [
        step("a", "triage", 0, 0),
        step("a", "drug", 0.5, 0.5),
        step("a", "drug", 9, 9),
        step("b", "triage", 1, 1),
        step("b", "drug", 4, 4),
        step("d", "triage", 2, 2),
    ]
    found = timeliness(world(rows, site={"promises": [{"name": "drug in time", "from": "triage", "to": "drug", "within_hours": 1.0}]}))
    assert found.get("promise.median", promise="drug in time").value == pytest.approx((0.5 + 3) / 2)
    assert (found.get("promise.within", promise="drug in time").value, found.get("promise.within", promise="drug in time").n) == (0.5, 2)


def test_lateness_counts_early_as_negative_and_first_starts_by_resource_and_day() -> None:
    rows = [
        step("a", "cut", 8.05, 9, "T1", planned=8),
        step("b", "cut", 11, 12, "T1", planned=10),
        step("c", "cut", 7.9, 9, "T2", planned=8),
        step("d", "cut", 24 + 8.2, 24 + 9, "T1", planned=24 + 8),
    ]
    found = timeliness(world(rows))
    assert found["lateness.mean"].value == pytest.approx((0.05 + 1 - 0.1 + 0.2) / 4)
    assert (found["first_start.within_5_min"].value, found["first_start.within_5_min"].n) == (pytest.approx(2 / 3), 3)
    assert found["first_start.within_15_min"].value == 1


def test_cancelled_cases_and_kept_promises_are_shares_of_cases() -> None:
    rows = [step("a", "see", 4, 5, ready=0), step("b", "cancelled", 1, 1), step("d", "see", 2, 3, ready=1)]
    found = timeliness(world(rows, site={"cancelled_steps": ["cancelled"], "promised_hours": 3.0}))
    assert found["cancellation.share"].value == pytest.approx(1 / 3)
    assert found["timeliness.within_promise"].value == pytest.approx(2 / 3)


def test_what_is_not_promised_is_missing_with_what_to_fill_in() -> None:
    found = timeliness(world([step("a", "see", 0, 1)]))
    assert "promised_hours" in (found.why_missing("timeliness.within_promise") or "")
