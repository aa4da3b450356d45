"""How well the hospital's resources are used: busy time over open time, and what is lost between (FIELD.md §2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sandcone.core.chance import Luck
from sandcone.core.clock import DAY, HOUR, WEEKDAYS
from sandcone.core.estimate import Estimate, Measure, Measures, Missing
from sandcone.core.site import Site
from sandcone.measuring import intervals
from sandcone.measuring.intervals import Floats, estimate
from sandcone.measuring.prepare import Prepared
from sandcone.measuring.roster import Profile, Roster, in_use_by_day, pool_numbers
from sandcone.measuring.usage import Bools, Ints, Usage, Uses, total_by

NO_RESOURCE = "the log names no resource"
NO_LENGTH = "the log has one time for each step, so no resource is seen in use for any length of time"
MOST_SHOWN = 60  # pools in the heat map


@dataclass(frozen=True, kw_only=True, eq=False)
class Worked:
    """Hours each resource worked by day (resources, days), and what part of them of which kind (resources,).

    ``outside``: out of its open hours; ``adding``: on value-adding steps. ``value`` and ``time`` by the day a use began (resources,
    days): value-adding hours, and hours waited for the resource and spent with it.
    """

    by_day: Floats
    value: Floats
    time: Floats
    outside: Floats
    adding: Floats
    gaps: Floats  # turnover gaps in hours, all resources
    gap_of: Ints  # whose they are


def worked(usage: Usage, roster: Roster) -> Worked:
    """Add up the work of every resource."""
    site = usage.prepared.site
    adds = np.array([site.steps.get(name, site.default_value) == "value-adding" for name in usage.prepared.step_names])
    parts = [*usage.each(lambda uses: _worked(usage, roster, adds, uses))]
    if not parts:
        days, none = np.zeros((0, usage.days)), np.zeros(0)
        parts = [(days, days, days, none, none, none, none.astype(np.int64))]
    by_day, value, time, outside, adding, gaps, owners = (np.concatenate(x) for x in zip(*parts, strict=True))
    return Worked(by_day=by_day, value=value, time=time, outside=outside, adding=adding, gaps=gaps, gap_of=owners)


def _worked(usage: Usage, roster: Roster, adds: Bools, uses: Uses) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats, Ints]:
    r, n = uses.r - uses.low, uses.high - uses.low
    starts, ends = usage.local(uses.t0), usage.local(uses.t1)
    day, hours = (starts - usage.origin) // DAY, (uses.t1 - uses.t0) / HOUR
    value = hours * adds[uses.s]
    inside = (roster.open_until(uses.r, ends) - roster.open_until(uses.r, starts)) / HOUR
    of_day = [total_by(r * usage.days + day, x, n * usage.days).reshape(n, -1) for x in (value, (uses.t1 - uses.tr) / HOUR)]
    by_day = in_use_by_day(r, starts, ends, n, usage.origin, usage.days)
    return by_day, of_day[0], of_day[1], total_by(r, hours - inside, n), total_by(r, value, n), *_gaps(uses, usage)


def _gaps(uses: Uses, usage: Usage) -> tuple[Floats, Ints]:
    """Hours from the exit of one case to the entry of the next on a resource, both on one day; negative where they overlap.

    All that one case does on a resource in a day is one stay, from its first start to its last end.
    """
    if len(uses) == 0:
        return np.zeros(0), uses.r
    day = usage.local(uses.t0) // DAY
    turns = np.concatenate([[0], np.cumsum((uses.r[1:] != uses.r[:-1]) | (day[1:] != day[:-1]))])  # a resource's day
    stay = turns * (int(uses.c.max()) + 1) + uses.c
    order = np.argsort(stay, kind="stable")
    begins = np.flatnonzero(np.diff(stay[order], prepend=-1))
    leave, first = np.maximum.reduceat(uses.t1[order], begins), order[begins]
    by_entry = np.argsort(first)
    leave, first = leave[by_entry], first[by_entry]
    same = (turns[first[1:]] == turns[first[:-1]]) & (usage.local(leave[:-1]) // DAY == day[first[:-1]])
    return ((uses.t0[first[1:]] - leave[:-1]) / HOUR)[same], uses.r[first[:-1]][same]


def resources(usage: Usage, roster: Roster, capacity: Ints, profile: Profile, done: Worked, luck: Luck) -> Measures:
    """How busy every resource and pool is against its open hours, how much of it is overtime, and the gaps between patients.

    Resource efficiency is busy over available time: busy counts each patient's time in use, available is open hours times
    places. ``calendar_24h`` counts against all hours. Sources: FIELD.md §2; Modig & Åhlström 2012.
    """
    prepared = usage.prepared
    if usage.resources == 0:
        return Measures(
            items=(), missing=tuple(Missing(name=n, why=NO_RESOURCE) for n in ("resource_efficiency.overall", "turnover.median"))
        )
    if prepared.log.starts == "none":
        return Measures(items=(), missing=(Missing(name="resource_efficiency.overall", why=NO_LENGTH),))
    opened = roster.open_by_day() / HOUR * capacity[:, None]
    items = [
        *_each(usage, roster, capacity, done, opened, luck),
        *_pools(usage, done, opened, roster, luck),
        *_overall(prepared, done, opened, luck),
        *_turnover(prepared, done),
        *_week(usage, profile, roster, capacity),
    ]
    return Measures(items=tuple(items))


def _note(roster: Roster, r: int) -> str:
    words = {"declared": "declared hours", "inferred": "hours inferred from its own work", "pool": "hours inferred from its pool's work"}
    return words.get(roster.kind[r], "counted against all hours: too little work to infer its hours")


def _efficiency(by_day: Floats, opened: Floats, luck: Luck, n: int) -> Estimate:
    days = (by_day > 0) | (opened > 0)
    return estimate(np.column_stack([by_day[days], opened[days]]), intervals.ratio, "share", n, "days", luck)


def _each(usage: Usage, roster: Roster, capacity: Ints, done: Worked, opened: Floats, luck: Luck) -> Iterator[Measure]:
    busy = done.by_day.sum(axis=1)
    for r, name in enumerate(usage.prepared.resource_names):
        n, group, note = int(usage.counts[r]), {"resource": name}, _note(roster, r)
        available = float(opened[r].sum())

        def one(measure: str, value: float, unit: str, n: int = n, group: dict[str, str] = group, note: str = note) -> Measure:
            return Measure(name=measure, group=group, estimate=Estimate(value=value, n=n, unit=unit, method="sum"), note=note)

        yield one("busy_hours", float(busy[r]), "h")
        yield one("available_hours", available, "h")
        yield one("capacity", float(capacity[r]), "patients at once")
        if busy[r] > 0 and available > 0:
            yield Measure(name="resource_efficiency", group=group, estimate=_efficiency(done.by_day[r], opened[r], luck, n), note=note)
            yield one("resource_efficiency.calendar_24h", float(busy[r]) / (24 * _span_days(done.by_day[r]) * capacity[r]), "share")
            yield one("productive_share", min(1.0, float(done.adding[r] / busy[r])), "share")
            yield one("overtime_share", float(max(0.0, done.outside[r]) / busy[r]), "share")


def _span_days(by_day: Floats) -> int:
    used = np.flatnonzero(by_day)
    return int(used[-1] - used[0] + 1)


def _pools(usage: Usage, done: Worked, opened: Floats, roster: Roster, luck: Luck) -> Iterator[Measure]:
    names, of = pool_numbers(usage)
    for p, name in enumerate(names):
        members, group = np.flatnonzero(of == p), {"pool": name}
        n = int(usage.counts[members].sum())
        by_day, available = done.by_day[members].sum(axis=0), opened[members].sum(axis=0)
        for measure, hours in (("busy_hours", by_day), ("available_hours", available)):
            yield Measure(name=measure, group=group, estimate=Estimate(value=float(hours.sum()), n=n, unit="h", method="sum"))
        if available.sum() > 0 and by_day.sum() > 0:
            yield Measure(name="resource_efficiency", group=group, estimate=_efficiency(by_day, available, luck, n))
        error = roster.error[members]
        if np.isfinite(error).any():
            value = float(np.average(error[np.isfinite(error)], weights=usage.counts[members][np.isfinite(error)]))
            method = "share of work outside hours inferred from the other weeks"
            yield Measure(name="calendar.inference_error", group=group, estimate=Estimate(value=value, n=n, unit="share", method=method))


def _overall(prepared: Prepared, done: Worked, opened: Floats, luck: Luck) -> Iterator[Measure]:
    weight, weighted = cost_weights(prepared.site, prepared.resource_names)
    n = len(prepared.resource_names)
    known = (opened.sum(axis=1) > 0) & (done.by_day.sum(axis=1) > 0)
    if not known.any():
        return
    note = "weighted by cost an hour" if weighted else "every open hour weighs the same: the site file gives no cost_per_hour"
    whole = _efficiency((weight[:, None] * done.by_day)[known].sum(axis=0), (weight[:, None] * opened)[known].sum(axis=0), luck, n)
    yield Measure(name="resource_efficiency.overall", estimate=whole, note=note)
    each = done.by_day[known].sum(axis=1) / opened[known].sum(axis=1)
    mean = Estimate(value=float(each.mean()), n=n, unit="share", method="mean over resources")
    yield Measure(name="resource_efficiency.unweighted", estimate=mean)
    top = int(np.argmax(each))
    most = Estimate(value=float(each[top]), n=n, unit="share", method="largest over resources")
    yield Measure(name="resource_efficiency.bottleneck", estimate=most, note=prepared.resource_names[int(np.flatnonzero(known)[top])])


def cost_weights(site: Site, names: tuple[str, ...]) -> tuple[Floats, bool]:
    """What an hour of each resource costs, and whether the site says so (else all weigh the same)."""
    costs = [pool.cost_per_hour if (pool := site.pools.get(site.pool_of(name))) is not None else None for name in names]
    if all(cost is None for cost in costs):
        return np.ones(len(names)), False
    return np.array([cost or 0.0 for cost in costs]), True


def _turnover(prepared: Prepared, done: Worked) -> Iterator[Measure]:
    method = "exit of one case to entry of the next on the same day; overlaps counted as they are"
    if done.gaps.size == 0:
        return
    for name, of in (("mean", np.mean), ("median", np.median)):
        yield Measure(name=f"turnover.{name}", estimate=Estimate(value=float(of(done.gaps)), n=len(done.gaps), unit="h", method=method))
    order = np.argsort(done.gap_of, kind="stable")
    owners, first = np.unique(done.gap_of[order], return_index=True)
    for r, own in zip(owners, np.split(done.gaps[order], first[1:]), strict=True):
        group = {"resource": prepared.resource_names[int(r)]}
        middle = Estimate(value=float(np.median(own)), n=len(own), unit="h", method=method)
        yield Measure(name="turnover.median", group=group, estimate=middle)


def _week(usage: Usage, profile: Profile, roster: Roster, capacity: Ints) -> Iterator[Measure]:
    """How many are in use, and what share is open, in each hour of an average week, by pool."""
    names, of = pool_numbers(usage)
    work = profile.hours.sum(axis=0)
    total = np.bincount(of, weights=work.sum(axis=1), minlength=len(names))
    weeks = max(usage.days / 7, 1 / 7)
    is_open = np.diff(roster.within, axis=2).reshape(usage.resources, 168, -1).mean(axis=2) > 0
    for p in np.sort(np.argsort(-total, kind="stable")[:MOST_SHOWN]):
        members = np.flatnonzero(of == p)
        in_use, open_share = work[members].sum(axis=0) / weeks, is_open[members].mean(axis=0)
        n = int(usage.counts[members].sum())
        for h in range(168):
            group = {"pool": names[p], "hour": f"{WEEKDAYS[h // 24]} {h % 24:02d}"}
            mean = Estimate(value=float(in_use[h]), n=n, unit="in use", method=f"mean over {weeks:.0f} weeks")
            yield Measure(name="busy_by_hour", group=group, estimate=mean)
            share = Estimate(value=float(open_share[h]), n=len(members), unit="share", method="share of the pool's resources that are open")
            yield Measure(name="open_by_hour", group=group, estimate=share)
        places = Estimate(value=float(capacity[members].sum()), n=len(members), unit="patients at once", method="sum over the pool")
        yield Measure(name="capacity", group={"pool": names[p]}, estimate=places)
