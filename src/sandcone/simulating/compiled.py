"""Running the compiled engine: gives it its memory, calls it again until it is done, and takes its rows away."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sandcone.core.model import WEEK, Model
from sandcone.core.plan import Plan
from sandcone.core.present import Present
from sandcone.core.rows import Rows
from sandcone.simulating import kernel as k
from sandcone.simulating.columns import columns, ints
from sandcone.simulating.kinds import Kinds, kinds_of
from sandcone.simulating.setting import Setting
from sandcone.simulating.settled import Settled, tokens_of
from sandcone.simulating.tables import Tables, calendars, node_numbers, tables

CHUNK = 2**18  # rows of the log written before they are taken away
PIECE = 2_000_000  # events between two looks at the keyboard
FIRST_DAYS = 400
COLUMNS = ("patient", "step", "ready", "planned", "start", "end", "first", "also")
REFUSES = 12  # times that a run is begun again with more room


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """A model and a plan laid out once for any number of runs; threads may share it."""

    model: Model
    kinds: Kinds
    tables: Tables

    @classmethod
    def of(cls, model: Model, plan: Plan, present: Sequence[Present], first: float = 0.0) -> Compiled:
        """Lay a model and a plan out, for runs that begin at the minute ``first``."""
        kinds = kinds_of(model, plan, present)
        return cls(model, kinds, tables(model, plan, kinds, FIRST_DAYS, present, first))

    def run(self, made: Setting) -> Rows:
        """All rows of one run."""
        net = _coming(self.tables.net, made, self.kinds, node_numbers(self.model))
        for i in range(REFUSES):
            found = _Running(made, self, _with_room_for_slots(net, made, 4**i), 64 * 4**i).all()
            if found is not None:
                return found
        raise MemoryError("the run needs more room than there is")


def _coming(net: k.Net, made: Setting, kinds: Kinds, nodes: dict[str, int]) -> k.Net:
    come = made.coming
    kind, first = ints(kinds.of(who) for who in come.people), ints(nodes[n] for n in come.firsts)
    net = net._replace(
        come_minute=come.minute,
        come_key=come.key,
        come=columns(kind[come.person], first[come.first]) if len(come) else columns([], []),
        size=np.append(net.size[:3], len(made.here)),
    )
    return _planned(net, made) if made.plan.booked else net


def _planned(net: k.Net, made: Setting) -> k.Net:
    step = {name: i for i, name in enumerate(made.model.steps)}
    booked = sorted((patient, step[name], minute) for (patient, name), minute in made.booked().items())
    count = np.bincount(ints(b[0] for b in booked), minlength=len(made.here) + len(made.coming))
    return net._replace(
        planned_at=np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
        planned_step=ints(b[1] for b in booked),
        planned_minute=np.array([b[2] for b in booked], dtype=np.float64),
    )


def _with_room_for_slots(net: k.Net, made: Setting, times: int) -> k.Net:
    last = made.horizon if made.horizon < math.inf else float(made.coming.minute[-1]) if len(made.coming) else 0.0
    weeks, booking = (int(last // WEEK) + 60) * times, net.booking.copy()
    booking[:, k.B_ROOM_Z] = np.cumsum((booking[:, k.B_SLOT_Z] - booking[:, k.B_SLOT_A]) * weeks)
    booking[1:, k.B_ROOM_A] = booking[:-1, k.B_ROOM_Z]
    return net._replace(booking=booking)


class _Running:
    """One run under way."""

    def __init__(self, made: Setting, of: Compiled, net: k.Net, room: int) -> None:
        self.made, self.net, self.days = made, net, FIRST_DAYS
        self.state = fresh(made, of.tables, net, max(room, 4 * k.MARGIN) + 2 * tokens_of(made.here))
        Settled(made, net, self.state, of.kinds).fill()

    def all(self) -> Rows | None:
        """Every row, those not ended last; None if the room did not do."""
        chunks: list[list[Any]] = []
        status = k.LOG_FULL
        while status != k.DONE:
            rows = new_rows(CHUNK, int(self.net.size[2]) - 1)
            self.state.register[k.LOGGED] = 0
            while (status := self._went_on(rows)) not in (k.DONE, k.LOG_FULL):
                if status == k.BROKEN:
                    return None
            chunks.append([x[: self.state.register[k.LOGGED]] for x in rows])
        chunks.append(self._unended())
        return Rows(**{name: np.concatenate([c[i] for c in chunks]) for i, name in enumerate(COLUMNS)})

    def _went_on(self, rows: k.Rows) -> int:
        register = self.state.register
        register[k.STOP_AT] = register[k.EVENTS] + PIECE
        status = int(k.run(self.net, self.state, rows))
        if status == k.GROW:
            self.state = grown(self.state, int(self.net.size[2]))
        elif status == k.CALENDAR:
            self._further()
        return status

    def _further(self) -> None:
        calendar, self.days = self.state.calendar, 2 * self.days
        longer, hours = calendars(self.made.model, self.days, self.made.first)
        passed = calendar[:, k.H_NEXT] - calendar[:, k.H_LAST]
        had = np.diff(calendar[:, k.H_LAST], prepend=0)
        calendar[:, k.H_NEXT] = longer[:, k.H_NEXT] + had + passed
        calendar[:, k.H_LAST] = longer[:, k.H_LAST]
        self.net = self.net._replace(**hours)

    def _unended(self) -> list[Any]:
        """Rows of steps that wait or are under way, by patient, need and step."""
        s, most = self.state, int(self.net.size[2])
        t = np.flatnonzero(s.token[:, k.STATE] != k.GOES_ON)
        starts = np.where(s.token[t, k.STATE] == k.WORKS, s.minute[t, k.START], -math.inf)
        planned = np.nan_to_num(s.minute[t, k.PLANNED], nan=-math.inf)
        t = t[np.lexsort((starts, planned, s.token[t, k.STEP], s.minute[t, k.READY], s.token[s.token[t, k.ROOT], k.NUMBER]))]
        rows, works = new_rows(len(t), most - 1), s.token[t, k.STATE] == k.WORKS
        uses = np.where(np.arange(most)[None, :] < (s.token[t, k.USES] * works)[:, None], s.use[:, k.U_LOG].reshape(-1, most)[t], -1)
        rows.patient[:], rows.step[:] = s.token[s.token[t, k.ROOT], k.NUMBER], s.token[t, k.STEP]
        rows.ready[:], rows.planned[:] = s.minute[t, k.READY], s.minute[t, k.PLANNED]
        rows.start[:], rows.end[:] = np.where(works, s.minute[t, k.START], math.nan), math.nan
        rows.first[:], rows.also[:] = uses[:, 0], uses[:, 1:]
        return list(rows)


def new_rows(n: int, also: int) -> k.Rows:
    """Room for rows."""
    patient, step, first = (np.empty(n, dtype=np.int32) for _ in range(3))
    ready, planned, start, end = (np.empty(n) for _ in range(4))
    return k.Rows(patient, step, ready, planned, start, end, first, np.empty((n, also), dtype=np.int32))


def fresh(made: Setting, of: Tables, net: k.Net, room: int) -> k.State:
    """An empty house when the run begins, with room for so many parts of journeys at once."""
    resources, most = len(of.place), int(net.size[k.MOST])
    register = np.zeros(k.REGISTERS, dtype=np.int64)
    register[[k.HANDED, k.HANDED_LAST]] = -1
    slots = np.diff(net.booking[:, [k.B_ROOM_A, k.B_ROOM_Z]]).ravel()
    following = np.concatenate([*(np.arange(1, n + 1) for n in slots), np.empty(0)]).astype(np.int64)
    state = k.State(
        register=register,
        clock=np.array([made.first, made.first, made.horizon, -1440.0 * made.model.begin.weekday()]),
        token=np.zeros((0, k.WORDS), dtype=np.int64),
        minute=np.zeros((0, k.FLOATS)),
        key=np.zeros(0, dtype=np.uint64),
        use=np.zeros((0, 7), dtype=np.int64),
        kept=np.zeros((0, k.K_WORDS), dtype=np.int64),
        event_minute=np.zeros(0),
        event_order=np.zeros(0, dtype=np.int64),
        event_of=np.zeros(0, dtype=np.int64),
        place=of.place.copy(),
        timing=of.timing.copy(),
        available=_bits(of.place[:, k.R_OPEN], -(-resources // 64)),
        line=of.line.copy(),
        hot=np.zeros(len(of.line), dtype=np.int64),
        back=np.zeros(0, dtype=np.int64),
        stack=np.zeros((0, 2), dtype=np.int64),
        calendar=of.calendar.copy(),
        slot=np.column_stack([np.zeros(len(following), dtype=np.int64), following]),
        got=np.zeros((most, 3), dtype=np.int64),
    )
    state = _enlarged(state, room, most, len(of.calendar))
    _first_changes(state, net)
    return state


def _first_changes(state: k.State, net: k.Net) -> None:
    """Foresee the first change of each calendar, in order of time, which is a heap."""
    calendar, place = state.calendar, state.place[:, k.R_CALENDAR]
    there = calendar[:, k.H_NEXT] < calendar[:, k.H_LAST]
    first = np.array([net.calendar_minute[i] if ok else math.inf for i, ok in zip(calendar[:, k.H_NEXT], there, strict=True)])
    for i, c in enumerate(np.argsort(first, kind="stable")):
        state.event_minute[i], state.event_order[i], state.event_of[i] = first[c], k.CHANGES << 58 | int(c), k.E_CHANGE << k.WHAT | int(c)
    state.register[[k.EVENTS_N, k.SERIAL]] = len(first)
    calendar[:, k.H_NEXT] += there
    state.timing[place >= 0, k.R_CLOSES] = first[place[place >= 0]] if len(first) else math.inf


def _bits(opens: k.Ints, words: int) -> k.Keys:
    bits = np.zeros(words * 64, dtype=np.uint64)
    bits[: len(opens)] = opens
    return np.asarray((bits.reshape(words, 64) << np.arange(64, dtype=np.uint64)).sum(axis=1, dtype=np.uint64))


def grown(state: k.State, most: int) -> k.State:
    """The same state with room for twice as much."""
    return _enlarged(state, 2 * len(state.key), most, 0)


def _enlarged(state: k.State, room: int, most: int, calendars: int) -> k.State:
    had, kept_had = len(state.key), len(state.kept)
    events = max(2 * len(state.event_minute), 8 * room + k.MARGIN + calendars)
    kept = kept_had + 2 * most * room
    made = state._replace(
        token=_longer(state.token, room),
        minute=_longer(state.minute, room),
        key=_longer(state.key, room),
        use=_longer(state.use, room * most),
        kept=_longer(state.kept, kept),
        **{name: _longer(getattr(state, name), events) for name in ("event_minute", "event_order", "event_of")},
        back=_longer(state.back, kept + room * most),
        stack=_longer(state.stack, room),
    )
    g = made.register
    made.token[had:, k.AFTER_IT] = np.append(np.arange(had + 1, room), g[k.FREE_TOKEN] if had else -1)
    made.token[had:, [k.EVENT, k.PATIENCE, k.ROOT]] = -1
    made.kept[kept_had:, k.K_AFTER] = np.append(np.arange(kept_had + 1, kept), g[k.FREE_KEPT] if kept_had else -1)
    g[k.FREE_TOKEN], g[k.FREE_KEPT] = had, kept_had
    g[k.TOKENS_FREE] += room - had
    g[k.KEPT_FREE] += kept - kept_had
    return made


def _longer(x: NDArray[Any], n: int) -> NDArray[Any]:
    made = np.zeros((n, *x.shape[1:]), dtype=x.dtype)
    made[: len(x)] = x
    return made
