"""How far parts belong together and how far packages share them, as numbers (FIELD section 6)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def dci(uses: Sequence[int]) -> float:
    """Degree of commonality: in how many packages a component is used on average (Collier 1981).

    ``uses``: for each component, the number of packages with it. From 1 (nothing shared) to their sum (one part in all).
    """
    return sum(uses) / len(uses)


def tcci(uses: Sequence[int]) -> float:
    """Commonality from 0 (every package has its own parts) to 1 (all are made of one part) (Wacker & Treleven 1986)."""
    return 1 - (len(uses) - 1) / (sum(uses) - 1)


def newman(weights: NDArray[np.float64], module: NDArray[np.int64]) -> float:
    """Newman's Q = Σ_c [w_cc / W - (s_c / 2W)²] of moves ``weights`` (from × to) between nodes in these modules.

    1 if no move leaves its module and there are very many modules, 0 if moves are as at random (Newman & Girvan 2004).
    """
    total = weights.sum()
    strength = np.bincount(module, weights=weights.sum(axis=0) + weights.sum(axis=1))
    inside = weights[module[:, None] == module[None, :]].sum()
    return float(inside / total - ((strength / (2 * total)) ** 2).sum())
