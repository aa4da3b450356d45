"""Whether a prediction still holds: misses counted as they come, with an alarm whose false alarms are known.

A cumulated sum (Page 1954, Biometrika 41) of misses against the share that was promised. Its limit is simulated for as many
outcomes as are watched, and for what is not known at the start: with n people the true share of misses is itself drawn, from a beta
law (Vovk 2012, Conditional Validity of Inductive Conformal Predictors, ACML, section 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sandcone.personalising.conformal import Floats

Bools = NDArray[np.bool_]
SIMULATED = 2000
SLACK = 0.25  # of the promised share: misses that are more by less than about twice this are found late


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """Whether more outcomes were missed than promised: the sum after each, its limit, and where it first went over (None: never)."""

    promised: float  # share of misses
    missed: float
    limit: float
    alarm: int | None
    sums: tuple[float, ...]


def watch(missed: Bools, promised: float, calibrated: int, false_alarms: float = 0.05) -> Drift:
    """Watch outcomes in the order in which they became known; ``calibrated`` is how many people the interval was made from.

    If nothing has changed, an alarm comes in at most about ``false_alarms`` of all histories as long as this one.
    """
    sums = _sums(missed[None, :], promised)[0]
    limit = _limit(len(missed), round(promised, 6), calibrated, false_alarms)
    over = np.flatnonzero(sums > limit)
    return Drift(
        promised=promised,
        missed=float(missed.mean()) if missed.size else float("nan"),
        limit=limit,
        alarm=int(over[0]) if over.size else None,
        sums=tuple(sums.tolist()),
    )


def rolling(of: Floats | Bools, wide: int) -> Floats:
    """The mean of the last ``wide`` values, from the first place that has so many on."""
    whole = np.concatenate([[0.0], np.cumsum(of, dtype=np.float64)])
    return np.asarray((whole[wide:] - whole[:-wide]) / wide)


def _sums(missed: Bools, promised: float) -> Floats:
    """By row: max(0, sum before + miss − promised · (1 + slack)), as the distance of a walk from its lowest point so far."""
    walk = np.cumsum(missed - promised * (1 + SLACK), axis=1)
    return np.asarray(walk - np.minimum(np.minimum.accumulate(walk, axis=1), 0.0))


@lru_cache(maxsize=64)
def _limit(n: int, promised: float, calibrated: int, false_alarms: float) -> float:
    if n == 0:
        return 0.0
    luck = np.random.default_rng(7)
    most = np.empty(SIMULATED)
    below = max(1.0, np.floor((calibrated + 1) * promised))
    true = luck.beta(below, max(1.0, calibrated + 1 - below), size=SIMULATED)
    for i in range(0, SIMULATED, 50):
        most[i : i + 50] = _sums(luck.random((50, n)) < true[i : i + 50, None], promised).max(axis=1)
    return float(np.quantile(most, 1 - false_alarms, method="higher"))
