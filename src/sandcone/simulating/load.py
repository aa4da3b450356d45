"""How much work comes to each pool, against the hours in which it is open: a load of 1 or more cannot be kept up with for long.

Offered load: visits a week times the mean minutes of a step, over the places open in a week. A need with several pools counts for the
first one. A place kept until a later step counts for as long as the journey takes until then if nobody ever waits (of parts that go on
side by side, the longest), so the true load of beds is above it; needs that such a place meets are not counted again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from sandcone.core.arrivals import Arrivals, Gaps, Listed, Rate, Slots
from sandcone.core.law import holds
from sandcone.core.model import Model
from sandcone.core.route import END, Choose
from sandcone.core.site import Calendar
from sandcone.simulating.journey import Ground, Journey
from sandcone.simulating.opening import open_minutes

Who = Mapping[str, str]
MANY = 2000  # kinds of patients
WEEKS = 8  # of the model's calendars, over which opening hours are averaged
LEAVE = 1.1  # times as much work as can be done, where some of it may leave
LISTED_DAYS = 7.0  # patients listed are spread over as many days as they span, at least a week


def load(model: Model) -> tuple[tuple[str, float], ...]:
    """How busy each pool will be, the busiest first: the hours of work that come to it for each hour that it is open.

    A load of 1 or more means that work comes faster than it can be done, and that waits grow without end.
    """
    return _loads(model, work_of(model))


def _loads(model: Model, work: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    hours = Hours(model)
    return tuple(sorted(((name, _over(work[name], hours.of({name}))) for name in model.pools), key=lambda nx: -nx[1]))


def warnings(model: Model) -> tuple[str, ...]:
    """A sentence that names the bottleneck, where some pool, or some pools that share their members, get more work than they have hours.

    Not worked out, for the time it takes, where more than two thousand kinds of patients come; ``load`` does it on demand.
    """
    if sum(1 for stream in model.arrivals for _ in _people(stream, model)) > MANY:
        return ()
    work = work_of(model)
    over = [(f"{name!r}", x) for name, x in _loads(model, work) if x >= 1]
    if not over:
        hours = Hours(model)
        shared = [(g, _over(sum(work[p] for p in g), hours.of(g))) for g in _sharing(model)]
        over = [(f"{min(g)!r} and the {len(g) - 1} pools that share its members", x) for g, x in shared if x >= 1]
    if not over:
        return ()
    others = "" if len(over) == 1 else f", and {len(over) - 1} more"
    return (f"unstable: work for {over[0][0]} comes {over[0][1]:.2f} times as fast as it can be done, so waits grow without end{others}",)


def _over(minutes: float, hours: float) -> float:
    return minutes / hours if hours else float("inf")


def work_of(model: Model) -> dict[str, float]:
    """Minutes of work a week for each pool, the first one that a step names; it does not depend on places or calendars."""
    work = dict.fromkeys(model.pools, 0.0)
    kept = {n.pools[0] for s in model.steps.values() for n in s.needs if n.until is not None}
    asked = {pool: {name: n for name, s in model.steps.items() for n in s.needs[::-1] if pool == n.pools[0]} for pool in kept}
    ground = Ground(model)
    for per_week, who, first in _streams(model):
        journey = Journey(ground, who, first)
        for name, minutes in journey.work().items():
            for need in model.steps[name].needs:
                if not kept & set(need.pools):
                    work[need.pools[0]] += per_week * need.units * minutes
        for pool, asks in asked.items():
            work[pool] += per_week * journey.kept(asks)
    return work


def overfull(model: Model, work: Mapping[str, float]) -> tuple[str, float] | None:
    """What surely gets more work than it can ever do, in words, and how many times as much; None if nothing does.

    Pools that can stand in for each other are taken together, so that work which goes to the second one counts as it may. ``work`` is that
    of ``work_of``. It is too high where patients leave without being seen, so there a tenth more has to come than can be done.
    """
    hours = Hours(model)
    alike = (set(need.pools) for step in model.steps.values() for need in step.needs)
    groups = _joined([*({name} for name in model.pools), *_sharing(model), *alike])
    over = [(group, _over(sum(work[p] for p in group), hours.of(group))) for group in groups if any(work[p] for p in group)]
    group, times = max(over, key=lambda x: x[1], default=(set[str](), 0.0))
    others = f" and {len(group) - 1} more that stand in for it" if len(group) > 1 else ""
    return (f"{max(group, key=lambda p: (work[p], p))!r}{others}", times) if times >= (LEAVE if _some_leave(model) else 1.0) else None


def _some_leave(model: Model) -> bool:
    booked = [s.booking for s in model.steps.values() if s.booking is not None]
    return any(s.patience is not None for s in model.steps.values()) or any(b.no_show + b.cancel > 0 and not b.again for b in booked)


def _sharing(model: Model) -> list[set[str]]:
    """Pools in groups that share members."""
    of = ({name for name, pool in model.pools.items() if member in pool.members} for member in model.resources)
    return [group for group in _joined(list(of)) if len(group) > 1]


def _joined(sets: list[set[str]]) -> list[set[str]]:
    """Sets made one where they have something in common."""
    groups: list[set[str]] = []
    for some in sets:
        names = set(some)
        for group in [g for g in groups if g & names]:
            groups.remove(group)
            names |= group
        groups.append(names)
    return groups


class Hours:
    """For how many minutes a week places are open, by calendar."""

    def __init__(self, model: Model) -> None:
        calendars: list[tuple[str | None, Calendar | None]] = [(None, None), *model.calendars.items()]
        self.model, self.open = model, {name: open_minutes(c, model.begin, 7 * WEEKS) / WEEKS for name, c in calendars}

    def of(self, pools: set[str]) -> float:
        """Minutes a week of all places of some pools."""
        members = (self.model.resources[m] for m in sorted({m for p in pools for m in self.model.pools[p].members}))
        return sum(r.capacity * self.open[r.calendar] for r in members)


def _streams(model: Model) -> list[tuple[float, Who, str]]:
    """How many patients a week come of those who are treated alike, one of them, and where they begin."""
    alike = _Alike(model)
    found: dict[tuple[tuple[int, ...], str], tuple[float, Who]] = {}
    for stream in model.arrivals:
        first = stream.first or model.route.first
        for per_week, who, own in _people(stream, model):
            key = (alike.of(who), own or first)
            found[key] = (found.get(key, (0.0, who))[0] + per_week, who)
    return [(per_week, who, first) for (_, first), (per_week, who) in found.items() if per_week > 0 and first != END]


class _Alike:
    """Patients are treated alike if every choice and every law of a model is the same for them."""

    def __init__(self, model: Model) -> None:
        choices = [tuple(c.when for c in node.cases) for node in model.route.nodes.values() if isinstance(node, Choose)]
        laws = [tuple(c.when for c in step.minutes.cases) for step in model.steps.values()]
        self.asked = [cases for cases in dict.fromkeys((*choices, *laws)) if cases]
        self.known: dict[tuple[tuple[str, str], ...], tuple[int, ...]] = {}

    def of(self, who: Who) -> tuple[int, ...]:
        key = tuple(who.items())
        if key not in self.known:
            self.known[key] = tuple(next((i for i, when in enumerate(cases) if holds(when, who)), -1) for cases in self.asked)
        return self.known[key]


def _people(stream: Arrivals, model: Model) -> Iterator[tuple[float, Who, str | None]]:
    match stream:
        case Listed():
            weeks = max(LISTED_DAYS, stream.patients[-1].minute / 1440 if stream.patients else 0.0) / 7
            yield from ((1 / weeks, p.attributes, p.first) for p in stream.patients)
            return
        case Rate():
            per_week = float(np.resize(stream.per_hour, 168).sum()) * (1.0 if stream.party is None else max(1.0, stream.party.mean))
        case Gaps():
            per_week = open_minutes(stream.open, model.begin, 7 * WEEKS) / WEEKS / stream.gap.mean
        case Slots():
            per_week = len(stream.slots) * stream.filled * (1 - stream.no_show)
    yield from ((per_week * kind.share, kind.attributes, None) for kind in stream.kinds)
