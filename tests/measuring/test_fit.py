import math

import pytest

from sandcone.core.estimate import Measures
from sandcone.measuring.counting import gathered
from sandcone.measuring.fit import fit
from tests.measuring.journeys import journeys
from tests.measuring.worlds import step, world

NEEDS = [
    {"attribute": "risk", "values": ["high", "top"], "step": "x", "weight": 2.0},
    {"attribute": "frail", "values": ["yes"], "step": "y"},
]
RISK, FRAIL = {"p": "high", "q": "low", "r": "top", "s": "low"}, {"p": "yes", "q": "no", "r": "no"}


def measured(paths: dict[str, str], needs: list[dict[str, object]] = NEEDS) -> Measures:
    return gathered(fit(world(journeys(paths, risk=RISK, frail=FRAIL), site={"needs": needs})))


def test_care_that_misses_one_need_and_adds_another_fits_as_far_as_both_overlap() -> None:
    found = measured({"p": "ax", "q": "ay", "r": "axy", "s": "a"})
    assert found["fit.mean"].value == pytest.approx((2 / 3 + 0 + 2 / 3) / 3)
    assert found["fit.mean"].n == 3  # s needs and gets nothing of it
    assert found["fit.unmet"].value == pytest.approx((1 / 3 + 0) / 2)
    assert found["fit.excess"].value == pytest.approx((0 + 1 + 1 / 3) / 3)


def test_a_need_is_met_once_however_often_the_step_is_done() -> None:
    assert measured({"p": "axxxy", "r": "xx"})["fit.mean"].value == 1


def test_needs_whose_step_never_occurs_are_not_covered() -> None:
    found = measured({"p": "ax", "q": "a", "r": "ax", "s": "a"})
    assert found["solution_space.need_coverage"].value == pytest.approx(4 / 5)
    assert "never done: y" in [m.note for m in found]


def test_packages_needed_that_nobody_gets_are_unused() -> None:
    # needed: {x,y} by p, {x} by r; delivered: {x}, {y}, {x,y}, {}
    assert measured({"p": "ax", "q": "ay", "r": "axy", "s": "a"})["solution_space.unused_variety"].value == 0
    assert measured({"p": "ax", "q": "ay", "r": "ay", "s": "a"})["solution_space.unused_variety"].value == 1 / 2


def test_variety_needed_is_set_against_variety_delivered() -> None:
    found = measured({"p": "ax", "q": "ax", "r": "axy", "s": "a"})  # needed {x,y} {} {x} {}; delivered {x} {x} {x,y} {}
    need = offer = 0.5 * math.log(2) + 0.5 * math.log(4)
    assert found["solution_space.entropy_ratio"].value == pytest.approx(need / offer)
    assert "the same" in (measured({"p": "ax", "q": "ax"}).why_missing("solution_space.entropy_ratio") or "")


def test_patients_not_finished_are_not_judged_yet() -> None:
    rows = journeys({"p": "axy", "r": "ax"}, risk=RISK, frail=FRAIL)
    rows += [step("t", "a", 0, None, risk="high", frail="no")]
    assert gathered(fit(world(rows, site={"needs": NEEDS})))["fit.unmet"].n == 2


def test_without_needs_the_site_file_is_asked_for() -> None:
    found = gathered(fit(world(journeys({"p": "a"}))))
    assert all("needs in the site file" in m.why for m in found.missing)
    assert len(found.missing) == 6


def test_a_need_by_an_attribute_the_log_does_not_have_is_explained() -> None:
    found = measured({"p": "a"}, [{"attribute": "age", "values": ["9"], "step": "x"}])
    assert "'age'" in (found.why_missing("fit.mean") or "")
