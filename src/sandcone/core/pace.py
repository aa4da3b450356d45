"""How fast delays pass in each hour of the week: a result that is pending gets ready when people are at work, not at night."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sandcone.core.errors import ModelError

HOURS, HOUR = 168, 60.0
WEEK = HOURS * HOUR
SLOWEST = 1e-9  # minutes of a pace's own clock in an hour: below that the hour stands still


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """A clock of its own for delays: so many of its minutes pass in each minute of the wall's clock, by the hour of the week.

    ``by_hour`` has 168 speeds from Monday 00:00; 0 is an hour in which it stands still. A delay of so many minutes of this clock is over
    when it has gone on by so many minutes. Within an hour it goes evenly. With 1 and 0 it is a clock of open hours.
    """

    by_hour: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.by_hour) != HOURS or any(not (math.isfinite(p) and p >= 0) for p in self.by_hour):
            raise ModelError("pace", "speeds that cannot be", "Give 168 numbers, each 0 or more.")
        if max(self.by_hour) == 0:
            raise ModelError("pace", "a clock that always stands still: no delay would ever be over", "Give some hour a speed above 0.")

    @property
    def passed(self) -> NDArray[np.float64]:
        """Minutes of this clock at the start of each hour of the week, and at the week's end (169 numbers)."""
        return np.concatenate([[0.0], np.cumsum(np.array(self.by_hour) * HOUR)])


def on_clock(passed: NDArray[np.float64], minute: NDArray[np.float64]) -> NDArray[np.float64]:
    """What the clock shows at these minutes, counted from Monday 00:00 of some week."""
    week, within = np.divmod(minute, WEEK)
    hour = np.minimum((within // HOUR).astype(np.int64), HOURS - 1)
    speed = (passed[hour + 1] - passed[hour]) / HOUR
    return np.asarray(week * passed[HOURS] + passed[hour] + speed * (within - hour * HOUR))


def when_it_shows(passed: NDArray[np.float64], shown: NDArray[np.float64]) -> NDArray[np.float64]:
    """The first minute at which the clock shows this: the inverse of ``on_clock``."""
    week, within = np.divmod(shown, passed[HOURS])
    hour = np.clip(np.searchsorted(passed, within, side="left") - 1, 0, HOURS - 1)
    speed = np.maximum((passed[hour + 1] - passed[hour]) / HOUR, SLOWEST)
    return np.asarray(week * WEEK + hour * HOUR + np.clip((within - passed[hour]) / speed, 0.0, HOUR))


def later(passed: NDArray[np.float64], minute: float, delay: float) -> float:
    """The minute at which a delay of the clock's own minutes is over that begins at ``minute``; never before it."""
    if delay <= 0:
        return minute
    shown = on_clock(passed, np.array([minute])) + delay
    return max(minute, float(when_it_shows(passed, shown)[0]))
