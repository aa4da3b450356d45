"""A plan as tables, admissions and care, as a planner changes them in a spreadsheet."""

from __future__ import annotations

from pathlib import Path

from sandcone.core.inpatient import Admission, InpatientPlan, Problem
from sandcone.reading.ward_cells import Known
from sandcone.reading.ward_file import Ward
from sandcone.reading.ward_loading import Tables
from sandcone.reading.ward_rows import AdmissionRow, CareRow


def read_plan_tables(folder: str | Path, problem: Problem) -> InpatientPlan:
    """Read a plan from the tables that ``save_plan_tables`` writes: admissions, and care if it is there.

    ``ProblemError`` lists up to ten faults at once, each with its file, row and column; patients without a day are left out.
    """
    tables = Tables.of(Path(folder), _known(problem))
    admissions = tables.rows("admissions", AdmissionRow)
    tables.once("patient", [(where, a.patient) for where, a in admissions])
    care = _care(tables, problem)
    tables.faults.refuse()
    come = (
        Admission(patient=a.patient, day=a.day, room=a.room, theatre=a.theatre)
        for _, a in admissions
        if a.day is not None and a.room is not None and a.theatre is not None
    )
    return InpatientPlan(admissions=tuple(come), care=care).fits(problem)


def _known(problem: Problem) -> Known:
    ward = Ward.model_construct(days=problem.days, first_date=problem.first_date, shifts=problem.shifts, ages=problem.ages)
    names = {
        "patient": list(problem.patient),
        "room": list(problem.room),
        "theatre": list(problem.theatre),
        "surgeon": list(problem.surgeon),
        "nurse": list(problem.nurse),
    }
    return Known(ward=ward, names=names)


def _care(tables: Tables, problem: Problem) -> dict[tuple[str, int], str]:
    care: dict[tuple[str, int], str] = {}
    for where, row in tables.rows("care", CareRow, empty=True, needed=False):
        shift = row.day * len(problem.shifts) + row.shift
        if row.nurse in problem.nurse and shift not in problem.nurse[row.nurse].most:
            tables.faults.add(where, f"nurse {row.nurse!r} is not on duty then")
        for room in row.rooms:
            if care.setdefault((room, shift), row.nurse) != row.nurse:
                tables.faults.add(where, f"room {room!r} has nurse {care[room, shift]!r} in this shift already")
    return care
