"""How sure a score is that depends on who happens to be among the units: the smoothed bootstrap of Simar & Wilson.

Scores beside the best *seen* are too kind, since somebody better may not have been seen. Each draw makes units with other inefficiencies
on the same frontier and asks how far the true units are from the drawn ones; what that adds, the first look left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sandcone.core.chance import Luck
from sandcone.core.units import Floats
from sandcone.improving.programs import Amounts, Returns, answers

NO_SPREAD = "No interval: all units, or all but one, are on the frontier, so there is no spread to draw from."
LEVEL = 0.95


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spread:
    """For each unit the middle 95 % of its score, and the score less its bias."""

    low: Floats
    high: Floats
    corrected: Floats
    method: str


def spread(of: Amounts, scores: Floats, towards: str, returns: Returns, luck: Luck) -> Spread | None:
    """Intervals of scores by drawing inefficiencies again (Simar & Wilson 1998, Management Science 44, 49–61), on the scale of 1 / score.

    Drawn from the inefficient alone: who is on the frontier of those seen is 1 by construction, and would draw the frontier back to where
    it was seen. Normal kernel, mirrored at 1. None where fewer than two are inefficient. The interval lies below the score wherever the
    score is too kind.
    """
    far = 1 / scores
    beyond = far[far > 1 + 1e-6] - 1
    if len(beyond) < 2:
        return None
    width, luck_of = bandwidth(beyond), luck.stream("frontier", "smoothed bootstrap", len(far))
    drawn = np.array([_again(of, far, towards, returns, smoothed(beyond, len(far), width, luck_of)) for _ in range(luck.draws)])
    low, high, corrected = basic(far, drawn)
    said = f"smoothed bootstrap (Simar & Wilson 1998) from the inefficient, {luck.draws} draws, seed {luck.seed}"
    return Spread(low=1 / high, high=1 / low, corrected=1 / corrected, method=said)


def bandwidth(beyond: Floats) -> float:
    """The width of the kernel: the normal rule on inefficiencies mirrored at 0 (Daraio & Simar 2007, p. 61, with none on the frontier)."""
    both = np.concatenate([beyond, -beyond])
    middle = float(np.subtract(*np.quantile(both, [0.75, 0.25]))) / 1.34
    return float(1.06 * min(float(both.std(ddof=1)), middle) * len(beyond) ** -0.2)


def smoothed(beyond: Floats, n: int, width: float, luck: np.random.Generator) -> Floats:
    """New distances of ``n`` units, each 1 or more, as spread as the inefficiencies ``beyond`` that are seen.

    What the kernel adds to the spread is taken off about 1, the middle of the mirrored distances, as Simar & Wilson do in 1999. In 1998
    they took it off about the mean of the distances, which leaves a gap at 1: nobody drawn is good, and intervals lie too low.
    """
    drawn = luck.choice(beyond, n) + width * luck.standard_normal(n)
    return np.asarray(1 + np.abs(drawn) / np.sqrt(1 + width**2 / (beyond**2).mean()))


def _again(of: Amounts, far: Floats, towards: str, returns: Returns, drawn: Floats) -> Floats:
    """How far the true units are from units with the drawn inefficiencies on the frontier of the true ones."""
    by = (drawn / far)[:, None]
    beside = Amounts(used=of.used * by, made=of.made) if towards == "inputs" else Amounts(used=of.used, made=of.made / by)
    way = Amounts(used=of.used, made=of.made * 0) if towards == "inputs" else Amounts(used=of.used * 0, made=of.made)
    step = answers(of, beside, way, returns).step
    return 1 / (1 - step) if towards == "inputs" else 1 + step


def basic(value: Floats, drawn: Floats) -> tuple[Floats, Floats, Floats]:
    """Low, high and corrected: what the draws differ from the value, the value differs from the truth.

    Simar & Wilson (2000, J. Productivity Analysis 13, 49–78). ``drawn`` is (draws, …); draws that reach nothing are left out. Distances
    are at least 1.
    """
    rest = (1 - LEVEL) / 2
    less = drawn - value
    high, low = value - np.nanquantile(less, rest, axis=0), value - np.nanquantile(less, 1 - rest, axis=0)
    corrected = value - np.nanmean(less, axis=0)
    return np.maximum(low, 1.0), np.maximum(high, 1.0), np.maximum(corrected, 1.0)
