"""A problem and its plans from files, as they are after changes if a file of them is named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sandcone.core.inpatient import InpatientPlan, Problem
from sandcone.flow.kinds import inpatients_only
from sandcone.planning.changes import Change, Emergency, changed
from sandcone.planning.changes_file import read_changes
from sandcone.planning.keep import still
from sandcone.reading import read_inpatient_plan, read_problem
from sandcone.reading.wishes import read_weights


def problem_and_plans(problem: str | Path, changes: str | Path | None, *plans: str | Path) -> tuple[Problem, list[InpatientPlan]]:
    """A problem and plans for it; with ``changes`` the problem after them, and what of the plans there still is.

    Whom the first plan admits in the frozen days of the changes stays where they are, in a room that closes too.
    """
    given = read_inpatients(problem)
    if changes is None:
        return given, [read_inpatient_plan(p, given) for p in plans]
    said = read_changes(changes, given)
    everybody = with_emergencies(given, said.changes)
    found = [read_inpatient_plan(p, everybody) for p in plans]
    after = changed(given, said.changes, staying=frozen(found[0], said.frozen_until) if found else ())
    return after, [still(after, p) for p in found]


def problem_of(problem: Problem | str | Path, weights: str | Path | None = None) -> Problem:
    """A problem, from its file or folder of tables where it is one, with the weights that a file wishes for, if one is named."""
    return weighed(problem if isinstance(problem, Problem) else read_inpatients(problem), weights)


def read_inpatients(path: str | Path) -> Problem:
    """Read an inpatient problem; ``ProblemError`` where the file is about whole paths, or damaged."""
    inpatients_only(path)
    return read_problem(path)


def weighed(problem: Problem, weights: str | Path | None) -> Problem:
    """The problem with the weights that a file wishes for, if one is named."""
    return problem if weights is None else replace(problem, weights=read_weights(weights, problem.weights))


def frozen(plan: InpatientPlan, until: int) -> list[str]:
    """Whom a plan admits before a day."""
    return [a.patient for a in plan.admissions if a.day < until]


def with_emergencies(problem: Problem, changes: tuple[Change, ...]) -> Problem:
    """The problem with everybody in it whom a plan may name, made before the changes or after."""
    new = tuple(c.patient for c in changes if isinstance(c, Emergency))
    return replace(problem, patients=problem.patients + new)
