"""The verbs about plans, joined to the readers of their files: plan, check, compare."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sandcone.core.errors import ProblemError
from sandcone.core.inpatient import InpatientPlan, Problem
from sandcone.flow.best import Best
from sandcone.flow.files import problem_and_plans, problem_of
from sandcone.flow.watching import Words, watching
from sandcone.planning import Score, score
from sandcone.planning.compare import Compared
from sandcone.planning.compare import compare as side_by_side
from sandcone.planning.first_come import first_come
from sandcone.planning.planned import Planned, Seen
from sandcone.planning.searchable import drawable, searchable
from sandcone.planning.until import Until, until
from sandcone.reading import read_inpatient_plan

if TYPE_CHECKING:
    from sandcone.planning.ahead import Answer
    from sandcone.planning.found import Found

SHARE, MOST = 0.1, 60.0  # of the time for the bound, and the most seconds of it
COMPILING = "making the search ready (the first time on a machine it is compiled, about 15 s)"


def check(problem: str | Path, plan: str | Path, *, changes: str | Path | None = None) -> Score:
    """Score an inpatient plan by every rule, apart from whatever made it.

    Both are files in the form of the IHTC-2024 competition, or folders of tables; ``changes`` is a file of changes, after which the plan
    is to hold. Raises ``ProblemError`` where one is damaged, with the place.
    """
    given, plans = problem_and_plans(problem, changes, plan)
    return score(given, plans[0])


def compare(problem: str | Path, first: str | Path, second: str | Path | None = None, *, changes: str | Path | None = None) -> Compared:
    """Two plans of one problem side by side: by rule, and who has another day, room or theatre.

    Without a second plan the first is compared with first come, first served. Files and errors are those of ``check``.
    """
    given, plans = problem_and_plans(problem, changes, *([first] if second is None else [first, second]))
    if second is None:
        return side_by_side(given, first_come(given), plans[0], names=("first come", name_of(first)))
    return side_by_side(given, *plans, names=both_names(first, second))


def name_of(path: str | Path) -> str:
    """What a plan is called, by its file."""
    return Path(path).stem


def both_names(first: str | Path, second: str | Path) -> tuple[str, str]:
    """What two plans are called: by their files, with the folders where the files have the same name."""
    one, two = name_of(first), name_of(second)
    return (str(first), str(second)) if one == two else (one, two)


def plan(
    problem: Problem | str | Path,
    *,
    stop: str | Iterable[str] | Until,
    seed: int,
    cores: int = 2,
    out: str | Path | None = None,
    start: InpatientPlan | str | Path | None = None,
    bound: float | int | None = None,
    weights: str | Path | None = None,
    told: Words | None = None,
    watched: Callable[[Seen], None] | None = None,
) -> Planned:
    """Plan every inpatient's day, room, theatre and nurses: the best plan that is found before it is time to stop.

    ``stop`` is such as "600s", "10m", "1000000 moves", "2%" (of the gap to a lower bound) or several of them, whichever is first. The best
    plan so far is in ``out`` at all times, from the first second on; Ctrl-C ends the search with it. ``bound`` is how many seconds to
    look for a lower bound before the search (a tenth of the time, 60 at most, if a gap is asked for; else none). ``weights`` is a file of
    weights in words that hold instead of the problem's own. ``told`` hears words, ``watched`` about once a second what was come to. The
    same seed, cores and moves give the same plan.

    ``ProblemError`` where the problem or ``start`` is damaged, and where no plan was found that can be carried out.
    """
    asked, say = until(stop), told or (lambda words: None)
    drawable(seed, cores)
    seconds, given = for_the_bound(asked, bound), problem_of(problem, weights)
    searchable(given)
    best = Best(given, None if out is None else Path(out))
    begun = read_inpatient_plan(start, given) if isinstance(start, str | Path) else start
    plainest = first_come(given)
    for one in (*([] if begun is None else [begun]), plainest):  # in this order, as ``out`` may be the file of ``start``
        best.offer(one)
    run = _Run(given, asked, seed, cores, begun, best, say, watched)
    lower, found = run.go(seconds)
    if best.plan is None or best.score is None:
        raise nothing_found(given, found)
    return Planned(problem=given, plan=best.plan, score=best.score, rival=score(given, plainest), bound=lower, found=found)


@dataclass(frozen=True, slots=True)
class _Run:
    problem: Problem
    asked: Until
    seed: int
    cores: int
    start: InpatientPlan | None
    best: Best
    say: Words
    watched: Callable[[Seen], None] | None

    def go(self, seconds: float | None) -> tuple[int | None, Found | None]:
        """The bound and what the search found; whatever is not there yet when Ctrl-C is pressed is None."""
        lower, found, begun = None, None, time.monotonic()
        try:
            lower = self._bound(seconds)
            found = self._search(lower, time.monotonic() - begun)
            self.best.offer(found.plan)
        except KeyboardInterrupt:
            if self.best.plan is None:
                raise
        return found.bound if found is not None else lower.bound if lower is not None else None, found

    def _bound(self, seconds: float | None) -> Answer | None:
        if not seconds:
            return None
        from sandcone.flow.bounding import bound_of

        self.say(f"looking for a lower bound ({seconds:.0f} s)")
        found = bound_of(self.problem, seconds)
        self.say("no lower bound found in time" if found is None else f"no plan can cost less than {found.bound:,}")
        return found

    def _search(self, lower: Answer | None, spent: float) -> Found:
        self.say(COMPILING)
        from sandcone.planning.search import plan_inpatients

        return plan_inpatients(
            self.problem,
            stop=self.asked.stop(bound=None if lower is None else lower.bound, spent=spent),
            seed=self.seed,
            cores=self.cores,
            start=self.start,
            told=watching(self.best, self.watched),
            kept=self.best.offer,
            days=None if lower is None else lower.days,
        )


def for_the_bound(asked: Until, seconds: float | None) -> float | None:
    """How long to look for a lower bound: as said, else a tenth of the time, 60 s at most, where a gap to it is asked for."""
    if seconds is not None and not seconds >= 0:
        raise ProblemError("bound", f"{seconds:g} seconds", "Give 0 or more.")
    if seconds is None and asked.gap is not None:
        return MOST if asked.most is None else min(SHARE * asked.most, MOST)
    return seconds


def nothing_found(problem: Problem, found: Found | None) -> ProblemError:
    """The refusal where no plan can be carried out: what the nearest one breaks."""
    do = "Give it more time, or ask which demands are in conflict: sandcone explain PROBLEM --conflict."
    return not_carried_out(problem.name, "plan", None if found is None else score(problem, found.plan), do)


def not_carried_out(name: str, noun: str, nearest: Score | None, do: str) -> ProblemError:
    """The refusal where no plan or timetable was found, with the rules that the nearest one breaks."""
    broken = [] if nearest is None else [x for x in nearest.must if x.by]
    said = ", ".join(f"{x.rule.replace('_', ' ')} ({x.by})" for x in broken) or "something"
    return ProblemError(name, f"no {noun} was found that can be carried out; the nearest breaks: {said}", do)
