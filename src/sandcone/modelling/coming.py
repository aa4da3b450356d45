"""Who comes when: at fixed times of the week, by a rate of each hour, in even gaps, or in parties; what fitted held-out weeks best.

The shape of the week and the level are learnt apart. The level is a forecast: of several plain ones (all weeks, the last few, a trend) that
one is taken that would have said best, from earlier points of the log, when the next fifth of the patients would have come.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sandcone.core.arrivals import HOURS_OF_A_WEEK, Arrivals, Gaps, Kind, Rate, Slots
from sandcone.core.law import Fixed, Law, Seen
from sandcone.modelling.chain import laws_bins
from sandcone.modelling.facts import EPS, WEEK, Facts, Floats
from sandcone.modelling.rare_days import hours_of, rare_days
from sandcone.modelling.rounding import short
from sandcone.modelling.weighing import Weights

GRID_FILLED = 0.6  # share of weeks in which a fixed time of the week must be used to be a slot
ON_GRID = 0.98  # share of patients who come at such times
EVEN = 0.5  # variation of gaps (sd over mean) below which they are even
HALF_SEEN = 0.5
LATEST = (2, 4, 6, 8, 13, 26, 52)  # weeks
ORIGINS = (0.4, 0.5, 0.6, 0.7, 0.8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """The stream of arrivals, and a sentence on how it was chosen."""

    stream: Arrivals
    notes: tuple[str, ...]


def coming(f: Facts, w: Weights, kinds: tuple[Kind, ...]) -> Coming:
    """Learn how patients come."""
    begin = np.sort(f.begin)
    found = _slots(begin, f.last, kinds) or _even_gaps(begin, kinds)
    return found or _rates(f, w, kinds)


# ── fixed times ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _slots(begin: Floats, last: float, kinds: tuple[Kind, ...]) -> Coming | None:
    weeks = (last - begin[0]) / WEEK
    if weeks < 3 or len(begin) < 50:
        return None
    minute = np.round(begin % WEEK)
    when, count = np.unique(minute, return_counts=True)
    used = count >= GRID_FILLED * weeks
    if count[used].sum() < ON_GRID * len(begin):
        return None
    when, count = when[used], count[used]
    filled = min(1.0, float(count.sum() / _times_passed(when, begin[0], begin[-1])))
    filled = 1.0 if filled > 0.99 else filled
    said = f"Patients come at {len(when)} fixed times of the week, each of them used in {filled:.0%} of the weeks."
    return Coming(stream=Slots(slots=tuple(float(x) for x in when), filled=filled, kinds=kinds), notes=(said,))


def _times_passed(when: Floats, first: float, last: float) -> int:
    weeks = np.arange(int(first // WEEK), int(last // WEEK) + 1) * WEEK
    times = (weeks[:, None] + when[None, :]).ravel()
    return int(((times >= first - EPS) & (times <= last + EPS)).sum())


def _even_gaps(begin: Floats, kinds: tuple[Kind, ...]) -> Coming | None:
    gaps = np.diff(begin)
    if len(gaps) < 30 or gaps.mean() <= 0 or gaps.std() > EVEN * gaps.mean():
        return None
    law: Law = Seen(minutes=tuple(short(laws_bins(gaps, np.ones(len(gaps)), 100))))
    if np.ptp(gaps) < EPS:
        law = Fixed(minutes=short([float(gaps.mean())])[0])
    said = f"Patients come in even gaps of {gaps.mean():.3g} minutes (sd {gaps.std():.2g})."
    return Coming(stream=Gaps(gap=law, kinds=kinds), notes=(said,))


# ── by chance ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _rates(f: Facts, w: Weights, kinds: tuple[Kind, ...]) -> Coming:
    order = np.argsort(f.begin, kind="stable")
    begin, seen = f.begin[order], w.seen[order]
    party, heads = _parties(begin)
    known = _known_until(begin, seen, f.last)
    count = 1 / np.maximum(seen, HALF_SEEN)
    shape, said_shape = _shape(begin, count)
    level, growth, said_level = _level(_by_shape(shape, begin), count, *_by_shape(shape, np.array([known, f.last])).tolist())
    rate = shape * level / heads
    stream = Rate(per_hour=tuple(short(rate / 60 / HOURS_OF_A_WEEK * 60)), growth_per_week=growth, party=party, kinds=kinds)
    return Coming(stream=stream, notes=(said_shape, said_level, *(() if party is None else (_of_parties(heads),))))


def _of_parties(heads: float) -> str:
    return f"Patients often come together: {heads:.2f} at a time on average."


def _parties(begin: Floats) -> tuple[Law | None, float]:
    new = np.concatenate([[True], np.diff(begin) > EPS])
    sizes = np.diff(np.flatnonzero(np.concatenate([new, [True]]))).astype(np.float64)
    if sizes.mean() < 1.05:
        return None, 1.0
    return Seen(minutes=tuple(short(np.round(np.quantile(sizes, (np.arange(50) + 0.5) / 50))))), float(sizes.mean())


def _known_until(begin: Floats, seen: Floats, last: float) -> float:
    """Until when at least half of those who came are in the log; the middle of the log at the earliest."""
    hidden = begin[seen < HALF_SEEN]
    return max(float(hidden.min()), (begin[0] + last) / 2) if hidden.size else last


def _shape(begin: Floats, count: Floats) -> tuple[Floats, str]:
    """How the week's arrivals lie in its hours (168 numbers, mean 1): the finest shape that foretells held-out weeks best."""
    week = (begin // WEEK).astype(np.int64)
    test = week % 4 == 3
    train = ~test if 0 < test.sum() < len(test) else np.ones(len(test), dtype=bool)
    hour = (begin % WEEK // 60).astype(np.int64)
    shapes = {name: make(hour[train], count[train]) for name, make in SHAPES.items()}
    fit = {name: float(np.log(s[hour[test if test.any() else train]]).mean()) for name, s in shapes.items()}
    best = max(fit, key=lambda name: fit[name])
    usual = np.where(hours_of(rare_days(begin)), 0.0, SHAPES[best](hour, count))
    return usual / usual.mean(), f"Patients come by chance, at a rate that changes {best}."


def _flat(_hour: np.ndarray, _count: Floats) -> Floats:
    return np.ones(HOURS_OF_A_WEEK)


def _of_the_day(hour: np.ndarray, count: Floats) -> Floats:
    day = np.bincount(hour % 24, weights=count, minlength=24) + 0.02
    return np.tile(day / day.mean(), 7)


def _day_by_hour(hour: np.ndarray, count: Floats) -> Floats:
    day = np.bincount(hour // 24, weights=count, minlength=7) + 0.02
    both = np.repeat(day, 24) * _of_the_day(hour, count)
    return np.asarray(both / both.mean())


def _of_the_week(hour: np.ndarray, count: Floats) -> Floats:
    """Each hour's own count, what was seen once or never leaning a little on day and hour alone."""
    own = np.bincount(hour, weights=count, minlength=HOURS_OF_A_WEEK) + 0.5 * _day_by_hour(hour, count)
    return np.asarray(own / own.mean())


SHAPES: dict[str, Callable[[np.ndarray, Floats], Floats]] = {
    "not at all with the hour": _flat,
    "with the hour of the day": _of_the_day,
    "with the day of the week and the hour of the day": _day_by_hour,
    "with the hour of the week": _of_the_week,
}


def _by_shape(shape: Floats, minute: Floats) -> Floats:
    """Minutes on a clock that goes as patients come: as fast as the wall's over a week, so a week that was seen in part counts in part."""
    week, within = np.divmod(minute, WEEK)
    passed = np.concatenate([[0.0], np.cumsum(shape)]) * (WEEK / shape.sum())
    return np.asarray(week * WEEK + np.interp(within, np.arange(HOURS_OF_A_WEEK + 1) * 60.0, passed))


def _level(begin: Floats, count: Floats, known: float, last: float) -> tuple[float, float, str]:
    """Patients a week from the log's end on, the growth a week, and how that was chosen: the longest memory that is as good as the best."""
    ways = _forecasts((known - begin[0]) / WEEK)
    errors = {name: _past_errors(way, begin, count, known) for name, way in ways.items()}
    best = min(errors.values(), key=lambda e: float(e.mean()))
    limit = float(best.mean() + best.std() / np.sqrt(len(best)))
    name = next(n for n, e in errors.items() if e.mean() <= limit)
    level, growth = ways[name](begin, count, known, last)
    grows = "" if growth == 0 else f", changing by {growth:+.1%} a week"
    tried = f" (off by {errors[name].mean():.0%} when tried on the past)" if len(begin) >= 40 else ""
    return level, growth, f"{level:,.{0 if level >= 100 else 1}f} patients a week from the log's end on{grows}: {name}{tried}."


Forecast = Callable[[Floats, Floats, float, float], tuple[float, float]]


def _forecasts(weeks: float) -> dict[str, Forecast]:
    """Forecasts with the longest memory first."""
    some = [n for n in reversed(LATEST) if n < 0.6 * weeks]
    ways: dict[str, Forecast] = {"the mean of all weeks": _latest(np.inf)}
    ways |= {f"half way from the last {n} weeks to all weeks": _half_way(n) for n in some}
    ways |= {f"the mean of the last {n} weeks": _latest(n) for n in some}
    if weeks >= 8:
        ways["a steady trend"] = _trend
    return ways


def _latest(weeks: float) -> Forecast:
    def mean(begin: Floats, count: Floats, until: float, _last: float) -> tuple[float, float]:
        since = max(until - weeks * WEEK, begin[0])
        inside = (begin >= since) & (begin < until)
        return max(float(count[inside].sum()), 0.5) / max((until - since) / WEEK, 1e-9), 0.0

    return mean


def _half_way(weeks: float) -> Forecast:
    def mean(begin: Floats, count: Floats, until: float, last: float) -> tuple[float, float]:
        return (_latest(weeks)(begin, count, until, last)[0] + _latest(np.inf)(begin, count, until, last)[0]) / 2, 0.0

    return mean


def _trend(begin: Floats, count: Floats, until: float, last: float) -> tuple[float, float]:
    """Weekly counts on a line of the logarithm, by weighted least squares; at most 2 % a week, which is 2.8 times a year."""
    weeks = int((until - begin[0]) // WEEK)
    ago = ((until - begin) // WEEK).astype(np.int64)
    known = (ago >= 0) & (ago < weeks)
    counts = np.bincount(ago[known], weights=count[known], minlength=weeks)
    slope, level = np.polyfit(-np.arange(weeks, dtype=np.float64), np.log(counts + 0.5), 1, w=np.sqrt(counts + 0.5))
    growth = float(np.clip(np.expm1(slope), -0.02, 0.02))
    return float(np.exp(level) * (1 + growth) ** ((last - until) / WEEK)), growth


def _past_errors(way: Forecast, begin: Floats, count: Floats, known: float) -> Floats:
    """How far off, as a share, the moment was at which the next quarter as many patients had come, seen from several points of the past."""
    errors = []
    for share in ORIGINS:
        at = begin[0] + share * (known - begin[0])
        n = int((begin < at).sum())
        more = n // 4
        if n < 20 or more < 5 or n + more >= len(begin) or begin[n + more] > known:
            continue
        level, growth = way(begin[:n], count[:n], at, at)
        truth = (begin[n + more] - at) / WEEK
        errors.append(abs(np.log(_weeks_until(more, level, growth) / truth)))
    return np.array(errors or [0.0])


def _weeks_until(n: int, level: float, growth: float) -> float:
    if abs(growth) < 1e-6:
        return n / level
    inside = 1 + n * np.log1p(growth) / level
    return float(np.log(inside) / np.log1p(growth)) if inside > 0 else 1e6
