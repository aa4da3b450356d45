"""Time: one zone of reference inside, the hospital's own clock where days and hours matter.

Inside, every time is UTC to the microsecond. A log whose zone nobody knows is taken as it stands.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 3600 * SECOND
DAY = 24 * HOUR
WEEK = 7 * DAY
EPOCH_WEEKDAY = 3  # 1 January 1970 was a Thursday; Monday is 0
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

Micros = NDArray[np.int64]


@lru_cache(maxsize=64)
def shifts(zone: str | None, first: int, last: int) -> tuple[tuple[int, int], ...]:
    """When the hospital's clock changed between two moments: (moment in UTC µs, offset from then on in µs)."""
    if zone is None:
        return ((first, 0),)
    tz = ZoneInfo(zone)
    found = [(first, _offset(first, tz))]
    for t in range(first, last + DAY, DAY):
        if _offset(t + DAY, tz) != _offset(t, tz):
            found.append(_change(t, t + DAY, tz))
    return tuple(found)


def _offset(micros: int, tz: ZoneInfo) -> int:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
    delta = moment.astimezone(tz).utcoffset() or timedelta()
    return round(delta.total_seconds()) * SECOND


def _change(low: int, high: int, tz: ZoneInfo) -> tuple[int, int]:
    before = _offset(low, tz)
    while high - low > SECOND:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(middle, tz) == before else (low, middle)
    return high // MINUTE * MINUTE, _offset(high, tz)


def local(micros: Micros, zone: str | None) -> Micros:
    """What the wall clock showed at these moments (µs of UTC in, µs of wall clock out)."""
    if zone is None or micros.size == 0:
        return micros
    table = shifts(zone, int(micros.min()) // DAY * DAY, int(micros.max()))
    starts, offsets = np.array([s for s, _ in table]), np.array([o for _, o in table])
    return np.asarray(micros + offsets[np.searchsorted(starts, micros, side="right") - 1])


def as_utc(wall: Micros, zone: str | None) -> Micros:
    """Wall clock to UTC (µs); what falls in the hour that a clock skips comes at its end, so that no time runs backwards."""
    if zone is None or wall.size == 0:
        return wall
    found = shifts(zone, int(wall.min()) // DAY * DAY - DAY, int(wall.max()) + DAY)
    utc = wall - found[0][1]
    for (_, before), (moment, offset) in pairwise(found):
        utc = np.where(wall >= moment + before, np.maximum(wall - offset, moment), utc)
    return utc


def hour_of_week(local_micros: Micros) -> NDArray[np.int64]:
    """0 for Monday midnight to one, 167 for Sunday eleven to midnight."""
    return np.asarray((local_micros + EPOCH_WEEKDAY * DAY) % WEEK // HOUR)


def day_name(local_micros: int) -> str:
    """The calendar day, as ISO text."""
    return (datetime(1970, 1, 1) + timedelta(microseconds=int(local_micros))).date().isoformat()


def local_moment(moment: datetime, zone: str | None) -> datetime:
    """What the hospital's clock shows at a moment (UTC, without saying so)."""
    return moment if zone is None else moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def local_date(moment: datetime, zone: str | None) -> date:
    """The calendar day in the hospital at a moment (UTC, without saying so)."""
    return moment.date() if zone is None else moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()
