"""From the plain engine's rows to arrays, and what is read off them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from sandcone.core.model import Model
from sandcone.core.rows import Floats, Rows

if TYPE_CHECKING:
    from sandcone.simulating.plain import Row


def rows_of(found: list[Row], model: Model) -> Rows:
    """The plain engine's rows as arrays."""
    step, resource = _places(model.steps), _places(model.resources)
    used = [[resource[r] for r in row.resources] for row in found]
    also = np.full((len(found), most_also(model)), -1, dtype=np.int32)
    for i, names in enumerate(used):
        also[i, : len(names[1:])] = names[1:]
    minutes = np.array([row[2:6] for row in found], dtype=np.float64).reshape(-1, 4).T
    return Rows(
        patient=np.array([row.patient for row in found], dtype=np.int32),
        step=np.array([step[row.step] for row in found], dtype=np.int32),
        ready=minutes[0],
        planned=minutes[1],
        start=minutes[2],
        end=minutes[3],
        first=np.array([names[0] if names else -1 for names in used], dtype=np.int32),
        also=also,
    )


def most_also(model: Model) -> int:
    """The most resources that one step uses beside its first."""
    return max(0, max((sum(n.units for n in step.needs) for step in model.steps.values()), default=0) - 1)


def _places(names: Iterable[str]) -> dict[str, int]:
    return {name: i for i, name in enumerate(names)}


def waits_by_patient(rows: Rows, patients: int) -> Floats:
    """Minutes that each patient waited over all steps begun, by number of patient; NaN for who began none."""
    begun = ~np.isnan(rows.start)
    waited = np.bincount(rows.patient[begun], (rows.start - rows.ready)[begun], minlength=patients)
    return np.where(np.bincount(rows.patient[begun], minlength=patients) > 0, waited, math.nan)
