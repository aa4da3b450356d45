"""The curve of one way to run a hospital, from runs with more or fewer patients, or places, and the variability that fits it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sandcone.core.estimate import Estimate
from sandcone.core.improved import Line
from sandcone.core.period import Floats, Period
from sandcone.core.queueing import wait_mmm
from sandcone.improving.changes import mean_of_runs
from sandcone.improving.runs import joined, of_runs
from sandcone.improving.sums import ENOUGH, FULL, UNLIKE, Sums, by_row, plain_flow, plain_resource, sums, variability

GROWN = 1.5  # waits of those who came last over waits of those who came first: more than that in every run is no steady state
LEAST = 1.0  # hours by which they must have grown too
POINTS = 41  # of a fitted curve, between the smallest scale and the largest


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Scale:
    """The runs at one scale: sums run by run, their total, and mean hours waited early and late in each run (runs, 2)."""

    rows: Sums
    whole: Mapping[str, float]
    waits: Floats

    @staticmethod
    def of(runs: Sequence[Period]) -> _Scale:
        arm = joined(runs)
        nobody = (), np.full(arm.period.cases, -1)
        rows = of_runs(sums(arm.period, np.ones(arm.period.cases), nobody), arm.run)
        return _Scale(rows=rows, whole=rows.of(rows.values.sum(axis=0)), waits=np.array([_early_and_late(p) for p in runs]))

    def used(self, stage: str) -> float:
        """Busy over open hours of a stage; NaN where it was never open, or nobody was helped there."""
        known = f"open at {stage}" in self.whole and self.whole[f"open at {stage}"] > 0 and self.whole[f"va at {stage}"] > 0
        return self.whole[f"busy at {stage}"] / self.whole[f"open at {stage}"] if known else math.nan

    def usual(self, stages: Sequence[str]) -> float:
        """Hours that V = 1 would make patients wait for each hour of help, over these stages."""
        va = [self.whole[f"va at {s}"] for s in stages]
        return sum(v * wait_mmm(self.used(s), self.rows.places[s]) for v, s in zip(va, stages, strict=True)) / sum(va)

    def logs(self, stages: Sequence[str]) -> Floats:
        """The logarithm of V* in each run."""
        return by_row(self.rows, variability({s: self.rows.places[s] for s in stages}))

    def lost(self) -> float:
        """Hours without help for each hour of help."""
        return 1 / plain_flow(self.whole) - 1


def line(
    name: str,
    scaled: Literal["demand", "capacity"],
    samples: Mapping[float, Sequence[Period]],
    left_out: Mapping[float, str] | None = None,
) -> Line:
    """How short journeys are at each level of business, if a hospital is run one way, and how severe its trade-off is.

    ``samples``: for each scale (1: as it is) its runs, run by run with the same luck; ``left_out`` are scales that were not run, and why.
    Efficiencies are means over runs with t intervals. V* is fitted over all scales by least squares on the logarithm of hours without help,
    against what Erlang's formula makes patients wait stage by stage (``sums.variability``); run by run, so its interval is over the runs
    that every scale has. Scales at which some stage was used to more than 98 %, or at which waits went on growing in every run, are left
    out and said to be. Raises ``ValueError`` where no scale is given.
    """
    if not samples:
        raise ValueError("a line needs runs at one scale at least")
    found = {times: _Scale.of(runs) for times, runs in sorted(samples.items())}
    nearest = found[min(found, key=lambda t: abs(t - 1))]
    out = {times: why for times, x in found.items() if (why := _no_keeping_up(x, nearest))}
    kept = {times: x for times, x in found.items() if times not in out}
    stages = _known(list(kept.values()))
    return Line(
        name=name,
        scaled=scaled,
        points=tuple((times, *_place(x)) for times, x in kept.items()),
        v_star=None if isinstance(stages, str) else _v_star(list(kept.values()), stages),
        fitted=() if isinstance(stages, str) else _fitted(kept, stages, scaled),
        left_out=tuple(sorted({**(left_out or {}), **out}.items())),
        note=f"V* cannot be known: {stages}." if isinstance(stages, str) else "",
    )


def _place(x: _Scale) -> tuple[Estimate, Estimate]:
    used, flow = (mean_of_runs(by_row(x.rows, of), "share") for of in (plain_resource, plain_flow))
    return used, flow


def _no_keeping_up(x: _Scale, nearest: _Scale) -> str:
    """Why a scale is no steady state; empty if it is."""
    for stage in x.rows.places:
        if x.used(stage) >= FULL > nearest.used(stage):
            return f"'{stage}' is used to {x.used(stage):.0%}: it could not keep up"
    early, late = x.waits.mean(axis=0)
    if np.all((x.waits[:, 1] > GROWN * x.waits[:, 0]) & (x.waits[:, 1] > x.waits[:, 0] + LEAST)):
        return f"waits grew from {early:.1f} to {late:.1f} h while it ran: it could not keep up"
    return ""


def _early_and_late(p: Period) -> tuple[float, float]:
    """Mean hours waited by those whose need arose in the first third of the days, and in the last."""
    third = len(p.days) / 3
    first, last = p.day < third, p.day >= 2 * third
    return tuple(float(p.wait[w].mean()) if w.any() else math.nan for w in (first, last))  # type: ignore[return-value]


def _known(scales: Sequence[_Scale]) -> tuple[str, ...] | str:
    """The stages of which V* can be known at every scale; or why it cannot."""
    if not scales:
        return "the hospital could not keep up at any scale"
    stages = tuple(s for s in scales[0].rows.places if all(0 < x.used(s) < FULL for x in scales))
    for x in scales:
        time = [sum(x.whole[f"t at {s}"] for s in of) for of in (stages, x.rows.places)]
        if not stages or time[0] < ENOUGH * time[1]:
            return "most of patients' time is in units that are used to more than 98 %, or hardly ever"
    logs = np.array([variability({s: x.rows.places[s] for s in stages})(x.whole) for x in scales])
    if not np.all(np.isfinite(logs)):
        return "no waiting is seen"
    return "patients lose far more time than queues for these resources could cost them" if logs.max() >= math.log(UNLIKE) else stages


def _v_star(scales: Sequence[_Scale], stages: Sequence[str]) -> Estimate:
    """Least squares on logarithms: the mean over scales, in each run."""
    runs = min(len(x.waits) for x in scales)
    by_run = np.mean([x.logs(stages)[:runs] for x in scales], axis=0)
    return mean_of_runs(by_run[np.isfinite(by_run)], "ratio", math.exp)


def _fitted(kept: Mapping[float, _Scale], stages: Sequence[str], scaled: str) -> tuple[tuple[float, float], ...]:
    """Points (resource efficiency, flow efficiency) of the curve of these stages that fits all scales best.

    More patients make every stage busier bit by bit, so between two scales it is known how busy; places come one at a time, so there the
    curve has a point a scale.
    """
    scales = list(kept.values())
    if min(x.lost() for x in scales) <= 0:
        return ()
    level = math.exp(float(np.mean([math.log(x.lost() / x.usual(stages)) for x in scales])))
    usual = _between(kept, stages) if scaled == "demand" else [(plain_resource(x.whole), x.usual(stages)) for x in scales]
    return tuple(sorted((u, 1 / (1 + level * w)) for u, w in usual))


def _between(kept: Mapping[float, _Scale], stages: Sequence[str]) -> list[tuple[float, float]]:
    """Resource efficiency and the usual wait at scales in between, with places as they are."""
    times, scales = list(kept), list(kept.values())
    at = np.unique([*times, *np.linspace(times[0], times[-1], POINTS)])
    re = np.interp(at, times, [plain_resource(x.whole) for x in scales])
    used = {s: np.interp(at, times, [x.used(s) for x in scales]) for s in stages}
    va = {s: np.interp(at, times, [x.whole[f"va at {s}"] for x in scales]) for s in stages}
    places = scales[0].rows.places
    waits = [sum(va[s][i] * wait_mmm(float(used[s][i]), places[s]) for s in stages) / sum(va[s][i] for s in stages) for i in range(len(at))]
    return [(float(u), float(w)) for u, w in zip(re, waits, strict=True)]
