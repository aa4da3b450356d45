"""Levers of theatres: when the first case begins, how long it takes between two, and until when one may begin."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from sandcone.core.arrangement import Arrangement
from sandcone.core.errors import ModelError
from sandcone.core.model import Model, Resource
from sandcone.improving.levers.naming import matching
from sandcone.improving.levers.shifts import hours


def first_case(
    at: Arrangement, *, calendars: tuple[str, ...], minutes: int, ends: Literal["as before", "earlier"] = "as before"
) -> Arrangement:
    """The first case of the day begins earlier, for all who keep these hours.

    The first shift of each day opens ``minutes`` before and closes as before, so there are more open hours and they cost more; with
    ``ends`` "earlier" the last one closes earlier by as much, and no hour is added. ``ModelError`` where a shift would begin on the day
    before.
    """
    if minutes < 1:
        raise ModelError("first_case", f"{minutes} minutes earlier", "Give a whole number of minutes, 1 or more.")
    later = -minutes if ends == "earlier" else 0
    return hours(at, calendars=calendars, earlier_minutes=minutes, later_minutes=later)


def turnover(at: Arrangement, *, pools: tuple[str, ...], times: float) -> Arrangement:
    """It takes so many times as long to get a room ready for the next patient; below 1 it is faster.

    Nothing in a model pays for it: say with ``money_per_week`` what the people cost who do it. ``ModelError`` where no member of the
    pools takes any time, or it stays as it is.
    """
    if not 0 <= times < math.inf:
        raise ModelError("turnover", f"{times:g} times as long", "Give a number, 0 or more.")

    def faster(it: Resource) -> Resource:
        return replace(it, turnover_minutes=it.turnover_minutes * times)

    return replace(at, model=_each(at.model, pools, faster, "takes time between two patients"))


def last_start(at: Arrangement, *, pools: tuple[str, ...], minutes: float) -> Arrangement:
    """No case begins within so many minutes of closing: fewer, and hours at the end of the day are used; more, and there is less overtime.

    ``ModelError`` where no member of the pools ever closes, it stays as it is, or no time is left in which a step could begin.
    """

    def until(it: Resource) -> Resource:
        return it if it.calendar is None else replace(it, last_start_minutes=minutes)

    return replace(at, model=_each(at.model, pools, until, "closes with another last start"))


def _each(model: Model, pools: tuple[str, ...], change: Callable[[Resource], Resource], what: str) -> Model:
    """A model in which every member of some pools is changed once."""
    which = matching(pools, model.pools, "pool")
    members = {m for p in which for m in model.pools[p].members}
    resources = {n: change(r) if n in members else r for n, r in model.resources.items()}
    if resources == model.resources:
        raise ModelError(" and ".join(map(repr, which)), f"nobody and nothing there {what}", "Name other pools.")
    return replace(model, resources=resources)
