"""Means over people with their intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import stdtrit

from sandcone.core.estimate import Estimate


def mean(values: Sequence[float], unit: str = "share", level: float = 0.95) -> Estimate | None:
    """The mean of people who are independent of each other, with a t interval; None of nobody."""
    n = len(values)
    if n == 0:
        return None
    value = float(np.mean(values))
    if n == 1:
        return Estimate(value=value, n=1, unit=unit, method="mean")
    half = float(stdtrit(n - 1, 0.5 + level / 2) * np.std(values, ddof=1) / math.sqrt(n))
    return Estimate(value=value, low=value - half, high=value + half, n=n, unit=unit, method="mean over people, t interval")


def gap(here: Sequence[float], others: Sequence[float], unit: str = "share", level: float = 0.95) -> Estimate | None:
    """How far the mean of one group lies from that of all others, with Welch's interval (Welch 1947); None of groups below two people."""
    n, m = len(here), len(others)
    if min(n, m) < 2:
        return None
    a, b = float(np.var(here, ddof=1)) / n, float(np.var(others, ddof=1)) / m
    value = float(np.mean(here) - np.mean(others))
    if a + b == 0:
        return Estimate(value=value, low=value, high=value, n=n, unit=unit, method="difference of means, no spread")
    freedom = (a + b) ** 2 / (a**2 / (n - 1) + b**2 / (m - 1))
    half = float(stdtrit(freedom, 0.5 + level / 2) * math.sqrt(a + b))
    return Estimate(value=value, low=value - half, high=value + half, n=n, unit=unit, method="difference of means, Welch's interval")
