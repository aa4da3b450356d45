"""What kind of problem a file holds, seen once, from what the file says of itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from sandcone.core.errors import ProblemError
from sandcone.core.inpatient import Problem
from sandcone.core.journeys import Journeys

Kind = Literal["inpatients", "whole paths"]
BOOK = "Make whole paths of its patients that can be booked: sandcone personalise MODEL PEOPLE --library LIBRARY -o OUT --journeys FILE"
DO: Mapping[str, str] = {
    "model": f"{BOOK} --days 28.",
    "paths": f"{BOOK} --days 28.",
    "timetable": "Name the problem first, and the timetable after it.",
}
OTHERWISE = "Give an inpatient problem (docs/inpatients.md), or whole paths to be booked (docs/paths.md)."


def kind_of(problem: Problem | Journeys | str | Path) -> Kind:
    """Whether a problem, or the file or folder it is in, is about inpatients or about whole paths.

    A file that says nothing of itself is for the reader of inpatient problems to judge. ``ProblemError`` where it says that it is
    something else.
    """
    if not isinstance(problem, str | Path):
        return "whole paths" if isinstance(problem, Journeys) else "inpatients"
    said = says_it_is(Path(problem))
    if said == "journeys":
        return "whole paths"
    if said is None:
        return "inpatients"
    raise ProblemError(str(problem), f"this is a file of {said}, not a problem", DO.get(said, OTHERWISE))


def says_it_is(path: Path) -> str | None:
    """What one of our own files says it is; None where it is none of ours, or cannot be read."""
    try:
        said = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
    except (OSError, ValueError, RecursionError):
        return None
    return str(said["sandcone"]) if isinstance(said, dict) and "sandcone" in said else None


def inpatients_only(problem: Problem | Journeys | str | Path) -> None:
    """``ProblemError`` where a problem is about whole paths, for which there is no such answer yet."""
    if kind_of(problem) == "whole paths":
        where = problem.name if isinstance(problem, Problem | Journeys) else str(problem)
        raise ProblemError(where, "this is about whole paths, and the command is for inpatients", "Give an inpatient problem.")
