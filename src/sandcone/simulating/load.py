"""How much work comes to each pool, against the hours in which it is open: a load of 1 or more cannot be kept up with for long.

Offered load: visits a week times the mean minutes of a step, over the places open in a week. A need with several pools counts for the
first one. A place kept until a later step counts for as long as the journey takes until then if nobody ever waits (of parts that go on
side by side, the longest), so the true load of beds is above it; needs that such a place meets are not counted again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, eye_array
from scipy.sparse.linalg import splu

from sandcone.core.arrivals import Arrivals, Gaps, Listed, Rate, Slots
from sandcone.core.law import Law, holds
from sandcone.core.model import Model, Need
from sandcone.core.route import END, Choose, Do, Node, Split
from sandcone.simulating.opening import open_minutes

Who = Mapping[str, str]
MANY = 2000  # kinds of patients
WEEKS = 8  # of the model's calendars, over which opening hours are averaged
LISTED_DAYS = 7.0  # patients listed are spread over as many days as they span, at least a week


def load(model: Model) -> tuple[tuple[str, float], ...]:
    """How busy each pool will be, the busiest first: the hours of work that come to it for each hour that it is open.

    A load of 1 or more means that work comes faster than it can be done, and that waits grow without end.
    """
    return _loads(model, _work(model))


def _loads(model: Model, work: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    return tuple(sorted(((name, _over(work[name], _open_in_a_week(model, {name}))) for name in model.pools), key=lambda nx: -nx[1]))


def warnings(model: Model) -> tuple[str, ...]:
    """A sentence that names the bottleneck, where some pool, or some pools that share their members, get more work than they have hours.

    Not worked out, for the time it takes, where more than two thousand kinds of patients come; ``load`` does it on demand.
    """
    if sum(1 for stream in model.arrivals for _ in _people(stream, model)) > MANY:
        return ()
    work = _work(model)
    over = [(f"{name!r}", x) for name, x in _loads(model, work) if x >= 1]
    if not over:
        shared = [(g, _over(sum(work[p] for p in g), _open_in_a_week(model, g))) for g in _sharing(model)]
        over = [(f"{min(g)!r} and the {len(g) - 1} pools that share its members", x) for g, x in shared if x >= 1]
    if not over:
        return ()
    others = "" if len(over) == 1 else f", and {len(over) - 1} more"
    return (f"unstable: work for {over[0][0]} comes {over[0][1]:.2f} times as fast as it can be done, so waits grow without end{others}",)


def _over(minutes: float, hours: float) -> float:
    return minutes / hours if hours else float("inf")


def _work(model: Model) -> dict[str, float]:
    """Minutes of work a week for each pool."""
    work = dict.fromkeys(model.pools, 0.0)
    kept = {n.pools[0] for s in model.steps.values() for n in s.needs if n.until is not None}
    for per_week, who, first in _streams(model):
        journey = Journey(model, who, first)
        for node, visits in journey.visits():
            step = model.steps[node.step]
            for need in step.needs:
                if not kept & set(need.pools):
                    work[need.pools[0]] += per_week * visits * need.units * step.minutes.law(who).mean
        for pool in kept:
            work[pool] += per_week * journey.kept(pool)
    return work


def _mean(law: Law | None) -> float:
    return 0.0 if law is None else law.mean


def _sharing(model: Model) -> list[set[str]]:
    """Pools in groups that share members."""
    groups: list[tuple[set[str], set[str]]] = []
    for name, pool in model.pools.items():
        names, members = {name}, set(pool.members)
        for group in [g for g in groups if g[1] & members]:
            groups.remove(group)
            names, members = names | group[0], members | group[1]
        groups.append((names, members))
    return [names for names, _ in groups if len(names) > 1]


def _open_in_a_week(model: Model, pools: set[str]) -> float:
    members = (model.resources[m] for m in sorted({m for p in pools for m in model.pools[p].members}))
    opens = ((r.capacity, None if r.calendar is None else model.calendars[r.calendar]) for r in members)
    return sum(capacity * open_minutes(calendar, model.begin, 7 * WEEKS) / WEEKS for capacity, calendar in opens)


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


class Journey:
    """The ways of patients of one kind who begin at one node: how often they come where, and how long it takes if nobody waits."""

    def __init__(self, model: Model, who: Who, first: str) -> None:
        self.model, self.who, self.place, found = model, who, {first: 0}, [first]
        for name in found:
            for to, _ in self._onward(model.route.nodes[name]):
                if to != END and to not in self.place:
                    self.place[to] = len(found)
                    found.append(to)
        self.nodes = [model.route.nodes[name] for name in found]
        self.ways = [[(self.place[to], share) for to, share in self._onward(node) if to != END] for node in self.nodes]
        self.parts = [self._parts(node) for node in self.nodes]

    def _onward(self, node: Node) -> list[tuple[str, float]]:
        match node:
            case Do():
                return [(node.then, 1.0)]
            case Split():
                return [*((b, 1.0) for b in node.branches), (node.then, 1.0)]
            case Choose():
                return [(w.to, w.share) for w in node.ways(self.who) if w.share > 0]

    def _parts(self, node: Node) -> tuple[float, float, float]:
        """Mean minutes at a node: before its step, in it, behind it."""
        if not isinstance(node, Do):
            return 0.0, 0.0, 0.0
        step = self.model.steps[node.step]
        return _mean(node.lag) + _mean(step.before), step.minutes.law(self.who).mean, _mean(step.after)

    def visits(self) -> list[tuple[Do, float]]:
        """How often they come to each node with a step, on average: the balance of flows."""
        return [(node, float(x)) for node, x in zip(self.nodes, _often(self.ways), strict=True) if isinstance(node, Do)]

    def kept(self, pool: str) -> float:
        """Mean minutes for which a patient has places of a pool, among them those kept until a later step has ended.

        The balance of flows over where a patient is and until which step a place is kept (0: none is). Of parallel parts that go on while a
        place is kept, the longest counts.
        """
        asks = {name: n for name, s in self.model.steps.items() for n in s.needs[::-1] if pool == n.pools[0]}
        if not any(isinstance(node, Do) and node.step in asks for node in self.nodes):
            return 0.0
        states = [None, *dict.fromkeys(n.until for n in asks.values() if n.until is not None)]
        size, ways, minutes = len(self.nodes), [], []
        for x in range(len(states)):
            for i, node in enumerate(self.nodes):
                held, after = self._held(node, self.parts[i], x, asks, states) if isinstance(node, Do) else (0.0, x)
                onward = self.ways[i]
                if x and isinstance(node, Split):
                    held = max(self._takes(b) for b in node.branches)
                    onward = [] if node.then == END else [(self.place[node.then], 1.0)]
                ways.append([(after * size + to, share) for to, share in onward])
                minutes.append(held)
        return float(_often(ways) @ np.array(minutes))

    def _held(
        self, node: Do, parts: tuple[float, float, float], x: int, asks: Mapping[str, Need], states: Sequence[str | None]
    ) -> tuple[float, int]:
        """For how many minutes a place is the patient's at a step, and until which step it is then."""
        before, here, after = parts
        if x:
            return (before + here, 0) if states[x] == node.step else (before + here + after, x)
        need = asks.get(node.step)
        if need is None:
            return 0.0, 0
        if need.until is None or need.until == node.step:
            return need.units * here, 0
        return here + after, states.index(need.until)

    @cached_property
    def _to_the_end(self) -> NDArray[np.float64]:
        return np.asarray(splu(_balance(self.ways)).solve(np.array([sum(parts) for parts in self.parts])))

    def _takes(self, first: str) -> float:
        return 0.0 if first == END else float(self._to_the_end[self.place[first]])


def _balance(ways: Sequence[Sequence[tuple[int, float]]]) -> csc_array:
    """What comes to each place less what goes on from it, for ways to numbered places with their shares."""
    at = np.repeat(np.arange(len(ways)), [len(w) for w in ways])
    to, shares = (np.array([pair[i] for w in ways for pair in w], dtype=t) for i, t in ((0, np.int64), (1, np.float64)))
    return csc_array((-shares, (at, to)), shape=(len(ways), len(ways))) + eye_array(len(ways), format="csc")


def _often(ways: Sequence[Sequence[tuple[int, float]]]) -> NDArray[np.float64]:
    """How often each place is come to from the first one, on average."""
    source = np.zeros(len(ways))
    source[0] = 1.0
    return np.asarray(splu(_balance(ways)).solve(source, trans="T"))
