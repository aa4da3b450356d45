"""Data envelopment analysis: how much less each unit could use, or more it could make, if it did as well as a mixture of the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

import numpy as np

from sandcone.core.chance import Luck
from sandcone.core.errors import InputError
from sandcone.core.estimate import Estimate
from sandcone.core.frontiers import Reached, UnitFrontier
from sandcone.core.units import Floats, Units
from sandcone.improving.bootstrap import NO_SPREAD, Spread, spread
from sandcone.improving.programs import Amounts, Answers, Returns, answers

Towards = Literal["inputs", "outputs"]
OF_BEST = "of the best"
TINY = 1e-6


def dea(
    units: Units, *, towards: Towards = "inputs", returns: Literal["constant", "variable"] = "variable", luck: Luck | None = None
) -> UnitFrontier:
    """Each unit's score beside the best mixture of all: 0.8 towards inputs means that 80 % of them would do, 1 that none does better.

    ``towards`` outputs gives what a unit makes as a share of what it could. Constant returns are those of Charnes, Cooper & Rhodes (1978,
    Eur. J. Operational Research 2, 429–444), variable of Banker, Charnes & Cooper (1984, Management Science 30, 1078–1092); the scale
    efficiency is the first over the second. Slacks are the largest, each weighed by its column's mean. With ``luck``, intervals by the
    smoothed bootstrap (``bootstrap.spread``).
    ``InputError`` where bads are named: they need the directional distance.
    """
    if units.bads:
        raise InputError(units.where, "dea knows no bads", "Use the method ddf for outputs that nobody wants.")
    if not units.inputs:
        raise InputError(units.where, "no input is named", "Name what the units use (--inputs), or use the method bod for outputs alone.")
    found = answered(units, towards, returns)
    both = {r: shares(found.step, towards) if r == returns else radial(units, towards, r) for r in ("constant", "variable", "falling")}
    drawn = None if luck is None or not luck.draws else spread(amounts(units), both[returns], towards, returns, luck)
    scale = both["constant"] / both["variable"]
    ways = [_returns(c, v, f) for c, v, f in zip(*(both[r] for r in ("constant", "variable", "falling")), strict=True)]
    rows = reached(units, both[returns], found, drawn)
    told = tuple(replace(r, scale=float(s), returns=w) for r, s, w in zip(rows, scale, ways, strict=True))
    said = f"DEA towards {towards}, {returns} returns to scale, {len(units)} units"
    return UnitFrontier(method=said, inputs=units.inputs, outputs=units.outputs, units=told, notes=notes(units, luck, drawn))


def amounts(units: Units) -> Amounts:
    """What the units used and made, as the programs take it."""
    return Amounts(used=units.used, made=units.made, bad=units.bad)


def direction(of: Amounts, towards: Towards) -> Amounts:
    """The way that shrinks all inputs, or lifts all outputs, by one share."""
    if towards == "inputs":
        return Amounts(used=of.used, made=of.made * 0, bad=of.bad * 0)
    return Amounts(used=of.used * 0, made=of.made, bad=of.bad * 0)


def shares(step: Floats, towards: Towards) -> Floats:
    """Steps as scores: 1 − b of the inputs, or 1 / (1 + b) of the outputs."""
    return 1 - step if towards == "inputs" else 1 / (1 + step)


def radial(units: Units, towards: Towards, returns: Returns) -> Floats:
    """Scores of all units beside each other."""
    a = amounts(units)
    return shares(answers(a, a, direction(a, towards), returns, own=True).step, towards)


def answered(units: Units, towards: Towards, returns: Returns) -> Answers:
    """The same with mixtures and largest slacks."""
    a = amounts(units)
    return answers(a, a, direction(a, towards), returns, own=True, mixtures=True)


def reached(units: Units, scores: Floats, found: Answers, drawn: Spread | None) -> list[Reached]:
    """Each unit with its score, whom it looks to and its slack."""
    return [
        Reached(
            unit=units.names[i],
            score=estimate(scores[i], i, len(units), drawn),
            corrected=None if drawn is None else float(drawn.corrected[i]),
            peers={units.names[j]: float(found.weights[i, j]) for j in np.flatnonzero(found.weights[i, : len(units)] > TINY)},
            slack=_slack(units, found.slack[i]),
        )
        for i in range(len(units))
    ]


def estimate(score: float, i: int, n: int, drawn: Spread | None, method: str = "none: no draws were asked for") -> Estimate:
    """A unit's score, with its interval if there is one."""
    if drawn is None:
        return Estimate(value=float(score), n=n, unit=OF_BEST, method=method)
    return Estimate(value=float(score), low=float(drawn.low[i]), high=float(drawn.high[i]), n=n, unit=OF_BEST, method=drawn.method)


def notes(units: Units, luck: Luck | None, drawn: Spread | None) -> tuple[str, ...]:
    """What to keep in mind with the scores."""
    m, s = len(units.inputs), len(units.outputs) + len(units.bads)
    wanted = max(m * s, 3 * (m + s))
    few = f"{len(units)} units are few for {m + s} amounts ({wanted} or more is usual): many look best for want of others."
    said = [few] if len(units) < wanted else []
    return tuple(said + ([NO_SPREAD] if luck is not None and luck.draws and drawn is None else []))


def _slack(units: Units, slack: Floats) -> Mapping[str, float]:
    of = np.hstack([units.used, units.made, units.bad]).mean(axis=0)
    names = units.inputs + units.outputs + units.bads
    return {name: float(s) for name, s, mean in zip(names, slack, of, strict=True) if s > TINY * mean}


def _returns(constant: float, variable: float, falling: float) -> str:
    """Whether a larger unit would be more productive (Färe, Grosskopf & Lovell 1985)."""
    if abs(constant - variable) <= TINY:
        return "constant"
    return "increasing" if abs(constant - falling) <= TINY else "decreasing"
