"""How sure a difference is when neighbouring days are alike.

A full house on Monday is full on Tuesday too, so 180 days are worth fewer than 180 independent ones. How many is read off the slow waves
in the days themselves: the spread of the mean is estimated from a few smooth curves (cosines), and as they are few, Student's t with as
many degrees of freedom says how wide the interval must be. Lazarus, Lewis, Stock and Watson 2018, "HAR Inference: Recommendations for
Practice" (there 0.4 · days^(2/3) curves; here 0.25, picked by the controls in docs/validity.md, for a hospital's days are more alike). The
curves are made orthogonal to a level and a straight line, so that a trend does not pass for spread (Sun 2013).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

Floats = NDArray[np.float64]
CURVES, FEWEST = 0.25, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Sure:
    """A number with its standard error and the degrees of freedom of that (infinite: known)."""

    value: float
    error: float
    freedom: float

    @property
    def p(self) -> float:
        """How likely a number so far from nought is if it truly is nought, both sides."""
        return min(1.0, 2 * self._tail(abs(self.value)))

    def above(self, limit: float) -> float:
        """One-sided: how likely so large a number is if it truly is no more than ``limit``."""
        return self._tail(self.value - limit)

    def _tail(self, distance: float) -> float:
        if self.error <= 0:
            return 0.0 if distance > 0 else 1.0
        return float(stdtr(min(self.freedom, 1e9), -distance / self.error))

    def limits(self, level: float = 0.95) -> tuple[float, float]:
        """The interval."""
        half = float(stdtrit(min(self.freedom, 1e9), (1 + level) / 2)) * self.error if self.error > 0 else 0.0
        return self.value - half, self.value + half


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A number of one period and what each of its days did to it: ``pull`` (days,) has mean nought; ``at`` (days,) the dates."""

    value: float
    pull: Floats
    at: Floats


def gap(before: Series, after: Series) -> Sure:
    """After less before (Welch's degrees of freedom)."""
    parts = [_part(s, np.full(len(s.pull), 1 / len(s.pull))) for s in (before, after)]
    return _sure(after.value - before.value, parts)


def level_step(before: Series, after: Series) -> Sure:
    """How far the number jumps between the periods once both may follow one straight line: an interrupted time series.

    Least squares of the daily numbers on a level, a common slope and the step; errors as in ``gap`` (Wagner et al. 2002 for the design).
    """
    y = np.concatenate([s.value + s.pull for s in (before, after)])
    at = np.concatenate([before.at, after.at])
    post = np.concatenate([np.zeros(len(before.at)), np.ones(len(after.at))])
    line = np.column_stack([np.ones(len(at)), at - at.mean(), post])
    weight = np.linalg.pinv(line)[2]
    cut = len(before.at)
    return _sure(float(weight @ y), [_part(before, weight[:cut]), _part(after, weight[cut:])])


def paired(differences: Floats) -> Sure:
    """The mean of differences between pairs of runs (Student's t)."""
    n = len(differences)
    error = float(np.std(differences, ddof=1) / math.sqrt(n)) if n > 1 else math.inf
    return Sure(value=float(np.mean(differences)), error=error if error > 1e-12 else 0.0, freedom=max(n - 1, 1))


def of_one(s: Series) -> Sure:
    """One period's number with its spread."""
    return _sure(s.value, [_part(s, np.full(len(s.pull), 1 / len(s.pull)))])


def long_run(pull: Floats) -> tuple[float, int]:
    """The variance that neighbours which are alike give a day (the spectrum at nought times 2π), and from how many curves."""
    curves = waves(len(pull))
    return float(np.mean((curves @ pull) ** 2)), len(curves)


@lru_cache(maxsize=64)
def waves(days: int) -> Floats:
    """The slowest curves that are orthogonal to a level and a straight line, and to each other (curves, days), each of length 1."""
    n = max(FEWEST, min(int(CURVES * days ** (2 / 3)), days - 4))
    t = (np.arange(days) + 0.5) / days
    cosines = np.sqrt(2 / days) * np.cos(np.pi * np.arange(1, n + 2)[:, None] * t)
    line = (t - 0.5) / np.linalg.norm(t - 0.5)
    left = cosines - (cosines @ line)[:, None] * line
    _, _, directions = np.linalg.svd(left, full_matrices=False)
    found: Floats = directions[:n]
    found.setflags(write=False)
    return found


def _part(s: Series, weight: Floats) -> tuple[float, int]:
    variance, curves = long_run(s.pull)
    return variance * float(weight @ weight), curves


def _sure(value: float, parts: list[tuple[float, int]]) -> Sure:
    total = sum(v for v, _ in parts)
    freedom = total**2 / sum(v**2 / n for v, n in parts) if total > 0 else math.inf
    return Sure(value=value, error=math.sqrt(total), freedom=freedom)
