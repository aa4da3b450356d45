"""Whether chances are what they say: how near they come, and how often what was said to have a chance came, bin by bin."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sandcone.core.estimate import Estimate
from sandcone.personalising.conformal import Floats
from sandcone.personalising.drift import Bools
from sandcone.personalising.overview import wilson
from sandcone.personalising.sets import Ints, of_what_came

BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Questions whose chance was said to be about the same: the mean of what was said, and the share that came, with its interval."""

    said: float
    came: Estimate


def reliability(chance: Floats, came: Bools, bins: int = BINS) -> tuple[Bin, ...]:
    """Bins of about as many questions each, from the least to the highest chance; those of one chance are never parted."""
    order = np.argsort(chance, kind="stable")
    cuts = [
        0,
        *(int(np.searchsorted(chance[order], chance[order][len(order) * k // bins], side="left")) for k in range(1, bins)),
        len(order),
    ]
    edges = sorted(set(cuts))
    groups = [order[a:b] for a, b in pairwise(edges)] if len(order) else []
    return tuple(Bin(said=float(chance[g].mean()), came=wilson(int(came[g].sum()), len(g))) for g in groups)


def off(bins: tuple[Bin, ...]) -> float:
    """How far what came lies from what was said, the mean over all questions (expected calibration error; Naeini et al. 2015, AAAI)."""
    n = sum(b.came.n for b in bins)
    return sum(b.came.n * abs(b.came.value - b.said) for b in bins) / n if n else float("nan")


def brier(chance: Floats, came: Bools) -> float:
    """The mean square of chance less what came, 0 at best (Brier 1950, Monthly Weather Review 78, p. 1)."""
    return float(np.mean((chance - came) ** 2)) if len(came) else float("nan")


def log_losses(chance: Floats, place: Ints) -> Floats:
    """By row: less the logarithm of the chance that what came had."""
    return np.asarray(-np.log(np.maximum(of_what_came(chance, place), 1e-12)))
