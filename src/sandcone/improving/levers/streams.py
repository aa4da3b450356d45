"""The lever that gives some patients places of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sandcone.core.arrangement import Arrangement
from sandcone.core.errors import ModelError
from sandcone.core.lever import BRANCH
from sandcone.core.model import Model, Pool, Step
from sandcone.improving.levers.branching import branched, kept_whole, not_booked, that_need
from sandcone.improving.levers.naming import Wanted, together
from sandcone.improving.levers.people import patients_with
from sandcone.improving.levers.places import Places


def split(
    at: Arrangement, *, attribute: str, values: tuple[str, ...], steps: tuple[str, ...], pools: tuple[str, ...], units: int
) -> Arrangement:
    """Some patients have people and rooms of their own for some steps, and the others have the rest.

    ``units`` places leave each of the ``pools`` for a pool of its own, "Cardiologists · urgent"; patients with the attribute do the steps
    as "Consultation · urgent", which takes as long, with these places only, and all others with those left. Where a place is kept from
    step to step, all steps that use it have to be named. ``ModelError`` where a pool would be left empty, no step needs it, one is done by
    appointment, or nobody has such an attribute.
    """
    when, label = patients_with(at.model, attribute, values), " or ".join(values)
    groups = together(steps=Wanted("step", steps, at.model.steps), pools=Wanted("pool", pools, at.model.pools))
    parts = [(that_need(at.model, g["steps"], g["pools"]), g["pools"]) for g in groups]
    for of, whose in parts:
        kept_whole(at.model, of, whose)
        not_booked(at.model, of)
    parting = list(dict.fromkeys(s for of, _ in parts for s in of))
    at, other = branched(at, parting, when, label)
    own = {p: f"{p}{BRANCH}{label}" for _, whose in parts for p in whose}
    model = _with_own_places(at.model, own, units, label)
    theirs = {other[s]: _with_pools(model.steps[other[s]], own) for s in parting}
    return replace(at, model=replace(model, steps={**model.steps, **theirs}))


def _with_own_places(model: Model, own: Mapping[str, str], units: int, label: str) -> Model:
    places, new = Places.of(model), {}
    for pool, name in own.items():
        if name in model.pools:
            raise ModelError(f"pool {name!r}", "it is there already", "Part a pool once for these patients, and name all steps there.")
        new[name] = Pool(members=places.take(pool, units, to=label), pick=model.pools[pool].pick)
    return places.model(model, new)


def _with_pools(step: Step, instead: Mapping[str, str]) -> Step:
    needs = (replace(n, pools=tuple(instead.get(p, p) for p in n.pools)) for n in step.needs)
    return replace(step, needs=tuple(needs))
