"""Made-up clinics whose truth is known: a queue with several places, day after day, in one vectorised pass and one short loop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sandcone.core.chance import Luck
from sandcone.core.period import Period, Stage

Floats = NDArray[np.float64]
WARM_UP = 20  # days in which the queue fills, left out
ALWAYS = 24.0
SEGMENTS = ("short", "long")
HARM = 0.05  # come back within 30 days
Course = Callable[[Floats], Floats]  # a number by day, from days since the change (negative: before)


def steady(value: float) -> Course:
    """The same every day."""
    return lambda day: np.full(len(day), value)


RATE, LONG, SPREAD, DELAY = steady(60.0), steady(0.3), steady(1.0), steady(0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinic:
    """What makes one period: patients a day, the share of long ones, spread of help within a kind, places.

    ``even`` 1: arrivals as chance has it; 4: gaps with a quarter of that variance. ``delay``: mean hours a patient loses beside the queue.
    ``queues``: how many queues the places are split into. ``mood``: how strongly days that are alike (AR(1), ``lasting``) move demand
    up and delay down together. ``harm``: how many come back within 30 days.
    """

    rate: Course = RATE
    long: Course = LONG
    spread: Course = SPREAD
    delay: Course = DELAY
    even: int = 1
    places: int = 5
    hours: tuple[float, float] = (1.0, 2.5)  # mean hours of help of the short and of the long
    queues: int = 1
    mood: float = 0.0
    lasting: float = 0.9
    harm: float = HARM


def period(clinic: Clinic, luck: Luck, first: int, days: int, name: str) -> Period:
    """So many days of a clinic, from day ``first`` after the change on."""
    draw = luck.stream("clinic", name)
    when = np.arange(first - WARM_UP, first + days, dtype=np.float64)
    swing = _swing(clinic, draw, len(when))
    at, day = _arrivals(clinic, draw, when, swing)
    long = draw.random(len(at)) < clinic.long(when)[day]
    help_ = np.array(clinic.hours)[long.astype(int)] * _lognormal(draw, clinic.spread(when)[day])
    lost = clinic.delay(when)[day] * np.exp(-swing[day]) * draw.exponential(1.0, len(at))
    start = _served(clinic, draw, at, help_)
    busy = np.array(in_use(start, start + help_, len(when)))[WARM_UP:]
    kept = day >= WARM_UP
    return _period(name, int(first), busy, clinic, day[kept] - WARM_UP, (start - at + lost)[kept], help_[kept], long[kept], draw)


def _period(name, first, busy, clinic, day, wait, help_, long, draw) -> Period:  # noqa: ANN001
    days = len(busy)
    t = wait + help_
    opened = np.full(days, ALWAYS * clinic.places)
    by_day = [np.bincount(day, weights=x, minlength=days) for x in (help_, t)]
    return Period(
        name=name,
        days=np.arange(first, first + days) + 19_800,
        busy=busy,
        open=opened,
        day=day,
        t=t,
        va=help_,
        wait=wait,
        work=help_,
        stages={"Clinic": Stage(busy=busy, open=opened, va=by_day[0], t=by_day[1], places=clinic.places)},
        facts={"kind": np.array(SEGMENTS, dtype=object)[long.astype(int)]},
        harms={"returned within 30 days": (draw.random(len(day)) < clinic.harm).astype(np.float64)},
    )


def _swing(clinic: Clinic, draw: np.random.Generator, days: int) -> Floats:
    noise = draw.standard_normal(days) * clinic.mood * np.sqrt(1 - clinic.lasting**2)
    out = np.zeros(days)
    level = draw.standard_normal() * clinic.mood
    for d in range(days):
        level = clinic.lasting * level + noise[d]
        out[d] = level
    return out


def _arrivals(clinic: Clinic, draw: np.random.Generator, when: Floats, swing: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Moments (hours from the first day) and days; every ``even``-th of a Poisson stream so many times as fast."""
    rate = clinic.rate(when) * np.exp(0.3 * swing)
    upto = np.concatenate([[0.0], np.cumsum(rate)])
    gaps = draw.gamma(clinic.even, 1 / clinic.even, int(upto[-1] + 8 * np.sqrt(upto[-1]) + 20))
    marks = np.cumsum(gaps)
    days = np.interp(marks[marks < upto[-1]], upto, np.arange(len(upto)))
    return 24 * days, days.astype(np.int64)


def _lognormal(draw: np.random.Generator, spread: Floats) -> Floats:
    width = np.sqrt(np.log1p(spread**2))
    return np.exp(width * draw.standard_normal(len(spread)) - width**2 / 2)


def _served(clinic: Clinic, draw: np.random.Generator, at: Floats, help_: Floats) -> Floats:
    start = np.zeros(len(at))
    queue = draw.integers(0, clinic.queues, len(at))
    for q in range(clinic.queues):
        mine = queue == q
        start[mine] = first_come(at[mine], help_[mine], clinic.places // clinic.queues)
    return start


@njit(cache=True)
def first_come(at, help_, places):  # noqa: ANN001, ANN201
    """When each patient's help begins, first come, first served (Kiefer and Wolfowitz 1955; one place: Lindley 1952)."""
    free = np.zeros(places)
    start = np.empty(len(at))
    for i in range(len(at)):
        k = 0
        for j in range(1, places):
            if free[j] < free[k]:
                k = j
        start[i] = max(at[i], free[k])
        free[k] = start[i] + help_[i]
    return start


@njit(cache=True)
def in_use(start, end, days):  # noqa: ANN001, ANN201
    """Hours in use on each day."""
    out = np.zeros(days)
    for i in range(len(start)):
        d = int(start[i] // 24)
        a = start[i]
        while a < end[i] and d < days:
            b = min(end[i], 24.0 * (d + 1))
            out[d] += b - a
            a = b
            d += 1
    return out


def later(clinic: Clinic, **what: object) -> Clinic:
    """The same clinic, with something changed."""
    return replace(clinic, **what)  # type: ignore[arg-type]
