import numpy as np
import pytest

from sandcone.measuring.process import process
from tests.measuring.worlds import step, world


def test_patients_in_process_are_counted_by_the_moment() -> None:
    found = process(world([step("a", "stay", 0, 36), step("b", "stay", 12, 18), step("c", "stay", 30, 48)]))
    assert found.get("wip.daily", day="2024-01-01").value == pytest.approx(30 / 24)
    assert found.get("wip.daily", day="2024-01-02").value == pytest.approx((12 + 18) / 24)


def test_littles_law_holds_within_its_error_in_a_steady_hospital() -> None:
    rng = np.random.default_rng(4)
    come, stay = np.sort(rng.uniform(0, 5000, 3000)), rng.gamma(2, 6, 3000)
    found = process(world([step(f"p{i}", "stay", a, a + t) for i, (a, t) in enumerate(zip(come, stay, strict=True))]))
    assert abs(found["wip.little_gap"].value) < 0.05
    assert found["wip.mean"].value == pytest.approx(3000 / 5000 * 12, rel=0.1)


def test_a_patient_still_in_counts_until_the_log_ends() -> None:
    found = process(world([step("a", "wait", 0, None), step("b", "stay", 0, 48)]))
    assert found.get("wip.daily", day="2024-01-02").value == pytest.approx(2)


def test_shifted_dates_have_no_patients_in_process() -> None:
    found = process(world([step("a", "stay", 0, 3)], site={"dates_shifted": True}))
    assert "shifted" in (found.why_missing("wip.mean") or "")
