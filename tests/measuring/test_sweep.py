from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandcone.core.chance import Luck
from sandcone.measuring.roster import profile, roster
from sandcone.measuring.sweep import causes, line, overtaken, walk
from sandcone.measuring.usage import usage
from sandcone.measuring.waits import wait_causes, walked
from tests.measuring.worlds import step, world

HOUR = 3_600_000_000
OPEN = {"calendars": {"default": {"shifts": [{"days": ["Mon", "Tue", "Wed"], "from": "08:00", "to": "16:00"}]}}}


def hours_by_cause(rows: list[dict[str, Any]], site: dict[str, object] | None = None) -> dict[str, float]:
    used = usage(world(rows, site=site or OPEN))
    found = wait_causes(used, walked(used, roster(used, profile(used))), Luck(seed=1, draws=0))
    return {m.group["cause"]: m.estimate.value for m in found.by("wait_cause.hours", "cause")}


def test_a_wait_while_the_nurse_has_another_patient_is_busy() -> None:
    rows = [step("a", "see", 9, 12, "nurse", ready=9), step("b", "see", 12, 13, "nurse", ready=10)]
    assert hours_by_cause(rows) == {"busy": 2, "priority": 0, "off shift": 0, "batching": 0, "other": 0}


def test_a_wait_while_a_later_patient_is_taken_first_is_priority() -> None:
    rows = [
        step("a", "see", 9, 12, "nurse", ready=9),
        step("b", "see", 13, 14, "nurse", ready=10),
        step("c", "see", 12, 13, "nurse", ready=11),
    ]
    assert hours_by_cause(rows) == {"busy": 2 + 1 - 1 + 1, "priority": 1, "off shift": 0, "batching": 0, "other": 0}


def test_a_wait_over_night_is_off_shift_and_the_rest_is_other() -> None:
    rows = [step("a", "see", 24 + 9.5, 24 + 10, "nurse", ready=15)]
    assert hours_by_cause(rows) == {"busy": 0, "priority": 0, "off shift": 16, "batching": 0, "other": 2.5}


def test_patients_who_begin_together_waited_for_the_last_of_them() -> None:
    rows = [step("a", "class", 12, 13, "trainer", ready=9), step("b", "class", 12, 13, "trainer", ready=11)]
    site = OPEN | {"capacity": {"trainer": 4}}
    assert hours_by_cause(rows, site) == {"busy": 0, "priority": 0, "off shift": 0, "batching": 2, "other": 1 + 1}


def test_a_ward_is_busy_only_when_its_last_bed_is_taken() -> None:
    rows = [step("a", "stay", 8, 15, "ward"), step("b", "stay", 9, 12, "ward"), step("c", "stay", 13, 14, "ward", ready=10)]
    assert hours_by_cause(rows, OPEN | {"capacity": {"ward": 2}}) == {"busy": 2, "priority": 0, "off shift": 0, "batching": 0, "other": 1}


def test_of_several_resources_the_one_least_free_counts() -> None:
    rows = [step("a", "cut", 9, 13, "theatre"), step("b", "cut", 14, 15, "theatre", ready=10, others=["surgeon"])]
    assert hours_by_cause(rows)["busy"] == 3


def test_waits_without_a_named_resource_are_counted_apart() -> None:
    rows = [step("a", "see", 9, 10, "nurse"), step("a", "move", 12, 13)]
    assert hours_by_cause(rows)["no resource named"] == 2


uses_strategy = st.lists(
    st.tuples(st.sampled_from(["r1", "r2"]), st.integers(0, 40), st.integers(0, 30), st.integers(1, 9)), min_size=1, max_size=14
)


@settings(max_examples=25, deadline=None)
@given(uses_strategy, st.integers(1, 3))
def test_the_walk_agrees_with_looking_at_every_hour(drawn: list[tuple[str, int, int, int]], places: int) -> None:
    rows = [step(f"p{i}", "see", a + w, a + w + d, r, ready=a) for i, (r, a, w, d) in enumerate(drawn)]
    used = usage(world(rows, site=OPEN | {"capacity": {"r1": places, "r2": places}}))
    uses, hours = next(used.parts()), roster(used, profile(used))
    found = causes(walk(used, uses, line(used, uses), hours, walked(used, hours).capacity))
    assert (found >= 0).all()
    assert found.sum(axis=1).tolist() == (uses.t0 - uses.tr).tolist()
    first = int(world(rows).first) // HOUR
    monday = 1704067200_000_000 // HOUR
    assert first >= monday
    for i in range(len(uses)):
        full = idle = 0
        for hour in range(int(uses.tr[i]) // HOUR, int(uses.t0[i]) // HOUR):
            inside = sum(uses.r[j] == uses.r[i] and uses.t0[j] <= hour * HOUR < uses.t1[j] for j in range(len(uses)))
            is_open = (hour - monday) // 24 < 3 and 8 <= hour % 24 < 16
            full += inside >= places
            idle += inside < places and is_open
        assert found[i, :2].sum() == full * HOUR
        assert found[i, 3:].sum() == idle * HOUR


@settings(max_examples=25, deadline=None)
@given(uses_strategy)
def test_overtaking_agrees_with_comparing_every_pair(drawn: list[tuple[str, int, int, int]]) -> None:
    rows = [step(f"p{i}", "see", a + w, a + w + d, r, ready=a) for i, (r, a, w, d) in enumerate(drawn)]
    used = usage(world(rows))
    uses = next(used.parts())
    found = overtaken(uses, line(used, uses).base)
    for i in range(len(uses)):
        jumpers = [j for j in range(i) if uses.r[j] == uses.r[i] and uses.tr[j] > uses.tr[i]]
        assert found[i] == sum(min(uses.t1[j], uses.t0[i]) - uses.t0[j] for j in jumpers)


def test_hours_are_inferred_from_work_seen_and_the_error_is_known() -> None:
    rows = [
        step(f"p{w}{d}{h}", "see", w * 168 + d * 24 + h, w * 168 + d * 24 + h + 1, "nurse")
        for w in range(6)
        for d in range(5)
        for h in range(9, 13)
    ]
    used = usage(world([*rows, step("late", "see", 5 * 168 + 22, 5 * 168 + 24, "nurse")]))
    seen = profile(used)
    kind, hours, error = seen.inferred(0)
    assert kind == "inferred"
    assert np.flatnonzero(hours).tolist() == [d * 24 + h for d in range(5) for h in range(9, 13)]
    assert error == pytest.approx(2 / (6 * 20 + 2))


def test_in_use_by_hour_spreads_a_long_stay_over_every_hour_it_covers() -> None:
    used = usage(world([step("a", "stay", 1.5, 168 + 3.25, "bed")]))
    hours = profile(used).hours.sum(axis=0)[0]
    assert hours[:5].tolist() == pytest.approx([1, 1.5, 2, 1.25, 1])
    assert hours.sum() == pytest.approx(168 + 3.25 - 1.5)
