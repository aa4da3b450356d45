"""People from a table: columns of one type throughout, rows as a spreadsheet counts them, and back again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sandcone.core.care import Person
from sandcone.core.errors import InputError
from sandcone.reading.people import read_people
from sandcone.reading.people_file import save_people

BEGIN = date(2030, 1, 7)


def table(tmp_path: Path, text: str) -> tuple[Person, ...]:
    (tmp_path / "people.csv").write_text(text, encoding="utf-8")
    return read_people(tmp_path / "people.csv", BEGIN)


def parquet(tmp_path: Path, **columns: list[object]) -> tuple[Person, ...]:
    pq.write_table(pa.table(columns), tmp_path / "people.parquet")
    return read_people(tmp_path / "people.parquet", BEGIN)


def test_days_are_a_list_also_where_there_is_one_and_a_clinician_is_a_name_also_where_it_is_a_number(tmp_path: Path) -> None:
    text = "patient,wish: days,wish: clinician,wish: one_visit,limit: weight,ward\nA,Mon;Tue,17,yes,140.5,3\nB,Wed,18,,,x\n"
    one, two = table(tmp_path, text)
    assert one.wishes == {"days": ("Mon", "Tue"), "clinician": "17", "one_visit": True}
    assert two.wishes == {"days": ("Wed",), "clinician": "18"}
    assert (one.limits, one.facts, two.facts) == ({"weight": 140.5}, {"ward": "3"}, {"ward": "x"})


def test_parquet_says_the_same_with_types_and_lists_of_its_own(tmp_path: Path) -> None:
    one, two = parquet(
        tmp_path,
        **{"patient": ["A", "B"], "wish: days": [["Mon", "Tue"], ["Wed"]], "need: calm": [1.5, None], "afraid": [True, False]},
    )
    assert (one.wishes, two.wishes) == ({"days": ("Mon", "Tue")}, {"days": ("Wed",)})
    assert (one.needs, two.needs, one.facts, two.facts) == ({"calm": 1.5}, {}, {"afraid": True}, {"afraid": False})


def test_what_is_refused_is_named_by_its_row_and_its_cell_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"people\.csv, row 3, need: calm: what stands there is no amount"):
        table(tmp_path, "patient,need: calm\nA,1\nB,Zq77\n")
    with pytest.raises(InputError, match=r"people\.parquet, row 2, need: calm: what stands there is no amount"):
        parquet(tmp_path, **{"patient": ["A", "B"], "need: calm": ["1", "Zq77"]})
    with pytest.raises(InputError, match=r"people\.parquet, row 2: the same name stands in row 1"):
        parquet(tmp_path, patient=["A", "A"])
    with pytest.raises(InputError, match=r"people\.csv, row 2, arrives: what stands there is no time"):
        table(tmp_path, "patient,arrives\nA,Zq77\n")
    with pytest.raises(InputError, match=r"people\.csv, row 3, wishes: nothing heeds a wish 'hair'"):
        table(tmp_path, "patient,wish: hair\nA,\nB,Zq77\n")


def test_rows_that_cannot_be_split_are_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"people\.csv: 1 row cannot be split into the 2 columns"):
        table(tmp_path, "patient,age\nA,40\nB,50,x,y\nC,60\n")


def test_what_is_written_is_read_again_to_the_last_digit(tmp_path: Path) -> None:
    people = (
        Person(name="A", minute=0.1 + 0.2, facts={"age": 40.0, "dose": 0.1234567891}, needs={"calm": 1 / 3}, wishes={"days": ("Mon",)}),
        Person(name="B", minute=1e6 + 1 / 7, facts={"age": 1234567.0, "afraid": True}, weights={"calm": 2.0}, limits={"weight": 1e-7}),
    )
    assert read_people(save_people(people, tmp_path / "people.csv"), BEGIN) == people
    assert "40,0.1234567891" in (tmp_path / "people.csv").read_text()


@pytest.mark.parametrize("name", ["patient", "arrives", "Patient"])
def test_a_fact_under_a_name_that_the_table_needs_itself_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="facts is called"):
        save_people([replace(Person(name="A"), facts={name: "x"})], tmp_path / "people.csv")
    assert not (tmp_path / "people.csv").exists()
