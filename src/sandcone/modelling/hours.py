"""When people work: the hours of the week in which each was at work often enough, those of their group where little was seen of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sandcone.core.clock import WEEKDAYS
from sandcone.core.site import Calendar, Shift
from sandcone.modelling.facts import WEEK, Bools, Facts, Floats, Uses
from sandcone.modelling.rare_days import hours_of, rare_days, said_of
from sandcone.modelling.staff import Staff

HOURS = 168
USUAL = (0.25, 0.15, 0.1, 0.05, 0.0)  # share of a resource's weeks in which it must be at work in an hour for the hour to be its own
COVERED = 0.95  # of its steps must begin in its hours
CLEAR = 0.02  # nats a step that hours of the day or days of the week must tell for there to be closing hours at all
STAY = 12 * 60  # minutes: what is mostly taken for longer is a place to stay in, and has no closing time
THIN = 40  # steps below which a resource has the hours of its group


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hours:
    """Calendars by name, by resource the name of its own (None: always open), and by resource its open hours of the week."""

    calendars: dict[str, Calendar]
    of: tuple[str | None, ...]
    open: Bools  # resources × 168
    notes: tuple[str, ...]

    def open_minutes(self, resource: int, start: Floats, end: Floats) -> Floats:
        """Minutes between two moments in which a resource is open."""
        passed = np.concatenate([[0.0], np.cumsum(self.open[resource] * 60.0)])

        def until(t: Floats) -> Floats:
            week, within = np.divmod(t, WEEK)
            return np.asarray(week * passed[-1] + np.interp(within, np.arange(HOURS + 1) * 60.0, passed))

        return until(end) - until(start)


def hours(f: Facts, who: Staff) -> Hours:
    """Learn the calendar of every resource."""
    n, u = len(f.resources), Uses.of(f)
    at_work = _weeks_at_work(u, n)
    counts = np.bincount(u.resource, minlength=n)
    is_open, rare = np.ones((n, HOURS), dtype=bool), rare_days(f.start)
    house = _own(at_work.sum(axis=0), float(at_work.sum(axis=0).max(initial=0)), f.start) & ~hours_of(rare)
    for r in range(n):
        begun = u.start[u.resource == r]
        is_open[r] = _own(at_work[r], float(len(np.unique(begun // WEEK))), begun) if counts[r] >= THIN else house
        if counts[r] and np.median((u.end - u.start)[u.resource == r]) > STAY:
            is_open[r] = True
    is_open[~is_open.all(axis=1)] &= ~hours_of(rare)
    is_open[~is_open.any(axis=1)] = house  # whoever came on such days alone
    _somebody(f, who, is_open, hours_of(rare))
    calendars, names = _named(is_open)
    thin = int(((counts > 0) & (counts < THIN)).sum())
    notes = [f"{len(calendars)} calendars of {n} resources, by the hours of the week in which each was at work."] if n else []
    notes += said_of(rare, f.start) if n else []
    if thin:
        notes.append(f"{thin} resources were seen fewer than {THIN} times and have the hours of the whole house.")
    return Hours(calendars=calendars, of=names, open=is_open, notes=tuple(notes))


def _weeks_at_work(u: Uses, n: int) -> Floats:
    """By resource and hour of the week: in how many weeks it was at work then. Long steps count at their start and end only."""
    took = u.end - u.start
    short = took <= 12 * 60
    moments = [u.start, np.maximum(u.end - 1e-6, u.start), *(np.where(short, u.start + part * took, u.start) for part in (0.25, 0.5, 0.75))]
    absolute = np.concatenate([m // 60 for m in moments]).astype(np.int64)
    hours = int(absolute.max(initial=0)) + 1
    who, hour = np.divmod(np.unique(np.tile(u.resource, len(moments)) * hours + absolute), hours)
    return np.bincount(who * HOURS + hour % HOURS, minlength=n * HOURS).reshape(n, HOURS).astype(np.float64) if n else np.zeros((0, HOURS))


def _own(at_work: Floats, weeks: float, begun: Floats) -> Bools:
    """Hours with enough weeks: the strictest rule under which nearly all steps begin in open hours."""
    if _around_the_clock(begun):
        return np.ones(HOURS, dtype=bool)
    often = np.bincount((begun % WEEK // 60).astype(np.int64), minlength=HOURS)
    for share in USUAL:
        is_open = at_work > max(share * weeks, 0.5)
        if often[is_open].sum() >= COVERED * often.sum() and is_open.any():
            return _holes_filled(is_open)
    return np.ones(HOURS, dtype=bool)


def _around_the_clock(start: Floats) -> bool:
    """Whether steps begin at all hours alike: the hours of some weeks do not help to foretell those of the others."""
    hour, learn = (start % WEEK // 60).astype(np.int64), start // WEEK % 2 == 0
    if not 0 < learn.sum() < len(start):
        return False
    gains = []
    for code, n in ((hour % 24, 24), (hour // 24, 7)):
        share = np.bincount(code[learn], minlength=n) + 1.0
        gains.append(float(np.log(share[code[~learn]] / share.sum() * n).mean()))
    return max(gains) < CLEAR


def _holes_filled(is_open: Bools) -> Bools:
    """An hour off between two hours at work is at work: a break, or chance."""
    before, after = np.roll(is_open, 1), np.roll(is_open, -1)
    return np.asarray(is_open | (before & after))


def _somebody(f: Facts, who: Staff, is_open: Bools, rare: Bools) -> None:
    """Where a step was begun in an hour that nobody of a pool that it needs has, whoever worked then most has it."""
    u = Uses.of(f)
    step = f.step[u.row]
    for s, needs in enumerate(who.needs):
        uses = np.flatnonzero(step == s)
        for members in (np.array(who.members[need.pools[0]]) for need in needs):
            mine = uses[np.isin(u.resource[uses], members)]
            hour = (u.start[mine] % WEEK // 60).astype(np.int64)
            shut = ~is_open[members].any(axis=0) & ~rare
            for h in np.unique(hour[shut[hour]]):
                is_open[int(np.bincount(u.resource[mine[hour == h]]).argmax()), h] = True


def _named(is_open: Bools) -> tuple[dict[str, Calendar], tuple[str | None, ...]]:
    calendars: dict[str, Calendar] = {}
    known: dict[bytes, str | None] = {}
    names = []
    for row in is_open:
        key = row.tobytes()
        if key not in known:
            known[key] = None if row.all() else f"hours {len(calendars) + 1} ({int(row.sum())} h a week)"
            if known[key] is not None:
                calendars[str(known[key])] = calendar_of(row)
        names.append(known[key])
    return calendars, tuple(names)


def calendar_of(row: Bools) -> Calendar:
    """Open hours of a week as shifts, days with the same shift together."""
    shifts: dict[tuple[int, int], list[str]] = {}
    for day, name in enumerate(WEEKDAYS):
        today = np.concatenate([[False], row[24 * day : 24 * day + 24], [False]]).astype(int)
        for a, b in zip(np.flatnonzero(np.diff(today) == 1), np.flatnonzero(np.diff(today) == -1), strict=True):
            shifts.setdefault((int(a), int(b)), []).append(name)
    return Calendar(
        shifts=tuple(
            Shift.model_validate({"days": days, "from": f"{a:02d}:00", "to": f"{b:02d}:00"}) for (a, b), days in sorted(shifts.items())
        )
    )
