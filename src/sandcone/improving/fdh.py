"""Free disposal hull: each unit beside single others that make no less, never beside mixtures."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sandcone.core.errors import InputError
from sandcone.core.estimate import Estimate
from sandcone.core.frontiers import Reached, UnitFrontier
from sandcone.core.units import Floats, Units
from sandcone.improving.dea import OF_BEST, Towards

NO_INTERVAL = "none: drawing units again does not work for a free disposal hull"


def fdh(units: Units, *, towards: Towards = "inputs") -> UnitFrontier:
    """Each unit's score beside the one other unit that does best by it (Deprins, Simar & Tulkens 1984, in Marchand et al., 243–267).

    Scores as in ``dea``, at least as large, since no mixtures are made up. The one peer is who does it. No interval is given, because
    the bootstrap does not hold here (Simar & Wilson 2000, J. Productivity Analysis 13, 49–78).
    """
    checked(units, "fdh")
    rows = tuple(_row(units, i, shares) for i, shares in enumerate(beside(units, towards)))
    said = f"free disposal hull towards {towards}, {len(units)} units"
    return UnitFrontier(method=said, inputs=units.inputs, outputs=units.outputs, units=rows)


def checked(units: Units, method: str) -> None:
    """``InputError`` where there are no inputs, or bads."""
    if units.bads or not units.inputs:
        found = f"{method} needs inputs and outputs, and no bads"
        raise InputError(units.where, found, "Name --inputs; for outputs alone use bod, for bads ddf.")


def beside(units: Units, towards: Towards) -> Iterator[Floats]:
    """For each unit the score it has beside every single one; NaN beside those that are no match, inf beside those that make none."""
    for used, made in zip(units.used, units.made, strict=True):
        if towards == "inputs":
            able = (units.made >= made).all(axis=1)
            yield np.where(able, (units.used / used).max(axis=1), np.nan)
        else:
            able = (units.used <= used).all(axis=1)
            with np.errstate(divide="ignore", invalid="ignore"):
                more = np.where(made > 0, units.made / made, np.inf).min(axis=1)
                share = 1 / more
            yield np.where(able, share, np.nan)


def _row(units: Units, i: int, shares: Floats) -> Reached:
    best = int(np.nanargmin(shares))
    peer = i if shares[i] <= shares[best] else best
    score = Estimate(value=float(shares[peer]), n=len(units), unit=OF_BEST, method=NO_INTERVAL)
    return Reached(unit=units.names[i], score=score, peers={units.names[peer]: 1.0})
