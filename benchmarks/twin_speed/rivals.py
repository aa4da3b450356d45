"""The same networks in SimPy, in Ciw, and as a plain Python loop around a heap; each as its own users would write it to be fast."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Generator
from dataclasses import dataclass
from heapq import heappop, heappush, heapreplace
from itertools import accumulate
from time import process_time
from typing import Any

from benchmarks.twin_speed.models import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One run: arrivals and ends of steps, CPU seconds, and the mean wait before a step in minutes."""

    events: int
    cpu: float
    wait: float

    @property
    def speed(self) -> float:
        """Events a CPU second."""
        return self.events / self.cpu


def simpy(network: Network, patients: int, seed: int, skip: int) -> Trial:
    """A process for each patient; no ``with`` around a request, which would cost a little more."""
    import simpy

    luck = random.Random(seed)
    exponential, pick = luck.expovariate, luck.random
    env = simpy.Environment()
    several = len(network.classes) > 1
    kind = simpy.PriorityResource if several else simpy.Resource
    stations = {n: (kind(env, s.places), 1 / s.minutes, _ways(s.then)) for n, s in network.stations.items()}
    first = stations[network.first]
    bounds = [*accumulate(p for _, p in network.classes)]
    found = [0, 0.0, 0]  # steps counted, their waits, steps ended

    def patient(priority: int, counted: bool) -> Generator[Any, Any, None]:
        at = first
        while True:
            resource, rate, ways = at
            asked = env.now
            request = resource.request(priority) if several else resource.request()
            yield request
            if counted:
                found[0] += 1
                found[1] += env.now - asked
            yield env.timeout(exponential(rate))
            resource.release(request)
            found[2] += 1
            to = _way(ways, pick) if len(ways) > 1 else ways[0][0]
            if to is None:
                return
            at = stations[to]

    def door() -> Generator[Any, Any, None]:
        rate = network.per_hour / 60
        for n in range(patients):
            yield env.timeout(exponential(rate))
            priority = _class(bounds, pick) if several else 0
            env.process(patient(priority, n >= skip))

    env.process(door())
    began = process_time()
    env.run()
    return Trial(events=patients + int(found[2]), cpu=process_time() - began, wait=found[1] / found[0])


def ciw(network: Network, patients: int, seed: int, skip: int) -> Trial:
    """Ciw's own network; the time is that of the simulation alone, without collecting its records."""
    import ciw

    names = [*network.stations]
    classes = [c for c, _ in network.classes]
    rate = network.per_hour / 60
    matrix = [[dict(s.then).get(to, 0.0) for to in names] for s in network.stations.values()]
    several = {"priority_classes": {c: i for i, c in enumerate(classes)}} if len(classes) > 1 else {}
    built = ciw.create_network(
        arrival_distributions={c: [ciw.dists.Exponential(rate * p), *[None] * (len(names) - 1)] for c, p in network.classes},
        service_distributions={c: [ciw.dists.Exponential(1 / s.minutes) for s in network.stations.values()] for c in classes},
        routing=dict.fromkeys(classes, matrix),
        number_of_servers=[s.places for s in network.stations.values()],
        **several,
    )
    ciw.seed(seed)
    simulation = ciw.Simulation(built)
    began = process_time()
    simulation.simulate_until_max_customers(patients, method="Finish")
    cpu = process_time() - began
    records = simulation.get_all_records()
    arrived = simulation.nodes[0].number_of_individuals
    waits = [r.waiting_time for r in records if r.id_number > skip]
    return Trial(events=arrived + len(records), cpu=cpu, wait=sum(waits) / len(waits))


def heap(network: Network, patients: int, seed: int, skip: int) -> Trial:
    """The loop that one would write by hand: a heap of ends, a queue for each class, everything in local names."""
    luck = random.Random(seed)
    exponential, pick = luck.expovariate, luck.random
    names = [*network.stations]
    free = [s.places for s in network.stations.values()]
    rates = [1 / s.minutes for s in network.stations.values()]
    ways = [[(-1 if to is None else names.index(to), share) for to, share in _ways(s.then)] for s in network.stations.values()]
    classes = len(network.classes)
    bounds = [*accumulate(p for _, p in network.classes)]
    lines: list[list[deque[tuple[float, bool]]]] = [[deque() for _ in range(classes)] for _ in names]
    ends: list[tuple[float, int, int, bool]] = []  # when, station, class, whether it counts
    between = network.per_hour / 60
    began = process_time()
    arrival, come, counted, waited, done = exponential(between), 0, 0, 0.0, 0
    never = float("inf")
    while True:
        end = ends[0][0] if ends else never
        if arrival < end:
            now, at = arrival, 0
            rank = _class(bounds, pick) if classes > 1 else 0
            counts = come >= skip
            come += 1
            arrival = now + exponential(between) if come < patients else never
        elif end == never:
            break
        else:
            now, left, rank, counts = ends[0]
            done += 1
            for other, line in enumerate(lines[left]):
                if line:
                    since, their = line.popleft()
                    if their:
                        counted += 1
                        waited += now - since
                    heapreplace(ends, (now + exponential(rates[left]), left, other, their))
                    break
            else:
                heappop(ends)
                free[left] += 1
            where = ways[left]
            at = _way(where, pick) if len(where) > 1 else where[0][0]
            if at < 0:
                continue
        if free[at]:
            free[at] -= 1
            counted += counts
            heappush(ends, (now + exponential(rates[at]), at, rank, counts))
        else:
            lines[at][rank].append((now, counts))
    return Trial(events=patients + done, cpu=process_time() - began, wait=waited / counted)


def _ways(then: tuple[tuple[str | None, float], ...]) -> list[tuple[str | None, float]]:
    return list(zip([to for to, _ in then], accumulate(share for _, share in then), strict=True))


def _way(ways: list[tuple[Any, float]], pick: Any) -> Any:
    u = pick()
    for to, below in ways:
        if u < below:
            return to
    return ways[-1][0]


def _class(bounds: list[float], pick: Any) -> int:
    u = pick()
    return next((i for i, below in enumerate(bounds) if u < below), len(bounds) - 1)
