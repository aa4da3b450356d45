"""What sets of levers may cost, times as today: by formula, after a few runs, and in the end."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from scipy.special import stdtrit

from sandcone.core.lever import Limits
from sandcone.core.outcome import Outcome
from sandcone.improving.search.look import Glance

SLACK = 0.001  # of today's: as much as a cost may be above its limit, since overtime is luck
FEW, MORE = 3, 0.01  # with fewer runs than this, so much


def dear_by_formula(glance: Glance, limits: Limits) -> str | None:
    """Why a set may not be tried for what its hours and levers cost, None where it may."""
    return next(_above((("cost", glance.cost, limits.cost, SLACK), ("staff cost", glance.staff_cost, limits.staff_cost, SLACK))), None)


def dear(runs: Sequence[Outcome], today: Sequence[Outcome], limits: Limits) -> str | None:
    """Why a set may not be had for what it costs in its runs, on average; None where it may."""
    return next(_above((name, float(np.mean(times)), most, SLACK) for name, times, most in _times(runs, today, limits)), None)


def surely_dear(runs: Sequence[Outcome], today: Sequence[Outcome], limits: Limits) -> str | None:
    """The same, but only where further runs will hardly say otherwise: the lower end of the interval is above the limit."""
    lows = ((name, *_low(times), most) for name, times, most in _times(runs, today, limits))
    return next(_above((name, low, most, slack) for name, low, slack, most in lows), None)


def _times(runs: Sequence[Outcome], today: Sequence[Outcome], limits: Limits) -> Iterator[tuple[str, list[float], float | None]]:
    for name, key, most in (("cost", "cost", limits.cost), ("staff cost", "staff_cost", limits.staff_cost)):
        now = float(np.mean([getattr(b, key) for b in today[: len(runs)]]))
        yield name, [getattr(a, key) / now if now else 1.0 for a in runs], most


def _low(times: Sequence[float]) -> tuple[float, float]:
    """The lower end of the 95 % interval of a mean, and how far above the limit that may be."""
    n, mean = len(times), float(np.mean(times))
    if n < FEW:
        return mean, MORE
    return mean - float(stdtrit(n - 1, 0.975)) * float(np.std(times, ddof=1)) / math.sqrt(n), SLACK


def _above(costs: Sequence[tuple[str, float, float | None, float]] | Iterator[tuple[str, float, float | None, float]]) -> Iterator[str]:
    for name, times, most, slack in costs:
        if most is not None and times > most + slack:
            yield f"dearer than allowed: {name} {times:.3f} times today's, at most {most:g}"
