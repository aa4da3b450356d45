"""The plain searches that ours is held against: sets drawn at random, and NSGA-II as it comes, each with as many runs for every set.

No formula, no short runs, no screening, no choice of who gets further runs. What they found is judged as ours is (``finish.finished``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from math import prod

import numpy as np

from sandcone.core.lever import Levers, LeverSet
from sandcone.core.outcome import Outcome
from sandcone.improving.search.budget import Budget
from sandcone.improving.search.finish import finished
from sandcone.improving.search.look import Look
from sandcone.improving.search.proposals import Parent, ask, drawn, nsga, tell
from sandcone.improving.search.samples import better
from sandcone.improving.search.searched import Searched
from sandcone.improving.search.trials import Trials

EACH, CROWD, TIRED = 4, 24, 20  # runs of each set; sets in a generation; generations' worth of doubles after which a search gives up


def plain_random(levers: Levers, look: Look, *, budget: Budget, seed: int, told: Callable[[str], None] | None = None) -> Searched:
    """Sets drawn with equal chance for each setting of each lever, four runs each."""
    trials = Trials(levers, look, budget, told)
    trials.first(EACH)
    luck = np.random.default_rng([seed, 0])
    most = prod(n + 1 for n in trials.settings)
    tired = 0
    while not trials.ended and tired < TIRED:
        new = [s for s in drawn(trials.settings, CROWD, luck) if not trials.known(s)]
        tired = 0 if new else tired + 1
        trials.more((s, EACH) for s in new)
        tired = TIRED if len(trials.samples.levers) + len(trials.excluded) >= most else tired
    trials.ended = trials.ended or "every set was tried"
    return finished(trials, seed)


def plain_nsga(levers: Levers, look: Look, *, budget: Budget, seed: int, told: Callable[[str], None] | None = None) -> Searched:
    """NSGA-II over means of four runs, generations of 24; a set beyond a limit counts as such, one that cannot be scored as failed."""
    trials = Trials(levers, look, budget, told)
    trials.first(EACH)
    doubles = 0
    with nsga(CROWD, len(trials.objectives), seed) as study:
        while not trials.ended and doubles < TIRED * CROWD:
            asked = list(islice(_asked(study, trials), CROWD))
            doubles = doubles + len(asked) if all(trials.known(s) for _, s in asked) else 0
            trials.more(dict.fromkeys((s, EACH) for _, s in asked if not trials.known(s)))
            for trial, levers_set in asked:
                _tell(study, trial, trials, levers_set)
    trials.ended = trials.ended or "nothing new was proposed any more"
    return finished(trials, seed)


def _asked(study: object, trials: Trials) -> Iterator[tuple[object, LeverSet]]:
    while True:
        yield ask(study, trials.settings)


def _tell(study: object, trial: object, trials: Trials, levers: LeverSet) -> None:
    """What a set came to; nothing where it has no value."""
    runs = trials.samples.of(levers)
    if runs:
        tell(study, trial, Parent(levers=levers, values=_mean(runs, trials)))


def _mean(runs: list[Outcome], trials: Trials) -> tuple[float, ...]:
    return tuple(float(x) for x in np.mean([better(r, trials.objectives) for r in runs], axis=0))
