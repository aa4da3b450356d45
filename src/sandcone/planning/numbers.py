"""A plan as the numbers that go with the search's tables, there and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sandcone.core.inpatient import Admission, InpatientPlan, Problem
from sandcone.planning.kernel import Given, Small


class Numbers(NamedTuple):
    """A plan as numbers: day (-1: left out), room and theatre by patient, nurse by (room, shift)."""

    day: Small
    room: Small
    theatre: Small
    care: Small


def index(named: Sequence[object]) -> dict[str, int]:
    """Places by name."""
    return {str(getattr(x, "name")): i for i, x in enumerate(named)}  # noqa: B009


def numbers_of(problem: Problem, given: Given, plan: InpatientPlan, care: Small) -> Numbers:
    """A plan as numbers; rooms without a nurse get the one in ``care``, and nobody comes where that is not allowed."""
    room, theatre, nurse = index(problem.rooms), index(problem.theatres), index(problem.nurses)
    shifts, rooms = problem.days * len(problem.shifts), len(problem.rooms)
    care = care.copy()
    for (r, s), n in plan.care.items():
        care[room[r] * shifts + s] = nurse[n]
    day = np.full(len(problem.patients), -1, dtype=np.int32)
    found = Numbers(day, day.copy(), day.copy(), care)
    for i, p in enumerate(problem.patients):
        a = plan.admitted.get(p.name)
        if a is None or not given.first[i] <= a.day <= given.last[i] or not given.fits[i * rooms + room[a.room]]:
            continue
        if given.only_theatre[i] in (-1, theatre[a.theatre]):
            found.day[i], found.room[i], found.theatre[i] = a.day, room[a.room], theatre[a.theatre]
    return found


def plan_of(problem: Problem, numbers: Numbers) -> InpatientPlan:
    """Numbers as a plan; nurses are named only where somebody is in the room."""
    k, days = len(problem.shifts), problem.days
    used = np.zeros((len(problem.rooms), days), dtype=bool)
    where = index(problem.rooms)
    for o in problem.occupants:
        used[where[o.room], : o.nights] = True
    admissions = []
    for p, d, r, t in zip(problem.patients, numbers.day.tolist(), numbers.room.tolist(), numbers.theatre.tolist(), strict=True):
        if d >= 0:
            used[r, d : d + p.nights] = True
            admissions.append(Admission(patient=p.name, day=d, room=problem.rooms[r].name, theatre=problem.theatres[t].name))
    care = numbers.care.reshape(len(problem.rooms), days * k)
    given = {
        (problem.rooms[r].name, s): problem.nurses[care[r, s]].name
        for r, d in zip(*(x.tolist() for x in np.nonzero(used)), strict=True)
        for s in range(d * k, d * k + k)
    }
    return InpatientPlan(admissions=tuple(admissions), care=given)
