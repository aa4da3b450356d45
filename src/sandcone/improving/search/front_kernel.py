"""Who is on the front, in many draws: the loops of ``front.on_front``, compiled."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sandcone.core.jit import kernel


@kernel
def beaten(
    values: NDArray[np.float64],
    rivals: NDArray[np.float64],
    least: NDArray[np.float64],
    unit: NDArray[np.float64],
    found: NDArray[np.bool_],
) -> None:
    """Mark which ``values`` (draws, sets, objectives) some rival (draws, rivals, objectives) betters in the same draw."""
    draws, sets, objectives = values.shape
    for d in range(draws):
        for i in range(sets):
            for j in range(rivals.shape[1]):
                somewhere, nowhere, sum_ = False, True, 0.0
                for o in range(objectives):
                    gap = rivals[d, j, o] - values[d, i, o]
                    if gap < -least[o]:
                        nowhere = False
                        break
                    somewhere = somewhere or gap > least[o]
                    sum_ += gap / unit[o]
                if nowhere and somewhere and sum_ > 0.0:
                    found[d, i] = True
                    break
