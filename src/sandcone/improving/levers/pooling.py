"""Levers of pooling: places that stand in for each other, and places that change to another pool."""

from __future__ import annotations

from dataclasses import replace

from sandcone.core.arrangement import Arrangement
from sandcone.core.errors import ModelError
from sandcone.core.model import Model, Pick, Pool
from sandcone.improving.levers.naming import Wanted, some, together
from sandcone.improving.levers.pairs import pairs
from sandcone.improving.levers.places import Places


def pool(at: Arrangement, *, pools: tuple[str, ...], own_first: bool = True) -> Arrangement:
    """Several pools stand in for each other: whoever is free helps.

    Each pool has its own members first and then those of the others, in the order given; with ``own_first = false`` all have one order,
    that of the first. Hours, cost and speed of each member stay as they are. ``ModelError`` where there are fewer than two pools, or they
    share all their members already.
    """
    model = at.model
    groups = [g["pools"] for g in together(pools=Wanted("pool", pools, model.pools))]
    made = {name: p for names in groups if not _are_one(model, names) for name, p in _joined(model, names, own_first).items()}
    if not made:
        raise ModelError(
            "pool", f"{some(pools)}: one pool only, or all in one already", "Name two or more that do not help each other yet."
        )
    return replace(at, model=replace(model, pools={**model.pools, **made}))


def _are_one(model: Model, names: tuple[str, ...]) -> bool:
    return len({frozenset(model.pools[name].members) for name in names}) == 1


def _joined(model: Model, names: tuple[str, ...], own_first: bool) -> dict[str, Pool]:
    """Each pool with the members of all; "listed", so that its own are taken first."""

    def members(own: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(m for name in ((own, *names) if own_first else names) for m in model.pools[name].members))

    pick: Pick = "listed" if own_first else model.pools[names[0]].pick
    return {name: Pool(members=members(name), pick=pick) for name in names}


def move(at: Arrangement, *, from_pool: str, to_pool: str, units: int) -> Arrangement:
    """People or rooms change from one pool to another.

    Single ones leave every pool that they are in, the last listed first; of a group so many places leave. They take over the hours of the
    pool they join (its first member's calendar, last start, and what happens at its end), and keep their speed, their grade and
    what they cost an hour. ``ModelError`` where nobody would be left, or the pools share somebody.
    """
    places = Places.of(at.model)
    for one, other in pairs("pool", from_pool, to_pool, at.model.pools):
        if both := set(places.members[one]) & set(places.members[other]):
            raise ModelError("move", f"{min(both)!r} is in {one!r} and {other!r} already", "Name two pools that share nobody.")
        places.put(places.take(one, units, to=other), other)
    return replace(at, model=places.model(at.model))
