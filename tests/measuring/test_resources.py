from typing import Any

import pytest

from sandcone.core.chance import Luck
from sandcone.core.estimate import Measures
from sandcone.measuring.measure import measure
from sandcone.measuring.resources import resources, worked
from sandcone.measuring.roster import profile, roster
from sandcone.measuring.usage import usage
from sandcone.measuring.waits import walked
from tests.measuring.worlds import log_of, step, world

DAYS = {"calendars": {"default": {"shifts": [{"days": ["Mon", "Tue"], "from": "08:00", "to": "16:00"}]}}}


def measured(rows: list[dict[str, Any]], site: dict[str, object] | None = None, **facts: Any) -> Measures:
    used = usage(world(rows, site=site or DAYS, **facts))
    seen = profile(used)
    hours = roster(used, seen)
    return resources(used, hours, walked(used, hours).capacity, seen, worked(used, hours), Luck(seed=1, draws=50))


def test_efficiency_is_busy_over_open_hours_of_the_days_in_the_log() -> None:
    found = measured([step("a", "cut", 9, 12, "T1"), step("b", "cut", 24 + 9, 24 + 10, "T1")])
    assert found.get("resource_efficiency", resource="T1").value == pytest.approx(4 / 16)
    assert found.get("resource_efficiency.calendar_24h", resource="T1").value == pytest.approx(4 / 48)


def test_work_after_hours_is_overtime() -> None:
    found = measured([step("a", "cut", 14, 19, "T1")])
    assert found.get("overtime_share", resource="T1").value == pytest.approx(3 / 5)


def test_only_days_used_count_when_the_site_says_so_and_closed_days_never() -> None:
    rows = [step("a", "cut", 9, 12, "T1"), step("b", "cut", 7 * 24 + 9, 7 * 24 + 10, "T2")]
    site = {"calendars": {"default": DAYS["calendars"]["default"] | {"only_days_used": True}}}
    assert measured(rows, site).get("available_hours", resource="T1").value == 8
    closed = {"calendars": {"default": DAYS["calendars"]["default"] | {"closed": ["2024-01-02"]}}}
    assert measured(rows, closed).get("available_hours", resource="T1").value == 16


def test_pools_and_the_whole_weigh_by_open_hours_or_by_cost() -> None:
    rows = [step("a", "cut", 9, 12, "T1"), step("b", "see", 9, 10, "N1")]
    plain = measured(rows)
    assert plain["resource_efficiency.overall"].value == pytest.approx(4 / 16)
    assert plain["resource_efficiency.unweighted"].value == pytest.approx((3 / 8 + 1 / 8) / 2)
    pools = {"theatre": {"resources": ["T1"], "cost_per_hour": 900.0}, "nurse": {"resources": ["N1"], "cost_per_hour": 100.0}}
    costly = measured(rows, DAYS | {"pools": pools})
    assert costly["resource_efficiency.overall"].value == pytest.approx((900 * 3 + 100) / (1000 * 8))
    assert costly.get("resource_efficiency", pool="nurse").value == pytest.approx(1 / 8)
    assert costly["resource_efficiency.bottleneck"].value == pytest.approx(3 / 8)


def test_turnover_is_from_the_exit_of_one_case_to_the_entry_of_the_next_on_a_day() -> None:
    rows = [
        step("a", "prepare", 8, 9, "T1"),
        step("a", "cut", 9, 11, "T1"),
        step("b", "cut", 11.5, 12, "T1"),
        step("c", "cut", 13, 14, "T1"),
        step("d", "cut", 24 + 8, 24 + 9, "T1"),
    ]
    found = measured(rows)
    assert (found["turnover.mean"].value, found["turnover.mean"].n) == (pytest.approx(0.75), 2)


def test_a_ward_of_beds_is_one_resource_with_places() -> None:
    rows = [step("a", "stay", 8, 14, "ward"), step("b", "stay", 8, 12, "ward")]
    found = measured(rows, DAYS | {"capacity": {"ward": 4}})
    assert found.get("resource_efficiency", resource="ward").value == pytest.approx(10 / 32)


def test_the_share_of_work_that_adds_value_is_kept_apart_from_efficiency() -> None:
    rows = [step("a", "cut", 9, 12, "T1"), step("a", "clean", 12, 13, "T1")]
    found = measured(rows, DAYS | {"steps": {"clean": "necessary", "cut": "value-adding"}})
    assert found.get("productive_share", resource="T1").value == pytest.approx(3 / 4)


def test_a_log_without_resources_says_so() -> None:
    assert measured([step("a", "cut", 9, 12)]).why_missing("resource_efficiency.overall") == "the log names no resource"


def test_turnover_takes_all_that_a_case_does_in_a_room_as_one_stay_even_where_cases_overlap() -> None:
    rows = [
        step("a", "prepare", 8, 9, "T1"),
        step("a", "cut", 9, 11, "T1"),
        step("a", "close", 11, 12, "T1"),
        step("b", "prepare", 10.5, 13, "T1"),
    ]
    assert (measured(rows)["turnover.mean"].value, measured(rows)["turnover.mean"].n) == (pytest.approx(-1.5), 1)


def test_resources_of_shifted_dates_were_never_busy_together_and_a_true_log_of_the_same_steps_were() -> None:
    rows = [step("a", "cut", 9, 12, "T1"), step("b", "cut", 12, 13, "T1", ready=10)]
    shifted, true = (measure(log_of(rows, site=DAYS | {"dates_shifted": moved}), seed=1, draws=0) for moved in (True, False))
    for name in ("wait_cause.hours", "resource_efficiency.overall", "matrix.re"):
        assert "shifted" in (shifted.why_missing(name) or "")
        assert true.why_missing(name) is None
    assert shifted.by("busy_hours", "resource") == []
    assert true["resource_efficiency.overall"].value == pytest.approx(4 / 8)


@pytest.mark.parametrize("name", ["A", "M", "Z"])
def test_a_resource_whose_only_use_is_not_over_is_not_busy_and_takes_nothing_from_the_others(name: str) -> None:
    found = measured([step("a", "cut", 9, 12, "B"), step("b", "cut", 9, 10, "N"), step("d", "cut", 9, None, name)])
    assert {r: found.get("busy_hours", resource=r).value for r in sorted({"B", "N", name})} == pytest.approx({"B": 3, "N": 1, name: 0})
