"""Which steps go on at the same time: one while the other is still going on, in most of those who have both."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sandcone.personalising.journeys import Bools, Floats, Ints, Journeys
from sandcone.personalising.ordering import SECOND, SUPPORT

MOSTLY = 0.5  # share of the patients with both, from which two steps go on at the same time
OVERLAP = 0.5  # share of the shorter one that lies in the longer one; a moment lies in it or not
FAR = 1000  # places in a journey looked ahead


def together(j: Journeys) -> Bools:
    """[a, b]: at least half of the patients with both (and at least 30) have them at the same time; nothing where steps are moments."""
    k = len(j.steps)
    had = j.reached.had.astype(float)
    both = had.T @ had
    share = _alike(j) / np.maximum(both, 1)
    out = (share >= MOSTLY) & (both >= SUPPORT)
    out[np.arange(k), np.arange(k)] = False
    return np.asarray(out)


def _alike(j: Journeys) -> Floats:
    """How many patients have each pair of steps at the same time."""
    k = len(j.steps)
    found, first = [np.empty(0, dtype=np.int64)], np.arange(len(j.case))
    for ahead in range(1, FAR):
        first = first[first + ahead < len(j.case)]
        then = first + ahead
        on = (j.case[then] == j.case[first]) & (j.start[then] + SECOND < j.end[first])  # sorted by start: else nor do later ones
        first, then = first[on], then[on]
        if not len(first):
            break
        lasts = np.minimum(j.end[first] - j.start[first], j.end[then] - j.start[then])
        at_once = np.minimum(j.end[first], j.end[then]) - j.start[then] >= OVERLAP * lasts
        a, b = j.step[first[at_once]], j.step[then[at_once]]
        low, high = np.minimum(a, b), np.maximum(a, b)
        found.append(np.unique((j.case[first[at_once]] * k + low) * k + high))
    pairs = np.unique(np.concatenate(found)) % (k * k)
    counts = np.bincount(pairs, minlength=k * k).reshape(k, k).astype(float)
    return np.asarray(counts + np.triu(counts, 1).T)


def during(j: Journeys, steps: Sequence[int], at_once: Bools) -> dict[int, int]:
    """For each of these steps that goes on while a longer one does: the shortest such one."""
    lasts = {s: float(np.median((j.end - j.start)[j.step == s])) if (j.step == s).any() else 0.0 for s in steps}
    longest: Ints = np.array(sorted(steps, key=lambda s: (-lasts[s], list(steps).index(s))), dtype=np.int64)
    found = {}
    for i, s in enumerate(longest):
        around = [int(c) for c in longest[:i] if at_once[c, s] and lasts[int(c)] > 0]
        if around:
            found[int(s)] = around[-1]
    return found
