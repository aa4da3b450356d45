"""Problems and plans written as tables, and read back the same."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Literal

import pytest

from sandcone.core.errors import ProblemError
from sandcone.core.inpatient import InpatientPlan, Problem
from sandcone.planning import score
from sandcone.reading import read_inpatient_plan, read_problem, read_ward, save_plan_tables, write_ward
from tests.planning.wards import nurse, occupant, patient, plan, ward

IHTC = Path(__file__).resolve().parents[3] / "shared" / "benchmarks" / "ihtc2024"
needs_ihtc = pytest.mark.skipif(not IHTC.is_dir(), reason="the competition's files do not lie beside the repository")
Form = Literal["csv", "parquet"]


def small(**what: object) -> Problem:
    ann = patient('Ann, the "first"', load=(3, 1, 0, 2), due=3, unfit_rooms=frozenset({"R2", "R1"}))
    off = replace(nurse("Off"), most={})
    return ward(ann, patient("NA", gender="B", release=2), occupants=(occupant(),), nurses=(nurse(), off), **what)


def rows_of(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8").splitlines()))


def planned() -> InpatientPlan:
    return plan(("NA", 2, "R2", "T1"), care={("R1", 0): "Nia", ("R2", 0): "Nia", ("R2", 5): "Nia"})


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("first", [None, date(2027, 12, 30)])
def test_a_problem_is_the_same_when_it_is_read_back(form: Form, first: date | None, tmp_path: Path) -> None:
    problem = small(first_date=first)
    assert read_ward(write_ward(problem, tmp_path, form)) == problem


@needs_ihtc
@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("name", ["test01", "i02", "i20", "i30"])
def test_an_instance_of_the_competition_is_the_same_as_tables(name: str, form: Form, tmp_path: Path) -> None:
    problem = read_problem(IHTC / "instances" / f"{name}.json")
    assert read_ward(write_ward(problem, tmp_path, form)) == problem


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("first", [None, date(2027, 12, 30)])
def test_a_plan_is_the_same_when_it_is_read_back(form: Form, first: date | None, tmp_path: Path) -> None:
    problem = small(first_date=first)
    assert read_inpatient_plan(save_plan_tables(planned(), problem, tmp_path, form), problem) == planned()


@needs_ihtc
def test_a_competition_plan_costs_the_same_as_tables(tmp_path: Path) -> None:
    problem = read_problem(IHTC / "instances" / "test05.json")
    given = read_inpatient_plan(IHTC / "solutions" / "sol_test05.json", problem)
    again = read_inpatient_plan(save_plan_tables(given, problem, tmp_path), problem)
    assert (again.admitted, again.care) == (given.admitted, given.care)
    assert score(problem, again).cost == score(problem, given).cost


def test_the_tables_of_a_plan_name_dates_surgeons_and_who_is_left_out(tmp_path: Path) -> None:
    save_plan_tables(planned(), small(first_date=date(2027, 12, 30)), tmp_path)
    rows = rows_of(tmp_path / "admissions.csv")
    assert rows[1:] == [["NA", "2028-01-01", "R2", "T1", "Sen"], ['Ann, the "first"', "", "", "", "Sen"]]
    care = rows_of(tmp_path / "care.csv")
    assert care[1:] == [["Nia", "2027-12-30", "early", "R1;R2"], ["Nia", "2028-01-01", "night", "R2"]]


@pytest.mark.parametrize(
    ("admissions", "care", "says"),
    [
        ("Zoe,2,R2,T1", "", "admissions.csv, row 2, patient: no patient is called 'Zoe'"),
        ("NA,2,,T1", "", "row 2: give day, room and theatre, or none of them for a patient who is left out"),
        ("NA,5,R2,T1", "", "row 2, day: 5 is outside the horizon (5 days from 0)"),
        ("NA,2,R2,T1\nNA,3,R2,T1", "", "row 3: patient 'NA' stands twice"),
        ("NA,2,R2,T1", "Off,0,early,R1", "care.csv, row 2: nurse 'Off' is not on duty then"),
        ("NA,2,R2,T1", "Nia,0,early,R1\nTwo,0,early,R1;R2", "care.csv, row 3: room 'R1' has nurse 'Nia' in this shift already"),
        ("NA,2,R2,T1", "Nia,0,noon,R1", "care.csv, row 2, shift: no shift is called 'noon'"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_with_the_place(admissions: str, care: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "admissions.csv").write_text(f"patient,day,room,theatre\n{admissions}\n")
    (tmp_path / "care.csv").write_text(f"nurse,day,shift,rooms\n{care}\n")
    problem = small()
    with pytest.raises(ProblemError) as said:
        read_inpatient_plan(tmp_path, replace(problem, nurses=(*problem.nurses, nurse("Two"))))
    assert says in str(said.value)


@pytest.mark.parametrize("name", ["", " R1", "R;1", "R\n1"])
def test_a_name_that_cannot_stand_in_a_table_is_not_written(name: str, tmp_path: Path) -> None:
    problem = small()
    with pytest.raises(ProblemError, match="cannot stand in a table"):
        write_ward(replace(problem, rooms=(*problem.rooms, replace(problem.rooms[0], name=name))), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("what", [{"ages": ("None", "adult", "aged")}, {"shifts": ("early", "NaN")}, {"patients": (patient(gender="NA"),)}])
def test_a_word_that_says_nothing_in_a_table_is_not_written(what: dict[str, tuple[object, ...]], tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match="in a table this says nothing"):
        write_ward(replace(small(), **what), tmp_path)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_tables_in_another_form_is_left_alone(tmp_path: Path) -> None:
    write_ward(small(), tmp_path, "csv")
    with pytest.raises(ProblemError, match=r"it has patients\.csv already"):
        write_ward(small(), tmp_path, "parquet")
