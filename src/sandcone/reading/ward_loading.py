"""A folder's tables as checked rows: each file found, its columns matched, each cell read, and what cannot be is noted."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

from pydantic import ValidationError

from sandcone.core.errors import EmptyError, ProblemError
from sandcone.reading.columns import MISSING, ColumnMap
from sandcone.reading.opening import load_file
from sandcone.reading.scratch import Scratch
from sandcone.reading.source import Source
from sandcone.reading.ward_cells import Known
from sandcone.reading.ward_faults import Faults
from sandcone.reading.ward_file import FILE, Table
from sandcone.reading.ward_rows import NAMES, Row

ENDINGS = (".csv", ".tsv", ".txt", ".csv.gz", ".csv.zst", ".tsv.gz", ".tsv.zst", ".parquet", ".pq")
R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The tables of one folder, read one by one; what is wrong in them is kept in ``faults``."""

    folder: Path
    known: Known
    faults: Faults
    scratch: Scratch

    @classmethod
    def of(cls, folder: Path, known: Known) -> Tables:
        """The tables of a folder, none of them read yet."""
        return cls(folder=folder, known=known, faults=Faults(folder), scratch=Scratch.on(None))

    def rows(self, table: Table, form: type[R], *, empty: bool = False, needed: bool = True) -> list[tuple[str, R]]:
        """Every row of a table that can be, each with where it stands; it may have none if ``empty``, and be missing if not ``needed``."""
        path = self._found(table, needed=needed)
        source = None if path is None else self._loaded(path, table, empty=empty)
        columns = {} if source is None else self._columns(source, table, form)
        return [] if source is None or not columns else list(self._checked(source, columns, form))

    def once(self, what: str, named: list[tuple[str, str]], known: Mapping[str, str] | None = None) -> dict[str, str]:
        """Names (where, name) by where they stand first, after those ``known``; a name that stands twice is a fault."""
        first: dict[str, str] = dict(known or {})
        for where, name in named:
            if name in first:
                self.faults.add(where, f"{what} {name!r} stands twice (first in {first[name]})")
            first.setdefault(name, where)
        return first

    def _found(self, table: Table, *, needed: bool) -> Path | None:
        said = self.known.ward.files.get(table)
        here = [self.folder / said] if said else [p for e in ENDINGS if (p := self.folder / f"{table}{e}").exists()]
        if len(here) > 1:
            do = f'Keep one of them, or say which in {FILE}: [files] {table} = "{here[0].name}".'
            raise ProblemError(str(self.folder), f"there are both {here[0].name} and {here[1].name}", do)
        if (not here and needed) or (said and not here[0].is_file()):
            files = ", ".join(sorted(p.name for p in self.folder.iterdir())[:12]) or "nothing"
            do = f"Give {table}.csv or {table}.parquet, or name the file in {FILE}; see docs/inpatients.md."
            raise ProblemError(str(self.folder), f"there is no table {said or table!r}; the folder has {files}", do)
        return here[0] if here else None

    def _loaded(self, path: Path, table: Table, *, empty: bool) -> Source | None:
        ward = self.known.ward
        try:
            source = load_file(path, self.scratch, table, ColumnMap(separator=ward.separator, encoding=ward.encoding))
        except EmptyError:
            if not empty:
                raise
            return None
        if source.broken:
            width = len(source.columns)
            self.faults.add(source.where, f"{source.broken} of its rows cannot be split into the {width} columns of the header")
        return source

    def _columns(self, source: Source, table: Table, form: type[Row]) -> dict[str, str]:
        """Field → the file's own column; empty where one that is needed is not there."""
        said, own = self.known.ward.columns.get(table, {}), {c.lower().strip(): c for c in source.columns}
        for name in set(said) - set(form.model_fields):
            raise ProblemError(str(self.folder / FILE), f"columns.{table} has no {name!r}", f"It can say {', '.join(form.model_fields)}.")
        columns = {f: own[c] for f in form.model_fields if (c := said.get(f, f).lower().strip()) in own}
        gone = [f for f, about in form.model_fields.items() if f not in columns and (about.is_required() or f in said)]
        odd = [c for c in source.columns if c not in columns.values()]
        for name in gone:
            say = f"say which one it is in {FILE}: [columns.{table}] {name} = …"
            self.faults.add(source.where, f"no column {said.get(name, name)!r}; it has {', '.join(source.columns)} ({say})")
        self._misspelt(source.where, odd, [f for f in form.model_fields if f not in columns and f not in gone])
        return {} if gone else columns

    def _misspelt(self, where: str, odd: list[str], free: list[str]) -> None:
        """A column that nobody asked for, and that is nearly one that may be left out, was meant to be that one."""
        for column in odd:
            for name in difflib.get_close_matches(column.lower().strip(), free, 1, 0.75):
                self.faults.add(where, f"column {column!r} means nothing here; write {name!r} if that is what it is, or rename it")

    def _checked(self, source: Source, columns: Mapping[str, str], form: type[R]) -> Iterator[tuple[str, R]]:
        for number, said in enumerate(self._texts(source, columns), source.first_row):
            where = f"{source.where}, row {number}"
            try:
                yield where, form.model_validate(said, context=self.known)
            except ValidationError as wrong:
                for e in wrong.errors(include_url=False):
                    column = columns.get(str(e["loc"][0])) if e["loc"] else None
                    found = "nothing is said" if e["type"] == "missing" else e["msg"].removeprefix("Value error, ")
                    self.faults.add(where + (f", {column}" if column else ""), found)

    def _texts(self, source: Source, columns: Mapping[str, str]) -> Iterator[dict[str, str]]:
        """Each row's cells that say something, as text."""
        sql = ", ".join(map(source.as_text, columns.values()))
        for row in self.scratch.run(f"SELECT {sql} FROM {source.relation} ORDER BY rowid"):
            cells = ((f, cast(str, c).strip()) for f, c in zip(columns, row, strict=True) if c is not None)
            yield {f: c for f, c in cells if c and (f in NAMES or c not in MISSING)}
