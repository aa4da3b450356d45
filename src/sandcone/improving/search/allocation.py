"""Which sets get the next runs: equally many each, by the rule of Lee and others, or those whose errors decide who is on the front."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from sandcone.improving.search.belief import Belief
from sandcone.improving.search.front import on_front

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Rule = Callable[[Belief, Floats, int, np.random.Generator], Ints]
"""From what is believed, what matters, and a number of runs, to how many of them each set gets (sets,)."""
DRAWS = 1000
NOISE = 16.0  # squared standard errors of a correlation of draws, below which it is taken for chance


def equal(belief: Belief, least: Floats, runs: int, rng: np.random.Generator) -> Ints:
    """As many runs for every set, the first sets first where they do not come out even."""
    counts = belief.counts.copy()
    for _ in range(runs):
        counts[int(np.argmin(counts))] += 1
    found: Ints = counts - belief.counts
    return found


def deciding(belief: Belief, least: Floats, runs: int, rng: np.random.Generator) -> Ints:
    """Runs for the sets whose errors decide who is on the front, themselves or others.

    Values are drawn that could be the true ones. A set's error matters as far as it goes together with who is on the front in these draws:
    by its squared correlations with the place of every set, each weighed by how unsure that place is. A further run takes away n / (n + 1)
    of what is left of it; runs go one by one to where they take away most. It is a variance of places explained (Oakley and O'Hagan 2004,
    J. R. Stat. Soc. B 66:751–769), used as Branke and Zhang (2019, OR Spectrum 41:831–865) use the change of the front: to look one batch
    ahead.
    """
    worth = matters(belief, least, rng)
    counts, found = belief.counts.astype(np.float64), np.zeros(len(worth), dtype=np.int64)
    for _ in range(runs):
        have = counts + found
        found[int(np.argmax(worth * counts / (have * (have + 1))))] += 1
    return found


def matters(belief: Belief, least: Floats, rng: np.random.Generator) -> Floats:
    """How much of the doubt about who is on the front is owed to each set's own error (sets,)."""
    drawn = belief.draws(DRAWS, rng)
    places = on_front(drawn, least).astype(np.float64)
    doubt = places.var(axis=0)
    open_ = doubt > 0
    if not open_.any():
        return np.ones(len(belief.mean))
    own = (drawn - drawn.mean(axis=0)) / np.maximum(drawn.std(axis=0), 1e-300)
    seen = (places[:, open_] - places[:, open_].mean(axis=0)) / np.sqrt(doubt[open_])
    together = (own.reshape(len(own), -1).T @ seen / len(own)) ** 2
    together[together < NOISE / len(own)] = 0.0
    by_objective = (together * doubt[open_]).sum(axis=1).reshape(belief.mean.shape)
    found: Floats = by_objective.sum(axis=1) + 1e-9
    return found


def mocba(belief: Belief, least: Floats, runs: int, rng: np.random.Generator) -> Ints:
    """Runs by the ratios of MOCBA (Lee, Chew, Teng and Goldsman 2010, IIE Transactions 42:656–674), from the means as they are seen.

    Each set has the rival that most likely betters it, and the objective in which that is least sure. Sets for which this is harder to tell
    than for those whose rival they are get runs by noise over gap squared; the others, by the root of the sum of their followers' squares.
    """
    share = _ratios(belief)
    wanted = share / share.sum() * (belief.counts.sum() + runs) - belief.counts
    found = np.zeros(len(share), dtype=np.int64)
    for _ in range(runs):
        found[int(np.argmax(wanted - found))] += 1
    return found


def _ratios(belief: Belief) -> Floats:
    """The shares of all runs that the sets should have (sets,), not adding up to anything in particular."""
    mean, noise = belief.mean, belief.spread**2
    counts = belief.counts.astype(np.float64)
    every = np.arange(len(mean))
    gap = mean[None] - mean[:, None]  # how much better the second is
    unsure = noise[None] / counts[None, :, None] + noise[:, None] / counts[:, None, None]
    sure = log_ndtr(gap / np.sqrt(unsure))
    chance = sure.sum(axis=2)
    np.fill_diagonal(chance, -np.inf)
    rival = chance.argmax(axis=1)
    least_sure = sure[every, rival].argmin(axis=1)
    hard = (gap**2 / unsure)[every, rival, least_sure]
    followers = [np.flatnonzero(rival == i) for i in every]
    leads = np.array([len(f) > 0 and hard[f].min() < hard[i] for i, f in enumerate(followers)])
    squared = np.maximum(gap[every, rival, least_sure] ** 2, 1e-12 * noise[every, least_sure] + 1e-300)
    ratio = np.maximum(counts[rival] / counts, 1e-3)
    share = (noise[every, least_sure] + noise[rival, least_sure] / ratio) / squared
    for i in np.flatnonzero(leads):
        mine = [h for h in followers[i] if not leads[h]]
        weights = [noise[i, least_sure[h]] / noise[h, least_sure[h]] * share[h] ** 2 for h in mine]
        share[i] = np.sqrt(sum(weights)) if mine else share[i]
    found: Floats = np.minimum(share, np.median(share) * 1e4)
    return found
