"""How likely each word is: by how often it came in the segment, or by many small trees from all that is known; then made calibrated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from sandcone.personalising.coding import Coder, coder
from sandcone.personalising.conformal import ENOUGH, Floats, Names
from sandcone.personalising.guessing import LEAST, LEAVES, one_thread
from sandcone.personalising.history import Questions
from sandcone.personalising.reliability import log_losses
from sandcone.personalising.sets import Ints

ROUNDS, RATE = 60, 0.08  # of the trees, each round one for each word
SHRUNK = 10.0  # of the trees (ridge): without it a leaf in which a word is all but sure jumps without end
MOST = 40  # words that get trees of their own
MANY = 1000  # held back, 100 of each word, from which isotonic steps are taken, below a curve (Niculescu-Mizil and Caruana 2005)
TINY = 1e-9


class Chances(Protocol):
    """Something that says how likely each word is."""

    def of(self, asked: Questions) -> Floats:
        """One row a question, one column a word; each row adds up to one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shares:
    """How often each word came in a segment, or with everybody where a segment has few people."""

    by: tuple[str, ...]
    everybody: Floats
    segments: Mapping[str, Floats]

    def of(self, asked: Questions) -> Floats:
        """The shares of each one's segment."""
        return np.array([self.segments.get(s, self.everybody) for s in asked.segment(self.by)]).reshape(-1, len(self.everybody))


def shares(asked: Questions, came: Names, weight: Floats, words: Sequence[str], by: Sequence[str], enough: int = ENOUGH) -> Shares:
    """Count. No word is impossible: all words count as one case more with everybody, and everybody as one case more in each segment."""
    one = np.array([[w == c for w in words] for c in came], dtype=np.float64).reshape(-1, len(words)) * weight[:, None]
    everybody = (one.sum(axis=0) + 1 / len(words)) / (weight.sum() + 1)
    segment, found = asked.segment(by), {}
    for name in dict.fromkeys(segment):
        mine = segment == name
        if mine.sum() >= enough:
            found[name] = (one[mine].sum(axis=0) + everybody) / (weight[mine].sum() + 1)
    return Shares(by=tuple(by), everybody=everybody, segments=found)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grown:
    """Many small trees for each word (gradient boosting; Friedman 2001), with a little of what is usual: nothing is impossible."""

    coder: Coder
    trees: Any
    place: tuple[int, ...]  # the word of each class of the trees
    otherwise: Floats
    cases: float

    def of(self, asked: Questions) -> Floats:
        """What the trees say."""
        with one_thread():
            said = np.asarray(self.trees.predict_proba(self.coder.matrix(asked.known, len(asked))))
        out = np.zeros((len(asked), len(self.otherwise)))
        out[:, list(self.place)] = said
        return np.asarray((self.cases * out + self.otherwise) / (self.cases + 1))


def grown(asked: Questions, came: Names, weight: Floats, words: Sequence[str], plain: Shares, seed: int) -> Grown | None:
    """Grow the trees for the words that came most often; None where nothing is known by which people differ, or only one word came."""
    from sklearn.ensemble import HistGradientBoostingClassifier  # here: it takes a second to load

    code, number = coder(asked.known), {w: i for i, w in enumerate(words)}
    y = np.array([number[c] for c in came])
    often = np.argsort(-np.bincount(y, minlength=len(words)), kind="stable")[:MOST]
    rows = np.isin(y, often)
    if not code.words or len(set(y[rows])) < 2:
        return None
    trees = HistGradientBoostingClassifier(
        learning_rate=RATE,
        max_iter=ROUNDS,
        max_leaf_nodes=LEAVES,
        min_samples_leaf=LEAST,
        l2_regularization=SHRUNK,
        early_stopping=False,
        categorical_features=code.categorical,
        random_state=seed,
    )
    with one_thread():
        trees.fit(code.matrix(asked.known, len(asked))[rows], y[rows], sample_weight=weight[rows])
    return Grown(coder=code, trees=trees, place=tuple(int(c) for c in trees.classes_), otherwise=plain.everybody, cases=float(weight.sum()))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tempered:
    """Chances made surer (power above 1) or less sure (below), as cases held back ask for (Guo et al. 2017, On Calibration, ICML)."""

    of_these: Chances
    power: float

    def of(self, asked: Questions) -> Floats:
        """The chances to a power, added up to one again."""
        return tempered(self.of_these.of(asked), self.power)


def tempered(chance: Floats, power: float) -> Floats:
    """Chances to a power, added up to one again."""
    raised = np.maximum(chance, TINY) ** power
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def best_power(chance: Floats, place: Ints, weight: Floats) -> float:
    """The power at which chances are nearest to what came, by the log of the chance of what came."""
    from scipy.optimize import minimize_scalar

    def fine(power: float) -> float:
        return float(np.average(log_losses(tempered(chance, power), place), weights=weight))

    found = minimize_scalar(fine, bounds=(0.2, 3.0), method="bounded")
    return float(found.x)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mapped:
    """The chance of the second of two words, read off a line that rises: from what was said to how often it came in cases held back."""

    of_these: Chances
    said: Floats
    came: Floats

    def of(self, asked: Questions) -> Floats:
        """The chances that were read off."""
        second = np.interp(self.of_these.of(asked)[:, 1], self.said, self.came)
        return np.column_stack([1 - second, second])


def mapped(these: Chances, said: Floats, came: Floats) -> Mapped:
    """Learn the line from the chance that was ``said`` and what ``came`` (0 or 1): isotonic steps from 1,000 on, else Platt's curve.

    Platt 1999 (Probabilistic Outputs for Support Vector Machines, section 2), with his targets; steps never say a chance of nought or one.
    """
    few = min(float(came.sum()), float(len(came) - came.sum()))
    line = _steps(said, came) if len(came) >= MANY and few >= MANY / 10 else _curve(said, came)
    return Mapped(of_these=these, said=line[0], came=line[1])


def _steps(said: Floats, came: Floats) -> tuple[Floats, Floats]:
    from sklearn.isotonic import IsotonicRegression

    least = 1 / (len(came) + 2)
    found = IsotonicRegression(y_min=least, y_max=1 - least, out_of_bounds="clip").fit(said, came)
    return np.asarray(found.X_thresholds_), np.asarray(found.y_thresholds_)


def _curve(said: Floats, came: Floats) -> tuple[Floats, Floats]:
    from scipy.optimize import minimize

    n1 = float(came.sum())
    target = np.where(came > 0, (n1 + 1) / (n1 + 2), 1 / (len(came) - n1 + 2))

    def fine(at: Floats) -> float:
        z = at[0] * _odds(said) + at[1]
        return float(np.sum(np.logaddexp(0.0, z) - target * z))

    slope, height = minimize(fine, np.array([1.0, 0.0]), method="Nelder-Mead").x
    grid = np.linspace(0.0, 1.0, 1001)
    if slope <= 0:  # said the wrong way round: it tells nothing
        return grid, np.full(len(grid), target.mean())
    return grid, np.asarray(1 / (1 + np.exp(-(slope * _odds(grid) + height))))


def _odds(chance: Floats) -> Floats:
    p = np.clip(chance, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(p / (1 - p)))
