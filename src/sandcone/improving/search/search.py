"""Look for sets of levers that are worth having, with the runs where they decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod

import numpy as np

from sandcone.core.lever import Levers, LeverSet
from sandcone.improving.search import formula
from sandcone.improving.search.allocation import deciding
from sandcone.improving.search.belief import Belief, believed
from sandcone.improving.search.brief import HOPELESS, odds, worth_while
from sandcone.improving.search.budget import Budget
from sandcone.improving.search.design import everything, mended, one_by_one, screening
from sandcone.improving.search.finish import finished
from sandcone.improving.search.front import chances, on_front, wrong
from sandcone.improving.search.guess import Known, guessed
from sandcone.improving.search.look import Look, short_share
from sandcone.improving.search.proposals import Parent, children, drawn, neighbours
from sandcone.improving.search.samples import least
from sandcone.improving.search.searched import Searched
from sandcone.improving.search.trials import Trials

TODAY, TWICE = 4, 12  # runs of today to begin with; sets of the design that have a second run and a short one, from which spread is learnt
BATCH, NEW, FEWER = 48, 24, 12  # runs in a round; new sets in it, and where many places are unsure
FEWEST = 2  # runs of today without which there is nothing to say
UNSURE, LAST = 0.05, 0.75  # the share of places unsure beyond which fewer new sets are tried; the share of the budget after which none are
DRAWS, PARENTS, ALL = 400, 24, 600  # draws in a round; sets that children are made of; sets in all up to which all are looked at
WIDER, TRIES = 1.5, 3  # times as many sets as are run are looked at by formula, in so many goes where it rules many out
SETTLED = 0.002  # share of places unsure at which there is nothing left to find out


def search(levers: Levers, look: Look, *, budget: Budget, seed: int, told: Callable[[str], None] | None = None) -> Searched:
    """The sets of levers that no other set betters, as surely as the budget allows, and what each lever does.

    Begins with today and a screening design; then in each round runs go to sets whose errors decide who is on the front, and to new sets
    that are likely to be: children of the best, their neighbours, and what a guess from all runs holds for promising. A set is looked at by
    formula first, then, while that pays, in a short run, then in full ones. All sets share the luck of their replications. The same seed
    and ``Budget(runs=...)`` give the same answer, whatever the number of cores. Ctrl-C ends the search with what it has. ``EmptyError``
    where today itself cannot be run.
    """
    hunt = _Hunt(levers, look, budget, seed, told)
    try:
        hunt.go()
    except KeyboardInterrupt:
        if len(hunt.trials.today) < FEWEST:
            raise
        hunt.trials.ended = "it was stopped"
    return finished(hunt.trials, seed, hunt.notes)


class _Hunt:
    def __init__(self, levers: Levers, look: Look, budget: Budget, seed: int, told: Callable[[str], None] | None) -> None:
        self.trials = Trials(levers, look, budget, told)
        self.seed, self.round = seed, 0
        self.notes: tuple[str, ...] = ()

    def go(self) -> None:
        """Begin, and go on until the budget is used up or nothing is left to find out."""
        self._begin()
        while not self.trials.ended:
            self.round += 1
            self._round()

    def _luck(self, what: int) -> np.random.Generator:
        """The luck of this round for one of its parts."""
        return np.random.default_rng([self.seed, self.round, what])

    def _begin(self) -> None:
        trials = self.trials
        trials.first(TODAY)
        design = screening(trials.settings, self._luck(0)) if trials.settings else []
        sets = mended(design, lambda some: [s not in set(trials.glance(some)) for s in some], self._luck(1))
        sets = trials.glance(sets)
        trials.more((s, 1 + (i < TWICE)) for i, s in enumerate(sets))
        trials.brief([s for s in sets[:TWICE] if s in trials.samples.places])

    def _round(self) -> None:
        trials, objectives = self.trials, self.trials.objectives
        matters = least(objectives)
        belief = believed(trials.samples.values(objectives))
        chance = chances(belief, matters, DRAWS, self._luck(2))
        unsure = float(wrong(chance).mean())
        trials.say(int((chance > 0.5).sum()), unsure)
        new = self._new(belief, chance, FEWER if unsure > UNSURE else NEW) if trials.over < LAST else []
        if not new and (unsure < SETTLED or len(chance) == 1):
            trials.ended = "every set has its place" if len(chance) > 1 else "there is no set to try"
            return
        new = self._in_short(belief, new)
        further = deciding(belief, matters, BATCH - len(new), self._luck(3))
        wanted = [(s, int(n)) for s, n in zip(list(trials.samples.levers), further, strict=True)]
        trials.more([*((s, 1) for s in new), *wanted])

    def _in_short(self, belief: Belief, new: list[LeverSet]) -> list[LeverSet]:
        """The new sets for which a full run is worth its while, after a short one where that pays."""
        trials, objectives = self.trials, self.trials.objectives
        matters = least(objectives)
        share = short_share(trials.levers.course)
        if not new or not worth_while(trials.samples, belief, objectives, matters, share, self._luck(4)):
            return new
        trials.brief(new)
        ran = [s for s in new if s in trials.samples.short]
        for levers, chance in zip(ran, odds(trials.samples, ran, belief, objectives, matters, self._luck(5)), strict=True):
            if chance < HOPELESS:
                trials.leave_out(levers, "clearly behind other sets in a short run")
        return [s for s in ran if s not in trials.excluded]

    def _new(self, belief: Belief, chance: np.ndarray, n: int) -> list[LeverSet]:
        """The most promising sets that were not looked at yet: by their settings, then, of the best, by what the formula says too."""
        pool = [s for s in self._pool(belief, chance, n) if not self.trials.known(s)]
        pool = self._promising(belief, pool, by_formula=lambda s: ())
        looked: list[LeverSet] = []
        for _ in range(TRIES):
            more, pool = pool[: int(WIDER * n) - len(looked)], pool[int(WIDER * n) - len(looked) :]
            looked += self._not_behind(belief, self.trials.glance(more), looked)
        objectives, glances = self.trials.objectives, self.trials.glances
        return self._promising(belief, looked, by_formula=lambda s: formula.foretold(glances[s], objectives))[:n]

    def _promising(self, belief: Belief, pool: list[LeverSet], by_formula: Callable[[LeverSet], tuple[float, ...]]) -> list[LeverSet]:
        """The sets by how likely they are to be on the front, as far as one can guess from all runs."""
        if len(pool) < 2:
            return pool
        known, luck = list(self.trials.samples.levers), self._luck(6)
        have = Known(levers=known, formula=np.array([by_formula(s) for s in known]), mean=belief.mean, error=belief.errors())
        maybe = guessed(have, pool, np.array([by_formula(s) for s in pool])).draws(DRAWS // 2, luck)
        rivals = np.concatenate([belief.draws(DRAWS // 2, luck), maybe], axis=1)
        likely = on_front(maybe, least(self.trials.objectives), rivals).mean(axis=0)
        return [pool[i] for i in np.argsort(-likely, kind="stable")]

    def _pool(self, belief: Belief, chance: np.ndarray, n: int) -> list[LeverSet]:
        """Sets to choose from: all where there are few, else children and neighbours of the best, single settings, and some drawn."""
        trials, luck = self.trials, self._luck(7)
        if not trials.settings:
            return []
        if prod(k + 1 for k in trials.settings) <= ALL:
            every = everything(trials.settings)
            return [every[i] for i in luck.permutation(len(every))]
        order = np.argsort(-chance, kind="stable")[:PARENTS]
        parents = [Parent(levers=trials.samples.levers[i], values=tuple(map(float, belief.mean[i]))) for i in order]
        made = children(parents, trials.settings, 3 * n, int(luck.integers(2**31))) if len(parents) > 1 else []
        near = [s for i in order for s in neighbours(trials.samples.levers[i], trials.settings)]
        some = [near[i] for i in luck.permutation(len(near))[: 2 * n]]
        alone = one_by_one(trials.settings) if self.round == 1 else []
        return list(dict.fromkeys([*alone, *made, *some, *drawn(trials.settings, n, luck)]))

    def _not_behind(self, belief: Belief, sets: Sequence[LeverSet], beside: Sequence[LeverSet]) -> list[LeverSet]:
        """The sets without those that the formula puts clearly behind others."""
        trials, objectives = self.trials, self.trials.objectives
        known = trials.samples.levers
        said = np.array([formula.foretold(trials.glances[s], objectives) for s in known])
        errors = formula.errors(said - said[0], belief.mean - belief.mean[0])
        if errors is None:
            return list(sets)
        margin = np.maximum(formula.MARGIN * errors, least(objectives))
        for levers in formula.behind(sets, [*known, *beside, *sets], trials.glances, objectives, margin):
            trials.excluded[levers] = "clearly behind another set by the formula of queues"
        return [s for s in sets if s not in trials.excluded]
