"""The load that a model offers, by arithmetic: how many come in a year, how often each does each step, and how long that takes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from functools import cache

from sandcone.core.arrivals import Arrivals, Gaps, Rate
from sandcone.core.model import Model
from sandcone.core.route import END, Choose, Do, Route
from sandcone.scenarios.nh.people import WEEKS, open_minutes

Who = Mapping[str, str]
Loads = dict[str, list[tuple[Who, float]]]


def a_year(model: Model, stream: Arrivals) -> float:
    """How many patients of one stream come in 365 days."""
    if isinstance(stream, Rate):
        party = 1.0 if stream.party is None else stream.party.mean
        a_week = sum(stream.per_hour) * 168 / len(stream.per_hour)
        return a_week * WEEKS * party
    assert isinstance(stream, Gaps) and stream.open is not None
    return open_minutes(stream.open, model.begin) / stream.gap.mean


def visits(model: Model, who: Who, first: str) -> Counter[str]:
    """How often a patient like this does each step, on average."""
    done: Counter[str] = Counter()
    here = {first: 1.0}
    while here:
        there: dict[str, float] = defaultdict(float)
        for name, mass in here.items():
            node = model.route.nodes[name]
            if isinstance(node, Do):
                done[node.step] += mass  # type: ignore[assignment]
                there[node.then] += mass
            else:
                assert isinstance(node, Choose)
                for way in node.ways(who):
                    there[way.to] += mass * way.share
        here = {n: m for n, m in there.items() if n != END and m > 1e-12}
    return done


SEEN: list[tuple[Route, dict[tuple[object, ...], Counter[str]]]] = []


def _seen(route: Route) -> dict[tuple[object, ...], Counter[str]]:
    """What is known already of one route: hospitals of all sizes have the same."""
    for known, seen in SEEN:
        if known == route:
            return seen
    SEEN.append((route, {}))
    return SEEN[-1][1]


@cache
def _loads(make: Callable[[], Model]) -> tuple[Model, Loads]:
    model, loads = make(), defaultdict(list)
    seen = _seen(model.route)
    for stream in model.arrivals:
        n = a_year(model, stream)
        for kind in stream.kinds:
            who = kind.attributes
            matters = (stream.first, *(who[a] for a in ("procedure", "age", "angiogram", "risk")), who["tier"] == "private")
            if matters not in seen:
                seen[matters] = visits(model, kind.attributes, stream.first or model.route.first)
            for step, times in seen[matters].items():
                loads[step].append((kind.attributes, n * kind.share * times))
    return model, dict(loads)


class Year:
    """A year's work of one hospital."""

    def __init__(self, make: Callable[[], Model]) -> None:
        self.model, self._loads = _loads(make)

    def times(self, *steps: str, **who: str) -> float:
        """How often these steps are done, for patients like this."""
        return sum(n for s in steps for a, n in self._loads.get(s, []) if all(a[k] == v for k, v in who.items()))

    def minutes(self, *steps: str) -> float:
        """How many minutes these steps take in the year."""
        return sum(n * self.model.steps[s].minutes.law(a).mean for s in steps for a, n in self._loads.get(s, []))

    def rows(self) -> float:
        """How many steps are done in the year."""
        return self.times(*self._loads)
