"""What each setting of a lever does, over all sets that were tried; and which two do more, or less, together than each alone.

Least squares of every run on the settings of its set, and on its replication: sets are compared within the same luck. Each set counts once,
however many runs it got. It assumes that effects add up but for the pairs named; where they do not, an effect is the mean over the sets
that were tried, which a search chooses, so it says what a setting did among these. Errors allow for luck that all sets of a replication
share, and for sets for which effects do not add up: two-way clustering (Cameron, Gelbach and Miller 2011, J. Bus. Econ. Stat. 29:238–249),
with degrees of freedom for the few clusters (Satterthwaite). Which pairs matter is corrected for their number (Holm 1979).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from sandcone.core.estimate import Estimate
from sandcone.core.improved import Effect
from sandcone.core.lever import Lever, LeverSet
from sandcone.core.outcome import Objective
from sandcone.core.verdict import holm

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FEWEST, LEFT, LEVEL = (
    3,
    0.05,
    0.05,
)  # sets with both and with neither; of a pair's spread once the settings are taken out; for all pairs together
Term = tuple[tuple[int, int], ...]
"""A setting as (lever, its number), or two of them that act together."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Rows:
    """Every run as a row: its set, its replication, the weight that gives each set one vote, and its values (rows, objectives)."""

    of: Ints
    luck: Ints
    weight: Floats
    values: Floats
    levers: Sequence[LeverSet]

    def column(self, term: Term) -> Floats:
        """Whether each row's set has all settings of a term, less what replications explain."""
        return self.within(self.has(term)[self.of].astype(np.float64))

    def has(self, term: Term) -> NDArray[np.bool_]:
        """Whether each set has all settings of a term."""
        return np.array([all(s[lever] == which for lever, which in term) for s in self.levers])

    def within(self, x: Floats) -> Floats:
        """A column less its weighed mean in each replication."""
        total = np.bincount(self.luck, self.weight)
        mean = np.bincount(self.luck, self.weight * x) / np.where(total > 0, total, 1.0)
        found: Floats = x - mean[self.luck]
        return found


def effects(
    levers: Sequence[Lever], sets: Sequence[LeverSet], values: Floats, objectives: Sequence[Objective]
) -> tuple[tuple[Effect, ...], tuple[Effect, ...]]:
    """What each setting does to each objective, and what pairs that clearly matter do beyond that, with 95 % intervals.

    ``values`` (sets, replications, objectives) as ``Samples.values`` gives them, more being better, NaN where there was no such run;
    effects are in the objectives' own signs. A setting that was in every set or in none is left out, as is one that cannot be told from
    others.
    """
    rows = _rows(sets, values)
    terms = [((i, s + 1),) for i, lever in enumerate(levers) for s in range(len(lever.settings))]
    alone = _independent(rows, [t for t in terms if 0 < rows.has(t).sum() < len(sets)])
    if not alone:
        return (), ()
    pairs = _mattering(rows, alone, objectives)
    chosen = _independent(rows, [*alone, *pairs])
    fitted = list(_fitted(rows, chosen))
    made = [_effect(levers, t, o, *fit) for t, fits in zip(chosen, fitted, strict=True) for o, fit in zip(objectives, fits, strict=True)]
    return tuple(e for e in made if len(e.levers) == 1), tuple(e for e in made if len(e.levers) > 1 and _clear(e, objectives))


def _rows(sets: Sequence[LeverSet], values: Floats) -> _Rows:
    ran = np.isfinite(values[:, :, 0])
    of, luck = np.nonzero(ran)
    return _Rows(of=of, luck=luck, weight=1 / ran.sum(axis=1)[of], values=values[of, luck], levers=sets)


def _independent(rows: _Rows, terms: Sequence[Term]) -> list[Term]:
    """The terms, in order, that say something which those before them do not."""
    kept: list[Term] = []
    basis = np.zeros((len(rows.of), 0))
    for term in terms:
        x = np.sqrt(rows.weight) * rows.column(term)
        rest = x - basis @ (basis.T @ x)
        rest = rest - basis @ (basis.T @ rest)
        size = float(np.linalg.norm(rest))
        if size > 1e-6 * max(float(np.linalg.norm(x)), 1e-9) and size > 1e-9:
            kept.append(term)
            basis = np.column_stack([basis, rest / size])
    return kept


def _mattering(rows: _Rows, alone: Sequence[Term], objectives: Sequence[Objective]) -> list[Term]:
    """Pairs whose effect is sure after Holm's correction, over all pairs and objectives, and large enough to matter; the surest first."""
    columns, named = _pair_columns(rows, alone)
    if not named:
        return []
    values = np.column_stack([rows.within(v) for v in rows.values.T])
    x = np.column_stack([rows.column(t) for t in alone])
    pairs, left = _without(rows, x, columns), _without(rows, x, values)
    size = (rows.weight[:, None] * pairs**2).sum(axis=0)
    apart = size > LEFT * (rows.weight[:, None] * columns**2).sum(axis=0)
    p, slope = np.ones((len(named), len(objectives))), np.zeros((len(named), len(objectives)))
    for k in np.flatnonzero(apart):
        for o in range(len(objectives)):
            slope[k, o] = float((rows.weight * pairs[:, k] * left[:, o]).sum() / size[k])
            rest = left[:, o] - slope[k, o] * pairs[:, k]
            error, freedom = _error(rows, (rows.weight * pairs[:, k] * rest)[:, None] / size[k])
            p[k, o] = 2 * stdtr(freedom[0], -abs(slope[k, o]) / error[0]) if error[0] > 0 else 1.0
    large = np.abs(slope) > np.array([o.least for o in objectives])
    sure = (np.reshape(holm(p.ravel().tolist()), p.shape) < LEVEL) & large
    return [named[k] for k in np.argsort(p.min(axis=1), kind="stable") if sure[k].any()]


def _pair_columns(rows: _Rows, alone: Sequence[Term]) -> tuple[Floats, list[Term]]:
    """The columns of all pairs of settings of two levers of which enough sets have both, one, the other, and neither."""
    has = {t: rows.has(t) for t in alone}
    pairs = [(a, b) for a, b in combinations(alone, 2) if a[0][0] != b[0][0]]
    enough = [(*a, *b) for a, b in pairs if min(_cells(has[a], has[b])) >= FEWEST]
    return (np.column_stack([rows.column(t) for t in enough]) if enough else np.zeros((len(rows.of), 0))), enough


def _cells(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> Iterator[int]:
    return (int(x.sum()) for x in (a & b, a & ~b, ~a & b, ~a & ~b))


def _without(rows: _Rows, x: Floats, y: Floats) -> Floats:
    """What of the columns ``y`` the columns ``x`` do not explain."""
    root = np.sqrt(rows.weight)[:, None]
    found: Floats = y - x @ np.linalg.lstsq(root * x, root * y, rcond=None)[0]
    return found


def _fitted(rows: _Rows, terms: Sequence[Term]) -> Iterator[list[tuple[float, float, float, int]]]:
    """For each term, by objective: the effect, its standard error, its degrees of freedom, and how many sets have it."""
    x = np.column_stack([rows.column(t) for t in terms])
    inverse = np.linalg.pinv((rows.weight[:, None] * x).T @ x)
    by_objective = []
    for values in rows.values.T:
        y = rows.within(values)
        beta = inverse @ (x.T @ (rows.weight * y))
        error, freedom = _error(rows, (rows.weight * (y - x @ beta))[:, None] * x @ inverse)
        by_objective.append((beta, error, freedom))
    for k, term in enumerate(terms):
        n = int(rows.has(term).sum())
        yield [(float(b[k]), float(e[k]), float(f[k]), n) for b, e, f in by_objective]


def _error(rows: _Rows, pull: Floats) -> tuple[Floats, Floats]:
    """Standard errors of slopes and their degrees of freedom, from what each row does to each slope (rows, slopes)."""
    by_luck, by_set = _clustered(pull, rows.luck), _clustered(pull, rows.of)
    both = np.maximum.reduce([by_luck[0] + by_set[0] - (pull**2).sum(axis=0), by_luck[0], by_set[0]])
    parts = by_luck[0] ** 2 / by_luck[1] + by_set[0] ** 2 / by_set[1]
    freedom = np.where(parts > 0, (by_luck[0] + by_set[0]) ** 2 / np.where(parts > 0, parts, 1.0), 1.0)
    return np.sqrt(both), freedom


def _clustered(pull: Floats, cluster: Ints) -> tuple[Floats, float]:
    """The variance from sums over clusters, with the correction for their number, and its degrees of freedom."""
    sums = np.zeros((int(cluster.max()) + 1, pull.shape[1]))
    np.add.at(sums, cluster, pull)
    n = len(np.unique(cluster))
    return (sums**2).sum(axis=0) * (n / (n - 1) if n > 1 else 1.0), max(n - 1, 1)


def _effect(levers: Sequence[Lever], term: Term, objective: Objective, value: float, error: float, freedom: float, n: int) -> Effect:
    half = float(stdtrit(freedom, 0.975)) * error
    value = value if objective.more else -value
    names = tuple((levers[i].name, levers[i].settings[which - 1].name) for i, which in term)
    method = "least squares over sets, clustered by replication and set, t interval"
    gap = Estimate(value=value, low=value - half, high=value + half, n=n, unit=objective.unit, method=method)
    return Effect(levers=names, objective=objective.name, gap=gap)


def _clear(effect: Effect, objectives: Sequence[Objective]) -> bool:
    """Whether two that act together do so surely and by what matters, in this objective."""
    least = next(o.least for o in objectives if o.name == effect.objective)
    return effect.sure and abs(effect.gap.value) > least
