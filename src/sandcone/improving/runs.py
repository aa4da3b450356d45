"""Several simulated runs as one long period, and their sums run by run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sandcone.core.period import Floats, Ints, Period, Stage, Texts
from sandcone.improving.sums import Sums


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arm:
    """The runs of one way, one after the other, and the run that each day belongs to (days,)."""

    period: Period
    run: Ints


def joined(runs: Sequence[Period]) -> Arm:
    """Runs one after the other; a stage or a fact that a run does not have counts nothing in it."""
    first = np.cumsum([0, *(len(p.days) for p in runs)])
    day = np.concatenate([p.day + start for p, start in zip(runs, first, strict=False)])
    period = Period(
        name=runs[0].name,
        day=day,
        stages={n: _stage(runs, n) for n in dict.fromkeys(n for p in runs for n in p.stages)},
        facts={n: _facts(runs, n) for n in dict.fromkeys(n for p in runs for n in p.facts)},
        harms={n: _harms(runs, n) for n in dict.fromkeys(n for p in runs for n in p.harms)},
        extract=any(p.extract for p in runs),
        unfinished=sum(p.unfinished for p in runs),
        notes=tuple(dict.fromkeys(n for p in runs for n in p.notes)),
        days=np.concatenate([p.days for p in runs]),
        busy=np.concatenate([p.busy for p in runs]),
        open=np.concatenate([p.open for p in runs]),
        t=np.concatenate([p.t for p in runs]),
        va=np.concatenate([p.va for p in runs]),
        wait=np.concatenate([p.wait for p in runs]),
        work=np.concatenate([p.work for p in runs]),
    )
    return Arm(period=period, run=np.repeat(np.arange(len(runs)), [len(p.days) for p in runs]))


def of_runs(by_day: Sums, run: Ints) -> Sums:
    """Sums by day added up by run."""
    values = np.zeros((int(run.max()) + 1, by_day.values.shape[1]))
    np.add.at(values, run, by_day.values)
    return replace(by_day, values=values, at=np.arange(len(values)))


def _stage(runs: Sequence[Period], name: str) -> Stage:
    parts = {k: np.concatenate([_row(p, name, k) for p in runs]) for k in ("busy", "open", "va", "t")}
    return Stage(places=max(p.stages[name].places for p in runs if name in p.stages), **parts)


def _row(p: Period, name: str, what: str) -> Floats:
    found: Floats = getattr(p.stages[name], what) if name in p.stages else np.zeros(len(p.days))
    return found


def _facts(runs: Sequence[Period], name: str) -> Texts:
    return np.concatenate([p.facts.get(name, np.full(p.cases, None, dtype=object)) for p in runs])


def _harms(runs: Sequence[Period], name: str) -> Floats:
    return np.concatenate([p.harms.get(name, np.full(p.cases, np.nan)) for p in runs])
