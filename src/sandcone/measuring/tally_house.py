"""What a run's resources did: when they are open, what an hour of them costs, how long they were in use on each day, and in overtime."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np

from sandcone.core.clock import DAY, HOUR
from sandcone.core.model import Model
from sandcone.core.rows import Passed
from sandcone.core.site import Calendar, Site
from sandcone.measuring.roster import SLOTS, Kind, Roster, assembled, days_used, declared_week, in_use_by_day, open_days
from sandcone.measuring.tally_pauses import Spells
from sandcone.measuring.tally_rows import Acts, Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class House:
    """The resources of a model, as its site describes them (resources,): pool, money an hour (NaN: nobody says), patients at once."""

    pools: tuple[str, ...]
    cost: Floats
    capacity: Ints
    calendars: tuple[Calendar | None, ...]  # None: always open


def house(model: Model, site: Site) -> House:
    """Every resource of a model; the site has the first word, and the model where the site says nothing."""
    pool_of = {r: name for name, pool in reversed(site.pools.items()) for r in pool.resources}
    pools = tuple(pool_of.get(name, name) for name in model.resources)
    said = [site.pools.get(pool) for pool in pools]
    own = [*model.resources.values()]
    costs = [r.cost_per_hour if p is None or p.cost_per_hour is None else p.cost_per_hour for p, r in zip(said, own, strict=True)]
    default = site.calendars.get("default")
    declared = [default if p is None or p.calendar is None else site.calendars[p.calendar] for p in said]
    models = [None if r.calendar is None else model.calendars[r.calendar] for r in own]
    return House(
        pools=pools,
        cost=np.array([np.nan if c is None else c for c in costs], dtype=np.float64),
        capacity=np.array([site.capacity.get(name, r.capacity) for name, r in model.resources.items()], dtype=np.int64),
        calendars=tuple(m if d is None else d for d, m in zip(declared, models, strict=True)),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Uses:
    """Each stretch of a resource's work (uses,): the row and the resource by number, from when to when in µs of true time."""

    of: Ints
    r: Ints
    begin: Ints
    over: Ints

    @property
    def hours(self) -> Floats:
        """How long each was."""
        return (self.over - self.begin) / HOUR


def uses(passed: Passed, spells: Spells) -> Uses:
    """Every use of a resource in these spells."""
    parts = []
    for used in (passed.rows.first, *passed.rows.also.T):
        r = used[spells.of].astype(np.int64)
        at = np.flatnonzero(r >= 0)
        parts.append((spells.of[at], r[at], spells.begin[at], spells.over[at]))
    of, r, begin, over = (np.concatenate(x) for x in zip(*parts, strict=True))
    return Uses(of=of, r=r, begin=begin, over=over)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Days:
    """Some days of a house (resources, days): hours in use and open (times places), and its uses within them by the wall clock."""

    first: int  # the model's day
    count: int
    busy: Floats
    open: Floats
    inside: Uses  # cut to these days
    roster: Roster
    hours_of: Ints  # (resources,): whose line of the roster each goes by


def days(house: House, acts: Acts, uses: Uses, first: int, last: int) -> Days:
    """The model's days from ``first`` up to, but not with, ``last``."""
    low, high, n = first * DAY, last * DAY, len(house.pools)
    begin, over = acts.clock.wall(uses.begin), acts.clock.wall(uses.over)
    mine = np.flatnonzero((over > low) & (begin < high))
    inside = Uses(of=uses.of[mine], r=uses.r[mine], begin=np.maximum(begin[mine], low), over=np.minimum(over[mine], high))
    roster, hours_of = _roster(house, inside, acts.clock.begin, first, last)
    return Days(
        first=first,
        count=last - first,
        busy=in_use_by_day(inside.r, inside.begin, inside.over, n, low, last - first),
        open=(roster.open_by_day()[hours_of, : last - first] / HOUR) * house.capacity[:, None],
        inside=inside,
        roster=roster,
        hours_of=hours_of,
    )


def _roster(house: House, inside: Uses, begin: int, first: int, last: int) -> tuple[Roster, Ints]:
    """A line for each calendar, and the line that each resource goes by; one that counts only days of use has a line of its own."""
    keys = [(id(c), r if c is not None and c.only_days_used else -1) for r, c in enumerate(house.calendars)]
    line = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    hours_of = np.array([line[key] for key in keys], dtype=np.int64)
    of_line = [house.calendars[int(np.flatnonzero(hours_of == i)[0])] for i in range(len(line))]
    origin, count = begin + first * DAY, last - first
    used = _used(house, inside, first, count)
    weekly = np.ones((len(line), 7, SLOTS), dtype=bool)
    opens = np.ones((len(line), count + 1), dtype=bool)  # one day more, for the last midnight
    for i, calendar in enumerate(of_line):
        if calendar is not None:
            weekly[i] = declared_week(calendar)
            opens[i, :-1] = open_days(calendar, origin, used[hours_of == i].any(axis=0))
    kinds: list[Kind] = ["declared"] * len(line)
    return assembled(weekly, opens, tuple(kinds), np.full(len(line), np.nan), origin), hours_of


def _used(house: House, inside: Uses, first: int, count: int) -> Bools:
    n = len(house.pools)
    if not any(c is not None and c.only_days_used for c in house.calendars):
        return np.ones((n, count), dtype=bool)  # nobody asks
    return days_used(inside.r, n, inside.begin, inside.over, first * DAY, count)


def overtime(model: Model, house: House, days: Days) -> Floats:
    """Hours that each resource worked outside its open hours, by the day on which that work began (resources, days).

    None where others take over at closing.
    """
    x, begin = days.inside, days.roster.origin - days.first * DAY
    line = days.hours_of[x.r]
    shut = days.roster.open_by_day()[:, : days.count].sum(axis=1) < days.count * DAY
    some = shut[line] & np.array([r.at_close != "hand over" for r in model.resources.values()], dtype=bool)[x.r]
    line, r, start, end = line[some], x.r[some], x.begin[some], x.over[some]
    in_hours = days.roster.open_until(line, end + begin) - days.roster.open_until(line, start + begin)
    n, day = len(house.pools), start // DAY - days.first
    outside = np.bincount(r * days.count + day, weights=(end - start - in_hours) / HOUR, minlength=n * days.count)
    return np.maximum(outside.reshape(n, days.count), 0.0)


def weights(house: House, among: Bools) -> Floats:
    """What an hour of each resource counts: its cost, 0 where only others have one, and 1 for all where none of these has."""
    if np.isnan(house.cost[among]).all():
        return np.ones(len(house.cost))
    return np.nan_to_num(house.cost)


def staff_of(model: Model, patterns: Sequence[str]) -> Bools:
    """Which resources are in a pool of the model whose name fits one of these patterns (resources,)."""
    return in_pools(model, [name for name in model.pools if any(fnmatchcase(name, pattern) for pattern in patterns)])


def in_pools(model: Model, names: Sequence[str]) -> Bools:
    """Which resources are in one of these pools (resources,)."""
    members = {m for name in names for m in model.pools[name].members}
    return np.array([name in members for name in model.resources], dtype=bool)
