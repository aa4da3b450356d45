"""A made-up hospital whose truth is known: levers whose effects add up, mostly, and runs whose luck is shared and own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sandcone.core.arrangement import Arrangement
from sandcone.core.lever import Lever, Levers, LeverSet, Limits, Setting
from sandcone.core.outcome import OBJECTIVES, Outcome
from sandcone.improving.search.look import Glance, Look, Task

Floats = NDArray[np.float64]
SIGNS = np.array([1.0 if o.more else -1.0 for o in OBJECTIVES])
TODAY = np.array([0.70, 0.30, 0.80, 20.0, 1e5])
EFFECT = np.array([0.010, 0.006, 0.010, 1.0, 1e3])  # a usual effect of a setting
LUCK = np.array([0.004, 0.003, 0.003, 0.8, 0.0])  # what luck does to a run of one set alone; to all sets, twice that
SHORT = np.array([0.002, -0.002, 0.0, -0.3, 0.0])  # by how much a short run is off


NO_LIMITS = Limits()


def as_today(now: Arrangement) -> Arrangement:
    """What every setting does to a model here: nothing, for its runs are made up."""
    return now


def made_levers(settings: Sequence[int], limits: Limits = NO_LIMITS) -> Levers:
    """Levers with so many settings each."""
    return Levers(levers=tuple(_lever(i, n) for i, n in enumerate(settings)), limits=limits)


def _lever(i: int, n: int) -> Lever:
    settings = tuple(Setting(name=f"setting {s + 1}", change=as_today) for s in range(n))
    return Lever(name=f"lever {i + 1}", use="hours", words="", settings=settings)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Made:
    """A made-up hospital: ``effects`` by lever and setting (0: none), ``pairs`` that act together; objectives as in ``OBJECTIVES``."""

    seed: int
    settings: tuple[int, ...]
    effects: tuple[Floats, ...]
    pairs: tuple[tuple[int, int, Floats], ...]
    noise: float

    @classmethod
    def drawn(cls, seed: int, settings: Sequence[int], *, pairs: int = 4, noise: float = 1.0) -> Made:
        """One with effects drawn: as many good as bad on each objective, and some pairs that do as much again together."""
        luck = np.random.default_rng(seed)
        effects = tuple(np.vstack([np.zeros(5), luck.normal(size=(n, 5)) * EFFECT]) for n in settings)
        two = [
            (*map(int, luck.choice(len(settings), 2, replace=False)), luck.normal(size=5) * EFFECT)
            for _ in range(pairs if len(settings) > 1 else 0)
        ]
        return cls(seed=seed, settings=tuple(settings), effects=effects, pairs=tuple(two), noise=noise)

    def true(self, levers: LeverSet) -> Floats:
        """The true values (objectives,)."""
        alone = TODAY + sum(e[which] for e, which in zip(self.effects, levers, strict=True))
        found: Floats = alone + sum((x for a, b, x in self.pairs if levers[a] and levers[b]), np.zeros(5))
        return found

    def attempt(self, tasks: Sequence[Task]) -> list[Outcome]:
        """Runs: the truth, luck that all sets of a replication share, and luck of their own."""
        return [_outcome(self.true(t.levers) + self._luck(t)) for t in tasks]

    def _luck(self, task: Task) -> Floats:
        shared = np.random.default_rng([self.seed, 1, task.replication]).normal(size=5)
        own = np.random.default_rng([self.seed, 2, task.replication, *task.levers]).normal(size=5)
        longer = 1.5 if task.short else 1.0
        found: Floats = (2 * shared + longer * own) * self.noise * LUCK + task.short * SHORT
        return found

    def glance(self, sets: Sequence[LeverSet]) -> list[Glance]:
        """A formula that knows costs, and use of resources nearly."""
        return [self._glance(s) for s in sets]

    def _glance(self, levers: LeverSet) -> Glance:
        at = self.true(levers)
        cost = float(at[4] / TODAY[4])
        values = (float(at[0]) + 0.002 * np.sin(sum(levers)), *(float("nan"),) * 3, float(at[4]))
        return Glance(values=values, seen=(True,) * len(levers), cost=cost, staff_cost=cost)

    @property
    def look(self) -> Look:
        """Both ways to look at sets."""
        return Look(glance=self.glance, attempt=self.attempt)


def _outcome(v: Floats) -> Outcome:
    return Outcome(
        resource=float(v[0]),
        flow=float(v[1]),
        fit=float(v[2]),
        worst_wait=float(v[3]),
        cost=float(v[4]),
        staff_cost=float(v[4]),
        wait=float(v[3]) / 4,
        throughput=50.0,
        patients=1000,
        unfinished=0.01,
        growth=0.0,
    )
