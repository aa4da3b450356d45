"""The lever of who does what."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from sandcone.core.arrangement import Arrangement
from sandcone.core.errors import ModelError
from sandcone.core.law import LawWhen, Minutes, longer
from sandcone.core.model import Model, Need, Step
from sandcone.improving.levers.branching import branched, kept_whole, not_booked, that_need
from sandcone.improving.levers.naming import Wanted, some, together
from sandcone.improving.levers.people import patients_with

Who = Literal["instead", "first", "also"]
"""The others do it always, are asked first, or only where those of today are not free."""


def shift_tasks(
    at: Arrangement,
    *,
    steps: tuple[str, ...],
    from_pools: tuple[str, ...],
    to_pools: tuple[str, ...],
    who: Who = "instead",
    minutes_times: float = 1.0,
    attribute: str | None = None,
    values: tuple[str, ...] = (),
) -> Arrangement:
    """Some steps are done by others than today, for all patients or for some.

    Where a step needs one of ``from_pools``, it needs ``to_pools`` ``who``: "instead", "first" (those of today if they are not free), or
    "also" (only if those of today are not free). With them it takes ``minutes_times`` as long. With an ``attribute`` it holds for patients
    with one of the ``values``, who do "Consultation · simple"; nobody's hours change, so those who lose the work have time. Say with the
    file who may do what: the model knows grades, not skills. ``ModelError`` where nothing would change, or a place is kept for steps
    that are not named.
    """
    if not 0 < minutes_times < math.inf:
        raise ModelError("shift_tasks", f"{minutes_times:g} times as long", "Give a number above 0.")
    old, new = (Wanted("pool", pools, at.model.pools) for pools in (from_pools, to_pools))
    groups = together(steps=Wanted("step", steps, at.model.steps), old=old, new=new)
    parts = [(that_need(at.model, g["steps"], g["old"]), _Shift(old=g["old"], new=g["new"], who=who, times=minutes_times)) for g in groups]
    for of, shift in parts:
        kept_whole(at.model, of, shift.old)
    named = [s for of, _ in parts for s in of]
    if len(set(named)) < len(named):
        raise ModelError("shift_tasks", f"{some(steps)} are done in several places", "Give the steps a star as the pools have.")
    other: Mapping[str, str] = {s: s for s in named}
    if attribute is not None:
        not_booked(at.model, named)
        at, other = branched(at, named, patients_with(at.model, attribute, values), " or ".join(values))
    done = {other[s]: shift.of(other[s], at.model) for of, shift in parts for s in of}
    return replace(at, model=replace(at.model, steps={**at.model.steps, **done}))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shift:
    """Work that goes from some pools to others."""

    old: tuple[str, ...]
    new: tuple[str, ...]
    who: Who
    times: float

    def of(self, name: str, model: Model) -> Step:
        """The step, done by the others."""
        step = model.steps[name]
        needs = tuple(self._need(n) for n in step.needs)
        if needs == step.needs:
            raise ModelError(
                f"step {name!r}", f"whether {some(self.old)} or {some(self.new)} do it, nothing changes", "Name who does it today."
            )
        made = replace(step, needs=needs)
        return made if self.times == 1 else replace(made, minutes=self._minutes(name, step, made, model))

    def _need(self, need: Need) -> Need:
        if not set(need.pools) & set(self.old):
            return need
        match self.who:
            case "instead":
                pools = tuple(x for p in need.pools for x in (self.new if p in self.old else (p,)))
            case "first":
                pools = (*self.new, *need.pools)
            case "also":
                pools = (*need.pools, *self.new)
        return replace(need, pools=tuple(dict.fromkeys(pools)))

    def _minutes(self, name: str, was: Step, step: Step, model: Model) -> Minutes:
        """How long it takes now: longer for everybody, or, where some of today may do it still, with the others only."""
        changed = [i for i, (a, b) in enumerate(zip(was.needs, step.needs, strict=True)) if a != b]
        if all(set(step.needs[i].pools) <= set(self.new) for i in changed):
            return step.minutes.longer(self.times)
        if changed != [0]:
            found = "how long it takes can depend only on who is needed first"
            raise ModelError(f"step {name!r}", found, 'Let the others do it "instead", or leave minutes_times out.')
        today = {m for p in step.needs[0].pools if p not in self.new for m in model.pools[p].members}
        others = dict.fromkeys(m for p in self.new for m in model.pools[p].members if m not in today)
        return replace(step.minutes, cases=(*(c for m in others for c in self._cases(step.minutes, m)), *step.minutes.cases))

    def _cases(self, minutes: Minutes, member: str) -> tuple[LawWhen, ...]:
        own = (c for c in minutes.cases if c.resource in (None, member))
        longer_cases = (LawWhen(law=longer(c.law, self.times), when=c.when, resource=member) for c in own)
        return (*longer_cases, LawWhen(law=longer(minutes.otherwise, self.times), resource=member))
