"""Trying sets of levers: what is known already is not run again, the rest is handed out, and each answer is kept as it comes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from sandcone.core.lever import LeverSet
from sandcone.core.outcome import Outcome
from sandcone.flow.bench import Bench, Runs, run
from sandcone.flow.glancing import glance
from sandcone.flow.hands import Hands
from sandcone.flow.tried import Key, Memory
from sandcone.improving.search.look import Glance, Look, Task

AT_ONCE = 4  # runs of one set handed out together, since laying it out takes as long as a run
SPREAD = 8  # pieces of work into which even a small batch is parted


class Trying:
    """The twin, as a search and a judge ask it."""

    def __init__(self, bench: Bench, hands: Hands, memory: Memory) -> None:
        self.bench, self.hands, self.memory = bench, hands, memory
        self.glances: dict[LeverSet, Glance | str] = {}
        self.made = 0  # runs in this process's life; those in memory are none

    @property
    def look(self) -> Look:
        """Both ways to look at a set, for the search."""
        return Look(glance=self.glance, attempt=self.attempt)

    def glance(self, sets: Sequence[LeverSet]) -> list[Glance | str]:
        """Each set at a glance, in the order asked."""
        new = list(dict.fromkeys(s for s in sets if s not in self.glances))
        for i, found in self.hands.done(glance, new):
            self.glances[new[i]] = found
        return [self.glances[s] for s in sets]

    def attempt(self, tasks: Sequence[Task]) -> list[Outcome | str]:
        """What each run came to, in the order asked; a sentence where it cannot be."""
        keys: list[Key] = [(t.levers, t.replication, t.short) for t in tasks]
        work = handed_out([k for k in dict.fromkeys(keys) if k not in self.memory.known])
        for i, found in self.hands.done(run, work):
            for (replication, short), outcome in zip(work[i].runs, found, strict=True):
                self.memory.keep((work[i].levers, replication, short), outcome)
                self.made += 1
        return [self.memory.known[k] for k in keys]

    def watched(self, runs: Sequence[Runs], told: Callable[[int], None]) -> list[list[Outcome | str]]:
        """Runs whose periods are looked at too, which no memory keeps; ``told`` hears how many of them are done."""
        found: dict[int, list[Outcome | str]] = {}
        for i, outcomes in self.hands.done(run, runs):
            found[i] = outcomes
            self.made += len(outcomes)
            told(sum(map(len, found.values())))
        return [found[i] for i in range(len(runs))]


def handed_out(keys: Sequence[Key]) -> list[Runs]:
    """Runs in pieces of work, those of one set together, few enough at a time that everybody has something to do."""
    most = max(1, min(AT_ONCE, math.ceil(len(keys) / SPREAD)))
    of: dict[LeverSet, list[tuple[int, bool]]] = {}
    for levers, replication, short in keys:
        of.setdefault(levers, []).append((replication, short))
    return [Runs(levers=s, runs=tuple(some[i : i + most])) for s, some in of.items() for i in range(0, len(some), most)]
