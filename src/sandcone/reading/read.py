"""Read a hospital's log: from whatever file it is in to the one table that every measure understands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ibis.expr.types as ir

from sandcone.core.errors import EmptyError, InputError, MapError
from sandcone.core.log import ROLES, EventLog, Finding
from sandcone.core.site import Pool, Site
from sandcone.reading.attributes import Known, gather, known, linked
from sandcone.reading.clocks import Clock, agree, clock
from sandcone.reading.columns import HELP, ColumnMap, Rows, Table, column_map
from sandcone.reading.events import Part, events
from sandcone.reading.guess import completed
from sandcone.reading.opening import found, load, load_file, size
from sandcone.reading.pairing import paired
from sandcone.reading.quality import quality
from sandcone.reading.saving import is_saved, open_saved
from sandcone.reading.scratch import Scratch, ident
from sandcone.reading.source import Blanks, Source, role_columns, role_text
from sandcone.reading.starts import fill_starts
from sandcone.reading.steps import account, close_cases, fates, half_used, keep_left_out, unpaired

Say = Callable[[str], None]


def read(
    source: str | Path,
    *,
    columns: str | Path | Mapping[str, object] | None = None,
    patients: str | Path | None = None,
    site: Site | None = None,
    connection: Any | None = None,
    progress: Say | None = None,
) -> EventLog:
    """Read a hospital's event log from its file, and say what was odd about it and what could not be used.

    ``source`` is a CSV, Parquet or XES file, a folder of Parquet parts, a folder of tables that the map joins, or a log saved
    before. ``columns`` says which column is what (a TOML file, ``"case=A,step=B,time=C"`` or a mapping; docs/columns.md);
    without it the columns are guessed and ``log.notes`` says how. ``patients`` is a further file with one row a case.
    ``site`` is added to what the map says of the hospital. ``connection`` is an Ibis DuckDB backend to work on, a new one if
    not given. ``progress`` hears what is being done.

    Times come out in UTC where a zone is known, else as written. Every row of the source is kept or left out with its
    reason: ``log.account`` adds up, ``log.left_out`` has the rows. Raises ``InputError`` and its kin where a file cannot be
    read, a column is not there, or a date could mean two days.
    """
    path, asked, say = found(source), column_map(columns), progress or _silent
    if is_saved(path):
        log = _saved(path, asked, patients, connection)
    else:
        log = _log(path, asked, patients, Scratch.on(connection, size(path)), say)
    return log if site is None else log.with_site(site)


def _saved(path: Path, asked: ColumnMap, patients: str | Path | None, connection: Any | None) -> EventLog:
    if patients is not None:
        raise InputError(path.name, "a saved log takes no further file of patients", "Give the patients when reading the source, then save")
    log = open_saved(path, connection).with_site(asked.site)
    if asked.case is None and asked.step is None and not asked.timed:
        return log
    said = "the columns of the map were not needed: the file is a log that was saved before; only its [site] was used"
    return replace(log, notes=(*log.notes, said))


def _silent(what: str) -> None:
    del what


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """The tables of a source and what each is: which tell steps, which tell attributes."""

    asked: ColumnMap
    parts: tuple[Part, ...]
    attributes: tuple[Known, ...]
    notes: tuple[str, ...]
    findings: tuple[Finding, ...]


def _log(path: Path, asked: ColumnMap, patients: str | Path | None, scratch: Scratch, say: Say) -> EventLog:
    blanks = _blanks(asked)
    opened = _understood(path, asked, patients, scratch, blanks, say)
    asked = opened.asked
    say("putting steps in order")
    repeated = events(scratch, opened.parts, asked, blanks)
    _to_steps(scratch, opened.parts)
    close_cases(scratch, asked.site)
    fates(scratch, opened.parts)
    counted, halves = account(scratch, opened.parts), half_used(scratch)
    keep_left_out(scratch, opened.parts)
    if not counted.rows_kept:
        why = "; ".join(f"{x.reason}: {x.rows:,}" for x in counted.left_out)
        raise EmptyError(path.name, f"none of the {counted.rows_in:,} rows can be used ({why})", "Check the column map (docs/columns.md)")
    starts, said = fill_starts(scratch, asked.zone, dates_shifted=asked.site.dates_shifted)
    names, odd = gather(scratch, opened.attributes, blanks)
    log = EventLog(
        table=_table(scratch, names, opened.parts),
        attributes=names,
        starts=starts,
        has_ready=any(t.ready for p in opened.parts for t in (p.rows, *p.rows.steps)) or _has_ready(scratch),
        zone=asked.zone,
        source=path.name,
        site=_with_pools(asked.site, opened.parts, scratch, blanks),
        account=counted,
        notes=opened.notes + ((said,) if said else ()),
        left_out=scratch.table("left_out") if counted.left_out else None,
    )
    scratch.drop("events", "steps", "cases", "fates", *(p.source.table for p in opened.parts))
    say("looking for what is odd")
    return replace(log, findings=opened.findings + repeated + halves + odd + quality(log))


def _blanks(asked: ColumnMap) -> Blanks:
    if isinstance(asked.missing, dict):
        default = ColumnMap.model_fields["missing"].default
        return Blanks(default=default, by_column=asked.missing)
    return Blanks(default=asked.missing, by_column={})


def _understood(path: Path, asked: ColumnMap, patients: str | Path | None, scratch: Scratch, blanks: Blanks, say: Say) -> _Opened:
    sources = load(path, asked, scratch, say)
    notes = [n for s in sources for n in s.notes]
    if not asked.tables:
        asked, guessed = completed(asked, sources[0], scratch, blanks)
        notes += guessed
    tables: Sequence[Rows] = asked.tables or (asked,)
    _must_tell(path, tables)
    clocks = [clock(scratch, s, t, asked, blanks) if t.has_steps else None for s, t in zip(sources, tables, strict=True)]
    there = [c for c in clocks if c is not None]
    notes += [n for c in there for n in c.notes] + list(agree(path.name, there, asked.zone))
    attributes = [known(s, t, blanks, _link(t, i, sources, tables, blanks)) for i, (s, t) in enumerate(zip(sources, tables, strict=True))]
    if patients is not None:
        attributes.append(_patients(found(patients), asked, scratch, tables[0], blanks))
    return _Opened(asked=asked, parts=_parts(sources, tables, clocks), attributes=tuple(attributes), notes=tuple(notes),
                   findings=tuple(f for c in there for f in c.findings))  # fmt: skip


def _must_tell(path: Path, tables: Sequence[Rows]) -> None:
    for t in tables:
        if t.case is None:
            where = t.file if isinstance(t, Table) else path.name
            raise MapError(where, "the map does not say which column is the case", f'Add case = "COLUMN". {HELP}')
        if t.steps and (t.step is not None or t.lifecycle is not None):
            raise MapError(path.name, "the map has [[steps]] and also a column for step or lifecycle", f"Keep one of them. {HELP}")
        if t.lifecycle is not None and (t.time is None or t.start or t.end):
            raise MapError(path.name, "lifecycle goes with one time column", f'Say time = "COLUMN" and leave start and end out. {HELP}')
        if any(not x.timed for x in (t.steps or ((t,) if t.has_steps else ()))):
            raise MapError(path.name, "a step has no time: neither start, end, time nor ready is named", f'Add time = "COLUMN". {HELP}')
    if not any(t.has_steps for t in tables):
        raise MapError(path.name, "no table of the map tells steps", f'Add step = "COLUMN" or [[tables.steps]]. {HELP}')


def _link(table: Rows, i: int, sources: Sequence[Source], tables: Sequence[Rows], blanks: Blanks) -> str | None:
    """How the rows of an attribute table find their case: by the case itself, or by a column of an earlier table."""
    if not isinstance(table, Table) or table.on is None:
        return None
    for source, other in zip(sources[:i], tables[:i], strict=True):
        if table.on in source.columns and other.case is not None:
            return linked(source, other, table.on, blanks)
    raise MapError(table.file, f"on = {table.on!r} is a column of no earlier table", f"Put the table that has it first. {HELP}")


def _patients(path: Path, asked: ColumnMap, scratch: Scratch, first: Rows, blanks: Blanks) -> Known:
    """A file with one row a case: the case's column has the name it has in the log, the others are attributes."""
    source = load_file(path, scratch, "patients", ColumnMap())
    keys = [source.column("case", first.case)] if first.case in source.columns else role_columns(source, "case", first.case or "")
    others = {c: c for c in source.columns if c not in keys}
    return known(source, Rows(case=first.case, attributes=others), blanks)


def _parts(sources: Sequence[Source], tables: Sequence[Rows], clocks: Sequence[Clock | None]) -> tuple[Part, ...]:
    parts, offset = [], 0
    for source, rows, told in zip(sources, tables, clocks, strict=True):
        if told is not None:
            parts.append(Part(source=source, rows=rows, clock=told, offset=offset))
            offset += source.rows
    return tuple(parts)


def _to_steps(scratch: Scratch, parts: Sequence[Part]) -> None:
    lifecycle = next((p.rows.lifecycle for p in parts if p.rows.lifecycle is not None), None)
    if lifecycle is None:
        unpaired(scratch)
    elif len(parts) > 1:
        raise MapError(
            parts[0].source.where, "a lifecycle column in one of several tables", "Read that table alone, or make it one row a step"
        )
    else:
        paired(scratch, lifecycle, by_instance=parts[0].rows.instance is not None)


def _table(scratch: Scratch, names: Sequence[str], parts: Sequence[Part]) -> ir.Table:
    specs = max(len(p.rows.steps) for p in parts)
    row = f"src * {specs} + spec" if specs > 1 else "src"
    attributes = "".join(f", c.{ident(n)}" for n in names)
    join = f'LEFT JOIN {scratch.name("cases")} AS c USING ("case")' if names else ""
    scratch.make("log", f"""
        SELECT {row} AS "row", "case", step, ready, planned, start, "end", res[1] AS resource, res[2:] AS others, estimated{attributes}
        FROM {scratch.name('steps')} {join} WHERE reason IS NULL ORDER BY 1""")  # fmt: skip
    return scratch.table("log").select(*ROLES, *names)


def _has_ready(scratch: Scratch) -> bool:
    return bool(scratch.one(f"SELECT count(*) FROM {scratch.name('steps')} WHERE reason IS NULL AND ready IS NOT NULL"))


def _with_pools(site: Site, parts: Sequence[Part], scratch: Scratch, blanks: Blanks) -> Site:
    """Where a step has several resource columns and the site names no pools, each column is a pool of its values."""
    if site.pools:
        return site
    pools: dict[str, Pool] = {}
    for p in parts:
        said = list(dict.fromkeys(r for t in (p.rows, *p.rows.steps) for r in t.resource if len(t.resource) > 1))
        for r in said:
            column = role_columns(p.source, "resource", r)[-1]
            values = scratch.run(f"SELECT DISTINCT {_resource(p.source, r, blanks)} AS v FROM {p.source.relation} ORDER BY v")
            names = tuple(str(v[0]) for v in values if v[0] is not None)
            if names:
                pools[column] = Pool(resources=names)
    return site.joined(Site(pools=pools)) if pools else site


def _resource(source: Source, said: str, blanks: Blanks) -> str:
    return role_text(source, "resource", said, blanks)
