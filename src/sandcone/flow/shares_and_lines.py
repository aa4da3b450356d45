"""What each lever of the best set does, and the curves of today and of the best set as demand is scaled."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import numpy as np

from sandcone.core.improved import Line, Share
from sandcone.core.lever import LeverSet
from sandcone.core.outcome import OBJECTIVES, Outcome
from sandcone.core.period import Period
from sandcone.flow.bench import Runs
from sandcone.flow.judging_sets import FRESH, periods, whole
from sandcone.flow.purse import LINES, SHARES, Purse
from sandcone.flow.replications import over_runs
from sandcone.flow.summing_up import values
from sandcone.flow.trying import Trying
from sandcone.improving.scaled import line, with_demand
from sandcone.improving.search.look import Task
from sandcone.improving.search.shapley import shares, subsets

Told = Callable[[str], None]
RUNS = (16, 12, 8, 6, 4)  # of each subset, as many as can be paid for
DEMANDS = (0.6, 0.7, 0.8, 0.9, 1.0, 1.08, 1.16)  # times today's
BEST = "with the best set"
LINE_RUNS = (8, 6, 4, 3, 2)  # at each of them, as many as can be paid for


def shares_of(trying: Trying, which: LeverSet, purse: Purse, say: Told) -> tuple[tuple[Share, ...], str]:
    """What each lever of a set does to each objective, over all its subsets on new luck (Shapley); or nothing, and why."""
    on, sets = sum(1 for s in which if s), subsets(which)
    runs = next((n for n in RUNS if purse.affords(n * len(sets), SHARES)), 0)
    if not runs:
        return (), f"What each lever does was not worked out: the budget has no room for {RUNS[-1]} runs of {len(sets)} subsets."
    say(f"working out what each of {on} levers does: {len(sets)} subsets, {runs} runs each")
    begun = time.perf_counter()
    asked = [Task(levers=s, replication=FRESH + r) for s in sets for r in range(runs)]
    found = trying.attempt(asked)
    purse.made(len(asked), time.perf_counter() - begun)
    why = next((x for x in found if isinstance(x, str)), "")
    if why:
        return (), f"What each lever does was not worked out, for some of them cannot be without the others: {why}"
    table = values(whole(found)).reshape(len(sets), runs, len(OBJECTIVES))
    return _shares(trying, which, dict(zip(sets, table, strict=True))), ""


def _shares(trying: Trying, which: LeverSet, table: Mapping[LeverSet, np.ndarray]) -> tuple[Share, ...]:
    names = {i: lever.name for i, lever in enumerate(trying.bench.levers.levers)}
    return tuple(
        Share(lever=names[i], measure=o.name, value=over_runs(by_run[:, k], o.unit))
        for i, by_run in shares(which, table).items()
        for k, o in enumerate(OBJECTIVES)
        if np.isfinite(by_run[:, k]).all()
    )


def lines_of(trying: Trying, best: LeverSet | None, purse: Purse, say: Told) -> tuple[tuple[Line, ...], str]:
    """Flow efficiency against resource efficiency at more and less demand, today and with the best set; or nothing, and why."""
    none = (0,) * len(trying.bench.levers.levers)
    ways = {"as today": none, **({} if best is None else {BEST: best})}
    scales = len(ways) * len(DEMANDS)
    runs = next((k for k in LINE_RUNS if purse.affords(k * scales, LINES)), 0)
    if not runs:
        return (), f"No curves were drawn: the budget has no room for {LINE_RUNS[-1] * scales} runs more."
    begun, n, numbers = time.perf_counter(), runs * scales, tuple((FRESH + r, False) for r in range(runs))
    asked = {
        (name, times): Runs(levers=s, runs=numbers, keep=True, scale=(with_demand, times)) for name, s in ways.items() for times in DEMANDS
    }
    found = dict(zip(asked, trying.watched(list(asked.values()), lambda k: say(f"drawing the curves: run {k} of {n}")), strict=True))
    purse.made(n, time.perf_counter() - begun)
    return tuple(made for name in ways if (made := _line(name, {t: found[name, t] for t in DEMANDS})) is not None), ""


def _line(name: str, found: Mapping[float, list[Outcome | str]]) -> Line | None:
    why = {times: x for times, runs in found.items() for x in runs if isinstance(x, str)}
    samples: dict[float, list[Period]] = {t: periods(whole(runs), name) for t, runs in found.items() if t not in why}
    return line(name, "demand", samples, why) if samples else None
