"""Which sets cannot be scored, and why: runs that fail, or a house that fills up faster than it empties."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sandcone.core.outcome import OBJECTIVES, Outcome

GROWTH, UNFINISHED = 0.2, 0.05  # more patients in the house within the days that count, as a share; unfinished beyond today's share


def why_not(runs: Sequence[Outcome], today: Sequence[Outcome]) -> str | None:
    """Why a set is not scored, from its runs and today's; None where it is.

    Patients in the house must not grow by more than 0.2, for then every number depends on how long the run was; where today is steady but
    grows as much with the same luck, it is the luck. Nor may more than 5 points more of them be unfinished than today, and a number that
    today has must be there.
    """
    paired = today[: len(runs)]
    growth = _mean([a.growth for a in runs])
    luck = 0.0 if unsteady(today) else _mean([b.growth for b in paired]) + GROWTH / 2
    if growth > max(GROWTH, luck):
        return f"the house cannot keep up: {growth:.0%} more patients in it at the end of the days that count than at their beginning"
    open_, today_open = _mean([a.unfinished for a in runs]), _mean([b.unfinished for b in paired])
    if open_ > today_open + UNFINISHED:
        return f"{open_:.0%} of patients have not left by the end of a run, today {today_open:.0%}"
    return _unknown(runs, paired)


def unsteady(today: Sequence[Outcome]) -> str | None:
    """Why today itself is not steady, if it is not."""
    growth = _mean([a.growth for a in today])
    if growth <= GROWTH:
        return None
    return (
        f"today itself does not keep up: {growth:.0%} more patients in the house at the end of the days that count than at their beginning"
    )


def _unknown(runs: Sequence[Outcome], today: Sequence[Outcome]) -> str | None:
    for i, objective in enumerate(OBJECTIVES):
        if not math.isnan(today[0].values[i]) and any(math.isnan(a.values[i]) for a in runs):
            return f"{objective.name} is not known in a run of it, though it is today"
    return None


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values))
