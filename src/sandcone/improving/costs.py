"""What the open hours of a hospital cost a week."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from sandcone.core.model import Model
from sandcone.core.opening import open_spells

WEEKS = 8  # of the model's calendars, over which opening hours are averaged, so that closed days count as they fall


def weekly_cost(model: Model, staff: Sequence[str] = ("*",)) -> tuple[float, float]:
    """Money a week for the open hours of every place, and of the people among them.

    Hours a week × places × what a resource costs an hour, over all resources that are in some pool; who is in several counts once.
    ``staff`` names the pools that are people, ``*`` standing for any text: who is in one of these counts as staff. Where no resource of the
    model says what it costs, each hour counts as 1, so that more hours are still dearer. Overtime and the price of levers are not in it.
    """
    hours = _hours(model)
    priced = any(r.cost_per_hour is not None for r in model.resources.values())
    cost = {}
    for name in dict.fromkeys(m for pool in model.pools.values() for m in pool.members):
        r = model.resources[name]
        cost[name] = hours[r.calendar] * r.capacity * ((r.cost_per_hour or 0.0) if priced else 1.0)
    people = {m for name, pool in model.pools.items() if any(fnmatchcase(name, s) for s in staff) for m in pool.members}
    return sum(cost.values()), sum(money for name, money in cost.items() if name in people)


def _hours(model: Model) -> dict[str | None, float]:
    """Open hours a week by calendar; None is always."""
    spells = {name: open_spells(c, model.begin, 7 * WEEKS) for name, c in model.calendars.items()}
    return {None: 168.0, **{name: float((ends - starts).sum()) / 60 / WEEKS for name, (starts, ends) in spells.items()}}
