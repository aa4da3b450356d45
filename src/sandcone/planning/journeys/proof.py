"""A least cost that is proved by prices: whatever a solver says, a sum that anybody can work out again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import OptimizeResult, linprog
from scipy.sparse import csr_matrix

if TYPE_CHECKING:
    from sandcone.planning.daily import Rows


def least(rows: Rows, *, seconds: float) -> tuple[float, bool] | None:
    """A value below that of every solution of the rows without whole numbers, and whether HiGHS came to the end; None: no prices in time.

    Any prices of 0 or more prove a value: each column then stands alone and goes to the better of its two ends (Neumaier and Shcherbina
    2004, Mathematical Programming 99, 283–296, section 2). So a solver that stops early or rounds makes it worse, never wrong.
    """
    start = np.cumsum([0, *(len(t) for t in rows.terms)])
    flat = [x for t in rows.terms for x in t]
    places, values = np.array([i for i, _ in flat], dtype=np.int32), np.array([v for _, v in flat])
    cost, most, high = (np.asarray(x, dtype=float) for x in (rows.cost, rows.most, rows.high))
    matrix = csr_matrix((values, places, start), shape=(len(rows.terms), cost.size))
    bounds = np.column_stack([np.zeros_like(most), most])
    said = linprog(cost, A_ub=matrix, b_ub=high, bounds=bounds, method="highs-ds", options={"time_limit": max(seconds, 0.1)})
    prices = _prices(said, len(high))
    if prices is None:
        return None
    alone = cost + matrix.T @ prices
    return float(np.minimum(alone, 0) @ most - prices @ high), said.status == 0


def _prices(said: OptimizeResult, rows: int) -> np.ndarray | None:
    told = getattr(said.get("ineqlin"), "marginals", None)
    return None if told is None or len(told) != rows or not np.isfinite(told).all() else np.maximum(-np.asarray(told), 0)
