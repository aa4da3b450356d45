"""The decoupling point: the first place on the path where it depends on the individual patient (FIELD §6).

For each place k (0: the first step) the patients still on their way are compared: how uncertain is a patient's next step, the
segment and the step just done being known? h(k) = H(next step | segment, step before), in nats, with Miller-Madow's correction
inside each group; leaving is one of the next steps. While everybody does the same, h is 0; where paths part, it rises. The decoupling point
is the first k at which h(k) reaches half of its highest value, over the places that at least a fifth of the patients reach.
If h is never above 0.05 nats the whole path is standard, and the point is its end.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from ibis import _
from numpy.typing import NDArray

from sandcone.core.chance import Luck
from sandcone.core.estimate import Estimate, Measure, Missing
from sandcone.measuring.counting import Counts, Reals, around
from sandcone.measuring.paths import Cells, Ints, Sequences, cells, segment_or_all, sequences
from sandcone.measuring.prepare import Prepared, row

REACHED = 0.2
HALF = 0.5
STANDARD = 0.05  # nats; below it nobody could tell the paths of two patients apart
FARTHEST = 60  # places looked at
HOUR = 3.6e9  # µs


def decoupling(prepared: Prepared, luck: Luck) -> Iterator[Measure | Missing]:
    """After how many steps a path depends on the patient (``position``), and the share of case time before it (``time_share``)."""
    group, note = segment_or_all(prepared)
    paths, counted = sequences(prepared), cells(prepared, group)
    place = position(uncertainty(paths, counted), _longest(paths))
    method = "first place where H(next step | segment, step before) reaches half its highest"
    estimate = Estimate(value=float(place), n=int(counted.n.sum()), unit="steps", method=method)
    yield Measure(name="decoupling.position", estimate=estimate, note=note)
    yield _time_share(prepared, place, luck, note)


def position(h: Reals, longest: int) -> int:
    """The first place at which the uncertainty reaches half of its highest value; the end of the path if it never rises."""
    if h.size == 0 or h.max() <= STANDARD:
        return longest
    return int(np.flatnonzero(h >= HALF * h.max())[0])


def uncertainty(paths: Sequences, counted: Cells) -> Reals:
    """h(k) for each place that a fifth of the patients reach, in nats."""
    length = np.diff(paths.starts)[counted.v]
    h, total = [], counted.n.sum()
    for k in range(min(FARTHEST, int(length.max()) + 1)):
        here = length >= k
        if counted.n[here].sum() < REACHED * total:
            break
        h.append(_at(paths, counted, here, k))
    return np.array(h)


def _at(paths: Sequences, counted: Cells, here: NDArray[np.bool_], k: int) -> float:
    start, after, end = paths.starts[counted.v[here]], paths.kinds, paths.starts[counted.v[here] + 1]
    step = np.where(start + k < end, paths.flat[np.minimum(start + k, paths.flat.size - 1)], after)
    before = paths.flat[start + k - 1] if k else np.zeros_like(step)
    context = counted.g[here] * (paths.kinds + 1) + before
    joint = np.unique(context * (paths.kinds + 1) + step, return_inverse=True, return_index=True)
    sizes = np.bincount(joint[2], weights=counted.n[here]).astype(np.int64)
    owner = np.unique(context[joint[1]], return_inverse=True)[1]
    return _conditional(sizes, owner)


def _conditional(sizes: Counts, owner: Ints) -> float:
    """Entropy within groups, each group with its correction, weighted by its cases."""
    groups = np.bincount(owner, weights=sizes)
    kinds = np.bincount(owner)
    plain = float((groups * np.log(groups)).sum() - (sizes * np.log(sizes)).sum())
    return (max(0.0, plain) + float((kinds - 1).sum()) / 2) / float(groups.sum())


def _longest(paths: Sequences) -> int:
    return int(np.diff(paths.starts).max())


def _time_share(prepared: Prepared, place: int, luck: Luck, note: str) -> Measure | Missing:
    name = "decoupling.time_share"
    parted = prepared.steps.filter(_.k == place).select("c", parted=_.t0)
    whole = prepared.cases.filter(_.arrive.notnull(), _.leave.notnull()).select("c", "arrive", "leave")
    both = whole.left_join(parted, "c").select(t=(_.leave - _.arrive) / HOUR, p=(_.parted.fill_null(_.leave) - _.arrive) / HOUR)
    x, y = _.p.clip(lower=0), _.t
    found = row(both.aggregate(n=_.count(), x=x.sum(), y=y.sum(), xx=(x * x).sum(), xy=(x * y).sum(), yy=(y * y).sum()))
    n, x, y = int(found["n"]), found["x"], found["y"]
    if not n or not y > 0:
        return Missing(name=name, why="no case takes any time")
    share = min(1.0, x / y)
    squares = found["xx"] - 2 * share * found["xy"] + share * share * found["yy"]
    error = math.sqrt(max(0.0, squares)) / y if luck.draws else None
    method = "time before the decoupling point / throughput time, summed over cases" + ("; ratio interval over cases" if luck.draws else "")
    return Measure(name=name, estimate=around(share, error, n, "share", method, least=0, most=1), note=note)
