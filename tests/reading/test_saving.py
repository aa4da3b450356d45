"""A saved log comes back as it went, without its rows being copied."""

from __future__ import annotations

import json
from pathlib import Path

import ibis
import pyarrow.parquet as pq
import pytest

from sandcone.core.errors import InputError
from sandcone.core.log import EventLog
from sandcone.core.site import Site
from sandcone.reading import read, save
from tests.reading.files import rows, written

COLUMNS: dict[str, object] = {
    "case": "no",
    "step": "act",
    "start": "beg",
    "end": "fin",
    "ready": "need",
    "attributes": ["age"],
    "zone": "Europe/Amsterdam",
    "site": {
        "name": "Näh",
        "pools": {"P": {"resources": ["Ann"]}},
        "promises": [{"name": "p", "from": "a", "to": "b", "within_hours": 2.5}],
    },
}
TEXT = """
    no, act,  need,             beg,              fin,              age
    A,  Scan, 2024-01-13 07:00, 2024-01-13 08:00, 2024-01-13 08:30, 71
    B,  scan, 2024-01-13 07:00, 2024-01-13 09:00, 2024-01-13 08:30, 34
    C,  scan, 2024-01-13 07:00, 2024-01-13 09:00, ,                 34
"""


def log_of(folder: Path) -> EventLog:
    return read(written(folder, TEXT), columns=COLUMNS)


def test_a_saved_log_comes_back_the_same(tmp_path: Path) -> None:
    log = log_of(tmp_path)
    save(log, tmp_path / "saved" / "log.parquet")
    back = read(tmp_path / "saved" / "log.parquet")
    for name in ("attributes", "starts", "has_ready", "zone", "source", "site", "account", "findings", "notes"):
        assert getattr(back, name) == getattr(log, name), name
    assert back.findings
    assert back.table.order_by("row").to_pyarrow().equals(log.table.order_by("row").to_pyarrow())
    assert back.left_out is not None and log.left_out is not None
    assert back.left_out.to_pyarrow().to_pylist() == log.left_out.to_pyarrow().to_pylist()


def test_the_rows_stay_in_the_file(tmp_path: Path) -> None:
    save(log_of(tmp_path), tmp_path / "log.parquet")
    back = read(tmp_path / "log.parquet")
    tables = back.table.get_backend().con.execute("SELECT count(*) FROM duckdb_tables()").fetchall()
    assert tables == [(0,)]


def test_what_is_known_beside_the_rows_is_json_with_a_schema(tmp_path: Path) -> None:
    save(log_of(tmp_path), tmp_path / "log.parquet")
    about = json.loads(pq.read_metadata(tmp_path / "log.parquet").metadata[b"sandcone"])
    assert (about["schema"], about["site"]["name"], about["left_out"]) == (1, "Näh", "left_out.parquet")


def test_rows_left_out_go_where_they_are_asked_to(tmp_path: Path) -> None:
    save(log_of(tmp_path), tmp_path / "log.parquet", left_out=tmp_path / "gone" / "rows.parquet")
    back = read(tmp_path / "log.parquet")
    assert not (tmp_path / "left_out.parquet").exists()
    assert back.left_out is not None
    assert back.left_out.count().to_pyarrow().as_py() == 1


def test_a_site_and_a_connection_can_be_given_with_a_saved_log(tmp_path: Path) -> None:
    save(log_of(tmp_path), tmp_path / "log.parquet")
    mine = ibis.duckdb.connect()
    back = read(tmp_path / "log.parquet", columns={"site": {"promised_hours": 3.5}}, site=Site(name="Given"), connection=mine)
    assert (back.site.name, back.site.promised_hours, back.site.pools["P"].resources) == ("Given", 3.5, ("Ann",))
    assert back.table.get_backend() is mine


def test_a_saved_log_needs_no_columns_and_takes_no_patients(tmp_path: Path) -> None:
    save(log_of(tmp_path), tmp_path / "log.parquet")
    assert "were not needed" in read(tmp_path / "log.parquet", columns="case=no,step=act,time=t").notes[-1]
    with pytest.raises(InputError, match="takes no further file of patients"):
        read(tmp_path / "log.parquet", patients=tmp_path / "log.csv")


def test_nothing_half_is_left_where_writing_fails(tmp_path: Path) -> None:
    (tmp_path / "log.parquet").mkdir()
    (tmp_path / "log.parquet" / "x").touch()
    with pytest.raises(InputError, match="cannot be written"):
        save(log_of(tmp_path), tmp_path / "log.parquet")
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".part")] == []


def test_a_log_saved_over_itself_is_whole(tmp_path: Path) -> None:
    save(log_of(tmp_path), tmp_path / "log.parquet")
    save(read(tmp_path / "log.parquet"), tmp_path / "log.parquet")
    assert [r[0] for r in rows(read(tmp_path / "log.parquet"), "case")] == ["A", "C"]


def test_a_log_of_a_later_version_is_refused(tmp_path: Path) -> None:
    save(log_of(tmp_path), tmp_path / "log.parquet")
    table = pq.read_table(tmp_path / "log.parquet")
    pq.write_table(table.replace_schema_metadata({b"sandcone": json.dumps({"schema": 9}).encode()}), tmp_path / "new.parquet")
    with pytest.raises(InputError, match="saved as schema 9"):
        read(tmp_path / "new.parquet")
