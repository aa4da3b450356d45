"""How far apart the packages of two patients lie: what the one has and the other has not (FIELD §7).

A package is the set of steps a patient got. The distance of two packages is Jaccard's: 1 - |both| / |either|, 0 for the same set,
1 for nothing in common.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sandcone.core.chance import Luck
from sandcone.core.estimate import Estimate, Measure, Missing
from sandcone.measuring.counting import Counts, Reals
from sandcone.measuring.paths import Cells, Ints, Sequences

MOST_COMPARED = 1000  # packages of a segment compared each with each; beyond it, pairs of cases are drawn
PAIRS = 20_000


def jaccard(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> Reals:
    """Distance of each row of ``a`` from the same row of ``b``; two empty sets are alike."""
    both, either = (a & b).sum(axis=1), (a | b).sum(axis=1)
    return np.asarray(np.where(either > 0, 1 - both / np.maximum(either, 1), 0.0))


def package_distances(paths: Sequences, counted: Cells, luck: Luck) -> Iterator[Measure | Missing]:
    """Mean distance between two different patients of a segment, by segment and over all (segments weighted by their cases)."""
    found = [(name, *_within(paths, counted, place, luck)) for place, name in enumerate(counted.groups)]
    known = [(name, n, value) for name, n, value in found if not math.isnan(value)]
    if not known:
        yield Missing(name="package_distance", why="no segment has two patients to compare")
        return
    total = sum(n for _name, n, _value in known)
    whole = sum(n * value for _name, n, value in known) / total
    method = "mean Jaccard distance of the step sets of two cases of a segment"
    yield Measure(name="package_distance", estimate=Estimate(value=whole, n=total, unit="share", method=method))
    for name, n, value in known:
        estimate = Estimate(value=value, n=n, unit="share", method=method)
        yield Measure(name="package_distance", estimate=estimate, group={"segment": name})


def _within(paths: Sequences, counted: Cells, place: int, luck: Luck) -> tuple[int, float]:
    """Cases of a segment, and the mean distance of two of them (NaN for fewer than two cases)."""
    here = counted.g == place
    packages, where = np.unique(paths.package[counted.v[here]], return_inverse=True)
    sizes = np.bincount(where, weights=counted.n[here]).astype(np.int64)
    n = int(sizes.sum())
    if n < 2:
        return n, math.nan
    return n, _compared(paths, packages, sizes) if packages.size <= MOST_COMPARED else _drawn(paths, packages, sizes, luck)


def _compared(paths: Sequences, packages: Ints, sizes: Counts) -> float:
    sets = paths.has(paths.example[packages]).astype(np.float64)
    both, own = sets @ sets.T, sets.sum(axis=1)
    distance = 1 - both / np.maximum(own[:, None] + own[None, :] - both, 1)
    n = float(sizes.sum())
    return max(0.0, float(sizes @ distance @ sizes) / (n * (n - 1)))


def _drawn(paths: Sequences, packages: Ints, sizes: Counts, luck: Luck) -> float:
    chance, n = luck.stream("pairs of packages"), int(sizes.sum())
    first = chance.integers(0, n, PAIRS)
    second = (first + chance.integers(1, n, PAIRS)) % n
    upto = np.cumsum(sizes)
    a, b = (paths.example[packages[np.searchsorted(upto, case, side="right")]] for case in (first, second))
    return float(jaccard(paths.has(a), paths.has(b)).mean())
