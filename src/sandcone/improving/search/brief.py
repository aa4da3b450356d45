"""Short runs: what half a run says of a whole one, learnt from sets that had both."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sandcone.core.lever import LeverSet
from sandcone.core.outcome import Objective
from sandcone.improving.search.belief import Belief, root
from sandcone.improving.search.front import on_front
from sandcone.improving.search.samples import Samples, better

Floats = NDArray[np.float64]
FEWEST, HOPELESS, DRAWS = 8, 0.02, 400
"""Sets with both from which is learnt; the chance of being on the front below which a set gets no full run; draws to tell it from."""


def short_gaps(samples: Samples, sets: Sequence[LeverSet], objectives: Sequence[Objective]) -> Floats:
    """Short runs of sets less today's (sets, objectives), more being better."""
    today = np.array(better(samples.short[samples.levers[0]], objectives))
    found: Floats = np.array([better(samples.short[s], objectives) for s in sets]).reshape(len(sets), len(objectives)) - today
    return found


def odds(
    samples: Samples, sets: Sequence[LeverSet], belief: Belief, objectives: Sequence[Objective], least: Floats, rng: np.random.Generator
) -> Floats:
    """How likely each set, of which there is a short run, is to be on the front (sets,).

    Its true gap to today is taken to be that of its short run, moved and spread as full and short gaps part in the sets that had both. All
    ones where fewer than eight had both.
    """
    both = [s for s in samples.levers[1:] if s in samples.short]
    if len(both) < FEWEST or not sets:
        return np.ones(len(sets))
    places = [samples.places[s] for s in both]
    apart = belief.mean[places] - belief.mean[0] - short_gaps(samples, both, objectives)
    middle = belief.mean[0] + short_gaps(samples, sets, objectives) + apart.mean(axis=0)
    own = rng.standard_normal((DRAWS, len(sets), len(objectives))) @ root(np.atleast_2d(np.cov(apart.T))).T
    found: Floats = on_front(middle + own, least, belief.draws(DRAWS, rng)).mean(axis=0)
    return found


def worth_while(
    samples: Samples, belief: Belief, objectives: Sequence[Objective], least: Floats, share: float, rng: np.random.Generator
) -> bool:
    """Whether short runs save more than they cost, by the sets that had both: one that is ruled out saves a full run."""
    both = [s for s in samples.levers[1:] if s in samples.short]
    return len(both) >= FEWEST and bool((odds(samples, both, belief, objectives, least, rng) < HOPELESS).mean() > share)
