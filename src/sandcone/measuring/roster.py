"""When each resource is open: as the site declares it, else as its work shows it, else all hours.

Inferred hours [P]: an hour of the week is open if the work seen in it is at least a fifth of the work seen in the hour in
which a typical minute of work falls. The error of the inference is shown: the share of work in even weeks that falls outside
the hours inferred from odd weeks, and the other way round.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sandcone.core.clock import DAY, EPOCH_WEEKDAY, HOUR, MINUTE, WEEK, WEEKDAYS
from sandcone.core.site import Calendar, Site
from sandcone.measuring.usage import Bools, Ints, Usage, Uses, total_by

Floats = NDArray[np.float64]
Kind = Literal["declared", "inferred", "pool", "24 h"]

SLOT = 5 * MINUTE
SLOTS = DAY // SLOT
ENOUGH_USES = 40  # to infer hours from a resource's own work
ENOUGH_WEEKS = 4
OPEN_FROM = 0.2  # of the work in the hour of a typical minute of work


@dataclass(frozen=True, kw_only=True, eq=False)
class Roster:
    """Open hours of every resource over the days of the log, wall clock.

    ``within`` (resources, 7, SLOTS + 1): µs open since midnight by weekday and five-minute slot; ``day_open`` (resources, days);
    ``before`` (resources, days + 1): µs open before each day; ``kind`` how each was found; ``error`` share of work outside
    hours inferred from the other weeks (NaN where not inferred); ``origin`` the first midnight.
    """

    within: Ints
    day_open: Bools
    before: Ints
    kind: tuple[Kind, ...]
    error: Floats
    origin: int

    def open_until(self, r: Ints, local: Ints) -> Ints:
        """µs that each resource was open from the first midnight until a moment (wall clock)."""
        since = local - self.origin
        day = since // DAY
        slot, rest = np.divmod(since - day * DAY, SLOT)
        weekday = (day + (self.origin // DAY + EPOCH_WEEKDAY)) % 7
        flat = self.within.reshape(-1)
        at = (r * 7 + weekday) * (SLOTS + 1) + slot
        today = flat[at] + np.where(flat[at + 1] > flat[at], rest, 0)
        days = self.day_open.shape[1]
        earlier, counts = self.before.reshape(-1)[r * (days + 1) + day], self.day_open.reshape(-1)[r * days + day]
        return np.asarray(earlier + np.where(counts, today, 0))

    def open_by_day(self) -> Ints:
        """µs open, by resource and day."""
        return np.diff(self.before, axis=1)


def roster(usage: Usage, profile: Profile) -> Roster:
    """The open hours of every resource of a log."""
    site, names = usage.prepared.site, usage.prepared.resource_names
    weekly = np.zeros((usage.resources, 7, SLOTS), dtype=bool)
    day_open = np.ones((usage.resources, usage.days), dtype=bool)
    kinds: list[Kind] = []
    error = np.full(usage.resources, np.nan)
    for r, name in enumerate(names):
        declared = calendar_of(site, name)
        if declared is not None:
            kinds.append("declared")
            weekly[r], day_open[r] = declared_week(declared), open_days(declared, usage.origin, profile.used[r])
            continue
        kind, hours, error[r] = profile.inferred(r)
        kinds.append(kind)
        weekly[r] = np.repeat(hours.reshape(7, 24), HOUR // SLOT, axis=1)
        day_open[r] = _between_uses(profile.used[r])
    return assembled(weekly, day_open, tuple(kinds), error, usage.origin)


def calendar_of(site: Site, resource: str) -> Calendar | None:
    """The calendar a site declares for a resource: its pool's, else the one called "default"."""
    pool = site.pools.get(site.pool_of(resource))
    if pool is not None and pool.calendar is not None:
        return site.calendars[pool.calendar]
    return site.calendars.get("default")


def assembled(weekly: Bools, day_open: Bools, kinds: tuple[Kind, ...], error: Floats, origin: int) -> Roster:
    """A roster from the slots that are open in a week (resources, 7, SLOTS) and the days that are (resources, days), from a midnight on."""
    resources, days = day_open.shape
    within = np.zeros((resources, 7, SLOTS + 1), dtype=np.int64)
    np.cumsum(weekly * SLOT, axis=2, out=within[:, :, 1:])
    weekdays = (np.arange(days) + origin // DAY + EPOCH_WEEKDAY) % 7
    before = np.zeros((resources, days + 1), dtype=np.int64)
    np.cumsum(within[:, :, -1][:, weekdays] * day_open, axis=1, out=before[:, 1:])
    return Roster(within=within, day_open=day_open, before=before, kind=kinds, error=error, origin=origin)


def declared_week(calendar: Calendar) -> Bools:
    """The slots of a week in which a calendar is open (7, SLOTS)."""
    week = np.zeros((7, SLOTS), dtype=bool)
    for shift in calendar.shifts:
        opens, closes = shift.minutes()
        for day in shift.days:
            week[WEEKDAYS.index(day), opens * MINUTE // SLOT : closes * MINUTE // SLOT] = True
    return week


def open_days(calendar: Calendar, origin: int, used: Bools) -> Bools:
    """The days from a midnight on (µs, wall clock) that count for a calendar; ``used`` are those on which its resource was in use."""
    days = used.copy() if calendar.only_days_used else np.ones(len(used), dtype=bool)
    closed = _since_1970(calendar.closed) - origin // DAY
    days[closed[(closed >= 0) & (closed < len(days))]] = False
    return days


@lru_cache(maxsize=256)
def _since_1970(dates: tuple[str, ...]) -> Ints:
    """Days since 1970."""
    return np.array([date.fromisoformat(d).toordinal() - date(1970, 1, 1).toordinal() for d in dates], dtype=np.int64)


def _between_uses(used: Bools) -> Bools:
    days = np.zeros(len(used), dtype=bool)
    at = np.flatnonzero(used)
    if at.size:
        days[at[0] : at[-1] + 1] = True
    return days


@dataclass(frozen=True, kw_only=True, eq=False)
class Profile:
    """How much each resource was in use by hour of the week, odd and even weeks apart (2, resources, 168), in hours.

    ``used`` (resources, days): on which days it was in use at all; ``pool`` the pool number of each resource.
    """

    hours: Floats
    used: Bools
    counts: Ints
    pool: Ints

    def inferred(self, r: int) -> tuple[Kind, Bools, float]:
        """Open hours of the week from the work seen: of the resource, else of its pool, else all hours."""
        own, pool = self._enough(np.array([r])), np.flatnonzero(self.pool == self.pool[r])
        if not own and not self._enough(pool):
            return "24 h", np.ones(168, dtype=bool), float("nan")
        work = self.hours[:, r] if own else self.hours[:, pool].sum(axis=1)
        return ("inferred" if own else "pool"), open_hours(work.sum(axis=0)), _held_out_error(work)

    def _enough(self, resources: Ints) -> bool:
        days = np.flatnonzero(self.used[resources].any(axis=0))
        return bool(self.counts[resources].sum() >= ENOUGH_USES and days.size and days[-1] - days[0] >= 7 * ENOUGH_WEEKS)


def open_hours(work: Floats) -> Bools:
    """Which of the 168 hours are open, from the hours of work seen in each."""
    return np.asarray(work * work.sum() >= OPEN_FROM * (work**2).sum())


def _held_out_error(work: Floats) -> float:
    outside = work[1][~open_hours(work[0])].sum() + work[0][~open_hours(work[1])].sum()
    return float(outside / work.sum()) if work.sum() > 0 else float("nan")


def profile(usage: Usage) -> Profile:
    """How much, and on which days, each resource was in use."""
    hours = np.zeros((2, usage.resources, 168))
    used = np.zeros((usage.resources, usage.days), dtype=bool)
    for low, high, part_hours, part_used in usage.each(lambda uses: _profile(usage, uses)):
        hours[:, low:high] = part_hours
        used[low:high] = part_used
    return Profile(hours=hours, used=used, counts=usage.counts, pool=pool_numbers(usage)[1])


def _profile(usage: Usage, uses: Uses) -> tuple[int, int, Floats, Bools]:
    low, high = uses.low, uses.high
    starts, ends = usage.local(uses.t0), usage.local(uses.t1)
    group = starts // WEEK % 2 * (high - low) + uses.r - low
    hours = in_use_by_hour(group, starts, ends, 2 * (high - low)).reshape(2, -1, 168)
    return low, high, hours, days_used(uses.r - low, high - low, starts, ends, usage.origin, usage.days)


def pool_numbers(usage: Usage) -> tuple[tuple[str, ...], Ints]:
    """The pools' names, and the pool of each resource."""
    of = [usage.prepared.site.pool_of(name) for name in usage.prepared.resource_names]
    names = tuple(sorted(set(of)))
    place = {name: i for i, name in enumerate(names)}
    return names, np.array([place[p] for p in of], dtype=np.int64)


def in_use_by_hour(group: Ints, starts: Ints, ends: Ints, groups: int) -> Floats:
    """Hours in use in each hour of the week, by group (groups, 168); wall-clock µs in."""
    length = (ends - starts) / HOUR
    weeks = np.floor(length / 168)
    begin = ((starts + EPOCH_WEEKDAY * DAY) % WEEK) / HOUR
    spread = spread_over(group, begin, begin + length - 168 * weeks, groups, 336)
    return spread[:, :168] + spread[:, 168:] + total_by(group, weeks, groups)[:, None]


def in_use_by_day(r: Ints, starts: Ints, ends: Ints, resources: int, origin: int, days: int) -> Floats:
    """Hours in use on each day from a midnight on, by resource (resources, days); wall-clock µs in."""
    begin, end = (starts - origin) / DAY, (ends - origin) / DAY
    return 24 * spread_over(r, begin, end, resources, days)


def spread_over(group: Ints, begin: Floats, end: Floats, groups: int, cells: int) -> Floats:
    """How much of each cell of a line is covered by intervals, by group (groups, cells); cell ``i`` runs from i to i + 1.

    An interval is the difference of two ramps, so it is enough to count the starts and ends (and their sums) in each cell.
    """
    return np.diff(_ramp(group, begin, groups, cells) - _ramp(group, end, groups, cells), axis=1)


def _ramp(group: Ints, at: Floats, groups: int, cells: int) -> Floats:
    """Sum over the points of max(0, edge - point), at the edges 0, 1, … cells."""
    place = group * cells + np.minimum(at.astype(np.int64), cells - 1)
    count = np.bincount(place, minlength=groups * cells).reshape(groups, cells).cumsum(axis=1)
    total = total_by(place, at, groups * cells).reshape(groups, cells).cumsum(axis=1)
    ramp = np.zeros((groups, cells + 1))
    ramp[:, 1:] = count * np.arange(1, cells + 1) - total
    return ramp


def days_used(r: Ints, resources: int, starts: Ints, ends: Ints, origin: int, days: int) -> Bools:
    """On which days from a midnight on each resource was in use at all (resources, days); wall-clock µs in."""
    first, last = (starts - origin) // DAY, (np.maximum(ends - 1, starts) - origin) // DAY
    width = days + 1
    edges = np.bincount(r * width + first, minlength=resources * width) - np.bincount(r * width + last + 1, minlength=resources * width)
    return np.asarray(edges.reshape(-1, width).cumsum(axis=1)[:, :-1] > 0)
