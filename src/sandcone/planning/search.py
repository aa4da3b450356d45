"""Plan inpatients: several annealing chains at once over days, rooms, theatres and nurses together, which share their best plan late."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from sandcone.core.errors import ProblemError
from sandcone.core.inpatient import InpatientPlan, Problem
from sandcone.planning.begin import as_numbers, first_state, nobody
from sandcone.planning.cooling import ALWAYS, Cooling
from sandcone.planning.kernel import (
    ACCEPTED,
    ANYBODY,
    BEST,
    BEST_HARD,
    BETTER,
    COUNTS,
    HARD,
    LEFT_W,
    LOAD_W,
    MOVES,
    NAMES,
    PROPOSED,
    SKILL_W,
    Given,
    State,
    search,
)
from sandcone.planning.tables import plan_of, settled, tables

SLICE = 200_000  # moves between two looks at the clock, about a twentieth of a second
EVERY = 1.0  # seconds between two words on progress, or two plans handed out


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """When to stop: after so many seconds, so many moves (of all cores together), or at a gap to a known lower bound; whichever is first.

    ``gap`` is a share (0.02: 2 % above ``bound``). Seconds begin when the compiled search is ready.
    """

    seconds: float | None = None
    moves: int | None = None
    gap: float | None = None
    bound: int | None = None

    def __post_init__(self) -> None:
        if self.seconds is None and self.moves is None:
            raise ProblemError("stop", "neither seconds nor moves", "Give one of them, such as seconds=60: a gap may never be reached.")
        for what, most in (("seconds", self.seconds), ("moves", self.moves)):
            if most is not None and most <= 0:
                raise ProblemError("stop", f"{most} {what}", "Give more than 0.")
        if self.gap is not None and (self.bound is None or self.gap < 0):
            raise ProblemError("stop", f"a gap of {self.gap} to the bound {self.bound}", "Give a gap of 0 or more, and the bound it is to.")

    def over(self, seconds: float, moves: int) -> float:
        """The share of the run that is over, 1 or more when it is time to stop."""
        by_time = seconds / self.seconds if self.seconds is not None else 0.0
        return max(by_time, moves / self.moves if self.moves is not None else 0.0)

    def reached(self, cost: int) -> bool:
        """Whether a cost is within the gap."""
        return self.gap is not None and self.bound is not None and cost <= self.bound * (1 + self.gap)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a search is: the share of the run that is over, the best cost, what is still broken in it (0: can be carried out), moves."""

    over: float
    seconds: float
    cost: int
    broken: int
    moves: int
    heat: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pays:
    """One kind of move: how often it was proposed, accepted, and gave the best plan so far."""

    move: str
    proposed: int
    accepted: int
    better: int


@dataclass(frozen=True, kw_only=True)
class Found:
    """The best plan of a search, and how it was found.

    ``broken`` is 0 for a plan that can be carried out, else units of broken rules. ``better`` is (seconds, cost) whenever a better plan
    was seen; ``tried`` counts the moves that were worked out, ``moves`` all that were drawn.
    """

    plan: InpatientPlan
    cost: int
    broken: int
    seconds: float
    moves: int
    tried: int
    seed: int
    cores: int
    interrupted: bool = False
    better: tuple[tuple[float, int], ...] = ()
    pays: tuple[Pays, ...] = field(default=(), repr=False)

    def __str__(self) -> str:
        can = "can be carried out" if self.broken == 0 else "cannot be carried out"
        speed = self.tried / max(self.seconds, 1e-9) / 1e6
        lines = [
            f"Cost {self.cost:,}, {can}; {self.seconds:.0f} s, {self.cores} cores, seed {self.seed}, {speed:.1f} million moves a second."
        ]
        rows = sorted((p for p in self.pays if p.proposed), key=lambda p: -p.better)
        lines += [f"  {p.move:<24}{p.proposed:>14,} tried{p.accepted:>13,} done{p.better:>9,} better" for p in rows]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Legs:
    """The course of a run: each chain cools in its own way until ``alone`` of it is over, then all cool again from the best plan of all."""

    first: tuple[Cooling, ...]
    again: Cooling
    alone: float = 0.85

    def leg(self, over: float, chain: int) -> tuple[int, Cooling, float]:
        """Which leg it is, how a chain cools, and how much of the leg is over."""
        if over < self.alone:
            return 0, self.first[chain % len(self.first)], over / self.alone
        return 1, self.again, min((over - self.alone) / (1 - self.alone), 1.0)


def legs_for(given: Given) -> Legs:
    """A course with temperatures that suit the weights: from a fraction of a patient left out down to a fraction of the least cost."""
    w = given.weights
    least = float(min((x for x in w[SKILL_W : LOAD_W + 1].tolist() if x > 0), default=1))
    left_out = float(max(w[LEFT_W], 1))
    hot, middle, cold = 0.2 * left_out, 0.02 * left_out, 0.2 * least
    middle = max(middle, 2 * cold)
    hot = max(hot, 2 * middle)
    strict = Cooling(hot=hot, middle=middle, cold=cold, lenient=0.0)
    lenient = Cooling(hot=hot, middle=middle, cold=cold, lenient=0.25, cheap=0.12 * left_out, dear=1.3 * left_out)
    return Legs(first=(strict, lenient), again=Cooling(hot=8 * cold, middle=2.5 * cold, cold=0.7 * cold, knee=0.5, lenient=0.0))


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
) -> Found:
    """The best plan found for a problem before it is time to stop: who comes when, to which room and theatre, with which nurses.

    ``told`` hears of progress about once a second, ``kept`` gets every better plan that can be carried out, at most once a second, and the
    last. The same seed, cores and ``Stop(moves=...)`` give the same plan. Ctrl-C ends the search with the best plan so far.
    ``ProblemError`` where the problem is beyond what the search can hold. Method: simulated annealing over patients and nurses at once.
    """
    given = tables(problem)
    run = _Run(problem, given, stop, seed, cores, legs or legs_for(given), told, kept)
    run.go(start.fits(problem) if start is not None else None)
    return run.found()


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

    def go(self, start: InpatientPlan | None) -> None:
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
        list(pool.map(lambda i: self._slice(i, share), range(self.cores)))
        self.moves += SLICE * self.cores
        self._look()

    def _slice(self, i: int, share: float) -> None:
        chain, (_, cooling, over) = self.chains[i], self.legs.leg(share, i)
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
            self.told(Progress(over=over, seconds=self.seconds, cost=self.cost, broken=self.broken, moves=self.moves, heat=heat))

    def found(self) -> Found:
        """What came of it."""
        counts = np.sum([chain.counts for chain in self.chains], axis=0).reshape(-1, COUNTS)
        pays = tuple(
            Pays(move=name, proposed=int(row[PROPOSED]), accepted=int(row[ACCEPTED]), better=int(row[BETTER]))
            for name, row in zip(NAMES, counts, strict=True)
        )
        return Found(
            plan=plan_of(self.problem, self.best),
            cost=self.cost,
            broken=self.broken,
            seconds=self.seconds,
            moves=self.moves,
            tried=sum(int(chain.register[MOVES]) for chain in self.chains),
            seed=self.seed,
            cores=self.cores,
            interrupted=self.interrupted,
            better=tuple(self.better),
            pays=pays,
        )
