"""What comes next for a patient who is between two steps: drawn from the model, given that nothing has begun yet."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from sandcone.core.present import Between, Present, SideBySide, Waiting
from sandcone.core.route import END, Choose, Do, Split
from sandcone.modelling.facts import Floats
from sandcone.modelling.following import Follower, State, Thread, Weighted, closed, split

DEEPEST = 40  # nodes without a step that are looked through
LEAST = 1e-6  # chance below which a patient of whom nothing more was heard is not there
Stands = Callable[[Thread], Present]


@dataclass(frozen=True, slots=True)
class Onward:
    """The way on of one patient. ``passed`` has the minutes before each step that were seen, of a queue as well as of a delay.

    ``here`` says whether the patient is known to be there; of others nothing was heard for ``silent`` minutes after the moment either.
    """

    name: str
    follower: Follower
    passed: Mapping[str, Floats]
    who: Mapping[str, str]
    luck: np.random.Generator
    silent: float
    here: bool

    def one_of(self, states: Weighted) -> State:
        """One of the states that a patient may be in, by their weights and the chance that nothing has begun since."""
        both = [w * self._nothing_begun(state) for state, w in states.items()]
        both = both if sum(both) > 0 else list(states.values())
        return list(states)[int(self.luck.choice(len(states), p=np.array(both) / sum(both)))]

    def _nothing_begun(self, state: State) -> float:
        ends = not self.here or len(state.threads) > 1
        return (
            math.prod(self._still(t.node, t.since, DEEPEST, ends=ends) for t in state.threads if t.row < 0)
            if state.threads
            else float(ends)
        )

    def parts(self, state: State, stands: Stands) -> Present | None:
        """Where every part stands, those on their way at a step that is drawn; None where the journey is over.

        Of a patient who is known to be ``here`` it does not end now if there is any way on.
        """
        if not self.here and all(t.row < 0 and self._still(t.node, t.since, DEEPEST, ends=False) < LEAST for t in state.threads):
            return None
        while (on := next((k for k, t in enumerate(state.threads) if t.row < 0 and not self._is_step(t)), -1)) >= 0:
            state = self._step_on(state, on, ends=not self.here or len(state.threads) > 1)
        return self._together(state, -1, stands)

    def _is_step(self, thread: Thread) -> bool:
        return thread.node != END and isinstance(self.follower.model.route.nodes[thread.node], Do)

    def _step_on(self, state: State, k: int, *, ends: bool) -> State:
        thread = state.threads[k]
        if thread.node == END:
            return closed(state, k)[0]
        node = self.follower.model.route.nodes[thread.node]
        if isinstance(node, Split):
            return split(self.follower.model, state, k)[0]
        assert isinstance(node, Choose)
        ways = node.ways(self.who)
        weights = np.array([w.share * self._still(w.to, thread.since, DEEPEST, ends=ends) for w in ways])
        if weights.sum() <= 0:  # longer than ever seen: whatever way leads to a step
            weights = np.array([w.share * (ends or self._leads_on(w.to, DEEPEST)) for w in ways])
        if weights.sum() <= 0:
            weights = np.array([w.share for w in ways])
        way = ways[int(self.luck.choice(len(ways), p=weights / weights.sum()))]
        return State((*state.threads[:k], thread._replace(node=way.to), *state.threads[k + 1 :]), state.joins)

    def _leads_on(self, node: str, depth: int) -> bool:
        if node == END or depth == 0:
            return False
        at = self.follower.model.route.nodes[node]
        match at:
            case Choose():
                return any(w.share > 0 and self._leads_on(w.to, depth - 1) for w in at.ways(self.who))
            case Split():
                return any(self._leads_on(b, depth - 1) for b in at.branches) or self._leads_on(at.then, depth - 1)
        return True

    def _still(self, node: str, since: float, depth: int, *, ends: bool) -> float:
        """The chance that nothing has begun by now of a part that came to a node at this minute."""
        if node == END or depth == 0:
            return float(ends)
        at = self.follower.model.route.nodes[node]
        match at:
            case Choose():
                return math.fsum(w.share * self._still(w.to, since, depth - 1, ends=ends) for w in at.ways(self.who))
            case Split():
                return math.prod(self._still(b, since, depth - 1, ends=True) for b in at.branches)
        return max(self._chances(node, since, self.silent))

    def _chances(self, node: str, since: float, now: float) -> tuple[float, float]:
        """The chances that the delay of a step is longer than what has passed, and that all the time before it is, the queue's too."""
        do = self.follower.model.route.nodes[node]
        assert isinstance(do, Do)
        delay = float((self.follower.delays(node) > self.follower.elapsed(node, since, now)).mean())
        seen = self.passed.get(do.step, np.empty(0))
        queues = seen.size > 0 and bool(self.follower.model.steps[do.step].needs)
        return delay, float((seen > now - since).mean()) if queues else 0.0

    # ── nouns ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _together(self, state: State, join: int, stands: Stands) -> Present | None:
        """The parts of a join, and of the joins within it, as one."""
        parts = [self._noun(t, stands) for t in state.threads if t.join == join]
        within = (self._together(state, j, stands) for j, other in enumerate(state.joins) if other.within == join and other.left > 0)
        parts += [p for p in within if p is not None]
        then = END if join < 0 else state.joins[join].then
        if len(parts) <= 1 and then == END:
            return parts[0] if parts else None
        return SideBySide(name=self.name, parts=tuple(parts), then=then) if parts else None

    def _noun(self, thread: Thread, stands: Stands) -> Present:
        if thread.row >= 0:
            return stands(thread)
        delay, all_time = self._chances(thread.node, thread.since, 0.0)
        if self.luck.random() * max(delay, all_time) <= delay:
            return Between(name=self.name, node=thread.node, since=thread.since)
        return Waiting(name=self.name, node=thread.node, since=self._needed(thread))

    def _needed(self, thread: Thread) -> float:
        """When a step was needed that is waited for now: after a delay no longer than what has passed."""
        passed, delays = self.follower.elapsed(thread.node, thread.since, 0.0), self.follower.delays(thread.node)
        fits = delays[delays <= passed]
        if fits.size == 0 or passed <= 0:
            return min(thread.since, 0.0)
        return thread.since * (1 - float(self.luck.choice(fits)) / passed)
