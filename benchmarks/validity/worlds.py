"""The pairs of periods whose truth is known: what is changed between them, and what the verdict may and may not say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from benchmarks.validity.clinic import Clinic, Course, later, steady

from sandcone.core.verdict import Word

DAYS = 180
BASE = Clinic()
BROKEN = later(BASE, rate=steady(65.0), spread=steady(0.5), even=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One pair: what is said of it, both clinics, and the share of verdicts with a word that is asked for (at least or at most)."""

    name: str
    before: Clinic
    after: Clinic
    word: Word
    least: float = 0.0
    most: float = 1.0
    runs: int = 0  # 0: two periods; else so many pairs of runs


def along(first: float, last: float) -> Course:
    """A number that goes in a straight line from the first day before to the last day after."""
    return lambda day: first + (last - first) * (day + DAYS) / (2 * DAYS)


def week(usual: float, then: float, begins: int = -84) -> Course:
    """The same every day but in one week, from a Monday on."""
    return lambda day: np.where((day >= begins) & (day < begins + 7), then, usual)


def season(usual: float, most: float) -> Course:
    """A number that goes up and down once in the two periods together: low before, high after."""
    return lambda day: usual + most * np.sin(np.pi * day / DAYS)


SEASON = {"rate": season(60.0, 4.0), "spread": season(1.0, -0.9), "delay": season(0.5, -0.4)}
TREND = {"rate": along(52.0, 68.0), "spread": along(1.5, 0.4), "delay": along(0.8, 0.1)}
HALF = {"rate": along(56.0, 64.0), "spread": along(1.2, 0.7), "delay": along(0.6, 0.25)}
BAD_WEEK = {"rate": week(60.0, 20.0), "delay": week(0.0, 40.0)}
MOOD = {"mood": 0.6, "delay": steady(4.0)}
MIXED = later(BASE, hours=(0.5, 6.0), spread=steady(0.3), long=steady(0.15), rate=steady(65.0))


def worlds() -> list[World]:
    """Every pair, equal ones first."""
    false = {"word": "broken", "most": 0.05}
    return [
        World(name="equal", before=BASE, after=BASE, word="no change", least=0.95),
        World(name="a place more", before=BASE, after=later(BASE, places=6), **false),
        World(name="a place and a fifth more patients", before=BASE, after=later(BASE, places=6, rate=steady(72.0)), **false),
        World(name="a tenth more patients", before=BASE, after=later(BASE, rate=steady(66.0)), **false),
        World(name="more of the long patients", before=BASE, after=later(BASE, long=steady(0.75), rate=steady(45.0)), **false),
        World(name="fewer of the long patients", before=later(BASE, long=steady(0.75), rate=steady(38.0)), after=BASE, **false),
        World(name="other patients, more alike", before=MIXED, after=later(MIXED, long=steady(0.9), rate=steady(17.6)), **false),
        World(name="trend", before=later(BASE, **TREND), after=later(BASE, **TREND), **false),
        World(name="half that trend", before=later(BASE, **HALF), after=later(BASE, **HALF), **false),
        World(name="one bad week before", before=later(BASE, **BAD_WEEK), after=later(BASE, rate=steady(64.0)), **false),
        World(name="days alike", before=later(BASE, **MOOD), after=later(BASE, **MOOD), **false),
        World(name="broken, but more come back", before=BASE, after=later(BROKEN, harm=0.10), **false),
        World(name="broken", before=BASE, after=BROKEN, word="broken", least=0.80),
        World(name="season", before=later(BASE, **SEASON), after=later(BASE, **SEASON), word="broken"),
        World(
            name="broken, three quarters of it",
            before=BASE,
            after=later(BASE, rate=steady(63.8), spread=steady(0.6), even=3),
            word="broken",
        ),
        World(name="broken, half of it", before=BASE, after=later(BASE, rate=steady(62.5), spread=steady(0.75), even=2), word="broken"),
        World(name="equal, ten pairs of runs", before=BASE, after=BASE, word="no change", least=0.95, runs=10),
        World(name="a place more, ten pairs", before=BASE, after=later(BASE, places=6), runs=10, **false),
        World(name="broken, ten pairs", before=BASE, after=BROKEN, word="broken", least=0.80, runs=10),
    ]
