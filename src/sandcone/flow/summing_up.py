"""From outcomes run by run to sets of levers with their intervals, as they are shown."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sandcone.core.estimate import Estimate
from sandcone.core.improved import Place, Tried
from sandcone.core.lever import Levers, LeverSet, named
from sandcone.core.outcome import OBJECTIVES, Outcome
from sandcone.flow.replications import over_runs
from sandcone.improving.search.searched import Found


def tried(levers: Levers, found: Found, today: Found) -> Tried:
    """One set as the search has it."""
    return seen(levers, found.levers, (found.outcomes, today.outcomes), chance=found.chance, place=found.place)


def seen(levers: Levers, which: LeverSet, runs: tuple[Sequence[Outcome], Sequence[Outcome]], *, chance: float, place: Place) -> Tried:
    """One set from its runs and today's, which have the same luck one by one as far as both go."""
    mine, theirs = runs
    both = min(len(mine), len(theirs))
    return Tried(
        levers=named(levers.levers, which),
        runs=len(mine),
        values={o.name: _estimate(values(mine)[:, k], o.unit) for k, o in enumerate(OBJECTIVES)},
        gaps={o.name: _gap(values(mine)[:both, k], values(theirs)[:both, k], o.unit) for k, o in enumerate(OBJECTIVES)},
        chance=chance,
        place=place,
        staff_cost=times_today(mine[:both], theirs[:both]),
    )


def values(outcomes: Sequence[Outcome]) -> np.ndarray:
    """The objectives of some runs (runs, objectives)."""
    return np.array([o.values for o in outcomes], dtype=np.float64).reshape(-1, len(OBJECTIVES))


def times_today(mine: Sequence[Outcome], theirs: Sequence[Outcome]) -> float:
    """Money for people, overtime included, times as today; 1 where people cost nothing."""
    money, today = (sum(o.staff_cost for o in runs) for runs in (mine, theirs))
    return money / today if today > 0 else 1.0


def _estimate(x: np.ndarray, unit: str) -> Estimate:
    known = x[np.isfinite(x)]
    return over_runs(known, unit) if len(known) else Estimate(value=float("nan"), n=0, unit=unit, method="not known")


def _gap(mine: np.ndarray, theirs: np.ndarray, unit: str) -> Estimate:
    return _estimate(mine - theirs, unit)
