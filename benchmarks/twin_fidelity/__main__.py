"""How like the real thing is a simulated log? ``python -m benchmarks.twin_fidelity [--logs LoanApp,P2P] [--runs 10] [--seed 1]``.

Every method gets the training log, the number of test cases and their first start, and nothing else. ``--method`` takes ``ours``,
``ours-over`` (of ours, the first N cases to be over, as the test was made), ``naive``, ``resample`` or ``module:function``.
``--check-package PYTHON`` compares our distances with the package's, in the environment of that Python.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import tempfile
from dataclasses import asdict
from pathlib import Path

from benchmarks.twin_fidelity.methods import naive, named, resample
from benchmarks.twin_fidelity.score import floor, score
from benchmarks.twin_fidelity.splits import LOGS, SCORED, Scores, measured_here, published, split_named, write_split
from benchmarks.twin_fidelity.table import SHORT, Cell, cells, page, totals

from sandcone.core.errors import SandconeError
from sandcone.measuring.distances import distances, rows

TOO_MUCH = {("BPI17W", "WIP")}  # the package makes a list entry for each hundredth of a case in each hour: more than 20 GB


def main() -> None:
    asked = _asked()
    if asked.check_package:
        check_package(asked.logs, asked.check_package, asked.seed)
        return
    main_table, variants = published()
    others = _joined(main_table, measured_here())
    found: list[Cell] = []
    print(f"method {asked.method}, {asked.runs} runs, seed {asked.seed}; Python {platform.python_version()}\n")
    for log in asked.logs:
        split = split_named(log)
        try:
            ours = score(split, named(asked.method), runs=asked.runs, seed=asked.seed)
        except SandconeError as refusal:
            print(f"### {log}: no score\n\n{refusal}\n", flush=True)
            continue
        replayed = score(split, naive, runs=1, seed=asked.seed)
        here = cells(log, ours, replayed, floor(split, draws=asked.runs, seed=asked.seed), others, variants)
        print(page(log, here, others, ours, (split.cases, split.test.account.rows_kept)), flush=True)
        found += here
    if found:
        print(totals(found, len(asked.logs) * len(SCORED)))
    if asked.json:
        Path(asked.json).write_text(json.dumps([asdict(c) for c in found], indent=1) + "\n", encoding="utf-8")


def check_package(logs: list[str], python: str, seed: int) -> None:
    """Print our distances and how far they are from the package's, for two simple methods."""
    job, worst = Path(__file__).with_name("package_job.py"), 0.0
    for log in logs:
        split = split_named(log)
        for method in (naive, resample):
            made = method(split, seed)(split.cases, split.start, seed)
            mine = {d: x for d, x in distances(rows(split.test), rows(made)).items() if (log, d) not in TOO_MUCH}
            with tempfile.TemporaryDirectory() as folder:
                file = write_split(made, Path(folder) / "made.csv")
                call = [python, str(job), str(split.test_file), str(file), *mine]
                theirs = json.loads(subprocess.run(call, check=True, capture_output=True, text=True).stdout)
            worst = max(worst, *(abs(mine[d] - theirs[d]) for d in mine))
            print(log, method.__name__, *(f"{d} {mine[d]:.3f} ({mine[d] - theirs[d]:+.0e})" for d in mine), sep="  ", flush=True)
    print(f"largest difference from the package: {worst:.1e}")


def _joined(a: Scores, b: Scores) -> Scores:
    return {log: {m: got for m, got in {**a.get(log, {}), **b.get(log, {})}.items() if m in SHORT} for log in LOGS}


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.twin_fidelity", description=f"Scores: {', '.join(SCORED)}.")
    parser.add_argument("--logs", default=",".join(LOGS), type=lambda text: text.split(","))
    parser.add_argument("--runs", default=10, type=int)
    parser.add_argument("--seed", default=1, type=int)
    parser.add_argument("--method", default="ours")
    parser.add_argument("--json", help="also write every cell to this file")
    parser.add_argument("--check-package", metavar="PYTHON", help="a Python that has log-distance-measures 2.2.0")
    return parser.parse_args()


if __name__ == "__main__":
    main()
