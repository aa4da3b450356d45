import numpy as np
import pytest

from sandcone.core.chance import Luck
from sandcone.measuring.capability import capability, slope
from tests.measuring.journeys import journeys
from tests.measuring.worlds import step, world

LUCK = Luck(seed=1)


def test_time_that_grows_with_distance_from_the_usual_package_has_a_slope() -> None:
    # usual {a,b}: 1.5 h thrice; {a,b,c}: 2.5 h, a third away
    found = capability(world(journeys({"p": "ab", "q": "ab", "r": "ba", "s": "abc"})), LUCK)
    assert found["robust_process.slope"].value == pytest.approx(1 / (1 / 3))


def test_a_segment_that_is_slower_as_a_whole_is_no_cost_of_variety() -> None:
    rows = journeys({"p": "ab", "q": "ab", "r": "abc"}, sex=dict.fromkeys("pqr", "f"))
    slow = [row | {"end": row["end"] + (row["end"] - row["start"]) * 40} for row in journeys({"s": "cd", "t": "cd", "u": "cde"})]
    slow = [row | {"sex": "m"} for row in slow]
    found = capability(world([*rows, *slow], site={"segment": ["sex"]}), LUCK)
    assert found["robust_process.slope"].value == pytest.approx(3)


def test_the_slope_is_that_of_least_squares_case_by_case() -> None:
    rng = np.random.default_rng(3)
    x, g = rng.choice([0.0, 0.25, 0.5], 200), rng.integers(0, 3, 200)
    t = 5 * g + 2 * x + rng.normal(0, 1 + x, 200)
    ones = np.ones(200, dtype=np.int64)
    design = np.column_stack([x, g == 0, g == 1, g == 2]).astype(float)
    b, *_ = np.linalg.lstsq(design, t, rcond=None)
    bread = np.linalg.inv(design.T @ design)
    white = bread @ (design.T * (t - design @ b) ** 2) @ design @ bread
    found = slope(x, g, ones, t, t**2)
    assert found is not None
    assert found == (pytest.approx(b[0]), pytest.approx(np.sqrt(white[0, 0])))
    key = np.unique(g * 10 + (x * 4).astype(int), return_inverse=True)[1]
    first = np.unique(key, return_index=True)[1]
    summed = [np.bincount(key, weights=w) for w in (ones, t, t**2)]
    assert slope(x[first], g[first], *summed) == (pytest.approx(found[0]), pytest.approx(found[1]))  # type: ignore[arg-type]


def test_the_same_steps_for_all_cost_nothing_that_can_be_seen() -> None:
    assert capability(world(journeys({"p": "ab", "q": "ba"})), LUCK).why_missing("robust_process.slope") is not None


def test_flexibility_counts_the_kinds_of_step_that_each_resource_does() -> None:
    rows = [step("p", "a", 0, 1, "ann"), step("p", "b", 2, 3, "ann"), step("q", "a", 4, 5, "ann"), step("q", "b", 6, 7, "bo")]
    rows += [step("r", "a", 8, 9, "cy", others=["bo"])]
    found = capability(world(rows), LUCK)["robust_process.pool_flexibility"]
    assert (found.value, found.n) == (pytest.approx((2 + 2 + 1) / 3), 3)


def test_a_log_without_resources_has_no_flexibility() -> None:
    assert "no resources" in (capability(world(journeys({"p": "ab"})), LUCK).why_missing("robust_process.pool_flexibility") or "")
