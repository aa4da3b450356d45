"""How a hospital's numbers move from week to week, and whether they changed: XmR control charts (the rules are in ``xmr``)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from ibis import _

from sandcone.core.clock import DAY, EPOCH_WEEKDAY, HOUR, day_name
from sandcone.core.estimate import Estimate, Measure, Measures, Missing
from sandcone.measuring.counting import Reals, gathered
from sandcone.measuring.paths import Ints
from sandcone.measuring.prepare import Prepared
from sandcone.measuring.survival import unfinished
from sandcone.measuring.xmr import RULES, Mask, limits

WEEKS = 12  # with fewer, days are shown
LEAST = 8  # periods without which limits mean nothing
MOST = 520  # weeks, ten years
NEARLY_ALL = 0.9  # of a period's patients must have finished for its times to be shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A number for each period: ``day`` its first day (days since 1970), ``value``, and ``n`` cases it rests on."""

    day: Ints
    value: Reals
    n: Ints

    def before(self, day: int) -> Series:
        """The periods up to one, itself included."""
        up = self.day <= day
        return Series(day=self.day[up], value=self.value[up], n=self.n[up])


NAMES = {"arrivals": "cases", "throughput": "h", "flow_efficiency": "share", "wait": "h"}
POINTS = dict.fromkeys(("flow_efficiency", "wait"), "the log has one time for each step, so no step takes any time in it")


def charts(prepared: Prepared) -> Measures:
    """Arrivals, throughput time, flow efficiency and waiting by week of arrival, with process limits and signals.

    ``xmr.{arrivals,throughput,flow_efficiency,wait}`` by {week} (the day a week begins): cases; median h; Σ value-adding / Σ throughput
    time; mean h waited in a case. ``estimate.low`` and ``high`` are the limits. ``xmr_signal.…`` by {week, rule}: 1 where a rule
    speaks. Weeks begin on Monday, the first and last are left out if not whole; days if there are fewer than 12 weeks.
    """
    if prepared.site.dates_shifted:
        return _nothing("dates were moved case by case, so no two cases can be put in order of time")
    day, t, va, act, finished = _fetched(prepared)
    span = _periods(day)
    if isinstance(span, str):
        return _nothing(span)
    first, count, width = span
    period = np.where(finished, (day - first) // width, -1)
    kept = (period >= 0) & (period < count)
    times = _by_period(period[kept], count, (t[kept], va[kept], act[kept]))
    every = (day - first) // width
    arrivals = np.bincount(every[(every >= 0) & (every < count)], minlength=count)
    days, shown = first + width * np.arange(count), _whole(times[0], arrivals)
    note = _note(width, finished, count - shown)
    known = {name: s.before(int(days[shown - 1]) if shown else first - 1) for name, s in _series(days, times).items()}
    series = {"arrivals": Series(day=days, value=arrivals.astype(float), n=arrivals)} | known
    without = POINTS if prepared.log.starts == "none" else {}
    return gathered(
        part
        for name, unit in NAMES.items()
        for part in ([Missing(name=f"xmr.{name}", why=without[name])] if name in without else _chart(name, unit, series[name], note))
    )


def _nothing(why: str) -> Measures:
    return gathered(Missing(name=f"xmr.{name}", why=why) for name in NAMES)


def _fetched(prepared: Prepared) -> tuple[Ints, Ints, Ints, Ints, Mask]:
    cases = prepared.cases.select("c", "day", "va", "act", t=_.leave - _.arrive).inner_join(unfinished(prepared), "c")
    table = cases.filter(_.day.notnull()).mutate(t=_.t.fill_null(0)).to_pyarrow()
    day, t, va, act, finished = (table[name].to_numpy() for name in ("day", "t", "va", "act", "finished"))
    return day.astype(np.int64), t, va, act, finished


def _periods(day: Ints) -> tuple[int, int, int] | str:
    """First day, number and width in days of the whole periods between first and last arrival; or why there are none."""
    if day.size == 0:
        return "no case arrives at a known time"
    begin, end = int(day.min()), int(day.max())
    monday = begin + (-(begin + EPOCH_WEEKDAY)) % 7
    weeks = (end + 1 - monday) // 7
    first, count, width = (monday, weeks, 7) if weeks >= WEEKS else (begin + 1, end - begin - 1, 1)
    if count < LEAST:
        return f"the log covers {max(0, count)} whole days between its first and last arrival; control limits need {LEAST}"
    if count > MOST:
        first, count = first + 7 * (count - MOST), MOST
    if np.unique((day[day >= first] - first) // width).size < count / 2:
        return "patients arrive in fewer than half of the weeks that the log covers; its dates may have been moved or be wrong"
    return first, count, width


def _whole(done: Ints, arrivals: Ints) -> int:
    """How many periods there are up to the last one of which nearly all patients have finished: after it, only the quick ones have."""
    known = np.flatnonzero(done >= NEARLY_ALL * arrivals)
    return int(known[-1]) + 1 if known.size else 0


def _note(width: int, finished: Mask, hidden: int) -> str:
    shown = "whole weeks" if width == 7 else f"whole days, for there are fewer than {WEEKS} whole weeks"
    open_, word = int((~finished).sum()), "week" if width == 7 else "day"
    ended = f"; times are not shown for the last {hidden} {word}s, whose slow patients have not finished yet" if hidden else ""
    return shown + (f"; {open_:,} unfinished cases only count as arrivals" if open_ else "") + ended


def _by_period(period: Ints, count: int, columns: tuple[Ints, Ints, Ints]) -> tuple[Ints, Reals, Reals, Reals, Reals]:
    """Finished cases, median and sum of throughput, sum of value-adding and of active time of each period (h)."""
    t, va, act = (c / HOUR for c in columns)
    n = np.bincount(period, minlength=count).astype(np.int64)
    order = np.lexsort((t, period))
    groups = np.split(t[order], np.cumsum(n)[:-1])
    medians = np.array([np.median(g) if g.size else np.nan for g in groups])
    total, adding, active = (np.asarray(np.bincount(period, weights=x, minlength=count), dtype=float) for x in (t, va, act))
    return n, medians, total, adding, active


def _series(days: Ints, times: tuple[Ints, Reals, Reals, Reals, Reals]) -> dict[str, Series]:
    n, medians, total, adding, active = times
    some, timed = n > 0, total > 0
    return {
        "throughput": Series(day=days[some], value=medians[some], n=n[some]),
        "flow_efficiency": Series(day=days[timed], value=adding[timed] / total[timed], n=n[timed]),
        "wait": Series(day=days[some], value=(total - active)[some] / n[some], n=n[some]),
    }


def _chart(name: str, unit: str, series: Series, note: str) -> Iterator[Measure | Missing]:
    if series.value.size < LEAST:
        yield Missing(name=f"xmr.{name}", why=f"{series.value.size} periods have a number; control limits need {LEAST}")
        return
    process = limits(series.value)
    weeks = [day_name(int(d) * DAY) for d in series.day]
    for week, value, n in zip(weeks, series.value, series.n, strict=True):
        estimate = Estimate(value=float(value), n=int(n), unit=unit, low=process.low, high=process.high, method="XmR")
        yield Measure(name=f"xmr.{name}", estimate=estimate, group={"week": week}, note=note)
    for rule, speaks in RULES.items():
        for i in np.flatnonzero(speaks(series.value, process)):
            estimate = Estimate(value=1.0, n=int(series.n[i]), unit="signal", method="Making data count")
            yield Measure(name=f"xmr_signal.{name}", estimate=estimate, group={"week": weeks[i], "rule": rule})
