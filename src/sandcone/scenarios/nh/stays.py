"""Length of stay in whole days: how many go home after each day on the ward."""

from __future__ import annotations

import math
from statistics import NormalDist

from sandcone.core.law import Lognormal

LONGEST = 30
"""Whoever is still there after so many days goes home on that day."""


def going_home(mean_days: float, sigma: float) -> tuple[float, ...]:
    """The share of those still there who go home after day 1, 2, …, when stays are lognormal, rounded to days, at least one.

    The median is moved so that the mean of the rounded stay is ``mean_days`` exactly.
    """
    low, high = math.log(mean_days) - 3, math.log(mean_days) + 3
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _mean(_longer(middle, sigma)) < mean_days else (low, middle)
    longer = _longer((low + high) / 2, sigma)
    return tuple(1 - after / before if before > 0 else 1.0 for before, after in zip((1.0, *longer), (*longer, 0.0), strict=True))


def median_for(mean: float, sigma: float) -> float:
    """The median of a lognormal with this mean."""
    return mean / math.exp(sigma**2 / 2)


def part(share: float, whole: Lognormal, shares: tuple[float, ...]) -> Lognormal:
    """One of several consecutive parts of a time, so that parts drawn apart have together the mean and the spread of the whole."""
    wide = math.log1p(math.expm1(whole.sigma**2) / math.fsum(s**2 for s in shares))
    return Lognormal(median=share * whole.mean / math.exp(wide / 2), sigma=math.sqrt(wide))


def _longer(log_median: float, sigma: float) -> tuple[float, ...]:
    """The chance to stay longer than 1, 2, … days, rounded."""
    normal = NormalDist(log_median, sigma)
    return tuple(1 - normal.cdf(math.log(day + 0.5)) for day in range(1, LONGEST))


def _mean(longer: tuple[float, ...]) -> float:
    return 1 + math.fsum(longer)
