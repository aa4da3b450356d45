"""The same kinds of patients in both periods: each period's patients are weighed so that both have the mix of the two together.

Post-stratification (Holt and Smith 1979): a patient of segment s weighs (share of s in both periods) / (share of s in this period).
Patients of a segment that one period does not have cannot be weighed; they are left out, and how many is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sandcone.core.period import Floats, Ints, Period, Texts

FEW = 12  # numbers with more values than this are cut into fifths, as measuring does
OTHERS = "all other small groups"
UNKNOWN = "(unknown)"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mix:
    """Segments of both periods' patients: their names, shares before and after, weights by segment (2, segments), who is left out."""

    names: tuple[str, ...]
    codes: tuple[Ints, Ints]
    shares: tuple[Floats, Floats]
    weights: tuple[Floats, Floats]
    left_out: tuple[int, int]

    @property
    def moved(self) -> float:
        """Which share of patients would have to be of another segment for both mixes to be alike (0 to 1)."""
        return float(np.abs(self.shares[0] - self.shares[1]).sum() / 2)

    def of(self, k: int) -> Floats:
        """The weight of each patient of period ``k``."""
        return self.weights[k][self.codes[k]]


def mix(before: Period, after: Period, by: Sequence[str]) -> Mix:
    """Segment both periods' patients alike and weigh them to the mix of both together."""
    names, codes = together(_joined(before, after, by, 0), _joined(before, after, by, 1))
    counts = [np.bincount(c, minlength=len(names)).astype(np.float64) for c in codes]
    both = (counts[0] > 0) & (counts[1] > 0)
    kept = [np.where(both, c, 0.0) for c in counts]
    pooled = (kept[0] + kept[1]) / max(kept[0].sum() + kept[1].sum(), 1.0)
    shares = [c / max(c.sum(), 1.0) for c in counts]
    weights = [np.divide(pooled * k.sum(), k, out=np.zeros(len(names)), where=k > 0) for k in kept]
    left = [int(c[~both].sum()) for c in counts]
    return Mix(names=names, codes=codes, shares=(shares[0], shares[1]), weights=(weights[0], weights[1]), left_out=(left[0], left[1]))


def grouped(mixed: Mix, least: int, by: Sequence[str] = ()) -> tuple[tuple[str, ...], tuple[Ints, Ints]]:
    """The same segments, those with fewer than ``least`` patients in either period taken together; -1 where left out of the mix."""
    counts = [np.bincount(c, minlength=len(mixed.names)) for c in mixed.codes]
    weighed = (mixed.weights[0] > 0) & (mixed.weights[1] > 0)
    large = weighed & (counts[0] >= least) & (counts[1] >= least)
    label = " / ".join(by)
    names = [f"{label}: {n}" if label else n for n, big in zip(mixed.names, large, strict=True) if big]
    place = np.where(large, np.cumsum(large) - 1, np.where(weighed, len(names), -1))
    codes = (place[mixed.codes[0]], place[mixed.codes[1]])
    return (*names, OTHERS) if (weighed & ~large).any() else tuple(names), codes


def own_spread(periods: tuple[Period, Period], mixed: Mix) -> tuple[float, float]:
    """How much each period's mix alone spreads hours of help: E[S²]/E[S]² with every segment's own hours as in both periods together.

    A queue's wait grows with it (Pollaczek 1930), so a mix with fewer unlike patients would otherwise look like a better curve.
    """
    codes, va = np.concatenate(mixed.codes), np.concatenate([p.va for p in periods])
    n = np.maximum(np.bincount(codes, minlength=len(mixed.names)), 1)
    first, second = (np.bincount(codes, weights=x, minlength=len(mixed.names)) / n for x in (va, va**2))
    found = [float(s @ second / (s @ first) ** 2) if s @ first > 0 else 1.0 for s in mixed.shares]
    return found[0], found[1]


def together(before: Texts, after: Texts) -> tuple[tuple[str, ...], tuple[Ints, Ints]]:
    """Texts of both periods as numbers of one list of names."""
    found, place = np.unique(np.concatenate([before, after]).astype(str), return_inverse=True)
    return tuple(map(str, found)), (place[: len(before)], place[len(before) :])


def _joined(before: Period, after: Period, by: Sequence[str], k: int) -> Texts:
    mine = (before, after)[k]
    levels = [_levels(before.facts[name], after.facts[name])[k] for name in by]
    if not levels:
        return np.full(mine.cases, "everybody", dtype=object)
    return np.array([" / ".join(parts) for parts in zip(*levels, strict=True)], dtype=object)


def _levels(before: Texts, after: Texts) -> tuple[Texts, Texts]:
    """The values as they are, numbers with many values in fifths of both periods together."""
    both = np.concatenate([before, after])
    said = np.array([UNKNOWN if x is None else str(x) for x in both.tolist()], dtype=object)
    numbers = _numbers(said)
    if numbers is not None and len(np.unique(numbers[np.isfinite(numbers)])) > FEW:
        cuts = np.unique(np.nanquantile(numbers, [0.2, 0.4, 0.6, 0.8]))
        said = _fifths(numbers, cuts)
    return said[: len(before)], said[len(before) :]


def _numbers(said: Texts) -> Floats | None:
    try:
        return np.array([np.nan if x == UNKNOWN else float(x) for x in said.tolist()])
    except ValueError:
        return None


def _fifths(numbers: Floats, cuts: NDArray[np.float64]) -> Texts:
    edges = [f"up to {cuts[0]:g}", *(f"over {a:g} to {b:g}" for a, b in pairwise(cuts.tolist())), f"over {cuts[-1]:g}"]
    place = np.searchsorted(cuts, numbers)
    return np.array([UNKNOWN if np.isnan(x) else edges[p] for x, p in zip(numbers.tolist(), place.tolist(), strict=True)], dtype=object)
