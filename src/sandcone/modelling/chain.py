"""Each case as a chain: which step follows which, after what delay, and whether it begins before the last one has ended.

A step's delay is counted from its anchor: the end of the step before it in the chain, or the anchor of that one if the two overlap.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sandcone.modelling.facts import EPS, Bools, Facts, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chain:
    """By step of the log: its anchor, whether the next step begins before this one ends, and how often it came so far (from 1)."""

    anchor: Floats
    overlapped: Bools
    times: Ints

    def waited(self, f: Facts) -> Floats:
        """Minutes from anchor to start."""
        return np.maximum(f.start - self.anchor, 0.0)


def chain(f: Facts) -> Chain:
    """The chain of every case."""
    overlapped = np.zeros(len(f.case), dtype=bool)
    overlapped[:-1] = (f.case[1:] == f.case[:-1]) & (f.start[1:] < f.end[:-1] - EPS)
    first = f.is_first
    begins = ~np.concatenate([[False], overlapped[:-1]])  # an anchor of its own
    own = np.where(first, f.begin[f.case], np.concatenate([[0.0], f.end[:-1]]))
    source = np.maximum.accumulate(np.where(begins, np.arange(len(first)), 0))
    return Chain(anchor=np.minimum(own[source], f.start), overlapped=overlapped, times=_times(f))


def _times(f: Facts) -> Ints:
    order = np.lexsort((np.arange(len(f.case)), f.step, f.case))
    c, s = f.case[order], f.step[order]
    new = np.concatenate([[True], (c[1:] != c[:-1]) | (s[1:] != s[:-1])])
    starts = np.maximum.accumulate(np.where(new, np.arange(len(c)), 0))
    times = np.empty(len(c), dtype=np.int64)
    times[order] = np.arange(len(c)) - starts + 1
    return times


def laws_bins(values: Floats, weight: Floats, most: int) -> Floats:
    """A sample as a few numbers with equal chance and the same mean: the mean of each of equally heavy parts."""
    order = np.argsort(values, kind="stable")
    v, w = values[order], np.maximum(weight[order], 1e-12)
    total = np.concatenate([[0.0], np.cumsum(w)])
    area = np.concatenate([[0.0], np.cumsum(v * w)])
    n = max(1, min(most, len(v)))
    at = np.linspace(0.0, total[-1], n + 1)
    return np.asarray(np.maximum(np.diff(np.interp(at, total, area)) / (total[-1] / n), 0.0))
