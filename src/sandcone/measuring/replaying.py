"""The time to test a twin on, and its plainest rival: the last patients of the past, moved by whole weeks, as they were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from sandcone.core.errors import EmptyError
from sandcone.core.log import EventLog

TIMES = ("ready", "planned", "start", "end")
FEW = 20  # cases, below which nothing can be said of a twin


def cut(log: EventLog, share: float = 0.8) -> datetime:
    """The moment by which this share of the steps had ended."""
    t = log.table.filter(log.table.end.notnull())
    n = int(t.count().to_pyarrow().as_py())
    if n == 0:
        raise EmptyError(log.source, "no step has ended", "Give a log with ends.")
    row = t.order_by("end", "row").limit(1, offset=min(int(n * share), n - 1)).select("end").to_pyarrow()
    return _moment(row["end"][0].as_py())


def since(log: EventLog, moment: datetime) -> EventLog:
    """The cases that came at this moment or later; ``EmptyError`` where there are fewer than twenty, too few to test a twin on."""
    came = _came(log.table)
    kept = log.table.semi_join(came.filter(came.came >= ibis.literal(moment, "timestamp")), "case")
    if len(kept.select("case").distinct().limit(FEW).to_pyarrow()) < FEW:
        raise EmptyError(log.source, f"fewer than {FEW} journeys begin in the last part", "Give a longer log: too few to test a twin on.")
    return replace(log, table=kept, source=f"{log.source}, since {moment:%Y-%m-%d}", left_out=None)


def span(log: EventLog) -> tuple[datetime, datetime]:
    """When the first case came and when the last thing happened."""
    t = log.table
    found = t.aggregate(first=ibis.coalesce(t.ready, t.start, t.end).min(), last=ibis.greatest(t.end.max(), t.start.max()))
    row = found.mutate(last=ibis.coalesce(found.last, t.end.max().as_scalar())).to_pyarrow().to_pylist()[0]
    return _moment(row["first"]), _moment(row["last"])


def all_over(log: EventLog) -> bool:
    """Whether every step of the log has ended, as in a log of patients discharged."""
    t = log.table
    return not int(t.filter(t.end.isnull()).count().to_pyarrow().as_py())


def replayed(past: EventLog, test: EventLog) -> EventLog:
    """As many cases as the test has, the last of the past, moved by whole weeks to the time of the test: no model at all."""
    n = int(test.table.select("case").distinct().count().to_pyarrow().as_py())
    last = _came(past.table).order_by(ibis.desc("came"), "case").limit(n)
    kept = past.table.semi_join(last, "case")
    old, new = _first(kept), _first(test.table)
    moved = ibis.interval(days=7 * round((new - old) / timedelta(weeks=1)))
    return replace(past, table=kept.mutate(**{t: kept[t] + moved for t in TIMES}), source=f"{past.source}, replayed", left_out=None)


def without(log: EventLog, cases: Sequence[str]) -> EventLog:
    """The log without these cases."""
    gone = ibis.memtable(pa.table({"case": pa.array(list(cases), pa.string())}))
    return replace(log, table=log.table.anti_join(gone, "case").select(*log.table.columns)) if cases else log


def without_needs(log: EventLog) -> EventLog:
    """The log without times of need: what passes between two steps counts as a wait from the end of the first.

    A model that was learnt from a log knows what passes between two steps, and not which of it the hospital calls a need.
    """
    t = log.table.filter(log.table.start.notnull() | log.table.end.notnull())  # who only waits is not seen then
    return replace(log, table=t.mutate(ready=ibis.null("timestamp")), has_ready=False)


def _came(t: ir.Table) -> ir.Table:
    return t.group_by("case").aggregate(came=ibis.coalesce(t.ready, t.start, t.end).min())


def _first(t: ir.Table) -> datetime:
    return _moment(ibis.coalesce(t.ready, t.start, t.end).min().to_pyarrow().as_py())


def _moment(found: object) -> datetime:
    assert isinstance(found, datetime)
    return found.replace(tzinfo=None)
