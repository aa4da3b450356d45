"""One stretch of a hospital's time, day by day and patient by patient: what two stretches are held against each other with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sandcone.core.estimate import Estimate

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Texts = NDArray[np.object_]

WORST = 0.1  # the tenth that waits longest


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stage:
    """One unit of a hospital day by day: hours in use and open, hours that help patients, hours waited for it and spent in it (days,)."""

    busy: Floats
    open: Floats
    va: Floats
    t: Floats
    places: int  # patients at once


@dataclass(frozen=True, kw_only=True, eq=False)
class Period:
    """What happened in one period: resources by day, patients by the day on which their need arose.

    ``days``: the days, as days since 1970, rising. ``busy``, ``open`` (days,): hours in use and open of all resources, weighted by what
    they cost an hour. A patient is one place in each of the arrays (cases,): ``day`` a place in ``days``, ``t`` hours from need to the
    end, ``va`` hours of help, ``wait`` hours with nothing going on, ``work`` hours of resources used, weighted alike. ``facts``: what is
    known of each patient beforehand. ``harms``: 1 where something happened that should not have, 0 where not, NaN where nobody can know.
    """

    name: str
    days: Ints
    busy: Floats
    open: Floats
    day: Ints
    t: Floats
    va: Floats
    wait: Floats
    work: Floats
    stages: Mapping[str, Stage] = field(default_factory=dict)
    facts: Mapping[str, Texts] = field(default_factory=dict)
    harms: Mapping[str, Floats] = field(default_factory=dict)
    fit: Estimate | None = None
    unfinished: int = 0  # patients of these days who had not left when the log ended; in none of the arrays
    extract: bool = False  # whether it is of some patients only, so that what resources do is not all they do
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        of_days = {a.shape for a in (self.days, self.busy, self.open)}
        of_cases = {a.shape for a in (self.day, self.t, self.va, self.wait, self.work, *self.facts.values(), *self.harms.values())}
        if len(of_days) != 1 or len(of_cases) != 1:
            raise ValueError(f"{self.name}: arrays of days have shapes {of_days}, arrays of patients {of_cases}")

    @property
    def cases(self) -> int:
        """How many patients are counted."""
        return len(self.day)

    @cached_property
    def weeks(self) -> Ints:
        """The week each day is in, counted from the Monday before 1 January 1970."""
        return (self.days + 3) // 7


def worst_off(wait: Floats, weight: Floats) -> Floats:
    """What each patient adds to the mean wait of the tenth that waits longest: the weighted mean of these numbers is that wait.

    It is the mean of q + (wait - q)+ / 0.1, q the wait that one in ten exceeds (Rockafellar and Uryasev 2000).
    """
    if not len(wait) or weight.sum() <= 0:
        return wait
    order = np.argsort(wait)
    upto = np.cumsum(weight[order])
    q = wait[order][min(int(np.searchsorted(upto, (1 - WORST) * upto[-1])), len(wait) - 1)]
    return np.asarray(q + np.maximum(wait - q, 0.0) / WORST)
