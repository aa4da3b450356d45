"""The rows of one simulated run as arrays, whichever engine made them, and the run with who came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sandcone.core.model import Model

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """One row a step of a patient, in order of the ends; minutes, NaN where there is none.

    ``step`` and ``first`` are places in the model's steps and resources (-1: none); ``also`` has the further resources, -1 beyond them.
    """

    patient: Ints
    step: Ints
    ready: Floats
    planned: Floats
    start: Floats
    end: Floats
    first: Ints
    also: Ints  # (rows, most further resources)

    def __len__(self) -> int:
        return len(self.patient)

    def only(self, which: NDArray[np.bool_]) -> Rows:
        """Some of the rows."""
        return Rows(**{name: getattr(self, name)[which] for name in self.__slots__})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Passed:
    """One run that has passed: what happened, who came, and when it ended. Minutes since midnight at the start of ``model.begin``.

    ``arrived`` (patients,) is when each patient came, by number; ``person`` (patients,) is their place in ``people``, who are alike in all
    attributes. ``horizon`` is the minute at which the run was stopped (infinite: when all had left).
    """

    model: Model
    rows: Rows
    arrived: Floats
    person: NDArray[np.int64]
    people: tuple[Mapping[str, str], ...]
    names: Mapping[int, str]  # of patients who have a name of their own
    horizon: float
