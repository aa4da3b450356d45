"""Enough runs: as many as it takes until a mean is known as narrowly as was asked for."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Literal

import ibis
import numpy as np
from ibis import _
from scipy.special import stdtrit

from sandcone.core.errors import ModelError
from sandcone.core.estimate import Estimate
from sandcone.core.log import EventLog
from sandcone.core.model import Model
from sandcone.core.plan import AS_TODAY, Plan
from sandcone.core.present import Present
from sandcone.measuring.replaying import without
from sandcone.simulating import Runs, simulate

Told = Callable[[str], None]
FIRST, MOST = 5, 200  # runs to begin with, and at most


def simulate_within(
    model: Model,
    plan: Plan = AS_TODAY,
    *,
    seed: int,
    within: float,
    days: float | None = None,
    patients: int | None = None,
    warm_up: float | Literal["auto"] = 0.0,
    present: Sequence[Present] = (),
    first_minute: float = 0.0,
    engine: Literal["fast", "plain"] = "fast",
    told: Told | None = None,
) -> tuple[Runs, Estimate]:
    """Simulate again and again until the mean throughput time is known within this share of itself, up to 200 runs.

    Gives the runs, and the mean over them in hours with its 95 % t interval. How many runs it takes is reckoned from the first five: the
    half-width falls with the square root of their number (Law 2015, section 9.4.1). The first runs are the same however many are made.
    Patients ``present`` when the runs begin do not count, since the logs have but the rest of their journeys.
    """
    if not 0 < within < 1:
        raise ModelError("simulate", f"within {within:g}", "Give a share of the mean between 0 and 1, such as 0.05.")
    say: Told = told or (lambda _words: None)
    n = FIRST
    asked: dict[str, Any] = {"seed": seed, "days": days, "patients": patients, "warm_up": warm_up, "engine": engine, "told": told}
    while True:
        runs = simulate(model, plan, replications=n, present=present, first_minute=first_minute, **asked)
        found = over_runs([_throughput(log, [p.name for p in present]) for log in runs.logs], "h")
        half = (found.high or 0.0) - found.value
        if half <= within * found.value or n >= MOST:
            return runs, found
        n = min(MOST, max(n + 1, math.ceil(1.1 * n * (half / (within * found.value)) ** 2)))
        say(f"the mean is known within {half / found.value:.1%}; {n} runs should do")


def _throughput(log: EventLog, there: Sequence[str] = ()) -> float:
    """Mean hours from coming to leaving, of those who have left and were not there before."""
    t = without(log, there).table
    open_ = t.filter(t.end.isnull()).select("case").distinct()
    cases = t.anti_join(open_, "case").group_by("case")
    took = cases.aggregate(hours=(_.end.max().epoch_seconds() - ibis.coalesce(_.ready, _.start).min().epoch_seconds()) / 3600)
    value = took.hours.mean().to_pyarrow().as_py()
    if value is None:
        raise ModelError("simulate", "nobody had left when a run ended", "Give more days.")
    return float(value)


def over_runs(values: Sequence[float] | np.ndarray, unit: str) -> Estimate:
    """The mean over independent runs with its 95 % t interval; one run has none."""
    mean, n = float(np.mean(values)), len(values)
    if n == 1:
        return Estimate(value=mean, n=1, unit=unit, method="one run")
    half = float(stdtrit(n - 1, 0.975) * np.std(values, ddof=1) / math.sqrt(n))
    return Estimate(value=mean, low=mean - half, high=mean + half, n=n, unit=unit, method="mean over runs, t interval")
