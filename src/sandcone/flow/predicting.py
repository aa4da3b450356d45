"""Learn from a log how long patients take, and say it of those who are there now or came later."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sandcone.core.errors import EmptyError
from sandcone.core.log import EventLog
from sandcone.flow.asked import basis_words, check_options, clock_text, minute_of, of_whom, save_table
from sandcone.personalising.conformal import Floats
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
    check_options(what, steps=steps)
    say("reading what happened")
    asked = questions(log, what, steps)
    cut, shifted = None if until is None else minute_of(until, log.zone), log.site.dates_shifted
    say("learning")
    predictor = learnt(asked, _by(log, what, by), share=share, seed=seed, until=cut, hindsight=shifted)
    now = asked.only(of_whom(asked, cut, shifted))
    if not len(now):
        raise EmptyError(log.source, "nobody to say it of", "Give an earlier date, or a log with open cases.")
    say("predicting")
    followed = None if cut is None else follow(predictor, now, shifted)
    said = predictor.of(now) if followed is None else followed.adaptive
    return Predicted(predictor=predictor, asked=now, said=said, followed=followed, zone=log.zone)


def _by(log: EventLog, what: What, by: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(by) if by is not None else (*MIDDLE[what], *(() if what == "remaining" else log.site.segment))


def _words(x: Predicted) -> list[str]:
    p, f = x.predictor, x.followed
    lines = [f"{p.what} in minutes, learnt from {p.fitted:,} cases, intervals from {p.calibrated:,} others.", *p.notes]
    lines.append(f"Said of {len(x.asked):,}: {basis_words(x.said.basis)}.")
    if f is not None and f.known:
        lines.append(f"What came of it: known of {f.known:,}, {f.still_open:,} still open; mean absolute error {shown(f.error)} minutes.")
        lines.append(f"In the interval as learnt {f.covered:.1%}, where it went on learning {f.adaptive_covered:.1%}.")
        lines.append(f"Promised: {p.share:.0%}.")
        lines += [f"With those still open: {_between(f.of_all)}, and {_between(f.adaptive_of_all)}."] * (f.still_open > 0)
        lines += ["More was missed than promised: it no longer holds as learnt."] * (f.drift.alarm is not None)
        lines += ["Errors have grown: it is no longer as near as it was."] * (f.slower.alarm is not None)
    return lines


def _between(x: tuple[float, float]) -> str:
    return f"{x[0]:.1%}" if x[0] == x[1] else f"{x[0]:.1%} to {x[1]:.1%}, as open cases end"


def save_predictions(x: Predicted, path: Path) -> None:
    """Keep one row a question as CSV: case, asked (on the hospital's clock), minutes, low, high, segment, basis, what it was."""
    said = x.said
    rows = (
        (
            case,
            clock_text(x.asked.moment[i], x.zone),
            *(_cell(of, i) for of in (said.value, said.low, said.high)),
            said.segment[i],
            said.basis[i],
            _cell(x.asked.answer, i),
        )
        for i, case in enumerate(x.asked.case)
    )
    save_table(path, ("case", "asked", "minutes", "low", "high", "segment", "basis", "was"), rows)


def _cell(of: Floats, i: int) -> str:
    return f"{of[i]:.1f}" if math.isfinite(of[i]) else ""
