"""Who is booked and does not come: learnt from the booked times of a log, where it has those of people who never came."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from sandcone.core.appointments import over
from sandcone.core.arrivals import Kind, Slots
from sandcone.core.clock import MINUTE, local
from sandcone.core.law import Law, Seen
from sandcone.core.log import EventLog
from sandcone.modelling.chain import laws_bins
from sandcone.modelling.coming import Coming
from sandcone.modelling.facts import EPS, WEEK, Bools, Facts, Floats
from sandcone.modelling.rounding import short

BOOKED = 0.5  # share of patients with a booked time from which patients are taken to come by appointment
ON_GRID = 0.98  # share of booked times that must lie on fixed times of the week, each used …
SOON = 720.0  # minutes before the booked time from which on a need is an arrival
OFTEN = 3  # … so many times
FEW, WEEKS = 50, 3  # bookings and weeks below which nothing is learnt
MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bookings:
    """The first booked time of each patient, minutes from the Monday of the facts: who came and when, who cancelled, who never came."""

    planned: Floats
    came: Floats  # nan: never
    cancelled: Bools
    patients: int

    @property
    def missed(self) -> Bools:
        """Booked, not cancelled, and nobody came."""
        return np.isnan(self.came) & ~self.cancelled


def showing(log: EventLog, f: Facts, kinds: tuple[Kind, ...]) -> tuple[Coming | None, tuple[str, ...]]:
    """Patients who come by appointment, with the share who do not; none where no log of bookings tells of anybody who stayed away.

    A booking is missed if no step of that patient ever began and the booked time lies a day or more before the log's end; it is cancelled
    if the only steps are among the site's ``cancelled_steps``. A cancelled booking frees its slot. Where booked times do not lie at fixed
    times of the week, or the need arose long before, so that the wait for the appointment counts, the shares are only told.
    """
    b = _bookings(log, f)
    if b is None or not (b.missed.any() or b.cancelled.any()):
        return None, ()
    said = f"{b.missed.mean():.1%} of {len(b.planned):,} booked patients never came and {b.cancelled.mean():.1%} cancelled."
    if log.has_ready and float(np.nanmedian(b.planned - b.came)) > SOON:
        return None, (f"{said} They were booked long before, so those who come are learnt from their need on, and the others left out.",)
    stream = _slots(log, b, kinds)
    if stream is None:
        return None, (f"{said} Bookings lie at no fixed times, so those who come are learnt and the others left out.",)
    times = f"Patients come by appointment at {len(set(stream.slots))} times of the week; {stream.filled:.0%} of the places are booked."
    return Coming(stream=stream, notes=(times,)), (said,)


def _bookings(log: EventLog, f: Facts) -> Bookings | None:
    t = log.table.filter(log.table.planned.notnull() | log.table.start.notnull() | log.table.end.notnull())
    table = t.order_by("row").select("case", "step", "planned", "ready", "start", "end").to_pyarrow()
    planned, ready, start, end = (_minutes(table[c], log.zone, f) for c in ("planned", "ready", "start", "end"))
    if np.isnan(planned).all():
        return None
    code = pa.compute.dictionary_encode(table["case"].combine_chunks())
    case, n = code.indices.to_numpy().astype(np.int64), len(code.dictionary)
    begun = np.fmin(start, end)
    off = np.isin(np.array(table["step"].to_pylist(), dtype=object), list(log.site.cancelled_steps))
    first = _least(case, planned, n)
    at = np.where(off, np.nan, np.fmin(ready, begun) if log.has_ready else begun)
    came = np.where(
        np.isfinite(_least(case, np.where(off, np.nan, begun), n)), _least(case, np.where(np.isnan(begun), np.nan, at), n), np.nan
    )
    known = over(first, f.last)
    if known.sum() < max(FEW, BOOKED * n):
        return None
    gone = np.bincount(case[off], minlength=n) > 0
    return Bookings(planned=first[known], came=came[known], cancelled=(gone & np.isnan(came))[known], patients=n)


def _least(case: np.ndarray, minute: Floats, n: int) -> Floats:
    out = np.full(n, np.inf)
    known = ~np.isnan(minute)
    np.minimum.at(out, case[known], minute[known])
    return out


def _minutes(column: pa.ChunkedArray, zone: str | None, f: Facts) -> Floats:
    known = ~np.asarray(column.is_null().to_numpy())
    out = np.full(len(known), np.nan)
    micros = column.cast(pa.timestamp("us")).cast(pa.int64()).drop_null().to_numpy().astype(np.int64)
    out[known] = local(micros, zone) / MINUTE - (f.monday.toordinal() - 719163) * 1440.0
    return out


def _slots(log: EventLog, b: Bookings, kinds: tuple[Kind, ...]) -> Slots | None:
    kept = np.round(b.planned[~b.cancelled])
    if not kept.size or np.ptp(kept) < WEEKS * WEEK:
        return None
    weeks = np.floor(kept / WEEK)
    times = Counter((kept % WEEK).tolist())
    fixed = {minute: n for minute, n in times.items() if n >= OFTEN}
    if sum(fixed.values()) < ON_GRID * len(kept):
        return None
    places = {minute: int(Counter(weeks[kept % WEEK == minute].tolist()).most_common(1)[0][1]) for minute in fixed}
    slots = tuple(minute for minute in sorted(places) for _ in range(places[minute]))
    late, early = _late(log, b)
    every = (np.arange(weeks.min(), weeks.max() + 1)[:, None] * WEEK + np.array(slots)).ravel()
    filled = min(1.0, round(sum(fixed.values()) / int(((every >= kept.min()) & (every <= kept.max())).sum()), 4))
    no_show = round(float(b.missed.sum() / len(kept)), 4)
    return Slots(slots=slots, filled=filled, no_show=no_show, unpunctual=late, early_minutes=early, kinds=kinds)


def _late(log: EventLog, b: Bookings) -> tuple[Law | None, float]:
    """How much after the booked time patients come, as far as a log of needs tells, and how early the earliest are."""
    late = (b.came - b.planned)[~np.isnan(b.came)]
    if not log.has_ready or not late.size or np.abs(late).max() < EPS:
        return None, 0.0
    early = max(0.0, -float(np.quantile(late, 0.01)))
    law = Seen(minutes=tuple(short(laws_bins(np.maximum(late + early, 0.0), np.ones(len(late)), MOST))))
    return law, short([early])[0]
