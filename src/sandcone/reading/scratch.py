"""A place where a log is put in order: tables of its own in DuckDB, gone when the session ends."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir

IN_MEMORY = 400_000_000  # bytes of source; more of it is put in order on disk
_numbers = count(1)


def ident(name: str) -> str:
    """A name, quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text, quoted for SQL."""
    return "'" + text.replace("'", "''") + "'"


MEMORY = 5.0  # GB that the engine may fill before it puts tables on disk; the arrays of measuring come on top


def _engine(spill: Path) -> Any:
    limit = MEMORY
    if hasattr(os, "sysconf"):
        limit = min(MEMORY, 0.6 * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9)
    return ibis.duckdb.connect(temp_directory=str(spill), memory_limit=f"{limit:.1f}GB")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scratch:
    """One DuckDB connection, a catalog of its own for the tables made on the way, and a folder for what does not fit in memory."""

    connection: Any  # an Ibis DuckDB backend; Ibis gives it no type of its own
    catalog: str
    folder: Path

    @classmethod
    def on(cls, connection: Any | None, expecting: int = 0) -> Scratch:
        """Scratch tables on this connection, or on a new one; in a file of their own where many bytes are expected."""
        folder = Path(tempfile.mkdtemp(prefix="sandcone-"))
        backend: Any = connection if connection is not None else _engine(folder / "spill")
        weakref.finalize(backend, shutil.rmtree, str(folder), ignore_errors=True)
        catalog = f"sandcone_{next(_numbers)}_{folder.name[-8:]}"
        scratch = cls(connection=backend, catalog=catalog, folder=folder)
        place = str(folder / "scratch.duckdb") if expecting > IN_MEMORY else ":memory:"
        scratch.run(f"ATTACH {literal(place)} AS {ident(catalog)}")
        return scratch

    def run(self, sql: str) -> list[tuple[Any, ...]]:
        """What a statement answers, all of it."""
        rows: list[tuple[Any, ...]] = self.connection.con.execute(sql).fetchall()
        return rows

    def one(self, sql: str) -> Any:
        """The single value a query answers."""
        return self.run(sql)[0][0]

    def name(self, table: str) -> str:
        """A scratch table's full name, for SQL."""
        return f"{ident(self.catalog)}.main.{ident(table)}"

    def make(self, table: str, query: str) -> str:
        """Keep a query's answer as a scratch table; gives its full name."""
        self.run(f"CREATE OR REPLACE TABLE {self.name(table)} AS {query}")
        return self.name(table)

    def drop(self, *tables: str) -> None:
        """Give the space of these tables back."""
        for table in tables:
            self.run(f"DROP TABLE IF EXISTS {self.name(table)}")

    def columns(self, relation: str) -> dict[str, str]:
        """Column name → DuckDB type of a table or a query in brackets."""
        return {str(r[0]): str(r[1]) for r in self.run(f"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {relation})")}

    def table(self, table: str) -> ir.Table:
        """A scratch table as an Ibis table."""
        found: ir.Table = self.connection.table(table, database=(self.catalog, "main"))
        return found
