"""Order-m: each unit beside the best of m others drawn by chance, so that one strange unit cannot set the bar for all."""

from __future__ import annotations

import numpy as np

from sandcone.core.chance import Luck
from sandcone.core.errors import InputError
from sandcone.core.estimate import Estimate
from sandcone.core.frontiers import Reached, UnitFrontier
from sandcone.core.units import Floats, Units
from sandcone.improving.dea import OF_BEST, Towards
from sandcone.improving.fdh import beside, checked

NONE = "none: no draws were asked for"
LARGE = "The intervals hold too seldom where m is not far below the number of units; a smaller m (--m) is surer."
ALONE = "none: no other unit is fit to be drawn beside it"


def order_m(units: Units, *, m: int = 25, towards: Towards = "inputs", luck: Luck | None = None) -> UnitFrontier:
    """Each unit's score beside the best that can be expected of m units that make no less; above 1 is better than that.

    Cazals, Florens & Simar (2002, J. Econometrics 106, 1–25). It comes down to the free disposal hull's as m grows. The expectation is
    worked out and not drawn: the j-th best of N counts as often as it is the best of m (Daraio & Simar 2005, J. Productivity Analysis 24,
    93–121). Towards outputs the best is that of 1 / score. With ``luck``, intervals by drawing units again: they hold where m is small
    beside the number of units, as the score is then no extreme. ``InputError`` where m is below 1.
    """
    checked(units, "order-m")
    if m < 1:
        raise InputError(units.where, f"order-m beside {m} units is nothing", "Give m of 1 or more (--m).")
    table = list(beside(units, towards))
    once = np.ones((1, len(units)))
    again = np.empty((0, len(units))) if luck is None or not luck.draws else _times(len(units), luck)
    scored = ((_expected(t, once, m, towards)[0], _expected(t, again, m, towards)) for t in table)
    rows = tuple(Reached(unit=name, score=_estimate(s, d, len(units), luck)) for name, (s, d) in zip(units.names, scored, strict=True))
    said = f"order-m towards {towards}, m = {m}, {len(units)} units; above 1 is better than the best expected of m"
    notes = (LARGE,) if luck is not None and luck.draws and 10 * m > len(units) else ()
    return UnitFrontier(method=said, inputs=units.inputs, outputs=units.outputs, units=rows, notes=notes)


def _times(n: int, luck: Luck) -> Floats:
    """How often each unit is met in each draw (draws, units)."""
    drawn = luck.stream("frontier", "order-m", n).integers(0, n, size=(luck.draws, n))
    return np.stack([np.bincount(row, minlength=n) for row in drawn]).astype(np.float64)


def _expected(shares: Floats, times: Floats, m: int, towards: Towards) -> Floats:
    """The expected best of m, for each row of how often every unit is there; NaN where none that dominates is."""
    able = np.flatnonzero(~np.isnan(shares))
    order = able[np.argsort(shares[able])]
    worth = shares[order] if towards == "inputs" else 1 / shares[order]
    here = times[:, order]
    total = here.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        left = 1 - np.cumsum(here, axis=1) / total
    before = np.hstack([np.ones((len(times), 1)), left[:, :-1]])
    mean = ((np.maximum(before, 0) ** m - np.maximum(left, 0) ** m) * worth).sum(axis=1)
    return np.asarray(mean if towards == "inputs" else 1 / mean)


def _estimate(score: float, drawn: Floats, n: int, luck: Luck | None) -> Estimate:
    drawn = drawn[np.isfinite(drawn)]
    if not len(drawn) or luck is None:
        return Estimate(value=float(score), n=n, unit=OF_BEST, method=NONE)
    low, high = np.quantile(drawn, [0.025, 0.975])
    if low == high:  # whoever is drawn, it is held against itself
        return Estimate(value=float(score), n=n, unit=OF_BEST, method=ALONE)
    method = f"bootstrap over units, {luck.draws} draws, seed {luck.seed}"
    return Estimate(value=float(score), low=float(min(low, score)), high=float(max(high, score)), n=n, unit=OF_BEST, method=method)
