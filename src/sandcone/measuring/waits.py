"""Where patients wait and why: before each step, split by cause (FIELD.md §1; causes as in Lashkevich et al. 2023, own definitions [P])."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import ibis
import numpy as np
from ibis import _
from numpy.typing import NDArray

from sandcone.core.chance import Luck
from sandcone.core.clock import HOUR
from sandcone.core.estimate import Estimate, Measure, Measures, Missing
from sandcone.measuring import intervals
from sandcone.measuring.intervals import BINS, Floats, estimate, unit_of
from sandcone.measuring.prepare import Prepared, arrays
from sandcone.measuring.roster import Roster
from sandcone.measuring.sweep import CAUSES, capacities, causes, line, time_by_level, walk
from sandcone.measuring.usage import Ints, Usage, Uses, total_by, unit_numbers

ONE_TIME = "the log has one time for each step, so time between steps cannot be told from time in a step"
UNNAMED = "no resource named"
GROUPED_BINS = 366  # units kept apart for numbers by step


def waits(prepared: Prepared, luck: Luck) -> Measures:
    """How long patients wait before each step, in all and on average.

    A wait runs from the time of need where the log has one, else from the end of the case's steps so far, to the step's start.
    """
    if prepared.log.starts == "none":
        return Measures(items=(), missing=tuple(Missing(name=name, why=ONE_TIME) for name in ("wait_before.mean", "wait.total")))
    waited = prepared.done.filter(_.wait.notnull()).mutate(w=_.wait / HOUR)
    if not arrays(waited.aggregate(n=_.count()), "n")[0][0]:
        return Measures(items=(), missing=(Missing(name="wait.total", why="no case has a second step, and no step has a time of need"),))
    return Measures(items=tuple(_before_each_step(prepared, waited, luck)))


def _before_each_step(prepared: Prepared, waited: ibis.Table, luck: Luck) -> Iterator[Measure]:
    drawn = unit_of(prepared).word
    unit = _.c % BINS if drawn == "cases" else prepared.local_day(_.t0) % GROUPED_BINS
    summed = waited.mutate(unit=unit).group_by("s", "unit").aggregate(n=_.count(), w=_.w.sum(), ww=(_.w * _.w).sum())
    s, *columns = arrays(summed.order_by("s", "unit"), "s", "w", "n", "ww")
    sums = np.column_stack([c.astype(np.float64) for c in columns])
    middle = dict(_quantiles(waited))
    total = float(sums[:, 0].sum())
    yield Measure(name="wait.total", estimate=Estimate(value=total, n=int(sums[:, 1].sum()), unit="h", method="sum"))
    for number in np.unique(s):
        own, group = sums[s == number], {"step": prepared.step_names[int(number)]}
        n, part = int(own[:, 1].sum()), float(own[:, 0].sum())
        yield Measure(name="wait_before.mean", group=group, estimate=estimate(own[:, :2], intervals.ratio, "h", n, drawn, luck))
        yield Measure(name="wait_before.total", group=group, estimate=Estimate(value=part, n=n, unit="h", method="sum"))
        share = part / total if total else 0.0
        yield Measure(
            name="wait_before.share", group=group, estimate=Estimate(value=share, n=n, unit="share", method="share of all waiting")
        )
        for name, value in zip(("median", "p90"), middle[int(number)], strict=True):
            yield Measure(name=f"wait_before.{name}", group=group, estimate=Estimate(value=value, n=n, unit="h", method="quantile"))


def _quantiles(waited: ibis.Table) -> Iterator[tuple[int, tuple[float, float]]]:
    found = waited.group_by("s").aggregate(q=_.w.quantile([0.5, 0.9])).to_pyarrow().to_pylist()
    return ((int(step["s"]), (float(step["q"][0]), float(step["q"][1]))) for step in found)


@dataclass(frozen=True, kw_only=True, eq=False)
class Walked:
    """What one walk through every resource's time found: where waits came from, and how many patients each resource can have.

    ``hours`` by step, unit and cause (steps, units, causes + 1); ``counted`` waits by step; ``capacity`` patients at once by resource.
    """

    hours: Floats
    counted: Ints
    capacity: Ints


def wait_causes(usage: Usage, walked: Walked, luck: Luck) -> Measures:
    """Why patients wait: the hours of waiting before each step, split by what the step's resource was doing meanwhile.

    Causes (first hit wins, moment by moment): *busy* with patients who were ready earlier, *priority*: with patients ready later,
    *off shift*, *batching*: idle until the last of a group that begins together was ready, *other*; *no resource named* where the
    log names none. With several resources to a step the one that was least free counts. The parts add up to the wait.
    """
    if usage.resources == 0 or usage.prepared.log.starts == "none":
        why = "the log names no resource, so it cannot show what kept a patient waiting" if usage.resources == 0 else ONE_TIME
        return Measures(items=(), missing=(Missing(name="wait_cause.hours", why=why),))
    drawn = unit_of(usage.prepared).word
    hours, counted = walked.hours, walked.counted
    if not counted.any():
        return Measures(items=(), missing=(Missing(name="wait_cause.hours", why="nobody waited before any step"),))
    items = [*_whole(hours, counted, drawn, luck), *_by_step(usage.prepared, hours, counted)]
    return Measures(items=tuple(items))


def walked(usage: Usage, roster: Roster) -> Walked:
    """Walk once through the time of every resource."""
    drawn, steps = unit_of(usage.prepared).word, len(usage.prepared.step_names)
    units = BINS if drawn == "cases" else usage.days
    hours, counted = np.zeros((steps, units, len(CAUSES) + 1)), np.zeros(steps, dtype=np.int64)
    capacity = capacities(usage.prepared.site, usage.prepared.resource_names, np.zeros((usage.resources, 2)))
    for s, unit, split in _binding(usage, roster, capacity, drawn):
        for i in range(len(CAUSES)):
            hours[:, :, i] += total_by(s * units + unit, split[:, i] / HOUR, steps * units).reshape(steps, units)
        counted += np.bincount(s[split.any(axis=1)], minlength=steps)
    for s, unit, h, n in zip(*_unnamed(usage, drawn), strict=True):
        hours[int(s), int(unit), -1] += h
        counted[int(s)] += int(n)
    return Walked(hours=hours, counted=counted, capacity=capacity)


def _unnamed(usage: Usage, drawn: str) -> list[NDArray[np.float64]]:
    prepared = usage.prepared
    unit = _.c % BINS if drawn == "cases" else prepared.local_day(_.t0) - usage.origin // (24 * HOUR)
    waiting = prepared.done.filter(_.r.isnull(), _.wait > 0).mutate(unit=unit)
    return arrays(waiting.group_by("s", "unit").aggregate(h=(_.wait / HOUR).sum(), n=_.count()), "s", "unit", "h", "n")


def _binding(usage: Usage, roster: Roster, capacity: Ints, drawn: str) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Step, unit and µs by cause of each wait; of a step with several resources only the one that was least free.

    Fills in how many patients each resource can have, as seen on the way.
    """

    def look(uses: Uses) -> tuple[Ints, ...]:
        axis, own = line(usage, uses), slice(uses.low, uses.high)
        levels = time_by_level(axis, own.start, own.stop)
        capacity[own] = capacities(usage.prepared.site, usage.prepared.resource_names[own], levels)
        split = causes(walk(usage, uses, axis, roster, capacity))
        return uses.s, unit_numbers(usage, uses, drawn), split, uses.c, uses.k

    parts = []
    for found in usage.each(look):
        if usage.prepared.several:
            parts.append(found)
        else:
            yield found[0], found[1], found[2]
    if parts:
        s, unit, split, c, k = (np.concatenate(x) for x in zip(*parts, strict=True))
        order = np.lexsort((-split[:, :3].sum(axis=1), k, c))
        first = np.ones(len(order), dtype=bool)
        first[1:] = (c[order][1:] != c[order][:-1]) | (k[order][1:] != k[order][:-1])
        kept = order[first]
        yield s[kept], unit[kept], split[kept]


def _whole(hours: Floats, counted: Ints, drawn: str, luck: Luck) -> Iterator[Measure]:
    by_unit = hours.sum(axis=0)
    by_unit = by_unit[by_unit.sum(axis=1) > 0]
    n = int(counted.sum())
    for i, cause in enumerate((*CAUSES, UNNAMED)):
        part = by_unit[:, [i]]
        if cause == UNNAMED and not part.sum():
            continue
        both = np.column_stack([part, by_unit.sum(axis=1)])
        yield Measure(
            name="wait_cause.hours", group={"cause": cause}, estimate=Estimate(value=float(part.sum()), n=n, unit="h", method="sum")
        )
        yield Measure(name="wait_cause.share", group={"cause": cause}, estimate=estimate(both, intervals.ratio, "share", n, drawn, luck))


def _by_step(prepared: Prepared, hours: Floats, counted: Ints) -> Iterator[Measure]:
    for s, name in enumerate(prepared.step_names):
        for i, cause in enumerate((*CAUSES, UNNAMED)):
            value = float(hours[s, :, i].sum())
            if counted[s] and (value or cause != UNNAMED):
                part = Estimate(value=value, n=int(counted[s]), unit="h", method="sum")
                yield Measure(name="wait_cause.hours", group={"step": name, "cause": cause}, estimate=part)
