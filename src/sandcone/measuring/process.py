"""Who comes in process when, and Little's law as a check on the counting (FIELD.md §1)."""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import numpy as np
from ibis import _

from sandcone.core.clock import DAY, HOUR, day_name, local
from sandcone.core.estimate import Estimate, Measure, Measures, Missing
from sandcone.measuring.intervals import Floats
from sandcone.measuring.prepare import Prepared, arrays
from sandcone.measuring.usage import Ints

TRIM = 0.1  # of the log's span on each side: there the hospital is filling up or emptying
SHIFTED = "the dates were shifted per case, so patients of one day were not there on one day"


def process(prepared: Prepared) -> Measures:
    """How many patients are in process on each day and on average, beside what Little's law makes of arrivals and throughput time.

    Both are taken over the middle of the log. The law holds exactly where nothing changes over time; the gap says how far from
    that the log is. ``wip.mean`` counts patients moment by moment; ``wip.littles_law`` is arrivals per hour times mean throughput
    time of those who arrived. Source: Little 1961.
    """
    if prepared.site.dates_shifted:
        return Measures(items=(), missing=(Missing(name="wip.mean", why=SHIFTED), Missing(name="arrivals_per_day", why=SHIFTED)))
    come, go = arrays(prepared.cases.select(come=_.arrive, go=ibis.ifelse(_.open, prepared.last, _.leave)), "come", "go")
    come, go = come.astype(np.int64), np.maximum(go.astype(np.int64), come.astype(np.int64))
    return Measures(items=(*_little(prepared, come, go), *_daily(prepared, come, go)))


def _little(prepared: Prepared, come: Ints, go: Ints) -> Iterator[Measure]:
    span = prepared.last - prepared.first
    begin, end = prepared.first + int(TRIM * span), prepared.last - int(TRIM * span)
    if end <= begin:
        return
    inside = np.clip(np.minimum(go, end) - np.maximum(come, begin), 0, None).sum() / (end - begin)
    arrived = (come >= begin) & (come < end)
    n, hours = int(arrived.sum()), (end - begin) / HOUR
    law = n / hours * float((go - come)[arrived].mean() / HOUR) if n else 0.0
    counted, made = (
        "patients in process, moment by moment, middle of the log",
        "arrivals per hour × mean throughput time, middle of the log",
    )
    yield Measure(name="wip.mean", estimate=Estimate(value=float(inside), n=n, unit="cases", method=counted))
    yield Measure(name="wip.littles_law", estimate=Estimate(value=law, n=n, unit="cases", method=made))
    if inside > 0:
        gap = Estimate(value=float(law / inside - 1), n=n, unit="share", method="Little's law against the count")
        yield Measure(name="wip.little_gap", estimate=gap)
    rate = n / (hours / 24)
    low, high = rate - 1.96 * np.sqrt(n) / (hours / 24), rate + 1.96 * np.sqrt(n) / (hours / 24)
    per_day = Estimate(
        value=rate, low=float(max(0, low)), high=float(high), n=n, unit="cases/day", method="Poisson interval, middle of the log"
    )
    yield Measure(name="arrivals_per_day", estimate=per_day)


def _daily(prepared: Prepared, come: Ints, go: Ints) -> Iterator[Measure]:
    zone = prepared.log.zone
    first = int(local(np.array([prepared.first]), zone)[0]) // DAY
    last = int(local(np.array([prepared.last]), zone)[0]) // DAY
    edges = np.arange(first, last + 2) * DAY
    present = np.diff(_patient_time(local(come, zone), edges) - _patient_time(local(go, zone), edges)) / DAY
    method = "mean over the day"
    for day, value in zip(edges[:-1], present, strict=True):
        inside = Estimate(value=float(value), n=len(come), unit="cases", method=method)
        yield Measure(name="wip.daily", group={"day": day_name(int(day))}, estimate=inside)


def _patient_time(moments: Ints, edges: Ints) -> Floats:
    """Sum over the moments of the time from it to each edge, where it lies before."""
    ordered = np.sort(moments)
    before = np.searchsorted(ordered, edges)
    total = np.concatenate([[0.0], np.cumsum(ordered - edges[0], dtype=np.float64)])
    return np.asarray(before * (edges - edges[0]) - total[before])
