"""How far apart two logs are: the distances that research on simulated logs is scored by.

Each gives 0 for a log and itself; lower is nearer. They are those of the Python package log-distance-measures 2.2.0 (Chapela-Campa et al.
2025, "A framework for measuring the quality of business process simulation models", *Information Systems* 127), written anew for arrays:
the earth mover's distance on a line is the area between two cumulative shares, so nothing needs to be solved.

What is agreed on there and kept here:

- Rows without a start or an end are left out (there, they are an error).
- Only n-grams count steps as they are; all others compare shares, so a log with more steps is not punished for that.
- Hours are whole hours, counted from the full hour in which the earlier of the two logs starts; a case's own hours from its first start.
- Hours of the day and weekdays are those of the hospital's clock; the others run on UTC.
- A weekday that one log knows and the other does not costs 23, the most an hour of the day can be off; one that neither knows costs 0.
- Order in a case is by start, then end, then place in the log; n - 1 empty places are put before and behind each case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sandcone.core.clock import DAY, EPOCH_WEEKDAY, HOUR, local
from sandcone.core.errors import EmptyError
from sandcone.core.log import EventLog

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
FARTHEST_HOUR = 23.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """The steps of a log that began and ended, as arrays: case number, step number, resource number, start and end in µs of UTC.

    ``steps`` are the names that step numbers stand for; a step without a resource has the number -1. Cases are numbered from 0.
    """

    case: Ints
    step: Ints
    resource: Ints
    start: Ints
    end: Ints
    steps: tuple[str, ...]
    zone: str | None = None

    @property
    def clock_start(self) -> Ints:
        """Starts on the hospital's clock."""
        return local(self.start, self.zone)

    @property
    def clock_end(self) -> Ints:
        """Ends on the hospital's clock."""
        return local(self.end, self.zone)

    @property
    def spans(self) -> tuple[Ints, Ints]:
        """First start and last end of each case."""
        first, last = np.full(self.case.max() + 1, np.iinfo(np.int64).max), np.full(self.case.max() + 1, np.iinfo(np.int64).min)
        np.minimum.at(first, self.case, self.start)
        np.maximum.at(last, self.case, self.end)
        return first, last


def rows(log: EventLog) -> Rows:
    """A log as arrays. Raises ``EmptyError`` if no step of it both began and ended."""
    t = log.table
    table = t.filter(t.start.notnull() & t.end.notnull()).order_by("row").select("case", "step", "resource", "start", "end").to_pyarrow()
    if table.num_rows == 0:
        raise EmptyError(log.source, "no step that began and ended", "Give a log with starts and ends.")
    case, _cases = _numbered(table["case"])
    step, steps = _numbered(table["step"])
    resource, _resources = _numbered(table["resource"])
    start, end = (table[name].cast(pa.timestamp("us")).cast(pa.int64()).to_numpy() for name in ("start", "end"))
    return Rows(case=case, step=step, resource=resource, start=start, end=end, steps=tuple(steps), zone=log.zone)


def _numbered(column: pa.ChunkedArray) -> tuple[Ints, list[str]]:
    coded = column.combine_chunks().dictionary_encode()
    codes = coded.indices.fill_null(-1).to_numpy().astype(np.int64)
    return codes, coded.dictionary.to_pylist()


def earth_mover(a: NDArray[Any], b: NDArray[Any], weights_a: Ints | None = None, weights_b: Ints | None = None) -> float:
    """How far one heap of values must be carried to lie as the other does, per unit of weight.

    That is the area between their cumulative shares; heaps of different weight are first made alike.
    """
    places = np.sort(np.concatenate([a, b]))
    gap = np.abs(_cumulative(a, weights_a, places[:-1]) - _cumulative(b, weights_b, places[:-1]))
    return float(np.sum(gap * np.diff(places)))


def _cumulative(values: NDArray[Any], weights: Ints | None, at: NDArray[Any]) -> Floats:
    order = np.argsort(values, kind="stable")
    until = np.searchsorted(values[order], at, side="right")
    if weights is None:
        return np.asarray(until / len(values))
    return np.asarray(np.concatenate([[0], np.cumsum(weights[order])])[until] / weights.sum())


def n_gram(a: Rows, b: Rows, n: int = 3) -> float:
    """NGD: which share of the runs of ``n`` steps in a row differ, of all runs in both logs (0 to 1)."""
    names = {name: i + 1 for i, name in enumerate(sorted({*a.steps, *b.steps}))}
    grams_a, grams_b = _grams(a, names, n), _grams(b, names, n)
    _kinds, which = np.unique(np.concatenate([grams_a, grams_b]), return_inverse=True)
    counts_a = np.bincount(which[: len(grams_a)], minlength=which.max() + 1)
    counts_b = np.bincount(which[len(grams_a) :], minlength=which.max() + 1)
    return float(np.abs(counts_a - counts_b).sum() / len(which))


def _grams(x: Rows, names: dict[str, int], n: int) -> Ints:
    """Every run of n steps as one number, written in step numbers; 0 is the emptiness before and behind a case."""
    order = np.lexsort((x.end, x.start, x.case))
    case = x.case[order]
    known = np.array([names[s] for s in x.steps], dtype=np.int64)[x.step[order]]
    lengths = np.bincount(case)
    lengths = lengths[lengths > 0]
    number = np.repeat(np.arange(len(lengths)), lengths)
    padded = np.zeros(len(known) + (len(lengths) + 1) * (n - 1), dtype=np.int64)  # n - 1 zeros between cases serve both
    padded[np.arange(len(known)) + (number + 1) * (n - 1)] = known
    base = len(names) + 1
    grams = np.lib.stride_tricks.sliding_window_view(padded, n) @ base ** np.arange(n)
    return np.asarray(grams[grams > 0])


def absolute_events(a: Rows, b: Rows) -> float:
    """AEDD: how many hours, on average, starts and ends lie too early or too late on the calendar."""
    first = min(a.start.min(), b.start.min()) // HOUR * HOUR
    return earth_mover(_hours(a.start, a.end, first), _hours(b.start, b.end, first))


def _hours(start: Ints, end: Ints, zero: Any) -> Ints:
    return np.asarray(np.concatenate([start - zero, end - zero]) // HOUR)


def relative_events(a: Rows, b: Rows) -> float:
    """REDD: how many hours, on average, starts and ends lie too early or too late since their case began."""
    return earth_mover(*(_hours(x.start, x.end, x.spans[0][x.case]) for x in (a, b)))


def circadian_events(a: Rows, b: Rows) -> float:
    """CEDD: how many hours, on average over the seven weekdays, starts and ends lie off within the day."""
    return _by_weekday(*(_moments(x) for x in (a, b)))


Moments = tuple[Ints, Ints, Ints | None]  # weekday (0 is Monday), hour, weight (None: 1 each)


def _moments(x: Rows) -> Moments:
    when = np.concatenate([x.clock_start, x.clock_end])
    return (when // DAY + EPOCH_WEEKDAY) % 7, when % DAY // HOUR, None


def _by_weekday(a: Moments, b: Moments) -> float:
    return float(np.mean([_of_a_day(_on(a, day), _on(b, day)) for day in range(7)]))


def _on(moments: Moments, day: int) -> tuple[Ints, Ints | None]:
    weekday, hour, weight = moments
    today = weekday == day
    return hour[today], None if weight is None else weight[today]


def _of_a_day(a: tuple[Ints, Ints | None], b: tuple[Ints, Ints | None]) -> float:
    if not len(a[0]) or not len(b[0]):
        return 0.0 if len(a[0]) == len(b[0]) else FARTHEST_HOUR
    return earth_mover(a[0], b[0], a[1], b[1])


def cycle_times(a: Rows, b: Rows) -> float:
    """CTDD: how many hours, on average, the time from first start to last end of a case is off."""
    times = [last - first for first, last in (a.spans, b.spans)]
    least = min(t.min() for t in times)
    return earth_mover(*((t - least) // HOUR for t in times))


def case_arrivals(a: Rows, b: Rows) -> float:
    """CADD: how many hours, on average, first starts of cases lie too early or too late on the calendar."""
    first = min(a.start.min(), b.start.min()) // HOUR * HOUR
    return earth_mover(*((x.spans[0] - first) // HOUR for x in (a, b)))


def circadian_workforce(a: Rows, b: Rows) -> float:
    """CWD: how many hours, on average over the seven weekdays, the number of resources at work lies off within the day."""
    return _by_weekday(*(_at_work(x) for x in (a, b)))


def _at_work(x: Rows) -> Moments:
    """Resources seen in an hour, in hundredths per day on which anybody was seen; no resource counts as one of its own."""
    when = np.concatenate([x.clock_start, x.clock_end])
    people = x.resource.max() + 2
    hour = np.unique(when // HOUR * people + np.tile(x.resource, 2) + 1) // people
    slot = (hour // 24 + EPOCH_WEEKDAY) % 7 * 24 + hour % 24
    seen = np.bincount(slot, minlength=168)
    days = np.bincount((np.unique(when // DAY) + EPOCH_WEEKDAY) % 7, minlength=7)
    slots = np.flatnonzero(seen)
    return slots // 24, slots % 24, (seen[slots] / days[slots // 24] * 100).astype(np.int64)


def work_in_progress(a: Rows, b: Rows) -> float:
    """WIP: how far the number of cases under way lies off on the calendar, as a share of the whole stretch (0 to 1)."""
    first = min(a.start.min(), b.start.min()) // DAY * DAY
    under_way = [_under_way(x, first) for x in (a, b)]
    hours = [np.flatnonzero(w) for w in under_way]
    weights = [(w[h] * 100).astype(np.int64) for w, h in zip(under_way, hours, strict=True)]
    last = max(h.max() for h in hours)
    distance = earth_mover(hours[0], hours[1], weights[0], weights[1])
    return distance / int(last) if last > 0 else distance


def _under_way(x: Rows, zero: Any) -> Floats:
    """Cases under way in each hour, one for a case that is so all of the hour."""
    begin, leave = (times - zero for times in x.spans)
    # The time that cases have been under way by the end of each hour, from the time passed since they began and since they left.
    hours = np.arange(1, leave.max() // HOUR + 2) * HOUR
    passed = _passed(begin, hours) - _passed(leave, hours)
    return np.asarray(np.diff(passed, prepend=0) / HOUR)


def _passed(moments: Ints, at: Ints) -> Ints:
    """The time passed since all moments before each hour, added up; where that overflows, so does what it is taken from, by as much."""
    moments = np.sort(moments)
    before = np.searchsorted(moments, at, side="right")
    return np.asarray(before * at - np.concatenate([[0], np.cumsum(moments)])[before])


DISTANCES: dict[str, Callable[[Rows, Rows], float]] = {
    "NGD": n_gram,
    "AEDD": absolute_events,
    "CEDD": circadian_events,
    "REDD": relative_events,
    "CTDD": cycle_times,
    "CADD": case_arrivals,
    "CWD": circadian_workforce,
    "WIP": work_in_progress,
}
"""Every distance by the short name it has in the papers."""


def distances(a: Rows, b: Rows) -> dict[str, float]:
    """Every distance between two logs, by its short name."""
    return {name: distance(a, b) for name, distance in DISTANCES.items()}
