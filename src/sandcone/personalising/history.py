"""What can be asked of a log: how long each patient took, or had still to go, or a step took, with what was known at that moment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import pyarrow as pa

from sandcone.core.care import Person
from sandcone.core.clock import MINUTE, local
from sandcone.core.errors import EmptyError, ModelError
from sandcone.core.log import EventLog
from sandcone.personalising.conformal import Floats, Names
from sandcone.personalising.drift import Bools

What = Literal["throughput", "remaining", "step"]
Word = Literal["next", "no-show"]
THE_END = "the end"  # what comes after the last step of a case
COUNTED = 40  # steps whose number so far is something that is known


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Questions:
    """One row a question: whose, when it is asked, what was known, and the answer in minutes (nan: not known when the log ends).

    ``moment`` is in minutes since 1970 began (UTC). ``least`` is how many minutes the answer is at least: the answer itself where it is
    known, else the time until the log ends. ``whole`` is how long the case (or step) had to be watched from ``begin`` for the answer to
    be known.
    """

    what: What | Word
    case: Names
    begin: Floats
    moment: Floats
    answer: Floats
    whole: Floats
    least: Floats
    known: Mapping[str, Names]  # by name: a number, a word or None for each row

    def __len__(self) -> int:
        """How many questions."""
        return len(self.moment)

    @property
    def told(self) -> Floats:
        """When the answer is known; never: infinite."""
        return np.where(np.isnan(self.answer), np.inf, self.begin + np.where(np.isnan(self.whole), 0.0, self.whole))

    @property
    def share(self) -> Floats:
        """What each row weighs, so that each case counts once."""
        _, which, n = np.unique(self.case.astype(str), return_inverse=True, return_counts=True)
        return np.asarray(1.0 / n[which])

    def only(self, rows: Bools) -> Questions:
        """Some of the questions."""
        own = {name: getattr(self, name)[rows] for name in ("case", "begin", "moment", "answer", "whole", "least")}
        return replace(self, **own, known={name: x[rows] for name, x in self.known.items()})

    def segment(self, by: Sequence[str]) -> Names:
        """The segment of each row, in words; what is not known is a segment too."""
        none = np.full(len(self), None, dtype=object)
        columns = [self.known.get(name, none) for name in by]
        return np.array(
            [", ".join(_word(x) for x in row) for row in zip(*columns, strict=True)] if by else ["all"] * len(self), dtype=object
        )


def _word(value: object) -> str:
    return "not known" if value is None else str(value)


def questions(log: EventLog, what: What, steps: Sequence[str] = ()) -> Questions:
    """Everything of one kind that can be asked of a log.

    ``throughput``: asked when a case begins, from then to its last end. ``remaining``: asked when each step but the last has ended.
    ``step``: asked when a step starts, to its end; of the named steps, or of all. A case is finished if all its steps ended and, where
    the site names ``end_steps``, the last one is among them; others are open, and kept as open. Raises ``EmptyError``, ``ModelError``.
    """
    if what not in get_args(What):
        raise ModelError("what to predict", f"{what!r}", f"Say one of {', '.join(get_args(What))}.")
    history = _History(log)
    check_steps(steps, history.steps)
    rows = history.step(steps) if what == "step" else history.remaining() if what == "remaining" else history.throughput()
    if not len(rows.moment):
        raise EmptyError(log.source, f"nothing in it to learn {what} from", "Give a log of finished work, and steps that are in it.")
    return rows


def next_steps(log: EventLog) -> tuple[Questions, Names]:
    """What comes next, asked when each step has ended, with what was known of the path so far.

    The next step is the next to end, ``the end`` after the last one of a finished case, and None where it is not known when the log ends.
    The minutes of the answer are how long it took until it was known. Raises ``EmptyError``.
    """
    asked, came = _History(log).following()
    if not len(asked):
        raise EmptyError(log.source, "no step that has ended", "Give a log with ends of steps.")
    return asked, came


def check_steps(named: Sequence[str], there: Names) -> None:
    """Refuse the name of a step that is not in the log, which would be left out in silence."""
    found = sorted(set(there.astype(str)))
    for name in named:
        if name not in found:
            raise ModelError("predict", f"no step {name!r} in the log", f"There is {', '.join(found[:12])}.")


def questions_of(people: Sequence[Person]) -> Questions:
    """How long each of these people will take in all, asked before they begin: what is known are their facts."""
    n = len(people)
    names = sorted({name for p in people for name in p.facts})
    nothing = np.full(n, np.nan)
    return Questions(
        what="throughput",
        case=objects([p.name for p in people]),
        begin=np.array([p.minute for p in people]),
        moment=np.array([p.minute for p in people]),
        answer=nothing,
        whole=nothing,
        least=np.zeros(n),
        known={name: objects([_plain(p.facts.get(name)) for p in people]) for name in names},
    )


def _plain(fact: object) -> object:
    return ("true" if fact else "false") if isinstance(fact, bool) else fact


def clock_of(moment: Floats, zone: str | None) -> dict[str, Names]:
    """Hour and weekday (0: Monday) of moments, on the hospital's clock."""
    wall = local(np.round(moment * MINUTE).astype(np.int64), zone) // MINUTE
    return {"hour": objects((wall % 1440 / 60.0).tolist()), "weekday": objects(((wall // 1440 + 3) % 7.0).tolist())}


def objects(values: Sequence[object]) -> Names:
    """Values as they are, one a row."""
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


class _History:
    def __init__(self, log: EventLog) -> None:
        self.log = log
        t = log.table
        table = t.order_by("row").select("case", "step", "resource", "ready", "start", "end", *log.attributes).to_pyarrow()
        start, end, ready = (minutes_of(table[c]) for c in ("start", "end", "ready"))
        begun = np.fmin(np.fmin(ready, start), end)
        case = objects(table["case"].to_pylist())
        names, code = np.unique(case.astype(str), return_inverse=True)
        order = np.lexsort((np.where(np.isnan(end), np.inf, end), code))
        order = order[~np.isnan(begun[order])]
        self.code, self.names = code[order], names
        self.start, self.end, self.begun = start[order], end[order], begun[order]
        self.steps, self.resource = (objects(table[c].to_pylist())[order] for c in ("step", "resource"))
        self.attributes = {a: objects(table[a].to_pylist())[order] for a in log.attributes}
        self.last = float(np.nanmax(np.fmax(end, begun))) if len(order) else 0.0
        self.cuts = np.flatnonzero(np.diff(self.code, prepend=-1, append=-1))

    def cases(self) -> Iterator[tuple[slice, float, float]]:
        """Each case: its rows in order of their ends, when it began and how long it took (nan: open)."""
        ends = self.log.site.end_steps
        for a, b in zip(self.cuts[:-1], self.cuts[1:], strict=True):
            done = not np.isnan(self.end[b - 1]) and (not ends or self.steps[b - 1] in ends)
            begin = float(self.begun[a:b].min())
            yield slice(a, b), begin, float(self.end[b - 1]) - begin if done else np.nan

    def throughput(self) -> Questions:
        rows = [(s.start, begin, begin, whole, whole) for s, begin, whole in self.cases()]
        return self._made("throughput", rows, {})

    def remaining(self) -> Questions:
        rows, more = [], _More(self.steps)
        for s, begin, whole in self.cases():
            stop = s.stop - (not np.isnan(whole))
            for i in range(s.start, stop):
                if not np.isnan(at := float(self.end[i])):
                    rows.append((i, begin, at, begin + whole - at, whole))
                    more.add(self, s.start, i, begin, at)
        return self._made("remaining", rows, more.columns())

    def following(self) -> tuple[Questions, Names]:
        """After each step that ended: how long until the next one has ended (nothing after the last), and which it was."""
        rows, came, more = [], list[str | None](), _More(self.steps)
        for s, begin, whole in self.cases():
            for i in range(s.start, s.stop):
                if np.isnan(at := float(self.end[i])):
                    continue
                end, last = (float(self.end[i + 1]), False) if i + 1 < s.stop else (at + 0 * whole, True)
                rows.append((i, begin, at, end - at, end - begin))
                came.append(None if np.isnan(end) else THE_END if last else str(self.steps[i + 1]))
                more.add(self, s.start, i, begin, at)
        return self._made("next", rows, more.columns()), objects(came)

    def step(self, steps: Sequence[str]) -> Questions:
        rows, place, since = [], [], []
        wanted = set(steps)
        for s, begin, _ in self.cases():
            for i in range(s.start, s.stop):
                at = float(self.start[i])
                if not np.isnan(at) and (not wanted or self.steps[i] in wanted):
                    rows.append((i, at, at, float(self.end[i]) - at, float(self.end[i]) - at))
                    place.append(float(i - s.start))
                    since.append(at - begin)
        own = [i for i, *_ in rows]
        more = {
            "step": self.steps[own],
            "resource": self.resource[own],
            "place": objects(place),
            "minutes so far": objects(since),
        }
        return self._made("step", rows, more)

    def _made(self, what: What | Word, rows: Sequence[tuple[int, float, float, float, float]], more: Mapping[str, Names]) -> Questions:
        own = [i for i, *_ in rows]
        begin, moment, answer, whole = np.array([r[1:] for r in rows], dtype=np.float64).reshape(-1, 4).T
        clock = clock_of(moment, self.log.zone)
        return Questions(
            what=what,
            case=self.names[self.code[own]].astype(object),
            begin=begin,
            moment=moment,
            answer=np.maximum(answer, 0.0),
            whole=whole,
            least=np.where(np.isnan(answer), np.maximum(self.last - moment, 0.0), answer),
            known={**{a: x[own] for a, x in self.attributes.items()}, **clock, **more},
        )


class _More:
    """What is known of the path so far."""

    def __init__(self, steps: Names) -> None:
        kinds, n = np.unique(steps.astype(str), return_counts=True)
        self.kinds = [str(k) for k in kinds[np.argsort(-n, kind="stable")][:COUNTED]]
        self.rows: list[tuple[object, ...]] = []

    def add(self, h: _History, first: int, i: int, begin: float, at: float) -> None:
        so_far = list(h.steps[first : i + 1])
        before = so_far[-2] if i > first else None
        since = at - float(h.end[i - 1]) if i > first else 0.0
        self.rows.append((so_far[-1], before, float(i - first + 1), at - begin, since, *(float(so_far.count(k)) for k in self.kinds)))

    def columns(self) -> dict[str, Names]:
        names = (
            "last step",
            "step before",
            "steps so far",
            "minutes so far",
            "minutes since the step before",
            *(f"times {k}" for k in self.kinds),
        )
        turned = zip(*self.rows, strict=True) if self.rows else ([] for _ in names)
        return {name: objects(list(x)) for name, x in zip(names, turned, strict=True)}


def minutes_of(column: pa.ChunkedArray) -> Floats:
    """Times in minutes since 1970 began (UTC); nan where there is none."""
    gone = np.asarray(column.is_null().to_numpy())
    micros = column.cast(pa.timestamp("us")).cast(pa.int64()).fill_null(0).to_numpy().astype(np.float64)
    return np.where(gone, np.nan, micros / MINUTE)


def number(value: object) -> float | None:
    """A value as a number, None if it is a word."""
    if isinstance(value, (int, float)):
        return float(value)
    return float(value) if isinstance(value, str) and re.fullmatch(r"\s*[-+]?\d+(\.\d+)?([eE][-+]?\d+)?\s*", value) else None
