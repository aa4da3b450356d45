"""Which clock delays pass by: the wall's, or one of the house that goes only, and mostly, in the hours in which the house is at work.

A timer runs through the night, so what it ends at night begins in a heap when people come back. A delay that people make does not:
shuffled among steps it would often end in hours in which nobody works, and no heap is seen in the morning, nor a queue. That is looked at
step by step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sandcone.core.pace import HOURS, Pace, on_clock, when_it_shows
from sandcone.modelling.facts import EPS, WEEK, Bools, Facts, Floats, Ints
from sandcone.modelling.rare_days import hours_of, rare_days
from sandcone.modelling.rounding import short

HOUSE = "as the house works"
DEAD = 0.02  # of the steps begin in hours that are dead
CLEARLY = 0.03  # share of shuffled delays that end in dead hours, beyond which the wall's clock is not theirs
MANY = 200  # delays from which a clock of the house can be told
FINE = 2000  # delays from which hours of the week are told apart, not only hours of the day
OWN = 100  # delays of a step from which its clock is decided for itself
HEAP = 15.0  # minutes after opening in which what was over before begins


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Clocks:
    """The pace of the house, if there is one, and by step whether its delays pass by it."""

    pace: Pace | None
    by_pace: Bools

    def shown(self, step: Ints, minute: Floats) -> Floats:
        """What the clock of each step shows at a minute."""
        return minute if self.pace is None else np.where(self.by_pace[step], on_clock(self.pace.passed, minute), minute)

    def minute(self, step: Ints, shown: Floats) -> Floats:
        """The minute at which the clock of each step shows this."""
        return shown if self.pace is None else np.where(self.by_pace[step], when_it_shows(self.pace.passed, shown), shown)

    def name(self, step: int) -> str | None:
        """The name of a step's clock; None is the wall's."""
        return HOUSE if self.pace is not None and self.by_pace[step] else None

    @property
    def paces(self) -> Mapping[str, Pace]:
        """The paces in use, by name."""
        return {HOUSE: self.pace} if self.pace is not None and self.by_pace.any() else {}


def clocks(f: Facts, waited: Floats, queued: Bools) -> Clocks:
    """Decide by which clock the delays before each step pass; ``queued`` steps began when all had been busy or away.

    All of the past counts alike here, since rare hours need much of it.
    """
    late = waited > EPS
    wall = Clocks(pace=None, by_pace=np.zeros(len(f.steps), dtype=bool))
    if late.sum() < MANY:
        return wall
    house = _refuses_the_wall(f, waited, queued, np.flatnonzero(late))
    by_pace = np.full(len(f.steps), house)
    for s in range(len(f.steps)):
        rows = np.flatnonzero(late & (f.step == s))
        if len(rows) >= OWN:
            by_pace[s] = _refuses_the_wall(f, waited, queued, rows)
    rows = np.flatnonzero(late & by_pace[f.step])
    if not rows.size:
        return wall
    count = np.where(hours_of(rare_days(f.start)), 0, np.bincount(_hour(f.start[rows]), minlength=HOURS))
    speed = count * (
        count.sum() / (count**2).sum()
    )  # 1 on average over these steps: a delay is as many minutes long as the house is at work in it
    return Clocks(pace=Pace(by_hour=tuple(short(speed))), by_pace=by_pace)


def _hour(minute: Floats) -> Ints:
    return (minute % WEEK // 60).astype(np.int64)


def _refuses_the_wall(f: Facts, waited: Floats, queued: Bools, rows: Ints) -> bool:
    hour, turn = _hour(f.start[rows]), np.argsort(f.step[rows], kind="stable")
    other = np.empty(len(rows), dtype=np.int64)
    other[turn] = turn[_of_another(f.step[rows][turn])]
    lands = _hour(f.start[rows] - waited[rows] + waited[rows][other])
    every = 1 if len(rows) >= FINE else 7  # of few steps only the hour of the day can be looked at
    dead = _dead(hour[::2], every)
    astray = float(dead[lands[1::2]].mean() - dead[hour[1::2]].mean())  # in the half that did not say which hours are dead
    # each step in the heap is one delay that ended in dead hours, and lends another step a wait that may
    return astray - 2 * max(_heaped(f.start[rows], hour, dead), float(queued[rows].mean())) >= CLEARLY


def _dead(hour: Ints, every: int) -> Bools:
    """The emptiest hours of the week that have next to none of the steps; ``every`` 7: all days are taken for one."""
    n = HOURS // every
    count = np.bincount(hour % n, minlength=n)
    order = np.argsort(count, kind="stable")
    dead = np.zeros(n, dtype=bool)
    dead[order] = np.cumsum(count[order]) <= DEAD * count.sum()
    return np.tile(dead, every)


def _of_another(step: Ints) -> Ints:
    """For each of some sorted steps another one of the same name: half the group further on."""
    first = np.searchsorted(step, step, side="left")
    size = np.searchsorted(step, step, side="right") - first
    return np.asarray(first + (np.arange(len(step)) - first + size // 2) % size)


def _heaped(start: Floats, hour: Ints, dead: Bools) -> float:
    """The share of steps that begin in the first minutes after a dead hour, beyond what the rest of that hour would make one expect."""
    opening = np.roll(dead, 1) & ~dead
    within = start % 60
    early = float((opening[hour] & (within < HEAP)).mean())
    later = float((opening[hour] & (within >= HEAP)).mean())
    return max(0.0, early - later * HEAP / (60 - HEAP))
