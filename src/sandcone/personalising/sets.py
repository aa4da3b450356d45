"""A few words of which one comes true as often as promised, made from how likely what came was said to be in people not learnt from.

Adaptive prediction sets by segment (Romano, Sesia and Candès 2020, Classification with Valid and Adaptive Coverage, NeurIPS 33, section
2), with one change: the likeliest word is always in. The sets are made with that, so they still hold at least the promised share, and
more only where the likeliest alone already does.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sandcone.personalising.conformal import Floats
from sandcone.personalising.drift import Bools

Ints = NDArray[np.int64]
Cell = TypeVar("Cell", bound=np.generic)


def depths(chance: Floats, luck: Floats) -> Floats:
    """How deep each word lies: the chance of all likelier ones and a part of its own, by luck (0 to 1, one a row), so that none are tied.

    The likeliest word lies at 0. Of words as likely the first comes first.
    """
    order = np.argsort(-chance, axis=1, kind="stable")
    sorted_ = np.take_along_axis(chance, order, axis=1)
    deep = np.cumsum(sorted_, axis=1) - sorted_ + luck[:, None] * sorted_
    deep[:, 0] = 0.0
    out = np.empty_like(chance)
    np.put_along_axis(out, order, deep, axis=1)
    return out


def of_what_came(cells: NDArray[Cell], place: Ints) -> NDArray[Cell]:
    """Of each row the cell (a depth, a chance, whether it is in the set) of what came, by its place among the words."""
    return np.asarray(cells[np.arange(len(place)), place])


def inside(deep: Floats, limit: Floats) -> Bools:
    """Which words are in each set: those no deeper than the limit of its row."""
    return np.asarray(deep <= limit[:, None] + 1e-12)
