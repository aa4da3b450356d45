"""Days of the week on which the house works only now and then: exceptions, which a model of a usual week leaves out."""

from __future__ import annotations

import numpy as np

from sandcone.core.clock import WEEKDAYS
from sandcone.modelling.facts import WEEK, Bools, Floats

FEWEST = 6  # weeks from which exceptions can be told
USUAL = 0.5  # share of the weeks in which something happens on the busiest day of the week, or no day is usual
SELDOM = 0.25  # of the weeks in which something happens on the busiest day: below that a day is an exception


def rare_days(minute: Floats) -> Bools:
    """By day of the week whether next to nothing ever happens on it, and not never: by the weeks in which some moments fall on it."""
    day = np.unique(minute // 1440).astype(np.int64)
    weeks, worked = np.ptp(minute) / WEEK, np.bincount(day % 7, minlength=7)
    most = int(worked.max())
    if weeks < FEWEST or most < USUAL * weeks:
        return np.zeros(7, dtype=bool)
    return np.asarray((worked > 0) & (worked < SELDOM * most))


def hours_of(days: Bools) -> Bools:
    """The 168 hours of the week, each whether it is on one of some days."""
    return np.repeat(days, 24)


def said_of(days: Bools, minute: Floats) -> list[str]:
    """A sentence on the exceptions."""
    day = np.unique(minute // 1440).astype(np.int64) % 7
    some = [f"{WEEKDAYS[d]} ({int((day == d).sum())} times)" for d in np.flatnonzero(days)]
    return [f"Work on {' and '.join(some)} is taken for an exception, and left out."] if some else []
