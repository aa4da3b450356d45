"""A log as one Parquet file: the rows, and beside them all that is known about the rows; read back without copying them."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from sandcone.core.errors import InputError
from sandcone.core.log import ROLES, Account, EventLog, Finding, LeftOut
from sandcone.core.place import beside
from sandcone.core.site import Site, site_of
from sandcone.reading.scratch import Scratch, literal

KEY = "sandcone"
SCHEMA = 1
ROW_GROUP = 1_000_000


def save(log: EventLog, path: str | Path, *, left_out: str | Path | None = None) -> None:
    """Write a log to one Parquet file, so that the next command need not read the foreign files again.

    The file is written beside and renamed, so no half file is ever seen. Rows that were left out go, with their reasons,
    to ``left_out`` (``left_out.parquet`` in the same folder if not said). Raises ``InputError`` where nothing can be written.
    """
    path = Path(path)
    gone_to = Path(left_out) if left_out is not None else path.with_name("left_out.parquet")
    gone = log.left_out if log.account.left_out else None
    about = _about(log) | {"left_out": os.path.relpath(gone_to, path.parent) if gone is not None else None}
    if gone is not None:
        _write(gone, gone_to, {})
    _write(log.table.select(*ROLES, *log.attributes), path, {KEY: json.dumps(about, ensure_ascii=False)})


def is_saved(path: Path) -> bool:
    """Whether a file is a log that ``save`` wrote."""
    if not (path.is_file() and path.suffix.lower() in (".parquet", ".pq")):
        return False
    try:
        return KEY.encode() in _metadata(path)
    except (pa.ArrowException, OSError):
        return False


def _metadata(path: Path) -> dict[bytes, bytes]:
    return pq.read_metadata(path).metadata or {}


def open_saved(path: Path, connection: Any | None) -> EventLog:
    """A saved log, its rows left where they are."""
    about = json.loads(_metadata(path)[KEY.encode()])
    if about.get("schema") != SCHEMA:
        raise InputError(path.name, f"it was saved as schema {about.get('schema')!r}, this version reads {SCHEMA}", "Read the source again")
    backend = Scratch.on(connection).connection
    gone = path.parent / about["left_out"] if about["left_out"] else None
    return EventLog(
        table=backend.read_parquet(str(path)),
        attributes=tuple(about["attributes"]),
        starts=about["starts"],
        has_ready=about["has_ready"],
        zone=about["zone"],
        source=about["source"],
        site=site_of(about["site"], path.name),
        account=_account(about["account"]),
        findings=tuple(Finding(**f) for f in about["findings"]),
        notes=tuple(about["notes"]),
        left_out=backend.read_parquet(str(gone)) if gone is not None and gone.exists() else None,
    )


def _about(log: EventLog) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "attributes": list(log.attributes),
        "starts": log.starts,
        "has_ready": log.has_ready,
        "zone": log.zone,
        "source": log.source,
        "site": _plain(log.site),
        "account": asdict(log.account),
        "findings": [asdict(f) for f in log.findings],
        "notes": list(log.notes),
    }


def _plain(site: Site) -> dict[str, Any]:
    return site.model_dump(mode="json", by_alias=True, exclude_unset=True)


def _account(said: dict[str, Any]) -> Account:
    left = tuple(LeftOut(**x) for x in said["left_out"])
    return Account(rows_in=said["rows_in"], rows_kept=said["rows_kept"], left_out=left)


def _write(table: ir.Table, path: Path, metadata: dict[str, str]) -> None:
    backend: Any = table.get_backend()
    with beside(path) as part:
        if backend.name == "duckdb":
            _copy(backend, table, part, metadata)
        else:
            schema = table.schema().to_pyarrow().with_metadata(metadata)
            with table.to_pyarrow_batches(chunk_size=ROW_GROUP) as batches, pq.ParquetWriter(part, schema, compression="zstd") as writer:
                for batch in batches:
                    writer.write_table(pa.Table.from_batches([batch]).cast(schema), row_group_size=ROW_GROUP)


def _copy(backend: Any, table: ir.Table, part: Path, metadata: dict[str, str]) -> None:
    """DuckDB writes its own rows, with all its threads."""
    about = "".join(f", KV_METADATA {{{key}: {literal(text)}}}" for key, text in metadata.items())
    query = ibis.to_sql(table, dialect="duckdb")
    table.limit(0).to_pyarrow()  # a table in memory becomes known to DuckDB with its first query
    try:
        backend.con.execute(f"COPY ({query}) TO {literal(str(part))} (FORMAT parquet, COMPRESSION zstd{about})").fetchall()
    except duckdb.IOException as e:
        raise OSError(0, str(e).splitlines()[0]) from None
