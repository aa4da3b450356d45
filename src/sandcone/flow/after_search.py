"""What comes after a search: the best sets judged, what is owed to which lever, and the curves. Ctrl-C leaves what is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sandcone.core.improved import BETTER, JudgedSet, Line
from sandcone.core.lever import LeverSet
from sandcone.core.registered import Registered
from sandcone.flow.judging_sets import SETS, Judgement, judge_sets, promising
from sandcone.flow.placed_again import placed_again
from sandcone.flow.purse import Purse
from sandcone.flow.shares_and_lines import lines_of, shares_of
from sandcone.flow.shortening import Shortening, size
from sandcone.flow.trying import Trying
from sandcone.improving.search.searched import Searched
from sandcone.improving.search.shapley import MOST

BRIEFLY = 2  # sets judged where the search was stopped
LOOKED, LONG = 8, 2  # sets looked at for whom they harm; sets that are made harmless and short


class After:
    """The parts one after the other; each keeps what it came to."""

    def __init__(self, trying: Trying, searched: Searched, registered: Registered, purse: Purse, say: Callable[[str], None]) -> None:
        self.trying, self.searched, self.registered, self.purse, self.say = trying, searched, registered, purse, say
        self.stopped = "stopped" in searched.ended
        self.short: dict[LeverSet, list[LeverSet]] = {}  # what was made of long sets
        self.judgement = Judgement()
        self.judged: tuple[JudgedSet, ...] = ()
        self.lines: tuple[Line, ...] = ()
        self.notes: tuple[str, ...] = ()

    def shorten(self) -> None:
        """The best sets made harmless and short, and placed among those found."""
        try:
            shortening = Shortening(self.trying, self.registered, self.purse, self.say)
            best = shortening.best([f.levers for f in promising(self.searched, LOOKED)], LONG)
            self.short = {levers: shortening.short(levers) for levers in best}
            self.searched = placed_again(self.trying, self.searched, [s for some in self.short.values() for s in some])
        except KeyboardInterrupt:
            self._stop("It was stopped before the best sets were made short.")

    def judge(self) -> None:
        """The best sets against today, in the place of a long one those that were made of it."""
        found_by = {f.levers: f for f in self.searched.found}
        long = promising(self.searched, BRIEFLY if self.stopped else SETS)
        sets = [s for which in [*self.short, *(f.levers for f in long)] for s in self.short.get(which, []) or [which]]
        made = {s for some in self.short.values() for s in some}
        best = [s for s in dict.fromkeys(sets) if s in found_by]
        chosen = [found_by[s] for s in best if s in made or not made][: BRIEFLY if self.stopped else SETS]
        try:
            found = judge_sets(self.trying, chosen, self.registered, self.purse, say=self.say, brief=self.stopped)
        except KeyboardInterrupt:
            self._stop("It was stopped before the best sets were judged.")
            return
        self.judgement, self.judged = found, found.sets
        self.notes += found.notes

    def look_closer(self) -> None:
        """The shares of the best set that is not too long for them, and the curves."""
        try:
            short = [k for k, s in enumerate(self.judgement.which) if size(s) <= MOST]
            if short:
                self._share(max(short, key=self._rank))
            self.lines, why = lines_of(self.trying, self.best, self.purse, self.say)
            self.notes += (why,) if why else ()
        except KeyboardInterrupt:
            self._stop("It was stopped before the best set was looked at more closely.")

    @property
    def best(self) -> LeverSet | None:
        """The set with the strongest verdict, of these that with the largest rise; else the most promising (None: none)."""
        return self.judgement.which[max(range(len(self.judged)), key=self._rank)] if self.judged else None

    def _rank(self, k: int) -> tuple[int, float]:
        j = self.judged[k]
        return j.strength if j.judged.verdict.word in BETTER else (-1, 0.0)  # of equals the first is taken, the most promising

    def _share(self, at: int) -> None:
        found, why = shares_of(self.trying, self.judgement.which[at], self.purse, self.say)
        self.notes += (why,) if why else ()
        self.judged = tuple(replace(j, shares=found) if k == at else j for k, j in enumerate(self.judged))

    def _stop(self, why: str) -> None:
        self.stopped = True
        self.notes += (why,)
