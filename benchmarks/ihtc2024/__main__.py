"""How good are the plans, how soon? ``python -m benchmarks.ihtc2024 --instances i01,i02 --seconds 600 --seeds 1 --cores 2 --out DIR``.

``--moves 150000000`` instead of seconds gives the same plans on every machine. One run for each instance and seed; a run that is in DIR
already is not repeated, so a benchmark that was interrupted or killed goes on where it was: the run under way begins anew. Costs and
broken rules in the table are those of the independent scorer, of the plan as it lies on disk. Of what others found, only the best known
costs are used, as a yardstick.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.ihtc2024.table import best_known, page

from sandcone.planning.bounds import lower_bound
from sandcone.planning.score import score
from sandcone.planning.search import Found, Progress, Stop, plan_inpatients
from sandcone.reading.inpatients import read_inpatient_plan, read_problem, save_inpatient_plan

DATA = Path(__file__).resolve().parents[3] / "shared" / "benchmarks" / "ihtc2024"


def main() -> None:
    asked = _asked()
    out = Path(asked.out)
    out.mkdir(parents=True, exist_ok=True)
    known = best_known(Path(asked.data) / "best_known.csv")
    length = f"{asked.moves}moves" if asked.moves else f"{asked.seconds:g}s"
    stop = Stop(moves=asked.moves) if asked.moves else Stop(seconds=asked.seconds)
    for name in asked.instances or [n for n in known if n.startswith("i")]:
        for seed in asked.seeds:
            file = out / f"{name}_seed{seed}_{length}_{asked.cores}cores.json"
            if not file.exists():
                ran = run(
                    Path(asked.data) / "instances" / f"{name}.json", seed, stop, asked.cores, file.with_suffix(".plan.json"), asked.ahead
                )
                if ran is None:
                    sys.exit("interrupted; the same command goes on from here")
                _write(file, json.dumps({"instance": name, **ran}, indent=1))
            _write(out / "table.md", page(_rows(out), known))
    print(page(_rows(out), known))


def run(instance: Path, seed: int, stop: Stop, cores: int, plan: Path, ahead: float = 0.0) -> dict[str, Any] | None:
    """One run, its plan on disk at all times, and what the independent scorer says of that file; None when it was interrupted."""
    problem = read_problem(instance)
    bound = lower_bound(problem, seconds=ahead) if ahead else None
    if bound is not None:
        stop = replace(stop, bound=bound.value)
    days = bound.days or None if bound is not None else None
    found = plan_inpatients(problem, stop=stop, seed=seed, cores=cores, told=_told, kept=lambda p: _save(p, problem, plan), days=days)
    if found.interrupted:
        return None
    scored = score(problem, read_inpatient_plan(plan, problem)) if plan.exists() else score(problem, found.plan)
    print(f"{instance.stem} seed {seed}: {found}", flush=True)
    asked = f"{stop.moves} moves" if stop.moves else f"{stop.seconds:g} s"
    asked += f", {ahead:g} s ahead" if ahead else ""
    return {
        "seed": seed,
        "asked": asked,
        "bound": bound.value if bound is not None else None,
        "machine": platform.processor() or platform.machine(),
        **_facts(found),
    } | {
        "cost": scored.cost,
        "violations": scored.violations,
        "rules": {line.rule: line.cost for line in scored.should},
    }


def _rows(out: Path) -> list[dict[str, Any]]:
    return [json.loads(f.read_text(encoding="utf-8")) for f in sorted(out.glob("*cores.json"))]


def _write(file: Path, text: str) -> None:
    """All of a file or nothing of it, whenever this is killed."""
    beside = file.with_suffix(".part")
    beside.write_text(text + "\n", encoding="utf-8")
    beside.replace(file)


def _save(plan: Any, problem: Any, path: Path) -> None:
    save_inpatient_plan(plan, problem, path)


def _facts(found: Found) -> dict[str, Any]:
    return {
        "seconds": found.seconds,
        "cores": found.cores,
        "moves": found.moves,
        "tried": found.tried,
        "better": found.better,
        "pays": {p.move: [p.proposed, p.accepted, p.better] for p in found.pays},
    }


def _told(p: Progress) -> None:
    print(
        f"\r  {p.seconds:6.0f} s  {p.cost:>9,}{'' if not p.broken else f' (broken by {p.broken})'}  heat {p.heat:.2f} ", end="", flush=True
    )


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.ihtc2024", description=__doc__)
    parser.add_argument("--instances", type=lambda s: s.split(","), help="i01,i02,…; all thirty by default")
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--moves", type=int, help="stop after so many moves of all cores together, instead of after seconds")
    parser.add_argument("--ahead", type=float, default=0.0, help="seconds for the relaxation by days first, where moves are asked for")
    parser.add_argument("--seeds", type=lambda s: [int(x) for x in s.split(",")], default=[1])
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--out", default="ihtc2024-results")
    parser.add_argument("--data", default=str(DATA), help="the folder with instances/ and best_known.csv")
    return parser.parse_args()


if __name__ == "__main__":
    main()
