"""How long one patient will take, with an interval that holds as often as it says, and on what that rests."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from sandcone.core.care import Person
from sandcone.core.errors import EmptyError, ModelError
from sandcone.personalising.conformal import Floats, Margins, Names, margins, scores, widened
from sandcone.personalising.drift import Bools
from sandcone.personalising.guessing import Guess, Mixed, Said, Trees, Usual, trees, usual
from sandcone.personalising.history import Questions, What, Word, questions_of

FEWEST = 30  # finished cases below which nothing is predicted
HELD = 3  # one case in so many is kept to make the interval from
PERSONAL = 150  # finished cases from which more than the segment is tried
MANY = 0.2  # share of cases still open from which it is said
MOST_WEIGHT = 20.0  # of a case for those like it that had not ended yet

WAYS = ("best", "person", "segment")  # others are the name of a number in the log
Basis = Literal["person", "segment", "everybody"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Predictions:
    """The usual, the low and the high number of minutes for each question, the segment of its interval, and what the usual rests on.

    ``high`` is infinite where there are too few people for the share that was asked for.
    """

    value: Floats
    low: Floats
    high: Floats
    segment: Names
    basis: tuple[Basis, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Predictor:
    """What was learnt of one question: the guess, how much wider its interval must be in each segment, and from how many cases."""

    what: What | Word
    by: tuple[str, ...]
    share: float
    guess: Guess
    margins: Margins
    fitted: int  # cases
    calibrated: int  # other cases, for the interval
    score: Floats  # of those, what each was outside its interval by, in log(1 + minutes)
    calibration: Questions  # those
    weight: Floats
    longest: float  # minutes beyond which no limit goes: twice the longest that was learnt from
    notes: tuple[str, ...] = ()

    def of(self, asked: Questions) -> Predictions:
        """Predict. Nothing of the answers is looked at."""
        segment = asked.segment(self.by)
        return self.answered(asked, self.margins.of(segment))

    def of_people(self, people: Sequence[Person]) -> Predictions:
        """Predict how long people will take who have not begun, by what is known of them."""
        if self.what != "throughput":
            raise ModelError("people to predict", f"{self.what} was learnt, which is asked on the way", "Learn throughput.")
        return self.of(questions_of(people))

    def answered(self, asked: Questions, by: Floats) -> Predictions:
        """The guess with intervals wider by what is given for each row."""
        inside = widened(self.guess.of(asked), by)
        low, value, high = np.expm1(np.clip(inside, 0.0, np.inf)).T
        most = np.where(np.isinf(by), np.inf, np.maximum(self.longest, value))
        return Predictions(
            value=value, low=low, high=np.minimum(high, most), segment=asked.segment(self.by), basis=_basis(self.guess, asked)
        )


def _basis(guess: Guess, asked: Questions) -> tuple[Basis, ...]:
    if isinstance(guess, Mixed):
        return _basis(guess.middle, asked)
    if isinstance(guess, Usual):
        return tuple(_one_basis(guess, s) for s in asked.segment(guess.by))
    own: Basis = "person"
    return (own,) * len(asked)


def _one_basis(guess: Usual, segment: str) -> Basis:
    return "segment" if guess.by and segment in guess.segments else "everybody"


def learnt(
    asked: Questions,
    by: Sequence[str] = (),
    *,
    share: float = 0.9,
    seed: int = 1,
    until: float | None = None,
    hindsight: bool = False,
    of: str = "best",
) -> Predictor:
    """Learn to answer a question from those whose answer was known by ``until`` (minutes as in ``Questions``; None: when the log ends).

    Long answers are missing among those known so far: each counts for those like it that began too late to be known (inverse probability of
    censoring; Robins and Rotnitzky 1992), at most 20 times. In ``hindsight``, for logs whose dates were shifted, all who began before are
    used, with all that was asked of them, whenever that was. One case in three is kept for the interval. ``of``: the ``best`` guess, by
    the ``person`` or the ``segment``, or a number of the log by its name.

    Raises ``EmptyError`` below 30 finished cases, ``ModelError`` for a share or a number that cannot be.
    """
    if not 0 < share < 1:
        raise ModelError("predict", f"share {share:g}", "Give a share between 0 and 1, such as 0.9.")
    check_by(asked, by, of)
    cut = math.inf if until is None else until
    mine = asked.only((asked.begin < cut) & (hindsight | (asked.moment < cut)))
    known = ~np.isnan(mine.answer) if hindsight or until is None else mine.told < cut
    weight = mine.share * (np.ones(len(mine)) if hindsight else unseen(mine, log_end(mine, until)))
    done, weight = mine.only(known), weight[known]
    enough(done)
    found = _calibrated(done, weight, held_back(done, seed), tuple(by), share, seed, of)
    yet = 1 - len(set(done.case)) / len(set(mine.case))
    if yet > MANY:
        words = f"{yet:.0%} of the cases that had begun were still open: how long the longest take cannot be known yet."
        found = replace(found, notes=(*found.notes, words))
    return found


def check_by(asked: Questions, by: Sequence[str], of: str) -> None:
    """Refuse names of which nothing is known."""
    for name in (*by, *([of] if of not in WAYS else [])):
        if name not in asked.known:
            raise ModelError("predict", f"nothing by the name {name!r} is known", f"There is {', '.join(list(asked.known)[:12])}.")


def enough(done: Questions) -> None:
    """Refuse to learn from fewer than 30 finished cases."""
    n = len(set(done.case))
    if n < FEWEST:
        raise EmptyError(
            "predict", f"{n} finished cases to learn from", f"At least {FEWEST} are needed; give a longer log or a later date."
        )


def log_end(asked: Questions, until: float | None) -> float:
    """When the watching ends: ``until``, else when the log ends."""
    return until if until is not None else float(np.max(asked.moment + asked.least))


def unseen(asked: Questions, end: float) -> Floats:
    """By row: one over the share of cases that were watched at least as long as this one took."""
    first = np.unique(asked.case.astype(str), return_index=True)[1] if asked.what != "step" else np.arange(len(asked))
    watched = np.sort(end - asked.begin[first])
    seen = 1.0 - np.searchsorted(watched, np.where(np.isnan(asked.whole), 0.0, asked.whole), side="left") / len(watched)
    return np.minimum(1.0 / np.maximum(seen, 1e-9), MOST_WEIGHT)


def held_back(done: Questions, seed: int) -> Bools:
    """One case in three, drawn by chance."""
    names, which = np.unique(done.case.astype(str), return_inverse=True)
    luck = np.random.default_rng(seed).permutation(len(names))
    return np.asarray(luck[which] < len(names) // HELD)


def _calibrated(done: Questions, weight: Floats, held: Bools, by: tuple[str, ...], share: float, seed: int, of: str) -> Predictor:
    fit, rest, y = done.only(~held), done.only(held), np.log1p(done.answer)
    guess, why = _guess(fit, y[~held], weight[~held], by, share, seed, of)
    score = scores(guess.of(rest), y[held])
    return Predictor(
        what=done.what,
        by=by,
        share=share,
        guess=guess,
        margins=margins(score, rest.segment(by), share, weight[held]),
        fitted=len(set(fit.case)),
        calibrated=len(set(rest.case)),
        score=score,
        calibration=rest,
        weight=weight[held],
        longest=2 * float(done.answer.max()),
        notes=why,
    )


def _guess(
    fit: Questions, y: Floats, weight: Floats, by: tuple[str, ...], share: float, seed: int, of: str
) -> tuple[Guess, tuple[str, ...]]:
    plain = usual(fit, y, weight, by, share)
    if of == "segment":
        return plain, ("What is usual in the segment, as asked.",)
    if of == "person":
        return trees(fit, y, weight, share, seed) or plain, ("By what is known of a person, as asked.",)
    if of != "best":
        return Said(name=of, otherwise=plain), (f"{of}, as the log has it.",)
    if len(set(fit.case)) < PERSONAL:
        return plain, (f"Only {len(set(fit.case))} cases: what is usual in the segment.",)
    return _best(fit, y, weight, plain, share, seed)


def _best(fit: Questions, y: Floats, weight: Floats, plain: Usual, share: float, seed: int) -> tuple[Guess, tuple[str, ...]]:
    """The person's own or the segment's, chosen for the usual number and for the interval each, in cases held back from learning."""
    nearer, narrower, words = _tried(fit, y, weight, plain.by, share, seed)
    grown = trees(fit, y, weight, share, seed) if nearer or narrower else None
    if grown is None:
        return plain, (f"What is known of a person tells no more than the segment {words}.",)
    outer: Guess = grown if narrower else plain
    if nearer:
        return Mixed(middle=grown, outer=outer), (f"The usual is by what is known of a person {words}.",)
    return Mixed(middle=plain, outer=outer), (f"The usual is the segment's, the interval by what is known of a person {words}.",)


def _tried(fit: Questions, y: Floats, weight: Floats, by: tuple[str, ...], share: float, seed: int) -> tuple[bool, bool, str]:
    """Whether trees are nearer than the segment in a third of the cases, and their intervals better, by more than one standard error."""
    back = held_back(fit, seed + 1)
    grown: Trees | None = trees(fit.only(~back), y[~back], weight[~back], share, seed)
    if grown is None:
        return False, False, "(nothing varies)"
    plain = usual(fit.only(~back), y[~back], weight[~back], by, share)
    test, w = fit.only(back), weight[back]
    ours, theirs = (np.expm1(g.of(test)) for g in (grown, plain))
    truth = np.expm1(y[back])
    off = [np.abs(g[:, 1] - truth) for g in (ours, theirs)]
    words = f"(error {np.average(off[0], weights=w):.0f} against {np.average(off[1], weights=w):.0f} minutes in cases held back)"
    return less(off[0], off[1], w, test.case), less(_loss(ours, truth, share), _loss(theirs, truth, share), w, test.case), words


def _loss(guess: Floats, truth: Floats, share: float) -> Floats:
    """The width of an interval and a fine for missing (Gneiting and Raftery 2007, Strictly Proper Scoring Rules, JASA 102, eq. 43)."""
    fine = np.maximum(guess[:, 0] - truth, 0.0) + np.maximum(truth - guess[:, 2], 0.0)
    return np.asarray(guess[:, 2] - guess[:, 0] + 2 / (1 - share) * fine)


def less(ours: Floats, theirs: Floats, weight: Floats, case: Names) -> bool:
    """Whether ours is less on average, by more than one standard error over cases."""
    _, which = np.unique(case.astype(str), return_inverse=True)
    each = np.bincount(which, weights=weight * (theirs - ours))
    return bool(each.mean() > each.std() / math.sqrt(len(each)))
