"""Plan whole paths: a first list, then patients taken out and put back by several cores at once, until it is time to stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from sandcone.core.journeys import Journeys, Timetable
from sandcone.core.model import Resource
from sandcone.planning.found import Pays, Progress, Stop, pays
from sandcone.planning.journeys.first import first_states, with_floors
from sandcone.planning.journeys.kernel import (
    A_DAY,
    CELLS,
    COUNTS,
    FROM,
    KINDS,
    NAMES,
    SEARCH,
    TO,
    Mine,
    State,
    work,
)
from sandcone.planning.journeys.standing import standing
from sandcone.planning.journeys.states import hands, taken_up, timetable_of, whose
from sandcone.planning.journeys.tables import tables
from sandcone.planning.searchable import drawable

EVERY = 1.0  # seconds between two words on progress
SPENT = 20  # a timetable that is handed on took so long; that many times as long passes before the next one is
FEW = 2_000  # patients from which cores share one timetable and divide its days; below, each has a timetable of its own
WIDE = 0.9  # how far from even the days are divided, in shares of one core's days
TOGETHER = (0.5, 0.7, 0.8, 0.9, 0.95)  # shares of the run after which cores with timetables of their own go on from the best


@dataclass(frozen=True, slots=True, kw_only=True)
class Cooling:
    """How the search cools, in minutes of cost, by the share of the run that is over; how many patients a move takes out at most."""

    hot: float = 3_000.0
    cold: float = 30.0
    most_out: int = 5
    skip: int = 800
    vary: int = 200
    often: tuple[int, ...] = (400, 400, 124, 100)

    def at(self, over: float) -> np.ndarray:
        """The kernel's ``floats``."""
        heat = self.hot * (self.cold / self.hot) ** min(over, 1.0)
        return np.array([heat, float(self.most_out - 1), self.skip, self.vary, *np.cumsum(self.often)])


@dataclass(frozen=True, kw_only=True)
class FoundJourneys:
    """The best timetable of a search and how it was found. ``better`` is (seconds, cost) whenever a better one was seen."""

    timetable: Timetable
    cost: int
    first_cost: int
    left_out: int
    seconds: float
    first_seconds: float
    moves: int
    seed: int
    cores: int
    interrupted: bool = False
    better: tuple[tuple[float, int], ...] = ()
    pays: tuple[Pays, ...] = field(default=(), repr=False)

    @property
    def pace(self) -> str:
        """How many moves a second were tried, in words."""
        return f"{self.moves / max(self.seconds, 1e-9):,.0f} moves a second"

    def __str__(self) -> str:
        gain = 100 * (1 - self.cost / max(self.first_cost, 1))
        head = f"Cost {self.cost:,}, {gain:.1f} % below the first list; {self.left_out} left out;"
        head += f" {self.seconds:.0f} s, {self.cores} cores, seed {self.seed}."
        rows = [f"  {p.move:<30}{p.proposed:>12,} tried{p.accepted:>12,} done{p.better:>11,} better" for p in self.pays if p.proposed]
        return "\n".join([head, *rows])


def plan_journeys(
    problem: Journeys,
    *,
    stop: Stop,
    seed: int,
    cores: int = 2,
    start: Timetable | None = None,
    told: Callable[[Progress], None] | None = None,
    kept: Callable[[Timetable], None] | None = None,
    cooling: Cooling | None = None,
) -> FoundJourneys:
    """The best timetable found before it is time to stop: when and with whom every task of every patient is.

    A first list books patients one by one; then some are taken out and put back otherwise, again and again (ruin and rebuild, Schrimpf et
    al. 2000, Journal of Computational Physics 159, 139–171), accepted as in simulated annealing. Costs are in minutes of waiting. Seconds
    begin when the compiled search is ready. Who would break a rule in ``start``, or is left out of it, is booked anew first. ``kept`` is
    given better timetables now and then, the last always. The same seed, cores and ``Stop(moves=...)`` give the same timetable. Ctrl-C
    ends the search with the best so far. ``ProblemError`` where the problem is beyond what the search can hold.
    """
    drawable(seed, cores)
    run = _Run(problem, stop, seed, cores, cooling or Cooling(), told, kept)
    run.go(start)
    return run.found()


class _Run:
    def __init__(
        self,
        problem: Journeys,
        stop: Stop,
        seed: int,
        cores: int,
        cooling: Cooling,
        told: Callable[[Progress], None] | None,
        kept: Callable[[Timetable], None] | None,
    ) -> None:
        self.problem, self.stop, self.seed, self.cores, self.cooling = problem, stop, seed, cores, cooling
        self.told, self.kept, self.kept_cost, self.next_kept = told, kept, -1, 0.0
        self.luck = np.random.default_rng(seed)
        self.shared = cores > 1 and len(problem.journeys) >= FEW
        self.slice = 1_000
        self.states: list[State] = []
        self.mine: list[Mine] = []
        self.better: list[tuple[float, int]] = []
        self.moves, self.leg, self.interrupted = 0, 0, False
        self.said = -EVERY

    def go(self, start: Timetable | None) -> None:
        """Run until it is time to stop."""
        warm_up()
        self.begin = time.perf_counter()
        self.given = given = tables(self.problem)
        keys = [int(x) for x in np.random.SeedSequence(self.seed).generate_state(self.cores, np.uint64)]
        first = standing(self.problem, given, start) if start is not None else first_states(given)
        self.first_seconds, self.first_cost = time.perf_counter() - self.begin, int(first.cost.sum())
        self.given = with_floors(given)
        self.cost, self.best = self.first_cost, (first.start.copy(), first.who.copy())
        self.states = [first] if self.shared else [first, *(taken_up(given, *self.best) for _ in range(self.cores - 1))]
        self.mine = [hands(given, key, me=i if self.shared else 0) for i, key in enumerate(keys)]
        try:
            self._look()
            with ThreadPoolExecutor(self.cores) as pool:
                while self._over() < 1 and not self.stop.reached(self.cost):
                    self._turn(pool)
        except KeyboardInterrupt:
            self.interrupted = True
        self._look(last=True)

    def _over(self) -> float:
        return self.stop.over(self.seconds, self.moves)

    def _turn(self, pool: ThreadPoolExecutor) -> None:
        over = self._over()
        if self.shared:
            self._divide()
        elif self.leg < len(TOGETHER) and over >= TOGETHER[self.leg]:
            self.leg += 1
            self.states = [taken_up(self.given, *self.best) for _ in self.states]
        floats = self.cooling.at(over)
        list(pool.map(lambda i: self._slice(i, floats), range(self.cores)))
        self.moves += self.slice * self.cores
        self._look()

    def _slice(self, i: int, floats: np.ndarray) -> None:
        self.mine[i].floats[:] = floats
        work(self.given, self.states[i % len(self.states)], self.mine[i], SEARCH, self.slice)

    def _divide(self) -> None:
        """Each core gets days of its own, divided anew every time; who has tasks in the days of two is not moved meanwhile."""
        day, cells = int(self.given.sizes[A_DAY]), int(self.given.sizes[CELLS])
        starts = np.append(self.states[0].start, cells // 2)
        shares = (np.arange(1, self.cores) + self.luck.uniform(-WIDE, WIDE)) / self.cores
        cuts = [0, *(int(c) // day * day for c in np.quantile(starts[starts >= 0], shares)), cells]
        for i, mine in enumerate(self.mine):
            mine.window[FROM], mine.window[TO] = cuts[i], cuts[i + 1]
        self.states[0].whose[:] = whose(self.given, self.states[0], cuts)

    def _look(self, *, last: bool = False) -> None:
        self.seconds = time.perf_counter() - self.begin
        for state in self.states:
            cost = int(state.cost.sum())
            if cost < self.cost:
                self.cost, self.best = cost, (state.start.copy(), state.who.copy())
                self.better.append((self.seconds, cost))
        self._hand_on(last=last)
        if self.told and (last or self.seconds - self.said >= EVERY):
            self.said = self.seconds
            over = min(self._over(), 1.0)
            heat = float(self.cooling.at(over)[0])
            self.told(Progress(over=over, seconds=self.seconds, cost=self.cost, broken=0, moves=self.moves, heat=heat))

    def _hand_on(self, *, last: bool) -> None:
        """The best so far as a timetable for whoever keeps it, as often as costs little."""
        if self.kept is None or self.cost == self.kept_cost or not (last or self.seconds >= self.next_kept):
            return
        begun = time.perf_counter()
        self.kept(timetable_of(self.problem, self.given, *self.best))
        self.kept_cost, took = self.cost, time.perf_counter() - begun
        self.next_kept = self.seconds + max(EVERY, SPENT * took)

    def found(self) -> FoundJourneys:
        """What came of it."""
        counts = np.sum([mine.counts for mine in self.mine], axis=0).reshape(KINDS, COUNTS)
        return FoundJourneys(
            timetable=timetable_of(self.problem, self.given, *self.best),
            cost=self.cost,
            first_cost=self.first_cost,
            left_out=int((self.best[0][self.given.task_at[:-1]] < 0).sum()),
            seconds=self.seconds,
            first_seconds=self.first_seconds,
            moves=self.moves,
            seed=self.seed,
            cores=self.cores,
            interrupted=self.interrupted,
            better=tuple(self.better),
            pays=pays(NAMES, counts),
        )


def warm_up() -> None:
    """Compile the search, or load it if that was done before."""
    first_states(tables(Journeys(name="nobody", begin=date(2030, 1, 1), days=1, resources={"one": Resource()}, pools={}, journeys=())))
