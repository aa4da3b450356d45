"""What the runs so far say of the true value of every set: a joint normal law, with the luck that sets share taken out.

A run of a set is taken to be its true value, plus what that replication's luck does to every set alike, plus what it does to this set
alone: a randomised block design with sets as treatments and replications as blocks. Differences between sets are then as sure as pairs make
them, even where one set has more runs than another, and luck that was shared is never taken for a difference. Common random numbers are
modelled so by Nelson and Matejcik (1995, Management Science 41:1935–1945, sphericity); where two sets answer to luck still more
alike, as two with most levers in common do, the law is wider than it need be, never narrower.

What a set does alone is estimated from its own runs and from those of all sets together: with ``PRIOR`` runs' worth of weight on
the latter, since the spread of two or three runs says little.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
PRIOR = 8.0  # runs' worth of weight on the spread over all sets
TINY = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Belief:
    """The law of the true values, more being better.

    ``mean`` (sets, objectives); ``spread`` (sets, objectives) of one run; ``counts`` (sets,) of runs; ``alone`` (objectives, objectives) is
    how objectives go together within a run; ``luck`` (objectives, replications, replications) is the root of how unsure the shared luck
    still is.
    """

    mean: Floats
    spread: Floats
    counts: NDArray[np.int64]
    alone: Floats
    luck: Floats

    def draws(self, n: int, rng: np.random.Generator) -> Floats:
        """Values that could be the true ones (draws, sets, objectives)."""
        sets, objectives = self.mean.shape
        own = rng.standard_normal((n, sets, objectives)) @ root(self.alone).T * (self.spread / np.sqrt(self.counts)[:, None])
        z = rng.standard_normal((n, self.luck.shape[1], objectives)) @ root(self.alone).T
        part = shares(self.counts)
        moved = np.stack([part @ (self.luck[o] @ z[:, :, o].T) for o in range(objectives)], axis=-1)
        found: Floats = self.mean + own - np.swapaxes(moved, 0, 1)
        return found

    def errors(self) -> Floats:
        """The standard error of each set's value on its own, the shared luck being known (sets, objectives)."""
        found: Floats = self.spread / np.sqrt(self.counts)[:, None]
        return found


def believed(values: Floats) -> Belief:
    """The law after these runs (sets, replications, objectives), set i having its first runs and then NaN; each has at least one."""
    counts = np.isfinite(values[:, :, 0]).sum(axis=1)
    spread, alone, left = spreads(values, counts)
    sides = [_fit(values[:, :, o], counts, spread[:, o], left[o]) for o in range(values.shape[2])]
    mean = np.column_stack([m for m, _ in sides])
    return Belief(mean=mean, spread=spread, counts=counts, alone=alone, luck=np.stack([v for _, v in sides]))


def shares(counts: NDArray[np.int64]) -> Floats:
    """How much of a set's mean each replication is (sets, replications)."""
    ran = np.arange(counts.max()) < counts[:, None]
    found: Floats = ran / counts[:, None]
    return found


def spreads(values: Floats, counts: NDArray[np.int64]) -> tuple[Floats, Floats, Floats]:
    """The spread of a run once shared luck is out (sets, objectives), how objectives go together, and the variance of shared luck."""
    luck = _plain_luck(values)
    rest = values - luck - np.nanmean(values - luck, axis=1, keepdims=True)
    squares = np.nansum(rest**2, axis=1)
    freedom = _freedom(counts)
    pooled = squares.sum(axis=0) / max(float(freedom.sum()), 1.0)
    own = (PRIOR * pooled + squares) / (PRIOR + freedom)[:, None]
    flat = np.nan_to_num(rest.reshape(-1, values.shape[2]))
    scale = np.sqrt(np.maximum((flat**2).sum(axis=0), TINY))
    together = np.clip(flat.T @ flat / np.outer(scale, scale), -0.999, 0.999)
    np.fill_diagonal(together, 1.0)
    size = np.maximum(np.abs(np.nanmean(values, axis=(0, 1))), 1.0)
    return np.sqrt(np.maximum(own, (1e-9 * size) ** 2)), together, np.nanvar(luck, axis=1)[0]


def _freedom(counts: NDArray[np.int64]) -> Floats:
    """How many of a set's runs speak of it alone (sets,): a replication that few sets had says mostly what its luck was."""
    ran = np.arange(counts.max()) < counts[:, None]
    found: Floats = (ran * (1 - 1 / ran.sum(axis=0))).sum(axis=1) * (1 - 1 / counts)
    return found


def _plain_luck(values: Floats) -> Floats:
    """What each replication does to all sets alike (1, replications, objectives), by turns of row and column means."""
    luck = np.zeros((1, *values.shape[1:]))
    for _ in range(20):
        means = np.nanmean(values - luck, axis=1, keepdims=True)
        luck = np.nanmean(values - means, axis=0, keepdims=True)
        luck -= luck.mean(axis=1, keepdims=True)
    return luck


def _fit(values: Floats, counts: NDArray[np.int64], spread: Floats, variance: float) -> tuple[Floats, Floats]:
    """Means with the shared luck out (sets,), and the root of how unsure that luck is (replications, replications)."""
    ran = np.isfinite(values)
    weight = 1 / spread**2
    part = shares(counts)
    each = np.diag((ran * weight[:, None]).sum(axis=0)) - part.T @ (part * (weight * counts)[:, None])
    known = each + np.eye(ran.shape[1]) / max(variance, float(np.median(spread)) ** 2 * 1e-3, TINY)
    half = np.linalg.inv(np.linalg.cholesky(known + np.eye(len(known)) * 1e-12 * np.trace(known) / len(known)))
    means = np.nanmean(values, axis=1)
    luck = half.T @ (half @ (np.where(ran, values - means[:, None], 0.0) * weight[:, None]).sum(axis=0))
    free: Floats = means - part @ luck
    return free, np.asarray(half.T, dtype=np.float64)


def root(covariance: Floats) -> Floats:
    """A matrix whose product with its own transpose is this one."""
    size, way = np.linalg.eigh(covariance)
    found: Floats = way * np.sqrt(np.maximum(size, 0.0))
    return found
