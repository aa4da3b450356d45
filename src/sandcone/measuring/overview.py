"""What the log holds: how many patients and steps, which steps, and how one leads to the next."""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import numpy as np
from ibis import _

from sandcone.core.clock import DAY, HOUR
from sandcone.core.estimate import Estimate, Measure, Measures
from sandcone.measuring.counting import share_of
from sandcone.measuring.paths import sequences
from sandcone.measuring.prepare import Prepared, arrays, row

START, END = "(start)", "(end)"


def overview(prepared: Prepared) -> Measures:
    """Counts of cases, steps, kinds of step and resources; how common and how long each step is; which step follows which."""
    cases = int(row(prepared.cases.aggregate(n=_.count()))["n"])
    return Measures(items=(*_counts(prepared, cases), *_steps(prepared, cases), *_edges(prepared)))


def _counts(prepared: Prepared, cases: int) -> Iterator[Measure]:
    steps = int(row(prepared.steps.aggregate(n=_.count()))["n"])
    counted = {
        "cases": (cases, "cases"),
        "steps": (steps, "steps"),
        "step_kinds": (len(prepared.step_names), "kinds"),
        "resource_kinds": (len(prepared.resource_names), "resources"),
        "days_covered": ((prepared.last - prepared.first) / DAY, "days"),
    }
    for name, (value, unit) in counted.items():
        yield Measure(name=name, estimate=Estimate(value=float(value), n=cases, unit=unit))


def _steps(prepared: Prepared, cases: int) -> Iterator[Measure]:
    """Cases with a step are those where it comes at least once; counted by variant, for the cases of one share their steps."""
    paths = sequences(prepared)
    pairs, times = np.unique(paths.owner * paths.kinds + paths.flat, return_counts=True)
    variant, step = np.divmod(pairs, paths.kinds)
    having = np.bincount(step, weights=paths.n[variant], minlength=paths.kinds)
    again = np.bincount(step, weights=paths.n[variant] * (times > 1), minlength=paths.kinds)
    for s, name in enumerate(prepared.step_names):
        group, n = {"step": name}, int(having[s])
        yield Measure(name="step_share", group=group, estimate=share_of(n, cases, "cases with the step"))
        yield Measure(name="step_cases", group=group, estimate=Estimate(value=float(n), n=cases, unit="cases"))
        yield Measure(
            name="repeat_share", group=group, estimate=share_of(int(again[s]), n, "of the cases with the step, those with it twice")
        )
    if prepared.log.starts != "none":
        yield from _lengths(prepared)


def _lengths(prepared: Prepared) -> Iterator[Measure]:
    hours = prepared.done.mutate(h=(_.t1 - _.t0) / HOUR)
    found = arrays(hours.group_by("s").aggregate(n=_.count(), h=_.h.mean(), mid=_.h.quantile(0.5)).order_by("s"), "s", "n", "h", "mid")
    for s, n, mean, mid in zip(*found, strict=True):
        for name, value in (("mean", mean), ("median", mid)):
            time = Estimate(value=float(value), n=int(n), unit="h", method=name)
            yield Measure(name=f"service_time.{name}", group={"step": prepared.step_names[int(s)]}, estimate=time)


def _edges(prepared: Prepared) -> Iterator[Measure]:
    """How often one step directly follows another, and the median time from the one to the other."""
    follows = prepared.steps.filter(_.ps.notnull()).mutate(h=ibis.ifelse(_.inside, None, _.t0 - _.pe) / HOUR)
    found = arrays(follows.group_by("ps", "s").aggregate(n=_.count(), mid=_.h.quantile(0.5)).order_by("ps", "s"), "ps", "s", "n", "mid")
    names = prepared.step_names
    for ps, s, n, mid in zip(*found, strict=True):
        group = {"from": names[int(ps)], "to": names[int(s)]}
        yield Measure(name="edge.count", group=group, estimate=Estimate(value=float(n), n=int(n), unit="times"))
        if np.isnan(mid):
            continue  # every time inside a step still open
        method = "median from the end of all earlier steps to the start; negative where steps overlap, left out inside a step still open"
        yield Measure(name="edge.wait_median", group=group, estimate=Estimate(value=float(mid), n=int(n), unit="h", method=method))
    paths = sequences(prepared)
    first, last = paths.flat[paths.starts[:-1]], paths.flat[paths.starts[1:] - 1]
    ends = ((np.bincount(x, weights=paths.n, minlength=paths.kinds), side) for x, side in ((first, 0), (last, 1)))
    for counts, side in ends:
        for s in np.flatnonzero(counts):
            group = {"from": names[s], "to": END} if side else {"from": START, "to": names[s]}
            yield Measure(name="edge.count", group=group, estimate=Estimate(value=float(counts[s]), n=int(counts[s]), unit="times"))
