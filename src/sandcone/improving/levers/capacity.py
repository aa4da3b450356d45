"""Levers of capacity: more or fewer places, here or everywhere in a pool."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from sandcone.core.arrangement import Arrangement
from sandcone.core.errors import ModelError
from sandcone.core.model import Model
from sandcone.improving.levers.naming import matching
from sandcone.improving.levers.places import Places


def capacity(at: Arrangement, *, pools: tuple[str, ...], change: int | None = None, times: float | None = None) -> Arrangement:
    """Some pools have more places, or fewer.

    ``change`` is in places of each pool, ``times`` scales them (rounded to whole places, one at least); give one of the two. A group of
    like beds or people grows or shrinks; of single people or rooms a copy of the last one joins ("Theatre A6 (extra 1)"), with the same
    hours, cost and speed and in the same pools, or the last ones go. ``ModelError`` where fewer than one place would be left, or
    a step could not be done any more.
    """
    if (change is None) == (times is None):
        raise ModelError("capacity", "both change and times, or neither", "Give one of the two.")
    if times is not None and not 0 < times < math.inf:
        raise ModelError("capacity", f"{times:g} times the places", "Give a number above 0.")
    model = at.model
    now = {pool: places(model, pool) for pool in matching(pools, model.pools, "pool")}
    then = {pool: n + change if change is not None else max(1, math.floor(n * (times or 1) + 0.5)) for pool, n in now.items()}
    if then == now:
        raise ModelError("capacity", f"{', '.join(now)} would have as many places as before", "Give a larger change.")
    return replace(at, model=with_places(model, then))


def places(model: Model, pool: str) -> int:
    """How many patients a pool can serve at once."""
    return sum(model.resources[m].capacity for m in model.pools[pool].members)


def with_places(model: Model, wanted: Mapping[str, int]) -> Model:
    """A model in which these pools have so many places, one pool after the other; who is in several counts for all of them."""
    of = Places.of(model)
    for pool, n in wanted.items():
        if n < 1:
            raise ModelError(f"pool {pool!r}", f"{n} places instead of {places(model, pool)}", "Leave one place at least.")
        more = n - of.count(pool)
        if more > 0:
            of.more(pool, more)
        elif more < 0:
            of.close(of.take(pool, -more, to="closed"))
    return of.model(model)
