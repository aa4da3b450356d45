"""One walk through each resource's time: how many patients it had at every moment, and what that means for those who waited.

Every wait before a step that names a resource is split by what the resource was doing, moment by moment, first hit wins:
full with patients (of those, the share of work done on patients who became ready later counts as priority), off shift,
idle until the last patient of a group that begins together was ready (batching), else other. The parts add up to the wait, to the µs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sandcone.core.site import Site
from sandcone.measuring.roster import Roster
from sandcone.measuring.usage import Bools, Ints, Usage, Uses, total_by

Floats = NDArray[np.float64]
CAUSES = ("busy", "priority", "off shift", "batching", "other")
Sums = tuple[Ints, Ints, Ints]
RARE = 0.05  # a resource may seem to hold more patients than it can for so much of its busy time (entries that overlap)
LEVELS = 256  # patients at once, at most, that are told apart
PAIRS = 1_000_000_000  # most comparisons of who overtook whom


@dataclass(frozen=True, kw_only=True, eq=False)
class Line:
    """The time of some resources on one line, each resource after the other.

    ``base`` where each use's resource begins; ``at`` the moments something changes; ``r`` whose moment it is; ``inside`` patients
    there from that moment on; ``lasts`` µs until the next change of the same resource; ``start`` each use's place in these.
    """

    base: Ints
    at: Ints
    r: Ints
    inside: Ints
    lasts: Ints
    start: Ints


def line(usage: Usage, uses: Uses) -> Line:
    """Set the uses of some resources on one line."""
    base = (uses.r - uses.low) * usage.space - usage.prepared.first
    begin, end = base + uses.t0, np.sort(base + uses.t1)
    moments = np.concatenate([begin, end])
    order = np.argsort(moments, kind="stable")  # two sorted runs: merged, not sorted
    at = moments[order]
    inside = np.cumsum(np.where(order < len(uses), 1, -1))
    r = at // usage.space
    lasts = np.zeros_like(at)
    lasts[:-1] = np.where(r[1:] == r[:-1], np.diff(at), 0)
    start = np.empty(len(at), dtype=np.int64)
    start[order] = np.arange(len(at))
    return Line(base=base, at=at, r=r + uses.low, inside=inside, lasts=lasts, start=start[: len(uses)])


def time_by_level(axis: Line, low: int, high: int) -> Floats:
    """How long each resource had 0, 1, 2, … patients between its first and last use, in µs (resources, LEVELS)."""
    at = (axis.r - low) * LEVELS + np.minimum(axis.inside, LEVELS - 1)
    return total_by(at, axis.lasts, (high - low) * LEVELS).reshape(high - low, LEVELS)


def capacities(site: Site, names: tuple[str, ...], by_level: Floats) -> Ints:
    """How many patients each resource can have at once: declared, else the most it had for more than a rare moment."""
    busy = by_level[:, 1:]
    beyond = busy[:, ::-1].cumsum(axis=1)[:, ::-1]  # time with at least 1, 2, … patients
    total = np.maximum(beyond[:, :1], 1.0)
    seen = np.maximum((beyond > RARE * total).sum(axis=1), 1)
    return np.array([site.capacity.get(name, int(c)) for name, c in zip(names, seen, strict=True)], dtype=np.int64)


@dataclass(frozen=True, kw_only=True, eq=False)
class Walk:
    """Sums along the line, so that any stretch of any resource's time is a difference of two.

    ``full`` µs with no place left, ``idle`` µs open with a place left, ``work`` patient-µs, each up to every moment of ``line``.
    """

    usage: Usage
    uses: Uses
    line: Line
    roster: Roster
    is_full: Bools
    open_at: Ints
    full: Ints
    idle: Ints
    work: Ints

    def upto(self, moment: Ints) -> Sums:
        """µs full, µs idle and patient-µs of each use's resource up to a moment (µs UTC), counted from a common zero."""
        axis, uses = self.line, self.uses
        key = axis.base + moment
        place = np.searchsorted(axis.at, key, side="right") - 1
        early = (place < 0) | (axis.r[place] != uses.r)  # before the resource's first use
        place = place + early
        past = np.where(early, 0, key - axis.at[place])
        is_full, opened = self.is_full[place] & ~early, self.roster.open_until(uses.r, self.usage.local(moment)) - self.open_at[place]
        full = self.full[place] + is_full * past
        return full, self.idle[place] + np.where(is_full, 0, opened), self.work[place] + axis.inside[place] * past

    def upto_start(self) -> Sums:
        """The same up to each use's own start, whose place is known."""
        place = self.line.start
        return self.full[place], self.idle[place], self.work[place]


def walk(usage: Usage, uses: Uses, axis: Line, roster: Roster, capacity: Ints) -> Walk:
    """Add up each resource's time along its line."""
    is_full = axis.inside >= capacity[axis.r]
    clock = usage.local(axis.at - (axis.r - uses.low) * usage.space + usage.prepared.first)
    open_at = roster.open_until(axis.r, clock)
    opened = np.zeros_like(open_at)
    opened[:-1] = np.where(axis.r[1:] == axis.r[:-1], np.diff(open_at), 0)
    full, idle, work = (_before(amount) for amount in (axis.lasts * is_full, opened * ~is_full, axis.lasts * axis.inside))
    return Walk(usage=usage, uses=uses, line=axis, roster=roster, is_full=is_full, open_at=open_at, full=full, idle=idle, work=work)


def _before(amount: Ints) -> Ints:
    total = np.zeros_like(amount)
    np.cumsum(amount[:-1], out=total[1:])
    return total


def causes(walk: Walk) -> Ints:
    """µs of each use's wait by cause (uses, 5), in the order of CAUSES; each row adds up to the wait exactly."""
    uses = walk.uses
    full0, idle0, work0 = walk.upto(uses.tr)
    full1, idle1, work1 = walk.upto_start()
    wait, full, idle = uses.t0 - uses.tr, full1 - full0, idle1 - idle0
    together = _last_ready(uses)
    grouped = np.flatnonzero(together > uses.tr)
    batching = np.zeros_like(wait)
    if grouped.size:
        batching[grouped] = np.clip(walk.upto(np.minimum(together, uses.t0))[1] - idle0, 0, idle)[grouped]
    overtaking = overtaken(uses, walk.line.base)
    share = np.nan_to_num(np.minimum(1.0, overtaking / np.maximum(work1 - work0, 1)))
    priority = np.floor(full * share).astype(np.int64)
    return np.stack([full - priority, priority, wait - full - idle, batching, idle - batching]).T


def _last_ready(uses: Uses) -> Ints:
    """When the last patient of the group that begins together on the resource became ready; own ready time where alone."""
    first = np.ones(len(uses), dtype=bool)
    first[1:] = (uses.r[1:] != uses.r[:-1]) | (uses.t0[1:] != uses.t0[:-1])
    group = np.cumsum(first) - 1
    return np.maximum.reduceat(uses.tr, np.flatnonzero(first))[group] if len(uses) else uses.tr


def overtaken(uses: Uses, base: Ints) -> Floats:
    """µs of work on patients who became ready later but were taken first, for each use (NaN where too many to compare).

    Plain twin: for each use, the sum over uses of the same resource that began before it but were ready after it.
    """
    found = np.zeros(len(uses))
    if len(uses) < 2:
        return found
    ready = base + uses.tr
    behind = np.flatnonzero(np.maximum.accumulate(ready)[:-1] > ready[1:]) + 1
    served = behind - np.searchsorted(base + uses.t0, ready[behind], side="right")  # taken while this one waited
    if int(served.sum()) > PAIRS:
        return np.full(len(uses), np.nan)
    lag = 0
    while behind.size:
        lag += 1
        behind, served = behind[served >= lag], served[served >= lag]
        jumped = ready[behind - lag] > ready[behind]
        who = behind[jumped]
        found[who] += np.minimum(uses.t1[who - lag], uses.t0[who]) - uses.t0[who - lag]
    return found
