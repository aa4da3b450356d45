"""Whether the trade-off can be broken in a made-up hospital with the levers of its file: the search, the verdicts, each lever's share.

python -m benchmarks.improve.finding --scenario nh --budget 600s --seed 1 --out out
python -m benchmarks.improve.finding --scenario "nh network" --budget 1500s --seed 1 --out out
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.improve.worlds import NAMES, hospital, levers_of

from sandcone import improve
from sandcone.core.improved import Improved, JudgedSet
from sandcone.reporting.improve_told import told
from sandcone.scenarios import levers_file


def main() -> None:
    """Read the options, search, and print what was found."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--scenario", choices=NAMES, required=True)
    ask.add_argument("--budget", default="600s")
    ask.add_argument("--seed", type=int, required=True)
    ask.add_argument("--cores", type=int)
    ask.add_argument("--out", type=Path, required=True)
    a = ask.parse_args()
    model, site = hospital(a.scenario)
    levers = levers_file(levers_of(a.scenario))
    found = improve(model, levers, site=site, budget=a.budget, seed=a.seed, out=a.out, cores=a.cores, told=_heard)
    print(told(found))
    print(_counted(found))
    for j in found.judged:
        print(_judged(j))


def _heard(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _counted(i: Improved) -> str:
    runs = f"{i.runs} full and {i.short_runs} short runs of the search"
    return f"{len(i.tried)} sets run, {len(i.not_tried)} not; {runs}; {i.seconds:.0f} s; {i.ended}"


def _judged(j: JudgedSet) -> str:
    d, shares = j.judged.differences, [s for s in j.shares if s.measure != "fit"]
    levers = "; ".join(f"{lever}: {setting}" for lever, setting in j.tried.levers)
    gaps = (f"resource {d.resource.gap}", f"flow {d.flow.gap}", f"staff cost {j.tried.staff_cost:.3f} times today's")
    rows = (f"  {s.lever:<40}{s.measure:<22}{s.value}" for s in shares)
    return "\n  ".join([f"{j.judged.headline}: {levers}", *gaps, *rows])


if __name__ == "__main__":
    main()
