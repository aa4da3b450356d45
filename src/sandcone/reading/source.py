"""One table of foreign rows, as text, in the order of its file."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sandcone.core.errors import ColumnError
from sandcone.reading.scratch import ident, literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file that has been loaded: its scratch table, its columns, and the rows that could not even be split into columns.

    ``table`` is the scratch table's short name, ``relation`` its full one; ``columns`` maps names to DuckDB types. ``header``: its first
    row stands below a line of names.
    """

    where: str
    table: str
    relation: str
    columns: dict[str, str]
    rows: int
    broken: int = 0  # rows with the wrong number of columns; they are in the scratch table ``{table}_broken``
    notes: tuple[str, ...] = ()
    header: bool = False
    utc: bool = False  # times without a zone are UTC, whatever the hospital's zone (XES)

    @property
    def first_row(self) -> int:
        """The number of its first row, as a spreadsheet counts."""
        return 2 if self.header else 1

    def as_text(self, column: str) -> str:
        """The SQL of a column as text; the items of a list stand with semicolons between them."""
        name = ident(column)
        return f"array_to_string({name}::VARCHAR[], ';')" if self.columns[column].endswith("[]") else f"{name}::VARCHAR"

    def column(self, role: str, name: str) -> str:
        """The file's own spelling of a column; ``ColumnError`` where it has none."""
        if name in self.columns:
            return name
        lower = {c.lower().strip(): c for c in self.columns}
        if name.lower().strip() in lower:
            return lower[name.lower().strip()]
        raise ColumnError(self.where, role, name, [*self.columns])


@dataclass(frozen=True, slots=True, kw_only=True)
class Blanks:
    """Which texts stand for nothing, by column."""

    default: tuple[str, ...]
    by_column: dict[str, tuple[str, ...]]

    def text(self, column: str, *, never: bool = False) -> str:
        """A column as trimmed text, null where nothing is said; ``never``: only an empty cell says nothing."""
        trimmed = f"trim({ident(column)}::VARCHAR)"
        words = ("",) if never else ("", *self.by_column.get(column, self.default))
        return f"CASE WHEN {trimmed} IN ({', '.join(map(literal, dict.fromkeys(words)))}) THEN NULL ELSE {trimmed} END"


def pieces(source: Source, role: str, said: str) -> list[tuple[bool, str]]:
    """What a role is made of: columns (True, name) and texts (False, text).

    ``A/B`` joins columns, ``Suite {No}`` fills one in, ``'Ward'`` is a text.
    """
    if len(said) > 2 and said[0] == said[-1] == "'":
        return [(False, said[1:-1])]
    if "{" in said and said not in source.columns:
        parts = [p for p in re.split(r"(\{[^{}]*\})", said) if p]
        return [(True, source.column(role, p[1:-1])) if p[0] == "{" else (False, p) for p in parts]
    if "/" in said and said.lower() not in {c.lower() for c in source.columns}:
        names = [source.column(role, p) for p in said.split("/")]
        return [x for name in names for x in ((False, "/"), (True, name))][1:]
    return [(True, source.column(role, said))]


def role_text(source: Source, role: str, said: str, blanks: Blanks) -> str:
    """The SQL of a role's text: null as soon as one of its columns says nothing. A case is never taken for missing."""
    never = role in ("case", "step")
    sql = [blanks.text(p, never=never) if is_column else literal(p) for is_column, p in pieces(source, role, said)]
    return sql[0] if len(sql) == 1 else f"({' || '.join(f'({s})' for s in sql)})"


def role_columns(source: Source, role: str, said: str) -> list[str]:
    """The columns a role is made of."""
    return [p for is_column, p in pieces(source, role, said) if is_column]
