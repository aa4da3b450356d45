"""How good are the plans, how soon? ``python -m benchmarks.ihtc2024 --instances i01,i02 --seconds 600 --seeds 1 --cores 2 --out DIR``.

One run for each instance and seed; a run that is in DIR already is not repeated, so an interrupted benchmark goes on. Costs and broken
rules in the table are those of the independent scorer. Of what others found, only the best known costs are used, as a yardstick.
"""

from __future__ import annotations

import argparse
import json
import platform
from pathlib import Path
from typing import Any

from benchmarks.ihtc2024.table import best_known, page

from sandcone.planning.score import score
from sandcone.planning.search import Found, Progress, Stop, plan_inpatients
from sandcone.reading.inpatients import read_inpatient_plan, read_problem, save_inpatient_plan

DATA = Path(__file__).resolve().parents[3] / "shared" / "benchmarks" / "ihtc2024"


def main() -> None:
    asked = _asked()
    out = Path(asked.out)
    out.mkdir(parents=True, exist_ok=True)
    known = best_known(Path(asked.data) / "best_known.csv")
    for name in asked.instances or [n for n in known if n.startswith("i")]:
        for seed in asked.seeds:
            file = out / f"{name}_seed{seed}_{asked.seconds:g}s_{asked.cores}cores.json"
            if not file.exists():
                ran = run(Path(asked.data) / "instances" / f"{name}.json", seed, asked.seconds, asked.cores, file.with_suffix(".plan.json"))
                file.write_text(json.dumps({"instance": name, **ran}, indent=1) + "\n", encoding="utf-8")
            rows = [json.loads(f.read_text(encoding="utf-8")) for f in sorted(out.glob("*cores.json"))]
            text = page(rows, known)
            (out / "table.md").write_text(text, encoding="utf-8")
    print((out / "table.md").read_text(encoding="utf-8"))


def run(instance: Path, seed: int, seconds: float, cores: int, plan: Path) -> dict[str, Any]:
    """One run, its plan on disk at all times, and what the independent scorer says of that file."""
    problem = read_problem(instance)
    found = plan_inpatients(
        problem,
        stop=Stop(seconds=seconds),
        seed=seed,
        cores=cores,
        told=_told,
        kept=lambda p: _save(p, problem, plan),
    )
    scored = score(problem, read_inpatient_plan(plan, problem)) if plan.exists() else score(problem, found.plan)
    print(f"{instance.stem} seed {seed}: {found}", flush=True)
    return {"seed": seed, "asked_seconds": seconds, "machine": platform.processor() or platform.machine(), **_facts(found)} | {
        "cost": scored.cost,
        "violations": scored.violations,
        "rules": {line.rule: line.cost for line in scored.should},
    }


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
    parser.add_argument("--seeds", type=lambda s: [int(x) for x in s.split(",")], default=[1])
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--out", default="ihtc2024-results")
    parser.add_argument("--data", default=str(DATA), help="the folder with instances/ and best_known.csv")
    return parser.parse_args()


if __name__ == "__main__":
    main()
