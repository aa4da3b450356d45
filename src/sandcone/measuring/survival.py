"""How long journeys take when some are not over yet (Kaplan & Meier 1958).

Leaving out patients who are still in makes a hospital look faster than it is: the long journeys are the ones not finished. Here
such a case counts as "at least this long so far". Beside it stands the naive median of finished cases, and the gap between the two.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
from ibis import _
from numpy.typing import NDArray

from sandcone.core.clock import HOUR
from sandcone.core.estimate import Estimate, Measure, Measures, Missing
from sandcone.measuring.counting import Reals, Z, around, gathered, median_of
from sandcone.measuring.paths import once
from sandcone.measuring.prepare import Prepared, kept, row

USUAL = 0.05  # a step at which so many of the older cases end is a usual end
LONG_GAP = 0.99  # a gap between steps longer than this quantile is unusual
SAMPLED = 500_000  # gaps looked at
OLDER = 100  # with fewer older cases nobody knows what is usual

KM, NAIVE, GAP, MEAN = (f"throughput_time.{x}" for x in ("km_median", "naive_median", "censoring_gap", "km_mean"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """The share of patients whose journey is not over after ``hours``: ``share`` holds from each of ``hours`` to the next.

    ``error`` is the standard error of ln(-ln share) (Greenwood); ``longest`` is the longest time anybody was watched.
    """

    hours: Reals
    share: Reals
    error: Reals
    longest: float


def survival(prepared: Prepared) -> Measures:
    """The median throughput time with unfinished cases counted, the naive median without them, and the difference.

    Hours from the first start (for a patient not begun: from the time of need) to the last end. An unfinished case is watched until
    the log ends; if dates were moved case by case, until its own last moment. ``throughput_time.km_mean`` is the mean within
    the longest time watched.
    """
    hours, finished = _watched(prepared)
    if hours.size == 0:
        return gathered(Missing(name=name, why="no case has a time to begin with") for name in (KM, NAIVE, GAP, MEAN))
    note = unfinished_by(prepared)
    return gathered([_unfinished(finished, note), *_medians(hours, finished, note), *_mean(hours, finished, note)])


def _unfinished(finished: NDArray[np.bool_], note: str) -> Measure:
    count = Estimate(value=float((~finished).sum()), n=finished.size, unit="cases")
    return Measure(name="cases_unfinished", estimate=count, note=note)


def unfinished_by(prepared: Prepared) -> str:
    """How it was told which cases are unfinished, in one sentence."""
    site, until = prepared.site, "the log ends"
    if site.dates_shifted:
        until = "its own last moment, because dates were moved case by case"
    if site.end_steps:
        return f"a case is unfinished if a step is open or its last step is no end step of the site file; it counts until {until}"
    if site.dates_shifted:
        return f"a case is unfinished if a step is open; it counts until {until}"
    how = "it was active shortly before the log ends and not at a usual last step"
    return f"a case is unfinished if a step is open, or if {how}; it counts until {until}"


@once
def unfinished(prepared: Prepared) -> ir.Table:
    """Which cases are over: ``c`` and ``finished`` for every case.

    Unfinished: a step is open; or the site file names end steps and the last step is none of them (nor a cancellation); or it
    names none and the case (a) ends at a step at which under 5 % of older cases end and (b) ended less than an unusually long gap
    (99th percentile of gaps between steps) before the end of the log; older cases ended before that. (a) and (b) are not used if
    there are fewer than 100 older cases, or if dates were moved.
    """
    cases = prepared.cases.select("c", "open", "last", "leave")
    over = ~_.open
    if prepared.site.end_steps:
        ends = {*prepared.site.end_steps, *prepared.site.cancelled_steps}
        over = over & _.last.isin([s for s, name in enumerate(prepared.step_names) if name in ends])
    elif not prepared.site.dates_shifted:
        horizon = prepared.last - _long_gap(prepared)
        over = over & (_.last.isin(_usual_ends(prepared, horizon)) | (_.leave < horizon))
    return kept(cases.select("c", finished=over.fill_null(ibis.literal(False))))  # noqa: FBT003


def _long_gap(prepared: Prepared) -> int:
    stride = -(-int(row(prepared.steps.aggregate(n=_.count()))["n"]) // SAMPLED)
    gaps = prepared.steps.filter(_.c % stride == 0, _.pe.notnull(), _.t0.notnull(), ~_.inside).select(gap=_.t0 - _.pe)
    found = gaps.to_pyarrow()["gap"].to_numpy()
    return int(np.quantile(found, LONG_GAP)) if found.size else 0


def _usual_ends(prepared: Prepared, horizon: int) -> list[int]:
    """Steps at which at least 5 % of the cases end that were over before the horizon; every step if these are few."""
    older = prepared.cases.filter(~_.open, _.leave < horizon).group_by("last").aggregate(n=_.count()).to_pyarrow()
    total = sum(older["n"].to_pylist())
    if total < OLDER:
        return list(range(len(prepared.step_names)))
    return [s for s, n in zip(older["last"].to_pylist(), older["n"].to_pylist(), strict=True) if n >= USUAL * total]


def _watched(prepared: Prepared) -> tuple[Reals, NDArray[np.bool_]]:
    """Hours each case was watched, and whether it was over by then."""
    seen = prepared.steps.group_by("c").aggregate(seen=ibis.greatest(_.t0, _.t1).max()) if prepared.site.dates_shifted else None
    cases = prepared.cases.select("c", "arrive", "leave").inner_join(unfinished(prepared), "c")
    until: ir.Value = ibis.literal(prepared.last)
    if seen is not None:
        cases, until = cases.left_join(seen, "c"), ibis.coalesce(_.seen, _.leave, _.arrive)
    stop = ibis.ifelse(_.finished, _.leave, until)
    table = cases.select("finished", t=stop - _.arrive).filter(_.t.notnull()).to_pyarrow()
    hours = np.maximum(table["t"].to_numpy(), 0) / HOUR
    return hours, table["finished"].to_numpy()


def kaplan_meier(hours: Reals, finished: NDArray[np.bool_]) -> Curve:
    """The product-limit curve: at each time somebody finishes, the share still in falls by those who finish among those watched."""
    ends, done = np.unique(hours[finished], return_counts=True)
    watched = hours.size - np.searchsorted(np.sort(hours), ends)
    share: Reals = np.cumprod(1 - done / watched).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(done / (watched * (watched - done).astype(float)))
        error = np.sqrt(greenwood) / np.abs(np.log(share))
    return Curve(hours=ends, share=share, error=error, longest=float(hours.max()))


def median(curve: Curve) -> tuple[float, float | None, float | None]:
    """The time by which half are through, with the interval where the curve's own (log-log) interval holds one half.

    NaN if half are never through; the middle of the flat part where the curve stays at one half (as in R's survfit). A limit is
    None where the curve does not reach it.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        centre = np.log(-np.log(curve.share))
        lower, upper = (np.exp(-np.exp(centre + sign * Z * curve.error)) for sign in (1, -1))
    lower, upper = np.where(curve.share == 0, 0.0, lower), np.where(curve.share == 0, 0.0, upper)
    value, low, high = (_crossing(curve.hours, s) for s in (curve.share, lower, upper))
    return (math.nan if value is None else value), low, high


def _crossing(hours: Reals, share: Reals) -> float | None:
    below = np.flatnonzero(share <= 0.5 + 1e-9)
    if below.size == 0:
        return None
    first = int(below[0])
    flat = abs(share[first] - 0.5) < 1e-9 and first + 1 < hours.size
    return float((hours[first] + hours[first + 1]) / 2 if flat else hours[first])


def _medians(hours: Reals, finished: NDArray[np.bool_], note: str) -> Iterator[Measure | Missing]:
    value, low, high = median(kaplan_meier(hours, finished))
    n, over = int(hours.size), int(finished.sum())
    if over:
        yield Measure(name=NAIVE, estimate=median_of(np.sort(hours[finished]), "median of finished cases"), note="finished cases only")
    else:
        yield Missing(name=NAIVE, why="no case is finished")
    if math.isnan(value):
        why = f"fewer than half of the {n:,} cases are seen to finish"
        yield from (Missing(name=name, why=why) for name in (KM, GAP))
        return
    method = "Kaplan-Meier; log-log interval (Greenwood)"
    yield Measure(name=KM, estimate=Estimate(value=value, n=n, unit="h", low=low, high=high, method=method), note=note)
    gap = Estimate(value=value - float(np.median(hours[finished])), n=n, unit="h", method="Kaplan-Meier less naive median")
    yield Measure(name=GAP, estimate=gap, note=f"{n - over:,} of {n:,} cases are unfinished")


def _mean(hours: Reals, finished: NDArray[np.bool_], note: str) -> Iterator[Measure | Missing]:
    if not finished.any():
        yield Missing(name=MEAN, why="no case is finished")
        return
    curve = kaplan_meier(hours, finished)
    value, error = restricted_mean(curve, hours, finished)
    method = f"area under the Kaplan-Meier curve up to {curve.longest:.6g} h; normal interval"
    yield Measure(name=MEAN, estimate=around(value, error, int(hours.size), "h", method, least=0), note=note)


def restricted_mean(curve: Curve, hours: Reals, finished: NDArray[np.bool_]) -> tuple[float, float]:
    """The mean time within the longest time watched, and its standard error."""
    widths = np.diff(np.concatenate(([0.0], curve.hours, [curve.longest])))
    areas = widths * np.concatenate(([1.0], curve.share))
    after = areas[::-1].cumsum()[::-1][1:]
    done = np.unique(hours[finished], return_counts=True)[1]
    watched = hours.size - np.searchsorted(np.sort(hours), curve.hours)
    left = (watched - done).astype(float)
    variance = np.where(left > 0, after**2 * done / np.maximum(watched * left, 1), 0.0).sum()
    return float(areas.sum()), math.sqrt(float(variance))
