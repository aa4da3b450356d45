"""Levers that fit a hospital, found from its model and its loads alone: a file to begin with, each lever with its reason."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain, islice

from sandcone.core.arrangement import Arrangement
from sandcone.core.errors import InputError
from sandcone.core.model import Model
from sandcone.improving.levers.idea import Idea, Said, said
from sandcone.improving.levers.likeness import BUSY, IDLE, House, Pair, some_of
from sandcone.improving.levers.reading import levers_of
from sandcone.improving.levers.suggest_order import appointments, groups, hours, last_start, overbooked, turnover, who_goes_first

MOST = 15  # levers in all
APART = 0.2  # by how much the loads of two pools must differ for places to go from one to the other
FULL = 0.85  # load that must not be passed when places close


def suggested(model: Model, loads: Mapping[str, float]) -> str:
    """A file of levers for a hospital, to be read and mended before it is tried: what might help, each with its reason.

    ``loads``: by pool, hours of work that come for each hour open (``simulating.load``). At most fifteen levers, and each of their settings
    was set once on the model, without a run. Whether two pools can truly do each other's work, and what a change costs, no model knows.
    """
    house = House(model=model, loads={pool: float(x) for pool, x in loads.items()})
    today = Arrangement(model=model)
    found = islice((idea for each in _ideas(house) if (idea := _that_can_be_set(each, today)) is not None), MOST)
    in_order = sorted(
        found, key=lambda idea: idea.use == "pool"
    )  # levers are set in the order of the file: a closed place is the pool's own
    limits = ["[limits]", "cost = 1.0 # times as today: what is tried may cost no more", ""] if house.costs_known else []
    return "\n".join([*_head(model), *limits, *(idea.toml() for idea in in_order)])


def _head(model: Model) -> list[str]:
    return [
        f"# Levers suggested for {said(model.name)}, from its model alone. Read them before they are tried: take out what cannot be,",
        "# and say with money_per_week what a change costs beyond the hours of people and rooms.",
        "",
    ]


def _ideas(house: House) -> Iterator[Idea]:
    """Every suggestion, those that are worth most in front."""
    return chain(
        islice(_pooled(house), 3),
        islice(_moved(house), 2),
        islice(_closed(house), 2),
        islice(_opened(house), 2),
        who_goes_first(house.model),
        islice(hours(house), 2),
        turnover(house),
        appointments(house.model),
        groups(house.model),
        overbooked(house.model),
        last_start(house),
    )


def _that_can_be_set(idea: Idea, today: Arrangement) -> Idea | None:
    """The suggestion with the settings that the hospital can have; None if it can have none."""
    try:
        levers = levers_of({**tomllib.loads(idea.toml()), "optional": True}, "suggested", today).levers
    except InputError:
        return None
    can = {setting.name for lever in levers for setting in lever.settings}
    return replace(idea, settings=[s for s in idea.settings if s["name"] in can]) if can else None


def _pooled(house: House) -> Iterator[Idea]:
    for pair in sorted(house.pairs, key=lambda p: not p.alike):
        why = f"{_loads(house, pair)}; {pair.because}. Can each do the other's work?"
        yield Idea(name=f"One pool: {pair.one} and {pair.other}", use="pool", why=why, parameters={"pools": [pair.one, pair.other]})


def _loads(house: House, pair: Pair) -> str:
    return f"Load {house.loads[pair.one]:.0%} in {pair.one}, {house.loads[pair.other]:.0%} in {pair.other}"


def _moved(house: House) -> Iterator[Idea]:
    """From the pool that is less busy to the other, those first whose loads differ most."""
    for pair in sorted(house.pairs, key=lambda p: house.loads[p.other] - house.loads[p.one]):
        most, closes = house.places(pair.other) - 1, house.keeps_hours(pair.one) or house.keeps_hours(pair.other)
        if house.loads[pair.one] < max(IDLE, house.loads[pair.other] + APART) or most < 1 or (closes and not pair.alike):
            continue
        use = "move" if closes else "convert"
        yield Idea(
            name=f"From {pair.other} to {pair.one}",
            use=use,
            why=f"{_loads(house, pair)}; {pair.because}.",
            parameters={"from_pool": pair.other, "to_pool": pair.one},
            settings=[{"name": f"{n} of {most + 1}", "units": n} for n in some_of(most + 1) if n <= most],
        )


def _closed(house: House) -> Iterator[Idea]:
    """Places of idle pools, those first whose empty hours cost most."""
    for pool in sorted(house.pools, key=lambda p: -house.idle_money(p)):
        places, load = house.places(pool), house.loads[pool]
        can = [n for n in some_of(places) if n < places and load * places / (places - n) < FULL]
        if load < IDLE and can:
            why = f"Load {load:.0%} in {pool}: hours that nobody needs cost money. How many are kept for the worst night?"
            settings: list[Said] = [{"name": f"{n} of {places}", "change": -n} for n in can]
            yield Idea(name=f"Fewer: {pool}", use="capacity", why=why, parameters={"pools": [pool]}, settings=settings)


def _opened(house: House) -> Iterator[Idea]:
    for pool in house.pools:
        if house.loads[pool] > BUSY:
            why = f"Load {house.loads[pool]:.0%} in {pool}. More places cost more, so another lever must pay for them."
            settings: list[Said] = [{"name": f"{n} more", "change": n} for n in some_of(house.places(pool))]
            yield Idea(name=f"More: {pool}", use="capacity", why=why, parameters={"pools": [pool]}, settings=settings)
