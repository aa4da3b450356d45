"""Who used what, when: every use of every resource as plain arrays, a manageable number of resources at a time.

The questions asked of it ("how long was this theatre full while that patient waited?") need the uses of one resource in
order of time. Measured at 10^7 steps, window functions in the database take 38 CPU s for what sorted arrays do in a few
(docs/decisions.md), so this one part of measuring is done in arrays, fetched through the same Ibis expressions.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from ibis import _
from numpy.typing import NDArray

from sandcone.core.clock import DAY, local
from sandcone.measuring.intervals import BINS
from sandcone.measuring.prepare import Prepared, arrays

ROWS_AT_ONCE = 12_000_000  # fetched at once
ROWS_A_PART = 400_000  # looked at together: what a core's cache holds is several times quicker
MOST_TOGETHER = 2**15  # resources fetched at once, so that their numbers sort quickly
KEY_SPACE = 2**62

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, eq=False)
class Uses:
    """The uses of some resources, in order of resource and start: one entry a use in each array.

    They are the uses of resources ``low`` up to, but not with, ``high``: ``r`` resource, ``s`` step, ``c`` case, ``k`` place in the
    case; ``tr`` ready, ``t0`` start, ``t1`` end (µs UTC).
    """

    low: int
    high: int
    r: Ints
    s: Ints
    c: Ints
    k: Ints
    tr: Ints
    t0: Ints
    t1: Ints

    def __len__(self) -> int:
        return len(self.r)


@dataclass(frozen=True, kw_only=True, eq=False)
class Usage:
    """All uses of all resources of a log, to be looked at some resources at a time."""

    prepared: Prepared
    counts: Ints  # uses of each resource

    @property
    def resources(self) -> int:
        """How many resources there are."""
        return len(self.counts)

    @cached_property
    def origin(self) -> int:
        """The first midnight of the log on the hospital's clock, in µs of that clock."""
        return int(self.local(np.array([self.prepared.first]))[0]) // DAY * DAY

    @cached_property
    def days(self) -> int:
        """How many calendar days the log covers, its first and last included."""
        return (int(self.local(np.array([self.prepared.last]))[0]) - self.origin) // DAY + 1

    @cached_property
    def space(self) -> int:
        """µs from the first moment of the log to past its last: the room one resource takes on a common line."""
        return self.prepared.last - self.prepared.first + 1

    def local(self, micros: Ints) -> Ints:
        """The hospital's wall clock at these moments."""
        return local(micros, self.prepared.log.zone)

    def each(self, look: Callable[[Uses], T]) -> Iterator[T]:
        """What ``look`` finds in each part (some resources, all their uses), in order; several cores look at once."""
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            for parts in self._fetches():
                yield from pool.map(look, parts)

    def parts(self) -> Iterator[Uses]:
        """All uses, some resources at a time."""
        for parts in self._fetches():
            yield from parts

    def _fetches(self) -> Iterator[list[Uses]]:
        groups = _groups(self.counts, ROWS_AT_ONCE, min(MOST_TOGETHER, KEY_SPACE // (self.space + DAY)))
        if len(groups) == 1:
            yield self._kept
        else:
            yield from (self._made(low, high) for low, high in groups)

    @cached_property
    def _kept(self) -> list[Uses]:
        return self._made(0, self.resources)

    def _made(self, low: int, high: int) -> list[Uses]:
        """The uses of a range of resources, a part at a time: brought together by resource, then ordered within."""
        wanted = ("r", "t0", "t1", "tr", "s", "c", *(("k",) if self.prepared.several else ()))
        found = dict(zip(wanted, arrays(self.prepared.uses.filter(_.r >= low, _.r < high), *wanted), strict=True))
        found.setdefault("k", found["s"])  # a place in the case is only asked for where a step has several resources
        together = np.argsort((found.pop("r") - low).astype(np.uint16), kind="stable")  # a radix sort
        edges = np.concatenate([[0], np.cumsum(self.counts[low:high])])

        def make(group: tuple[int, int]) -> Uses:
            first, last = group
            r = np.repeat(np.arange(low + first, low + last), self.counts[low + first : low + last])
            rows = self._ordered(together[edges[first] : edges[last]], r, found)
            columns = {name: values[rows].astype(np.int64, copy=False) for name, values in found.items()}
            return Uses(low=low + first, high=low + last, r=r, **columns)

        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            return list(pool.map(make, _groups(self.counts[low:high], ROWS_A_PART, MOST_TOGETHER)))

    def _ordered(self, rows: Ints, r: Ints, found: dict[str, Ints]) -> Ints:
        """The rows of some resources, by resource and start."""
        key = (r - r[:1]) * self.space + found["t0"][rows] - self.prepared.first
        order = np.argsort(key)
        ordered, placed = key[order], rows[order]
        same = np.flatnonzero(ordered[1:] == ordered[:-1])
        tied = np.union1d(same, same + 1)
        if tied.size:  # uses that begin together: an order that does not depend on the order of the rows
            alike = placed[tied]
            by = (found[name][alike] for name in ("k", "c", "t1", "tr"))
            placed[tied] = alike[np.lexsort((*by, ordered[tied]))]
        return placed


def _groups(counts: Ints, rows: int, most: int) -> list[tuple[int, int]]:
    """Ranges of resources with at most so many rows, or a single resource, and at most so many resources."""
    ranges, low, held = [], 0, 0
    for r, n in enumerate(counts.tolist()):
        if r > low and (held + n > rows or r - low >= most):
            ranges.append((low, r))
            low, held = r, 0
        held += n
    return [*ranges, (low, len(counts))] if len(counts) else []


def total_by(place: Ints, amount: NDArray[Any], size: int) -> Floats:
    """The amounts added up by place (size,)."""
    return np.bincount(place, weights=amount, minlength=size).astype(np.float64, copy=False)


def usage(prepared: Prepared) -> Usage:
    """Every use of every named resource in the log."""
    counted = prepared.uses.group_by("r").aggregate(n=_.count())
    r, n = arrays(counted, "r", "n")
    counts = np.zeros(len(prepared.resource_names), dtype=np.int64)
    counts[r.astype(np.int64)] = n
    return Usage(prepared=prepared, counts=counts)


def unit_numbers(usage: Usage, uses: Uses, drawn: str) -> Ints:
    """The unit that each use belongs to when units are drawn again: the day it began, or its case."""
    if drawn == "cases":
        return uses.c % BINS
    return (usage.local(uses.t0) - usage.origin) // DAY
