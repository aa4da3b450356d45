"""Levers of hours: when people and rooms begin and end, and what becomes of work under way at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sandcone.core.arrangement import Arrangement
from sandcone.core.errors import ModelError
from sandcone.core.journeys import joined
from sandcone.core.lever import BRANCH
from sandcone.core.model import DAYS, AtClose, Model, Resource
from sandcone.core.site import Calendar, Shift, Weekday
from sandcone.improving.levers.naming import matching, some
from sandcone.improving.levers.places import free_name

MIDNIGHT = 24 * 60
Spells = tuple[tuple[int, int], ...]


def hours(
    at: Arrangement,
    *,
    calendars: tuple[str, ...] = (),
    resources: tuple[str, ...] = (),
    pools: tuple[str, ...] = (),
    earlier_minutes: int = 0,
    later_minutes: int = 0,
    days: tuple[Weekday, ...] = (),
) -> Arrangement:
    """People or rooms open earlier by so many minutes, and close later by so many; below 0 it is the other way.

    Earlier 60 and later -60 moves a day, earlier 60 alone makes it longer. On a day with several shifts the first opens and the last
    closes otherwise. Named ``calendars`` change for all who keep them; named ``resources`` and the members of ``pools`` get hours of their
    own where others keep their calendar too. ``days`` are those on which it holds (none named: all). When patients come and
    what is booked stays as it is. ``ModelError`` where nobody named keeps hours, or a shift would pass midnight or never open.
    """
    model = at.model
    named = matching(calendars, model.calendars, "calendar")
    own = _of_their_own(model, {*matching(resources, model.resources, "resource"), *_members(model, pools)})
    change = _Change(earlier=earlier_minutes, later=later_minutes, days=frozenset(days or DAYS))
    changed = {name: change.of(name, model.calendars[name]) for name in named}
    changed |= {new: change.of(old, changed.get(old, model.calendars[old])) for old, new in own.names.items()}
    if all(c == model.calendars.get(name) for name, c in changed.items()):
        raise ModelError("hours", f"{some((*calendars, *resources, *pools))} keep the hours they had", "Name who keeps hours, and minutes.")
    return replace(at, model=replace(model, calendars={**model.calendars, **changed}, resources=own.resources))


def _members(model: Model, pools: tuple[str, ...]) -> Iterator[str]:
    return (m for pool in matching(pools, model.pools, "pool") for m in model.pools[pool].members)


def _of_their_own(model: Model, who: set[str]) -> _Own:
    """Calendars for these resources alone: the one they have if nobody else keeps it, else a copy under a new name."""
    keep: dict[str, list[str]] = {}
    for name, r in model.resources.items():
        if r.calendar is not None:
            keep.setdefault(r.calendar, []).append(name)
    names = {}
    for calendar, all_of in keep.items():
        if chosen := [n for n in all_of if n in who]:
            names[calendar] = calendar if len(chosen) == len(all_of) else free_name(f"{calendar}{BRANCH}{chosen[0]}", model.calendars)
    given = {n: replace(r, calendar=names[r.calendar]) if n in who and r.calendar is not None else r for n, r in model.resources.items()}
    return _Own(names=names, resources=given)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Own:
    """The calendar that each old one becomes for some resources, and all resources with these."""

    names: Mapping[str, str]
    resources: Mapping[str, Resource]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """By how much hours begin earlier and end later, and on which days."""

    earlier: int
    later: int
    days: frozenset[str]

    def of(self, name: str, calendar: Calendar) -> Calendar:
        """The calendar with other hours; closed days stay closed."""
        week = {day: self._day(name, day, spells) for day in DAYS if (spells := _spells(calendar, day))}
        shifts = [_shift([d for d in week if week[d] == spells], *spell) for spells in dict.fromkeys(week.values()) for spell in spells]
        return calendar if week == {d: _spells(calendar, d) for d in week} else calendar.model_copy(update={"shifts": tuple(shifts)})

    def _day(self, name: str, day: str, spells: Spells) -> Spells:
        if day not in self.days:
            return spells
        first, last = spells[0][0] - self.earlier, spells[-1][1] + self.later
        (_, closes), *rest = spells
        made = ((first, closes), *rest)
        made = (*made[:-1], (made[-1][0], last))
        if first < 0 or last > MIDNIGHT:
            raise ModelError(f"calendar {name!r}, {day}", "its hours would pass midnight", "Give fewer minutes, or other days.")
        if any(end <= start for start, end in made):
            raise ModelError(f"calendar {name!r}, {day}", "a shift would never open", "Give fewer minutes, or other days.")
        return made


def _spells(calendar: Calendar, day: str) -> Spells:
    """When it is open on a day of the week, in minutes after midnight; shifts that meet are one."""
    return tuple(joined(s.minutes() for s in calendar.shifts if day in s.days))


def _shift(days: list[str], opens: int, closes: int) -> Shift:
    return Shift.model_validate({"days": days, "from": _clock(opens), "to": _clock(closes)})


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def at_close(at: Arrangement, *, resources: tuple[str, ...] = (), pools: tuple[str, ...] = (), policy: AtClose) -> Arrangement:
    """At the end of a shift work under way is finished in overtime, handed over to colleagues, or goes on the next morning.

    ``policy``: "finish", "hand over" or "go home", for named resources and the members of named pools that keep hours. ``ModelError`` where
    nobody named ever closes, or it is so already.
    """
    model = at.model
    named = {*matching(resources, model.resources, "resource"), *_members(model, pools)}
    changed = {n: replace(model.resources[n], at_close=policy) for n in named if model.resources[n].calendar is not None}
    if all(r == model.resources[n] for n, r in changed.items()):
        raise ModelError("at_close", f"{some((*resources, *pools))} never close, or do so already", "Name who closes, and another policy.")
    return replace(at, model=replace(model, resources={**model.resources, **changed}))
