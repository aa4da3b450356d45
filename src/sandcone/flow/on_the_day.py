"""What patients see of a booking: how long they wait on the day, and whether a step begins when they were told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from ibis import _
from numpy.typing import NDArray

from sandcone.core.clock import DAY, HOUR, MINUTE, local
from sandcone.core.columns import numbered
from sandcone.core.log import EventLog

Micros = NDArray[np.int64]
OPENS = 8 * HOUR  # nobody waits in the house before, for a step that was needed the day before
GRACE = 15 * MINUTE


class Seen(NamedTuple):
    """Of one patient: hours waited on the day, days with a step, appointments, and how many of them began in time."""

    waited: float
    days: int
    told: int
    in_time: int


def on_the_day(log: EventLog) -> Mapping[str, Seen]:
    """What every patient saw of a booking.

    A wait on the day begins when the step was needed, at the time that was told, or at 8:00 of the day on which the step begins, whichever
    is last. An appointment is in time if the step begins within 15 minutes of the time told; the first of a step counts.
    """
    t = log.table.filter(_.start.notnull()).select("case", "step", "ready", "planned", "start").to_pyarrow()
    if t.num_rows == 0:
        return {}
    (case, names), (step, steps) = (numbered(t[c]) for c in ("case", "step"))
    start = local(_micros(t["start"]), log.zone)
    ready = _filled(t["ready"], start, log.zone)
    planned = _filled(t["planned"], ready, log.zone)
    day = start // DAY
    since = np.maximum(np.maximum(ready, planned), np.minimum(day * DAY + OPENS, start))
    order = np.lexsort((start, case * len(steps) + step))
    first = np.zeros(len(case), dtype=bool)
    first[order[np.diff((case * len(steps) + step)[order], prepend=-1) > 0]] = True
    told = first & np.asarray(t["planned"].is_valid().to_numpy())
    waited = np.bincount(case, np.maximum(start - since, 0) / HOUR)
    days = np.bincount(np.unique(case * 10**6 + day) // 10**6, minlength=len(names))
    many, kept = np.bincount(case, told), np.bincount(case, told & (start - planned <= GRACE))
    return {n: Seen(float(w), int(d), int(m), int(k)) for n, w, d, m, k in zip(names, waited, days, many, kept, strict=True)}


def _micros(column: pa.ChunkedArray) -> Micros:
    return np.asarray(column.cast(pa.timestamp("us")).cast(pa.int64()).to_numpy(), dtype=np.int64)


def _filled(column: pa.ChunkedArray, otherwise: Micros, zone: str | None) -> Micros:
    """The times on the wall, and other ones where there is none."""
    known = np.asarray(column.is_valid().to_numpy())
    out = otherwise.copy()
    out[known] = local(_micros(column.filter(pa.array(known))), zone)
    return out
