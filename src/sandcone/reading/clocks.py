"""The moment each time column of one table tells, with what had to be found out or made up to know it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sandcone.core.errors import InputError
from sandcone.core.log import Finding
from sandcone.reading.columns import ColumnMap, Dates, Rows, Times
from sandcone.reading.days import MADE_DAY, add_days
from sandcone.reading.scratch import Scratch, ident, literal
from sandcone.reading.source import Blanks, Source
from sandcone.reading.times import Written, as_written, decided, moment, same_clock, written

ROW = ident("sandcone row")
POSSIBLE = ("1900-01-03", "2299-12-31")  # times that can be times: the publishers of some logs move their dates by centuries
ROLES = ("start", "end", "time", "ready", "planned")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """What the time columns of one table say.

    ``relation`` is the table with two columns more for each of them: the text, and the moment that was read from it.
    ``columns`` gives each its place there.
    """

    relation: str
    columns: tuple[Written, ...]
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def time_columns(source: Source, rows: Rows) -> list[str]:
    """Every column of this table that a role reads a time from."""
    said = [getattr(t, role) for t in (rows, *rows.steps) for role in ROLES]
    roles = [role for _ in (rows, *rows.steps) for role in ROLES]
    return list(dict.fromkeys(source.column(role, name) for role, name in zip(roles, said, strict=True) if name is not None))


def clock(scratch: Scratch, source: Source, rows: Rows, asked: ColumnMap, blanks: Blanks) -> Clock:
    """Find out how one table writes its times; refuses what is ambiguous."""
    names, notes = time_columns(source, rows), []
    typed = {name: source.columns[name] for name in names if _kind(source.columns[name]) is not None}
    found = written(scratch, source.relation, {n: blanks.text(n) for n in names if n not in typed}, utc=source.utc)
    found |= {
        n: Written(column=n, sql=ident(n), typed=_kind(t), n=source.rows, timed=source.rows, utc=source.utc) for n, t in typed.items()
    }
    of_day = [w for w in found.values() if w.typed is None and w.n and w.clocks > 0.9 * w.n]
    if of_day and asked.dates.format is None:
        made, note = _dated(scratch, source, asked.dates, blanks, of_day)
        notes += note
        found |= made
    _must_be_times(source, rows, found, asked.dates)
    return _settled(scratch, source, list(found.values()), asked, tuple(notes))


def _settled(scratch: Scratch, source: Source, found: list[Written], asked: ColumnMap, notes: tuple[str, ...]) -> Clock:
    form = asked.dates.format
    free = [w for w in found if w.typed is None and form is None]
    orders = decided(source.where, free, asked.dates.order)
    moments = [moment(replace(w, sql=_text(i)), orders.get(w.column, "iso"), asked.zone, form) for i, w in enumerate(found)]
    texts = "".join(f", {w.sql} AS {_text(i)}" for i, w in enumerate(found))
    read = "".join(f", ({sql})::TIMESTAMP AS {_moment(i)}" for i, sql in enumerate(moments))
    possible = ", ".join(_possible(_moment(i)) for i in range(len(moments)))
    relation = f"(SELECT * REPLACE ({possible}) FROM (SELECT *{read} FROM (SELECT *, rowid AS {ROW}{texts} FROM {source.relation})))"
    told = "" if asked.dates.order else ", as their days above 12 show"
    for order, words in (("dmy", "day first"), ("mdy", "month first")):
        names = [w.column for w in free if w.parts and orders[w.column] == order]
        if names:
            notes += (f"dates in {', '.join(names)} ({source.where}) are read {words}{told}",)
    findings: tuple[Finding, ...] = ()
    if asked.zone is not None:
        naive = {w.column: as_written(w, orders.get(w.column, "iso"), form) for w in found if w.naive and not w.utc}
        findings = _changes(scratch, source, naive, asked.zone)
    return Clock(relation=relation, columns=tuple(found), notes=notes, findings=findings)


def agree(where: str, clocks: Sequence[Clock], zone: str | None) -> tuple[str, ...]:
    """Refuse clocks that cannot be compared; say so where the zone of the hospital is unknown."""
    every = [w for c in clocks for w in c.columns]
    same_clock(where, every, zone)
    if zone is None and any(w.offsets or w.utc or w.typed == "TIMESTAMP WITH TIME ZONE" for w in every):
        return ("times say their zone and were turned into UTC; name the hospital's zone in the map for true hours of the day",)
    return ("no time zone is named: times are taken as they are written",) if zone is None else ()


def _possible(moment: str) -> str:
    """A moment, or null for one that stands for something else, such as 31 December 9999 or 1 January 1900."""
    return f"CASE WHEN {moment} BETWEEN TIMESTAMP '{POSSIBLE[0]}' AND TIMESTAMP '{POSSIBLE[1]}' THEN {moment} END AS {moment}"


def _text(place: int) -> str:
    return ident(f"sandcone text {place}")


def _moment(place: int) -> str:
    return ident(f"sandcone moment {place}")


def _kind(duckdb_type: str) -> str | None:
    if duckdb_type == "TIMESTAMP WITH TIME ZONE":
        return duckdb_type
    return "TIMESTAMP" if duckdb_type.startswith(("TIMESTAMP", "DATE")) else None


def _dated(scratch: Scratch, source: Source, dates: Dates, blanks: Blanks, of_day: list[Written]) -> tuple[dict[str, Written], list[str]]:
    """Times of day joined to the date of another column, or to made days where the file has no date at all."""
    notes: list[str] = []
    if dates.date is not None:
        day = blanks.text(source.column("dates.date", dates.date))
    elif dates.day_number is not None:
        notes.append(add_days(scratch, source, dates, blanks, of_day))
        day = ident(MADE_DAY)
    else:
        raise InputError(
            source.where,
            f"{of_day[0].column!r} has only times of day, no date",
            'Say which column has the date: dates = {date = "COLUMN"}, or which numbers the days: dates = {day_number = "COLUMN"}',
        )
    joined = {w.column: f"(regexp_extract({day}, '^[^ T]+') || ' ' || {w.sql})" for w in of_day}
    return written(scratch, source.relation, joined), notes


def _must_be_times(source: Source, rows: Rows, found: Mapping[str, Written], dates: Dates) -> None:
    needed = [source.column(r, n) for t in (rows, *rows.steps) for r in ("start", "end", "time") if (n := getattr(t, r)) is not None]
    for name in dict.fromkeys(needed):
        w = found[name]
        if dates.format is None and w.n and w.readable < 0.05 * w.n:
            raise InputError(
                source.where,
                f"{name!r} does not hold dates or times",
                "Name another column, or say how it is written: dates = {format = ...}",
            )


def _changes(scratch: Scratch, source: Source, naive: Mapping[str, str], zone: str) -> tuple[Finding, ...]:
    """Times that never were (the clock went forward) or were twice (it went back)."""
    if not naive:
        return ()
    cells = " UNION ALL ".join(f"SELECT date_trunc('minute', {sql}) AS t FROM {source.relation}" for sql in naive.values())
    back = f"timezone({literal(zone)}, timezone({literal(zone)}, t))"
    shifted = [f"timezone({literal(zone)}, timezone({literal(zone)}, t) {sign} INTERVAL 1 HOUR) = t" for sign in "+-"]
    gaps, twice, total = scratch.run(f"""
        SELECT coalesce(sum(n) FILTER ({back} <> t), 0), coalesce(sum(n) FILTER ({back} = t AND ({' OR '.join(shifted)})), 0),
            coalesce(sum(n), 0) FROM (SELECT t, count(*) AS n FROM ({cells}) WHERE t IS NOT NULL GROUP BY t)""")[0]  # fmt: skip
    finds = (
        (int(gaps), "times that the clock skipped when it went forward", "They are read as one hour later"),
        (
            int(twice),
            "times that were twice when the clock went back",
            "They are read as the first or second by the zone's rule; waits there may be off by an hour",
        ),
    )
    return tuple(Finding(what=f"{what} ({source.where})", rows=n, share=n / int(total), effect=effect) for n, what, effect in finds if n)


def times_of(clock: Clock, source: Source, times: Times, role: str) -> str:
    """The SQL of a role's moment in this table; null where the map names no column for it."""
    name = getattr(times, role)
    return "NULL::TIMESTAMP" if name is None else _moment(_place(clock, source.column(role, name)))


def unread(clock: Clock, source: Source, times: Times, roles: Sequence[str]) -> str:
    """The SQL of whether something is written for one of these roles that cannot be read."""
    places = [_place(clock, source.column(r, n)) for r in roles if (n := getattr(times, r)) is not None]
    return " OR ".join(f"({_text(i)} IS NOT NULL AND {_moment(i)} IS NULL)" for i in places) or "false"


def _place(clock: Clock, column: str) -> int:
    return next(i for i, w in enumerate(clock.columns) if w.column == column)
