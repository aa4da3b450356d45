"""The fast lane: simple networks of queues, in a kernel made for them, with the same rows as the general engine.

Importing this imports Numba; only what simulates does so, when it does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from sandcone.core.model import Model
from sandcone.core.plan import Plan
from sandcone.core.present import Present
from sandcone.core.rows import Rows
from sandcone.simulating import lean_kernel as lk
from sandcone.simulating.lean_state import Chunk, Running, fresh
from sandcone.simulating.lean_tables import Who, given, kinds_of, matter, net_of, streams_of, why_not, why_not_arrivals
from sandcone.simulating.luck import run_key, stream_key
from sandcone.simulating.setting import Setting

NEVER = 2**62  # arrivals are not counted out


def fits(model: Model, plan: Plan, present: Sequence[Present] = ()) -> bool:
    """Whether the fast lane can run this: one place of one resource for each step, always open, in a queue whose order never changes."""
    return not present and why_not(model, plan) is None


def rows(setting: Setting) -> Rows:
    """The rows of one run whose arrivals are already made; only what ``fits``."""
    if setting.here:
        raise ValueError("not for the fast lane: patients present at minute 0")
    come, model = setting.coming, setting.model
    _must_fit(why_not(model, setting.plan))
    who, kind = _alike(setting)
    net, streams = net_of(model, setting.plan, who), given(len(come))
    state = fresh(net, streams, len(model.steps))._replace(
        ahead_minute=np.append(come.minute, math.inf),
        ahead_key=np.append(come.key, np.uint64(0)).astype(np.uint64),
        ahead_kind=np.append(kind, 0).astype(np.int64),
        ahead_at=np.zeros(1, dtype=np.int64),
    )
    state.register[lk.WANTED], state.clock[1] = len(come), setting.horizon
    return as_rows(Chunk.joined([*Running(net, streams, state).recorded()]), net)


def _alike(setting: Setting) -> tuple[list[Who], lk.Ints]:
    """The kinds of patients who come, by the attributes that matter and where they begin, and each patient's kind."""
    come, names = setting.coming, sorted(matter(setting.model, setting.plan))
    known: dict[tuple[str | None, ...], int] = {}
    person = np.array([known.setdefault(tuple(who.get(n) for n in names), len(known)) for who in come.people], dtype=np.int64)
    alike = [{n: v for n, v in zip(names, values, strict=True) if v is not None} for values in known]
    pairs, kind = np.unique(person[come.person] * len(come.firsts) + come.first, return_inverse=True)
    who = [Who(attributes=alike[p // len(come.firsts)], first=come.firsts[p % len(come.firsts)]) for p in pairs.tolist()]
    return who, kind


def as_rows(chunk: Chunk, net: lk.Net) -> Rows:
    """The rows as all engines give them."""
    station = np.full(chunk.step.max(initial=0) + 1, -1)
    for node, step in enumerate(net.step):
        if 0 <= step < station.size:
            station[step] = net.station[node]
    return Rows(
        patient=chunk.patient,
        step=chunk.step.astype(np.int32),
        ready=chunk.ready,
        planned=np.full(len(chunk), math.nan),
        start=chunk.start,
        end=chunk.end,
        first=np.where(np.isnan(chunk.start), -1, station[chunk.step]).astype(np.int32),
        also=np.empty((len(chunk), 0), dtype=np.int32),
    )


@dataclass(frozen=True, kw_only=True)
class LeanRun:
    """One run of a lane: its log (none if it was not asked for), and what was counted on the way.

    ``begun`` and ``waited_minutes`` are by step, over patients from ``skip`` on; a step counts when it begins. ``events`` are
    arrivals and ends of steps.
    """

    chunks: tuple[Chunk, ...] = field(repr=False)
    patients: int
    events: int
    begun: lk.Ints
    waited_minutes: lk.Floats

    @cached_property
    def log(self) -> Chunk:
        """The log in one piece: in order of the ends, then what has not ended."""
        return Chunk.joined(self.chunks)

    @property
    def mean_wait_minutes(self) -> float:
        """The mean wait before a step; ``nan`` if none began."""
        steps = int(self.begun.sum())
        return float(self.waited_minutes.sum()) / steps if steps else math.nan


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A model and a plan, laid out once for any number of runs that make their own arrivals; threads may share it."""

    net: lk.Net
    streams: lk.Streams
    steps: int

    def run(
        self, *, seed: int, replication: int = 0, patients: int | None = None, days: float | None = None, skip: int = 0, record: bool = True
    ) -> LeanRun:
        """Run until so many ``patients`` have come and gone or so many ``days`` are over; without ``record`` no log is kept."""
        if patients is None and days is None:
            raise ValueError("a run needs patients or days, or it never ends")
        key = run_key(seed, replication)
        streams = self.streams._replace(key=np.array([stream_key(key, s) for s in range(self.streams.how.size)], dtype=np.uint64))
        state = fresh(self.net, streams, self.steps)
        state.register[lk.WANTED], state.register[lk.SKIP] = NEVER if patients is None else patients, skip
        state.clock[1] = math.inf if days is None else days * 1440
        running = Running(self.net, streams, state)
        chunks = tuple(running.recorded() if record else running.silent())
        counted = running.state
        return LeanRun(
            chunks=chunks,
            patients=int(counted.register[lk.ARRIVED]),
            events=int(counted.register[lk.EVENTS]),
            begun=counted.begun,
            waited_minutes=counted.waited,
        )


def lane(model: Model, plan: Plan) -> Lane:
    """Lay out a model that ``fits`` and whose arrivals are rates without growth or parties, or gaps at all hours."""
    _must_fit(why_not(model, plan) or why_not_arrivals(model))
    net = net_of(model, plan, kinds_of(model))
    return Lane(net=net, streams=streams_of(model, net), steps=len(model.steps))


def _must_fit(obstacle: str | None) -> None:
    if obstacle is not None:
        raise ValueError(f"not for the fast lane: {obstacle}")
