"""Starts that nobody wrote down: estimated from what had to end first, marked as estimates, or left as points in time."""

from __future__ import annotations

from sandcone.core.log import Starts
from sandcone.reading.scratch import Scratch, literal

END = '"end"'


def fill_starts(scratch: Scratch, zone: str | None, *, dates_shifted: bool) -> tuple[Starts, str]:
    """Fill in missing starts in ``steps``; what the log's starts are now worth, and the sentence that says so.

    A step is taken to start when the case's step before it had ended and its resource was free: the later of the two
    ends [enabled time and the resource's last end], never after its own end. Without a resource, or where the dates of
    cases were shifted against each other, a step without a start is a point in time.
    """
    seen, gaps, named = scratch.run(f"""
        SELECT count(*) FILTER (start IS NOT NULL), count(*) FILTER ("end" IS NOT NULL AND start IS NULL),
            count(*) FILTER ("end" IS NOT NULL AND start IS NULL AND len(res) > 0)
        FROM {scratch.name('steps')} WHERE reason IS NULL""")[0]  # fmt: skip
    possible = named and not dates_shifted
    if gaps:
        _estimate(scratch, zone) if possible else _points(scratch)
    else:
        scratch.run(f"ALTER TABLE {scratch.name('steps')} ADD COLUMN estimated BOOLEAN DEFAULT false")
    guessed = (
        int(scratch.one(f"SELECT count(*) FROM {scratch.name('steps')} WHERE estimated AND reason IS NULL")) if gaps and possible else 0
    )
    return _verdict(int(seen), int(gaps), guessed, dates_shifted)


def _verdict(seen: int, gaps: int, guessed: int, dates_shifted: bool) -> tuple[Starts, str]:
    if not gaps:
        return "seen", ""
    of = f"{guessed:,} of {seen + gaps:,} starts were estimated: the later of the end of the case's step before and the resource's last end"
    if guessed:
        points = f"; {gaps - guessed:,} steps without a start are points in time" if gaps > guessed else ""
        return ("partly" if seen else "estimated"), of + points
    why = (
        "the dates of cases were shifted against each other" if dates_shifted else "no resource is named from which they could be estimated"
    )
    return ("partly" if seen else "none"), f"{gaps:,} of {seen + gaps:,} steps have no start and {why}: each is a point in time"


def _points(scratch: Scratch) -> None:
    scratch.run(f"ALTER TABLE {scratch.name('steps')} ADD COLUMN estimated BOOLEAN DEFAULT false")
    scratch.run(f'UPDATE {scratch.name("steps")} SET start = "end" WHERE start IS NULL AND "end" IS NOT NULL')


def _estimate(scratch: Scratch, zone: str | None) -> None:
    latest = 'least("end", greatest(coalesce(before, free), coalesce(free, before)))'
    usable = f"(before IS NOT NULL OR {_day('free', zone)} = {_day(END, zone)})"
    lone = 'start IS NULL AND "end" IS NOT NULL AND reason IS NULL'
    scratch.make("steps", f"""
        WITH ends AS (SELECT *, reason IS NULL AND "end" IS NOT NULL AS whole FROM {scratch.name('steps')}),
        known AS (
            SELECT *, lag("end") OVER (PARTITION BY whole, "case" ORDER BY "end", src) AS before,
                CASE WHEN res[1] IS NOT NULL THEN lag("end") OVER (PARTITION BY whole, res[1] ORDER BY "end", src) END AS free
            FROM ends)
        SELECT * EXCLUDE (start, whole, before, free),
            CASE WHEN {lone} AND res[1] IS NOT NULL AND {usable} THEN {latest} WHEN {lone} THEN "end" ELSE start END AS start,
            coalesce({lone} AND res[1] IS NOT NULL AND {usable}, false) AS estimated
        FROM known""")  # fmt: skip


def _day(moment: str, zone: str | None) -> str:
    local = moment if zone is None else f"timezone({literal(zone)}, timezone('UTC', {moment}))"
    return f"CAST({local} AS DATE)"
