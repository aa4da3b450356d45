"""Stochastic frontier: a line fitted through the units, whose misses are part bad luck and part inefficiency."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import erfcx, expit, log_ndtr, ndtri_exp
from scipy.stats import chi2

from sandcone.core.errors import EmptyError, InputError
from sandcone.core.estimate import Estimate
from sandcone.core.frontiers import FittedFrontier, Reached
from sandcone.core.units import Floats, Units

Z = 1.959964
ALL = 0.9999
WRONG_WAY = "The misses lean the wrong way for inefficiency: the best fit has none, and every unit's efficiency is 1 (Waldman 1982)."
NO_NOISE = "The best fit has no noise: every miss is taken for inefficiency, and no interval can be given."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitted:
    """The best fit: ``line`` (terms,) with its covariance ``sure``, ``spread`` σ², ``share`` γ, and the logarithm of the likelihood."""

    line: Floats
    sure: Floats
    spread: float
    share: float
    likelihood: float


def sfa(units: Units, *, cost: bool = False) -> FittedFrontier:
    """Each unit's efficiency beside a fitted frontier, where chance may lift or lower anyone: 0.8 makes 80 % of what it could.

    log y = b₀ + Σ b log x + v − u with v normal and u half-normal (Aigner, Lovell & Schmidt 1977, J. Econometrics 6, 21–37), by maximum
    likelihood. One output and its inputs; with ``cost`` one input, the cost, and outputs, + u for − u. The efficiency is E[exp(−u) | miss]
    (Battese & Coelli 1988, J. Econometrics 38, 387–399), its interval that of u where the fit is taken for the truth (Horrace & Schmidt
    1996, J. Productivity Analysis 7, 257–282). ``InputError`` where there are two outputs (or costs), bads, or zeros.
    """
    side, terms, rows = _logs(units, cost)
    if len(side) <= rows.shape[1] + 2:
        raise EmptyError(units.where, f"{len(side)} units cannot fit {rows.shape[1] + 2} numbers", "Give more units, or fewer columns.")
    sign = -1.0 if cost else 1.0
    straight = _straight(side, rows)
    found = straight if _wrong_way(side - rows @ straight.line, sign) else _climb(side, rows, sign, straight)
    ratio = max(2 * (found.likelihood - straight.likelihood), 0.0)
    kind = "cost" if cost else "production"
    return FittedFrontier(
        method=f"stochastic frontier, {kind}, half-normal, {len(units)} units",
        terms={name: _term(b, s, len(units)) for name, b, s in zip(terms, found.line, np.diag(found.sure), strict=True)},
        spread=found.spread,
        share=found.share,
        likelihood=found.likelihood,
        ratio=ratio,
        chance=float(chi2.sf(ratio, 1) / 2) if found is not straight else 1.0,  # half the chance, as γ cannot be below 0
        units=_efficiencies(units, side - rows @ found.line, sign, found),
        notes=(WRONG_WAY,) if found is straight else (NO_NOISE,) if found.share > ALL else (),
    )


def _logs(units: Units, cost: bool) -> tuple[Floats, list[str], Floats]:
    """The side that is explained, the names of the terms, and what explains it (units, terms), in logarithms."""
    one, many_of = (units.inputs, units.outputs) if cost else (units.outputs, units.inputs)
    if units.bads or len(one) != 1 or not many_of:
        wanted = "one input, the cost, and at least one output" if cost else "one output and at least one input"
        raise InputError(units.where, f"this stochastic frontier needs {wanted}, and no bads", "Name the columns so.")
    if (units.made <= 0).any():
        raise InputError(units.where, "an output is zero, which has no logarithm", "Leave those units out.")
    side, by = (units.used, units.made) if cost else (units.made, units.used)
    return np.log(side[:, 0]), ["constant", *many_of], np.column_stack([np.ones(len(by)), np.log(by)])


def _straight(side: Floats, rows: Floats) -> Fitted:
    """Least squares: the fit where nobody is inefficient."""
    if np.linalg.matrix_rank(rows) < rows.shape[1]:
        raise InputError("the units", "some columns are the same but for their unit", "Leave one of them out.")
    line: Floats = np.linalg.lstsq(rows, side, rcond=None)[0].astype(np.float64)
    miss = side - rows @ line
    spread = float(miss @ miss / len(side))
    if spread <= 1e-20 * float(side @ side):
        raise InputError("the units", "all units lie on one line, so that there is nothing to tell apart", "No frontier is needed.")
    likelihood = -len(side) / 2 * (np.log(2 * np.pi * spread) + 1)
    sure: Floats = (spread * np.linalg.inv(rows.T @ rows)).astype(np.float64)
    return Fitted(line=line, sure=sure, spread=spread, share=0.0, likelihood=float(likelihood))


def _wrong_way(miss: Floats, sign: float) -> bool:
    return bool(sign * (miss**3).sum() >= 0)


def _climb(side: Floats, rows: Floats, sign: float, straight: Fitted) -> Fitted:
    """The greatest likelihood, from the best of a few begins on the straight line lifted (Coelli 1996, FRONTIER 4.1)."""
    begins = [_lifted(straight, share, sign) for share in np.linspace(0.05, 0.95, 19)]
    at = max(begins, key=lambda b: -_unlikely(b, side, rows, sign)[0])
    for _ in range(2):  # once more from where it stopped, so that the last digits are right
        at = minimize(_unlikely, at, args=(side, rows, sign), jac=True, method="BFGS", options={"gtol": 1e-9}).x
    curved = _curvature(at, side, rows, sign)
    terms = rows.shape[1]
    spread, share = float(np.exp(at[-2])), float(expit(at[-1]))
    sure: Floats = np.linalg.pinv(curved)[:terms, :terms].astype(np.float64) if share <= ALL else np.zeros((terms, terms))
    return Fitted(line=at[:terms], sure=sure, spread=spread, share=share, likelihood=-_unlikely(at, side, rows, sign)[0])


def _lifted(straight: Fitted, share: float, sign: float) -> Floats:
    spread = straight.spread / (1 - 2 * share / np.pi)
    line = straight.line.copy()
    line[0] += sign * np.sqrt(2 * share * spread / np.pi)
    return np.concatenate([line, [np.log(spread), np.log(share / (1 - share))]])


def _unlikely(at: Floats, side: Floats, rows: Floats, sign: float) -> tuple[float, Floats]:
    """Minus the log-likelihood, and its slope, in the line, log σ² and the log-odds of γ."""
    wide, tilt = np.exp(np.clip(at[-2:], -60, 60) / 2)  # σ, and λ = σu / σv
    miss = (side - rows @ at[:-2]) / wide
    lean = -sign * miss * tilt
    tail = log_ndtr(lean)
    likely = np.log(2 / wide) - 0.5 * np.log(2 * np.pi) - miss**2 / 2 + tail
    hazard = np.sqrt(2 / np.pi) / erfcx(-lean / np.sqrt(2))  # φ / Φ
    line = rows.T @ (miss + hazard * sign * tilt) / wide
    spread = (miss**2 - 1 - hazard * lean).sum() / 2
    odds = (hazard * lean).sum() / 2
    return -float(likely.sum()), -np.concatenate([line, [spread, odds]])


def _curvature(at: Floats, side: Floats, rows: Floats, sign: float) -> Floats:
    """How the slope changes, by differences."""
    steps = 1e-5 * np.eye(len(at))
    ahead = [_unlikely(at + s, side, rows, sign)[1] - _unlikely(at - s, side, rows, sign)[1] for s in steps]
    table = np.array(ahead) / 2e-5
    return (table + table.T) / 2


def _term(value: float, square: float, n: int) -> Estimate:
    """A term with its interval, where the likelihood is curved there."""
    if not square > 0:
        return Estimate(value=float(value), n=n, unit="", method="none: the likelihood is at its edge")
    half = Z * float(np.sqrt(square))
    return Estimate(
        value=float(value), low=float(value - half), high=float(value + half), n=n, unit="", method="curvature of the likelihood"
    )


def _efficiencies(units: Units, miss: Floats, sign: float, found: Fitted) -> tuple[Reached, ...]:
    """E[exp(−u) | miss] of each unit with the middle 95 % of exp(−u)."""
    at = -sign * miss * found.share
    wide = np.sqrt(found.share * (1 - found.share) * found.spread)
    if not 0 < found.share <= ALL:  # nothing is inefficiency, or everything is
        return tuple(_unit(units, i, x) for i, x in enumerate(np.exp(-np.maximum(at, 0)).tolist()))
    likely = log_ndtr(at / wide)
    middle = np.exp(-at + wide**2 / 2 + log_ndtr(at / wide - wide) - likely)
    least, most = (np.exp(wide * ndtri_exp(np.log(more) + likely) - at) for more in (0.025, 0.975))
    return tuple(_unit(units, i, *map(float, x)) for i, x in enumerate(zip(middle, least, most, strict=True)))


def _unit(units: Units, i: int, value: float, low: float | None = None, high: float | None = None) -> Reached:
    method = "none: nothing is left to chance" if low is None else "of u, the fit taken for the truth"
    return Reached(
        unit=units.names[i], score=Estimate(value=value, low=low, high=high, n=len(units), unit="of its frontier", method=method)
    )
