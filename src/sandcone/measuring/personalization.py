"""How much of the variety of paths belongs to the patients, and how much to habit, chance and capacity (FIELD §7).

V is the path of a case (its variant), X what was known of the patient beforehand. U = I(V;X) / H(V) is the part of the variety that X
explains. Any X explains something by chance in a small log, so U_adj = (I - E0) / (H - E0) takes out E0, the mean of I when X is
dealt to the cases at random. E0 is exact (every deal counted, by the hypergeometric distribution), so it needs no draws.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import xlogy

from sandcone.core.chance import Luck
from sandcone.core.estimate import Estimate, Measure, Measures, Missing
from sandcone.measuring.counting import LEAST_DRAWN, MOST_DRAWN, WORK, Reals, around, expected_xlogx, gathered, resampled, share_of
from sandcone.measuring.packages import package_distances
from sandcone.measuring.paths import Cells, Ints, attributes, cells, segment, sequences
from sandcone.measuring.prediction import out_of_sample
from sandcone.measuring.prepare import Prepared

WHOLE = ("personalization.u", "personalization.u_adj")


def personalization(prepared: Prepared, luck: Luck) -> Measures:
    """Which part of the variety of paths goes with who the patients are.

    For the segment (whole log) and each attribute: ``u``, ``u_adj`` (share, at most 1; u_adj near or below 0 when the attribute
    tells nothing) and ``variety_explained`` (I - E0, nats). ``u_out_of_sample`` uses all attributes on patients not fitted on.
    Within segments: patients whose set of steps nobody else has, and how far two patients' sets lie apart.
    """
    usable, unusable = attributes(prepared)
    whole, found = segment(prepared), list[Measure | Missing]()
    work = WORK // (len(usable) + 1)
    if isinstance(whole, str):
        found += [Missing(name=name, why=whole) for name in (*WHOLE, "unique_in_segment", "package_distance")]
    else:
        counted = cells(prepared, whole)
        found += [*_explained(counted, {}, luck, work), *_apart(prepared, counted, luck)]
    for attribute in usable:
        found += _explained(cells(prepared, attribute.level), {"attribute": attribute.name}, luck, work)
    found += [Missing(name="personalization.u.by_attribute", why=m.why) for m in unusable]
    return gathered([*found, out_of_sample(prepared, luck)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What paths and people share: information ``i``, path entropy ``h``, and ``e0``, the information that chance alone gives (nats)."""

    i: float
    h: float
    e0: float

    @property
    def u(self) -> float:
        """The part of the variety of paths that people explain, 0 to 1; NaN where there is no variety."""
        return self.i / self.h if self.h > 0 else math.nan

    @property
    def u_adj(self) -> float:
        """The same beyond chance, at most 1; NaN where chance alone could explain it all."""
        return (self.i - self.e0) / (self.h - self.e0) if self.h - self.e0 > 1e-9 else math.nan


def shared(counted: Cells) -> Shared:
    """Information between path and group, from counts of both together."""
    n, v, g = float(counted.n.sum()), counted.variant_counts, counted.group_counts
    joint, own, group = (float(xlogy(c, c).sum()) for c in (counted.n, v, g))
    marginal = math.log(n) - (own + group) / n
    i, h = max(0.0, joint / n + marginal), max(0.0, math.log(n) - own / n)
    return Shared(i=min(i, h), h=h, e0=max(0.0, expected_xlogx(v, g) / n + marginal))


def _explained(counted: Cells, group: dict[str, str], luck: Luck, work: int) -> Iterator[Measure | Missing]:
    found, n = shared(counted), int(counted.n.sum())
    where = f"attribute {group['attribute']!r}: " if group else ""
    if math.isnan(found.u):
        yield from (Missing(name=name, why=where + "every case takes the same path, so there is no variety to explain") for name in WHOLE)
        return
    (plain, adjusted), how = _errors(counted, found, luck, work)
    yield Measure(name="personalization.u", estimate=around(found.u, plain, n, "share", f"I / H; {how}", least=0, most=1), group=group)
    if math.isnan(found.u_adj):
        yield Missing(name="personalization.u_adj", why=where + "so few cases share a path that chance alone could explain all variety")
        return
    method = f"(I - E0) / (H - E0), E0 the exact mean over all permutations; {how}"
    yield Measure(name="personalization.u_adj", estimate=around(found.u_adj, adjusted, n, "share", method, most=1), group=group)
    beyond = Estimate(value=found.i - found.e0, n=n, unit="nats", method="I - E0")
    yield Measure(name="variety_explained", estimate=beyond, group=group)


def _errors(counted: Cells, found: Shared, luck: Luck, work: int) -> tuple[tuple[float | None, float | None], str]:
    """Standard errors of U and U_adj, E0 held fixed; by bootstrap where at most ``work`` counts need drawing."""
    if luck.draws == 0:
        return (None, None), "no interval asked for"
    if counted.n.size > min(MOST_DRAWN, work // LEAST_DRAWN):
        return _large_sample(counted, found), "large-sample interval"
    i, h = _resampled(counted, luck, work)
    with np.errstate(invalid="ignore", divide="ignore"):
        drawn = i / h, (i - found.e0) / np.where(h > found.e0, h - found.e0, np.nan)
    plain, adjusted = (_spread(x) for x in drawn)
    return (plain, adjusted), f"bootstrap over cases, {i.size} draws"


def _spread(drawn: Reals) -> float | None:
    """Standard deviation of what was drawn; None where most draws had no variety to explain."""
    known = drawn[np.isfinite(drawn)]
    return float(np.std(known, ddof=1)) if known.size > max(1, drawn.size / 2) else None


def _resampled(counted: Cells, luck: Luck, work: int) -> tuple[Reals, Reals]:
    """Information and path entropy of resampled cases, one of each a draw."""
    worlds, n = resampled(counted.n, luck, work), float(counted.n.sum())
    joint = xlogy(worlds, worlds).sum(axis=1)
    own, group = _marginal(worlds, counted.v), _marginal(worlds, counted.g)
    h = math.log(n) - own / n
    return h + (joint - group) / n, h


def _marginal(worlds: Ints, place: Ints) -> Reals:
    order = np.argsort(place, kind="stable")
    starts = np.flatnonzero(np.diff(place[order], prepend=-1))
    sums = np.add.reduceat(worlds[:, order], starts, axis=1)
    return np.asarray(xlogy(sums, sums).sum(axis=1))


def _large_sample(counted: Cells, found: Shared) -> tuple[float, float]:
    """Delta method: how much one case more in a cell moves U and U_adj."""
    n, v, g = float(counted.n.sum()), counted.variant_counts, counted.group_counts
    own = -np.log(v[counted.v] / n) - found.h
    both = np.log(counted.n * n / (v[counted.v] * g[counted.g].astype(float))) - found.i
    plain = (both - found.u * own) / found.h
    adjusted = (both - found.u_adj * own) / (found.h - found.e0)
    return math.sqrt(float(counted.n @ plain**2)) / n, math.sqrt(float(counted.n @ adjusted**2)) / n


def _apart(prepared: Prepared, counted: Cells, luck: Luck) -> Iterator[Measure | Missing]:
    """How individual patients are within their segment."""
    paths = sequences(prepared)
    key = counted.g * (int(paths.package.max()) + 1) + paths.package[counted.v]
    sizes = np.bincount(np.unique(key, return_inverse=True)[1], weights=counted.n)
    n = int(counted.n.sum())
    alone = share_of(int((sizes == 1).sum()), n, "cases with a set of steps that no other of their segment has")
    yield Measure(name="unique_in_segment", estimate=alone)
    yield from package_distances(paths, counted, luck)
