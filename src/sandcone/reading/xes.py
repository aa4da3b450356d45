"""XES event logs: through r4pm where it can hand over a table, else read element by element; the same rows either way."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from lxml import etree

from sandcone.core.errors import EmptyError, InputError
from sandcone.reading.scratch import Scratch, ident, literal
from sandcone.reading.source import Source
from sandcone.reading.streams import opened

CHUNK = 50_000
VALUES = frozenset({"string", "date", "int", "float", "boolean", "id"})
CASE = "case:concept:name"


def is_xes(path: Path) -> bool:
    """Whether a file's name says it is XES."""
    return path.name.lower().removesuffix(".gz").endswith(".xes")


def load_xes(path: Path, scratch: Scratch, table: str) -> Source:
    """An XES log as a table of text: event attributes by their key, trace attributes as ``case:key``."""
    try:
        relation = _through_r4pm(path, scratch, table) if _r4pm_ready() and _whole(path) else None
        relation = relation or _by_element(path, scratch, table)
    except etree.XMLSyntaxError as e:
        raise InputError(path.name, f"cannot be read as XES ({e.msg})", "Check the file, or export it again") from None
    except duckdb.Error as e:
        raise InputError(
            path.name, f"cannot be read as XES ({str(e).splitlines()[0][:200]})", "Check the file, or export it again"
        ) from None
    rows = int(scratch.one(f"SELECT count(*) FROM {relation}"))
    if rows == 0:
        raise EmptyError(path.name, "there is no event in it", "Give a log with at least one event")
    return Source(where=path.name, table=table, relation=relation, columns=scratch.columns(relation), rows=rows, utc=True)


def _r4pm_ready() -> bool:
    return all(importlib.util.find_spec(name) is not None for name in ("r4pm", "polars"))


def _whole(path: Path) -> bool:
    """Whether the file ends as a log should; r4pm reads a log that was cut short without a word."""
    end = b""
    with opened(path) as stream:
        while block := stream.read(1 << 20):
            end = (end + block)[-100:]
    return end.rstrip().endswith(b"</log>")


def _through_r4pm(path: Path, scratch: Scratch, table: str) -> str | None:
    from r4pm.df import import_xes

    try:
        frame, _ = import_xes(str(path))
    except Exception:  # r4pm raises what its Rust side says, of no common kind; the other way reports what is wrong
        return None
    events = frame.to_arrow()
    scratch.connection.con.register("xes_events", events)
    columns = ", ".join(f"{_plain(f)} AS {ident(f.name)}" for f in sorted(events.schema, key=lambda f: str(f.name)))
    relation = scratch.make(table, f"SELECT {columns} FROM xes_events")
    scratch.connection.con.unregister("xes_events")
    return relation


def _plain(field: Any) -> str:
    name = ident(field.name)
    if pa.types.is_floating(field.type):
        return f"regexp_replace({name}::VARCHAR, '\\.0$', '')"
    return f"strftime({name}, '%Y-%m-%dT%H:%M:%S.%fZ')" if pa.types.is_timestamp(field.type) else f"{name}::VARCHAR"


def _by_element(path: Path, scratch: Scratch, table: str) -> str:
    """Chunks of events into small Parquet files beside the scratch, then one table."""
    folder = scratch.folder / f"{table}_xes"
    folder.mkdir()
    chunk: list[dict[str, str]] = []
    for i, event in enumerate(_events(path)):
        chunk.append(event)
        if len(chunk) == CHUNK:
            _write(chunk, folder / f"{i:012d}.parquet")
            chunk = []
    if chunk or not any(folder.iterdir()):
        _write(chunk, folder / "999999999999.parquet")
    parts = literal(str(folder / "*.parquet"))
    names = sorted(scratch.columns(f"read_parquet({parts}, union_by_name = true)"))
    return scratch.make(table, f"SELECT {', '.join(map(ident, names))} FROM read_parquet({parts}, union_by_name = true)")


def _write(chunk: list[dict[str, str]], path: Path) -> None:
    names = dict.fromkeys(name for event in chunk for name in event) or {CASE: None}
    columns = {name: pa.array([event.get(name) for event in chunk], pa.string()) for name in names}
    pq.write_table(pa.table(columns), path)


def _events(path: Path) -> Iterator[dict[str, str]]:
    with opened(path) as stream:
        for _, trace in etree.iterparse(stream, tag=("{*}trace", "trace"), huge_tree=True, resolve_entities=False, no_network=True):
            case = {f"case:{k}": v for k, v in _attributes(trace)}
            for event in trace.iterchildren("{*}event", "event"):
                yield {**case, **dict(_attributes(event))}
            trace.clear()
            while trace.getprevious() is not None:
                del trace.getparent()[0]


def _attributes(element: Any) -> Iterator[tuple[str, str]]:
    for child in element:
        kind = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if kind in VALUES and child.get("key") is not None and child.get("value") is not None:
            yield child.get("key"), _value(kind, child.get("value"))


def _value(kind: str, text: str) -> str:
    if kind == "float":
        return text.removesuffix(".0")
    if kind == "boolean":
        return text.lower()
    return text
