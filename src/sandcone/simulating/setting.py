"""What both engines are given: a model, a plan, who comes and who is already there, and when to stop."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sandcone.core.errors import ModelError
from sandcone.core.law import Exponential, Fixed, Law, Lognormal, Seen, Uniform
from sandcone.core.model import Model, Need
from sandcone.core.plan import Plan
from sandcone.core.present import Present, UnderWay
from sandcone.core.route import Do
from sandcone.simulating.arrivals import Coming, coming
from sandcone.simulating.luck import MINUTES, drawn, patient_key, run_key, stream_key, uniform


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """A patient present at minute 0, with the luck of their stream: when the step under way will end (None: waiting)."""

    noun: Present
    key: int
    ends: float | None
    seats: tuple[tuple[int, str], ...] = ()  # for each resource of the step under way: which need it meets, from which pool


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One run to be made. Patients are numbered from 0: first those present, then those who come, in order of arrival."""

    model: Model
    plan: Plan
    coming: Coming
    here: tuple[Here, ...]
    horizon: float  # minutes; no event at or after it happens

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
        """The plan's appointments, by number of patient and step."""
        if not self.plan.booked:
            return {}
        number = {name: i for i, name in enumerate(self.names)}
        return {(number[b.patient], b.step): b.minute for b in self.plan.booked if b.patient in number}


def setting(
    model: Model, plan: Plan, seed: int, replication: int, days: float | None, patients: int | None, present: Sequence[Present]
) -> Setting:
    """One replication, ready to run."""
    come = coming(model, seed, replication, days, patients)
    stream = stream_key(run_key(seed, replication), len(model.arrivals))
    here = tuple(_here(model, noun, patient_key(stream, n)) for n, noun in enumerate(present))
    _no_more_than_there_is(model, present)
    return Setting(model=model, plan=plan, coming=come, here=here, horizon=math.inf if days is None else days * 1440.0)


def _here(model: Model, noun: Present, key: int) -> Here:
    node = model.route.nodes.get(noun.node)
    if not isinstance(node, Do):
        found = f"no step is done at node {noun.node!r}"
        raise ModelError(f"present patient {noun.name!r}", found, "Name a node of the route that does a step.")
    if not isinstance(noun, UnderWay):
        return Here(noun=noun, key=key, ends=None)
    law = model.steps[node.step].minutes.law(noun.attributes, noun.resources[0] if noun.resources else None)
    ends = noun.since + drawn_beyond(law, -noun.since, uniform(key, MINUTES))
    return Here(noun=noun, key=key, ends=ends, seats=_seats(model, noun, model.steps[node.step].needs))


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
    used = [r for p in present for r in (*(p.resources if isinstance(p, UnderWay) else ()), *(k.resource for k in p.keeps))]
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
