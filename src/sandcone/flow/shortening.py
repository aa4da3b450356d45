"""A long set of levers made harmless and short: what harms somebody goes first, then what the set does not need.

A search that combines levers leaves some in a set that do nothing there, and a planner would have to carry them out all the same; and it
looks at the whole house, not at each group of patients that a verdict guards.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sandcone.core.lever import LeverSet
from sandcone.core.outcome import Outcome
from sandcone.core.registered import Registered
from sandcone.flow.bench import Runs
from sandcone.flow.purse import SHORTEN, Purse
from sandcone.flow.trying import Trying
from sandcone.improving.search.costs import dear
from sandcone.improving.search.stable import why_not

Told = Callable[[str], None]
LUCK = 500_000  # runs of this number and above: apart from those that chose the set, and from those that will judge it
EACH = 4  # runs of each set
LOSS = 0.03  # of the gains in both efficiencies, each counting 1: a lever that adds less is left out
SHORT = 6  # levers that all subsets can be tried of
NEAR = 0.5  # of its margin: a group that waits longer by so much may come to harm
SLIGHT = 0.1  # harm that is none
ANY = math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What a set gains over today in both efficiencies, and how much harm it may do.

    ``harm``: of each group of patients, and of the worst-off tenth, by how much more than half of its margin it waits longer, as a share of
    the margin; added up.
    """

    resource: float
    flow: float
    harm: float

    def share_of(self, whole: Worth) -> float:
        """Both gains as shares of those of the whole set, added up: 2 is as much as it gains."""
        return self.resource / whole.resource + self.flow / whole.flow


class Shortening:
    """Sets made harmless and short, and what each set that was looked at on the way is worth."""

    def __init__(self, trying: Trying, registered: Registered, purse: Purse, say: Told) -> None:
        self.trying, self.registered, self.purse, self.say = trying, registered, purse, say
        self.known: dict[LeverSet, Worth | None] = {}
        self.today: list[Outcome] = []

    def best(self, sets: Sequence[LeverSet], n: int) -> list[LeverSet]:
        """Of these sets the few that harm fewest, of equals in the order given; where the budget ends, the first."""
        if not sets or not self._look(sets):
            return list(sets[:n])
        known = {s: x for s in sets if (x := self.known[s]) is not None}
        return sorted(known, key=lambda s: round(known[s].harm / SLIGHT))[:n] or list(sets[:n])

    def short(self, levers: LeverSet) -> list[LeverSet]:
        """The set without what harms or is not needed, and, if long, the six levers of it that do most; none where nothing is known."""
        if not self._look([levers]) or (whole := self.known[levers]) is None or min(whole.resource, whole.flow) <= 0:
            return []
        harmless = self._harmless(levers)
        kept = self.known[harmless] or whole
        needed = self._needed(harmless, kept)
        few = self._few(needed, kept)
        return [s for s in dict.fromkeys((needed, few)) if s != levers and self._worth_having(s, kept)]

    def _worth_having(self, levers: LeverSet, whole: Worth) -> bool:
        """Whether it lifts both, and harms no more than the one that it was made of."""
        mine = self.known[levers] if self._look([levers]) else None
        return mine is not None and min(mine.resource, mine.flow) > 0 and mine.harm <= whole.harm + SLIGHT

    def _harmless(self, at: LeverSet) -> LeverSet:
        """With a lever less, or set otherwise, again and again as long as fewer are harmed by it and both efficiencies rise."""
        while (now := self.known[at]) is not None and now.harm > SLIGHT:
            others = [s for i, which in enumerate(at) if which for s in self._otherwise(at, i)]
            if not self._look(others):
                return at
            known = {s: x for s in others if (x := self.known[s]) is not None and min(x.resource, x.flow) > 0}
            best = min(known, key=lambda s: (known[s].harm, -known[s].share_of(now)), default=at)
            if best == at or known[best].harm > now.harm - SLIGHT:
                return at
            at = best
        return at

    def _otherwise(self, at: LeverSet, i: int) -> list[LeverSet]:
        """A set with one of its levers not set, or set in each of its other ways."""
        settings = len(self.trying.bench.levers.levers[i].settings)
        return [(*at[:i], k, *at[i + 1 :]) for k in range(settings + 1) if k != at[i]]

    def _needed(self, at: LeverSet, whole: Worth) -> LeverSet:
        """Without every lever that can be left out for next to nothing: all of them at once, else half of these, and so on."""
        while size(at) > 1:
            losses = self._losses(at, whole)
            idle = sorted((i for i, loss in losses.items() if loss <= LOSS), key=lambda i: losses[i])[: size(at) - 1]
            while len(idle) > 1 and not self._cheap(at, idle, whole):
                idle = idle[: len(idle) // 2]
            if not idle:
                return at
            at = without(at, idle)
        return at

    def _cheap(self, at: LeverSet, idle: Sequence[int], whole: Worth) -> bool:
        """Whether these levers together are worth no more than each may be."""
        fewer = without(at, idle)
        return self._look([fewer]) and self._lost(at, fewer, whole) <= LOSS * len(idle)

    def _few(self, at: LeverSet, whole: Worth) -> LeverSet:
        """Without what adds least, until six are left: half of those too many at a time."""
        while (many := size(at) - SHORT) > 0:
            losses = {i: loss for i, loss in self._losses(at, whole).items() if loss < ANY}
            if not losses:
                return at
            at = without(at, sorted(losses, key=lambda i: losses[i])[: math.ceil(many / 2)])
        return at

    def _losses(self, at: LeverSet, whole: Worth) -> dict[int, float]:
        """For each lever of a set what is lost without it; none where the budget ends."""
        fewer = {i: without(at, [i]) for i, which in enumerate(at) if which}
        return {i: self._lost(at, s, whole) for i, s in fewer.items()} if self._look([at, *fewer.values()]) else {}

    def _lost(self, at: LeverSet, fewer: LeverSet, whole: Worth) -> float:
        """The share of both gains lost; without end if somebody may be harmed who was not, or it cannot be."""
        now, then = self.known[at], self.known[fewer]
        if now is None or then is None or then.harm > now.harm + SLIGHT:
            return ANY
        return now.share_of(whole) - then.share_of(whole)

    def _look(self, sets: Sequence[LeverSet]) -> bool:
        """Know what these sets are worth; False where the budget has no room for it."""
        none = (0,) * len(sets[0])
        new = [*([] if self.today else [none]), *(s for s in dict.fromkeys(sets) if s not in self.known)]
        if not new or not self.purse.affords(EACH * len(new), SHORTEN):
            return not new
        begun, luck = time.perf_counter(), tuple((LUCK + r, False) for r in range(EACH))
        self.say(f"making the best sets harmless and short: {len(self.known) + len(new)} sets looked at")
        for levers, found in zip(new, self.trying.watched([Runs(levers=s, runs=luck, keep=True) for s in new], _quietly), strict=True):
            outcomes = [x for x in found if isinstance(x, Outcome)]
            if levers == none and not self.today:
                self.today = outcomes
            self.known[levers] = self._worth(outcomes) if len(outcomes) == EACH else None
        self.purse.made(EACH * len(new), time.perf_counter() - begun)
        return True

    def _worth(self, outcomes: list[Outcome]) -> Worth | None:
        """None where it cannot be scored, or is dearer than allowed."""
        if why_not(outcomes, self.today) or dear(outcomes, self.today, self.trying.bench.levers.limits):
            return None
        gains = [float(np.mean([getattr(a, what) - getattr(b, what) for a, b in zip(outcomes, self.today, strict=True)])) for what in GAINS]
        return Worth(resource=gains[0], flow=gains[1], harm=self._harm(outcomes))

    def _harm(self, outcomes: list[Outcome]) -> float:
        """By how much groups, the worst-off tenth among them, wait longer than half of what they may."""
        before, after = groups(self.today), groups(outcomes)
        large = [k for k, waits in before.items() if len(waits) >= self.registered.least_patients and k in after]
        pairs = [(float(np.mean(before[k])), float(np.mean(after[k]))) for k in large]
        pairs.append((float(np.mean([o.worst_wait for o in self.today])), float(np.mean([o.worst_wait for o in outcomes]))))
        m = self.registered.margins
        return sum(max(0.0, (then - now) / max(m.wait_share * now, m.wait_hours) - NEAR) for now, then in pairs)


GAINS = ("resource", "flow")


def groups(outcomes: Sequence[Outcome]) -> dict[tuple[str, ...], list[float]]:
    """Hours waited by the patients of each group in some runs."""
    found: dict[tuple[str, ...], list[float]] = {}
    for p in (o.period for o in outcomes if o.period is not None):
        who = zip(*p.facts.values(), strict=True) if p.facts else [()] * p.cases
        for group, wait in zip(who, p.wait.tolist(), strict=True):
            found.setdefault(group, []).append(wait)
    return found


def without(levers: LeverSet, which: Sequence[int]) -> LeverSet:
    """A set without some of its levers."""
    return tuple(0 if i in which else s for i, s in enumerate(levers))


def size(levers: LeverSet) -> int:
    """How many levers are set."""
    return sum(1 for s in levers if s)


def _quietly(done: int) -> None:
    pass
