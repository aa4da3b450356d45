"""One row a case: its segment, what type of process that is, its operating mode, and its package, so that others can be joined to it."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.csv

from sandcone.core.care import Library
from sandcone.core.estimate import Measures
from sandcone.core.log import EventLog
from sandcone.core.overview import Overview
from sandcone.core.place import beside, csv_name
from sandcone.measuring.kinds_of_cases import kinds_of_cases
from sandcone.measuring.prepare import prepare
from sandcone.personalising.having import packages


def cases(log: EventLog, library: Library, seen: Overview) -> tuple[pa.Table, tuple[str, ...]]:
    """Every case of a log: ``case``, ``segment``, ``process_type``, ``mode`` and ``modules`` (its package), by the case's name.

    ``seen`` is the overview of the same log and library, which has the process type of each segment. Nothing stands where the log or the
    site file cannot tell; the sentences say of how many cases, and why.
    """
    kinds, why = kinds_of_cases(prepare(log))
    of = {m.group["segment"]: m.note for m in seen.measured.by("process_type", "segment")}
    types = pa.array([of.get(x) for x in kinds["segment"].to_pylist()], pa.string())
    table = kinds.add_column(2, "process_type", types).join(packages(library, log), "case", join_type="left outer").sort_by("case")
    if "segment" in why:
        said = [_unknown(table, "segment", "segment and process type", why["segment"])]
    else:
        said = [_unknown(table, "process_type", "process type", _untyped(seen.measured))]
    return table, tuple(s for s in (*said, _unknown(table, "mode", "operating mode", why.get("mode", UNSAID))) if s)


UNSAID = "nothing is recorded of what the site file asks for it"


def _untyped(measured: Measures) -> str:
    return "; ".join(w for w in map(measured.why_missing, ("process_type", "segment.u")) if w) or "their segment has no type"


def _unknown(table: pa.Table, column: str, what: str, why: str) -> str:
    """Of how many cases it is not known, and why; empty where it is known of all."""
    n = table[column].null_count
    whom = "any case" if n == table.num_rows else f"{n:,} of {table.num_rows:,} cases"
    return f"The {what} of {whom} is not known: {why}." if n else ""


def save_cases(table: pa.Table, path: Path) -> None:
    """Keep them as CSV, nothing being an empty cell; whole, or not there at all."""
    with beside(csv_name(path)) as unfinished:
        pyarrow.csv.write_csv(table, unfinished, pyarrow.csv.WriteOptions(quoting_style="needed"))
