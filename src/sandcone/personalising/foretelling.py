"""Which step comes next for one patient, or whether they come to an appointment: chances that are what they say, and on what they rest."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sandcone.core.chance import Luck
from sandcone.core.errors import ModelError
from sandcone.personalising.chances import Chances, Shares, Tempered, best_power, grown, mapped, shares, tempered
from sandcone.personalising.conformal import Floats, Margins, Names, margin, margins
from sandcone.personalising.drift import Bools
from sandcone.personalising.history import Word
from sandcone.personalising.outcomes import CAME, MISSED, Outcomes
from sandcone.personalising.predicting import PERSONAL, Basis, check_by, enough, held_back, less, log_end, unseen
from sandcone.personalising.reliability import log_losses
from sandcone.personalising.sets import Ints, depths, inside, of_what_came

OTHER = "another step"  # one that nobody had of those learnt from
WAYS = ("best", "person", "segment")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Foretold:
    """Of each question the chance of each word, beside its share in the segment, the words in its set, and on what the chance rests."""

    words: tuple[str, ...]
    chance: Floats  # one row a question, one column a word
    usual: Floats
    inside: Bools  # all of them where no set is made
    segment: Names
    basis: tuple[Basis, ...]

    @property
    def likeliest(self) -> Names:
        """The likeliest word of each row."""
        return np.asarray(np.array(self.words, dtype=object)[np.argmax(self.chance, axis=1)])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Foreteller:
    """What was learnt: chances, what is usual in the segment, how deep sets go in each, and how unlikely what came was said to be."""

    what: Word
    by: tuple[str, ...]
    share: float
    words: tuple[str, ...]
    chances: Chances
    plain: Shares
    margins: Margins | None  # None: no sets are made
    fitted: int  # cases
    calibrated: int  # other cases
    surprise: float  # what came had less than one minus this in one of ten of the others
    seed: int
    notes: tuple[str, ...] = ()

    def of(self, asked: Outcomes) -> Foretold:
        """Foretell. Nothing of what came is looked at."""
        chance, segment = self.chances.of(asked.asked), asked.asked.segment(self.by)
        deep = depths(chance, Luck(self.seed).stream("edge of a set").random(len(chance)))
        limit = np.full(len(chance), math.inf) if self.margins is None else self.margins.of(segment)
        own: Basis = "person"
        rests = tuple(_rests(self.chances, s) for s in segment) if isinstance(self.chances, Shares) else (own,) * len(segment)
        usual = self.plain.of(asked.asked)
        return Foretold(words=self.words, chance=chance, usual=usual, inside=inside(deep, limit), segment=segment, basis=rests)


def _rests(chances: Shares, segment: str) -> Basis:
    return "segment" if chances.by and segment in chances.segments else "everybody"


def places(came: Names, words: Sequence[str]) -> Ints:
    """The place of each word among the words; of one never seen before the last place."""
    number = {w: i for i, w in enumerate(words)}
    return np.array([number.get(c, len(words) - 1) for c in came], dtype=np.int64)


def foreteller(
    outcomes: Outcomes,
    by: Sequence[str] = (),
    *,
    share: float = 0.9,
    seed: int = 1,
    until: float | None = None,
    hindsight: bool = False,
    of: str = "best",
) -> Foreteller:
    """Learn which word comes, from what was known by ``until``; arguments, weights and refusals are those of ``predicting.learnt``.

    The chances are the segment's, or those of many small trees where their log loss is less by more than one standard error in cases held
    back (``of``: ``best``, ``person`` or ``segment``). Each question counts once: what comes next is also how
    many more questions there are. Trees are made calibrated on cases not learnt from, and sets of next steps on one case in three.
    """
    if not 0 < share < 1 or of not in WAYS:
        raise ModelError("predict", f"share {share:g}, {of}", f"Give a share between 0 and 1, and one of {', '.join(WAYS)}.")
    check_by(outcomes.asked, by, "best")
    done, weight = _done(outcomes, until, hindsight)
    enough(done.asked)
    held, words = held_back(done.asked, seed), _words(done)
    fit, rest, w = done.only(~held), done.only(held), weight[~held]
    plain = shares(fit.asked, fit.came, w, words, by)
    chances, why = _chances(fit, w, words, plain, seed, of)
    place, counts = places(rest.came, words), weight[held]
    if done.asked.what == "no-show" and not isinstance(chances, Shares):
        chances = mapped(chances, chances.of(rest.asked)[:, 1], (place == 1).astype(float))
    said = chances.of(rest.asked)
    deep = of_what_came(depths(said, Luck(seed).stream("edge of those kept").random(len(said))), place)
    return Foreteller(
        what="next" if done.asked.what == "next" else "no-show",
        by=tuple(by),
        share=share,
        words=words,
        chances=chances,
        plain=plain,
        margins=margins(deep, rest.asked.segment(by), share, counts) if done.asked.what == "next" else None,
        fitted=len(set(fit.asked.case)),
        calibrated=len(set(rest.asked.case)),
        surprise=margin(1 - of_what_came(said, place), 0.9, counts),
        seed=seed,
        notes=(why,),
    )


def _done(outcomes: Outcomes, until: float | None, hindsight: bool) -> tuple[Outcomes, Floats]:
    cut, asked = math.inf if until is None else until, outcomes.asked
    mine = outcomes.only((asked.begin < cut) & (hindsight | (asked.moment < cut)))
    known = mine.known & (hindsight | (mine.asked.told < cut))
    watched = mine.asked.what == "next" and not hindsight
    weight = unseen(mine.asked, log_end(mine.asked, until)) if watched else np.ones(len(mine))
    return mine.only(known), weight[known]


def _words(done: Outcomes) -> tuple[str, ...]:
    if done.asked.what == "no-show":
        return CAME, MISSED
    return (*(str(w) for w, _ in sorted(Counter(done.came).items(), key=lambda x: (-x[1], x[0]))), OTHER)


def _chances(fit: Outcomes, weight: Floats, words: tuple[str, ...], plain: Shares, seed: int, of: str) -> tuple[Chances, str]:
    if of == "segment":
        return plain, "What is usual in the segment, as asked."
    n = len(set(fit.asked.case))
    if of == "best" and n < PERSONAL:
        return plain, f"Only {n} cases: what is usual in the segment."
    back = held_back(fit.asked, seed + 1)
    some, test, w = fit.only(~back), fit.only(back), weight[back]
    before = shares(some.asked, some.came, weight[~back], words, plain.by)
    trial = grown(some.asked, some.came, weight[~back], words, before, seed)
    whole = grown(fit.asked, fit.came, weight, words, plain, seed) if trial else None
    if trial is None or whole is None:
        return plain, "What is known of a person does not vary: what is usual in the segment."
    said, place = trial.of(test.asked), places(test.came, words)
    power = best_power(said, place, w)
    ours, theirs = log_losses(tempered(said, power), place), log_losses(before.of(test.asked), place)
    told = f"(log loss {np.average(ours, weights=w):.3f} against {np.average(theirs, weights=w):.3f} in cases held back)"
    if of == "best" and not less(ours, theirs, w, test.asked.case):
        return plain, f"What is known of a person tells no more than the segment {told}."
    return Tempered(of_these=whole, power=power), f"By what is known of a person {told}."
