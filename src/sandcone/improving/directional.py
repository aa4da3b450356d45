"""Directional distance: by which share a unit could make more and have less of what nobody wants, at once."""

from __future__ import annotations

from typing import Literal

from sandcone.core.errors import InputError
from sandcone.core.estimate import Estimate
from sandcone.core.frontiers import Reached, UnitFrontier
from sandcone.core.units import Units
from sandcone.improving.dea import amounts, notes, reached
from sandcone.improving.programs import Amounts, answers

SHARE = "share that could change"
NO_INTERVAL = "none: the bootstrap of this distance is not built in"


def directional(units: Units, *, returns: Literal["constant", "variable"] = "constant") -> UnitFrontier:
    """By which share each unit's outputs could rise while its bads, such as waiting time, fall: 0.1 is 10 % of each, 0 is on the frontier.

    Each unit moves in the direction of its own amounts, and bads come down only together with goods (Chung, Färe & Grosskopf 1997,
    J. Environmental Management 51, 229–240); under variable returns every unit may cut back by a share of its own (Kuosmanen 2005,
    Am. J. Agricultural Economics 87, 1077–1082). No interval is given.
    ``InputError`` where no bad is named.
    """
    if not units.bads:
        raise InputError(units.where, "ddf needs a bad", "Name what nobody wants (--bads), or use the method dea.")
    a = amounts(units)
    found = answers(a, a, Amounts(used=a.used * 0, made=a.made, bad=a.bad), returns, own=True, mixtures=True)
    rows = (
        Reached(unit=r.unit, score=Estimate(value=float(step), n=len(units), unit=SHARE, method=NO_INTERVAL), peers=r.peers, slack=r.slack)
        for r, step in zip(reached(units, found.step, found, None), found.step, strict=True)
    )
    said = f"directional distance, outputs up and bads down, {returns} returns to scale, {len(units)} units; 0 is on the frontier"
    cast = {"inputs": units.inputs, "outputs": units.outputs, "bads": units.bads}
    return UnitFrontier(method=said, **cast, units=tuple(rows), notes=notes(units, None, None))
