"""An inpatient problem and a plan as tables, which a planner can open in a spreadsheet and which are read back the same."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

from sandcone.core.errors import ProblemError
from sandcone.core.inpatient import Hours, Inpatient, InpatientPlan, Occupant, Problem
from sandcone.core.place import beside
from sandcone.reading.columns import MISSING
from sandcone.reading.ward_file import FILE

Form = Literal["csv", "parquet"]
Cell = str | int | date | Sequence[int] | Sequence[str] | None
PERSON = ("patient", "gender", "age", "nights", "load", "skill")
PATIENT = (*PERSON, "first_day", "last_day", "minutes", "surgeon", "unfit_rooms")


def write_ward(problem: Problem, folder: str | Path, form: Form = "csv") -> Path:
    """Write an inpatient problem as the tables that ``read_ward`` reads, and give the folder; read back, it is the same problem.

    Days are dates where the problem knows its first date, else numbers from 0. ``ProblemError`` where a name cannot stand in a table, and
    where the folder has a table in another form already.
    """
    folder = Path(folder)
    tables = _tables(problem)
    _can_be_written(problem, folder, [*tables], form)
    for name, (head, rows) in tables.items():
        _write(folder / f"{name}.{form}", head, rows)
    with beside(folder / FILE) as unfinished:
        unfinished.write_text(_toml(problem), encoding="utf-8")
    return folder


def save_plan_tables(plan: InpatientPlan, problem: Problem, folder: str | Path, form: Form = "csv") -> Path:
    """Write a plan as two tables, admissions and care, and give the folder; ``read_inpatient_plan`` reads it back.

    admissions has a row for each patient, by day and theatre (patient, day, room, theatre, surgeon); who is left out stands last, without
    a day. care has a row for each nurse and shift (nurse, day, shift, rooms). Days are dates where the problem knows its first date.
    """
    folder = Path(folder)
    _write(folder / f"admissions.{form}", ("patient", "day", "room", "theatre", "surgeon"), _admissions(plan, problem))
    _write(folder / f"care.{form}", ("nurse", "day", "shift", "rooms"), _care(plan, problem))
    return folder


def _admissions(plan: InpatientPlan, problem: Problem) -> list[list[Cell]]:
    surgeon = {p.name: p.surgeon for p in problem.patients}
    come = sorted(plan.admissions, key=lambda a: (a.day, a.theatre, surgeon[a.patient], a.patient))
    out = plan.left_out(problem)
    rows: list[list[Cell]] = [[a.patient, _day(problem, a.day), a.room, a.theatre, surgeon[a.patient]] for a in come]
    return rows + [[p.name, None, None, None, p.surgeon] for p in out]


def _care(plan: InpatientPlan, problem: Problem) -> list[list[Cell]]:
    rooms: dict[tuple[int, str], list[str]] = {}
    for (room, shift), nurse in sorted(plan.care.items()):
        rooms.setdefault((shift, nurse), []).append(room)
    return [[n, _day(problem, s // len(problem.shifts)), problem.shifts[s % len(problem.shifts)], r] for (s, n), r in sorted(rooms.items())]


def _day(problem: Problem, day: int) -> int | date:
    return problem.date_of(day) or day


def _tables(problem: Problem) -> dict[str, tuple[Sequence[str], list[list[Cell]]]]:
    n = len(problem.shifts)
    roster: list[list[Cell]] = [
        [x.name, _day(problem, s // n), problem.shifts[s % n], most] for x in problem.nurses for s, most in x.most.items()
    ]
    return {
        "patients": (PATIENT, [_patient(problem, p) for p in problem.patients]),
        "occupants": ((*PERSON, "room"), [[*_person(problem, o), o.room] for o in problem.occupants]),
        "rooms": (("room", "beds"), [[r.name, r.beds] for r in problem.rooms]),
        "theatres": (("theatre", "day", "minutes"), _hours(problem, problem.theatres)),
        "surgeons": (("surgeon", "day", "minutes"), _hours(problem, problem.surgeons)),
        "nurses": (("nurse", "skill"), [[x.name, x.skill] for x in problem.nurses]),
        "roster": (("nurse", "day", "shift", "most"), roster),
    }


def _hours(problem: Problem, hours: Iterable[Hours]) -> list[list[Cell]]:
    return [[h.name, _day(problem, d), minutes] for h in hours for d, minutes in enumerate(h.minutes)]


def _person(problem: Problem, p: Inpatient | Occupant) -> list[Cell]:
    return [p.name, p.gender, problem.ages[p.age], p.nights, p.load, p.skill]


def _patient(problem: Problem, p: Inpatient) -> list[Cell]:
    last = None if p.due is None else _day(problem, p.due)
    return [*_person(problem, p), _day(problem, p.release), last, p.minutes, p.surgeon, sorted(p.unfit_rooms)]


def _can_be_written(problem: Problem, folder: Path, tables: list[str], form: Form) -> None:
    for what, name in sorted(set(_said(problem))):
        if name in MISSING and what in ("gender", "shift", "age"):
            raise ProblemError(f"{what} {name!r}", "in a table this says nothing", "Call it something else.")
        if not name or name != name.strip() or "\n" in name or "\r" in name or (what == "room" and ";" in name):
            raise ProblemError(f"{what} {name!r}", "this name cannot stand in a table", "Leave out spaces around it, and ';' in a room.")
    other = "parquet" if form == "csv" else "csv"
    there = next((name for name in tables if (folder / f"{name}.{other}").exists()), None)
    if there:
        raise ProblemError(str(folder), f"it has {there}.{other} already", "Write to another folder, or in the same form.")


def _said(problem: Problem) -> Iterable[tuple[str, str]]:
    """Every name and word that tables hold, with what it is."""
    people: tuple[Inpatient | Occupant, ...] = (*problem.patients, *problem.occupants)
    for p in people:
        yield from (("person", p.name), ("gender", p.gender))
    for what, names in (
        ("shift", problem.shifts),
        ("age", problem.ages),
        ("room", problem.room),
        ("theatre", problem.theatre),
        ("surgeon", problem.surgeon),
        ("nurse", problem.nurse),
    ):
        yield from ((what, name) for name in names)


def _write(path: Path, head: Sequence[str], rows: list[list[Cell]]) -> None:
    with beside(path) as unfinished:
        if path.suffix == ".parquet":
            columns = zip(*rows, strict=True) if rows else ([] for _ in head)
            pq.write_table(pa.table({name: list(values) for name, values in zip(head, columns, strict=True)}), unfinished)
            return
        with unfinished.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(head)
            writer.writerows([_text(cell) for cell in row] for row in rows)


def _text(cell: Cell) -> str:
    """A cell of a CSV file; a list in which all numbers are the same is written as one."""
    if cell is None:
        return ""
    if isinstance(cell, str | int | date):
        return str(cell)
    parts = [str(x) for x in cell]
    same = len(set(parts)) == 1 and not isinstance(cell[0], str)
    return parts[0] if same else ";".join(parts)


def _toml(problem: Problem) -> str:
    """ward.toml for a problem; what is quoted as JSON is quoted for TOML too."""
    said = {
        "name": problem.name,
        "days": problem.days,
        "shifts": problem.shifts,
        "ages": problem.ages,
        "skill_levels": problem.skill_levels,
    }
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in said.items()]
    first = [] if problem.first_date is None else [f"first_date = {problem.first_date.isoformat()}"]
    weights = [f"{name} = {weight}" for name, weight in asdict(problem.weights).items()]
    return "\n".join([*lines[:1], *first, *lines[1:], "", "[weights]", *weights, ""])
