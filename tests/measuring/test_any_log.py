"""What holds of every log, however small or odd."""

from __future__ import annotations

import math
import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sandcone.core.clock import WEEK
from sandcone.core.estimate import Measures
from sandcone.measuring import measure
from tests.measuring.comparing import Said, different, values
from tests.measuring.worlds import log_of, step

SITE: dict[str, object] = {
    "calendars": {"default": {"shifts": [{"days": ["Mon", "Tue", "Wed", "Thu", "Fri"], "from": "08:00", "to": "17:00"}]}},
    "steps": {"see": "value-adding", "move": "necessary", "hold": "waiting"},
}
NOT_SHARES = ("resource_efficiency", "matrix.re", "matrix.cut_re", "wip.little_gap", "personalization", "modularity.q", "xmr")

one_step = st.tuples(
    st.sampled_from("abcdef"),
    st.sampled_from(["see", "move", "hold"]),
    st.sampled_from(["nurse", "bed", None]),
    st.integers(0, 300),
    st.integers(0, 12),
    st.integers(0, 9),
)
logs = st.lists(one_step, min_size=1, max_size=20, unique_by=lambda s: s[3])
few = settings(max_examples=5, deadline=None, derandomize=True)


def rows_of(drawn: list[tuple[Any, ...]], later: float = 0.0) -> list[dict[str, Any]]:
    """Steps that begin at times of their own; ready some hours before."""
    return [
        step(c, name, later + a + 10, later + a + 10 + d, r, ready=later + a + 10 - w, kind="even" if ord(c) % 2 else "odd")
        for c, name, r, a, d, w in drawn
    ]


def measured(rows: list[dict[str, Any]], draws: int = 0) -> Measures:
    return measure(log_of(rows, site=SITE), seed=1, draws=draws)


@few
@given(logs)
def test_shares_are_shares_and_intervals_hold_their_number(drawn: list[tuple[Any, ...]]) -> None:
    for m in measured(rows_of(drawn), draws=20):
        e = m.estimate
        assert e.unit
        assert isinstance(e.value, float | int), m
        if e.unit == "share" and not m.name.startswith(NOT_SHARES) and e.known:
            assert -1e-9 <= e.value <= 1 + 1e-9, m
        if e.low is not None and e.high is not None and e.known:
            assert e.low - 1e-9 <= e.value <= e.high + 1e-9, m


@few
@given(logs)
def test_a_number_is_there_once_or_missing_and_never_both(drawn: list[tuple[Any, ...]]) -> None:
    found = measured(rows_of(drawn), draws=20)
    assert {m.name for m in found if not m.group} & {x.name for x in found.missing} == set()
    assert len({(m.name, frozenset(m.group.items())) for m in found}) == len(found)


@few
@given(logs)
def test_the_causes_of_waiting_add_up_to_the_waiting(drawn: list[tuple[Any, ...]]) -> None:
    found = measured(rows_of(drawn))
    parts = found.by("wait_cause.hours", "cause")
    if parts:
        assert math.isclose(sum(m.estimate.value for m in parts), found["wait.total"].value, abs_tol=1e-9)
        by_step = found.by("wait_cause.hours", "step", "cause")
        assert math.isclose(sum(m.estimate.value for m in by_step), found["wait.total"].value, abs_tol=1e-9)


@few
@given(logs)
def test_flow_efficiency_from_need_is_never_more_than_from_start(drawn: list[tuple[Any, ...]]) -> None:
    found = measured(rows_of(drawn))
    need, start = found.get("flow_efficiency.from_need"), found.get("flow_efficiency.from_start")
    assert need is None or start is None or 0 <= need.value <= start.value + 1e-9


@few
@given(logs, st.randoms(use_true_random=False))
def test_shuffling_the_rows_changes_nothing(drawn: list[tuple[Any, ...]], luck: random.Random) -> None:
    rows = rows_of(drawn)
    shuffled = rows[:]
    luck.shuffle(shuffled)
    assert different(values(measured(rows, draws=20)), values(measured(shuffled, draws=20))) == []


@few
@given(logs, st.integers(1, 30))
def test_moving_a_log_by_whole_weeks_changes_no_number_without_a_date(drawn: list[tuple[Any, ...]], weeks: int) -> None:
    here, there = (_undated(values(measured(rows_of(drawn, later)))) for later in (0.0, weeks * WEEK / 3.6e9))
    assert different(here, there) == []


def _undated(said: Said) -> Said:
    return {k: v for k, v in said.items() if not any(part.startswith(("day=", "week=", "period=")) for part in k[1:])}


@few
@given(logs)
def test_counts_of_the_parts_of_a_log_add_up_to_those_of_the_whole(drawn: list[tuple[Any, ...]]) -> None:
    rows = rows_of(drawn)
    parts = [measured(part) for low in (True, False) if (part := [r for r in rows if (r["case"] < "d") is low])]
    whole = measured(rows)
    added = ("cases", "steps", "step_cases", "edge.count", "busy_hours", "wait.total", "wait_before.total")
    for m in whole:
        if m.name in added:
            pieces = [p.get(m.name, **m.group) for p in parts]
            assert math.isclose(m.estimate.value, sum(p.value for p in pieces if p), abs_tol=1e-9), m


def test_the_check_of_shuffling_would_notice_a_changed_step() -> None:
    rows = rows_of([("a", "see", "nurse", 1, 2, 0), ("b", "see", "nurse", 5, 3, 1)])
    changed = [rows[0], {**rows[1], "end": rows[1]["start"]}]
    assert different(values(measured(rows)), values(measured(changed))) != []
    assert different(values(measured(rows)), values(measured(rows))) == []
