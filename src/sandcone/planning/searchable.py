"""What a search cannot begin with, said before anything is worked out or written."""

from __future__ import annotations

from dataclasses import astuple

from sandcone.core.errors import ProblemError
from sandcone.core.inpatient import Inpatient, Occupant, Problem


def drawable(seed: int, cores: int) -> None:
    """``ProblemError`` where a seed is none, or there is no core to search with."""
    if seed < 0 or cores < 1:
        raise ProblemError("search", f"seed {seed}, {cores} cores", "Give a seed of 0 or more, and 1 core or more.")


def searchable(problem: Problem) -> None:
    """``ProblemError`` where a problem is beyond what the search can hold, or cannot be solved whatever is tried."""
    people: list[Inpatient | Occupant] = [*problem.patients, *problem.occupants]
    for what, found, most in (
        ("genders", len({p.gender for p in people}), 2),
        ("age groups", len(problem.ages), 6),
        ("beds in one room", max((r.beds for r in problem.rooms), default=0), 200),
    ):
        if found > most:
            raise ProblemError(problem.name, f"{found} {what}", f"The search holds up to {most}.")
    for what, some in (
        ("patient", problem.patients),
        ("room", problem.rooms),
        ("operating theatre", problem.theatres),
        ("nurse", problem.nurses),
    ):
        if not some:
            raise ProblemError(problem.name, f"no {what}", "Give at least one.")
    _numbers(problem)
    staffed = {s for n in problem.nurses for s in n.most}
    for shift in range(problem.days * len(problem.shifts)):
        if shift not in staffed:
            raise ProblemError(problem.name, f"no nurse on duty on {problem.shift_name(shift)}", "Put somebody on the roster.")
    for p in problem.patients:
        if len(p.unfit_rooms) >= len(problem.rooms) and p.mandatory:
            raise ProblemError(f"patient {p.name!r}", "must be treated, and no room suits", "Let at least one room suit.")


def _numbers(problem: Problem) -> None:
    """Numbers that the kernel's sums can hold."""
    people: list[Inpatient | Occupant] = [*problem.patients, *problem.occupants]
    hours = (m for x in (*problem.surgeons, *problem.theatres) for m in x.minutes)
    for what, found, most in (
        ("minutes of a patient", (p.minutes for p in problem.patients), 10**6),
        ("load of a person", (x for p in people for x in p.load), 10**6),
        ("skill that a person needs", (x for p in people for x in p.skill), 1000),
        ("skill of a nurse", (n.skill for n in problem.nurses), 1000),
        ("minutes of a day", hours, 10**9),
        ("most load of a nurse", (m for n in problem.nurses for m in n.most.values()), 10**9),
        ("weight", astuple(problem.weights), 10**12),
    ):
        if (largest := max(found, default=0)) > most:
            raise ProblemError(problem.name, f"a number of {largest:,} ({what})", f"The search holds up to {most:,} there.")
