"""Open whatever was given: one file, a folder of Parquet parts, or a folder of tables that a map joins."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb

from sandcone.core.errors import EmptyError, InputError, MapError
from sandcone.reading.columns import ColumnMap
from sandcone.reading.delimited import is_delimited, load_delimited
from sandcone.reading.scratch import Scratch, ident, literal
from sandcone.reading.source import Source
from sandcone.reading.streams import whole
from sandcone.reading.xes import is_xes, load_xes

KNOWN = "CSV (.csv, .tsv, .txt, also .gz or .zst), Parquet (.parquet or a folder of parts) or XES (.xes, .xes.gz)"


def found(source: str | Path) -> Path:
    """The path of a source that is there."""
    path = Path(source)
    if not path.exists():
        raise InputError(str(source), "there is no such file or folder", "Check the path")
    return path


def size(path: Path) -> int:
    """Bytes of text to expect; packed files hold several times their size."""
    files = [p for p in path.rglob("*") if p.is_file()] if path.is_dir() else [path]
    return sum(p.stat().st_size * (8 if p.suffix.lower() in (".gz", ".zst", ".parquet", ".pq") else 1) for p in files)


def load(path: Path, asked: ColumnMap, scratch: Scratch, say: Callable[[str], None]) -> list[Source]:
    """Every table the map names, or the one there is, as scratch tables of foreign columns."""
    if asked.tables:
        folder = path if path.is_dir() else path.parent
        files = [_in(folder, t.file) for t in asked.tables]
    else:
        files = [_the_file(path)]
    sources = []
    for i, file in enumerate(files):
        say(f"reading {file.name}")
        sources.append(load_file(file, scratch, f"rows{i}", asked))
    return sources


def load_file(path: Path, scratch: Scratch, table: str, asked: ColumnMap) -> Source:
    """One file or one folder of Parquet parts, by what its name says it is."""
    if path.is_dir() or path.suffix.lower() in (".parquet", ".pq"):
        return _load_parquet(path, scratch, table)
    if path.stat().st_size == 0:
        raise EmptyError(path.name, "the file is empty", "Give a file with a header and at least one row")
    if is_xes(path):
        whole(path)
        return load_xes(path, scratch, table)
    if is_delimited(path):
        return load_delimited(path, scratch, table, asked)
    raise InputError(path.name, f"{path.suffix or 'a file without an ending'} is no format Sandcone reads", f"Give {KNOWN}")


def known(path: Path) -> bool:
    """Whether a file's name says it holds rows that can be read."""
    return path.is_file() and (is_delimited(path) or is_xes(path) or path.suffix.lower() in (".parquet", ".pq"))


def _in(folder: Path, name: str) -> Path:
    if not (folder / name).exists():
        here = sorted(p.name for p in folder.iterdir() if known(p))
        raise MapError(
            str(folder.name),
            f"the map names {name!r}; the folder has {', '.join(here) or 'no file of a known format'}",
            "Correct tables.file",
        )
    return folder / name


def _the_file(path: Path) -> Path:
    if path.is_file() or any(p.suffix.lower() in (".parquet", ".pq") for p in path.rglob("*")):
        return path
    files = sorted(p for p in path.iterdir() if known(p))
    if len(files) == 1:
        return files[0]
    if not files:
        raise InputError(str(path), "the folder has no file that can be read", f"Give {KNOWN}")
    names = ", ".join(p.name for p in files[:12])
    raise InputError(
        str(path), f"the folder has several files ({names})", "Name one of them, or join them with [[tables]] in a map (docs/columns.md)"
    )


def _load_parquet(path: Path, scratch: Scratch, table: str) -> Source:
    where = str(path / "**" / "*.parquet") if path.is_dir() else str(path)
    parts = f"read_parquet({literal(where)}, union_by_name = true, hive_partitioning = {path.is_dir()})"
    try:
        columns = scratch.columns(parts)
        renamed = next((f' RENAME ({ident(c)} AS "row id")' for c in columns if c.lower() == "rowid"), "")
        relation = scratch.make(table, f"SELECT *{renamed} FROM {parts}")
    except duckdb.Error as e:
        raise InputError(
            path.name, f"cannot be read as Parquet ({str(e).splitlines()[0][:200]})", "Check the file, or fetch it again"
        ) from None
    rows = int(scratch.one(f"SELECT count(*) FROM {relation}"))
    if rows == 0:
        raise EmptyError(path.name, "there is no row in it", "Give a file with at least one row")
    return Source(where=path.name, table=table, relation=relation, columns=scratch.columns(relation), rows=rows)
