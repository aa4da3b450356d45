"""How much of the beginning of a run to leave out, because the house was still filling up: the rule MSER-5.

White, K. P. (1997). An effective truncation heuristic for bias reduction in simulation output. Simulation 69(6), 323-334; batches of five
as in White, Cobb & Spratt (2000). The cut is where the rest, taken by itself, gives the mean the smallest standard error.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BATCH = 5
LEAST = 50  # patients, below which nothing is cut


def mser_5(values: NDArray[np.float64]) -> int:
    """How many values to leave out at the beginning of a series; at most half of them."""
    batches = len(values) // BATCH
    if len(values) < LEAST:
        return 0
    means = values[: batches * BATCH].reshape(batches, BATCH).mean(axis=1)
    rest = np.arange(batches, 0, -1)  # how many batches are left from each on
    total = np.cumsum(means[::-1])[::-1]
    squares = np.cumsum((means**2)[::-1])[::-1]
    error = (squares - total**2 / rest) / rest.astype(np.float64) ** 2
    return int(np.argmin(error[: batches // 2])) * BATCH


def warm_up_minutes(arrived: NDArray[np.float64], waited: NDArray[np.float64]) -> float:
    """The minute before which arrivals are left out, by the waits of patients in order of arrival (NaN: none known)."""
    known = ~np.isnan(waited)
    cut = mser_5(waited[known])
    return 0.0 if cut == 0 else float(arrived[known][cut])
