"""The models that every engine runs: one queue with ten servers, and five stations with two classes of patients."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass

from sandcone.core.arrivals import Kind, Rate
from sandcone.core.law import Exponential, Law, Lognormal, Minutes, Uniform
from sandcone.core.model import Model, Need, Pool, Resource, Step
from sandcone.core.plan import ByClass, FirstCome
from sandcone.core.route import END, Choose, Do, Node, Route, Way

BEGIN = datetime.date(2029, 1, 1)  # a Monday


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """So many places, exponential times of this mean, and where patients go next with which share (None: home)."""

    places: int
    minutes: float
    then: tuple[tuple[str | None, float], ...] = ((None, 1.0),)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Network:
    """Stations, the first of them where everyone begins; patients come by chance, in classes served one before the other."""

    name: str
    stations: dict[str, Station]
    per_hour: float
    classes: tuple[tuple[str, float], ...] = (("all", 1.0),)  # name and share, the first one served first

    @property
    def first(self) -> str:
        """Where everyone begins."""
        return next(iter(self.stations))

    @property
    def visits(self) -> dict[str, float]:
        """Expected visits to each station by one patient."""
        visits = dict.fromkeys(self.stations, 0.0)
        for _ in range(400):
            new = {s: float(s == self.first) for s in visits}
            for s, n in visits.items():
                for to, share in self.stations[s].then:
                    if to is not None:
                        new[to] += n * share
            visits = new
        return visits

    @property
    def loads(self) -> dict[str, float]:
        """Share of the time that a place of each station is busy."""
        return {s: n * self.per_hour / 60 * self.stations[s].minutes / self.stations[s].places for s, n in self.visits.items()}


QUEUE = Network(name="M/M/10 at 0.9", stations={"server": Station(places=10, minutes=10.0)}, per_hour=54.0)

FIVE = Network(
    name="five stations, priorities",
    stations={
        "triage": Station(places=2, minutes=5.0, then=(("doctor", 1.0),)),
        "doctor": Station(places=6, minutes=14.5, then=(("laboratory", 0.4), ("imaging", 0.25), ("treatment", 0.35))),
        "laboratory": Station(places=3, minutes=16.0, then=(("imaging", 0.5), ("treatment", 0.5))),
        "imaging": Station(places=2, minutes=10.0, then=(("treatment", 1.0),)),
        "treatment": Station(places=8, minutes=19.0, then=(("doctor", 0.1), (None, 0.9))),
    },
    per_hour=20.0,
    classes=(("urgent", 0.25), ("ordinary", 0.75)),
)

NETWORKS = (QUEUE, FIVE)


def model_of(network: Network) -> Model:
    """The network as Sandcone says it."""
    nodes: dict[str, Node] = {}
    for name, station in network.stations.items():
        sure = len(station.then) == 1
        nodes[name] = Do(step=name, then=(station.then[0][0] or END) if sure else f"after {name}")
        if not sure:
            nodes[f"after {name}"] = Choose(otherwise=tuple(Way(to=to or END, share=share) for to, share in station.then))
    return Model(
        name=network.name,
        begin=BEGIN,
        steps={n: _step(n, Exponential(mean=s.minutes)) for n, s in network.stations.items()},
        route=Route(first=network.first, nodes=nodes),
        arrivals=(Rate(per_hour=(network.per_hour,), kinds=tuple(Kind(share=p, attributes={"class": c}) for c, p in network.classes)),),
        resources={n: Resource(capacity=s.places) for n, s in network.stations.items()},
        pools={n: Pool(members=(n,)) for n in network.stations},
        queue=FirstCome() if len(network.classes) == 1 else ByClass(attribute="class", order=tuple(c for c, _ in network.classes)),
    )


def _step(pool: str, law: Law) -> Step:
    return Step(minutes=Minutes(otherwise=law), needs=(Need(pools=(pool,)),))


def erlang_wait(network: Network) -> float:
    """The exact mean wait of the one-station network, minutes (Erlang C)."""
    station = network.stations[network.first]
    m, u = station.places, network.loads[network.first]
    a, blocked = m * u, 1.0
    for k in range(1, m + 1):
        blocked = a * blocked / (k + a * blocked)
    return blocked / (1 - u * (1 - blocked)) * station.minutes / (m * (1 - u))


def hospital(beds: int = 1000) -> Model:
    """A year of this hospital has about a thousand steps for each bed.

    Emergencies come by the hour of the week and some are admitted; admitted patients lie about five days in one of ten wards, three
    diagnostic steps on the way; outpatients see a clinic, and some of them the laboratory and a scanner.
    """
    day = (0.4, 0.3, 0.3, 0.3, 0.3, 0.4, 0.6, 0.9, 1.3, 1.6, 1.7, 1.6, 1.5, 1.5, 1.5, 1.5, 1.5, 1.4, 1.3, 1.1, 0.9, 0.8, 0.7, 0.6)
    week = tuple(x * (0.85 if d > 4 else 1.06) for d in range(7) for x in day)
    scale = beds / 1000
    wards = {f"ward {i + 1}": math.ceil(beds / 10) for i in range(10)}
    places = {
        "emergency": round(40 * scale),
        "clinic": round(34 * scale),
        "laboratory": round(9 * scale),
        "scanner": round(10 * scale),
        **wards,
    }
    minutes: dict[str, Law] = {
        "emergency": Lognormal(median=90, sigma=0.7),
        "clinic": Lognormal(median=22, sigma=0.5),
        "laboratory": Uniform(low=4, high=12),
        "scanner": Lognormal(median=20, sigma=0.6),
        **dict.fromkeys(wards, Lognormal(median=5400, sigma=0.75)),
    }
    nodes: dict[str, Node] = {
        "door": Do(step="emergency", then="home or in"),
        "home or in": Choose(otherwise=(Way(to="blood", share=0.45), Way(to=END, share=0.55))),
        "blood": Do(step="laboratory", then="picture"),
        "picture": Do(step="scanner", then="blood again"),
        "blood again": Do(step="laboratory", then="which ward"),
        "which ward": Choose(otherwise=tuple(Way(to=w, share=0.1) for w in wards)),
        **{w: Do(step=w) for w in wards},
        "clinic": Do(step="clinic", then="tests"),
        "tests": Choose(otherwise=(Way(to="test", share=0.5), Way(to="scan", share=0.15), Way(to=END, share=0.35))),
        "test": Do(step="laboratory"),
        "scan": Do(step="scanner"),
    }
    return Model(
        name=f"{beds} beds",
        begin=BEGIN,
        steps={n: _step(n, law) for n, law in minutes.items()},
        route=Route(first="door", nodes=nodes),
        arrivals=(
            Rate(name="emergencies", per_hour=tuple(15.0 * scale * x for x in week)),
            Rate(name="outpatients", per_hour=tuple(44.0 * scale * x for x in week), first="clinic"),
        ),
        resources={n: Resource(capacity=max(1, c)) for n, c in places.items()},
        pools={n: Pool(members=(n,)) for n in places},
    )
