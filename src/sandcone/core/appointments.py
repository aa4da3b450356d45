"""How a log tells that somebody did not come to an appointment."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

GRACE = 1440.0  # minutes after the booked time until which somebody may still come
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def over(planned: Floats, last: float) -> Bools:
    """Whether a booked time is long enough past at ``last``, when the log ends, to say whether the patient came (both in minutes)."""
    return np.asarray(np.isfinite(planned) & (planned <= last - GRACE))
