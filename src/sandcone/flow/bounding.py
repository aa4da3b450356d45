"""A lower bound before a search, worked out in a process of its own, so that Ctrl-C ends it at once."""

from __future__ import annotations

import time

from sandcone.core.inpatient import Problem
from sandcone.planning.ahead import Ahead, Answer

PATIENCE = 30.0  # seconds beyond its time, after which it is given up


def bound_of(problem: Problem, seconds: float) -> Answer | None:
    """A cost that no plan can be below, and the days behind it, looked for in so many seconds; None where none was found."""
    ahead, until = Ahead(problem, seconds), time.monotonic() + seconds + PATIENCE
    try:
        while (said := ahead.answer()) is None and time.monotonic() < until:
            time.sleep(0.02)
    finally:
        ahead.stop()
    return None if said is None or said.bound <= 0 else said
