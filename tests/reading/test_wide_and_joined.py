"""Several steps a row, and several tables a log."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandcone.core.errors import InputError, MapError
from sandcone.reading import read
from tests.reading.files import findings, reasons, rows, written

THEATRE = """
    id, suite, kind,  booked,           come,             cut,              close
    1,  4,     short, 2024-01-13 08:00, 2024-01-13 08:05, 2024-01-13 08:30, 2024-01-13 09:40
    2,  4,     long,  2024-01-13 10:00, 2024-01-13 10:20, ,                 2024-01-13 11:00
    3,  5,     long,  2024-01-13 10:00, ,                 ,
    4,  5,     short, 2024-01-13 10:00, 2024-01-13 12:00, 2024-01-13 12:30, 2024-01-13 12:10
"""
STEPS = [
    {"name": "Set up", "planned": "booked", "start": "come", "end": "cut"},
    {"name": "{kind} operation", "start": "cut", "end": "close"},
]
MAP: dict[str, object] = {"case": "id", "resource": "Suite {suite}", "steps": STEPS}


def test_each_row_becomes_its_steps_and_only_empty_rows_are_left_out(tmp_path: Path) -> None:
    log = read(written(tmp_path, THEATRE), columns=MAP)
    assert rows(log, "case", "step", "planned", "start", "end", "resource") == [
        ("1", "Set up", "13 08:00", "13 08:05", "13 08:30", "Suite 4"),
        ("1", "short operation", None, "13 08:30", "13 09:40", "Suite 4"),
        ("2", "long operation", None, "13 09:40", "13 11:00", "Suite 4"),  # no start: the suite was free from 9:40
        ("4", "Set up", "13 10:00", "13 12:00", "13 12:30", "Suite 5"),
    ]
    assert (log.account.rows_in, log.account.rows_kept, reasons(log)) == (4, 3, {"no time at all": 1})
    assert findings(log, "end before start") == [1]
    assert findings(log, "start without completion") == [1]


def test_a_step_can_be_meant_for_some_rows_only(tmp_path: Path) -> None:
    steps = [{"name": "Op", "start": "come", "end": "close", "when": {"kind": ["long", "very long"]}}]
    log = read(written(tmp_path, THEATRE), columns=MAP | {"steps": steps})
    assert rows(log, "case") == [("2",)]
    assert reasons(log) == {"no time at all": 3}


def test_a_step_can_have_its_own_resource(tmp_path: Path) -> None:
    steps = [STEPS[0] | {"resource": "'Nurse'"}, STEPS[1]]
    log = read(written(tmp_path, THEATRE), columns=MAP | {"steps": steps})
    assert rows(log, "resource")[:2] == [("Nurse",), ("Suite 4",)]


def hospital(folder: Path) -> Path:
    """A folder of three tables: admissions, ward stays, and persons."""
    written(folder, "adm,person,reg,out,arr,dis\nX1,p1,2024-01-13 07:00,2024-01-13 09:00,2024-01-13 08:00,2024-01-15 10:00\n"
            "X2,p2,,,2024-01-14 08:00,2024-01-16 10:00\n", "adm.csv")  # fmt: skip
    written(folder, "adm,unit,i,o\nX1,ICU,2024-01-13 10:00,2024-01-13 20:00\nX9,ICU,2024-01-13 10:00,2024-01-13 09:00\n", "stays.csv")
    written(folder, "person,sex\np2,f\np1,m\np3,m\n", "persons.csv")
    return folder


PERSONS: dict[str, object] = {"file": "persons.csv", "case": "person", "on": "person", "attributes": ["sex"]}
ADMISSION = [{"name": "ED", "start": "reg", "end": "out"}, {"name": "Stay", "start": "arr", "end": "dis"}]
TABLES: dict[str, object] = {
    "tables": [
        {"file": "adm.csv", "case": "adm", "steps": ADMISSION},
        {"file": "stays.csv", "case": "adm", "step": "unit", "start": "i", "end": "o"},
        PERSONS,
    ]
}


def test_several_tables_become_one_log(tmp_path: Path) -> None:
    log = read(hospital(tmp_path), columns=TABLES)
    assert rows(log, "case", "step", "start", "end", "sex") == [
        ("X1", "ED", "13 07:00", "13 09:00", "m"),
        ("X1", "Stay", "13 08:00", "15 10:00", "m"),
        ("X2", "Stay", "14 08:00", "16 10:00", "f"),
        ("X1", "ICU", "13 10:00", "13 20:00", "m"),
    ]
    assert len(set(rows(log, "row"))) == 4
    assert (log.account.rows_in, reasons(log)) == (4, {"end before start": 1})
    assert log.left_out is not None
    assert log.left_out.to_pyarrow().to_pylist()[0]["table"] == "stays.csv"


def test_a_map_of_tables_works_from_one_of_its_files_too(tmp_path: Path) -> None:
    log = read(hospital(tmp_path) / "adm.csv", columns=TABLES)
    assert log.account.rows_in == 4


def test_a_table_that_is_not_there_is_named_beside_those_that_are(tmp_path: Path) -> None:
    hospital(tmp_path)
    with pytest.raises(MapError, match=r"'admissions.csv'; the folder has adm.csv, persons.csv, stays.csv"):
        read(tmp_path, columns={"tables": [{"file": "admissions.csv", "case": "adm"}]})


def test_a_folder_of_several_files_needs_a_map(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"several files \(adm.csv, persons.csv, stays.csv\)"):
        read(hospital(tmp_path))


def test_two_attributes_of_one_name_are_refused(tmp_path: Path) -> None:
    hospital(tmp_path)
    roles = {"case": "adm", "step": "'Stay'", "start": "arr", "end": "dis"}
    tables = [{"file": "adm.csv", "attributes": {"sex": "person"}} | roles, PERSONS]
    with pytest.raises(MapError, match="two tables give an attribute called 'sex'"):
        read(tmp_path, columns={"tables": tables})
