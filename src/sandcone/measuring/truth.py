"""Is the twin true? What was seen in a time the model did not learn from, beside what many simulations of that time gave.

A twin is held against three things: the number seen; the noise, for two real halves differ too; and the past simply replayed, for a model
that comes no nearer than last month's patients moved to this month has shown nothing yet.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import ibis
import numpy as np
from ibis import _
from scipy.special import stdtrit

from sandcone.core.estimate import Estimate, Measure, Measures
from sandcone.core.log import ROLES, EventLog
from sandcone.core.truth import Apart, Judged, Truth, Verdict, figure
from sandcone.measuring.distances import Rows, distances

__all__ = ["SPLIT", "WHOLE", "Apart", "Judged", "Truth", "Verdict", "apart", "judge", "told_as"]

Halves = Sequence[tuple[Measures, Measures]]

WHOLE = (
    "throughput_time.mean",
    "throughput_time.median",
    "throughput_time.p90",
    "flow_efficiency.from_start",
    "flow_efficiency.from_need",
    "value_adding_time.mean",
    "waiting_time.mean",
    "timeliness.within_promise",
    "resource_efficiency.overall",
    "arrivals_per_day",
    "wip.mean",
    "complexity.steps",
    "complexity.handovers",
    "entropy.corrected",
    "rarefied_variants",
)
"""The numbers of the whole log that a twin is judged by, as far as the log has them."""

SPLIT = {
    "wait_before.mean": "step",
    "service_time.mean": "step",
    "step_share": "step",
    "repeat_share": "step",
    "wait_cause.share": "cause",
    "resource_efficiency": "resource",
}
"""Those that are judged for each step, cause of waiting or resource."""

CLOSE = 0.10  # of the number seen
THIN = 0.50  # noise above this share of the number seen, and above …
TELLING = {"h": 5 / 60, "share": 0.05}  # … five minutes or five hundredths: too thin to tell
FEW = 10  # observations of one step or resource
TRIFLE = {"h": 1 / 60, "share": 0.01}  # a minute, a hundredth: too little to matter, whatever the share it is


def told_as(run: EventLog, seen: EventLog) -> EventLog:
    """A simulated log as the hospital's own log would tell it, with the same site and on the same clock.

    Only then are the two measured alike. A simulation knows when a step became possible, when it was booked, and that it has not begun
    or not ended; what the hospital's log never says is taken out: times of need and booked times, and steps without a start or an end.
    """
    t = run.table
    says = seen.table.aggregate(
        ready=_.ready.notnull().any(), planned=_.planned.notnull().any(), unbegun=_.start.isnull().any(), unended=_.end.isnull().any()
    )
    (kept,) = says.to_pyarrow().to_pylist()
    told = t if kept["unbegun"] else t.filter(t.start.notnull())
    told = told if kept["unended"] else told.filter(told.end.notnull())
    gone = {role: ibis.null(ROLES[role]) for role in ("ready", "planned") if not kept[role]}
    has_ready = run.has_ready and seen.has_ready
    return replace(run, table=told.mutate(**gone) if gone else told, has_ready=has_ready, site=seen.site, zone=seen.zone)


def judge(
    seen: Measures,
    runs: Sequence[Measures],
    *,
    naive: Sequence[Measures] = (),
    floor: Halves = (),
    distances: Sequence[Apart] = (),
) -> Truth:
    """Say of every number whether the twin has it right, as nearly as can be told.

    ``runs`` are the measures of simulated logs of the time that ``seen`` is about, told alike (``told_as``); ``naive`` those of the past
    replayed; ``floor`` pairs of measures of two real halves. The rule, per number, with gap = mean of runs − seen:

    - noise = √(a² + b²): b is half the 95 % interval of the mean of runs; a is the way from the number seen to the end of its interval (on
      the twin's side) or the mean gap between two real halves, whichever is larger; without either, half the range of 95 % of single runs.
    - *true within noise*: the gap is no larger than the noise. *cannot say* instead where the noise is more than half of the number seen
      (and more than five minutes, or five hundredths of a share).
    - *close*: else, but at most 10 % off, or by no more than a minute or a hundredth of a share.
    - *off by x %*: else. *cannot say* where a number is missing, or a step or resource was seen fewer than 10 times.
    """
    judged = tuple(_judge(m, runs, naive, floor) for m in _asked(seen))
    return Truth(judged=judged, distances=tuple(distances), runs=len(runs))


def apart(seen: Rows, runs: Sequence[Rows], *, naive: Sequence[Rows] = (), floor: Sequence[tuple[Rows, Rows]] = ()) -> tuple[Apart, ...]:
    """Every distance between what was seen and each run, beside the past replayed and two real halves."""
    twin, past = [distances(seen, r) for r in runs], [distances(seen, r) for r in naive]
    half = [distances(*pair) for pair in floor]
    return tuple(
        Apart(name=name, twin=_over_runs([t[name] for t in twin], _UNITS.get(name, "h")), naive=_mean(past, name), floor=_mean(half, name))
        for name in (twin[0] if twin else ())
    )


_UNITS = {"NGD": "share", "WIP": "share"}


def _mean(found: Sequence[Mapping[str, float]], name: str) -> float | None:
    return float(np.mean([f[name] for f in found])) if found else None


def _asked(seen: Measures) -> Iterator[Measure]:
    for name in WHOLE:
        whole = seen.get(name)
        if whole is not None:
            yield Measure(name=name, estimate=whole)
    for name, key in SPLIT.items():
        yield from seen.by(name, key)


def _judge(measure: Measure, runs: Sequence[Measures], naive: Sequence[Measures], floor: Halves) -> Judged:
    seen = measure.estimate
    values, past = _values(measure, runs), _values(measure, naive)
    between = [abs(a - b) for a, b in (_values(measure, pair) for pair in floor if len(_values(measure, pair)) == 2)]
    simulated = _over_runs(values, seen.unit) if values else None
    spread = _reach(values) * math.sqrt(1 + 1 / len(values)) if len(values) > 1 else math.nan
    half = float(np.mean(between)) if between else None
    noise = None if simulated is None else _noise(seen, simulated, half, spread)
    verdict, why = _verdict(measure, simulated, noise, len(runs))
    low, high = (None, None) if simulated is None or math.isnan(spread) else (simulated.value - spread, simulated.value + spread)
    facts = {"run_low": low, "run_high": high, "naive": float(np.mean(past)) if past else None, "floor": half, "noise": noise}
    return Judged(name=measure.name, group=measure.group, seen=seen, simulated=simulated, verdict=verdict, why=why, **facts)


def _values(measure: Measure, runs: Sequence[Measures]) -> list[float]:
    found = (run.get(measure.name, **measure.group) for run in runs)
    return [e.value for e in found if e is not None and e.known]


def _over_runs(values: Sequence[float], unit: str) -> Estimate:
    mean = float(np.mean(values))
    reach = _reach(values) / math.sqrt(len(values)) if len(values) > 1 else None
    low, high = (None, None) if reach is None else (mean - reach, mean + reach)
    return Estimate(value=mean, low=low, high=high, n=len(values), unit=unit, method="mean over runs, t interval")


def _reach(values: Sequence[float]) -> float:
    """How far from their mean 95 % of single runs fall, were the mean known."""
    return float(stdtrit(len(values) - 1, 0.975) * np.std(values, ddof=1))


def _noise(seen: Estimate, simulated: Estimate, half: float | None, spread: float) -> float | None:
    known = [x for x in (_own(seen, simulated.value), half) if x is not None]
    real = max(known) if known else spread
    model = 0.0 if simulated.high is None else simulated.high - simulated.value
    return None if math.isnan(real) else math.hypot(real, model)


def _own(seen: Estimate, value: float) -> float | None:
    """From the number seen to the end of its interval that lies towards the twin's number."""
    if seen.low is None or seen.high is None:
        return None
    return seen.high - seen.value if value > seen.value else seen.value - seen.low


def _verdict(measure: Measure, simulated: Estimate | None, noise: float | None, runs: int) -> tuple[Verdict, str]:
    seen, trifle = measure.estimate, TRIFLE.get(measure.estimate.unit, 0.0)
    if not seen.known:
        return "cannot say", "it was not seen"
    if measure.group and seen.n < FEW:
        return "cannot say", f"seen only {seen.n} times"
    if simulated is None or simulated.n < runs / 2:
        return "cannot say", f"{'no run has' if simulated is None else 'few runs have'} it"
    if noise is None:
        return "cannot say", "nothing tells the noise: give intervals, halves or more runs"
    gap = abs(simulated.value - seen.value)
    if gap <= noise:
        thin = noise > max(THIN * abs(seen.value), TELLING.get(seen.unit, 0.0))
        return ("cannot say", f"the noise is {figure(noise)} of {figure(seen.value)}") if thin else ("true within noise", "")
    return ("close" if gap <= max(CLOSE * abs(seen.value), trifle) else "off"), ""
