"""Learn from a log which step comes next, or who does not come to an appointment, and say it of those who are there now or came later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from sandcone.core.errors import EmptyError, ModelError
from sandcone.core.log import EventLog
from sandcone.flow.asked import basis_words, check_options, clock_text, minute_of, of_whom, save_table
from sandcone.personalising.drift import Bools
from sandcone.personalising.foretelling import Foreteller, Foretold, foreteller
from sandcone.personalising.history import Word
from sandcone.personalising.judging import Judged, judge
from sandcone.personalising.outcomes import Outcomes, following, shows

MIDDLE = {"next": ("last step",), "no-show": ("step",)}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Foreseen:
    """What was learnt, of whom something is said, what is said, and, for those who came after the learning, what came of it."""

    by: Foreteller
    asked: Outcomes
    said: Foretold
    judged: Judged | None
    zone: str | None

    def __str__(self) -> str:
        """What it rests on, and whether it holds."""
        return "\n".join(_words(self))

    def as_json(self) -> dict[str, object]:
        """The figures by name."""
        b, j = self.by, self.judged
        out: dict[str, object] = {"what": b.what, "share": b.share, "by": list(b.by), "fitted": b.fitted, "calibrated": b.calibrated}
        out |= {"notes": list(b.notes), "asked": len(self.asked)}
        if j is not None and j.known:
            out |= {"known": j.known, "right": j.ours.right, "log_loss": j.ours.log_loss, "brier": j.ours.brier, "off": j.off}
            out |= {"usual_right": j.usual.right, "usual_log_loss": j.usual.log_loss, "usual_brier": j.usual.brier}
            out |= {"covered": j.covered, "set_size": j.size} if b.margins is not None else {}
            out |= {"reliability": [{"said": x.said, "came": x.came.value, "n": x.came.n} for x in j.bins]}
            out |= {"alarm_chances": j.drift.alarm is not None, "alarm_sets": j.misses is not None and j.misses.alarm is not None}
        return out


def foretell(
    log: EventLog,
    *,
    what: Word = "next",
    until: datetime | None = None,
    by: Sequence[str] | None = None,
    steps: Sequence[str] = (),
    missed: Sequence[str] = (),
    person: str | None = None,
    share: float = 0.9,
    seed: int = 1,
    told: Callable[[str], None] | None = None,
) -> Foreseen:
    """Which step comes ``next``, or who will be a ``no-show``: learnt from what was known ``until`` a moment, said of what is asked later.

    Without ``until`` it is said of each open case, or each appointment still to come. ``by`` names what makes a segment (None: the last
    step; for no-shows the step, if the log tells it of all, and what the site says). ``steps`` are the appointments that are meant (none:
    all), ``missed`` the steps that are written down when somebody did not come, ``person`` the attribute that says who it is, where a case
    is one visit. ``share`` is how often what comes shall be in the set of
    next steps. Raises ``EmptyError`` below 30 cases or where the log does not tell it, ``ModelError`` for what cannot be.
    """
    say = told or (lambda _: None)
    if what not in MIDDLE:
        raise ModelError("what to foretell", f"{what!r}", f"Say one of {', '.join(MIDDLE)}.")
    check_options(what, steps=steps, missed=missed, person=person)
    say("reading what happened")
    outcomes = following(log) if what == "next" else shows(log, steps, missed, person)
    cut, shifted = None if until is None else minute_of(until, log.zone), log.site.dates_shifted
    say("learning")
    learnt = foreteller(outcomes, _by(log, what, by, outcomes), share=share, seed=seed, until=cut, hindsight=shifted)
    now = outcomes.only(_whom(outcomes, cut, shifted))
    if not len(now):
        raise EmptyError(log.source, "nobody to say it of", "Give an earlier date, or a log with open cases or appointments to come.")
    say("foretelling")
    said = learnt.of(now)
    judged = None if cut is None else judge(learnt, said, now)
    return Foreseen(by=learnt, asked=now, said=said, judged=judged, zone=log.zone)


def _by(log: EventLog, what: Word, by: Sequence[str] | None, outcomes: Outcomes) -> tuple[str, ...]:
    if by is not None:
        return tuple(by)
    site = log.site.segment if what == "no-show" else ()
    return tuple(name for name in (*MIDDLE[what], *site) if name in outcomes.asked.known)


def _whom(outcomes: Outcomes, cut: float | None, hindsight: bool) -> Bools:
    if cut is None and outcomes.asked.what == "no-show":
        return ~outcomes.known
    return of_whom(outcomes.asked, cut, hindsight)


def _words(x: Foreseen) -> list[str]:
    b, j = x.by, x.judged
    name = "next step" if b.what == "next" else "who does not come"
    lines = [f"{name}, learnt from {b.fitted:,} cases, made to hold on {b.calibrated:,} others.", *b.notes]
    lines.append(f"Said of {len(x.asked):,}: {basis_words(x.said.basis)}.")
    return lines if j is None or not j.known else [*lines, *_came(b, j)]


def _came(b: Foreteller, j: Judged) -> list[str]:
    lines = [f"What came of it: known of {j.known:,}."]
    if b.what == "next":
        lines.append(f"The likeliest came in {j.ours.right:.1%}, what is usual in the segment in {j.usual.right:.1%}.")
        lines.append(f"Log loss {j.ours.log_loss:.3f}, of the segment's shares {j.usual.log_loss:.3f}.")
        lines.append(f"Sets of {j.size:.1f} steps held what came in {j.covered:.1%}. Promised: {b.share:.0%}.")
    else:
        lines.append(f"Mean square error of the chance (Brier) {j.ours.brier:.4f}, of the segment's share {j.usual.brier:.4f}.")
    lines.append(f"Said and came, off by {100 * j.off:.1f} points on average:")
    lines += [f"  {x.said:6.1%}  {x.came.value:6.1%} ({x.came.low:.1%} to {x.came.high:.1%}, n={x.came.n:,})" for x in j.bins]
    lines += ["What came was said to be unlikely too often: the chances no longer hold."] * (j.drift.alarm is not None)
    lines += ["Sets hold less than promised: they no longer hold as learnt."] * (j.misses is not None and j.misses.alarm is not None)
    return lines


def save_foreseen(x: Foreseen, path: Path) -> None:
    """Keep one row a question as CSV.

    Next step: case, asked, likeliest, chance, set (likeliest first, joined by " | "), its chances, usual (of the segment), segment, basis,
    was. No-show: case, asked (the booked time), chance of a miss, usual, segment, basis, was.
    """
    next_ = x.by.what == "next"
    front = ("likeliest", "chance", "set", "chances", "usual") if next_ else ("chance", "usual")
    rows = (
        (
            case,
            clock_text(x.asked.asked.moment[i], x.zone),
            *(_next(x.said, i) if next_ else (f"{x.said.chance[i, 1]:.4f}", f"{x.said.usual[i, 1]:.4f}")),
            x.said.segment[i],
            x.said.basis[i],
            x.asked.came[i] or "",
        )
        for i, case in enumerate(x.asked.asked.case)
    )
    save_table(path, ("case", "asked", *front, "segment", "basis", "was"), rows)


def _next(said: Foretold, i: int) -> tuple[str, ...]:
    chance = said.chance[i]
    order = [k for k in np.argsort(-chance, kind="stable").tolist() if said.inside[i, k]]
    kept = " | ".join(said.words[k] for k in order), " | ".join(f"{chance[k]:.3f}" for k in order)
    return said.words[order[0]], f"{chance[order[0]]:.4f}", *kept, said.words[int(np.argmax(said.usual[i]))]
