"""The runs of a search: asked for in batches, counted, kept by set, with those sets left out that cannot be scored."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

from sandcone.core.errors import EmptyError
from sandcone.core.lever import Levers, LeverSet
from sandcone.core.outcome import Objective, Outcome
from sandcone.core.saying import many
from sandcone.improving.search.budget import Budget
from sandcone.improving.search.costs import dear_by_formula, surely_dear
from sandcone.improving.search.look import Glance, Look, Task, short_share
from sandcone.improving.search.samples import Samples, counted
from sandcone.improving.search.stable import why_not

FIRST, SLICE, LOOK = 8, 0.02, 0.5
"""Runs before the clock is first looked at; the share of the seconds asked for, or the seconds, after which it is looked at again."""


class Trials:
    """What a search has run so far, and what is left of its budget.

    The answer depends on the order in which runs are asked for, never on the clock: that only says when to stop.
    """

    def __init__(self, levers: Levers, look: Look, budget: Budget, told: Callable[[str], None] | None) -> None:
        self.levers, self.look, self.budget = levers, look, budget
        self.told = told or (lambda _words: None)
        self.settings = tuple(len(lever.settings) for lever in levers.levers)
        self.nothing: LeverSet = (0,) * len(self.settings)
        self.samples = Samples()
        self.glances: dict[LeverSet, Glance] = {}
        self.excluded: dict[LeverSet, str] = {}
        self.full = self.short = 0
        self.spent = 0.0  # in full runs
        self.ended = ""
        self._share = short_share(levers.course)
        self._begin, self._rate = time.perf_counter(), 0.0

    @property
    def seconds(self) -> float:
        """Since the search began."""
        return time.perf_counter() - self._begin

    @property
    def over(self) -> float:
        """The share of the budget that is used up."""
        return self.budget.over(self.seconds, self.spent)

    @property
    def today(self) -> list[Outcome]:
        """The full runs of no levers at all."""
        return self.samples.of(self.nothing)

    @property
    def objectives(self) -> tuple[Objective, ...]:
        """What counts here."""
        return counted(self.today[0])

    def known(self, levers: LeverSet) -> bool:
        """Whether a set was run, in full or in short, or is left out."""
        return levers in self.samples.places or levers in self.samples.short or levers in self.excluded

    def glance(self, sets: Sequence[LeverSet]) -> list[LeverSet]:
        """Look at sets by formula; those that are not left out for what it says."""
        new = [s for s in dict.fromkeys(sets) if s not in self.glances and s not in self.excluded]
        for levers, said in zip(new, self.look.glance(new) if new else (), strict=True):
            why = said if isinstance(said, str) else dear_by_formula(said, self.levers.limits)
            if why is not None:
                self.excluded[levers] = why
            elif not isinstance(said, str):
                self.glances[levers] = said
        return [s for s in sets if s in self.glances and s not in self.excluded]

    def first(self, runs: int) -> None:
        """Look at today, and run it; ``EmptyError`` where it cannot be."""
        self.glance([self.nothing])
        if self.nothing in self.excluded and self.levers.levers:
            del self.excluded[self.nothing]  # whatever the formula says of it, today is what all is held against
        self.glances.setdefault(self.nothing, _unknown(len(self.settings)))
        self.run([Task(levers=self.nothing, replication=k) for k in range(runs)])
        if self.nothing in self.excluded:
            raise EmptyError("today", self.excluded[self.nothing], "Mend the model: there is nothing to hold a change against.")
        if not self.today:
            raise EmptyError("budget", "over before the first run of today had ended", "Give more.")

    def more(self, wanted: Iterable[tuple[LeverSet, int]]) -> None:
        """Run sets so many times more, and today as often as any."""
        asked = [(s, n) for s, n in wanted if n > 0 and s not in self.excluded]
        most = max((len(self.samples.of(s)) + n for s, n in asked), default=0)
        if most > len(self.today):
            asked = [(self.nothing, most - len(self.today)), *((s, n) for s, n in asked if s != self.nothing)]
        at = {s: len(self.samples.of(s)) for s, _ in asked}
        self.run([Task(levers=s, replication=at[s] + k) for s, n in asked for k in range(n)])

    def brief(self, sets: Sequence[LeverSet]) -> None:
        """One short run of each set, and of today."""
        need = [s for s in (self.nothing, *sets) if s not in self.samples.short]
        self.run([Task(levers=s, replication=0, short=True) for s in need])

    def run(self, tasks: Sequence[Task]) -> None:
        """Run what the budget allows of this, in order; a set that cannot be scored is left out, with why."""
        at = 0
        while at < len(tasks) and not self.ended:
            some = self._allowed(tasks[at : at + self._slice()])
            at += len(some)
            if some:
                self._take(some)
            if not some or self.over >= 1:
                self.ended = "the budget was used up"

    def _slice(self) -> int:
        if self.budget.seconds is None:
            return 10**9
        return FIRST if not self._rate else max(FIRST, int(max(SLICE * self.budget.seconds, LOOK) / self._rate))

    def _allowed(self, tasks: Sequence[Task]) -> Sequence[Task]:
        """As many of these runs as a budget of runs still has room for."""
        left = float("inf") if self.budget.runs is None else self.budget.runs - self.spent + 1e-9
        n = 0
        while n < len(tasks) and left >= (cost := self._cost(tasks[n])):
            left, n = left - cost, n + 1
        return tasks[:n]

    def _cost(self, task: Task) -> float:
        return self._share if task.short else 1.0

    def _take(self, tasks: Sequence[Task]) -> None:
        """Run these, and keep what came of them."""
        began = time.perf_counter()
        answers = self.look.attempt(tasks)
        self._rate = (time.perf_counter() - began) / len(tasks)
        for task, said in zip(tasks, answers, strict=True):
            self.spent += self._cost(task)
            self.short, self.full = self.short + task.short, self.full + (not task.short)
            if task.levers in self.excluded:
                continue
            if isinstance(said, str):
                self.leave_out(task.levers, said)
            elif task.short:
                self.samples.short[task.levers] = said
            else:
                self.samples.add(task.levers, said)
        self._scored(dict.fromkeys(t.levers for t in tasks if not t.short))

    def _scored(self, sets: Iterable[LeverSet]) -> None:
        """Leave out those of these sets that cannot be scored."""
        for levers in sets:
            runs = self.samples.of(levers)[: len(self.today)]
            if levers != self.nothing and runs:
                why = why_not(runs, self.today) or surely_dear(runs, self.today, self.levers.limits)
                if why is not None:
                    self.leave_out(levers, why)

    def leave_out(self, levers: LeverSet, why: str) -> None:
        """Score this set no more."""
        self.excluded[levers] = why
        self.samples.drop(levers)

    def say(self, front: int, wrong: float) -> None:
        """How far the search is, in a sentence."""
        sets = many(len(self.samples.levers), "set")
        self.told(f"{min(self.over, 1):.0%}: {many(self.full, 'run')} of {sets}, {front} on the front, {wrong:.1%} of places unsure")


def _unknown(levers: int) -> Glance:
    """What a formula says that says nothing."""
    return Glance(values=(float("nan"),) * 5, seen=(False,) * levers)
