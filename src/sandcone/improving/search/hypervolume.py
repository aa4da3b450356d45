"""How much room a front takes up: the volume of all values that some set on it betters, counted from a reference (Zitzler 1999)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def hypervolume(values: Floats, reference: Floats) -> float:
    """The volume between a reference and the sets (sets, objectives), more being better; parts below the reference count nothing.

    Exact: each set adds the room that it takes less what the sets after it already take of that (WFG: While, Bradstreet and Barone 2012,
    IEEE Trans. Evol. Comput. 16:86–95), with two objectives summed directly. Up to five objectives and a few hundred sets.
    """
    above = np.maximum(np.asarray(values, dtype=np.float64) - reference, 0.0)
    above = above[(above > 0).all(axis=1)]
    return _volume(best(above)) if len(above) else 0.0


def best(values: Floats) -> Floats:
    """The sets (sets, objectives) that no other betters in the sense of Pareto, equal ones once, in order of the first objective."""
    ordered = np.unique(values, axis=0)[::-1]
    kept = np.empty_like(ordered)
    n = 0
    for one in ordered:  # a set can only be bettered by one that comes before it
        if n == 0 or not (kept[:n] >= one).all(axis=1).any():
            kept[n], n = one, n + 1
    return kept[:n]


def _volume(front: Floats) -> float:
    """The volume from nought of sets of which none betters another, the first objective falling."""
    if len(front) == 1:
        return float(front[0].prod())
    if front.shape[1] == 1:
        return float(front[0, 0])
    if front.shape[1] == 2:
        rise = np.diff(front[:, 1], prepend=0.0)
        return float((front[:, 0] * rise).sum())
    total = 0.0
    for i, one in enumerate(front):
        after = np.minimum(front[i + 1 :], one)
        total += float(one.prod()) - (_volume(best(after)) if len(after) else 0.0)
    return total
