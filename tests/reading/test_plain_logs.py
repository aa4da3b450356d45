"""A row a step: the commonest export, in the shapes it comes in."""

from __future__ import annotations

import gzip
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandcone.core.log import ROLES
from sandcone.core.site import Site
from sandcone.reading import read
from tests.reading.files import findings, reasons, rows, tidy, written

MAP = "case=no,step=act,start=beg,end=fin,resource=who"
LOG = """
    no, act,   beg,              fin,              who
    A,  Scan,  2024-01-13 08:00, 2024-01-13 08:30, Ann
    A,  Visit, 2024-01-13 09:00, 2024-01-13 09:45, Bo
    B,  Scan,  2024-01-14 10:00, 2024-01-14 10:20, Ann
"""
STEPS = [
    ("A", "Scan", "13 08:00", "13 08:30", "Ann"),
    ("A", "Visit", "13 09:00", "13 09:45", "Bo"),
    ("B", "Scan", "14 10:00", "14 10:20", "Ann"),
]
SAID = ("case", "step", "start", "end", "resource")


def test_a_row_a_step_becomes_a_log_in_our_own_words(tmp_path: Path) -> None:
    log = read(written(tmp_path, LOG), columns=MAP)
    assert rows(log, *SAID) == STEPS
    assert list(log.table.columns) == list(ROLES)
    assert [str(t) for t in log.table.schema().types][:4] == ["int64", "string", "string", "timestamp(6)"]
    assert (log.starts, log.has_ready, log.zone, log.source) == ("seen", False, None, "log.csv")
    assert (log.account.rows_in, log.account.rows_kept, log.left_out) == (3, 3, None)


@pytest.mark.parametrize("mark", [";", "\t", "|", ","])
def test_any_separator_is_found_out(tmp_path: Path, mark: str) -> None:
    assert rows(read(written(tmp_path, tidy(LOG).replace(",", mark).encode()), columns=MAP), *SAID) == STEPS


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_any_encoding_is_found_out(tmp_path: Path, encoding: str) -> None:
    log = read(written(tmp_path, tidy(LOG).replace("Ann", "Zoë").encode(encoding)), columns=MAP)
    assert [r[4] for r in rows(log, *SAID)] == ["Zoë", "Bo", "Zoë"]


@pytest.mark.parametrize("packing", ["gzip", "zstd"])
def test_packed_files_are_unpacked(tmp_path: Path, packing: str) -> None:
    path = tmp_path / ("log.csv.gz" if packing == "gzip" else "log.csv.zst")
    with pa.CompressedOutputStream(str(path), packing) as out:
        out.write(tidy(LOG).encode())
    assert rows(read(path, columns=MAP), *SAID) == STEPS


def test_two_packed_files_one_after_the_other_are_one_file(tmp_path: Path) -> None:
    head, tail = tidy(LOG).encode()[:60], tidy(LOG).encode()[60:]
    assert rows(read(written(tmp_path, gzip.compress(head) + gzip.compress(tail), "log.csv.gz"), columns=MAP), *SAID) == STEPS


def test_a_cell_may_hold_separators_quotes_and_lines(tmp_path: Path) -> None:
    text = b'no,act,t\nA,"Visit, long",2024-01-13 08:00\nA,"the ""quick"" one\nin two lines",2024-01-13 09:00\n'
    log = read(written(tmp_path, text), columns="case=no,step=act,time=t")
    assert [r[0] for r in rows(log, "step")] == ["Visit, long", 'the "quick" one\nin two lines']


def test_windows_line_ends_and_a_missing_last_one_change_nothing(tmp_path: Path) -> None:
    assert rows(read(written(tmp_path, tidy(LOG).strip().replace("\n", "\r\n").encode()), columns=MAP), *SAID) == STEPS


def test_a_case_called_na_is_a_case_and_a_resource_called_na_is_nobody(tmp_path: Path) -> None:
    log = read(written(tmp_path, tidy(LOG).replace("B,Scan", "NA,Scan").replace("20,Ann", "20,NA")), columns=MAP)
    assert rows(log, "case", "resource")[2] == ("NA", None)
    assert log.account.rows_kept == 3


def test_the_map_says_which_texts_stand_for_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, tidy(LOG).replace("Ann", "?").replace("Bo", "NA"))
    by_column = {"case": "no", "step": "act", "start": "beg", "end": "fin", "resource": "who", "missing": {"who": ["?"]}}
    assert [r[0] for r in rows(read(path, columns=by_column), "resource")] == [None, "NA", None]
    assert [r[0] for r in rows(read(path, columns=by_column | {"missing": "NA"}), "resource")] == ["?", None, "?"]


def test_columns_can_be_joined_filled_in_and_said_outright(tmp_path: Path) -> None:
    columns = {"case": ["no", "who"], "step": "{act} of the day", "start": "beg", "end": "fin", "resource": "'Ward'"}
    log = read(written(tmp_path, LOG), columns=columns)
    assert rows(log, "case", "step", "resource")[1] == ("A/Bo", "Visit of the day", "Ward")
    assert rows(read(written(tmp_path, LOG), columns=columns | {"case": "no/who"}), "case") == [("A/Ann",), ("A/Bo",), ("B/Ann",)]


def test_the_first_resource_column_leads_and_each_column_is_a_pool(tmp_path: Path) -> None:
    text = "no,act,t,surgeon,room\nA,Op,2024-01-13 08:00,Ann,R1\nA,Op,2024-01-13 09:00,,R2\nB,Op,2024-01-13 10:00,Bo,R1\n"
    columns: dict[str, object] = {"case": "no", "step": "act", "time": "t", "resource": ["surgeon", "room"]}
    log = read(written(tmp_path, text), columns=columns)
    assert rows(log, "resource", "others") == [("Ann", ["R1"]), ("R2", []), ("Bo", ["R1"])]
    assert {name: pool.resources for name, pool in log.site.pools.items()} == {"surgeon": ("Ann", "Bo"), "room": ("R1", "R2")}
    named = read(written(tmp_path, text), columns=columns | {"site": {"pools": {"Rooms": {"resources": ["R1", "R2"]}}}})
    assert list(named.site.pools) == ["Rooms"]


def test_several_resources_in_one_cell_are_parted(tmp_path: Path) -> None:
    columns = {"case": "no", "step": "act", "time": "t", "resource": "team", "resource_separator": "+"}
    log = read(written(tmp_path, "no,act,t,team\nA,Op,2024-01-13 08:00,Ann + Bo +Cy\nB,Op,2024-01-13 09:00,\n"), columns=columns)
    assert rows(log, "resource", "others") == [("Ann", ["Bo", "Cy"]), (None, [])]


def test_a_duration_gives_the_end_or_the_start(tmp_path: Path) -> None:
    text = "no,act,t,sec\nA,Op,2024-01-13 08:00,5400\n"
    columns = {"case": "no", "step": "act", "start": "t", "duration": "sec", "duration_in": "seconds"}
    assert rows(read(written(tmp_path, text), columns=columns), "start", "end") == [("13 08:00", "13 09:30")]
    columns = {"case": "no", "step": "act", "end": "t", "duration": "sec", "duration_in": "seconds"}
    assert rows(read(written(tmp_path, text), columns=columns), "start", "end") == [("13 06:30", "13 08:00")]


def test_times_of_need_and_booked_times_come_along_and_cost_no_step(tmp_path: Path) -> None:
    text = """
        no, act, need,             booked,           beg,              fin
        A,  Op,  2024-01-12 08:00, 2024-01-13 07:30, 2024-01-13 08:00, 2024-01-13 09:00
        B,  Op,  soon,             2024-01-13 10:00, 2024-01-13 11:00, 2024-01-13 12:00
    """
    log = read(written(tmp_path, text), columns="case=no,step=act,ready=need,planned=booked,start=beg,end=fin")
    assert rows(log, "ready", "planned", "start") == [("12 08:00", "13 07:30", "13 08:00"), (None, "13 10:00", "13 11:00")]
    assert log.has_ready
    assert findings(log, "unreadable time of need") == [1]


def test_the_first_value_said_of_an_attribute_is_the_cases(tmp_path: Path) -> None:
    text = """
        no, act, t,                age, ward
        A,  x,   2024-01-13 08:00, ,    W1
        A,  y,   2024-01-13 09:00, 71,  W2
        B,  x,   2024-01-13 10:00, 34,  W2
        C,  x,   2024-01-13 11:00, ,    W3
    """
    log = read(written(tmp_path, text), columns={"case": "no", "step": "act", "time": "t", "attributes": {"Age": "age", "Ward": "ward"}})
    assert log.attributes == ("Age", "Ward")
    assert rows(log, "case", "Age", "Ward") == [("A", "71", "W1"), ("A", "71", "W1"), ("B", "34", "W2"), ("C", None, "W3")]
    assert findings(log, "'Ward' changes") == [1]
    assert findings(log, "'Age' changes") == []


def test_a_file_of_patients_adds_attributes(tmp_path: Path) -> None:
    patients = written(tmp_path, "sex,no\nf,A\nm,C\n", "patients.csv")
    log = read(written(tmp_path, LOG), columns=MAP, patients=patients)
    assert rows(log, "case", "sex") == [("A", "f"), ("A", "f"), ("B", None)]


def test_parquet_gives_what_csv_gives_typed_or_as_text(tmp_path: Path) -> None:
    table = pyarrow.csv.read_csv(pa.BufferReader(tidy(LOG).encode()))
    assert str(table.schema.field("beg").type).startswith("timestamp")
    pq.write_table(table, tmp_path / "log.parquet")
    assert rows(read(tmp_path / "log.parquet", columns=MAP), *SAID) == STEPS


def test_a_folder_of_parquet_parts_is_one_log(tmp_path: Path) -> None:
    table = pyarrow.csv.read_csv(pa.BufferReader(tidy(LOG).encode()))
    for year, part in (("2023", table.slice(0, 1)), ("2024", table.slice(1))):
        (tmp_path / "log" / f"year={year}").mkdir(parents=True)
        pq.write_table(part, tmp_path / "log" / f"year={year}" / "part.parquet")
    log = read(tmp_path / "log", columns=MAP + ",attributes=year")
    assert sorted(rows(log, *SAID)) == sorted(STEPS)
    assert log.account.rows_in == 3


def test_a_site_said_in_the_map_is_kept_and_one_given_goes_on_top(tmp_path: Path) -> None:
    columns = {"case": "no", "step": "act", "start": "beg", "end": "fin", "site": {"name": "Map", "end_steps": ["Visit"]}}
    log = read(written(tmp_path, LOG), columns=columns, site=Site(name="Given"))
    assert (log.site.name, log.site.end_steps) == ("Given", ("Visit",))


def test_a_log_lives_on_the_connection_that_was_given(tmp_path: Path) -> None:
    mine = ibis.duckdb.connect()
    log = read(written(tmp_path, LOG), columns=MAP, connection=mine)
    assert log.table.get_backend() is mine
    told: list[str] = []
    other = read(written(tmp_path, LOG), columns=MAP, connection=mine, progress=told.append)
    assert told[0] == "reading log.csv"
    assert rows(other, *SAID) == rows(log, *SAID)


CELL = st.sampled_from(["", "A", "NA", "x y", "2024-01-13 08:00", "2024-01-12 07:00", "2024-02-30", "later", '"x', "é"])


@settings(max_examples=30)
@given(st.lists(st.lists(CELL, min_size=4, max_size=5), min_size=1, max_size=8))
def test_every_row_is_kept_or_left_out_whatever_it_holds(tmp_path_factory: pytest.TempPathFactory, cells: list[list[str]]) -> None:
    good = "Z,Scan,2024-01-13 08:00,2024-01-13 09:00\n"
    lines = "".join(",".join(row) + "\n" for row in cells)
    log = read(
        written(tmp_path_factory.mktemp("any"), ("no,act,beg,fin\n" + good + lines).encode()), columns=MAP.removesuffix(",resource=who")
    )
    assert log.account.rows_in == len(cells) + 1
    assert log.account.rows_kept == log.table.count().to_pyarrow().as_py()
    left = 0 if log.left_out is None else log.left_out.count().to_pyarrow().as_py()
    assert left == sum(reasons(log).values())


@settings(max_examples=6)
@given(st.permutations(range(3)))
def test_shuffled_rows_are_the_same_log(tmp_path_factory: pytest.TempPathFactory, order: list[int]) -> None:
    head, *body = tidy(LOG).splitlines(keepends=True)
    log = read(written(tmp_path_factory.mktemp("any"), (head + "".join(body[i] for i in order)).encode()), columns=MAP)
    assert sorted(rows(log, *SAID)) == STEPS
