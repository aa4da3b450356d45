"""Intervals that hold the truth as often as they say, made from how wrong a prediction was on people it had not learnt from.

Split conformal prediction by segment (Vovk, Gammerman and Shafer 2005, Algorithmic Learning in a Random World, 2.2 and 4.5) of
two quantiles (Romano, Patterson and Candès 2019, Conformalized Quantile Regression, NeurIPS 32, theorem 1).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Names = NDArray[np.object_]
ENOUGH = 40  # people of a segment from which it has a margin of its own


def scores(guess: Floats, truth: Floats) -> Floats:
    """How far the truth lies outside the interval that was guessed; below 0 if inside. ``guess`` is low, value, high by row."""
    return np.maximum(guess[:, 0] - truth, truth - guess[:, 2])


def margin(score: Floats, share: float, weight: Floats | None = None) -> float:
    """How much wider intervals must be to hold ``share`` of new people: the ⌈(n + 1) · share⌉-th smallest of n scores.

    With weights (Tibshirani et al. 2019, Conformal Prediction Under Covariate Shift, NeurIPS 32) the new person weighs as much as
    the mean of the others. Infinite where n is too small for the share.
    """
    if not score.size:
        return math.inf
    order = np.argsort(score, kind="stable")
    w = np.ones(len(score)) if weight is None else weight[order]
    reached = np.cumsum(w) / (w.sum() + w.mean())
    at = int(np.searchsorted(reached, share - 1e-12))
    return float(score[order[at]]) if at < len(score) else math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    """How much wider intervals are made: for everybody, and for each segment that has enough people."""

    share: float
    everybody: float
    n: int  # rows it rests on
    segments: Mapping[str, float]

    def of(self, segment: Names) -> Floats:
        """By row: the margin of its segment, else that of everybody."""
        return np.array([self.segments.get(s, self.everybody) for s in segment], dtype=np.float64)


def margins(score: Floats, segment: Names, share: float, weight: Floats | None = None, enough: int = ENOUGH) -> Margins:
    """Learn the margins from people whom the prediction was not learnt from; a segment with fewer than ``enough`` has none of its own."""
    w = np.ones(len(score)) if weight is None else weight
    own = {}
    for name in dict.fromkeys(segment):
        mine = segment == name
        if mine.sum() >= enough:
            own[name] = margin(score[mine], share, w[mine])
    return Margins(share=share, everybody=margin(score, share, w), n=len(score), segments=own)


def widened(guess: Floats, by: Floats) -> Floats:
    """The guess with its interval made wider (or, below 0, narrower), the value always inside."""
    low = np.minimum(guess[:, 0] - by, guess[:, 1])
    high = np.maximum(guess[:, 2] + by, guess[:, 1])
    return np.column_stack([low, guess[:, 1], high])
