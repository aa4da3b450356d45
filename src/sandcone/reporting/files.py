"""The report as files, each written beside its place and then moved there, so that no half file is ever seen."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sandcone.core.estimate import Estimate, Measure, Measures
from sandcone.core.improved import Improved
from sandcone.core.log import EventLog
from sandcone.core.overview import Overview
from sandcone.core.place import beside, cannot_write
from sandcone.core.truth import Tried
from sandcone.reporting.booked_month import BookedMonth
from sandcone.reporting.next_weeks import NextWeeks
from sandcone.reporting.page import page

SCHEMA = 1
Json = dict[str, object]


def write(
    measures: Measures,
    log: EventLog,
    folder: Path,
    tried: Tried | None = None,
    modules: Overview | str | None = None,
    planned: NextWeeks | None = None,
    booked: BookedMonth | None = None,
    improved: Improved | str | None = None,
) -> Path:
    """Put the page and its numbers into a folder and say where the page is.

    Writes ``report.html``, ``measures.json``, ``measures.parquet``, ``truth.json`` where a twin was tried, and, where rows were left out,
    ``left_out.parquet``.
    Raises ``InputError`` where nothing can be written.
    """
    html, numbers = (
        page(log, measures, tried, modules, planned, booked, improved),
        json.dumps(as_json(measures), ensure_ascii=False, indent=1, allow_nan=False),
    )
    if log.left_out is not None:
        rows = log.left_out
        _put(folder / "left_out.parquet", rows.to_parquet)
    if tried is not None and tried.truth is not None:
        truth = json.dumps(tried.truth.as_json(), ensure_ascii=False, indent=1, allow_nan=False)
        _put(folder / "truth.json", lambda p: p.write_text(truth, encoding="utf-8"))
    _put(folder / "measures.json", lambda p: p.write_text(numbers, encoding="utf-8"))
    _put(folder / "measures.parquet", lambda p: pq.write_table(as_table(measures), p))
    return _put(folder / "report.html", lambda p: p.write_text(html, encoding="utf-8"))


def writable(folder: Path) -> Path:
    """A folder that can be made and written to, known before the work begins; ``InputError`` where it cannot."""
    there = next(p for p in (folder.absolute(), *folder.absolute().parents) if p.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise cannot_write(folder, "it is a file" if there == folder.absolute() and there.is_file() else f"{there} takes no new file")
    return folder


def _put(path: Path, written: Callable[[Path], object]) -> Path:
    with beside(path) as part:
        written(part)
    return path


def as_json(measures: Measures) -> Json:
    """Every number with its interval, count and method, and what is missing with the reason; unknown numbers are null."""
    whole: Json = {m.name: _number(m) for m in measures if not m.group}
    grouped: dict[str, list[Json]] = {}
    for m in measures:
        if m.group:
            grouped.setdefault(m.name, []).append({"group": dict(m.group), **_number(m)})
    return {"schema": SCHEMA, "measures": whole, "grouped": grouped, "missing": _missing(measures)}


def _missing(measures: Measures) -> Json:
    """Name → why; several reasons for one name, as for one attribute and another, stand one after the other."""
    reasons: dict[str, list[str]] = {}
    for x in measures.missing:
        reasons.setdefault(x.name, []).append(x.why)
    return {name: "; ".join(dict.fromkeys(whys)) for name, whys in reasons.items()}


def _number(m: Measure) -> Json:
    e: Estimate = m.estimate
    said: Json = {"value": _finite(e.value), "low": _finite(e.low), "high": _finite(e.high), "n": e.n, "unit": e.unit, "method": e.method}
    return {**said, "note": m.note} if m.note else said


def _finite(x: float | None) -> float | None:
    return None if x is None or not math.isfinite(x) else x


COLUMNS = pa.schema(
    [
        ("name", pa.string()),
        ("group", pa.map_(pa.string(), pa.string())),
        ("value", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("n", pa.int64()),
        ("unit", pa.string()),
        ("method", pa.string()),
        ("note", pa.string()),
    ]
)


def as_table(measures: Measures) -> pa.Table:
    """One row a number; ``group`` is a map from what it was split by to the value."""
    rows = [{"name": m.name, "group": list(m.group.items()), "note": m.note, **_number(m)} for m in measures]
    return pa.Table.from_pylist(rows, schema=COLUMNS)
