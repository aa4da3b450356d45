"""A hospital simulated twice, by the engine and by the SimPy rebuild of tests/rebuild: do they agree?

python -m benchmarks.improve.rebuild --runs 8
python -m benchmarks.improve.rebuild --without-luck 400
python -m benchmarks.improve.rebuild --runs 8 --model OUT/best.json --plan OUT/best_plan.json

Without --model it is the NH-like hospital of 2004 as it stands today; give what ``sandcone improve`` wrote for its best set. Every
number of ``tests/rebuild/comparing.py`` is compared: who came, how long it took, how often each step was begun and how long it was waited
for, how many hours each pool was busy. The error rate of 5 % is shared by all numbers (Holm). Luck is not shared: the rebuild has its own.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable
from pathlib import Path

from tests.rebuild.comparing import Happened, Held, apart, held_together, numbers, rebuilt, simulated
from tests.rebuild.luckless import without_luck

from sandcone.core.model import Model
from sandcone.core.model_file import read_model, read_plan
from sandcone.core.plan import AS_TODAY, Plan
from sandcone.scenarios import nh_hospital

SHOWN = ("patients a day", "hours from need to end", "hours waited")
LINE = "{:<48}{:>12}{:>10}{:>12}{:>10}{:>9}"


def main() -> None:
    """Simulate both ways and print what differs most, and whether anything surely does."""
    asked = _asked()
    model = nh_hospital("hospital") if asked.model is None else read_model(asked.model)
    plan = AS_TODAY if asked.plan is None else read_plan(asked.plan)
    days, first, last = asked.settle + asked.days + asked.follow, asked.settle, asked.settle + asked.days
    if asked.without_luck:
        print(_row_by_row(model, plan, asked.seed, asked.without_luck))
        return
    took = [time.process_time()]
    one = [numbers(h, model, first, last) for h in simulated(model, plan, seed=asked.seed, runs=asked.runs, days=days)]
    took.append(time.process_time())
    other = [numbers(rebuilt(model, plan, seed=1000 * asked.seed + r, days=days), model, first, last) for r in range(asked.runs)]
    took.append(time.process_time())
    found = held_together(one, other)
    differ = apart(found)
    print(f"{model.name}, plan {plan.name!r}: {asked.runs} runs each, days {first} to {last} of {days}, seed {asked.seed}")
    print(LINE.format("", "engine", "±", "rebuild", "±", "p"))
    for h in dict.fromkeys([*(h for h in found if h.name in SHOWN), *found[: asked.show], *differ]):
        print(_line(h))
    print(f"{len(found)} numbers, of which {len(differ)} surely differ")
    print(f"{took[1] - took[0]:.0f} CPU seconds for the engine, {took[2] - took[1]:.0f} for the rebuild")


def _row_by_row(model: Model, plan: Plan, seed: int, many: int) -> str:
    """How many rows of a hospital without luck are the same, to the millionth of a minute."""
    sure = without_luck(model, seed, many)
    one, other = simulated(sure, plan, seed=1, runs=1, days=70)[0], rebuilt(sure, plan, seed=1, days=70)
    a, b = ({tuple(map(str, r)) for r in zip(*_columns(h), strict=True)} for h in (one, other))
    return f"{model.name}, {many} patients without luck, seed {seed}: {len(a)} rows and {len(b)}, of which {len(a & b)} are the same"


def _columns(h: Happened) -> tuple[Iterable[object], ...]:
    return h.patient.tolist(), h.step, h.ready.round(6), h.start.round(6), h.end.round(6), h.resources


def _line(h: Held) -> str:
    return LINE.format(h.name, f"{h.one:.4g}", f"{h.half[0]:.2g}", f"{h.other:.4g}", f"{h.half[1]:.2g}", f"{h.p:.3f}")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.improve.rebuild", description="The engine and an independent rebuild.")
    parser.add_argument("--model", type=Path, help="A model file; without it the NH-like hospital.")
    parser.add_argument("--plan", type=Path, help="A plan file; without it as the model does.")
    parser.add_argument("--without-luck", type=int, default=0, help="Row by row instead, for so many patients whose minutes are fixed.")
    parser.add_argument("--runs", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--settle", type=int, default=28, help="Days in which the house fills up.")
    parser.add_argument("--days", type=int, default=42, help="Days that count.")
    parser.add_argument("--follow", type=int, default=28, help="Days in which those who came are followed.")
    parser.add_argument("--show", type=int, default=10, help="How many of the numbers that are least alike to show.")
    return parser.parse_args()


if __name__ == "__main__":
    main()
