"""A log as journeys: who had which step, when first and last, and what is known of each patient; fetched once, as arrays."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sandcone.core.columns import numbered
from sandcone.core.condition import Fact
from sandcone.core.errors import EmptyError
from sandcone.core.log import EventLog

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MINUTE = 6e7  # µs
YES, NO = {"yes", "true"}, {"no", "false"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reached:
    """By case and step (n × steps): how often, the first place in the journey and the last, the first start and the last end (minutes)."""

    times: Ints
    place: Floats  # inf: not there
    last_place: Floats  # -inf: not there
    start: Floats  # inf: not there
    end: Floats  # -inf: not there

    @property
    def had(self) -> Bools:
        """Whether the case had the step at all."""
        return np.asarray(self.times > 0)

    def only(self, columns: Sequence[int]) -> Reached:
        """The same for some of the steps, in this order."""
        at = np.array(columns, dtype=np.int64)
        return Reached(
            times=self.times[:, at],
            place=self.place[:, at],
            last_place=self.last_place[:, at],
            start=self.start[:, at],
            end=self.end[:, at],
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Journeys:
    """Steps sorted by case, start, end and place in the log; times are minutes from the first of them.

    A step whose start was not seen begins when it ends. ``facts`` is what is known of each case by name: numbers, yes and no, or words,
    as people's tables have them; None: not known.
    """

    case: Ints
    step: Ints
    start: Floats
    end: Floats
    resource: Ints  # -1: none named
    steps: tuple[str, ...]
    resources: tuple[str, ...]
    facts: Mapping[str, tuple[Fact | None, ...]]
    n: int
    timed: bool  # whether steps have a start as well as an end

    @cached_property
    def first(self) -> Bools:
        """Whether a step is the first of its case."""
        return np.asarray(np.diff(self.case, prepend=-1) > 0)

    @cached_property
    def moves(self) -> Floats:
        """How often patients went straight from a step (row) to a different one (column)."""
        out = np.zeros((len(self.steps), len(self.steps)))
        on = ~self.first[1:]
        np.add.at(out, (self.step[:-1][on], self.step[1:][on]), 1.0)
        np.fill_diagonal(out, 0.0)
        return out

    @cached_property
    def reached(self) -> Reached:
        """Who had which step, and when."""
        shape, at = (self.n, len(self.steps)), (self.case, self.step)
        begins = np.flatnonzero(self.first)
        place = np.arange(len(self.case)) - np.repeat(begins, np.diff(np.append(begins, len(self.case))))
        times, first, last = np.zeros(shape, dtype=np.int64), np.full(shape, np.inf), np.full(shape, -np.inf)
        start, end = np.full(shape, np.inf), np.full(shape, -np.inf)
        np.add.at(times, at, 1)
        np.minimum.at(first, at, place)
        np.maximum.at(last, at, place)
        np.minimum.at(start, at, self.start)
        np.maximum.at(end, at, self.end)
        return Reached(times=times, place=first, last_place=last, start=start, end=end)

    def only(self, keep: Bools) -> Journeys:
        """The same with some of the steps alone; cases keep their numbers, also those that are left with nothing."""
        rows = keep[self.step]
        names = tuple(s for s, k in zip(self.steps, keep, strict=True) if k)
        return replace(self._rows(rows), step=(np.cumsum(keep) - 1)[self.step[rows]], steps=names)

    def only_cases(self, keep: Bools) -> Journeys:
        """The same with some of the cases alone, numbered anew."""
        rows = keep[self.case]
        facts = {a: tuple(x for x, k in zip(cells, keep, strict=True) if k) for a, cells in self.facts.items()}
        case = (np.cumsum(keep) - 1)[self.case[rows]]
        return replace(self._rows(rows), case=case, facts=facts, n=int(np.count_nonzero(keep)))

    def _rows(self, rows: Bools) -> Journeys:
        parts = (self.case[rows], self.step[rows], self.start[rows], self.end[rows], self.resource[rows])
        return replace(self, case=parts[0], step=parts[1], start=parts[2], end=parts[3], resource=parts[4])


def journeys(log: EventLog) -> Journeys:
    """Fetch a log. Raises ``EmptyError`` where no step in it has a time."""
    t = log.table
    columns = ["case", "step", "resource", "start", "end", "estimated", *log.attributes]
    table = t.filter(t.start.notnull() | t.end.notnull()).order_by("row").select(*columns).to_pyarrow()
    if table.num_rows == 0:
        raise EmptyError(log.source, "no step in it has a time, so there is nothing to learn from", "Give a log of work that was done.")
    start, end = (_minutes(table[c]) for c in ("start", "end"))
    guessed = np.array([x is True for x in table["estimated"].to_pylist()])
    start, end = np.where(np.isnan(start) | (guessed & ~np.isnan(end)), end, start), np.where(np.isnan(end), start, end)
    (case, _), (step, steps), (resource, resources) = (numbered(table[c]) for c in ("case", "step", "resource"))
    n = int(case.max()) + 1
    order = np.lexsort((np.arange(len(case)), end, start, case))
    head = np.flatnonzero(np.diff(case[order], prepend=-1) > 0)
    zero = float(start.min())
    return Journeys(
        case=case[order],
        step=step[order],
        start=start[order] - zero,
        end=np.maximum(start, end)[order] - zero,
        resource=resource[order],
        steps=steps,
        resources=resources,
        facts={a: _facts(table[a].take(pa.array(order[head])).to_pylist()) for a in log.attributes},
        n=n,
        timed=log.starts in ("seen", "partly"),
    )


def _minutes(column: pa.ChunkedArray) -> Floats:
    micros = column.cast(pa.timestamp("us")).cast(pa.int64())
    known = ~np.asarray(column.is_null().to_numpy())
    out = np.full(len(known), np.nan)
    out[known] = micros.drop_null().to_numpy().astype(np.int64) / MINUTE
    return out


def _facts(cells: list[str | None]) -> tuple[Fact | None, ...]:
    """A column of one type throughout: yes and no, numbers, or words."""
    said = [c for c in cells if c is not None]
    if said and all(c.lower() in YES | NO for c in said):
        return tuple(None if c is None else c.lower() in YES for c in cells)
    numbers = [_number(c) for c in cells]
    if said and all(x is not None for x, c in zip(numbers, cells, strict=True) if c is not None):
        return cast("tuple[Fact | None, ...]", tuple(numbers))
    return tuple(cells)


def _number(text: str | None) -> float | None:
    try:
        number = float(text) if text is not None else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None
