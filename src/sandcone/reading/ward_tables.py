"""A hospital's own tables → an inpatient problem: patients, rooms, theatres, surgeons, nurses and their roster, and a ward.toml."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from sandcone.core.errors import ProblemError
from sandcone.core.inpatient import Hours, Inpatient, Nurse, Occupant, Problem, Room, Weights
from sandcone.reading.ward_cells import Known
from sandcone.reading.ward_file import read_ward_file
from sandcone.reading.ward_loading import Tables
from sandcone.reading.ward_rows import (
    NurseRow,
    OccupantRow,
    PatientRow,
    PersonRow,
    RoomRow,
    RosterRow,
    SurgeonRow,
    TheatreRow,
)


def read_ward(folder: str | Path) -> Problem:
    """Read a hospital's own tables as an inpatient problem: who waits, and the rooms, theatres, surgeons and nurses there are.

    The folder has ``ward.toml`` and the tables patients, rooms, theatres, surgeons, nurses, roster and perhaps occupants, as CSV or Parquet
    (docs/inpatients.md). ``ProblemError`` lists up to ten faults at once, each with its file, row and column, and what was found there.
    """
    folder = Path(folder)
    tables = Tables.of(folder, Known(ward=read_ward_file(folder)))
    try:
        return _problem(tables, folder)
    except ProblemError as e:
        if e.where == str(folder):
            raise
        raise ProblemError(str(folder), str(e).rstrip("."), "Mend the tables and read them again.") from None


def _problem(tables: Tables, folder: Path) -> Problem:
    """The tables in an order in which those come first whose names the others use; all faults in them are refused together."""
    ward, rooms = tables.known.ward, _rooms(tables)
    theatres, surgeons = _hours(tables, "theatre", "theatres", TheatreRow), _hours(tables, "surgeon", "surgeons", SurgeonRow)
    occupants, patients = _people(tables)
    nurses = _nurses(tables)
    tables.faults.refuse()
    return Problem(
        name=ward.name or folder.resolve().name,
        first_date=ward.first_date,
        days=ward.days,
        shifts=ward.shifts,
        ages=tuple(ward.ages),
        skill_levels=_levels((*occupants, *patients), nurses) if ward.skill_levels is None else ward.skill_levels,
        weights=Weights(**ward.weights),
        occupants=occupants,
        patients=patients,
        surgeons=surgeons,
        theatres=theatres,
        rooms=rooms,
        nurses=nurses,
    )


def _levels(people: Iterable[Occupant | Inpatient], nurses: Iterable[Nurse]) -> int:
    """How many levels of skill there are, from 0 to the highest that is named."""
    return 1 + max([*(max(p.skill) for p in people), *(n.skill for n in nurses)], default=0)


def _rooms(tables: Tables) -> tuple[Room, ...]:
    before = len(tables.faults.said)
    rows = tables.rows("rooms", RoomRow)
    _names(tables, "room", [(at, r.room) for at, r in rows], before)
    return tuple(Room(name=r.room, beds=r.beds) for _, r in rows)


def _people(tables: Tables) -> tuple[tuple[Occupant, ...], tuple[Inpatient, ...]]:
    occupants, patients = tables.rows("occupants", OccupantRow, empty=True, needed=False), tables.rows("patients", PatientRow)
    here = tables.once("person", [(at, o.patient) for at, o in occupants])
    tables.once("person", [(at, p.patient) for at, p in patients], here)
    _alike(tables, [*occupants, *patients])
    return tuple(Occupant(**_person(o), room=o.room) for _, o in occupants), tuple(_patient(p) for _, p in patients)


def _names(tables: Tables, what: str, named: list[tuple[str, str]], before: int) -> None:
    """Names for other tables to use; where a fault came since there were ``before``, the others are not held against them."""
    first = tables.once(what, named)
    if len(tables.faults.said) == before:
        tables.known.names[what] = list(first)


def _alike(tables: Tables, people: Sequence[tuple[str, PersonRow]]) -> None:
    """Refuse a gender written in two ways, which would be two genders."""
    spelt: dict[str, str] = {}
    for where, p in people:
        if spelt.setdefault(p.gender.lower(), p.gender) != p.gender:
            tables.faults.add(f"{where}, gender", f"{p.gender!r} stands elsewhere as {spelt[p.gender.lower()]!r}")


def _hours(tables: Tables, what: str, table: Any, form: type[TheatreRow] | type[SurgeonRow]) -> tuple[Hours, ...]:
    """Minutes by day; days that no row is about have none. A day's own row goes before its weekday's, that before one for all days."""
    found: dict[str, list[tuple[int, int]]] = {}  # name → for each day (minutes, how closely they were said)
    days = tables.known.ward.days
    before = len(tables.faults.said)
    for where, row in tables.rows(table, form):
        of = found.setdefault(row.name, [(0, -1)] * days)
        for day in row.days(tables.known):
            if of[day][1] == row.nearness:
                tables.faults.add(where, f"{what} {row.name!r} has another row for the same {'day' if row.nearness == 2 else 'days'}")
                break
            if of[day][1] < row.nearness:
                of[day] = (row.minutes[day % len(row.minutes)], row.nearness)
    if len(tables.faults.said) == before:
        tables.known.names[what] = list(found)
    return tuple(Hours(name=name, minutes=tuple(m for m, _ in of)) for name, of in found.items())


def _person(p: PersonRow) -> dict[str, Any]:
    return {"name": p.patient, "gender": p.gender, "age": p.age, "nights": p.nights, "load": p.load, "skill": p.skill}


def _patient(p: PatientRow) -> Inpatient:
    return Inpatient(
        **_person(p),
        release=p.first_day,
        due=p.last_day,
        minutes=p.minutes,
        surgeon=p.surgeon,
        unfit_rooms=frozenset(p.unfit_rooms),
    )


def _nurses(tables: Tables) -> tuple[Nurse, ...]:
    before = len(tables.faults.said)
    rows = tables.rows("nurses", NurseRow)
    _names(tables, "nurse", [(at, n.nurse) for at, n in rows], before)
    nurses = {n.nurse: n for _, n in reversed(rows)}  # of two that are called the same, the first
    most: dict[str, dict[int, int]] = {n: {} for n in nurses}
    for where, row in tables.rows("roster", RosterRow, empty=True):
        if row.nurse in nurses:
            _on_duty(tables, where, row, nurses[row.nurse], most[row.nurse])
    return tuple(Nurse(name=n.nurse, skill=n.skill, most=dict(sorted(most[n.nurse].items()))) for _, n in rows)


def _on_duty(tables: Tables, where: str, row: RosterRow, nurse: NurseRow, most: dict[int, int]) -> None:
    load, shifts = nurse.most if row.most is None else row.most, len(tables.known.ward.shifts)
    if load is None:
        tables.faults.add(where, f"neither this row nor nurse {row.nurse!r} says the most load (most)")
        return
    for day in row.days(tables.known):
        shift = day * shifts + row.shift
        if shift in most:
            tables.faults.add(where, f"nurse {row.nurse!r} has this shift twice")
            return
        most[shift] = load
