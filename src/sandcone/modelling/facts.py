"""A log as arrays: fetched once, names as small numbers, times as minutes on the hospital's own clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sandcone.core.clock import DAY, MINUTE, local
from sandcone.core.columns import numbered
from sandcone.core.errors import EmptyError
from sandcone.core.log import EventLog

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
WEEK = 10080.0
EPS = 1 / 60  # minutes: two moments less than a second apart are one


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """What is known of each case by one name: a number for each case, and the values that the numbers stand for (-1: not known)."""

    code: Ints
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Facts:
    """Steps sorted by case, start, end and place in the log; cases are numbered in the order of their first step.

    Times are minutes from ``monday`` 00:00, a Monday on or before the first of them; nan where not known. ``ready`` is kept for the first
    step of a case only, where it says when the patient came: what passes between two steps is a delay or a queue, however it is called.
    """

    case: Ints
    step: Ints
    resource: Ints  # -1: none named
    ready: Floats
    start: Floats
    end: Floats
    steps: tuple[str, ...]
    resources: tuple[str, ...]
    monday: date
    open_case: Bools  # by case: has a step that has not ended
    attributes: Mapping[str, Attribute]
    others: tuple[tuple[int, ...], ...] | None  # further resources of each step
    timed: bool  # whether steps have a start as well as an end

    @property
    def n(self) -> int:
        """How many cases."""
        return len(self.open_case)

    @property
    def first(self) -> Ints:
        """Where each case begins among the steps, and one more number: where the last one ends."""
        return np.searchsorted(self.case, np.arange(self.n + 1))

    @property
    def is_first(self) -> Bools:
        """Whether a step is the first of its case."""
        return np.diff(self.case, prepend=-1) > 0

    @property
    def begin(self) -> Floats:
        """By case: when it arrived, its first time of need, else its first start."""
        at = self.first[:-1]
        return np.where(np.isnan(self.ready[at]), self.start[at], np.minimum(self.ready[at], self.start[at]))

    @property
    def leave(self) -> Floats:
        """By case: its last end."""
        return np.asarray(np.maximum.reduceat(self.end, self.first[:-1]))

    @property
    def last(self) -> float:
        """The last moment of the log."""
        return float(self.end.max())

    def only(self, cases: Bools) -> Facts:
        """Some of the cases, numbered anew."""
        keep = cases[self.case]
        return replace(
            self,
            case=(np.cumsum(cases) - 1)[self.case[keep]],
            step=self.step[keep],
            resource=self.resource[keep],
            ready=self.ready[keep],
            start=self.start[keep],
            end=self.end[keep],
            open_case=self.open_case[cases],
            attributes={a: Attribute(code=x.code[cases], values=x.values) for a, x in self.attributes.items()},
            others=None if self.others is None else tuple(o for o, k in zip(self.others, keep, strict=True) if k),
        )

    def first_minutes(self, seen: float) -> Facts:
        """Each case as it was known so many minutes after it arrived: later steps are gone, later ends are that moment."""
        upto = (self.begin + seen)[self.case]
        keep = self.start <= upto
        return replace(
            self,
            case=self.case[keep],
            step=self.step[keep],
            resource=self.resource[keep],
            ready=self.ready[keep],
            start=self.start[keep],
            end=np.minimum(self.end, upto)[keep],
            others=None if self.others is None else tuple(o for o, k in zip(self.others, keep, strict=True) if k),
        )

    def day(self, minute: float) -> date:
        """The calendar day of a moment."""
        return self.monday + timedelta(days=int(minute // 1440))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Uses:
    """Every use of a resource, also of the further ones of a step: whose, at which step of the log, from when, until when."""

    resource: Ints
    row: Ints
    start: Floats
    end: Floats

    @classmethod
    def of(cls, f: Facts) -> Uses:
        """All uses of a log."""
        first = np.flatnonzero(f.resource >= 0)
        lists = f.others or ()
        more = np.repeat(np.arange(len(lists)), [len(o) for o in lists])
        row = np.concatenate([first, more])
        resource = np.concatenate([f.resource[first], np.array([r for o in lists for r in o], dtype=np.int64)])
        return cls(resource=resource, row=row, start=f.start[row], end=f.end[row])


def facts(log: EventLog) -> Facts:
    """Fetch a log. Raises ``EmptyError`` if no step in it ever ended."""
    t = log.table
    columns = ["case", "step", "resource", "ready", "start", "end", "others", *log.attributes]
    table = t.filter(t.ready.notnull() | t.start.notnull() | t.end.notnull()).order_by("row").select(*columns).to_pyarrow()
    if table.num_rows == 0 or pa.compute.count(table["end"]).as_py() == 0:
        raise EmptyError(log.source, "no step in it ever ended, so there is nothing to learn from", "Give a log of finished work.")
    start, end, ready = (_minutes(table[c], log.zone) for c in ("start", "end", "ready"))
    monday = _monday(float(np.nanmin(np.fmin(np.fmin(start, end), ready))))
    timed = log.starts != "none" and not bool(np.isnan(start).all())
    start = np.where(np.isnan(start), np.where(np.isnan(end), ready, end), start)  # who still waits has not ended: an open case
    start, end, ready = (x - monday for x in (start, end, ready))
    case, _names = numbered(table["case"])
    return _sorted(log, table, case, (start, end, ready), monday, timed)


def _sorted(log: EventLog, table: pa.Table, case: Ints, times: tuple[Floats, Floats, Floats], monday: float, timed: bool) -> Facts:
    start, end, ready = times
    n = int(case.max()) + 1
    begun = np.full(n, np.inf)
    np.minimum.at(begun, case, start)
    rank = np.empty(n, dtype=np.int64)
    rank[np.argsort(begun, kind="stable")] = np.arange(n)
    ended = ~np.isnan(end)
    unfinished = np.zeros(n, dtype=bool)
    unfinished[rank[case[~ended]]] = True
    step, steps = numbered(table["step"])
    resource, resources = numbered(table["resource"])
    order = np.lexsort((np.arange(len(case)), np.where(ended, end, np.inf), start, rank[case]))
    order = order[ended[order]]
    kept = np.zeros(n, dtype=bool)
    kept[rank[case[order]]] = True
    several, resources = _others(table, order, resources)
    needed = np.where(np.diff(rank[case[order]], prepend=-1) > 0, np.minimum(ready, start)[order], np.nan)
    return Facts(
        case=(np.cumsum(kept) - 1)[rank[case[order]]],
        step=step[order],
        resource=resource[order],
        ready=needed if log.has_ready else np.full(len(order), np.nan),
        start=start[order],
        end=np.maximum(start, end)[order],
        steps=steps,
        resources=resources,
        monday=date(1970, 1, 1) + timedelta(days=round(monday / 1440)),
        open_case=unfinished[kept],
        attributes={a: _attribute(table[a], rank[case], n, kept) for a in log.attributes},
        others=several,
        timed=timed,
    )


def _minutes(column: pa.ChunkedArray, zone: str | None) -> Floats:
    micros = column.cast(pa.timestamp("us")).cast(pa.int64())
    known = ~np.asarray(column.is_null().to_numpy())
    out = np.full(len(known), np.nan)
    out[known] = local(micros.drop_null().to_numpy().astype(np.int64), zone) / MINUTE
    return out


def _monday(minute: float) -> float:
    """The minute of 00:00 on the Monday on or before; 1970 began on a Thursday."""
    day = np.floor(minute * MINUTE / DAY)
    return float((day - (day + 3) % 7) * 1440)


def _others(table: pa.Table, order: Ints, resources: tuple[str, ...]) -> tuple[tuple[tuple[int, ...], ...] | None, tuple[str, ...]]:
    lists: list[Any] = table["others"].to_pylist()
    if not any(lists):
        return None, resources
    known = {r: i for i, r in enumerate(resources)}
    for name in sorted({name for names in lists for name in names or ()}):
        known.setdefault(name, len(known))
    return tuple(tuple(known[x] for x in lists[i] or ()) for i in order), tuple(known)


def _attribute(column: pa.ChunkedArray, case: Ints, n: int, kept: Bools) -> Attribute:
    codes, values = numbered(column)
    of = np.full(n, -1, dtype=np.int64)
    of[case] = codes
    return Attribute(code=of[kept], values=values)
