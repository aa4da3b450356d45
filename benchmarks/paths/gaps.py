"""How far is ours from what can be proved? ``python -m benchmarks.paths.gaps --families 100,300,1000 --loads 75,90 --seed 1 --out DIR``.

Both bounds on each family: everybody alone, and all together by day. Where DIR holds what ``python -m benchmarks.paths`` found with ours,
the gap of that cost to each bound, in per cent of the bound.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from benchmarks.paths.families import family

from sandcone.planning.journeys.bounds import bound, least_cost


def main() -> None:
    asked = _asked()
    print("| patients | load | ours | alone | gap | together | gap | all days | CPU s |\n|" + " --- |" * 9)
    for patients in asked.families:
        for load in asked.loads:
            print(row(patients, load, asked), flush=True)


def row(patients: int, load: int, asked: argparse.Namespace) -> str:
    """One family's line."""
    problem = family(patients, load / 100, asked.seed)
    files = sorted(Path(asked.out).glob(f"{patients}_{load}_ours_*_seed{asked.seed}.json"))
    cost = min((json.loads(f.read_text(encoding="utf-8"))["cost"] for f in files), default=None)
    alone, begin = least_cost(problem), time.process_time()
    together = bound(problem, asked.seconds)
    seconds = time.process_time() - begin
    gaps = [f"{100 * b.gap(cost):.1f} %" if cost is not None else "–" for b in (alone, together)]
    shown = "–" if cost is None else f"{cost:,}"
    days = "yes" if together.done else "no"
    return f"| {patients:,} | {load} % | {shown} | {alone.cost:,} | {gaps[0]} | {together.value:,} | {gaps[1]} | {days} | {seconds:.0f} |"


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.paths.gaps", description=__doc__)
    whole = lambda s: [int(x) for x in s.split(",")]  # noqa: E731
    parser.add_argument("--families", type=whole, default=[100, 300, 1000])
    parser.add_argument("--loads", type=whole, default=[75, 90], help="per cent")
    parser.add_argument("--seconds", type=float, default=60.0, help="for each bound")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", default="paths-results")
    return parser.parse_args()


if __name__ == "__main__":
    main()
