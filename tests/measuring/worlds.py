"""Tiny hospitals with known answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import ibis
import pyarrow as pa

from sandcone.core.log import ROLES, Account, EventLog
from sandcone.core.site import Site, site_of
from sandcone.measuring.prepare import Prepared, prepare

MONDAY = datetime(2024, 1, 1)  # a Monday, midnight


def at(hours: float | None) -> datetime | None:
    """So many hours after midnight of the first Monday."""
    return None if hours is None else MONDAY + timedelta(hours=hours)


def step(
    case: str,
    name: str,
    start: float | None,
    end: float | None,
    resource: str | None = None,
    *,
    ready: float | None = None,
    planned: float | None = None,
    others: Sequence[str] = (),
    **attributes: str,
) -> dict[str, Any]:
    """One step, its times in hours after Monday midnight."""
    times = {"start": at(start), "end": at(end), "ready": at(ready), "planned": at(planned)}
    return {"case": case, "step": name, "resource": resource, "others": list(others), "estimated": False} | times | attributes


def log_of(rows: Sequence[dict[str, Any]], *, site: dict[str, object] | None = None, **facts: Any) -> EventLog:
    """A log from steps; every keyword the steps have besides the roles is an attribute."""
    attributes = tuple(sorted({key for row in rows for key in row} - set(ROLES)))
    columns = {name: [row.get(name) for row in rows] for name in (*ROLES, *attributes) if name != "row"}
    schema = ibis.schema(ROLES | dict.fromkeys(attributes, "string")).to_pyarrow()
    table = ibis.memtable(pa.table({"row": list(range(len(rows)))} | columns, schema=schema))
    facts.setdefault("has_ready", any(row.get("ready") for row in rows))
    account = Account(rows_in=len(rows), rows_kept=len(rows))
    return EventLog(table=table, attributes=attributes, site=site_of(site or {}, "test") if site else Site(), account=account, **facts)


def world(rows: Sequence[dict[str, Any]], *, site: dict[str, object] | None = None, **facts: Any) -> Prepared:
    """A tiny log, ready to be measured."""
    return prepare(log_of(rows, site=site, **facts))
