"""What is known of each case: one value an attribute, the first one said, from the log or from a file of patients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sandcone.core.errors import MapError
from sandcone.core.log import ROLES, Finding
from sandcone.reading.columns import HELP, Rows
from sandcone.reading.scratch import Scratch, ident
from sandcone.reading.source import Blanks, Source, role_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A table that tells attributes: ``key`` is the SQL of its rows' key; ``link`` a query (case, key), None if the key is the case."""

    source: Source
    key: str
    attributes: Mapping[str, str]
    link: str | None = None


def known(source: Source, rows: Rows, blanks: Blanks, link: str | None = None) -> Known:
    """The attributes that a map asks of a table, under names that no role has."""
    for name in rows.attributes:
        if name.lower() in ROLES:
            raise MapError(
                source.where,
                f"an attribute cannot be called {name!r}: that is a role",
                f"Rename it: attributes = {{ case_{name} = {name!r} }}",
            )
    columns = {name: source.column("attributes", column) for name, column in rows.attributes.items()}
    return Known(source=source, key=role_text(source, "case", rows.case or "", blanks), attributes=columns, link=link)


def gather(scratch: Scratch, tables: Sequence[Known], blanks: Blanks) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """Make the scratch table ``cases`` (case and its attributes); the attributes' names and what was odd about them."""
    names, joined, findings = [], [], []
    for i, table in enumerate(t for t in tables if t.attributes):
        findings += _one(scratch, f"known{i}", table, blanks)
        names += list(table.attributes)
        joined.append(scratch.name(f"known{i}"))
    if len(set(names)) < len(names):
        twice = next(n for n in names if names.count(n) > 1)
        raise MapError(
            "column map",
            f"two tables give an attribute called {twice!r}",
            f"Rename one: attributes = {{ other_{twice} = {twice!r} }}. {HELP}",
        )
    if joined:
        scratch.make("cases", f"SELECT * FROM {joined[0]} " + " ".join(f'FULL JOIN {t} USING ("case")' for t in joined[1:]))
    return tuple(names), tuple(findings)


def _one(scratch: Scratch, name: str, table: Known, blanks: Blanks) -> list[Finding]:
    values = {n: blanks.text(c) for n, c in table.attributes.items()}
    first = ", ".join(f"arg_min({v}, rowid) FILTER ({v} IS NOT NULL) AS {ident(n)}" for n, v in values.items())
    varies = ", ".join(f"coalesce(min({v}) <> max({v}), false) AS {ident(f'varies {i}')}" for i, v in enumerate(values.values()))
    group = f'SELECT {table.key} AS "case", {first}, {varies} FROM {table.source.relation} GROUP BY 1'
    if table.link is not None:
        group = f'SELECT l."case", g.* EXCLUDE ("case") FROM ({table.link}) AS l JOIN ({group}) AS g ON g."case" = l.key'
    made = scratch.make(name, f'SELECT * FROM ({group}) WHERE "case" IS NOT NULL')
    changed = [f"count(*) FILTER ({ident(f'varies {i}')})" for i in range(len(values))]
    counts = scratch.run(f"SELECT count(*), {', '.join(changed)} FROM {made}")[0]
    for i in range(len(values)):
        scratch.run(f"ALTER TABLE {made} DROP COLUMN {ident(f'varies {i}')}")
    effect = "The first value said is taken for the whole case"
    changes = [(n, int(c)) for n, c in zip(values, counts[1:], strict=True) if c]
    return [Finding(what=f"cases in which {n!r} changes", rows=c, share=c / int(counts[0]), effect=effect) for n, c in changes]


def linked(case_source: Source, rows: Rows, on: str, blanks: Blanks) -> str:
    """The query (case, key) that ties a case to the row of another table."""
    key = blanks.text(case_source.column("on", on), never=True)
    return f"""SELECT {role_text(case_source, "case", rows.case or "", blanks)} AS "case", any_value({key}) AS key
        FROM {case_source.relation} GROUP BY 1 HAVING "case" IS NOT NULL"""
