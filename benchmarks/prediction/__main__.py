"""How well the time, the next step and the missed appointments of one patient are predicted, beside the plainest rivals.

python -m benchmarks.prediction --seed 1
python -m benchmarks.prediction --seed 1 --only sepsis --json figures.json

*: learnt from what was known at the split, when most who had begun were still open; else on that log from all who had begun.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from benchmarks.prediction.chances import HEAD as HEAD_OF_CHANCES
from benchmarks.prediction.chances import SHARE, TEST, first_begin, lines
from benchmarks.prediction.logs import TASKS, Task, log_of

from sandcone.core.log import EventLog
from sandcone.personalising.following import Followed, follow
from sandcone.personalising.history import Questions, questions
from sandcone.personalising.predicting import Predictor, learnt

HEAD = (
    f"{'log':<23}{'what':<13}{'method':<17}{'learnt':>7}{'tested':>7}{'open':>6}{'MAE h':>9}{'covered':>9}{'adaptive':>10}"
    f"{'of all':>14}{'width h':>10}{'adaptive':>10}  {'alarm':<15}{'CPU s':>6}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One method on one question of one log."""

    log: str
    what: str
    method: str
    learnt: int
    tested: int
    still_open: int
    mae: float  # hours
    covered: float  # of those that ended
    adaptive: float
    of_all: tuple[float, float]  # with those still open
    width: float  # hours, the mean of those tested
    adaptive_width: float
    alarm: str
    basis: str
    seconds: float


def main() -> None:
    """Read the options and print the table."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--only", help="one log")
    asked.add_argument("--json", type=Path, help="keep the figures here too")
    a = asked.parse_args()
    print(HEAD)
    rows = []
    logs: dict[str, EventLog] = {}
    for task in TASKS:
        if a.only in (None, task.log):
            logs.setdefault(task.log, log_of(task))
            for row in compared(task, logs[task.log], a.seed):
                rows.append(row)
                print(line(row), flush=True)
    print(f"\n{HEAD_OF_CHANCES}")
    chances = []
    for found in lines(a.seed, a.only, logs):
        chances.append(found)
        print(found, flush=True)
    if a.json:
        a.json.write_text(json.dumps([asdict(r) for r in (*rows, *chances)], indent=1), encoding="utf-8")


def compared(task: Task, log: EventLog, seed: int) -> Iterator[Row]:
    """Each method on a task: learnt from the first cases as far as their answers were known by then, tested on the last."""
    asked, shifted = questions(log, task.what, task.steps), log.site.dates_shifted
    begun = np.sort(asked.begin[np.unique(asked.case.astype(str), return_index=True)[1]])
    until = float(begun[int(len(begun) * (1 - TEST))])
    first = first_begin(asked)
    test = asked.only(first >= until)
    for method in ("best", "person", "segment", *task.rivals):
        began = time.process_time()
        by = task.by if method != "everybody" else ()
        of = "segment" if method == "everybody" else method
        predictor = learnt(asked, by, share=SHARE, seed=seed, until=until, hindsight=shifted or task.hindsight, of=of)
        yield _row(task, method, predictor, test, follow(predictor, test, shifted), time.process_time() - began)


def _row(task: Task, method: str, p: Predictor, test: Questions, f: Followed, seconds: float) -> Row:
    w = test.share
    alarms = [w for w, d in (("misses", f.drift), ("errors", f.slower)) if d.alarm is not None]
    return Row(
        log=task.log,
        what=task.what + (" *" if task.as_then else ""),
        method=method,
        learnt=p.fitted + p.calibrated,
        tested=len(set(test.case)),
        still_open=len(set(test.case[np.isnan(test.answer)])),
        mae=f.error / 60,
        covered=f.covered,
        adaptive=f.adaptive_covered,
        of_all=f.of_all,
        width=float(np.average(f.plain.high - f.plain.low, weights=w)) / 60,
        adaptive_width=float(np.average(f.adaptive.high - f.adaptive.low, weights=w)) / 60,
        alarm=" ".join(alarms) or "none",
        basis=max(set(f.plain.basis), key=f.plain.basis.count),
        seconds=seconds,
    )


def line(r: Row) -> str:
    """One row in words."""
    method = f"{r.method} ({r.basis})" if r.method == "best" else r.method
    front = f"{r.log:<23}{r.what:<13}{method:<17}{r.learnt:>7,}{r.tested:>7,}{r.still_open:>6,}{r.mae:>9.2f}"
    held = f"{100 * r.covered:>9.1f}{100 * r.adaptive:>10.1f}{between(r.of_all):>14}{r.width:>10.2f}{r.adaptive_width:>10.2f}"
    return f"{front}{held}  {r.alarm:<15}{r.seconds:>6.1f}"


def between(x: tuple[float, float]) -> str:
    """One share, or two where open cases leave it open."""
    low, high = (f"{100 * s:.1f}" for s in x)
    return low if low == high else f"{low} – {high}"


if __name__ == "__main__":
    main()
