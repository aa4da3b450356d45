"""A log cut in two: what a model may learn from, and what it is held against."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from ibis import _

from sandcone.core.chance import Luck
from sandcone.core.errors import EmptyError, InputError
from sandcone.core.log import Account, EventLog, LeftOut


def split(log: EventLog, share: float = 0.8) -> tuple[EventLog, EventLog]:
    """The past to learn from and the time after it to be tested on; patients whose journey lies astride of the cut are in neither.

    The rule of the papers on simulated logs: steps in order of their end, the first ``share`` of them is the past; a case is in the past if
    all its steps are, and in the test if none is. Steps that have not ended come last. Ties are settled by the order of the source.

    Mind what this does: whoever stays long is more often astride of the cut, and so left out of both. Times come out short in
    both parts, by as much as journeys are long beside the parts. ``EmptyError`` where a part would have no case.
    """
    if not 0 < share < 1:
        raise InputError("split", f"a share of {share:g}", "Give a share between 0 and 1, such as 0.8.")
    t = log.table
    cut = int(_count(t) * share + 1e-9)
    place = ibis.row_number().over(order_by=[t.end.asc(nulls_first=False), t.row])
    early = t.select("case", early=place < cut)
    sides = early.group_by("case").aggregate(every=_.early.all(), some=_.early.any())
    return _part(log, sides.filter(_.every), "past"), _part(log, sides.filter(~_.some), "test")


def halves(log: EventLog, *, seed: int, draw: int = 0) -> tuple[EventLog, EventLog]:
    """The log's cases dealt at random to two halves: how far two real halves lie apart is the noise nothing can be nearer than."""
    names = log.table.select("case").distinct().order_by("case").to_pyarrow()["case"]
    if len(names) < 2:
        raise EmptyError(log.source, "fewer than two cases", "Give a log with more.")
    first = Luck(seed).stream("halves", draw).permutation(len(names)) < len(names) // 2
    cases = (ibis.memtable(pa.table({"case": names.filter(pa.array(chosen))})) for chosen in (first, np.logical_not(first)))
    one, other = (_part(log, chosen, "half") for chosen in cases)
    return one, other


def until(log: EventLog, moment: datetime, *, only_over: bool = False) -> EventLog:
    """The log as it would have been had it ended at this moment (as the log counts time: UTC, or as written).

    What was not needed yet is gone; what was waiting has no start, what was under way no end. ``only_over`` keeps only cases that were
    over by then, as in a log of patients discharged. A simulation runs on, and a log does not: only when both end alike are they alike.
    ``EmptyError`` where no case is left.
    """
    t, at = log.table, ibis.literal(moment, "timestamp")
    if only_over:
        late = t.filter(t.end.isnull() | (t.end > at) | (t.start > at)).select("case").distinct()
        return _part(log, t.anti_join(late, "case").select("case").distinct(), f"time until {moment:%Y-%m-%d %H:%M}")
    needed = t.filter(ibis.coalesce(t.ready, t.start, at) <= at)
    cut = needed.mutate(start=(needed.start <= at).ifelse(needed.start, ibis.null("timestamp")), end=_by(needed, at))
    return _with(log, cut, f"time until {moment:%Y-%m-%d %H:%M}")


def _by(t: ir.Table, at: ir.Value) -> ir.Value:
    return ((t.end <= at) & (t.start <= at)).ifelse(t.end, ibis.null("timestamp"))


def _part(log: EventLog, cases: ir.Table, what: str) -> EventLog:
    return _with(log, log.table.semi_join(cases, "case"), what)


def _with(log: EventLog, table: ir.Table, what: str) -> EventLog:
    n, kept = _count(log.table), _count(table)
    if kept == 0:
        raise EmptyError(log.source, f"nothing lies whole in the {what}", "Give a longer log, or another part of it.")
    elsewhere = LeftOut(reason=f"not whole in the {what}", rows=n - kept)
    account = Account(rows_in=n, rows_kept=kept, left_out=(elsewhere,) if n > kept else ())
    return replace(log, table=table, source=f"{log.source}, {what}", account=account, findings=(), left_out=None)


def _count(table: ir.Table) -> int:
    return int(table.count().to_pyarrow().as_py())
