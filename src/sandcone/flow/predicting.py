"""Learn from a log how long patients take, and say it of those who are there now or came later."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from sandcone.core.errors import EmptyError, ModelError
from sandcone.core.log import EventLog
from sandcone.personalising.conformal import Floats
from sandcone.personalising.drift import Bools
from sandcone.personalising.following import Followed, follow
from sandcone.personalising.history import Questions, What, questions
from sandcone.personalising.predicting import Predictions, Predictor, learnt
from sandcone.reporting.words import number as shown

MIDDLE = {"throughput": (), "remaining": ("last step",), "step": ("step",)}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Predicted:
    """What was learnt, of whom something is said, what is said, and, for those who came after the learning, what came of it."""

    predictor: Predictor
    asked: Questions
    said: Predictions
    followed: Followed | None
    zone: str | None

    def __str__(self) -> str:
        """What it rests on, and whether it holds."""
        return "\n".join(_words(self))

    def as_json(self) -> dict[str, object]:
        """The figures by name."""
        p, f = self.predictor, self.followed
        out: dict[str, object] = {"what": p.what, "share": p.share, "by": list(p.by), "fitted": p.fitted, "calibrated": p.calibrated}
        out |= {"notes": list(p.notes), "asked": len(self.asked)}
        if f is not None and f.known:
            out |= {"known": f.known, "open": f.still_open, "mean_absolute_error_minutes": f.error, "covered": f.covered}
            out |= {"adaptive_covered": f.adaptive_covered, "of_all": list(f.of_all), "adaptive_of_all": list(f.adaptive_of_all)}
            out |= {"alarm_misses": f.drift.alarm is not None, "alarm_errors": f.slower.alarm is not None}
        return out


def predict(
    log: EventLog,
    *,
    what: What = "throughput",
    until: datetime | None = None,
    by: Sequence[str] | None = None,
    steps: Sequence[str] = (),
    share: float = 0.9,
    seed: int = 1,
    told: Callable[[str], None] | None = None,
) -> Predicted:
    """How long patients take: learnt from what was known ``until`` a moment, said of everybody later and of who is still there.

    ``until`` is on the hospital's clock (None: when the log ends, and then it is said of open cases only). ``what`` is ``throughput``,
    ``remaining`` or ``step``; ``by`` the names that make a segment (None: of the site, with the last step or the step itself); ``share``
    how often the truth shall lie in the interval. Raises ``EmptyError`` below 30 finished cases, ``ModelError`` for what cannot be.
    """
    say = told or (lambda _: None)
    say("reading what happened")
    asked = questions(log, what, steps)
    cut = None if until is None else _minute(until, log.zone)
    say("learning")
    predictor = learnt(asked, _by(log, what, by), share=share, seed=seed, until=cut, hindsight=log.site.dates_shifted)
    now = asked.only(_of_whom(asked, cut))
    if not len(now):
        raise EmptyError(log.source, "nobody to say it of", "Give an earlier date, or a log with open cases.")
    say("predicting")
    followed = None if cut is None else follow(predictor, now, log.site.dates_shifted)
    said = predictor.of(now) if followed is None else followed.adaptive
    return Predicted(predictor=predictor, asked=now, said=said, followed=followed, zone=log.zone)


def _by(log: EventLog, what: What, by: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(by) if by is not None else (*MIDDLE[what], *(() if what == "remaining" else log.site.segment))


def _minute(until: datetime, zone: str | None) -> float:
    known = until if until.tzinfo else until.replace(tzinfo=ZoneInfo(zone) if zone else UTC)
    return known.timestamp() / 60


def _of_whom(asked: Questions, cut: float | None) -> Bools:
    """The questions asked from then on; without a date the last one of each open case."""
    if cut is not None:
        return np.asarray(asked.moment >= cut)
    chosen = np.zeros(len(asked), dtype=bool)
    last: dict[object, int] = {}
    for i in np.flatnonzero(np.isnan(asked.answer)).tolist():
        if asked.case[i] not in last or asked.moment[i] >= asked.moment[last[asked.case[i]]]:
            last[asked.case[i]] = i
    chosen[list(last.values())] = True
    return chosen


def _words(x: Predicted) -> list[str]:
    p, f = x.predictor, x.followed
    lines = [f"{p.what} in minutes, learnt from {p.fitted:,} cases, intervals from {p.calibrated:,} others.", *p.notes]
    lines.append(f"Said of {len(x.asked):,}: {_shares(x.said.basis)}.")
    if f is not None and f.known:
        lines.append(f"What came of it: known of {f.known:,}, {f.still_open:,} still open; mean absolute error {shown(f.error)} minutes.")
        lines.append(f"In the interval as learnt {f.covered:.1%}, where it went on learning {f.adaptive_covered:.1%}.")
        lines.append(f"Promised: {p.share:.0%}.")
        lines += [f"With those still open: {_between(f.of_all)}, and {_between(f.adaptive_of_all)}."] * (f.still_open > 0)
        lines += ["More was missed than promised: it no longer holds as learnt."] * (f.drift.alarm is not None)
        lines += ["Errors have grown: it is no longer as near as it was."] * (f.slower.alarm is not None)
    return lines


def _shares(basis: Sequence[str]) -> str:
    words = {"person": "by what is known of the person", "segment": "as usual in the segment", "everybody": "as usual for everybody"}
    return ", ".join(f"{basis.count(b) / len(basis):.0%} {words[b]}" for b in dict.fromkeys(basis))


def _between(x: tuple[float, float]) -> str:
    return f"{x[0]:.1%}" if x[0] == x[1] else f"{x[0]:.1%} to {x[1]:.1%}, as open cases end"


def save_predictions(x: Predicted, path: Path) -> None:
    """Keep one row a question as CSV: case, asked (on the hospital's clock), minutes, low, high, segment, basis, what it was."""
    if path.suffix != ".csv":
        raise ModelError(str(path), "not a name that ends in .csv", "Give such a name.")
    said = x.said
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("case", "asked", "minutes", "low", "high", "segment", "basis", "was"))
        for i, case in enumerate(x.asked.case):
            numbers = (_cell(of, i) for of in (said.value, said.low, said.high))
            out.writerow((case, _clock(x.asked.moment[i], x.zone), *numbers, said.segment[i], said.basis[i], _cell(x.asked.answer, i)))


def _cell(of: Floats, i: int) -> str:
    return f"{of[i]:.1f}" if math.isfinite(of[i]) else ""


def _clock(minute: float, zone: str | None) -> str:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=float(minute))
    return moment.astimezone(ZoneInfo(zone) if zone else UTC).strftime("%Y-%m-%d %H:%M")
