"""When a calendar opens and closes, in minutes from the start of the model's first day, by the wall clock."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from sandcone.core.opening import DAY, open_spells
from sandcone.core.site import Calendar

Floats = NDArray[np.float64]


def changes(calendar: Calendar, begin: date, days: int, first: float = 0.0) -> tuple[bool, Floats]:
    """Whether it is open at the minute ``first``, and the minutes after it at which that changes; more days only add to the end."""
    starts, ends = open_spells(calendar, begin, days)
    both = np.column_stack([starts, ends]).ravel()
    past = int(np.searchsorted(both, first, side="right"))
    return past % 2 == 1, both[past:][both[past:] < days * DAY]


def open_minutes(calendar: Calendar | None, begin: date, days: int) -> float:
    """How many minutes it is open over so many days."""
    if calendar is None:
        return days * DAY
    starts, ends = open_spells(calendar, begin, days)
    return float((ends - starts).sum())
