"""The kinds of levers: each is one function from an arrangement to a changed one. To add a kind, write the function and its line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sandcone.core.arrangement import Arrangement
from sandcone.improving.levers.appointments import appointments, overbook
from sandcone.improving.levers.beds import convert, discharge
from sandcone.improving.levers.capacity import capacity
from sandcone.improving.levers.care import booking, care, decoupling
from sandcone.improving.levers.pooling import move, pool
from sandcone.improving.levers.queues import queue
from sandcone.improving.levers.shifts import at_close, hours
from sandcone.improving.levers.smoothing import smooth
from sandcone.improving.levers.streams import split
from sandcone.improving.levers.tasks import shift_tasks
from sandcone.improving.levers.telehealth import telehealth
from sandcone.improving.levers.theatre import first_case, last_start, turnover
from sandcone.improving.levers.waiting import lag, side_by_side

KINDS: Mapping[str, Callable[..., Arrangement]] = {
    "pool": pool,
    "split": split,
    "smooth": smooth,
    "hours": hours,
    "move": move,
    "shift_tasks": shift_tasks,
    "queue": queue,
    "appointments": appointments,
    "overbook": overbook,
    "at_close": at_close,
    "first_case": first_case,
    "turnover": turnover,
    "last_start": last_start,
    "discharge": discharge,
    "convert": convert,
    "capacity": capacity,
    "telehealth": telehealth,
    "lag": lag,
    "side_by_side": side_by_side,
    "care": care,
    "decoupling": decoupling,
    "booking": booking,
}
"""By the name that a levers file calls them by (``use = "pool"``)."""
