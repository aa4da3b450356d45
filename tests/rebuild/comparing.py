"""Two simulations of one hospital held against each other, number by number: the package's and the rebuilt one."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import ttest_ind

from sandcone.core.model import Model
from sandcone.core.plan import AS_TODAY, Plan
from sandcone.simulating.job import Job
from tests.rebuild.hospital import Hospital

Floats = NDArray[np.float64]
FEW = 10  # begun a run, on average: below that a step has no mean wait worth comparing


@dataclass(frozen=True, kw_only=True, eq=False)
class Happened:
    """What one run of either shows: one row for each step begun, in minutes; resources by row."""

    patient: NDArray[np.int64]
    step: list[str]
    ready: Floats
    start: Floats
    end: Floats  # NaN: not ended when the run did
    resources: list[tuple[str, ...]]
    arrived: Floats
    horizon: float


def rebuilt(model: Model, plan: Plan = AS_TODAY, *, seed: int, days: int) -> Happened:
    """A run of the rebuilt hospital."""
    run = Hospital(model, plan, seed=seed, days=days).run()
    rows = [r for r in run.rows if not math.isnan(r.start)]
    return Happened(
        patient=np.array([r.patient for r in rows]),
        step=[r.step for r in rows],
        ready=np.array([r.ready for r in rows]),
        start=np.array([r.start for r in rows]),
        end=np.array([r.end for r in rows]),
        resources=[r.resources for r in rows],
        arrived=np.array(run.arrived),
        horizon=1440.0 * days,
    )


def simulated(model: Model, plan: Plan = AS_TODAY, *, seed: int, runs: int, days: int) -> list[Happened]:
    """Runs of the package's own engine."""
    job = Job(model=model, plan=plan, seed=seed, days=days, patients=None, present=(), engine="fast")
    engine = job.ready(lambda _words: None)
    return [_happened(job, engine, r, days) for r in range(runs)]


def _happened(job: Job, engine: object, replication: int, days: int) -> Happened:
    passed = job.passed(engine, replication)  # type: ignore[arg-type]
    rows = passed.rows.only(~np.isnan(passed.rows.start))
    steps, resources = list(job.model.steps), list(job.model.resources)
    used = np.column_stack([rows.first, rows.also])
    return Happened(
        patient=rows.patient.astype(np.int64),
        step=[steps[s] for s in rows.step],
        ready=rows.ready,
        start=rows.start,
        end=rows.end,
        resources=[tuple(resources[r] for r in row if r >= 0) for row in used],
        arrived=passed.arrived,
        horizon=1440.0 * days,
    )


def numbers(h: Happened, model: Model, first_day: int, last_day: int) -> dict[str, float]:
    """Everything compared, of the days from ``first_day`` up to ``last_day``: who came, how long it took, each step, each pool."""
    low, high = 1440.0 * first_day, 1440.0 * last_day
    came = (h.arrived >= low) & (h.arrived < high)
    over = np.where(np.isnan(h.end), h.horizon, h.end)
    leave = h.arrived.copy()
    np.maximum.at(leave, h.patient, over)
    found = {
        "patients a day": came.sum() / (last_day - first_day),
        "hours from need to end": (leave - h.arrived)[came].mean() / 60,
        "hours waited": np.bincount(h.patient, h.start - h.ready, len(h.arrived))[came].mean() / 60,
    }
    mine = (h.start >= low) & (h.start < high)
    names = np.array(h.step, dtype=object)
    for step in model.steps:
        these = mine & (names == step)
        found[f"begun: {step}"] = float(these.sum())
        found[f"wait: {step}"] = float((h.start - h.ready)[these].mean() / 60) if these.any() else math.nan
    pool = {m: name for name, p in reversed(model.pools.items()) for m in p.members}
    busy = np.clip(np.minimum(over, high) - np.maximum(h.start, low), 0.0, None) / 60
    found |= {f"busy hours: {name}": 0.0 for name in dict.fromkeys(pool.values())}
    for hours, used in zip(busy, h.resources, strict=True):
        for r in used:
            found[f"busy hours: {pool[r]}"] += hours
    return found


@dataclass(frozen=True, kw_only=True)
class Held:
    """One number on both sides: means, 95 % half-widths, and how likely so large a gap is if both are the same in law (Welch's t)."""

    name: str
    one: float
    other: float
    half: tuple[float, float]
    p: float


def held_together(one: list[dict[str, float]], other: list[dict[str, float]]) -> list[Held]:
    """Every number that both sides know in each run, the least alike first; waits of steps that are begun often enough."""
    names = [n for n in one[0] if all(math.isfinite(x.get(n, math.nan)) for x in (*one, *other))]
    names = [n for n in names if not n.startswith("wait: ") or np.mean([x[f"begun: {n[6:]}"] for x in (*one, *other)]) >= FEW]
    return sorted((_held(n, [x[n] for x in one], [x[n] for x in other]) for n in names), key=lambda h: h.p)


def _held(name: str, a: list[float], b: list[float]) -> Held:
    same = np.ptp(a) == np.ptp(b) == 0
    p = float(a[0] == b[0]) if same else float(ttest_ind(a, b, equal_var=False).pvalue)
    half = [2.2 * np.std(x, ddof=1) / math.sqrt(len(x)) for x in (a, b)]
    return Held(name=name, one=float(np.mean(a)), other=float(np.mean(b)), half=(float(half[0]), float(half[1])), p=p)


def apart(found: list[Held], level: float = 0.05) -> list[Held]:
    """Those that surely differ, the error rate being shared by all (Holm 1979)."""
    for i, h in enumerate(found):
        if h.p > level / (len(found) - i):
            return found[:i]
    return found
