"""Inpatient problems and plans as files, in the form of the Integrated Healthcare Timetabling Competition 2024 (JSON), or as tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sandcone.core.errors import ProblemError
from sandcone.core.inpatient import Admission, Hours, Inpatient, InpatientPlan, Nurse, Occupant, Problem, Room, Weights
from sandcone.core.place import beside
from sandcone.reading.plan_tables import read_plan_tables
from sandcone.reading.ward_tables import read_ward

Count = Annotated[int, Field(ge=0)]


class _File(BaseModel):
    """What is known of a file; other keys are remarks and are left alone."""

    model_config = ConfigDict(strict=True, frozen=True)


class _Weights(_File):
    room_mixed_age: Count
    room_nurse_skill: Count
    continuity_of_care: Count
    nurse_eccessive_workload: Count  # spelled so in the files
    open_operating_theater: Count
    surgeon_transfer: Count
    patient_delay: Count
    unscheduled_optional: Count


class _Person(_File):
    id: str
    gender: str
    age_group: str
    length_of_stay: int
    workload_produced: list[int]
    skill_level_required: list[int]


class _Occupant(_Person):
    room_id: str


class _Patient(_Person):
    mandatory: bool
    surgery_release_day: int
    surgery_due_day: int | None = None
    surgery_duration: Count
    surgeon_id: str
    incompatible_room_ids: list[str] | None = None


class _Surgeon(_File):
    id: str
    max_surgery_time: list[int]


class _Theatre(_File):
    id: str
    availability: list[int]


class _Room(_File):
    id: str
    capacity: Count


class _Shift(_File):
    day: int
    shift: str
    max_load: Count


class _Nurse(_File):
    id: str
    skill_level: Count
    working_shifts: list[_Shift]


class _Problem(_File):
    days: Annotated[int, Field(ge=1)]
    skill_levels: Count = 0
    shift_types: Annotated[list[str], Field(min_length=1)]
    age_groups: Annotated[list[str], Field(min_length=1)]
    weights: _Weights
    occupants: list[_Occupant]
    patients: list[_Patient]
    surgeons: list[_Surgeon]
    operating_theaters: list[_Theatre]
    rooms: list[_Room]
    nurses: list[_Nurse]


class _Admission(_File):
    id: str
    admission_day: int | Literal["none"]
    room: str | None = None
    operating_theater: str | None = None


class _Assignment(_File):
    day: int
    shift: str
    rooms: list[str]


class _NursePlan(_File):
    id: str
    assignments: list[_Assignment] = []


class _Plan(_File):
    patients: list[_Admission]
    nurses: list[_NursePlan]


F = TypeVar("F", bound=_File)


def read_problem(path: str | Path) -> Problem:
    """Read an inpatient problem; ``ProblemError`` says what in it cannot be, where, and what to do. A folder is read as tables."""
    if Path(path).is_dir():
        return read_ward(path)
    file = _parsed(Path(path), _Problem, "an inpatient problem")
    try:
        return _problem(file, Path(path).name.removesuffix(".json"))
    except ProblemError as e:
        raise ProblemError(str(path), str(e).rstrip("."), "Mend the file and read it again.") from None


def _problem(f: _Problem, name: str) -> Problem:
    ages = {a: i for i, a in enumerate(f.age_groups)}
    w = f.weights
    return Problem(
        name=name,
        days=f.days,
        shifts=tuple(f.shift_types),
        ages=tuple(f.age_groups),
        skill_levels=f.skill_levels,
        weights=Weights(
            mixed_ages=w.room_mixed_age,
            skill_short=w.room_nurse_skill,
            nurses_met=w.continuity_of_care,
            overload=w.nurse_eccessive_workload,
            open_theatre=w.open_operating_theater,
            surgeon_moves=w.surgeon_transfer,
            delay=w.patient_delay,
            left_out=w.unscheduled_optional,
        ),
        occupants=tuple(Occupant(**_person(o, ages), room=o.room_id) for o in f.occupants),
        patients=tuple(_patient(p, ages) for p in f.patients),
        surgeons=tuple(Hours(name=s.id, minutes=tuple(s.max_surgery_time)) for s in f.surgeons),
        theatres=tuple(Hours(name=t.id, minutes=tuple(t.availability)) for t in f.operating_theaters),
        rooms=tuple(Room(name=r.id, beds=r.capacity) for r in f.rooms),
        nurses=tuple(_nurse(n, f) for n in f.nurses),
    )


def _person(p: _Person, ages: dict[str, int]) -> dict[str, Any]:
    if p.age_group not in ages:
        raise ProblemError(f"person {p.id!r}", f"no age group is called {p.age_group!r}", f"There are {', '.join(ages)}.")
    return {
        "name": p.id,
        "gender": p.gender,
        "age": ages[p.age_group],
        "nights": p.length_of_stay,
        "load": tuple(p.workload_produced),
        "skill": tuple(p.skill_level_required),
    }


def _patient(p: _Patient, ages: dict[str, int]) -> Inpatient:
    if p.mandatory and p.surgery_due_day is None:
        raise ProblemError(f"patient {p.id!r}", "must be treated, and has no last day", "Give surgery_due_day.")
    return Inpatient(
        **_person(p, ages),
        release=p.surgery_release_day,
        due=p.surgery_due_day if p.mandatory else None,
        minutes=p.surgery_duration,
        surgeon=p.surgeon_id,
        unfit_rooms=frozenset(p.incompatible_room_ids or ()),
    )


def _nurse(n: _Nurse, f: _Problem) -> Nurse:
    most: dict[int, int] = {}
    for w in n.working_shifts:
        shift = _shift(f"nurse {n.id!r}", w.day, w.shift, tuple(f.shift_types), f.days)
        if shift in most:
            raise ProblemError(f"nurse {n.id!r}", f"day {w.day} {w.shift} stands twice", "Give each shift once.")
        most[shift] = w.max_load
    return Nurse(name=n.id, skill=n.skill_level, most=most)


def _shift(where: str, day: int, name: str, shifts: tuple[str, ...], days: int) -> int:
    if not 0 <= day < days:
        raise ProblemError(where, f"day {day}", f"Give a day from 0 to {days - 1}.")
    if name not in shifts:
        raise ProblemError(where, f"no shift is called {name!r}", f"There are {', '.join(shifts)}.")
    return day * len(shifts) + shifts.index(name)


def read_inpatient_plan(path: str | Path, problem: Problem) -> InpatientPlan:
    """Read a plan; ``ProblemError`` where it is damaged or names what the problem does not have. A folder is read as tables."""
    if Path(path).is_dir():
        return read_plan_tables(path, problem)
    file = _parsed(Path(path), _Plan, "an inpatient plan")
    try:
        return InpatientPlan(admissions=tuple(_admissions(file)), care=_care(file, problem)).fits(problem)
    except ProblemError as e:
        raise ProblemError(str(path), str(e).rstrip("."), "Mend the file and read it again.") from None


def _admissions(file: _Plan) -> list[Admission]:
    found, seen = [], set[str]()
    for p in file.patients:
        if p.id in seen:
            raise ProblemError(f"admission {p.id!r}", "named twice", "Give every patient once, with a day or left out.")
        seen.add(p.id)
        if p.admission_day == "none":
            continue
        if p.room is None or p.operating_theater is None:
            raise ProblemError(f"admission of {p.id!r}", "no room or no operating_theater", 'Give both, or the admission_day "none".')
        found.append(Admission(patient=p.id, day=p.admission_day, room=p.room, theatre=p.operating_theater))
    return found


def _care(file: _Plan, problem: Problem) -> dict[tuple[str, int], str]:
    care: dict[tuple[str, int], str] = {}
    for n in file.nurses:
        for a in n.assignments:
            shift = _shift(f"nurse {n.id!r}", a.day, a.shift, problem.shifts, problem.days)
            for room in a.rooms:
                if (room, shift) in care:
                    where = f"room {room!r}, {problem.shift_name(shift)}"
                    raise ProblemError(where, f"given twice, to {care[room, shift]!r} and {n.id!r}", "Give a room one nurse in a shift.")
                care[room, shift] = n.id
    return care


def save_inpatient_plan(plan: InpatientPlan, problem: Problem, path: str | Path) -> Path:
    """Write a plan; the file is whole or not there at all, and any checker of the competition reads it."""
    text = json.dumps(_plan_as_json(plan, problem), indent=1) + "\n"
    with beside(Path(path)) as unfinished:
        unfinished.write_text(text, encoding="utf-8")
    return Path(path)


def _plan_as_json(plan: InpatientPlan, problem: Problem) -> dict[str, object]:
    k = len(problem.shifts)
    rooms: dict[str, dict[int, list[str]]] = {n.name: {} for n in problem.nurses}
    for (room, shift), nurse in sorted(plan.care.items()):
        rooms[nurse].setdefault(shift, []).append(room)
    patients: list[dict[str, object]] = []
    for p in problem.patients:
        a = plan.admitted.get(p.name)
        said = {"admission_day": "none"} if a is None else {"admission_day": a.day, "room": a.room, "operating_theater": a.theatre}
        patients.append({"id": p.name, **said})
    nurses = [
        {"id": n, "assignments": [{"day": s // k, "shift": problem.shifts[s % k], "rooms": r} for s, r in sorted(given.items())]}
        for n, given in rooms.items()
    ]
    return {"patients": patients, "nurses": nurses}


def _parsed(path: Path, form: type[F], what: str) -> F:
    try:
        return form.model_validate_json(path.read_bytes())
    except OSError as e:
        raise ProblemError(str(path), f"cannot be read ({e.strerror})", f"Give {what} as JSON.") from None
    except ValidationError as e:
        first = e.errors(include_url=False)[0]
        place = ", ".join(str(p) for p in first["loc"])
        found = f"{place}: {first['msg']}" if place else first["msg"]
        raise ProblemError(str(path), found, f"Give {what} as JSON; see docs/inpatients.md.") from None
