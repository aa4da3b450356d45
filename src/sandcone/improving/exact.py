"""One program of a frontier by HiGHS: for those that the search for all at once leaves open, and as its second opinion in tests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from sandcone.core.units import Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solved:
    """How far one unit can go (NaN: nothing is in its reach), its weights and its slacks."""

    step: float
    weights: Floats
    slack: Floats


def solve(columns: Floats, reference: int, bound: NDArray[np.bool_], at: Floats, towards: Floats, *, mixtures: bool) -> Solved:
    """The same program as ``programs.answers``, alone; with ``mixtures`` a second one for the largest slacks."""
    table = np.column_stack([columns, towards])
    limits = [(0.0, None)] * reference + [(0.0, 0.0 if b else None) for b in bound] + [(None, None)]
    aim = np.zeros(table.shape[1])
    aim[-1] = -1.0
    found = linprog(aim, A_eq=table, b_eq=at, bounds=limits, method="highs")
    nothing = Solved(step=float("nan"), weights=np.zeros(reference), slack=np.zeros(len(bound)))
    if found.status != 0:
        return nothing
    step = float(found.x[-1])
    if mixtures:
        aim[reference:-1], aim[-1] = -1.0, 0.0
        limits[-1] = (step - 1e-9, None)
        wide = linprog(aim, A_eq=table, b_eq=at, bounds=limits, method="highs")
        found = wide if wide.status == 0 else found
    return Solved(step=step, weights=found.x[:reference], slack=found.x[reference:-1])
