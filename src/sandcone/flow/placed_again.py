"""Sets that came up after a search, placed among those that it found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sandcone.core.lever import LeverSet
from sandcone.core.outcome import Outcome
from sandcone.flow.trying import Trying
from sandcone.improving.search.belief import believed
from sandcone.improving.search.finish import DRAWS
from sandcone.improving.search.front import chances, place
from sandcone.improving.search.look import Task
from sandcone.improving.search.samples import Samples, least
from sandcone.improving.search.searched import Found, Searched

RUNS = 4  # of a set that came up later, with the luck that the others were found by
LUCK = 10  # the number of the stream of luck that the chances are drawn with


def placed_again(trying: Trying, searched: Searched, more: Sequence[LeverSet]) -> Searched:
    """What was found with these sets among it: each run with the search's own luck, and all places anew."""
    known = {f.levers for f in searched.found}
    new = [s for s in dict.fromkeys(more) if s not in known]
    if not new:
        return searched
    runs = min(RUNS, len(searched.today.outcomes))
    found = trying.attempt([Task(levers=s, replication=r) for s in new for r in range(runs)])
    sets = [*((f.levers, f.outcomes) for f in searched.found), *_whole(new, found, runs)]
    samples = Samples()
    for levers, outcomes in sets:
        for outcome in outcomes:
            samples.add(levers, outcome)
    rng = np.random.default_rng([searched.seed, LUCK])
    chance = chances(believed(samples.values(searched.objectives)), least(searched.objectives), DRAWS, rng)
    short = {f.levers: f.short for f in searched.found}
    placed = [
        Found(levers=s, outcomes=tuple(o), chance=float(p), place=place(float(p)), short=short.get(s))
        for (s, o), p in zip(sets, chance, strict=True)
    ]
    rest = sorted(placed[1:], key=lambda f: (-f.chance, f.levers))
    return replace(searched, found=(placed[0], *rest), sets=searched.sets + len(new), runs=searched.runs + runs * len(new))


def _whole(new: Sequence[LeverSet], found: Sequence[Outcome | str], runs: int) -> list[tuple[LeverSet, tuple[Outcome, ...]]]:
    """The sets of which every run is known."""
    by_set = [(s, found[i * runs : (i + 1) * runs]) for i, s in enumerate(new)]
    return [(s, tuple(x for x in some if isinstance(x, Outcome))) for s, some in by_set if not any(isinstance(x, str) for x in some)]
