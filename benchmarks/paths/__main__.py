"""How good are booked paths? ``python -m benchmarks.paths --families 100,300 --loads 75,90 --seconds 60 --seed 1 --out DIR``.

Ours beside the first-come list, CP-SAT alone, CP-SAT with our first list as a hint, and PyJobShop where it is installed; every timetable
is judged by the independent scorer. Seconds are those of the search: compiling ours and building the others' models are not counted. A
run that is in DIR already is not repeated. ``--rivals ours,first-come`` runs some only; ``--model-up-to`` leaves the models out above so
many patients.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.paths.families import family

from sandcone.core.journeys import Journeys, Timetable
from sandcone.planning.journeys.first import first_come, list_plan
from sandcone.planning.journeys.score import score_journeys
from sandcone.planning.journeys.search import plan_journeys, warm_up
from sandcone.planning.search import Stop

Way = Callable[[Journeys, argparse.Namespace], Timetable | None]


def main() -> None:
    asked = _asked()
    out = Path(asked.out)
    out.mkdir(parents=True, exist_ok=True)
    warm_up()
    for patients in asked.families:
        for load in asked.loads:
            problem = family(patients, load / 100, asked.seed)
            for name in asked.rivals:
                file = out / f"{patients}_{load}_{name}_{asked.seconds:g}s_seed{asked.seed}.json"
                if not file.exists():
                    ran = run(problem, name, asked)
                    file.write_text(
                        json.dumps({"patients": patients, "load": load, "rival": name, **ran}, indent=1) + "\n", encoding="utf-8"
                    )
            rows = [json.loads(f.read_text(encoding="utf-8")) for f in sorted(out.glob(f"*_{asked.seconds:g}s_seed{asked.seed}.json"))]
            (out / "table.md").write_text(page(rows, asked), encoding="utf-8")
    print((out / "table.md").read_text(encoding="utf-8"))


def run(problem: Journeys, name: str, asked: argparse.Namespace) -> dict[str, Any]:
    """One way of planning on one family, and what the scorer says of it."""
    if name in MODELS and len(problem.journeys) > asked.model_up_to:
        return {"why": "not run"}
    if name == "pyjobshop" and importlib.util.find_spec("pyjobshop") is None:
        return {"why": "not installed"}
    begin = time.perf_counter()
    found = WAYS[name](problem, asked)
    seconds = time.perf_counter() - begin
    if found is None:
        return {"why": "no plan", "seconds": seconds}
    scored = score_journeys(problem, found)
    costs = {line.rule: line.cost for line in scored.should}
    out = len(found.left_out(problem))
    print(f"{problem.name}, {name}: {scored.cost:,}, violations {scored.violations}, {seconds:.1f} s", flush=True)
    return {"cost": scored.cost, "violations": scored.violations, "left_out": out, "seconds": seconds, "rules": costs}


def page(rows: list[dict[str, Any]], asked: argparse.Namespace) -> str:
    """A line for each family: what ours costs, and how many times that the others cost."""
    others = [name for name in WAYS if name != "ours"]
    lines = [f"Seed {asked.seed}, {asked.seconds:g} s, {asked.cores} cores. Cost of ours; of the others, how many times that.\n"]
    lines += ["| patients | load | ours | " + " | ".join(others) + " |", "|" + " --- |" * (3 + len(others))]
    by = {(r["patients"], r["load"], r["rival"]): r for r in rows}
    for patients, load in sorted({(r["patients"], r["load"]) for r in rows}):
        ours = by.get((patients, load, "ours"), {})
        cells = [_ratio(by.get((patients, load, name), {}), ours.get("cost")) for name in others]
        shown = f"{ours['cost']:,}" + (f" ({ours['violations']} broken)" if ours["violations"] else "") if "cost" in ours else "–"
        lines.append(f"| {patients:,} | {load} % | {shown} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _ratio(row: dict[str, Any], ours: int | None) -> str:
    if "cost" not in row or not ours:
        return str(row.get("why", "–"))
    broken = f", {row['violations']} broken" if row["violations"] else ""
    out = f", {row['left_out']} left out" if row["left_out"] else ""
    return f"{row['cost'] / ours:.3f}{broken}{out}"


def _ours(problem: Journeys, asked: argparse.Namespace) -> Timetable:
    found = plan_journeys(problem, stop=Stop(seconds=asked.seconds), seed=asked.seed, cores=asked.cores)
    print(found, flush=True)
    return found.timetable


def _cpsat(problem: Journeys, asked: argparse.Namespace) -> Timetable | None:
    """The better of two models, each with all the seconds: in one, nobody may be left out."""
    from benchmarks.paths.cpsat import Booking

    found = [Booking(problem, everybody=everybody).solve(asked.seconds, asked.cores) for everybody in (True, False)]
    return min((f for f in found if f is not None), key=lambda f: score_journeys(problem, f).cost, default=None)


def _hinted(problem: Journeys, asked: argparse.Namespace) -> Timetable | None:
    """Where it does not even get as far as its hint, the hint itself counts."""
    from benchmarks.paths.cpsat import Booking

    first = list_plan(problem)
    return Booking(problem, everybody=not first.left_out(problem)).solve(asked.seconds, asked.cores, first) or first


def _jobshop(problem: Journeys, asked: argparse.Namespace) -> Timetable | None:
    from benchmarks.paths.jobshop import JobShop

    return JobShop(problem).solve(asked.seconds, asked.cores)


WAYS: dict[str, Way] = {
    "ours": _ours,
    "list": lambda problem, _: list_plan(problem),
    "first-come": lambda problem, _: first_come(problem),
    "cpsat": _cpsat,
    "cpsat-hint": _hinted,
    "pyjobshop": _jobshop,
}
MODELS = ("cpsat", "cpsat-hint", "pyjobshop")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.paths", description=__doc__)
    whole = lambda s: [int(x) for x in s.split(",")]  # noqa: E731
    parser.add_argument("--families", type=whole, default=[100, 300, 1000, 3000, 10000])
    parser.add_argument("--loads", type=whole, default=[75, 90], help="per cent")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--rivals", type=lambda s: s.split(","), default=list(WAYS))
    parser.add_argument("--model-up-to", type=int, default=10_000)
    parser.add_argument("--out", default="paths-results")
    return parser.parse_args()


if __name__ == "__main__":
    main()
