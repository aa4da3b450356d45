from typing import Any

import pytest

from sandcone.core.chance import Luck
from sandcone.core.estimate import Measures
from sandcone.core.queueing import implied_variability
from sandcone.measuring.matrix import matrix
from sandcone.measuring.resources import worked
from sandcone.measuring.roster import profile, roster
from sandcone.measuring.usage import usage
from sandcone.measuring.waits import walked
from tests.measuring.worlds import step, world

DAY = {"calendars": {"default": {"shifts": [{"days": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], "from": "08:00", "to": "16:00"}]}}}


def measured(rows: list[dict[str, Any]], site: dict[str, object] | None = None, draws: int = 20) -> Measures:
    used = usage(world(rows, site=site or DAY))
    hours = roster(used, profile(used))
    return matrix(used, hours, walked(used, hours).capacity, worked(used, hours), Luck(seed=1, draws=draws))


ROWS = [
    step("a", "see", 8, 10, "nurse", kind="x"),
    step("b", "see", 10, 12, "nurse", ready=8, kind="y"),
    step("b", "scan", 13, 14, "scanner", kind="y"),
]


def test_a_unit_has_busy_over_open_time_beside_value_adding_over_its_waits_and_work() -> None:
    found = measured(ROWS)
    assert found.get("matrix.re", unit="nurse").value == pytest.approx(4 / 8)
    assert found.get("matrix.fe", unit="nurse").value == pytest.approx(4 / 6)
    assert found.get("matrix.fe", unit="scanner").value == pytest.approx(1 / 2)
    assert found.get("v_star", unit="nurse").value == pytest.approx(implied_variability(0.5, 4 / 6))


def test_units_declared_by_step_gather_their_resources() -> None:
    found = measured(ROWS, DAY | {"units": {"see": "clinic", "scan": "clinic"}})
    assert found.get("matrix.re", unit="clinic").value == pytest.approx(5 / 16)
    assert found.get("matrix.fe", unit="clinic").value == pytest.approx(5 / (5 + 2 + 1))


def test_a_segment_has_its_own_flow_and_the_efficiency_of_what_it_uses() -> None:
    found = measured(ROWS, DAY | {"segment": ["kind"]})
    assert found.get("matrix.fe", segment="y").value == pytest.approx(3 / 4)
    assert found.get("matrix.re", segment="y").value == pytest.approx((2 * 4 / 8 + 1 * 1 / 8) / 3)


def test_whole_weeks_are_periods_and_cut_ones_are_left_out() -> None:
    rows = [step(f"p{d}", "see", 24 * d + 9, 24 * d + 10 + d // 7, "nurse") for d in range(3, 25)]
    found = measured(rows)
    assert [m.group["period"] for m in found.by("matrix.re", "period")] == ["2024-01-08", "2024-01-15"]
    assert [m.estimate.value for m in found.by("matrix.re", "period")] == pytest.approx([14 / 56, 21 / 56])


def test_without_resources_there_is_no_matrix_and_a_reason() -> None:
    assert measured([step("a", "x", 0, 1)]).why_missing("matrix.re") == "the log names no resource"
