"""Where on a model's route a patient may be, after the steps that were seen: every way that leads there, with its weight.

A hidden Markov model's forward filter (Rabiner 1989, p. 262): the route's nodes are the states, what is seen are the steps and the time
that passed before each. States with parallel parts are markings, as in a net.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from sandcone.core.law import Exponential, Fixed, Law, Lognormal, Seen, Uniform
from sandcone.core.model import Model
from sandcone.core.pace import on_clock
from sandcone.core.route import END, Choose, Do, Split
from sandcone.modelling.census import Known
from sandcone.modelling.facts import EPS, Floats

MOST = 24  # states kept, the likeliest
LEAST = 1e-6  # share of a way below which it is not followed …
DEEPEST = 60  # … nor beyond so many nodes without a step
NEAR = 0.5  # logarithms of minutes within which a time before a step is like another
QUEUED = 0.05  # weight of a time that is longer than a delay, beside one that is like it
STRANGE = 1e-4  # weight of a time like none
MARKS = (np.arange(50) + 0.5) / 50


class Thread(NamedTuple):
    """One part of a journey: on its way from ``since`` on at a node, or (``row``: which of the steps seen) at a step of that node."""

    node: str
    since: float
    row: int = -1
    join: int = -1


class Join(NamedTuple):
    """Where parts come together: what comes then, how many are still under way, of which join it is a part itself, the latest end."""

    then: str
    left: int
    within: int
    latest: float


class State(NamedTuple):
    """All parts of a journey."""

    threads: tuple[Thread, ...]
    joins: tuple[Join, ...] = ()


Weighted = dict[State, float]


@dataclass(frozen=True)
class Follower:
    """Follows patients along a model's route. Minutes are from ``at``, which is so many minutes after a Monday 00:00."""

    model: Model
    at: float

    def follow(self, steps: Sequence[Known], who: Mapping[str, str]) -> Weighted:
        """Every state that these steps may have led to; steps that fit no way begin anew wherever such a step is done."""
        states: Weighted = {State((Thread(first, steps[0].begun),)): 1.0 for first in self.firsts}
        for i, step in enumerate(steps):
            states = self._best(self._seen(states, steps, i, who)) or self._anywhere(states, i, step, who)
        return self._best(_summed((self.gone_on(s, steps, 0.0), w) for s, w in states.items()))

    @cached_property
    def firsts(self) -> tuple[str, ...]:
        """Where journeys may begin."""
        return tuple(dict.fromkeys([*(a.first or self.model.route.first for a in self.model.arrivals), self.model.route.first]))

    def _seen(self, states: Weighted, steps: Sequence[Known], i: int, who: Mapping[str, str]) -> Weighted:
        return _summed(
            (begun, w * share * self.like(begun.threads[k], steps[i].begun))
            for state, w in states.items()
            for begun, k, share in self._reached(self.gone_on(state, steps, steps[i].begun), steps[i].step, i, who)
        )

    def _best(self, states: Weighted) -> Weighted:
        best = sorted(states.items(), key=lambda sw: -sw[1])[:MOST]
        total = math.fsum(w for _, w in best)
        return {s: w / total for s, w in best} if total > 0 else {}

    def gone_on(self, state: State, steps: Sequence[Known], now: float) -> State:
        """The same, with all parts gone on whose steps had ended."""
        ready = [k for k, t in enumerate(state.threads) if t.row >= 0 and steps[t.row].end <= min(now + EPS, 0.0)]
        for k in sorted(ready, key=lambda k: steps[state.threads[k].row].end):
            thread = state.threads[k]
            state = _put(state, k, Thread(self._then(thread.node), steps[thread.row].end, -1, thread.join))
        for k in reversed(range(len(state.threads))):
            if state.threads[k].node == END and state.threads[k].row < 0:
                state = closed(state, k)[0]
        return state

    def _then(self, node: str) -> str:
        do = self.model.route.nodes[node]
        assert isinstance(do, Do)
        return do.then

    def _reached(self, state: State, step: str, row: int, who: Mapping[str, str]) -> Iterator[tuple[State, int, float]]:
        """The state with the step begun, by which of its parts, and the share who go that way."""
        for k, thread in enumerate(state.threads):
            if thread.row < 0:
                for at, where, share in self._ways_to(state, k, step, who, 1.0, DEEPEST, None):
                    yield _put(at, where, at.threads[where]._replace(row=row)), where, share

    def _ways_to(
        self, state: State, k: int, step: str, who: Mapping[str, str], share: float, depth: int, through: int | None
    ) -> Iterator[tuple[State, int, float]]:
        """Ways of one part to a step; with ``through``, only by way of the end of that join."""
        if share < LEAST or depth == 0:
            return
        thread = state.threads[k]
        if thread.node == END:
            after, on = closed(state, k)
            if on >= 0:
                yield from self._ways_to(after, on, step, who, share, depth - 1, None)
            elif thread.join >= 0 and after.joins[thread.join].left > 0:
                for j, other in enumerate(after.threads):
                    if other.join == thread.join and other.row < 0:
                        yield from self._ways_to(after, j, step, who, share, depth - 1, thread.join)
            return
        match self.model.route.nodes[thread.node]:
            case Do() as do:
                if do.step == step and through is None:
                    yield state, k, share
            case Choose() as choice:
                for way in choice.ways(who):
                    yield from self._ways_to(
                        _put(state, k, thread._replace(node=way.to)), k, step, who, share * way.share, depth - 1, through
                    )
            case Split():
                apart, first = split(self.model, state, k)
                for j in range(first, len(apart.threads)):
                    yield from self._ways_to(apart, j, step, who, share, depth - 1, through)

    def _anywhere(self, states: Weighted, row: int, step: Known, who: Mapping[str, str]) -> Weighted:
        """Wherever the step is done; work under way stays where it was."""
        likeliest = max(states, key=lambda s: states[s], default=State(()))
        beside = tuple(t._replace(join=-1) for t in likeliest.threads if t.row >= 0)
        found: list[tuple[State, float]] = []
        for name in self._starts:
            for state, _, _ in self._reached(State((Thread(name, step.begun),)), step.step, row, who):
                found.append((State((*state.threads, *beside), state.joins), 1.0))
        return self._best(_summed(iter(found))) or {State(beside): 1.0}

    @cached_property
    def _starts(self) -> list[str]:
        """Nodes at which parts begin, and steps that are not begun by such a node."""
        nodes = self.model.route.nodes
        branches = {b for node in nodes.values() if isinstance(node, Split) for b in node.branches}
        return [name for name, node in nodes.items() if isinstance(node, Split) or (isinstance(node, Do) and name not in branches)]

    # ── times ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def like(self, thread: Thread, begun: float) -> float:
        """How like the delays of a node the time is that passed before its step began."""
        delays, passed = self.delays(thread.node), self.elapsed(thread.node, thread.since, begun)
        near = float((np.abs(np.log1p(delays) - math.log1p(passed)) < NEAR).mean())
        return near + QUEUED * float((delays <= passed).mean()) + STRANGE

    def elapsed(self, node: str, since: float, until: float) -> float:
        """Minutes that passed, on the clock of a node's delay."""
        do = self.model.route.nodes[node]
        if not isinstance(do, Do) or do.pace is None:
            return max(until - since, 0.0)
        shown = on_clock(self._passed[do.pace], np.array([since, max(until, since)]) + self.at)
        return float(shown[1] - shown[0])

    def delays(self, node: str) -> Floats:
        """Delays of a node, as equally likely numbers."""
        if node not in self._delays:
            do = self.model.route.nodes[node]
            assert isinstance(do, Do)
            lag, before = (np.zeros(1) if law is None else marks(law) for law in (do.lag, self.model.steps[do.step].before))
            self._delays[node] = np.sort(np.add.outer(lag, before).ravel())
        return self._delays[node]

    @cached_property
    def _delays(self) -> dict[str, Floats]:
        return {}

    @cached_property
    def _passed(self) -> dict[str, Floats]:
        return {name: pace.passed for name, pace in self.model.paces.items()}


def marks(law: Law) -> Floats:
    """A law as equally likely numbers."""
    match law:
        case Fixed():
            return np.array([law.minutes])
        case Uniform():
            return law.low + MARKS * (law.high - law.low)
        case Exponential():
            return -law.mean * np.log(MARKS)
        case Lognormal():
            return np.asarray(law.median * np.exp(law.sigma * ndtri(MARKS)))
        case Seen():
            return np.array(law.minutes)


def closed(state: State, k: int) -> tuple[State, int]:
    """The state when a part has come to its end, and which part goes on where it was the last of a join (-1: none)."""
    thread = state.threads[k]
    threads, joins = (*state.threads[:k], *state.threads[k + 1 :]), state.joins
    if thread.join < 0:
        return State(threads, joins), -1
    join = joins[thread.join]
    join = join._replace(left=join.left - 1, latest=max(join.latest, thread.since))
    joins = (*joins[: thread.join], join, *joins[thread.join + 1 :])
    if join.left:
        return State(threads, joins), -1
    on = State((*threads, Thread(join.then, join.latest, -1, join.within)), joins)
    return closed(on, len(threads)) if join.then == END else (on, len(threads))


def split(model: Model, state: State, k: int) -> tuple[State, int]:
    """The state when a part has split, and the first of the new parts, which stand last."""
    thread = state.threads[k]
    node = model.route.nodes[thread.node]
    assert isinstance(node, Split)
    made = tuple(Thread(b, thread.since, -1, len(state.joins)) for b in node.branches)
    join = Join(node.then, len(made), thread.join, thread.since)
    return State((*state.threads[:k], *state.threads[k + 1 :], *made), (*state.joins, join)), len(state.threads) - 1


def _put(state: State, k: int, thread: Thread) -> State:
    return State((*state.threads[:k], thread, *state.threads[k + 1 :]), state.joins)


def _summed(found: Iterator[tuple[State, float]]) -> Weighted:
    out: Weighted = {}
    for state, w in found:
        out[state] = out.get(state, 0.0) + w
    return out
