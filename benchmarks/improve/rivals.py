"""How much of what can be had is found: the search beside sets drawn at random and plain NSGA-II, with as many runs.

python -m benchmarks.improve.rivals --seeds 10 --runs 500
python -m benchmarks.improve.rivals --seeds 10 --runs 500 --scenario "medical ward"

Each gives the sets that it holds for more likely on the front than not. They are held against each other by their true values, on a
scenario by ``FRESH`` runs each with luck that no search had: the hypervolume (room) that they take up, as a share of what all sets found by
any of them take up.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from benchmarks.improve.made import SIGNS, Made, made_levers
from benchmarks.improve.worlds import NAMES, Name, world
from numpy.typing import NDArray

from sandcone.core.lever import Levers, LeverSet, Limits
from sandcone.core.outcome import OBJECTIVES
from sandcone.flow.hands import in_processes
from sandcone.flow.tried import Memory, inputs_key
from sandcone.flow.trying import Trying
from sandcone.improving.search.budget import Budget
from sandcone.improving.search.hypervolume import hypervolume
from sandcone.improving.search.look import Look, Task
from sandcone.improving.search.rivals import plain_nsga, plain_random
from sandcone.improving.search.samples import COST_LEAST
from sandcone.improving.search.search import search
from sandcone.improving.search.searched import Searched

Floats = NDArray[np.float64]
SEARCHES: tuple[Callable[..., Searched], ...] = (search, plain_nsga, plain_random)
MADE = (1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3)
FRESH, FIRST = 16, 2_000_000  # runs from which a scenario's true values are taken, and the number of the first


def chosen(found: Searched) -> list[LeverSet]:
    """The sets that a search would give."""
    return [f.levers for f in found.found if f.chance > 0.5]


def rooms(fronts: Sequence[Sequence[LeverSet]], values: dict[LeverSet, Floats]) -> list[float]:
    """The room of each front, as a share of that of all their sets together; from the worst value of any of them on.

    An objective in which all sets are alike, but for less than what matters, takes no part.
    """
    every = np.array(list(values.values()))
    low, high = every.min(axis=0), every.max(axis=0)
    least = [o.least or COST_LEAST * abs(x) for o, x in zip(OBJECTIVES, low, strict=True)]
    moves = high - low > least
    scaled = {s: (v[moves] - low[moves]) / (high - low)[moves] for s, v in values.items()}
    nought = np.full(int(moves.sum()), -0.05)
    whole = hypervolume(np.array(list(scaled.values())), nought)
    return [hypervolume(np.array([scaled[s] for s in front]), nought) / whole if front else 0.0 for front in fronts]


def one(levers: Levers, look: Look, true: Callable[[Sequence[LeverSet]], dict[LeverSet, Floats]], runs: float, seed: int) -> list[float]:
    """The room that each search finds."""
    fronts = [chosen(s(levers, look, budget=Budget(runs=runs), seed=seed)) for s in SEARCHES]
    return rooms(fronts, true(list(dict.fromkeys(s for f in fronts for s in f))))


def in_a_made_up_hospital(runs: float, seed: int, cost: float | None) -> list[float]:
    """Another hospital for each seed."""
    world = Made.drawn(seed, MADE)
    levers = made_levers(MADE, Limits(cost=cost))
    return one(levers, world.look, lambda sets: {s: world.true(s) * SIGNS for s in sets}, runs, seed)


@contextmanager
def trying(scenario: Name, seed: int) -> Iterator[tuple[Levers, Trying]]:
    """The levers of a scenario and its twin."""
    bench = world(scenario, seed)
    memory = Memory(None, inputs_key(bench.today, bench.levers, bench.site, seed))
    with memory, in_processes()(bench) as hands:
        yield bench.levers, Trying(bench, hands, memory)


def in_a_scenario(scenario: Name, runs: float, seed: int) -> list[float]:
    """Another luck for each seed."""
    with trying(scenario, seed) as (levers, twin):

        def true(sets: Sequence[LeverSet]) -> dict[LeverSet, Floats]:
            tasks = [Task(levers=s, replication=FIRST + k) for s in sets for k in range(FRESH)]
            told = [o.values if not isinstance(o, str) else (np.nan,) * 5 for o in twin.attempt(tasks)]
            means = np.array(told).reshape(len(sets), FRESH, 5).mean(axis=1) * SIGNS
            known = np.isfinite(means).any(axis=0)
            return {s: v for s, v in zip(sets, means, strict=True) if np.isfinite(v[known]).all()}

        return one(levers, twin.look, true, runs, seed)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--seeds", type=int, required=True, help="how many seeds, from 1 on")
    ask.add_argument("--runs", type=float, default=500)
    ask.add_argument("--cost", type=float, help="the limit of cost, times as today, in the made-up hospital")
    ask.add_argument("--scenario", choices=NAMES, help="in place of the made-up hospital")
    given = ask.parse_args()
    print(f"{'seed':>6}" + "".join(f"{s.__name__:>14}" for s in SEARCHES))
    found = []
    for seed in range(1, given.seeds + 1):
        by = in_a_scenario(given.scenario, given.runs, seed) if given.scenario else in_a_made_up_hospital(given.runs, seed, given.cost)
        found.append(by)
        print(f"{seed:>6}" + "".join(f"{x:>14.1%}" for x in by), flush=True)
    print(f"{'mean':>6}" + "".join(f"{x:>14.1%}" for x in np.mean(found, axis=0)))


if __name__ == "__main__":
    main()
