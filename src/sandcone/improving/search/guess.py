"""What a set would likely come to: levers add up, mostly, and sets that are nearly alike come to nearly the same.

A Gaussian process for each objective (Rasmussen and Williams 2006, chapter 2) over the settings and the formula's values: a linear part,
and a part in which sets that differ in one lever are alike to the degree ``ALIKE``. How much of each, and how alike, is what makes the runs
most likely. So a formula that is wrong by a factor, or worthless, is corrected or left alone by the runs themselves.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from sandcone.core.lever import LeverSet

Floats = NDArray[np.float64]
ALIKE, LINEAR = (0.6, 0.8, 0.95), (0.2, 0.6, 0.95)
MOST = 300  # sets that are learnt from, the latest


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Guess:
    """Values of sets that were not run (sets, objectives), more being better, and their joint spread (objectives, sets, sets)."""

    mean: Floats
    spread: Floats

    def draws(self, n: int, rng: np.random.Generator) -> Floats:
        """Values that could be the true ones (draws, sets, objectives), objectives independent."""
        sides = []
        for o in range(self.mean.shape[1]):
            size, way = np.linalg.eigh(self.spread[o])
            z = rng.standard_normal((n, len(size)))
            sides.append(self.mean[:, o] + z @ (way * np.sqrt(np.maximum(size, 0.0))).T)
        return np.stack(sides, axis=2)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Known:
    """Sets that were run: their settings, what the formula says of each (sets, values; NaN where not known), means and standard errors."""

    levers: Sequence[LeverSet]
    formula: Floats
    mean: Floats
    error: Floats


def guessed(known: Known, sets: Sequence[LeverSet], formula: Floats) -> Guess:
    """What these sets would come to."""
    last = slice(max(len(known.levers) - MOST, 0), None)
    both = [*known.levers[last], *sets]
    ran = len(both) - len(sets)
    linear = _linear(both, np.vstack([known.formula[last], formula]))
    table = np.asarray(both)
    apart = (table[:, None, :] != table[None, :, :]).sum(axis=2).astype(np.float64)
    sides = [_one(known.mean[last, o], known.error[last, o], linear, apart, ran) for o in range(known.mean.shape[1])]
    return Guess(mean=np.column_stack([m for m, _ in sides]), spread=np.stack([s for _, s in sides]))


def _linear(sets: Sequence[LeverSet], formula: Floats) -> Floats:
    """How alike sets are by their settings and the formula's values, linearly (sets, sets), 1 on the mean of the diagonal."""
    table = np.asarray(sets)
    marks = [table[:, [i]] == np.arange(1, table[:, i].max(initial=0) + 1) for i in range(table.shape[1])]
    known = formula[:, np.isfinite(formula).all(axis=0)]
    spread = known.std(axis=0)
    scaled = (known - known.mean(axis=0))[:, spread > 1e-12] / spread[spread > 1e-12]
    x = np.hstack([*marks, scaled * math.sqrt(table.shape[1])]).astype(np.float64)
    x -= x.mean(axis=0)
    alike = x @ x.T
    found: Floats = alike / max(float(np.trace(alike)) / len(alike), 1e-12)
    return found


def _one(mean: Floats, error: Floats, linear: Floats, apart: Floats, ran: int) -> tuple[Floats, Floats]:
    """One objective: means of the sets that were not run, and their spread."""
    middle, scale = float(mean.mean()), max(float(mean.std()), 1e-12)
    y, noise = (mean - middle) / scale, (error / scale) ** 2 + 1e-6
    best, chosen = -math.inf, linear
    for share, alike in product(LINEAR, ALIKE):
        cover = share * linear + (1 - share) * alike**apart
        likely = _likely(cover[:ran, :ran] + np.diag(noise), y)
        best, chosen = (likely, cover) if likely > best else (best, chosen)
    solved = np.linalg.solve(chosen[:ran, :ran] + np.diag(noise), np.column_stack([y, chosen[:ran, ran:]]))
    across = chosen[ran:, :ran]
    return middle + scale * across @ solved[:, 0], scale**2 * (chosen[ran:, ran:] - across @ solved[:, 1:])


def _likely(cover: Floats, y: Floats) -> float:
    """The log of how likely values are under this spread, up to a constant."""
    try:
        lower = np.linalg.cholesky(cover)
    except np.linalg.LinAlgError:
        return -math.inf
    return -0.5 * float(y @ np.linalg.solve(cover, y)) - float(np.log(np.diag(lower)).sum())
