"""Real runs of many sets of levers, for ``benchmarks.improve.allocation --table``: every set gets every run, so the truth is known well.

python -m benchmarks.improve.table --scenario "medical ward" --sets 200 --runs 100 --seed 1 --out table.npz
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from benchmarks.improve.worlds import NAMES, world

from sandcone.core.lever import LeverSet
from sandcone.core.outcome import Outcome
from sandcone.flow.bench import Bench, Runs, run
from sandcone.flow.glancing import glance
from sandcone.flow.hands import in_processes
from sandcone.improving.search.proposals import drawn


def main() -> None:
    """Read the options, choose the sets, make the runs and keep them."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--scenario", choices=NAMES, default="medical ward")
    asked.add_argument("--sets", type=int, default=200)
    asked.add_argument("--runs", type=int, default=100)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--cores", type=int, default=2)
    asked.add_argument("--out", type=Path, required=True)
    a = asked.parse_args()
    bench, began = world(a.scenario, a.seed), time.perf_counter()
    sets = chosen(bench, a.sets, a.seed)
    each = [Runs(levers=s, runs=tuple((r, False) for r in range(a.runs))) for s in sets]
    with in_processes(a.cores)(bench) as hands:
        found = dict(hands.done(run, each))
    kept = [(s, found[i]) for i, s in enumerate(sets) if all(isinstance(x, Outcome) for x in found[i])]
    np.savez_compressed(a.out, values=[[x.values for x in of if isinstance(x, Outcome)] for _, of in kept], sets=[s for s, _ in kept])
    print(f"{len(kept)} of {len(sets)} sets, {a.runs} runs each, of the {a.scenario}: {time.perf_counter() - began:.0f} s")


def chosen(bench: Bench, n: int, seed: int) -> list[LeverSet]:
    """Today, and so many sets that are neither too dear nor overfull, drawn by chance."""
    none = (0,) * len(bench.levers.levers)
    found = [none]
    for s in _drawn(bench, seed):
        if s not in found and not isinstance(glance(bench, s), str):
            found.append(s)
        if len(found) > n:
            break
    return found


def _drawn(bench: Bench, seed: int) -> Iterator[LeverSet]:
    luck = np.random.default_rng(seed)
    while True:
        yield from drawn(tuple(len(lever.settings) for lever in bench.levers.levers), 50, luck)


if __name__ == "__main__":
    main()
