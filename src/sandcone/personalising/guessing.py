"""Three ways to guess a low, a usual and a high number of minutes: from all that is known, from the segment, or from a number in the log.

All guess log(1 + minutes), so that an interval is as wide as what is usual is long.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from sandcone.personalising.coding import Coder, coder
from sandcone.personalising.conformal import ENOUGH, Floats
from sandcone.personalising.history import Questions, number

ROUNDS, LEAVES, LEAST, RATE = 120, 15, 20, 0.06  # of the trees


class Guess(Protocol):
    """Something that guesses."""

    def of(self, asked: Questions) -> Floats:
        """Low, usual and high log(1 + minutes) of each question."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What was usual in a segment, or with everybody where a segment has few people."""

    by: tuple[str, ...]
    everybody: tuple[float, float, float]
    segments: Mapping[str, tuple[float, float, float]]

    def of(self, asked: Questions) -> Floats:
        """The quantiles of each one's segment."""
        return np.array([self.segments.get(s, self.everybody) for s in asked.segment(self.by)]).reshape(-1, 3)


def usual(asked: Questions, y: Floats, weight: Floats, by: Sequence[str], share: float, enough: int = ENOUGH) -> Usual:
    """Learn what is usual: the middle, and the outer quantiles that hold ``share``, in each segment with enough people."""
    segment, outer = asked.segment(by), ((1 - share) / 2, 0.5, (1 + share) / 2)
    found = {}
    for name in dict.fromkeys(segment):
        mine = segment == name
        if mine.sum() >= enough:
            found[name] = _quantiles(y[mine], weight[mine], outer)
    return Usual(by=tuple(by), everybody=_quantiles(y, weight, outer), segments=found)


def _quantiles(y: Floats, weight: Floats, at: tuple[float, float, float]) -> tuple[float, float, float]:
    order = np.argsort(y, kind="stable")
    reached = np.cumsum(weight[order]) / weight.sum()
    low, middle, high = (float(y[order[min(int(np.searchsorted(reached, a - 1e-12)), len(y) - 1)]]) for a in at)
    return low, middle, high


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A number of minutes that the log itself has, such as a booked length; where it has none, what is usual."""

    name: str
    otherwise: Usual

    def of(self, asked: Questions) -> Floats:
        """The number that was said, as low, usual and high."""
        out = self.otherwise.of(asked)
        for i, value in enumerate(asked.known.get(self.name, ())):
            if (x := number(value)) is not None and x >= 0:
                out[i] = math.log1p(x)
        return out


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trees:
    """Many small trees, one set each for low, usual and high (gradient boosting; Friedman 2001, Annals of Statistics 29)."""

    coder: Coder
    three: tuple[Any, ...]

    def of(self, asked: Questions) -> Floats:
        """What the trees say; low is at most, and high at least, the usual."""
        x = self.coder.matrix(asked.known, len(asked))
        with one_thread():
            low, middle, high = (np.asarray(t.predict(x)) for t in self.three)
        return np.column_stack([np.minimum(low, middle), middle, np.maximum(high, middle)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixed:
    """The usual number from one guess, the low and the high one from another."""

    middle: Guess
    outer: Guess

    def of(self, asked: Questions) -> Floats:
        """Both put together; low is at most, and high at least, the usual."""
        outer, middle = self.outer.of(asked), self.middle.of(asked)[:, 1]
        return np.column_stack([np.minimum(outer[:, 0], middle), middle, np.maximum(outer[:, 2], middle)])


def trees(asked: Questions, y: Floats, weight: Floats, share: float, seed: int) -> Trees | None:
    """Grow the trees; None where nothing is known by which people differ."""
    code = coder(asked.known)
    if not code.words:
        return None
    x = code.matrix(asked.known, len(asked))
    growers = [_grower(code, q, seed) for q in ((1 - share) / 2, None, (1 + share) / 2)]
    with one_thread():
        grown = [g.fit(x, y, sample_weight=weight) for g in growers]
    return Trees(coder=code, three=tuple(grown))


@contextmanager
def one_thread() -> Iterator[None]:
    """Grow on one core: small trees on busy cores are many times slower on several, and one gives the same on every machine."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # comes with scikit-learn

    with threadpool_limits(1):
        yield


def _grower(code: Coder, quantile: float | None, seed: int) -> Any:
    from sklearn.ensemble import HistGradientBoostingRegressor  # here: it takes a second to load

    return HistGradientBoostingRegressor(
        loss="absolute_error" if quantile is None else "quantile",
        quantile=quantile,
        learning_rate=RATE,
        max_iter=ROUNDS,
        max_leaf_nodes=LEAVES,
        min_samples_leaf=LEAST,
        early_stopping=False,
        categorical_features=code.categorical,
        random_state=seed,
    )
