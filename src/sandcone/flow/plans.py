"""The verbs about plans, joined to the readers of their files."""

from __future__ import annotations

from pathlib import Path

from sandcone.planning import Score, score
from sandcone.reading import read_inpatient_plan, read_problem


def check(problem: str | Path, plan: str | Path) -> Score:
    """Score an inpatient plan by every rule, apart from whatever made it.

    Both are files in the form of the IHTC-2024 competition. Raises ``ProblemError`` where either is damaged, with the place.
    """
    given = read_problem(problem)
    return score(given, read_inpatient_plan(plan, given))
