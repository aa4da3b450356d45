"""Foreign rows → events: every row, and every step of a row, in our own words, with the reason if it cannot be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sandcone.core.log import Finding
from sandcone.reading.clocks import ROW, Clock, times_of, unread
from sandcone.reading.columns import SECONDS, ColumnMap, Rows, Step, Times
from sandcone.reading.scratch import Scratch, ident, literal
from sandcone.reading.source import Blanks, Source, role_text

NO_CASE = "no case"
NO_STEP = "no step"
UNREADABLE = "unreadable time"
NO_TIME = "no time at all"
BACKWARDS = "end before start"
DUPLICATE = "exact duplicate row"
BROKEN = "wrong number of columns"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One table that tells steps: its rows, their roles, its clock; ``offset`` makes row numbers unique over all tables."""

    source: Source
    rows: Rows
    clock: Clock
    offset: int


def events(scratch: Scratch, parts: Sequence[Part], asked: ColumnMap, blanks: Blanks) -> tuple[Finding, ...]:
    """Make the scratch table ``events``: src, spec, case, step, ready, planned, start, end, state, instance, res, soft, reason.

    ``src`` is the source row, ``spec`` the step within it; ``soft`` marks unreadable times that the step can do without.
    Repeated rows that were asked to be kept come back as a finding.
    """
    said = " UNION ALL ".join(_select(part, spec, times, asked, blanks) for part in parts for spec, times in enumerate(_specs(part.rows)))
    first = [('"case" IS NULL', NO_CASE), ("step IS NULL", NO_STEP), ("bad", UNREADABLE)]
    first.append(('coalesce(start, "end", ready) IS NULL', NO_TIME))
    repeats = _duplicates(scratch, parts)
    twins = repeats if asked.duplicates == "leave out" else 0
    if twins:
        first.insert(0, ("twin.src IS NOT NULL", DUPLICATE))
    reason = "CASE " + " ".join(f"WHEN {when} THEN {literal(why)}" for when, why in first) + " END"
    join = f"LEFT JOIN {scratch.name('twins')} AS twin USING (src)" if twins else ""
    scratch.make("events", f"SELECT e.* EXCLUDE (bad), {reason} AS reason FROM ({said}) AS e {join}")
    return _kept_repeats(repeats, parts) if repeats and not twins else ()


def _kept_repeats(repeats: int, parts: Sequence[Part]) -> tuple[Finding, ...]:
    effect = "They are kept, as the column map asks: each counts as a step of its own"
    return (
        Finding(
            what="rows that repeat another row exactly", rows=repeats, share=repeats / sum(p.source.rows for p in parts), effect=effect
        ),
    )


def _specs(rows: Rows) -> Sequence[Times]:
    return rows.steps or (rows,)


def _select(part: Part, spec: int, times: Times, asked: ColumnMap, blanks: Blanks) -> str:
    source, rows = part.source, part.rows
    named = times.name if isinstance(times, Step) else None
    step = _fixed(source, named, blanks) if named is not None else role_text(source, "step", rows.step or "", blanks)
    start, end = _span(part, times, asked)
    columns = (
        f"{ROW} + {part.offset} AS src", f"{spec} AS spec", f"{role_text(source, 'case', rows.case or '', blanks)} AS \"case\"",
        f"{step} AS step", f"{times_of(part.clock, source, times, 'ready')} AS ready",
        f"{times_of(part.clock, source, times, 'planned')} AS planned", f"{start} AS start", f'{end} AS "end"',
        f"{_text(source, rows.lifecycle.column if rows.lifecycle else None, 'lifecycle', blanks)} AS state",
        f"{_text(source, rows.instance, 'instance', blanks)} AS instance", f"{_resources(source, times, rows, asked, blanks)} AS res",
        f"({unread(part.clock, source, times, ('ready', 'planned'))}) AS soft",
        f"({unread(part.clock, source, times, ('start', 'end', 'time'))}) AS bad",
    )  # fmt: skip
    return f"SELECT * FROM (SELECT {', '.join(columns)} FROM {part.clock.relation}{_where(source, times, blanks)}){_there(times)}"


def _fixed(source: Source, name: str, blanks: Blanks) -> str:
    return role_text(source, "steps.name", name, blanks) if "{" in name else literal(name)


def _text(source: Source, said: str | None, role: str, blanks: Blanks) -> str:
    return "NULL::VARCHAR" if said is None else role_text(source, role, said, blanks)


def _span(part: Part, times: Times, asked: ColumnMap) -> tuple[str, str]:
    """Start and end; from a duration where one of them is not written; a lone time is the end."""
    start, end, at = (times_of(part.clock, part.source, times, role) for role in ("start", "end", "time"))
    if times.time is not None:
        end = at if times.end is None else f"coalesce({end}, {at})"
    if times.duration is not None:
        column = ident(part.source.column("duration", times.duration))
        length = f"to_microseconds((try_cast({column} AS DOUBLE) * {SECONDS[times.duration_in] * 1_000_000})::BIGINT)"
        start, end = f"coalesce({start}, {end} - {length})", f"coalesce({end}, {start} + {length})"
    elif times.start is not None and times.end is None and times.time is None:
        return "NULL::TIMESTAMP", start
    if asked.dates.overnight:
        end = f"CASE WHEN {end} < {start} THEN {end} + INTERVAL 1 DAY ELSE {end} END"
    return start, end


def _resources(source: Source, times: Times, rows: Rows, asked: ColumnMap, blanks: Blanks) -> str:
    said = [role_text(source, "resource", r, blanks) for r in (times.resource or rows.resource)]
    if not said:
        return "[]::VARCHAR[]"
    cells = f"[{', '.join(said)}]::VARCHAR[]"
    if len(said) == 1 and asked.resource_separator is None:
        return f"CASE WHEN {said[0]} IS NULL THEN []::VARCHAR[] ELSE {cells} END"
    if asked.resource_separator is not None:
        split = ", ".join(f"string_split({r}, {literal(asked.resource_separator)})" for r in said)
        cells = f"list_transform(flatten([{split}]), lambda x: nullif(trim(x), ''))"
    return f"list_filter({cells}, lambda x: x IS NOT NULL)"


def _where(source: Source, times: Times, blanks: Blanks) -> str:
    when = times.when if isinstance(times, Step) else {}
    tests = [f"{blanks.text(source.column('when', c), never=True)} IN ({', '.join(map(literal, v))})" for c, v in when.items()]
    return f" WHERE {' AND '.join(tests)}" if tests else ""


def _there(times: Times) -> str:
    """A step of a wide row without any time did not happen; that is no fault of the row."""
    return ' WHERE bad OR coalesce(start, "end", ready) IS NOT NULL' if isinstance(times, Step) else ""


def _duplicates(scratch: Scratch, parts: Sequence[Part]) -> int:
    """Find rows that repeat an earlier row of their table in every column."""
    found = []
    for part in parts:
        names, table = ", ".join(map(ident, part.source.columns)), part.source.relation
        found.append(f"""
            SELECT id + {part.offset} AS src FROM (
                SELECT rowid AS id, row_number() OVER (PARTITION BY {names} ORDER BY rowid) AS k FROM {table}
                WHERE hash({names}) IN (SELECT hash({names}) FROM {table} GROUP BY 1 HAVING count(*) > 1)) WHERE k > 1""")  # fmt: skip
    return int(scratch.one(f"SELECT count(*) FROM {scratch.make('twins', ' UNION ALL '.join(found))}"))
