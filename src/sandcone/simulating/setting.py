"""What both engines are given: a model, a plan, who comes and who is already there, and when to stop."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sandcone.core.errors import ModelError
from sandcone.core.law import Exponential, Fixed, Law, Lognormal, Seen, Uniform
from sandcone.core.model import Model, Need
from sandcone.core.opening import DAY
from sandcone.core.pace import later, on_clock
from sandcone.core.plan import Plan
from sandcone.core.present import Between, Present, SideBySide, UnderWay, places_used
from sandcone.core.route import END, Do
from sandcone.simulating.arrivals import Coming, coming, coming_from
from sandcone.simulating.luck import BEFORE, LAG, MINUTES, branch_key, drawn, patient_key, run_key, stream_key, uniform


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """A patient present when the run begins, or one part of their journey, with the luck of their stream. Minutes are of the run's clock.

    ``ends`` is when the step under way will end, ``ready`` when the step that comes next will be possible (None: neither, so it waits),
    ``booked`` for when who waits has an appointment.
    """

    noun: Present
    key: int
    since: float
    ends: float | None = None
    ready: float | None = None
    booked: float = math.nan
    seats: tuple[tuple[int, str], ...] = ()  # for each resource of the step under way: which need it meets, from which pool
    parts: tuple[Here, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One run to be made. Patients are numbered from 0: first those present, then those who come, in order of arrival."""

    model: Model
    plan: Plan
    coming: Coming
    here: tuple[Here, ...]
    horizon: float  # minutes; no event at or after it happens
    first: float = 0.0  # the minute at which the run begins

    @property
    def names(self) -> tuple[str, ...]:
        """Every patient's name: their own, else their number counted from 1."""
        own, known = self.coming.names, {h.noun.name for h in self.here} | set(self.coming.names.values())
        plain = [str(i + 1) for i in range(len(self.coming))]
        made = [own.get(i) or (n if n not in known else f"new {n}") for i, n in enumerate(plain)]
        return (*(h.noun.name for h in self.here), *made)

    def who(self, patient: int) -> Mapping[str, str]:
        """A patient's attributes."""
        if patient < len(self.here):
            return self.here[patient].noun.attributes
        return self.coming.people[int(self.coming.person[patient - len(self.here)])]

    def booked(self) -> Mapping[tuple[int, str], float]:
        """The plan's appointments, by number of patient and step; ``ModelError`` where it books a step that there is not."""
        if not self.plan.booked:
            return {}
        strange = next((b.step for b in self.plan.booked if b.step not in self.model.steps), None)
        if strange is not None:
            raise ModelError(f"plan {self.plan.name!r}, booked", f"no step is called {strange!r}", "Name steps of the model.")
        number = {name: i for i, name in enumerate(self.names)}
        return {(number[b.patient], b.step): b.minute for b in self.plan.booked if b.patient in number}


def setting(
    model: Model,
    plan: Plan,
    seed: int,
    replication: int,
    days: float | None,
    patients: int | None,
    present: Sequence[Present],
    first: float = 0.0,
) -> Setting:
    """One replication, ready to run."""
    over = None if days is None else days + first / DAY
    come = coming(model, seed, replication, over, patients) if first == 0 else coming_from(model, seed, replication, over, patients, first)
    stream = stream_key(run_key(seed, replication), len(model.arrivals))
    here = tuple(_here(model, noun, patient_key(stream, n), noun.attributes, first) for n, noun in enumerate(present))
    _no_more_than_there_is(model, present)
    return Setting(model=model, plan=plan, coming=come, here=here, horizon=math.inf if over is None else over * DAY, first=first)


def _here(model: Model, noun: Present, key: int, who: Mapping[str, str], first: float) -> Here:
    since = noun.since + first
    if isinstance(noun, SideBySide):
        if noun.then != END and noun.then not in model.route.nodes:
            raise ModelError(
                f"present patient {noun.name!r}", f"the route has no node {noun.then!r}", "Name a node of the route, or 'end'."
            )
        parts = tuple(_here(model, part, branch_key(key, 0, b), who, first) for b, part in enumerate(noun.parts))
        return Here(noun=noun, key=key, since=since, parts=parts)
    node = model.route.nodes.get(noun.node)
    if not isinstance(node, Do):
        found = f"no step is done at node {noun.node!r}"
        raise ModelError(f"present patient {noun.name!r}", found, "Name a node of the route that does a step.")
    if isinstance(noun, Between):
        return Here(noun=noun, key=key, since=since, ready=max(first, _possible(model, node, key, since, first)))
    if not isinstance(noun, UnderWay):
        return Here(noun=noun, key=key, since=since, booked=math.nan if noun.booked is None else noun.booked + first)
    law = model.steps[node.step].minutes.law(who, noun.resources[0] if noun.resources else None)
    ends = since + drawn_beyond(law, -noun.since, uniform(key, MINUTES))
    return Here(noun=noun, key=key, since=since, ends=ends, seats=_seats(model, noun, model.steps[node.step].needs))


def _possible(model: Model, node: Do, key: int, since: float, now: float) -> float:
    """When the delay before a step is over that began at ``since`` and is not over now."""
    before, luck = model.steps[node.step].before, uniform(key, BEFORE)
    if node.lag is None:
        return since + (0.0 if before is None else drawn_beyond(before, now - since, luck))
    monday, passed = DAY * model.begin.weekday(), None if node.pace is None else model.paces[node.pace].passed
    if passed is None:
        over = since + drawn_beyond(node.lag, now - since, uniform(key, LAG))
    else:
        shown = on_clock(passed, np.array([since, now]) + monday)
        over = later(passed, since + monday, drawn_beyond(node.lag, float(shown[1] - shown[0]), uniform(key, LAG))) - monday
    return over + (0.0 if before is None else drawn(before, luck))


def _seats(model: Model, noun: UnderWay, needs: Sequence[Need]) -> tuple[tuple[int, str], ...]:
    """For each resource named, the first need that it can meet and that is not met yet, and from which pool."""
    left = [need.units for need in needs]
    seats = []
    for name in noun.resources:
        fits = ((j, p) for j, n in enumerate(needs) for p in n.pools if left[j] and name in model.pools[p].members)
        j, pool = next(fits, (-1, ""))
        if j < 0:
            raise ModelError(f"present patient {noun.name!r}", f"the step at {noun.node!r} does not need {name!r}", "Correct who does it.")
        left[j] -= 1
        seats.append((j, pool))
    return tuple(seats)


def _no_more_than_there_is(model: Model, present: Sequence[Present]) -> None:
    used = [r for p in present for r in places_used(p)]
    for name in used:
        if name not in model.resources or used.count(name) > model.resources[name].capacity:
            has = model.resources[name].capacity if name in model.resources else 0
            found = f"{used.count(name)} of them use {name!r}, which has {has} places"
            raise ModelError("present patients", found, "Correct who is where.")


def drawn_beyond(law: Law, passed: float, u: float) -> float:
    """The minutes of a law, given that so many have passed already; those where nothing longer can come."""
    match law:
        case Fixed():
            return max(passed, law.minutes)
        case Uniform():
            low = max(passed, law.low)
            return max(passed, low + u * (law.high - low))
        case Exponential():
            return passed + drawn(law, u)
        case Lognormal():
            above = passed > 0 and law.sigma > 0
            below = 0.5 * math.erfc(-math.log(passed / law.median) / law.sigma / math.sqrt(2)) if above else 0.0
            return max(passed, drawn(law, min(below + u * (1 - below), 1 - 2.0**-53)))
        case Seen():
            longer = np.array([m for m in law.minutes if m > passed])
            return float(longer[int(u * len(longer))]) if longer.size else passed
