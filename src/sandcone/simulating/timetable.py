"""Opening hours and appointment books in the plain engine."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from typing import Any

from sandcone.core.model import WEEK, Model
from sandcone.core.opening import DAY
from sandcone.core.pace import SLOWEST
from sandcone.simulating.luck import AGAIN, PICK, SHOW, drawn, uniform
from sandcone.simulating.opening import changes

LAST_DAY = 40 * 366  # days: whatever has not opened or closed by then never will


class Openings:
    """The next minute after ``first`` at which each calendar opens or closes."""

    def __init__(self, model: Model, first: float = 0.0) -> None:
        self.model, self.first, self.days = model, first, dict.fromkeys(model.calendars, 400)
        made = {name: changes(calendar, model.begin, 400, first) for name, calendar in model.calendars.items()}
        self.open_at_first = {name: is_open for name, (is_open, _) in made.items()}
        self.minutes = {name: minutes for name, (_, minutes) in made.items()}
        self.passed = dict.fromkeys(model.calendars, 0)

    def next(self, name: str) -> float:
        """The next change after those asked for before."""
        i, self.passed[name] = self.passed[name], self.passed[name] + 1
        while i >= len(self.minutes[name]):
            if self.days[name] > LAST_DAY:
                return math.inf
            self.days[name] *= 2
            self.minutes[name] = changes(self.model.calendars[name], self.model.begin, self.days[name], self.first)[1]
        return float(self.minutes[name][i])


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One appointment: when, whether the patient keeps it, and when they come."""

    minute: float
    kept: bool
    comes: float


class Timetable:
    """The appointments given so far, by step."""

    def __init__(self, model: Model) -> None:
        self.monday = -DAY * model.begin.weekday()
        self.paces = {name: pace.passed.tolist() for name, pace in model.paces.items()}
        self.given: Counter[tuple[str, int]] = Counter()

    def book(self, token: Any, now: float) -> Slot:
        """Give a token the first free slot, after the one that was missed if there is one."""
        booking, key = token.step.booking, 8 * token.visit + token.bookings * AGAIN
        slot = max(self._first_from(booking.slots, now + booking.notice_minutes), token.slot + 1)
        while self.given[token.step_name, slot] >= booking.places:
            slot += 1
        token.slot, minute = slot, self._minute(booking.slots, slot)
        show = uniform(token.key, key + SHOW)
        if not booking.no_show <= show < booking.no_show + booking.cancel:  # who cancels leaves the place to others
            self.given[token.step_name, slot] += 1
        late = drawn(booking.unpunctual, uniform(token.key, key + PICK)) if booking.unpunctual else 0.0
        return Slot(minute=minute, kept=show >= booking.no_show + booking.cancel, comes=minute + (late - booking.early_minutes))

    def _minute(self, slots: tuple[float, ...], i: int) -> float:
        week, within = divmod(i, len(slots))
        return self.monday + (week * float(WEEK) + slots[within])

    def _first_from(self, slots: tuple[float, ...], minute: float) -> int:
        week = int((minute - self.monday) // WEEK)
        return week * len(slots) + bisect_left([self._minute(slots, week * len(slots) + i) for i in range(len(slots))], minute)

    def over(self, pace: str | None, now: float, lag: float) -> float:
        """When a lag is over that begins now, by the wall clock or by a pace's own."""
        if pace is None or lag <= 0:
            return now + lag
        return paced(self.paces[pace], now - self.monday, lag) + self.monday


def paced(passed: list[float], minute: float, delay: float) -> float:
    """When a delay of a pace's own minutes is over; ``minute`` counts from a Monday (``core.pace.later``, for one number)."""
    week = math.floor(minute / WEEK)
    within = minute - week * float(WEEK)
    hour = min(int(within / 60.0), 167)
    speed = (passed[hour + 1] - passed[hour]) / 60.0
    shown = week * passed[168] + passed[hour] + speed * (within - hour * 60.0) + delay
    week = math.floor(shown / passed[168])
    within = shown - week * passed[168]
    hour = min(max(bisect_left(passed, within) - 1, 0), 167)
    speed = max((passed[hour + 1] - passed[hour]) / 60.0, SLOWEST)
    return max(minute, week * float(WEEK) + hour * 60.0 + min(max((within - passed[hour]) / speed, 0.0), 60.0))
