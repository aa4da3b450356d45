import json
import math
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sandcone.core.errors import InputError
from sandcone.core.estimate import Estimate, Measure, Measures, Missing
from sandcone.core.log import EventLog
from sandcone.reporting import as_json, writable, write


def two() -> Measures:
    whole = Measure(name="cases", estimate=Estimate(value=3, n=3, unit="cases"))
    part = Measure(
        name="wait_before.mean",
        estimate=Estimate(value=math.nan, n=2, unit="h", low=-math.inf, high=7, method="bootstrap"),
        group={"step": "X-ray"},
        note="starts are estimated",
    )
    return Measures(items=(whole, part), missing=(Missing(name="fit.mean", why="No needs."),))


def test_numbers_go_out_with_interval_count_unit_and_method_and_unknown_ones_as_null() -> None:
    said = as_json(two())
    assert said == {
        "schema": 1,
        "measures": {"cases": {"value": 3, "low": None, "high": None, "n": 3, "unit": "cases", "method": "count"}},
        "grouped": {
            "wait_before.mean": [
                {
                    "group": {"step": "X-ray"},
                    "value": None,
                    "low": None,
                    "high": 7,
                    "n": 2,
                    "unit": "h",
                    "method": "bootstrap",
                    "note": "starts are estimated",
                }
            ]
        },
        "missing": {"fit.mean": "No needs."},
    }
    json.dumps(said, allow_nan=False)


def test_a_number_that_is_missing_for_two_reasons_keeps_both() -> None:
    missing = tuple(Missing(name="u", why=why) for why in ("No sex.", "No age.", "No sex."))
    assert as_json(Measures(items=(), missing=missing))["missing"] == {"u": "No sex.; No age."}


def test_a_folder_is_known_to_be_writable_or_refused_before_anything_is_made(tmp_path: Path) -> None:
    assert writable(tmp_path / "new" / "folder") == tmp_path / "new" / "folder"
    (tmp_path / "file").write_text("x")
    for folder in ("file", "file/below"):
        with pytest.raises(InputError, match="cannot be written"):
            writable(tmp_path / folder)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file"]


def test_the_folder_holds_the_page_the_numbers_and_the_rows_left_out(log: EventLog, measures: Measures, tmp_path: Path) -> None:
    path = write(measures, log, tmp_path / "new" / "folder")
    assert path == tmp_path / "new" / "folder" / "report.html"
    assert sorted(p.name for p in path.parent.iterdir()) == ["left_out.parquet", "measures.json", "measures.parquet", "report.html"]
    assert json.loads((path.parent / "measures.json").read_text(encoding="utf-8")) == json.loads(json.dumps(as_json(measures)))
    assert pq.read_table(path.parent / "left_out.parquet").column("reason").to_pylist() == ["end before start", "the same row twice"]


def test_the_table_of_numbers_has_one_row_a_number(log: EventLog, tmp_path: Path) -> None:
    rows = pq.read_table(write(two(), log, tmp_path).with_name("measures.parquet")).to_pylist()
    assert [r["name"] for r in rows] == ["cases", "wait_before.mean"]
    assert rows[1]["group"] == [("step", "X-ray")]
    assert rows[1]["value"] is None
    assert rows[1]["high"] == 7


def test_nothing_is_said_of_rows_left_out_where_none_were_kept(log: EventLog, tmp_path: Path) -> None:
    write(two(), replace(log, left_out=None), tmp_path)
    assert not (tmp_path / "left_out.parquet").exists()


def test_a_report_that_cannot_be_moved_into_place_leaves_the_old_one_and_no_half_file(
    log: EventLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = write(two(), log, tmp_path).read_text(encoding="utf-8")
    before = sorted(p.name for p in tmp_path.iterdir())

    def refused(a: Path, b: Path) -> None:
        raise OSError("no room")

    monkeypatch.setattr("sandcone.reporting.files.os.replace", refused)
    with pytest.raises(InputError, match=r"cannot be written \(no room\)"):
        write(Measures(items=()), log, tmp_path)
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == old
    assert sorted(p.name for p in tmp_path.iterdir()) == before
