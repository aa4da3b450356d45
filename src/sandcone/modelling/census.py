"""Who was in the house at a moment of a log, and what was known of them then: nothing that came after it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import ibis
import numpy as np
import pyarrow as pa

from sandcone.core.clock import MINUTE, local, local_moment
from sandcone.core.errors import EmptyError, InputError
from sandcone.core.log import EventLog
from sandcone.modelling.facts import Floats, Ints

TIMES = ("ready", "start", "end")
GONE = 1440.0  # minutes after which an appointment that was not kept is missed, and nobody is thought to wait who never begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One step as it was known at the moment: minutes from the moment, 0 or below; nan for what had not happened."""

    step: str
    resources: tuple[str, ...]
    ready: float
    start: float
    end: float
    booked: float = np.nan  # for when, also after the moment, of a step that waits

    @property
    def over(self) -> bool:
        """Whether it had ended."""
        return self.end <= 0

    @property
    def waits(self) -> bool:
        """Whether it was needed and had not begun."""
        return bool(np.isnan(self.start))

    @property
    def begun(self) -> float:
        """When it began, or was needed if it had not begun."""
        return self.ready if self.waits else self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """A patient who may be in the house at the moment, with every step known then, in order.

    ``here`` says whether the patient is known to be: a step is under way or waited for, or another one comes later (a hospital knows who is
    in; which step comes, and when, is not told). Else nothing was heard for ``silent`` minutes after the moment either.
    """

    case: str
    steps: tuple[Known, ...]
    attributes: Mapping[str, str]
    here: bool
    silent: float

    @property
    def came(self) -> float:
        """When the patient came, minutes from the moment."""
        times = [t for s in self.steps for t in (s.ready, s.start) if not np.isnan(t)]
        return min(times)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Census:
    """Everybody who may be in the house, and by step the minutes that passed before it so far, from the end of the step before, sorted."""

    journeys: tuple[Journey, ...]
    passed: Mapping[str, Floats]


def census(log: EventLog, at: datetime, pause: float) -> Census:
    """Who was there at a moment of the hospital's own clock. ``InputError`` where the log does not reach so far.

    Of a log in which some step has not ended, whoever was last heard of less than ``pause`` minutes before its end may still be there.
    """
    columns = ["case", "step", *TIMES, "planned", "resource", "others", *log.attributes]
    table = log.table.order_by("row").select(*columns).to_pyarrow()
    times = np.column_stack([_minutes(table[c], log.zone, at) for c in (*TIMES, "planned")])
    seen = ~np.isnan(times[:, :3]).all(axis=1) & ~_gone(table, times)
    table, times = table.filter(pa.array(seen)), times[seen]
    planned, times = times[:, 3], times[:, :3]
    _inside(log, times, at)
    case, names = _coded(table["case"])
    n = len(names)
    known, ended = np.fmin.reduce(times, axis=1) <= 0, times[:, 2] <= 0
    last = _latest(case, np.fmax.reduce(times, axis=1), n)
    silent = float(np.nanmax(times))
    live = bool(np.isnan(times[:, 2]).any())
    here = _any(case, known & ~ended, n) | (_any(case, known, n) & (last > 0))
    maybe = here | (live & _any(case, known, n) & (silent - last <= pause))
    rows = np.flatnonzero(known & maybe[case])
    rows = rows[np.lexsort((_or_later(times[rows, 2]), _begun(times[rows]), case[rows]))]
    return Census(
        journeys=tuple(_journeys(log, table, np.column_stack([times, planned]), (case, names), here, silent, rows)),
        passed=_passed(table, times, case),
    )


def _gone(table: pa.Table, times: Floats) -> Any:
    """Steps that never began, of people who have gone: the appointment was missed long before, or nobody ever waited so long."""
    never, last = np.isnan(times[:, 1:3]).all(axis=1), float(np.nanmax(times[:, :3], initial=0.0))
    step, names = _coded(table["step"])
    longest = np.full(len(names), GONE)
    waited = times[:, 1] - times[:, 0]
    np.maximum.at(longest, step[~np.isnan(waited)], waited[~np.isnan(waited)])
    waits = last - np.fmax(times[:, 0], times[:, 3])
    return never & ((times[:, 3] < -GONE) | (waits > longest[step]))


def last_moment(log: EventLog) -> datetime:
    """The last moment that a log tells of, by the hospital's own clock."""
    t = log.table
    found = t.aggregate(last=ibis.greatest(t.ready.max(), t.start.max(), t.end.max())).to_pyarrow()["last"][0].as_py()
    if found is None:
        raise EmptyError(log.source, "it has no times", "Give a log with a start or an end of steps")
    return local_moment(found.replace(tzinfo=None), log.zone)


def _inside(log: EventLog, times: Floats, at: datetime) -> None:
    first, last = (float(x) for x in (np.nanmin(times), np.nanmax(times))) if times.size else (1.0, 0.0)
    if not first <= 0 <= last:
        found = f"{at:%Y-%m-%d %H:%M} is not within the log" + ("" if first > last else f", which runs {_span(at, first, last)}")
        raise InputError(log.source, found, "Give a moment in between")


def _span(at: datetime, first: float, last: float) -> str:
    one, other = (datetime.fromtimestamp(at.replace(tzinfo=UTC).timestamp() + 60 * x, UTC) for x in (first, last))
    return f"from {one:%Y-%m-%d %H:%M} to {other:%Y-%m-%d %H:%M}"


def _minutes(column: pa.ChunkedArray, zone: str | None, at: datetime) -> Floats:
    """Minutes from the moment, by the hospital's own clock."""
    known = ~np.asarray(column.is_null().to_numpy())
    out = np.full(len(known), np.nan)
    micros = column.cast(pa.timestamp("us")).cast(pa.int64()).drop_null().to_numpy().astype(np.int64)
    out[known] = (local(micros, zone) - round(at.replace(tzinfo=UTC).timestamp() * 1e6)) / MINUTE
    return out


def _coded(column: pa.ChunkedArray) -> tuple[Ints, list[str]]:
    coded = pa.compute.dictionary_encode(column.combine_chunks())
    return coded.indices.to_numpy().astype(np.int64), coded.dictionary.to_pylist()


def _any(case: Ints, which: Any, n: int) -> Any:
    return np.bincount(case[which], minlength=n) > 0


def _latest(case: Ints, moment: Floats, n: int) -> Floats:
    out = np.full(n, -np.inf)
    np.maximum.at(out, case, moment)
    return out


def _or_later(end: Floats) -> Floats:
    return np.where(end <= 0, end, np.inf)


def _begun(times: Floats) -> Floats:
    """When steps began as far as is known at the moment: the start, the end of one that has no start, else the need."""
    start = np.where(np.isnan(times[:, 1]), times[:, 2], times[:, 1])
    return np.where(start <= 0, start, times[:, 0])


def _journeys(
    log: EventLog, table: pa.Table, times: Floats, cases: tuple[Ints, list[str]], here: Any, silent: float, rows: Ints
) -> list[Journey]:
    part = table.take(pa.array(rows)).select(["step", "resource", "others", *log.attributes]).to_pylist()
    of, names = cases[0][rows], cases[1]
    edges = [*np.flatnonzero(np.diff(of, prepend=-1)), len(rows)]
    found = []
    for a, b in pairwise(edges):
        who = {x: part[a][x] for x in log.attributes if part[a][x] is not None}
        steps = tuple(_known(part[i], times[rows[i]]) for i in range(a, b))
        found.append(Journey(case=names[of[a]], steps=steps, attributes=who, here=bool(here[of[a]]), silent=silent))
    return found


def _known(row: Mapping[str, Any], times: Floats) -> Known:
    ready, start, end = (float(x) for x in np.where(times[:3] <= 0, times[:3], np.nan))
    start = end if np.isnan(start) else start
    ready = ready if np.isnan(start) else float(np.minimum(ready, start))
    names = (row["resource"], *(row["others"] or ()))
    return Known(
        step=row["step"], resources=tuple(x for x in names if x is not None), ready=ready, start=start, end=end, booked=float(times[3])
    )


def _passed(table: pa.Table, times: Floats, case: Ints) -> dict[str, Floats]:
    """Of all steps begun by the moment: the minutes since the end of what the case had done before."""
    begun = _begun(times)
    rows = np.flatnonzero(~np.isnan(times[:, 1]) & (times[:, 1] <= 0) & (times[:, 2] <= 0))
    rows = rows[np.lexsort((times[rows, 2], begun[rows], case[rows]))]
    gap = np.maximum(begun[rows][1:] - times[rows, 2][:-1], 0.0)
    follows = case[rows][1:] == case[rows][:-1]
    step, names = _coded(table["step"])
    of = step[rows][1:]
    return {name: np.sort(gap[follows & (of == s)]) for s, name in enumerate(names) if (follows & (of == s)).any()}
