"""What a hospital says about itself, once levers have changed it: its own words stay, but who works when is as the levers have it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandcone.core.model import Model
from sandcone.core.site import Site
from sandcone.simulating.log import site_of_model


def site_after(said: Site | None, today: Model, changed: Model) -> Site:
    """The site by which runs of a changed model are measured.

    Calendars, pools and places come from the changed model, for hours that a lever opens or closes must count. What the hospital ``said``
    stays where it is more than the model of today says: value classes, units, needs and promises always; another calendar or cost for a
    pool, as long as it differs from today's model.
    """
    after = site_of_model(changed)
    if said is None:
        return after
    before = site_of_model(today)
    whole = after.model_dump(by_alias=True, exclude_unset=True) | said.model_dump(by_alias=True, exclude_unset=True)
    whole["calendars"] = _over(_dumped(said.calendars), _dumped(before.calendars), _dumped(after.calendars))
    whole["capacity"] = _over(said.capacity, before.capacity, after.capacity)
    whole["steps"] = {**after.steps, **said.steps}
    beyond = [name for name in said.pools if name not in today.pools]
    whole["pools"] = {name: _pool(name, said, before, after) for name in (*after.pools, *beyond)}
    return Site.model_validate(whole)


def _over(said: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What is there after, and what was said of things that no lever has touched."""
    mine = {name: x for name, x in said.items() if name not in after or before.get(name) == after[name]}
    return {**after, **mine}


def _dumped(nouns: Mapping[str, Any]) -> dict[str, Any]:
    return {name: x.model_dump(by_alias=True, exclude_unset=True) for name, x in nouns.items()}


def _pool(name: str, said: Site, before: Site, after: Site) -> dict[str, Any]:
    """A pool as it is after, with what was said of it that the model of today does not say."""
    mine, was, now = (s.pools[name].model_dump(exclude_none=True) if name in s.pools else {} for s in (said, before, after))
    own = {k: v for k, v in mine.items() if v != was.get(k) and (k != "resources" or not now)}
    return {**now, **own}
