"""The verbs that give reasons for a plan, joined to the readers of their files: explain, conflict, fairness, sweep."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from sandcone.core.errors import ProblemError
from sandcone.core.frontier import Frontier
from sandcone.core.inpatient import InpatientPlan, Problem
from sandcone.core.place import beside
from sandcone.flow.files import problem_and_plans, problem_of, weighed
from sandcone.flow.watching import Words
from sandcone.planning.conflict import Conflict
from sandcone.planning.conflict import conflict as find_conflict
from sandcone.planning.explain import Explained
from sandcone.planning.explain import explain as explain_patient
from sandcone.planning.explain_words import why_left_out
from sandcone.planning.fairness import Fairness
from sandcone.planning.fairness import fairness as spread
from sandcone.planning.found import Stop
from sandcone.planning.sweep import sweep as tilt
from sandcone.planning.until import DO, Until, until
from sandcone.reading import save_inpatient_plan
from sandcone.reporting.frontier_picture import frontier_file

File = str | Path


def explain(problem: File, plan: File, patient: str, *, weights: File | None = None, changes: File | None = None) -> Explained:
    """Why a plan has a patient where it does: every other day, room and theatre, by what it would cost or what forbids it.

    ``weights`` is a file of weights in words that hold instead of the problem's own, ``changes`` a file of changes after which the plan
    was made. ``ProblemError`` where a file is damaged, and where the problem has no such patient.
    """
    return explain_patient(*_both(problem, plan, weights, changes), patient)


def left_out(problem: File, plan: File, *, weights: File | None = None, changes: File | None = None) -> tuple[tuple[str, str], ...]:
    """Every patient a plan leaves out, each with one sentence that says why; files and errors are those of ``explain``."""
    return why_left_out(*_both(problem, plan, weights, changes))


def conflict(problem: File, *, seconds: float = 60.0, changes: File | None = None, told: Words = lambda _: None) -> Conflict | None:
    """Demands of a problem that cannot all be met, none of which can be spared; None if there is a plan that can be carried out.

    ``ProblemError`` where the problem is damaged, and where it was not settled within about so many seconds.
    """
    return find_conflict(problem_and_plans(problem, changes)[0], seconds, told)


def fairness(problem: File, plan: File, *, weights: File | None = None, changes: File | None = None) -> Fairness:
    """How a plan's cost is spread over the people in it: who bears what, and the worst-off tenth; files and errors as for ``explain``."""
    return spread(*_both(problem, plan, weights, changes))


def sweep(
    problem: Problem | File,
    *,
    stop: str | Iterable[str] | Until,
    seed: int,
    points: int = 9,
    cores: int = 2,
    told: Words = lambda _: None,
) -> Frontier:
    """What can be had for what: the problem planned with weights tilted to resources, flow and personal fit, each until ``stop``.

    ``stop`` is as for ``plan``, without a gap: bounds differ from weights to weights. ``ProblemError`` where it is one.
    """
    when = _stop(until(stop))

    def planner(tilted: Problem) -> InpatientPlan:
        from sandcone.planning.search import plan_inpatients

        found = plan_inpatients(tilted, stop=when, seed=seed, cores=cores)
        if found.interrupted:
            raise KeyboardInterrupt
        return found.plan

    return tilt(problem_of(problem), planner, points=points, told=told)


def save_frontier(frontier: Frontier, problem: Problem, folder: File) -> Path:
    """Keep a frontier in a folder: the picture (frontier.svg), the figures (frontier.json) and each plan (plan1.json, …)."""
    where = Path(folder)
    _write(where / "frontier.svg", frontier_file(frontier))
    _write(where / "frontier.json", json.dumps(frontier.as_json(), indent=1) + "\n")
    for point in frontier.points:
        save_inpatient_plan(point.plan, problem, where / f"plan{point.number}.json")
    return where


def _both(problem: File, plan: File, weights: File | None, changes: File | None) -> tuple[Problem, InpatientPlan]:
    given, (made,) = problem_and_plans(problem, changes, plan)
    return weighed(given, weights), made


def _stop(asked: Until) -> Stop:
    if asked.gap is not None:
        raise ProblemError(
            "stop", "a gap to a bound, which differs from weights to weights", DO.replace(" or a gap to the lower bound (2%)", "")
        )
    return asked.stop(bound=None)


def _write(path: Path, text: str) -> None:
    with beside(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8")
