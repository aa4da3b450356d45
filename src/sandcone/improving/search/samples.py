"""What has been run so far: the outcomes of each set by replication, as arrays in which more is always better."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sandcone.core.lever import LeverSet
from sandcone.core.outcome import OBJECTIVES, Objective, Outcome

Floats = NDArray[np.float64]
COST_LEAST = 0.001  # of today's cost: a difference in cost that matters


@dataclass(slots=True)
class Samples:
    """Sets of levers in the order in which they were first run, each with its full runs 0, 1, … and its short run.

    Set 0 is today. A replication is the same luck in every set, so that the difference between two sets is one of pairs.
    """

    levers: list[LeverSet] = field(default_factory=list)
    outcomes: list[list[Outcome]] = field(default_factory=list)
    short: dict[LeverSet, Outcome] = field(default_factory=dict)
    places: dict[LeverSet, int] = field(default_factory=dict)

    def add(self, levers: LeverSet, outcome: Outcome) -> None:
        """The next replication of a set."""
        if levers not in self.places:
            self.places[levers] = len(self.levers)
            self.levers.append(levers)
            self.outcomes.append([])
        self.outcomes[self.places[levers]].append(outcome)

    def of(self, levers: LeverSet) -> list[Outcome]:
        """The full runs of a set, none if it has none."""
        return self.outcomes[self.places[levers]] if levers in self.places else []

    def drop(self, levers: LeverSet) -> None:
        """Forget a set that turned out to be none that can be scored."""
        self.short.pop(levers, None)
        if levers in self.places:
            at = self.places.pop(levers)
            del self.levers[at], self.outcomes[at]
            self.places = {s: i for i, s in enumerate(self.levers)}

    def counts(self) -> NDArray[np.int64]:
        """How many full runs each set has (sets,)."""
        return np.array([len(o) for o in self.outcomes], dtype=np.int64)

    def values(self, objectives: Sequence[Objective]) -> Floats:
        """All runs (sets, replications, objectives), NaN where a set has no such run; signs turned so that more is better."""
        found = np.full((len(self.levers), int(self.counts().max(initial=0)), len(objectives)), np.nan)
        for i, runs in enumerate(self.outcomes):
            found[i, : len(runs)] = [better(o, objectives) for o in runs]
        return found


def better(outcome: Outcome, objectives: Sequence[Objective]) -> tuple[float, ...]:
    """An outcome by these objectives, with the sign turned where less is better."""
    by_name = dict(zip((o.name for o in OBJECTIVES), outcome.values, strict=True))
    return tuple(by_name[o.name] if o.more else -by_name[o.name] for o in objectives)


def counted(today: Outcome) -> tuple[Objective, ...]:
    """The objectives that today has a number for, with what matters of cost as 0.1 % of today's."""
    known = zip(OBJECTIVES, today.values, strict=True)
    return tuple(with_least(o, today) for o, value in known if not math.isnan(value))


def with_least(objective: Objective, today: Outcome) -> Objective:
    """The objective with the least difference that matters."""
    if objective.name != "cost":
        return objective
    return Objective(name="cost", unit=objective.unit, more=objective.more, least=COST_LEAST * abs(today.cost))


def least(objectives: Sequence[Objective]) -> Floats:
    """The least differences that matter (objectives,)."""
    return np.array([o.least for o in objectives])
