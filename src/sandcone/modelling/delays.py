"""Waits that no busy resource explains: pending results, transport, the patient's own time. Learnt apart from queueing.

A step that began while somebody who could do it stood free had been ready only just then: the delay is the whole time since its anchor.
Where all were busy or away, the delay is over at some moment before; which one is drawn from the delays that were seen whole.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sandcone.modelling.chain import Chain
from sandcone.modelling.facts import EPS, WEEK, Bools, Facts, Floats, Ints, Uses
from sandcone.modelling.hours import HOURS, Hours
from sandcone.modelling.pacing import Clocks
from sandcone.modelling.staff import Staff

JUST_BEFORE = 0.05  # minutes
FEW = 10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Line:
    """By step of the log: whether just before it too few who can do it were there and free, and when last before that enough were.

    ``free`` is minus infinity where they never were, and the start where they were just then. A step of which the log says when it was
    needed has no line to be found.
    """

    taken: Bools
    free: Floats

    def only(self, rows: Bools) -> Line:
        """Some of the steps."""
        return Line(taken=self.taken[rows], free=self.free[rows])

    def queued(self, f: Facts, since: Floats) -> Bools:
        """Which steps waited in line after they might have begun, at ``since``."""
        return np.asarray(self.taken & (f.start - since > EPS))


def delays(f: Facts, line: Line, links: Chain, by: Clocks) -> tuple[Floats, tuple[str, ...]]:
    """By step of the log its delay in minutes of its clock, and what to say about it."""
    delay = np.zeros(len(f.case))
    for s in range(len(f.steps)):
        rows = np.flatnonzero(f.step == s)
        delay[rows] = delay_since(f, line, rows, links.anchor[rows], by)
    late = (f.start - links.anchor > EPS) & ~f.is_first
    if not late.any():
        return delay, ("Every step begins as soon as the one before it has ended.",)
    explained = float(line.queued(f, links.anchor)[late].mean())
    said = (
        f"{late.mean():.0%} of steps begin some time after the one before; {explained:.0%} of these when all who could were busy or away."
    )
    often = np.bincount(f.step[late], minlength=len(f.steps)) >= 0.05 * np.bincount(f.step, minlength=len(f.steps))
    paced, walled = ([name for name, on, o in zip(f.steps, by.by_pace == want, often, strict=True) if on and o] for want in (True, False))
    clock = f"Delays before {_some(paced)} pass as the house works, those before {_some(walled)} by the wall's clock."
    return delay, (said, clock)


def _some(names: list[str]) -> str:
    if not names:
        return "no step"
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def delay_since(f: Facts, line: Line, rows: Ints, since: Floats, by: Clocks) -> Floats:
    """Delays of some steps of one name, in minutes of its clock, since the moments at which each might have begun.

    A delay that somebody's being busy may have covered is known only to lie between two limits, when last somebody was free and the start:
    it is one that was seen whole and lies there too, else the lower limit.
    """
    step, start, known = f.step[rows], f.start[rows], f.ready[rows]
    since = np.minimum(since, start)
    ready = np.where(np.isnan(known), start, np.clip(known, since, start))
    clock = by.shown(step, since)
    most = np.maximum(by.shown(step, ready) - clock, 0.0)
    least = np.clip(by.shown(step, np.clip(line.free[rows], since, ready)) - clock, 0.0, most)
    queued = line.taken[rows] & (start - since > EPS)
    whole = np.sort(most[~queued & ~f.is_first[rows]])
    if whole.size < FEW:
        return np.where(queued, least, most)
    below, upto = np.searchsorted(whole, least - EPS, side="left"), np.searchsorted(whole, most, side="right")
    part = (np.cumsum(queued) - 1) * 0.6180339887 % 1.0
    drawn = whole[np.minimum(below + (part * (upto - below)).astype(np.int64), len(whole) - 1)]
    return np.where(queued, np.where(upto > below, drawn, least), most)


def line_of(f: Facts, who: Staff, open_: Hours) -> Line:
    """Where there was a line: when just before a step too few of a pool were open and free."""
    taken, free, u = np.zeros(len(f.case), dtype=bool), f.start.copy(), Uses.of(f)
    filled: dict[tuple[str, int], Floats] = {}
    for s, needs in enumerate(who.needs):
        for need in needs:
            rows, members = np.flatnonzero((f.step == s) & np.isnan(f.ready)), who.members[need.pools[0]]
            rows = rows[_free(u, who, open_, np.array(members), f.start[rows] - JUST_BEFORE) < need.units]
            taken[rows], key = True, (need.pools[0], need.units)
            if rows.size and key not in filled:
                filled[key] = _filled(u, who, open_, members, need.units)
            if rows.size:
                free[rows] = np.minimum(free[rows], _latest(filled[key], f.start[rows] - JUST_BEFORE))
    return Line(taken=taken, free=free)


def _latest(moments: Floats, before: Floats) -> Floats:
    """The last of some sorted moments at or before each of others."""
    return np.concatenate([[-np.inf], moments])[np.searchsorted(moments, before, side="right")]


def _filled(u: Uses, who: Staff, open_: Hours, members: tuple[int, ...], units: int) -> Floats:
    """The moments at which fewer than so many places of a pool are open and free, where a moment before there were enough."""
    times, changes = [], []
    for m in members:
        at, free = _places_free(u, who, open_, m)
        times.append(at)
        changes.append(np.diff(free, prepend=0))
    time, change = np.concatenate(times), np.concatenate(changes)
    order = np.argsort(time, kind="stable")
    time, free = time[order], np.cumsum(change[order])
    last = np.concatenate([time[1:] > time[:-1], [True]])  # of changes at one moment only what they come to counts
    time, enough = time[last], free[last] >= units
    return np.asarray(time[1:][enough[:-1] & ~enough[1:]])


def _places_free(u: Uses, who: Staff, open_: Hours, m: int) -> tuple[Floats, Ints]:
    """The moments at which something changes for one resource, and its free places from then on."""
    mine = u.resource == m
    begin, end = np.sort(u.start[mine]), np.sort(u.end[mine])
    first, last = (float(x) // WEEK for x in (u.start.min(), u.end.max()))
    turns = np.flatnonzero(np.diff(open_.open[m].astype(int), prepend=int(open_.open[m][-1])))
    weeks = np.arange(first, last + 1) * WEEK
    at = np.unique(np.concatenate([[first * WEEK], begin, end, (weeks[:, None] + turns[None, :] * 60.0).ravel()]))
    busy = np.searchsorted(begin, at, side="right") - np.searchsorted(end, at, side="right")
    is_open = open_.open[m][(at % WEEK // 60).astype(np.int64)]
    return at, np.where(is_open, np.maximum(who.places[m] - busy, 0), 0)


def _free(u: Uses, who: Staff, open_: Hours, members: np.ndarray, moment: Floats) -> Floats:
    """Places of open members less steps in the hands of open members, at each moment."""
    free = np.zeros(len(moment))
    hour = (moment % (HOURS * 60) // 60).astype(np.int64) % HOURS
    for m in members:
        mine = u.resource == m
        busy = np.searchsorted(np.sort(u.start[mine]), moment, side="right") - np.searchsorted(np.sort(u.end[mine]), moment, side="right")
        free += np.where(open_.open[m][hour], np.maximum(who.places[m] - busy, 0), 0)
    return free
