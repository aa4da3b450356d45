"""Benefit of the doubt: outputs alone, each unit weighed in the way that shows it at its best."""

from __future__ import annotations

from sandcone.core.chance import Luck
from sandcone.core.errors import InputError
from sandcone.core.frontiers import UnitFrontier
from sandcone.core.units import Units
from sandcone.improving.bootstrap import spread
from sandcone.improving.dea import amounts, answered, notes, reached, shares


def benefit(units: Units, *, luck: Luck | None = None) -> UnitFrontier:
    """Each unit's outputs as a share of what the best mixture makes of them all, with no input counted.

    As a score of several indicators, such as resource and flow efficiency (Cherchye et al. 2007, Social Indicators Research 82, 111–145):
    output-oriented DEA where each unit has one input of 1. Intervals as in ``dea``. ``InputError`` where inputs or bads are named.
    """
    if units.inputs or units.bads:
        raise InputError(units.where, "bod compares outputs alone", "Leave out --inputs and --bads, or use dea or ddf.")
    found = answered(units, "outputs", "variable")
    scores = shares(found.step, "outputs")
    drawn = None if luck is None or not luck.draws else spread(amounts(units), scores, "outputs", "variable", luck)
    rows = reached(units, scores, found, drawn)
    said = f"benefit of the doubt, {len(units)} units"
    return UnitFrontier(method=said, inputs=(), outputs=units.outputs, units=tuple(rows), notes=notes(units, luck, drawn))
