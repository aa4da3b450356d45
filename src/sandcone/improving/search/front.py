"""The front: the sets that no other set betters, and how sure that is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sandcone.core.improved import Place
from sandcone.improving.search.belief import Belief

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
SURE, OUT = 0.9, 0.1  # chance from which a set is on the front, and below which it is behind


def dominates(one: Floats, other: Floats, least: Floats) -> Flags:
    """Whether one set betters the other: better by what matters somewhere, worse by what matters nowhere, and more gained than lost.

    Values (…, objectives), more being better; ``least`` (objectives,) what matters. Gains and losses are added up in units of what matters,
    which keeps three sets from each bettering the next in a ring, so that some set is always on the front. With no least difference this is
    the usual dominance of Pareto.
    """
    gap = one - other
    unit = np.where(least > 0, least, 1.0)
    found: Flags = (gap >= -least).all(axis=-1) & (gap > least).any(axis=-1) & ((gap / unit).sum(axis=-1) > 0)
    return found


def on_front(values: Floats, least: Floats, rivals: Floats | None = None) -> Flags:
    """Which sets (draws, sets, objectives) are bettered by none of the rivals (by default by no other set), in each draw (draws, sets)."""
    from sandcone.improving.search.front_kernel import beaten  # compiled code is loaded by those who need it

    unit = np.where(least > 0, least, 1.0)
    against = values if rivals is None else rivals
    first = np.argsort(-(against / unit).sum(axis=2).mean(axis=0), kind="stable")  # the best first, for they better most
    found = np.zeros(values.shape[:2], dtype=np.bool_)
    beaten(np.ascontiguousarray(values), np.ascontiguousarray(against[:, first]), least, unit, found)
    return ~found


def chances(belief: Belief, least: Floats, draws: int, rng: np.random.Generator) -> Floats:
    """How likely each set is to be on the front (sets,), by drawing values that could be the true ones."""
    found: Floats = on_front(belief.draws(draws, rng), least).mean(axis=0)
    return found


def place(chance: float) -> Place:
    """Where a set stands, from how likely it is to be on the front."""
    if chance >= SURE:
        return "on the front"
    return "perhaps on the front" if chance > OUT else "behind"


def wrong(chance: Floats) -> Floats:
    """How likely each set is to have the wrong place, were it placed where it more likely is (sets,)."""
    found: Floats = np.minimum(chance, 1 - chance)
    return found
