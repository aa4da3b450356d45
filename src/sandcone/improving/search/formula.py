"""What a formula alone rules out before any run: sets that it puts clearly behind another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sandcone.core.lever import LeverSet
from sandcone.core.outcome import OBJECTIVES, Objective
from sandcone.improving.search.front import dominates
from sandcone.improving.search.look import Glance

Floats = NDArray[np.float64]
FEWEST, MARGIN = 8, 2.0  # sets from which a formula's errors are learnt, and how many of their spreads make a set clearly behind


def foretold(glance: Glance, objectives: Sequence[Objective]) -> tuple[float, ...]:
    """What the formula says by these objectives, more being better."""
    by_name = dict(zip((o.name for o in OBJECTIVES), glance.values, strict=True))
    return tuple(by_name[o.name] if o.more else -by_name[o.name] for o in objectives)


def errors(said: Floats, seen: Floats) -> Floats | None:
    """How far formula and runs part (objectives,), from sets' gaps to today by either (sets, objectives); None where too few are known."""
    known = np.isfinite(said).all(axis=1)
    return None if known.sum() < FEWEST else np.asarray((said[known] - seen[known]).std(axis=0))


def behind(
    sets: Sequence[LeverSet],
    beside: Sequence[LeverSet],
    glances: Mapping[LeverSet, Glance],
    objectives: Sequence[Objective],
    margin: Floats,
) -> list[LeverSet]:
    """Those of ``sets`` that the formula puts clearly behind one of ``beside``.

    Behind by more than ``margin`` (objectives,) somewhere and nowhere better, and alike in all levers of which the formula does not see
    what they do; where it has no number for an objective, nothing is ruled out.
    """
    found = []
    values = {s: np.array(foretold(glances[s], objectives)) for s in (*sets, *beside)}
    for one in sets:
        rivals = [o for o in beside if o != one and _unseen(o, glances[o]) == _unseen(one, glances[one])]
        if any(np.isfinite(values[o] + values[one]).all() and _beyond(values[o], values[one], margin) for o in rivals):
            found.append(one)
    return found


def _beyond(better: Floats, worse: Floats, margin: Floats) -> bool:
    return bool((better >= worse).all() and dominates(better, worse, margin))


def _unseen(levers: LeverSet, glance: Glance) -> LeverSet:
    """The settings of the levers of which the formula does not see what they do."""
    return tuple(0 if seen else which for which, seen in zip(levers, glance.seen, strict=True))
