"""Steps that belong together: groups between whose steps patients move more than chance would have it.

The groups have a high modularity Q (Newman & Girvan 2004), found by moving one step at a time to the group that gains most and then joining
whole groups in the same way (Blondel et al. 2008, J. Stat. Mech. P10008), in several orders of which the best is kept.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sandcone.core.chance import Luck
from sandcone.core.modularity import newman

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ORDERS = 10
ROUNDS = 50
EPS = 1e-12


def communities(weights: Floats, *, seed: int) -> Ints:
    """The group of each step, numbered from 0 in the order of their first steps; ``weights`` counts moves (from × to, the same left out).

    A step that nobody moves to or from is a group of its own.
    """
    moves = weights - np.diag(np.diag(weights))
    if moves.sum() == 0:
        return np.arange(len(moves))
    luck = Luck(seed)
    found = [_grouped(moves + moves.T, luck.stream("communities", i)) for i in range(ORDERS)]
    best = max(found, key=lambda group: round(newman(moves, group), 9))
    return _numbered(best)


def _grouped(links: Floats, order: np.random.Generator) -> Ints:
    """One run: steps into groups, then groups as if they were steps, until nothing is gained."""
    group = np.arange(len(links))
    while True:
        moved = _numbered(_moved(links, order))
        if moved.max() + 1 == len(links):
            return group
        group = moved[group]
        onto = np.eye(moved.max() + 1)[moved]
        links = onto.T @ links @ onto


def _moved(links: Floats, order: np.random.Generator) -> Ints:
    """Each node to the group in which it gains most, again and again; the diagonal counts what lies inside a node (twice)."""
    n, total, strength = len(links), links.sum(), links.sum(axis=1)
    group, held = np.arange(n), strength.copy()
    for _round in range(ROUNDS):
        changed = False
        for i in order.permutation(n):
            here = group[i]
            held[here] -= strength[i]
            to = np.bincount(group, weights=links[i], minlength=n)
            to[here] -= links[i, i]
            gain = to - held * strength[i] / total
            best = int(np.argmax(gain))
            group[i] = best if gain[best] > gain[here] + EPS * total else here
            changed |= bool(group[i] != here)
            held[group[i]] += strength[i]
        if not changed:
            break
    return group


def _numbered(group: Ints) -> Ints:
    _, first, of = np.unique(group, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[of]
