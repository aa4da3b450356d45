"""Levers of beds: when people go home, and of which kind the beds are."""

from __future__ import annotations

from dataclasses import replace

from sandcone.core.arrangement import Arrangement
from sandcone.core.errors import ModelError
from sandcone.core.model import Model
from sandcone.improving.levers.capacity import places, with_places
from sandcone.improving.levers.naming import matching
from sandcone.improving.levers.pairs import pairs
from sandcone.improving.levers.shifts import hours


def discharge(at: Arrangement, *, steps: tuple[str, ...], earlier_minutes: int) -> Arrangement:
    """Patients can go home earlier in the day: those who do these steps begin and end earlier.

    Name the steps that decide when a patient leaves, such as the doctor's round. The people are the first pool that is needed and keeps
    hours (beds never close); their shifts move, so they work and cost as much as before, and all else they do moves too. Others with
    the same calendar keep theirs. Hours are all that moves: that a letter is written or a result is there sooner is a ``lag``.
    ``ModelError`` where everybody who does a step is there at all hours, or a shift would begin on the day before.
    """
    if earlier_minutes < 1:
        raise ModelError("discharge", f"{earlier_minutes} minutes earlier", "Give a whole number of minutes, 1 or more.")
    model = at.model
    who = dict.fromkeys(m for step in matching(steps, model.steps, "step") for m in _who_keep_hours(model, step))
    return hours(at, resources=tuple(who), earlier_minutes=earlier_minutes, later_minutes=-earlier_minutes)


def _who_keep_hours(model: Model, step: str) -> tuple[str, ...]:
    for pool in (p for need in model.steps[step].needs for p in need.pools):
        if keep := tuple(m for m in model.pools[pool].members if model.resources[m].calendar is not None):
            return keep
    raise ModelError(f"step {step!r}", "whoever does it is there at all hours", "Name the step that decides when patients leave.")


def convert(at: Arrangement, *, from_pool: str, to_pool: str, units: int) -> Arrangement:
    """So many beds of one pool become beds of another, with the hours and the cost of those they join.

    Where people or rooms go over and stay who they are, use ``move``. A bed that is in further pools is gone from them too.
    ``ModelError`` where the pools share a bed, fewer than one would be left, or a step could not be done any more.
    """
    if units < 1:
        raise ModelError("convert", f"{units} beds", "Give 1 or more.")
    model = at.model
    wanted: dict[str, int] = {}
    for a, b in pairs("pool", from_pool, to_pool, model.pools):
        if shared := set(model.pools[a].members) & set(model.pools[b].members):
            raise ModelError(f"pools {a!r} and {b!r}", f"{min(shared)!r} is in both already", "Name two pools that share nothing.")
        wanted[a] = wanted.get(a, places(model, a)) - units
        wanted[b] = wanted.get(b, places(model, b)) + units
    return replace(at, model=with_places(model, wanted))
