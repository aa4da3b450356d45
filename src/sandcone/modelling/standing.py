"""The hospital as it stands: who is there at a moment of a log, and where on the model's route, so that the twin can go on from there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np

from sandcone.core.arrivals import Arrivals, Listed
from sandcone.core.chance import Luck
from sandcone.core.errors import EmptyError
from sandcone.core.log import EventLog
from sandcone.core.model import Model, Need
from sandcone.core.present import Between, Kept, Present, SideBySide, Standing, UnderWay, Waiting
from sandcone.core.route import Do
from sandcone.modelling.census import Census, Journey, Known, census, last_moment
from sandcone.modelling.following import Follower, Thread
from sandcone.modelling.onward import Onward

LONGEST = 2.0  # times the longest delay of the model for which a patient may be silent and still come back …
QUEUE = 1440.0  # … and so many minutes more


def standing(model: Model, log: EventLog, at: datetime | None = None, *, seed: int) -> Standing:
    """Who is in the house at a moment of a log, and where each of them stands, so that the twin can begin from there.

    ``at`` is a moment of the hospital's own clock, within the log (None: where the log ends). Steps under way keep their resources and the
    time that they have taken; steps needed and not begun wait in line, where the log tells of needs; places kept for later steps are kept.
    Whoever is between two steps comes to a next one that is drawn from the model, given the path so far and how long nothing has begun: of
    what the log tells after the moment only this is used, that the patient is still to come back. Where the log ends with steps that have
    not ended, patients of whom nothing more is told are there with the chance that the model gives. Equal seeds give equal draws.
    ``InputError`` where the log does not reach so far, ``EmptyError`` where the dates of a log were moved case by case, so that no moment
    is one.
    """
    if log.site.dates_shifted:
        raise EmptyError(log.source, "its dates were moved case by case", "Nobody was there at one moment with anybody else in such a log.")
    at = last_moment(log) if at is None else at
    follower = Follower(model, (at - datetime(1970, 1, 5)) / timedelta(minutes=1) % 10080)
    found = census(log, at, LONGEST * _longest(follower) + QUEUE)
    placing = _Placing(model, follower, found, Luck(seed))
    present = tuple(_in_places(model, [p for j in found.journeys if (p := placing.of(j)) is not None]))
    midnight = datetime(at.year, at.month, at.day)
    first = (at - midnight) / timedelta(minutes=1)
    moved = replace(model, begin=at.date(), arrivals=tuple(_later(a, model, at, first, {p.name for p in present}) for a in model.arrivals))
    return Standing(model=moved, first_minute=first, present=present, notes=tuple(_said(at, present, placing.lost)))


def _longest(follower: Follower) -> float:
    return max((float(follower.delays(n)[-1]) for n, node in follower.model.route.nodes.items() if isinstance(node, Do)), default=0.0)


def _later(stream: Arrivals, model: Model, at: datetime, first: float, there: set[str]) -> Arrivals:
    """A list of known patients on the clock of the new first day, without those who have come."""
    if not isinstance(stream, Listed):
        return stream
    days = (at.date() - model.begin).days
    moved = (replace(p, minute=p.minute - 1440.0 * days) for p in stream.patients if p.name not in there)
    return replace(stream, patients=tuple(p for p in moved if p.minute >= first))


def _said(at: datetime, present: tuple[Present, ...], lost: Counter[str]) -> Iterator[str]:
    kinds = Counter(_kind(p) for p in present)
    words = ", ".join(f"{kinds[k]:,} {k}" for k in KINDS if kinds[k]) or "nobody"
    yield f"The house as it stood on {at:%Y-%m-%d} at {at:%H:%M}: {len(present):,} patients, {words}."
    if lost["ended"]:
        yield f"{lost['ended']:,} patients were still to come back, but the model sends nobody on from where they were; they are left out."
    if lost["unknown"]:
        yield f"{lost['unknown']:,} steps are not in the model and were passed over."


KINDS = ("with a step under way", "waiting for a step", "between two steps", "with parts side by side")


def _kind(present: Present) -> str:
    match present:
        case UnderWay():
            return KINDS[0]
        case Waiting():
            return KINDS[1]
        case Between():
            return KINDS[2]
        case SideBySide():
            return KINDS[3]


@dataclass(frozen=True, slots=True)
class _Placing:
    model: Model
    follower: Follower
    census: Census
    luck: Luck
    lost: Counter[str] = field(default_factory=Counter)

    def of(self, journey: Journey) -> Present | None:
        """Where a patient stands; None for one who is not there after all."""
        steps = tuple(s for s in journey.steps if s.step in self.model.steps)
        self.lost["unknown"] += len(journey.steps) - len(steps)
        if not steps:
            return None
        luck = self.luck.stream("standing", journey.case)
        silent = 0.0 if journey.here else journey.silent
        onward = Onward(journey.case, self.follower, self.census.passed, journey.attributes, luck, silent, journey.here)
        state = onward.one_of(self.follower.follow(steps, journey.attributes))
        parts = onward.parts(state, lambda t: _stands(journey.case, t, steps[t.row]))
        if parts is None:
            self.lost["ended"] += journey.here
            return None
        came = min(journey.came, parts.since)
        return replace(parts, attributes=journey.attributes, arrived=came, keeps=_keeps(self.model, steps))


def _stands(name: str, thread: Thread, step: Known) -> Present:
    """Where a part stands whose step was seen."""
    if step.waits:
        return Waiting(name=name, node=thread.node, since=step.ready, booked=None if np.isnan(step.booked) else step.booked)
    ready = None if np.isnan(step.ready) else step.ready
    return UnderWay(name=name, node=thread.node, since=step.start, ready=ready, resources=step.resources)


# ── places ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _keeps(model: Model, steps: tuple[Known, ...]) -> tuple[Kept, ...]:
    """Places kept from steps that have ended, until a later one that has not."""
    kept: list[Kept] = []
    for step in sorted((s for s in steps if s.over), key=lambda s: s.end):
        for need, names in _met(model, model.steps[step.step].needs, step.resources):
            if need.until is not None:
                kept = [k for k in kept if k.resource not in names] + [Kept(resource=n, until=need.until) for n in names]
        kept = [k for k in kept if k.until != step.step]
    return tuple(kept)


def _met(model: Model, needs: tuple[Need, ...], names: tuple[str, ...]) -> Iterator[tuple[Need, tuple[str, ...]]]:
    """For each need the resources that met it, in the order named."""
    left = list(names)
    for need in needs:
        fits = [n for n in left if any(n in model.pools[p].members for p in need.pools)][: need.units]
        for n in fits:
            left.remove(n)
        yield need, tuple(fits)


def _in_places(model: Model, people: list[Present]) -> Iterator[Present]:
    """The same patients, each place used no more than once: first those kept, then those of steps under way, by their start."""
    left = Counter({name: r.capacity for name, r in model.resources.items()})
    kept = [tuple(k for k in p.keeps if _taken(left, k.resource)) for p in people]
    order = sorted(range(len(people)), key=lambda i: people[i].since)
    placed = {i: _placed(model, replace(people[i], keeps=kept[i]), left, {k.resource for k in kept[i]}) for i in order}
    yield from (placed[i] for i in range(len(people)))


def _placed(model: Model, present: Present, left: Counter[str], kept: set[str]) -> Present:
    if isinstance(present, SideBySide):
        return replace(present, parts=tuple(_placed(model, p, left, kept) for p in present.parts))
    if not isinstance(present, UnderWay):
        return present
    do = model.route.nodes[present.node]
    assert isinstance(do, Do)
    met = [n for _, names in _met(model, model.steps[do.step].needs, present.resources) for n in names]
    return replace(present, resources=tuple(n for n in met if n not in kept and _taken(left, n)))


def _taken(left: Counter[str], name: str) -> bool:
    left[name] -= 1
    return left[name] >= 0
