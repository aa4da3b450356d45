"""A run of the fast lane under way: the memory that its kernel works in, enlarged as it asks, and the log taken away in chunks."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sandcone.simulating import lean_kernel as lk

CHUNK = 2**16  # rows of the log written before it is taken away
PIECE = 5_000_000  # events between two looks at the keyboard
FIRST_ROOM = 256  # patients in the house before it is enlarged


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chunk:
    """Some rows of a log, one array a column; times are minutes, ``nan`` where the run stopped before.

    ``patient`` counts in order of arrival from 0, ``step`` in the order of ``Model.steps``, ``kind`` through the kinds of all streams.
    """

    patient: NDArray[np.int32]
    step: NDArray[np.int16]
    kind: NDArray[np.int16]
    ready: lk.Floats
    start: lk.Floats
    end: lk.Floats

    def __len__(self) -> int:
        return len(self.patient)

    @classmethod
    def joined(cls, chunks: Sequence[Self]) -> Self:
        """One chunk for several."""
        return cls(**{f.name: np.concatenate([getattr(c, f.name) for c in chunks]) for f in fields(cls)})


class Running:
    """One run under way: calls the kernel until it is done."""

    def __init__(self, net: lk.Net, streams: lk.Streams, state: lk.State) -> None:
        self.net, self.streams, self.state = net, streams, state

    def silent(self) -> Iterator[Chunk]:
        """No log at all."""
        none = _room_for(0)
        while self._went_on(none) != lk.DONE:
            pass
        yield from ()

    def recorded(self) -> Iterator[Chunk]:
        """The log in chunks: what has ended, in order of the ends, and at last what has not."""
        status = lk.LOG_FULL
        while status != lk.DONE:
            rows = _room_for(CHUNK)
            self.state.register[lk.LOGGED] = 0
            while (status := self._went_on(rows)) not in (lk.DONE, lk.LOG_FULL):
                pass
            n = int(self.state.register[lk.LOGGED])
            yield Chunk(**{name: array[:n] for name, array in rows._asdict().items()})
        yield self._unfinished()

    def _went_on(self, rows: lk.Rows) -> int:
        self.state.register[lk.STOP_AT] = self.state.register[lk.EVENTS] + PIECE
        status = int(lk.run(self.net, self.streams, self.state, rows))
        if status == lk.GROW:
            self.state = grown(self.state)
        return status

    def _unfinished(self) -> Chunk:
        """Who stands in line or is under way when the run stops, patient by patient."""
        s, words = self.state, self.state.row
        waiting = [*_in_lines(s)]
        busy = np.isfinite(s.tree[s.tree.size // 2 :])
        at = np.concatenate([np.array(waiting, dtype=np.int64), s.place_row[busy]]) * lk.WORDS
        start = np.where(np.arange(at.size) < len(waiting), math.nan, s.row_float[at + lk.START])
        order = np.argsort(words[at + lk.WHO])
        at, start, who = at[order], start[order], words[at + lk.WHO][order]
        return Chunk(
            patient=(who >> lk.BITS).astype(np.int32),
            step=self.net.step[words[at + lk.NODE]].astype(np.int16),
            kind=(who & lk.KIND_MASK).astype(np.int16),
            ready=s.row_float[at + lk.READY],
            start=start,
            end=np.full(at.size, math.nan),
        )


def _room_for(rows: int) -> lk.Rows:
    numbers, floats = np.empty(rows, dtype=np.int32), [np.empty(rows) for _ in range(3)]
    return lk.Rows(numbers, np.empty(rows, dtype=np.int16), np.empty(rows, dtype=np.int16), *floats)


def _in_lines(state: lk.State) -> Iterator[int]:
    """The rows of all who wait, line by line."""
    for line in range(state.head.size):
        row = int(state.head[line])
        while row >= 0:
            yield row
            row = int(state.row[row * lk.WORDS + lk.NEXT])


def fresh(net: lk.Net, streams: lk.Streams, steps: int) -> lk.State:
    """An empty house at minute 0, with nobody wanted yet and no horizon."""
    places, several, ahead = int(net.places[-1]), streams.how.size, streams.how.size * int(streams.ahead[0])
    leaves = 1 << max(places - 1, 0).bit_length()
    tree, row = np.full(2 * leaves, math.inf), np.zeros(FIRST_ROOM * lk.WORDS, dtype=np.int64)
    _chained(row, 0, FIRST_ROOM)
    return lk.State(
        register=np.zeros(lk.REGISTERS, dtype=np.int64),
        clock=np.array([0.0, math.inf]),
        row=row,
        row_float=row.view(np.float64),
        row_key=row.view(np.uint64),
        tree=tree,
        tree_bits=tree.view(np.int64),
        tree_place=np.concatenate([np.zeros(leaves, dtype=np.int64), np.arange(leaves)]),
        place_row=np.zeros(leaves, dtype=np.int64),
        place_serial=np.zeros(leaves, dtype=np.int64),
        free=np.concatenate([np.arange(b - 1, a - 1, -1) for a, b in pairwise(net.places)], dtype=np.int64),
        free_count=np.diff(net.places),
        head=np.full(net.lines[-1], -1, dtype=np.int64),
        tail=np.full(net.lines[-1], -1, dtype=np.int64),
        heap=np.zeros(FIRST_ROOM),
        heap_serial=np.zeros(FIRST_ROOM, dtype=np.int64),
        heap_row=np.zeros(FIRST_ROOM, dtype=np.int64),
        ahead_minute=np.zeros(ahead),
        ahead_drawn=np.zeros(ahead),
        ahead_key=np.zeros(ahead, dtype=np.uint64),
        ahead_kind=np.zeros(ahead, dtype=np.int64),
        ahead_at=np.full(several, streams.ahead[0]),
        ahead_number=np.zeros(several, dtype=np.int64),
        ahead_sum=np.zeros(several),
        ahead_hour=np.zeros(several, dtype=np.int64),
        ahead_mass=np.zeros(several),
        begun=np.zeros(steps, dtype=np.int64),
        waited=np.zeros(steps),
    )


def grown(state: lk.State) -> lk.State:
    """The same state with room for twice as many patients in the house."""
    room = state.heap.size
    row, *heap = (np.concatenate([x, np.zeros_like(x)]) for x in (state.row, state.heap, state.heap_serial, state.heap_row))
    _chained(row, room, 2 * room)
    state.register[lk.FREE_ROW] = room
    views = {"row": row, "row_float": row.view(np.float64), "row_key": row.view(np.uint64)}
    return state._replace(**views, **dict(zip(("heap", "heap_serial", "heap_row"), heap, strict=True)))


def _chained(row: lk.Ints, first: int, last: int) -> None:
    """Chain the free rows together; the last one ends the chain."""
    following = np.arange(first + 1, last + 1)
    following[-1] = -1
    row[first * lk.WORDS + lk.NEXT : last * lk.WORDS : lk.WORDS] = following
