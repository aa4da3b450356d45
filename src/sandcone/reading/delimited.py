"""CSV and its kin: any separator, plain or compressed, read as text so that nothing is lost before it is understood."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa

from sandcone.core.errors import EmptyError, InputError
from sandcone.reading.columns import ColumnMap
from sandcone.reading.mending import mend
from sandcone.reading.scratch import Scratch, ident, literal
from sandcone.reading.source import Source
from sandcone.reading.streams import LONGEST_LINE, blocks, in_lines, opened

SEPARATORS = ";\t|,"
BINARY = {
    b"PAR1": "a Parquet file",
    b"PK\x03\x04": "a zip or Excel file",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a gzip file",
    b"\x28\xb5\x2f\xfd": "a zstd file",
    b"\xd0\xcf\x11\xe0": "an old Excel file",
    b"\x89PNG": "a picture",
}
MOMENT = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[ T]\d{1,2}:\d{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a text file is written."""

    separator: str
    encoding: str
    names: tuple[str, ...]
    guessed: bool = False  # the encoding, from what could not be read as UTF-8


def is_delimited(path: Path) -> bool:
    """Whether a file's name says it is text in columns."""
    name = path.name.lower().removesuffix(".gz").removesuffix(".zst")
    return name.endswith((".csv", ".tsv", ".txt", ".tab"))


def load_delimited(path: Path, scratch: Scratch, table: str, asked: ColumnMap) -> Source:
    """A text file as a table of text, each row kept; rows that do not split into the header's columns are set apart."""
    lines = in_lines(path)
    dialect = _dialect(path, asked)
    try:
        refused = _copy(path, scratch, table, dialect)
        if dialect.encoding == "utf-8" and asked.encoding is None and _badly_encoded(scratch):
            dialect = replace(_dialect(path, asked, "latin-1"), guessed=True)
            refused = _copy(path, scratch, table, dialect)
        if _rows(scratch, table) + len(refused) + 1 != lines:
            refused = _copy_mended(path, scratch, table, dialect)
    except duckdb.Error as e:
        text = str(e).splitlines()[0][:200]
        raise InputError(path.name, f"cannot be read as text in columns ({text})", "Check the file and its separator") from None
    except UnicodeError:
        raise InputError(path.name, f"it is not written in {dialect.encoding}", "Say another encoding in the column map") from None
    _keep_refused(scratch, table, dialect, refused)
    return _source(path, scratch, table, dialect, len(refused))


def _source(path: Path, scratch: Scratch, table: str, dialect: Dialect, broken: int) -> Source:
    rows = _rows(scratch, table)
    if rows + broken == 0:
        raise EmptyError(path.name, "there is a header and no row under it", "Give a file with at least one row")
    if rows == 0:
        found = f"none of its {broken:,} rows has the {len(dialect.names)} columns of the header ({', '.join(dialect.names)[:200]})"
        raise InputError(path.name, found, "Check the header and the separator (say separator in the column map)")
    said = f"{path.name} is not UTF-8; it was read as latin-1 (say encoding in the column map if that is wrong)"
    return Source(
        where=path.name,
        table=table,
        relation=scratch.name(table),
        columns=dict.fromkeys(dialect.names, "VARCHAR"),
        rows=rows,
        broken=broken,
        header=True,
        notes=(said,) if dialect.guessed else (),
    )


def _rows(scratch: Scratch, table: str) -> int:
    return int(scratch.one(f"SELECT count(*) FROM {scratch.name(table)}"))


def _copy(path: Path, scratch: Scratch, table: str, dialect: Dialect) -> list[str]:
    """Make a scratch table of a text file; the lines that could not be split come back."""
    for kept in ("refused", "refused_scans"):
        scratch.run(f"DROP TABLE IF EXISTS {kept}")
    names = ", ".join(f"{literal(n)}: 'VARCHAR'" for n in dialect.names)
    written = f"delim = {literal(dialect.separator)}, quote = '\"', escape = '\"', encoding = {literal(dialect.encoding)}"
    refusing = "store_rejects = true, rejects_table = 'refused', rejects_scan = 'refused_scans', rejects_limit = 0"
    scratch.make(
        table,
        f"""SELECT * FROM read_csv({literal(str(path))}, auto_detect = false, header = true, {written},
            columns = {{{names}}}, max_line_size = {LONGEST_LINE}, {refusing})""",
    )
    return [str(r[1]) for r in scratch.run("SELECT line, csv_line FROM refused GROUP BY file_id, line, csv_line ORDER BY line")]


def _badly_encoded(scratch: Scratch) -> bool:
    return bool(scratch.one("SELECT count(*) FROM refused WHERE error_type = 'INVALID ENCODING'"))


def _copy_mended(path: Path, scratch: Scratch, table: str, dialect: Dialect) -> list[str]:
    """Read again, record by record: a quote that is never closed would swallow all lines after it."""
    mended = scratch.folder / f"{table}.csv"
    encoding = {"utf-8": "utf-8-sig"}.get(dialect.encoding, dialect.encoding)
    with opened(path) as raw, io.TextIOWrapper(raw, encoding=encoding, newline="") as text:
        lost = mend(text, dialect.separator, len(dialect.names), mended)
    return _copy(mended, scratch, table, replace(dialect, encoding="utf-8")) + lost


def _keep_refused(scratch: Scratch, table: str, dialect: Dialect, refused: list[str]) -> None:
    """Lines that do not split into the header's columns stay whole, in the first column of a table beside."""
    first, *others = map(ident, dialect.names)
    nothing = "".join(f", NULL::VARCHAR AS {name}" for name in others)
    scratch.connection.con.register("refused_lines", pa.table({"line": pa.array(refused, pa.string())}))
    scratch.make(f"{table}_broken", f"SELECT line AS {first}{nothing} FROM refused_lines")
    scratch.connection.con.unregister("refused_lines")
    for kept in ("refused", "refused_scans"):
        scratch.run(f"DROP TABLE IF EXISTS {kept}")


def _dialect(path: Path, asked: ColumnMap, encoding: str | None = None) -> Dialect:
    head = next(blocks(path), b"")
    encoding = encoding or asked.encoding or ("utf-16" if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8")
    if encoding != "utf-16":
        _refuse_binary(path, head)
    text = head.decode({"utf-8": "utf-8-sig"}.get(encoding, encoding), errors="replace")
    lines = [line for line in text.splitlines()[:200] if line.strip() and len(line) < csv.field_size_limit()]
    if not lines:
        raise EmptyError(path.name, "the file is empty", "Give a file with a header and at least one row")
    separator = asked.separator or _separator(lines)
    names = _names(text, separator)
    if any(MOMENT.match(name) for name in names):  # said without quoting it: the first row may name a patient
        raise InputError(
            path.name, "its first line holds a time, so it is a row and no header", "Put a line with the columns' names above it"
        )
    return Dialect(separator=separator, encoding=encoding, names=names)


def _refuse_binary(path: Path, head: bytes) -> None:
    kind = next((what for magic, what in BINARY.items() if head.startswith(magic)), None)
    if kind or b"\0" in head:
        raise InputError(path.name, f"this is {kind or 'a binary file'}, not text", "Export the log as CSV, Parquet or XES")


def _separator(lines: list[str]) -> str:
    """The separator that splits the first lines into the same number of columns, and into most."""

    def score(mark: str) -> tuple[float, int]:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=mark))
        width, rows = max(widths.items(), key=lambda x: (x[1] if x[0] > 1 else 0, x[0]))
        return (rows / sum(widths.values()) if width > 1 else 0.0, width)

    return max(SEPARATORS, key=score) if any(score(m)[0] for m in SEPARATORS) else ","


def _names(text: str, separator: str) -> tuple[str, ...]:
    """The header's names; an empty one becomes ``column 3``, a repeated one ``name (2)``."""
    lines = (line for line in text.splitlines(keepends=True) if line.strip() and len(line) < csv.field_size_limit())
    header = next(csv.reader(lines, delimiter=separator))
    seen: Counter[str] = Counter()
    names = []
    for place, raw in enumerate(header, 1):
        name = raw.strip() or f"column {place}"
        name = "row id" if name.lower() == "rowid" else name  # DuckDB numbers its rows under that name
        seen[name.lower()] += 1
        names.append(name if seen[name.lower()] == 1 else f"{name} ({seen[name.lower()]})")
    return tuple(names)
