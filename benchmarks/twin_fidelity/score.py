"""Run a method on a split, score its logs, and say how two halves of the real one differ."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
from benchmarks.twin_fidelity.methods import Method
from benchmarks.twin_fidelity.splits import Split

from sandcone.measuring.distances import DISTANCES, Rows, distances, rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """What a method got on one log: each distance, run by run, and what it took."""

    got: dict[str, tuple[float, ...]]
    cases: float  # mean of a run; fewer than the test has is a fault of the method
    steps: float  # mean of a run
    fit_seconds: float
    fit_cpu: float
    steps_per_cpu_second: float

    def mean(self, name: str) -> float:
        """Mean over the runs."""
        return float(np.mean(self.got[name]))

    def sd(self, name: str) -> float:
        """Population standard deviation, as in the papers."""
        return float(np.std(self.got[name]))


def score(split: Split, method: Method, *, runs: int, seed: int) -> Scored:
    """Fit once, simulate ``runs`` times with seeds ``seed``, ``seed + 1``, …, hold each against the test log."""
    wall, cpu = time.perf_counter(), time.process_time()
    make = method(split, seed)
    fit_seconds, fit_cpu = time.perf_counter() - wall, time.process_time() - cpu
    real, found, cases, steps, making = rows(split.test), [], 0, 0, 0.0
    for run in range(runs):
        began = time.process_time()
        log = make(split.cases, split.start, seed + run)
        making += time.process_time() - began
        made = rows(log)
        cases, steps = cases + int(made.case.max()) + 1, steps + len(made.case)
        found.append(distances(real, made))
    return Scored(
        got=_together(found),
        cases=cases / runs,
        steps=steps / runs,
        fit_seconds=fit_seconds,
        fit_cpu=fit_cpu,
        steps_per_cpu_second=steps / max(making, 1e-9),
    )


def floor(split: Split, *, draws: int, seed: int) -> dict[str, tuple[float, ...]]:
    """The distances between two halves of the test log's own cases, dealt at random: nearer than this, nothing can be told apart."""
    real, luck = rows(split.test), np.random.default_rng(seed)
    found = []
    for _ in range(draws):
        first = luck.permutation(split.cases) < split.cases // 2
        found.append(distances(of_cases(real, first), of_cases(real, ~first)))
    return _together(found)


def of_cases(x: Rows, chosen: np.ndarray) -> Rows:
    """Only the chosen cases (one yes or no for each)."""
    rows_kept, number = chosen[x.case], np.cumsum(chosen) - 1
    kept = {name: getattr(x, name)[rows_kept] for name in ("step", "resource", "start", "end")}
    return replace(x, case=number[x.case[rows_kept]], **kept)


def _together(found: list[dict[str, float]]) -> dict[str, tuple[float, ...]]:
    return {name: tuple(f[name] for f in found) for name in DISTANCES}
