"""Days for a file that has none: its sessions are laid out in order, on their own weekday where the file tells it."""

from __future__ import annotations

from collections.abc import Sequence

from sandcone.core.errors import InputError
from sandcone.reading.columns import Dates
from sandcone.reading.scratch import Scratch, ident
from sandcone.reading.source import Blanks, Source
from sandcone.reading.times import Written

MADE_DAY = "made day"
FIRST_MONDAY = "DATE '2001-01-01'"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def add_days(scratch: Scratch, source: Source, dates: Dates, blanks: Blanks, of_day: Sequence[Written]) -> str:
    """Give every row a made day by its session number; the sentence to tell the reader."""
    number = blanks.text(source.column("dates.day_number", dates.day_number or ""))
    weekday = blanks.text(source.column("dates.weekday", dates.weekday)) if dates.weekday else None
    _sessions(scratch, source, number, weekday, of_day)
    scratch.run(f"ALTER TABLE {source.relation} ADD COLUMN IF NOT EXISTS {ident(MADE_DAY)} VARCHAR")
    days = f'(SELECT session AS "made session", day AS "made on" FROM {scratch.name("days")})'
    scratch.run(f'UPDATE {source.relation} SET {ident(MADE_DAY)} = "made on"::VARCHAR FROM {days} WHERE "made session" = {number}')
    kept = "weekdays and times of day are true" if weekday else "times of day are true, weekdays are not"
    return (
        f"{source.where} has no dates: the days were made from {dates.day_number!r}, in order, beginning on 1 January 2001; "
        f"{kept}, dates and the gaps between days are not"
    )


def _sessions(scratch: Scratch, source: Source, number: str, weekday: str | None, of_day: Sequence[Written]) -> None:
    """One row a session, with its made day. Two sessions share a day if the weekday is the same and one follows the other in it."""
    clock = [f"try_cast(regexp_replace({w.sql}, '^(\\d):', '0\\1:') AS TIME)" for w in of_day]
    first, last = (f"least({', '.join(f'min({c})' for c in clock)})", f"greatest({', '.join(f'max({c})' for c in clock)})")
    day = f"mode({_weekday_number(weekday)})" if weekday else "NULL::INTEGER"
    sessions = scratch.make("sessions", f"""
        SELECT {number} AS session, {day} AS weekday, {first} AS opens, {last} AS closes
        FROM {source.relation} WHERE {number} IS NOT NULL GROUP BY ALL""")  # fmt: skip
    if weekday and scratch.one(f"SELECT count(*) FROM {sessions} WHERE weekday IS NULL"):
        raise InputError(source.where, "the weekday column has words that are no weekday", "Leave dates.weekday out, or correct it")
    steps = f"(weekday - lag(weekday, 1, 0) OVER {ORDER} + 7) % 7" if weekday else "CASE WHEN lag(session) OVER o IS NULL THEN 0 ELSE 1 END"
    same = (
        f"CASE WHEN lag(closes) OVER {ORDER} >= opens AND {steps} = 0 THEN 7 ELSE {steps} END"
        if weekday
        else steps.replace("o IS", f"{ORDER} IS")
    )
    scratch.make("days", f"""
        SELECT session, {FIRST_MONDAY} + (sum(ahead) OVER {ORDER})::INTEGER AS day
        FROM (SELECT session, {same} AS ahead FROM {sessions})""")  # fmt: skip


ORDER = "(ORDER BY try_cast(session AS DOUBLE), session)"


def _weekday_number(weekday: str) -> str:
    names = ", ".join(f"'{d}'" for d in WEEKDAYS)
    return f"nullif(list_position([{names}], lower({weekday})[:3]), 0) - 1"
