"""What can be asked of a log whose answer is a word: which step comes next, and whether a patient comes to an appointment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sandcone.core.appointments import GRACE, over
from sandcone.core.errors import EmptyError, ModelError
from sandcone.core.log import EventLog
from sandcone.personalising.conformal import Names
from sandcone.personalising.drift import Bools
from sandcone.personalising.history import Questions, check_steps, clock_of, minutes_of, next_steps, objects

CAME, MISSED = "came", "missed"
LOST = ("request without a start in the middle of a case", "no time at all")  # why a reader leaves out a booking that never began
MOST_LOST = 10  # of misses, one in so many may be lost so


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcomes:
    """Questions whose answer is a word, and what came of each (None: not known when the log ends).

    The minutes of the questions are how long it took until the answer was known.
    """

    asked: Questions
    came: Names

    def __len__(self) -> int:
        """How many questions."""
        return len(self.came)

    @property
    def known(self) -> Bools:
        """Whether the answer is known."""
        return np.array([c is not None for c in self.came], dtype=bool)

    def only(self, rows: Bools) -> Outcomes:
        """Some of them."""
        return Outcomes(asked=self.asked.only(rows), came=self.came[rows])


def following(log: EventLog) -> Outcomes:
    """Which step comes next (``history.next_steps`` says how it is told)."""
    asked, came = next_steps(log)
    return Outcomes(asked=asked, came=came)


def shows(log: EventLog, steps: Sequence[str] = (), missed: Sequence[str] = (), person: str | None = None) -> Outcomes:
    """Whether patients come to their appointments (of the named ``steps``, or all), one row a booked time, known a day after it.

    Missed is what was booked and never began. A step named in ``missed`` is what is written down instead: step and days ahead are then not
    known of anybody, as they would tell, nor hour and weekday where that step was not booked and its own time stands in. A booking with
    another step that the site counts as cancelled is left out. Known too are how many appointments there were before, how many of them were
    missed, and, where the log has the time of the need, how many days ahead it was booked. ``person`` is the attribute that says who it is,
    where a case is one visit; else, and where that is not known, a case is a person. Whoever has come to an appointment that is not over by
    a day is left out: those who stayed away from one cannot be told yet. Raises ``EmptyError`` where the log does not tell it, and
    ``ModelError`` for names that are not in it.
    """
    asked, stayed, last = _booked(log, steps, missed, person)
    past = over(asked.moment, last)
    if not len(asked):
        raise EmptyError(log.source, "no booked times", "Give a log with a column for the role planned (docs/columns.md).")
    if not missed:
        _whole(log, int((stayed & past).sum()))
    if not (stayed & past).any():
        found = "nobody in it was booked and did not come"
        raise EmptyError(log.source, found, "Give a log that keeps missed appointments, or name the step that says so with --missed.")
    came = objects([(MISSED if s else CAME) if p else None for s, p in zip(stayed, past, strict=True)])
    known = {**asked.known, **_before(asked, stayed, past)}
    minutes = np.where(past, GRACE, np.nan)
    return Outcomes(asked=replace(asked, known=known, answer=minutes, whole=minutes), came=came).only(past | stayed)


def _booked(log: EventLog, steps: Sequence[str], missed: Sequence[str], person: str | None) -> tuple[Questions, Bools, float]:
    """The booked rows but those that were cancelled, whether nobody came, and when the log ends."""
    if person is not None and person not in log.attributes:
        raise ModelError("who it is", f"no attribute {person!r}", f"There is {', '.join(log.attributes) or 'none'}.")
    t = log.table.order_by("row").select("case", "step", "ready", "planned", "start", "end", *log.attributes).to_pyarrow()
    ready, planned, start, end = (minutes_of(t[c]) for c in ("ready", "planned", "start", "end"))
    step = objects(t["step"].to_pylist())
    check_steps((*steps, *missed), step)
    instead = np.isin(step.astype(str), list(missed))
    begun = np.fmin(start, end)
    alone = instead & np.isnan(planned)
    planned = np.where(alone, begun, planned)
    asked_of = np.isin(step.astype(str), list(steps)) if steps else ~np.isin(step.astype(str), list(log.site.cancelled_steps))
    rows = ~np.isnan(planned) & (instead | asked_of)
    last = float(np.nanmax(np.concatenate([np.fmax(start, end), [-np.inf]])))
    known = {a: objects(t[a].to_pylist())[rows] for a in log.attributes if a != person}
    if not instead.any():
        ahead = (planned - ready)[rows] / 1440.0
        known |= {"step": step[rows], "days ahead": objects([None if np.isnan(d) else float(d) for d in ahead])}
    at = planned[rows]
    asked = Questions(
        what="no-show",
        case=_whose(t["case"].to_pylist(), None if person is None else t[person].to_pylist())[rows],
        begin=at,
        moment=at,
        answer=at,
        whole=at,
        least=np.zeros(len(at)),
        known={**known, **({} if alone.any() else clock_of(at, log.zone))},
    )
    return asked, np.asarray(instead | np.isnan(begun))[rows], last


def _whose(cases: Sequence[str], people: Sequence[str | None] | None) -> Names:
    """Who each row is about: the person, and where that is not known the case by itself."""
    if people is None:
        return objects(cases)
    return objects([f"case {case}" if person is None else person for case, person in zip(cases, people, strict=True)])


def _whole(log: EventLog, missed: int) -> None:
    """Refuse a log that lost its misses when it was read: what never began is left out without a time of need, or if its case goes on."""
    lost = sum(x.rows for x in log.account.left_out if x.reason in LOST)
    if lost > missed / MOST_LOST:
        found = f"{lost:,} rows that never began were left out when it was read; {missed:,} missed appointments are left"
        do = "Name a column for the role ready (the booked time will do), and make each visit a case, with --person for who it is"
        raise EmptyError(log.source, found, f"{do}; or name the step that says who did not come with --missed.")


def _before(asked: Questions, stayed: Bools, past: Bools) -> dict[str, Names]:
    """Of each booked time: how many appointments the case had a day or more before, of those that are over, and how many were missed."""
    before, away = np.zeros(len(asked)), np.zeros(len(asked))
    _, which = np.unique(asked.case.astype(str), return_inverse=True)
    order = np.lexsort((asked.moment, which))
    for mine in np.split(order, np.flatnonzero(np.diff(which[order])) + 1):
        n = np.searchsorted(asked.moment[mine] + GRACE, asked.moment[mine], side="right")
        for out, of in ((before, past[mine]), (away, (past & stayed)[mine])):
            out[mine] = np.concatenate([[0], np.cumsum(of)])[n]
    return {"appointments before": objects(before.tolist()), "missed before": objects(away.tolist())}
