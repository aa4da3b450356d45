"""How well the next step and missed appointments are foretold, beside what is usual in the segment, and whether sets hold what they say."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from benchmarks.prediction.clinic import clinic, truth
from benchmarks.prediction.logs import TASKS, Task, log_of

from sandcone.core.log import EventLog
from sandcone.personalising.foretelling import Foreteller, foreteller
from sandcone.personalising.history import Questions
from sandcone.personalising.judging import Judged, judge
from sandcone.personalising.outcomes import MISSED, Outcomes, following, shows
from sandcone.personalising.reliability import brier

HEAD = (
    f"{'log':<23}{'what':<9}{'method':<17}{'learnt':>7}{'tested':>7}{'right %':>9}{'usual':>7}{'log loss':>10}{'usual':>7}"
    f"{'Brier':>8}{'usual':>7}{'true':>7}{'off':>6}{'covered':>9}{'least':>7}{'size':>6}  {'alarm':<15}{'CPU s':>6}"
)
SHARE = 0.9
TEST = 0.3  # of the cases, the last to begin


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One method on one question of one log; shares 0 to 1."""

    log: str
    what: str
    method: str
    learnt: int  # cases
    tested: int  # questions
    right: float
    usual_right: float
    log_loss: float
    usual_log_loss: float
    brier: float
    usual_brier: float
    true_brier: float | None  # of the chances by which the log was made
    off: float
    covered: float | None
    least: float | None
    size: float | None
    alarm: str
    seconds: float

    def __str__(self) -> str:
        """One row in words."""
        front = f"{self.log:<23}{self.what:<9}{self.method:<17}{self.learnt:>7,}{self.tested:>7,}"
        near = f"{100 * self.right:>9.1f}{100 * self.usual_right:>7.1f}{self.log_loss:>10.3f}{self.usual_log_loss:>7.3f}"
        square = f"{self.brier:>8.4f}{self.usual_brier:>7.4f}{_or_none(self.true_brier, 7, 4)}{100 * self.off:>6.1f}"
        held = _or_none(self.covered, 9, 1, 100) + _or_none(self.least, 7, 1, 100) + _or_none(self.size, 6, 2)
        return f"{front}{near}{square}{held}  {self.alarm:<15}{self.seconds:>6.1f}"


def _or_none(value: float | None, wide: int, digits: int, times: float = 1) -> str:
    return " " * wide if value is None else f"{times * value:>{wide}.{digits}f}"


def lines(seed: int, only: str | None, logs: dict[str, EventLog]) -> Iterator[Line]:
    """Next steps of each log, learnt as its remaining time is, and the missed appointments of a made-up clinic."""
    for task in TASKS:
        if task.what != "throughput" and only in (None, task.log):
            log = logs.setdefault(task.log, log_of(task))
            yield from _tried(task, following(log), ("last step",), seed, hindsight=log.site.dates_shifted or task.hindsight)
    if only in (None, "clinic"):
        made = Task(log="clinic (made up)", file="", what="step")
        yield from _tried(made, shows(clinic(seed), person="patient"), ("age group",), seed, hindsight=False)


def _tried(task: Task, outcomes: Outcomes, by: tuple[str, ...], seed: int, *, hindsight: bool) -> Iterator[Line]:
    first = first_begin(outcomes.asked)
    begun = np.sort(first[np.unique(outcomes.asked.case.astype(str), return_index=True)[1]])
    until = float(begun[int(len(begun) * (1 - TEST))])
    test = outcomes.only(first >= until)
    for method in ("best", "person", "segment"):
        began = time.process_time()
        by_them = foreteller(outcomes, by, share=SHARE, seed=seed, until=until, hindsight=hindsight, of=method)
        said = by_them.of(test)
        named = f"{method} ({max(set(said.basis), key=said.basis.count)})" if method == "best" else method
        yield _line(task, named, by_them, judge(by_them, said, test), test, time.process_time() - began)


def first_begin(asked: Questions) -> np.ndarray:
    """When the case of each question began."""
    _, which = np.unique(asked.case.astype(str), return_inverse=True)
    first = np.full(which.max() + 1, np.inf)
    np.minimum.at(first, which, asked.begin)
    return np.asarray(first[which])


def _line(task: Task, method: str, f: Foreteller, j: Judged, test: Outcomes, seconds: float) -> Line:
    sets, known = f.margins is not None, test.only(test.known)
    alarms = [w for w, d in (("chances", j.drift), ("sets", j.misses)) if d is not None and d.alarm is not None]
    return Line(
        log=task.log,
        what=f.what + (" *" if task.as_then else ""),
        method=method,
        learnt=f.fitted + f.calibrated,
        tested=j.known,
        right=j.ours.right,
        usual_right=j.usual.right,
        log_loss=j.ours.log_loss,
        usual_log_loss=j.usual.log_loss,
        brier=j.ours.brier,
        usual_brier=j.usual.brier,
        true_brier=None if sets else brier(truth(known), known.came == MISSED),
        off=j.off,
        covered=j.covered if sets else None,
        least=j.least if sets else None,
        size=j.size if sets else None,
        alarm=" ".join(alarms) or "none",
        seconds=seconds,
    )
