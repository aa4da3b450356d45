"""Luck and arrivals of the rebuilt hospital: its own, drawn one after the other, in nothing like the package's."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import NamedTuple

from sandcone.core.arrivals import Gaps, Kind, Listed, Rate, Slots
from sandcone.core.law import Exponential, Fixed, Law, Lognormal, Uniform
from sandcone.core.model import Model
from sandcone.core.pace import Pace
from sandcone.core.site import Calendar

DAY, WEEK = 1440.0, 10080.0


class Person(NamedTuple):
    """Who comes, when, and where they begin."""

    minute: float
    attributes: dict[str, str]
    first: str
    name: str = ""


def minutes(law: Law, luck: Random) -> float:
    """One draw."""
    match law:
        case Fixed():
            return law.minutes
        case Uniform():
            return luck.uniform(law.low, law.high)
        case Exponential():
            return luck.expovariate(1 / law.mean)
        case Lognormal():
            return luck.lognormvariate(math.log(law.median), law.sigma)
        case _:
            return luck.choice(law.minutes)


def spells(calendar: Calendar, model: Model, days: int) -> list[tuple[float, float]]:
    """When it is open, shifts that meet as one."""
    found: list[tuple[float, float]] = []
    for d in range(days):
        day = model.begin + timedelta(days=d)
        if day.isoformat() in calendar.closed:
            continue
        for shift in calendar.shifts:
            if day.strftime("%a") in shift.days:
                a, b = shift.minutes()
                found.append((d * DAY + a, d * DAY + b))
    joined: list[tuple[float, float]] = []
    for a, b in sorted(found):
        if joined and a <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(b, joined[-1][1]))
        else:
            joined.append((a, b))
    return joined


def paced(pace: Pace, model: Model, now: float, delay: float) -> float:
    """When a delay of so many minutes of a pace's own clock is over: hour by hour."""
    monday = model.begin.weekday() * DAY
    while delay > 0:
        speed = pace.by_hour[int((monday + now) % WEEK // 60)]
        left = 60 - (monday + now) % 60
        if speed * left >= delay:
            return now + delay / speed
        now, delay = now + left, delay - speed * left
    return now


def people(model: Model, days: float, luck: Random) -> list[Person]:
    """Everybody who comes before the end, in order."""
    end = days * DAY
    found = [p for stream in model.arrivals for p in _stream(model, stream, end, luck) if 0 <= p.minute < end]
    return sorted(found, key=lambda p: p.minute)


def _stream(model: Model, stream: object, end: float, luck: Random) -> Iterator[Person]:
    match stream:
        case Rate():
            yield from _by_rate(model, stream, end, luck)
        case Gaps():
            yield from _by_gaps(model, stream, end, luck)
        case Slots():
            yield from _by_slots(model, stream, end, luck)
        case Listed():
            for p in stream.patients:
                yield Person(p.minute, dict(p.attributes), p.first or stream.first or model.route.first, p.name)


def _kind(kinds: tuple[Kind, ...], luck: Random) -> dict[str, str]:
    return dict(luck.choices(kinds, [k.share for k in kinds])[0].attributes)


def _by_rate(model: Model, stream: Rate, end: float, luck: Random) -> Iterator[Person]:
    """Thinning (Lewis and Shedler 1979): candidates at the highest rate, of which the rate of the hour keeps its share."""
    growth = 1 + stream.growth_per_week
    most = max(stream.per_hour) * max(1.0, growth ** (end / WEEK)) / 60
    t, monday = 0.0, model.begin.weekday() * DAY
    while (t := t + luck.expovariate(most)) < end:
        hour = int((monday + t) % WEEK // 60) if len(stream.per_hour) > 1 else 0
        if luck.random() * most * 60 < stream.per_hour[hour] * growth ** (t / WEEK):
            party = 1 if stream.party is None else max(1, math.floor(minutes(stream.party, luck) + 0.5))
            for _ in range(party):
                yield Person(t, _kind(stream.kinds, luck), stream.first or model.route.first)


def _by_gaps(model: Model, stream: Gaps, end: float, luck: Random) -> Iterator[Person]:
    """Gaps laid end to end, over open hours only."""
    open_ = [(0.0, end)] if stream.open is None else spells(stream.open, model, math.ceil(end / DAY))
    t = minutes(stream.gap, luck)
    for a, b in open_:
        while t < b - a:
            yield Person(a + t, _kind(stream.kinds, luck), stream.first or model.route.first)
            t += minutes(stream.gap, luck)
        t -= b - a


def _by_slots(model: Model, stream: Slots, end: float, luck: Random) -> Iterator[Person]:
    monday = model.begin.weekday() * DAY
    for week in range(math.ceil(end / WEEK) + 1):
        for slot in stream.slots:
            at = week * WEEK + slot - monday
            late = 0.0 if stream.unpunctual is None else minutes(stream.unpunctual, luck)
            if at >= 0 and luck.random() < stream.filled and luck.random() >= stream.no_show:
                yield Person(at + late - stream.early_minutes, _kind(stream.kinds, luck), stream.first or model.route.first)
