"""How much of what a set of levers does is owed to each of them: the mean of what it adds, over all orders (Shapley 1953)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from math import factorial

import numpy as np
from numpy.typing import NDArray

from sandcone.core.errors import InputError
from sandcone.core.lever import LeverSet

Floats = NDArray[np.float64]
MOST = 8  # levers: 256 sets


def subsets(setting: LeverSet) -> tuple[LeverSet, ...]:
    """Every set that has some of these levers set, in a fixed order, today first and the whole last; ``InputError`` above eight levers."""
    on = sum(1 for which in setting if which)
    if on > MOST:
        raise InputError("shares", f"{on} levers", f"Shares are worked out over all subsets, of {MOST} levers at most.")
    return tuple(product(*((0, which) if which else (0,) for which in setting)))


def shares(setting: LeverSet, values: Mapping[LeverSet, Floats]) -> dict[int, Floats]:
    """For each lever that is set, by its number, its share of what the whole set does, in each paired run.

    ``values`` has every one of ``subsets`` with its value by replication (and, in further axes, by measure); the answer has the same
    shape, so that an interval comes from paired runs. The shares add up to the whole set less today. Shapley 1953, "A value for n-person
    games", Contributions to the Theory of Games II, 307–317.
    """
    on = [i for i, which in enumerate(setting) if which]
    found = {i: np.zeros_like(np.asarray(next(iter(values.values())), dtype=np.float64)) for i in on}
    for some in subsets(setting):
        size = sum(1 for which in some if which)
        for i in on:
            if not some[i]:
                joined = (*some[:i], setting[i], *some[i + 1 :])
                weight = factorial(size) * factorial(len(on) - size - 1) / factorial(len(on))
                found[i] = found[i] + weight * (np.asarray(values[joined]) - np.asarray(values[some]))
    return found
