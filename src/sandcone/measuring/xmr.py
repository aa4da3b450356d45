"""Whether a series of numbers changed, or only moved as it always does: XmR limits and the four rules of "Making data count".

Limits are the mean ± 2.66 × the mean moving range (Wheeler), over the whole series; they are never rebased by themselves. The rules are
those of NHS England's "Making data count", two of three meaning on the same side.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sandcone.measuring.counting import Reals

SCALE = 2.66  # 3 / 1.128, the moving range of two points
RUN = 7

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a series does when nothing changes: its mean, and the process limits on each side."""

    mean: float
    low: float
    high: float


def limits(values: Reals) -> Limits:
    """Mean ± 2.66 × the mean of the moves from each point to the next."""
    mean, reach = float(values.mean()), SCALE * float(np.abs(np.diff(values)).mean()) if values.size > 1 else 0.0
    return Limits(mean=mean, low=mean - reach, high=mean + reach)


def a_point_outside_the_limits(values: Reals, process: Limits) -> Mask:
    """Points beyond a process limit."""
    return np.asarray(np.abs(_centred(values, process)) > process.high - process.mean)


def a_run_on_one_side_of_the_mean(values: Reals, process: Limits) -> Mask:
    """Points of seven or more in a row above, or below, the mean."""
    return _in_a_row(np.sign(_centred(values, process)), RUN)


def a_trend(values: Reals, process: Limits) -> Mask:
    """Points of seven or more in a row, each higher (or each lower) than the one before."""
    moves = np.sign(np.diff(_centred(values, process)))
    rising = _in_a_row(moves, RUN - 1)
    return np.asarray(np.append(rising, False) | np.append(False, rising))


def two_of_three_near_a_limit(values: Reals, process: Limits) -> Mask:
    """Points in the outer third on one side, where two of three neighbours are."""
    centred, near = _centred(values, process), np.zeros(values.size, dtype=np.bool_)
    third = (process.high - process.mean) * 2 / 3
    for outer in (centred > third, centred < -third):
        for start in range(values.size - 2):
            if outer[start : start + 3].sum() >= 2:
                near[start : start + 3] |= outer[start : start + 3]
    return near


RULES = {
    "outside limits": a_point_outside_the_limits,
    "run of 7": a_run_on_one_side_of_the_mean,
    "trend of 7": a_trend,
    "2 of 3 near a limit": two_of_three_near_a_limit,
}


def _centred(values: Reals, process: Limits) -> Reals:
    """Distance from the mean, without what is only rounding (a part in 10⁹ of the largest value)."""
    unit = max(1e-300, float(np.abs(values).max())) * 1e-9
    return np.asarray(np.round((values - process.mean) / unit) * unit)


def _in_a_row(sign: Reals, run: int) -> Mask:
    """Points that belong to at least so many equal signs in a row, zero not counting."""
    starts = np.flatnonzero(np.diff(sign, prepend=np.nan) != 0)
    lengths = np.diff(np.append(starts, sign.size))
    return np.asarray(np.repeat((lengths >= run) & (sign[starts] != 0), lengths))
