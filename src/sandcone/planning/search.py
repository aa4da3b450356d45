"""Plan inpatients: several annealing chains at once over days, rooms, theatres and nurses together, which share their best plan late."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from sandcone.core.inpatient import InpatientPlan, Problem
from sandcone.planning.ahead import Ahead
from sandcone.planning.begin import as_numbers, first_state, nobody
from sandcone.planning.cooling import ALWAYS, Cooling, Legs, legs_for, legs_from
from sandcone.planning.found import Found, Pays, Progress, Stop, pays
from sandcone.planning.from_days import from_days
from sandcone.planning.keep import Keep, disturbance, on_duty, starting
from sandcone.planning.kernel import (
    ANYBODY,
    BEST,
    BEST_HARD,
    COST,
    COUNTS,
    HARD,
    MOVES,
    NAMES,
    Given,
    State,
    search,
)
from sandcone.planning.narrow import narrowed
from sandcone.planning.numbers import plan_of
from sandcone.planning.searchable import drawable
from sandcone.planning.tables import settled, tables

__all__ = ["Found", "Legs", "Pays", "Progress", "Stop", "plan_inpatients"]

SLICE = 200_000  # moves between two looks at the clock, about a twentieth of a second
LONG, AHEAD, AHEAD_MOST = 20.0, 0.15, 120.0  # seconds of a run that is worth looking ahead for; the share of it, and the most seconds
NEAR = 1.3  # a plan from days worked out ahead is worth going on from if it costs at most so many times the bound
EVERY = 1.0  # seconds between two words on progress, or two plans handed out


def plan_inpatients(
    problem: Problem,
    *,
    stop: Stop,
    seed: int,
    cores: int = 2,
    start: InpatientPlan | None = None,
    told: Callable[[Progress], None] | None = None,
    kept: Callable[[InpatientPlan], None] | None = None,
    legs: Legs | None = None,
    keep: Keep | None = None,
    days: Mapping[str, int] | None = None,
) -> Found:
    """The best plan found for a problem before it is time to stop: who comes when, to which room and theatre, with which nurses.

    ``told`` hears of progress about once a second, ``kept`` gets every better plan that can be carried out, at most once a second, and the
    last. The same seed, cores and ``Stop(moves=...)`` give the same plan. Ctrl-C ends the search with the best plan so far.
    ``start`` is a plan to go on from; what it breaks is mended. ``keep`` says what is fixed, and what changing a plan costs.
    ``days`` is a day for each patient who is to come (such as ``lower_bound(...).days``): the last chain begins there. Without it, a search
    of ``LONG`` seconds or more that starts from nothing works it out for itself, in another process, while all chains but the last search;
    what is found is dropped where it is far from any plan.
    ``ProblemError`` where the problem is beyond what the search can hold, or a pin impossible. Method: simulated annealing over patients
    and nurses at once.
    """
    drawable(seed, cores)
    given = tables(problem)
    if start is not None:
        start = replace(start, care=on_duty(problem, start.care)).fits(problem)
    if keep is not None:
        given, start = narrowed(problem, given, keep), starting(problem, keep, start)
    run = _Run(problem, given, stop, seed, cores, legs or (legs_for(given) if start is None else legs_from(given)), told, kept)
    alone = start is None and keep is None and days is None and (stop.seconds or 0) >= LONG
    run.ahead = Ahead(problem, min(AHEAD * (stop.seconds or 0), AHEAD_MOST)) if alone else None
    try:
        run.go(start, days)
    finally:
        run.rest()
    found = run.found()
    changed = disturbance(problem, keep, found.plan) if keep is not None else 0
    return replace(found, cost=found.cost - changed, disturbance=changed)


class _Run:
    def __init__(
        self,
        problem: Problem,
        given: Given,
        stop: Stop,
        seed: int,
        cores: int,
        legs: Legs,
        told: Callable[[Progress], None] | None,
        kept: Callable[[InpatientPlan], None] | None,
    ) -> None:
        self.problem, self.given, self.stop, self.seed, self.cores, self.legs = problem, given, stop, seed, cores, legs
        self.told, self.kept = told, kept
        self.chains: list[State] = []
        self.moves, self.leg, self.broken, self.cost = 0, 0, 0, 0
        self.best = nobody(given)
        self.better: list[tuple[float, int]] = []
        self.interrupted = False
        self.said = self.handed = -EVERY
        self.handed_cost: int | None = None
        self.begin = self.seconds = 0.0
        self.ahead: Ahead | None = None
        self.bound = stop.bound
        self.warm_from: float | None = None  # the share of the run that was over when the last chain began from days worked out ahead

    def rest(self) -> None:
        """Look for no days any more."""
        if self.ahead is not None:
            self.ahead.stop()
        self.ahead = None

    def go(self, start: InpatientPlan | None, days: Mapping[str, int] | None) -> None:
        """Run until it is time to stop."""
        keys = [int(x) for x in np.random.SeedSequence(self.seed).generate_state(self.cores, np.uint64)]
        search(self.given, settled(self.problem, self.given, nobody(self.given), 0), 0, ANYBODY)
        self.begin = time.perf_counter()
        first = first_state(self.problem, self.given, keys[0], start)
        self.cost, self.broken = int(first.register[BEST]), int(first.register[BEST_HARD])
        self.best = as_numbers(self.problem, first)
        self.chains = [settled(self.problem, self.given, self.best, key) for key in keys]
        for chain in self.chains:
            chain.chance[:] = ALWAYS
        if days:
            self._warm(days, NEAR * self.bound if self.bound else math.inf)
        try:
            self._look()
            with ThreadPoolExecutor(self.cores) as pool:
                while not self._done():
                    self._turn(pool)
        except KeyboardInterrupt:
            self.interrupted = True
        self._look(last=True)

    def _over(self) -> float:
        return self.stop.over(self.seconds, self.moves)

    def _done(self) -> bool:
        return self._over() >= 1 or (self.broken == 0 and self.stop.reached(self.cost))

    def _turn(self, pool: ThreadPoolExecutor) -> None:
        share = self._over()
        if self.legs.leg(share, 0)[0] != self.leg:
            self.leg += 1
            self._share()
        if self.ahead is not None and (said := self.ahead.answer()) is not None:
            self.rest()
            self.bound = self.bound or said.bound or None
            if said.brings_in(self.problem):
                self._warm(said.days, NEAR * said.bound)
        busy = self.cores if self.ahead is None or self.leg else max(self.cores - 1, 1)
        list(pool.map(lambda i: self._slice(i, share), range(busy)))
        self.moves += SLICE * busy
        self._look()

    def _warm(self, days: Mapping[str, int], most: float) -> None:
        """The last chain begins anew, from days worked out ahead, if what can be made of them costs no more than ``most``."""
        old = self.chains[-1]
        fresh = first_state(self.problem, self.given, int(old.random[0]), from_days(self.problem, days))
        if fresh.register[HARD] or fresh.register[COST] > most:
            return
        fresh.counts[:], fresh.register[MOVES] = old.counts, old.register[MOVES]
        self.chains[-1], self.warm_from = fresh, self._over()

    def _cooling(self, i: int, share: float) -> tuple[Cooling, float]:
        """How a chain cools, and how much of its leg is over."""
        leg, cooling, over = self.legs.leg(share, i)
        if leg or self.warm_from is None or i < self.cores - 1:
            return cooling, over
        return self.legs.warm, min((share - self.warm_from) / max(self.legs.alone - self.warm_from, 1e-9), 1.0)

    def _slice(self, i: int, share: float) -> None:
        chain, (cooling, over) = self.chains[i], self._cooling(i, share)
        if over >= cooling.lenient and chain.register[HARD] and not self.broken:
            chain = self.chains[i] = self._from_best(chain)
        chain.floats[:], chain.chance[:] = cooling.at(over), cooling.often(over) if share < self.legs.alone else ALWAYS
        search(self.given, chain, SLICE, ANYBODY)

    def _share(self) -> None:
        """Every chain goes on from the best plan of all."""
        self.chains = [self._from_best(chain) for chain in self.chains]

    def _from_best(self, chain: State) -> State:
        """The chain, moved to the best plan of all."""
        fresh = settled(self.problem, self.given, self.best, int(chain.random[0]))
        fresh.chance[:], fresh.counts[:] = chain.chance, chain.counts
        fresh.register[MOVES] = chain.register[MOVES]
        return fresh

    def _look(self, *, last: bool = False) -> None:
        self.seconds = time.perf_counter() - self.begin
        for chain in self.chains:
            broken, cost = int(chain.register[BEST_HARD]), int(chain.register[BEST])
            if (broken, cost) < (self.broken, self.cost):
                self.broken, self.cost, self.best = broken, cost, as_numbers(self.problem, chain)
                self.better.append((self.seconds, cost))
        if self.kept and not self.broken and self.cost != self.handed_cost and (last or self.seconds - self.handed >= EVERY):
            self.handed, self.handed_cost = self.seconds, self.cost
            self.kept(plan_of(self.problem, self.best))
        if self.told and (last or self.seconds - self.said >= EVERY):
            self.said = self.seconds
            heat = float(self.chains[0].floats[0]) if self.chains else 0.0
            over = min(self._over(), 1.0)
            self.told(
                Progress(
                    over=over,
                    seconds=self.seconds,
                    cost=self.cost,
                    broken=self.broken,
                    moves=self.moves,
                    heat=heat,
                    tried=self._tried(),
                    pays=self._pays(),
                    bound=self.bound,
                )
            )

    def _tried(self) -> int:
        return sum(int(chain.register[MOVES]) for chain in self.chains)

    def _pays(self) -> tuple[Pays, ...]:
        counts = np.sum([chain.counts for chain in self.chains], axis=0).reshape(-1, COUNTS)
        return pays(NAMES, counts)

    def found(self) -> Found:
        """What came of it."""
        return Found(
            plan=plan_of(self.problem, self.best),
            cost=self.cost,
            broken=self.broken,
            seconds=self.seconds,
            moves=self.moves,
            tried=self._tried(),
            seed=self.seed,
            cores=self.cores,
            interrupted=self.interrupted,
            better=tuple(self.better),
            pays=self._pays(),
            bound=self.bound,
        )
