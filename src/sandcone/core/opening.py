"""The spells in which a calendar is open, in minutes from the start of a model's first day, by the wall clock."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from sandcone.core.clock import WEEKDAYS
from sandcone.core.site import Calendar

DAY = 1440.0
Floats = NDArray[np.float64]


def open_spells(calendar: Calendar, begin: date, days: int) -> tuple[Floats, Floats]:
    """Starts and ends of every spell in which it is open without a break, over so many days."""
    dates = np.arange(days)
    weekday = (dates + begin.weekday()) % 7
    shut = np.isin(dates + begin.toordinal(), [date.fromisoformat(d).toordinal() for d in calendar.closed])
    starts: list[Floats] = [np.empty(0)]
    ends: list[Floats] = [np.empty(0)]
    for shift in calendar.shifts:
        opens, closes = shift.minutes()
        on = dates[np.isin(weekday, [WEEKDAYS.index(d) for d in shift.days]) & ~shut]
        starts.append((on * DAY + opens).astype(np.float64))
        ends.append((on * DAY + closes).astype(np.float64))
    return _joined(np.concatenate(starts), np.concatenate(ends))


def _joined(starts: Floats, ends: Floats) -> tuple[Floats, Floats]:
    order = np.argsort(starts, kind="stable")
    starts, reach = starts[order], np.maximum.accumulate(ends[order])
    first = np.ones(len(starts), dtype=bool)
    first[1:] = starts[1:] > reach[:-1]
    last = np.roll(first, -1)
    return starts[first], reach[last]
