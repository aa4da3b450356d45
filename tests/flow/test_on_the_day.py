"""What patients see of a booking: the wait on the day, and whether a step begins when they were told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import ibis
import pyarrow as pa
import pytest

from sandcone.core.log import ROLES, EventLog
from sandcone.flow.on_the_day import on_the_day

MONDAY = datetime(2024, 1, 1)
TIMES = ("ready", "planned", "start", "end")


def log(*rows: tuple[str, str, float, float | None, float | None], zone: str | None = None) -> EventLog:
    """Case, step, and the hours since Monday midnight UTC of need, of what was told and of the start."""
    found: list[dict[str, Any]] = []
    for i, (case, step, *hours) in enumerate(rows):
        ready, planned, start = (None if h is None else MONDAY + timedelta(hours=h) for h in hours)
        end = None if start is None else start + timedelta(minutes=6)
        found.append({"row": i, "case": case, "step": step, "ready": ready, "planned": planned, "start": start, "end": end})
    types = {"row": pa.int64(), "case": pa.string(), "step": pa.string(), **{t: pa.timestamp("us") for t in TIMES}}
    table = pa.Table.from_pylist(found, pa.schema(list(types.items())))
    rest = {"resource": pa.string(), "others": pa.list_(pa.string()), "estimated": pa.bool_()}
    for name, kind in rest.items():
        table = table.append_column(name, pa.nulls(len(table), kind))
    assert set(table.column_names) == set(ROLES)
    return EventLog(table=ibis.memtable(table), has_ready=True, zone=zone)


def test_a_wait_begins_with_the_need_or_at_the_time_told_or_when_the_house_opens_whichever_is_last() -> None:
    found = on_the_day(
        log(
            ("need", "A", 9.0, None, 9.5),
            ("told", "A", 9.0, 34.0, 34.2),
            ("to the minute", "A", 9.0, 34.0, 34.0),
            ("over night", "A", 20.0, None, 33.25),
            ("at night", "A", 2.0, None, 3.0),
            ("late", "A", 11.0, 10.0, 13.0),
        )
    )
    waited = {"need": 0.5, "told": 0.2, "to the minute": 0.0, "over night": 1.25, "at night": 0.0, "late": 2.0}
    assert {n: round(s.waited, 6) for n, s in found.items()} == waited


def test_an_appointment_is_in_time_up_to_a_quarter_of_an_hour_and_the_first_of_a_step_counts() -> None:
    rows = (("Ann", "A", 9.0, 10.0, 10.25), ("Ann", "B", 9.0, 11.0, 11.3), ("Ann", "A", 30.0, 10.0, 33.0), ("Ann", "C", 40.0, None, 40.0))
    found = on_the_day(log(*rows))["Ann"]
    assert (found.told, found.in_time, found.days) == (2, 1, 2)


def test_days_are_those_of_the_hospitals_clock_and_a_step_that_never_began_is_no_visit() -> None:
    rows = (("Ann", "A", 17.0, None, 18.0), ("Ann", "B", 18.5, None, 19.0), ("Bo", "A", 9.0, None, None))
    assert on_the_day(log(*rows)).keys() == {"Ann"} and on_the_day(log(*rows))["Ann"].days == 1
    east = on_the_day(log(*rows, zone="Asia/Kolkata"))["Ann"]
    assert east.days == 2 and east.waited == pytest.approx(1.0)  # 23:30 and 00:30 there; who waits past midnight waits at home


def test_a_log_without_a_start_has_nothing_to_see() -> None:
    assert on_the_day(log(("Ann", "A", 9.0, None, None))) == {}
