"""A log as periods: what is counted to which day, who is left out, and what cannot be."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from sandcone.core.errors import EmptyError
from sandcone.core.log import EventLog
from sandcone.core.registered import Registered
from sandcone.measuring.periods import periods
from tests.measuring.worlds import MONDAY, log_of, step

ALL = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
OPEN = {"calendars": {"default": {"shifts": [{"days": ALL, "from": "08:00", "to": "16:00"}]}}, "steps": {"see": "value-adding"}}
SITE = OPEN | {
    "pools": {"nurses": {"resources": ["nurse"], "cost_per_hour": 30.0}, "doctors": {"resources": ["doctor"], "cost_per_hour": 90.0}}
}
FIRST = MONDAY.toordinal() - date(1970, 1, 1).toordinal()


def day(d: int, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    """Two patients on one day: the nurse sees one for 2 hours, the doctor the other for 1 after a wait of 3."""
    h = 24 * d
    nurse = step(f"n{d}", "see", h + 9, h + 11, "nurse", ready=h + 9, kind="x", who="Ann")
    return [nurse, step(f"d{d}", "see", h + 12, h + 13, "doctor", ready=h + 9, kind="y", who=f"other {d}"), *rows]


def log(days: int = 10, *more: dict[str, Any], site: dict[str, object] | None = None) -> EventLog:
    rows = [row for d in range(days) for row in day(d)]
    return log_of([*rows, *more], site=site or SITE)


def test_days_have_busy_and_open_hours_by_cost_and_patients_their_own_hours() -> None:
    (found,) = periods(log(), Registered(), facts=("kind",))
    assert found.days.tolist() == list(range(FIRST, FIRST + 10))
    assert found.busy == pytest.approx(np.full(10, 2 * 30 + 1 * 90))
    assert found.open == pytest.approx(np.full(10, 8 * (30 + 90)))
    assert sorted(zip(found.t.tolist(), found.va.tolist(), found.wait.tolist(), found.work.tolist(), strict=True))[0] == (
        2.0,
        2.0,
        0.0,
        60.0,
    )
    assert sorted(zip(found.t.tolist(), found.va.tolist(), found.wait.tolist(), found.work.tolist(), strict=True))[-1] == (
        4.0,
        1.0,
        3.0,
        90.0,
    )
    assert {x: int((found.facts["kind"] == x).sum()) for x in "xy"} == {"x": 10, "y": 10}


def test_units_are_stages_with_their_places() -> None:
    (found,) = periods(log(), Registered())
    stage = found.stages["doctors"]
    assert (stage.va[0], stage.t[0], stage.busy[0], stage.open[0], stage.places) == pytest.approx((1.0, 4.0, 1.0, 8.0, 1))


def test_a_date_parts_a_log_and_its_day_belongs_to_what_comes_after() -> None:
    one, two = periods(log(), Registered(), at=date(2024, 1, 5))
    assert (len(one.days), len(two.days)) == (4, 6)
    assert (one.cases, two.cases) == (8, 12)


def test_who_has_not_left_is_counted_apart() -> None:
    (found,) = periods(log(10, step("z", "see", 24 * 3 + 9, None, "nurse", kind="x", who="Zed")), Registered())
    assert (found.cases, found.unfinished) == (20, 1)


def test_the_last_days_in_which_only_short_journeys_are_over_are_left_out() -> None:
    (found,) = periods(log(20), Registered(follow_up_days=3))
    assert len(found.days) == 17


def test_coming_back_is_known_by_who_and_unknown_near_the_end() -> None:
    (found,) = periods(log(10), Registered(returns_of="who", return_days=2))
    harm = found.harms["returned within 2 days"]
    ann = harm[found.t == 2.0]
    assert ann[:8].tolist() == [1.0] * 8  # every day again
    assert np.isnan(ann[8:]).all()  # her two days are not over, though once she is back already: those who are not would be missing
    assert harm[found.t == 4.0][:7].tolist() == [0.0] * 7


def test_bad_steps_and_cancellations_are_harms() -> None:
    bad = [step("n1", "again", 24 + 12, 24 + 13, "nurse", kind="x", who="Ann"), step("d2", "cancel", 64, 64, "nurse", kind="y", who="B")]
    (found,) = periods(log(10, *bad, site=SITE | {"cancelled_steps": ["cancel"]}), Registered(bad_steps=("again",)))
    assert (found.harms["again"].sum(), found.harms["cancelled"].sum()) == (1.0, 1.0)


def test_a_bad_step_that_never_came_happened_to_nobody_and_is_named() -> None:
    (found,) = periods(log(), Registered(bad_steps=("again",)))
    assert found.harms["again"].tolist() == [0.0] * 20
    assert any("No step is called 'again'" in said for said in found.notes)


def test_fit_to_needs_is_of_the_patients_of_the_period() -> None:
    site = SITE | {"needs": [{"attribute": "kind", "values": ["x"], "step": "see"}, {"attribute": "kind", "values": ["y"], "step": "scan"}]}
    (found,) = periods(log(10, site=site), Registered())
    assert found.fit is not None
    assert found.fit.value == pytest.approx(0.5)  # x has what it needs and nothing else; y has not


def test_what_makes_a_verdict_impossible_is_said() -> None:
    with pytest.raises(EmptyError, match=r"no days on both sides .* from 2024-01-02 to 2024-01-10"):
        periods(log(), Registered(), at=date(2023, 1, 1))
    with pytest.raises(EmptyError, match="no attribute 'nobody'"):
        periods(log(), Registered(returns_of="nobody"))
    with pytest.raises(EmptyError, match="names no resource"):
        periods(log_of([step("a", "see", 9, 10), step("b", "see", 9, 11)]), Registered())
    with pytest.raises(EmptyError, match="one time for each step"):
        periods(log_of([step("a", "see", 9, 9, "nurse")], starts="none"), Registered())


def test_an_extract_by_arrival_is_told_from_a_whole_log() -> None:
    late = step("n9", "see", 24 * 40, 24 * 40 + 1, "nurse", kind="x", who="Ann")
    (found,) = periods(log(10, late), Registered())
    assert any("extract" in said for said in found.notes)
    assert found.extract
    assert found.days[-1] == FIRST + 9
    assert not any("extract" in said for said in periods(log(), Registered())[0].notes)
