"""What came of predictions: how often the truth lay in the interval, as time went on, and intervals that learn from each outcome.

The share that is aimed at is moved after each outcome (Gibbs and Candès 2021, Adaptive Conformal Inference Under Distribution Shift,
NeurIPS 34), and the newest outcomes are what the intervals are made from.
"""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sandcone.personalising.conformal import Floats, margin, scores
from sandcone.personalising.drift import Bools, Drift, watch
from sandcone.personalising.history import Questions
from sandcone.personalising.predicting import Predictions, Predictor

Ints = NDArray[np.int64]
STEP = 0.02  # how far the share is moved after an outcome
NEWEST = 400  # outcomes that an interval is made from
EVERY = 10  # outcomes after which it is made anew
FALSE_ALARMS = 0.05


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Followed:
    """What came of it: the intervals as learnt, those that went on learning, and whether the prediction still holds.

    Coverage is a share of cases, each case once: ``covered`` of those that ended; ``of_all`` of the open ones too, at least and at most, by
    whether they may still end inside their intervals (who has already taken longer than the high end does not). ``error`` is the mean
    absolute error in minutes of those that ended.
    """

    plain: Predictions
    adaptive: Predictions
    error: float
    covered: float
    adaptive_covered: float
    of_all: tuple[float, float]
    adaptive_of_all: tuple[float, float]
    known: int
    still_open: int
    drift: Drift
    slower: Drift  # whether errors have grown: misses of the error that half of the others had


def follow(predictor: Predictor, asked: Questions, shifted: bool = False) -> Followed:
    """Predict questions in the order in which they were asked, each with what was known by then, and see what came of them.

    With ``shifted`` dates an outcome is taken as known before the next question, as the order of times says nothing.
    """
    plain, adaptive = predictor.of(asked), predictor.answered(asked, _moving(predictor, asked, shifted))
    known = ~np.isnan(asked.answer)
    return Followed(
        plain=plain,
        adaptive=adaptive,
        error=error(plain, asked),
        covered=_of_ended(plain, asked),
        adaptive_covered=_of_ended(adaptive, asked),
        of_all=covered(plain, asked),
        adaptive_of_all=covered(adaptive, asked),
        known=int(known.sum()),
        still_open=int((~known).sum()),
        drift=_drift(predictor, plain, asked),
        slower=_errors(predictor, plain, asked),
    )


def error(found: Predictions, asked: Questions) -> float:
    """The mean absolute error in minutes of those whose answer is known, each case once."""
    known = ~np.isnan(asked.answer)
    if not known.any():
        return float("nan")
    return float(np.average(np.abs(found.value - asked.answer)[known], weights=asked.share[known]))


def _of_ended(found: Predictions, asked: Questions) -> float:
    known = ~np.isnan(asked.answer)
    return float(np.average(_inside(found, asked)[known], weights=asked.share[known])) if known.any() else float("nan")


def _inside(found: Predictions, asked: Questions) -> Bools:
    edge = 1e-6
    return np.asarray((asked.answer >= found.low - edge) & (asked.answer <= found.high + edge))


def covered(found: Predictions, asked: Questions) -> tuple[float, float]:
    """The share of cases whose truth lies in the interval, at least and at most: open cases may still end inside, or not."""
    if not len(asked):
        return float("nan"), float("nan")
    sure = _inside(found, asked)
    maybe = sure | (np.isnan(asked.answer) & (asked.least <= found.high))
    return float(np.average(sure, weights=asked.share)), float(np.average(maybe, weights=asked.share))


def one_of_each_case(asked: Questions) -> Ints:
    """One question of each case that has an answer, drawn by chance, in the order in which the cases began."""
    known = np.flatnonzero(~np.isnan(asked.answer))
    mixed = np.random.default_rng(len(known)).permutation(known)
    one = mixed[np.unique(asked.case[mixed].astype(str), return_index=True)[1]]
    return np.asarray(one[np.argsort(asked.begin[one], kind="stable")])


def _drift(predictor: Predictor, found: Predictions, asked: Questions) -> Drift:
    one = one_of_each_case(asked)
    return watch(~_inside(found, asked)[one], 1 - predictor.share, predictor.calibrated, FALSE_ALARMS / 2)


def _errors(predictor: Predictor, found: Predictions, asked: Questions) -> Drift:
    rest, one = predictor.calibration, one_of_each_case(asked)
    off = np.abs(predictor.guess.of(rest)[:, 1] - np.log1p(rest.answer))
    limit = margin(off, 0.5, predictor.weight)
    far = np.abs(np.log1p(found.value[one]) - np.log1p(asked.answer[one])) > limit + 1e-9
    return watch(far, 0.5, predictor.calibrated, FALSE_ALARMS / 2)


def _moving(predictor: Predictor, asked: Questions, shifted: bool) -> Floats:
    """By row: the margin when the question was asked, the segment's own and what all segments have moved by since."""
    own = predictor.margins.of(asked.segment(predictor.by))
    if np.isinf(own).any() or np.isinf(predictor.margins.everybody):
        return own  # too few people for any limit: there is nothing to move
    score = scores(predictor.guess.of(asked), np.log1p(asked.answer)) - own
    told = asked.moment if shifted else _fairly_told(asked, predictor.answered(asked, own).high)
    state, one = _Moving(predictor), np.zeros(len(asked), dtype=bool)
    one[one_of_each_case(asked)] = True  # one question a case
    moved, waiting = np.zeros(len(asked)), list[tuple[float, int]]()
    for i in np.argsort(asked.moment, kind="stable").tolist():
        while waiting and waiting[0][0] <= asked.moment[i]:
            at = heapq.heappop(waiting)[1]
            state.told(float(score[at]), float(moved[at]))
        moved[i] = state.moved
        if one[i]:
            heapq.heappush(waiting, (float(told[i]), i))
    return own + moved


def _fairly_told(asked: Questions, high: Floats) -> Floats:
    """When each outcome counts: once known, but not before its high end; else the short ones would be counted first."""
    return np.asarray(np.maximum(asked.told, asked.moment + high))


class _Moving:
    """How far intervals have moved: 0 at first, then by the newest outcomes and the share that is aimed at."""

    def __init__(self, predictor: Predictor) -> None:
        self.share = self.aim = predictor.share
        rest = predictor.calibration
        one = one_of_each_case(rest)[-NEWEST:]
        score = predictor.score - predictor.margins.of(rest.segment(predictor.by))
        self.newest = deque(score[one].tolist(), maxlen=NEWEST)
        self.since, self.moved = 0, 0.0

    def told(self, score: float, moved: float) -> None:
        """Learn from one outcome: how far it was outside the interval as learnt, and how far the interval had moved when it was asked."""
        self.aim += STEP * ((score > moved) - (1 - self.share))
        self.newest.append(score)
        self.since += 1
        if self.since >= EVERY:
            self.since, self.moved = 0, self._made()

    def _made(self) -> float:
        """Beyond the highest score so far an interval is as wide as the widest that was needed, not without end."""
        score = np.array(self.newest)
        return min(margin(score, min(max(self.aim, 0.5), 1.0)), float(np.max(score)))
