"""What cannot be read is refused in one sentence: what, where, what was found, what to do."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from sandcone.core.errors import ColumnError, EmptyError, InputError, MapError
from sandcone.reading import read, streams
from tests.reading.files import tidy, written

GOOD = tidy("no,act,t\nA,x,2024-01-13 08:00\nA,y,2024-01-13 09:00\nB,x,2024-01-13 10:00\n").encode()
MAP = "case=no,step=act,time=t"


@pytest.mark.parametrize(
    ("name", "text", "error", "says"),
    [
        ("a.csv", b"", EmptyError, "the file is empty"),
        ("a.csv", b"\n\n", EmptyError, "the file is empty"),
        ("a.csv", b"no,act,t\n", EmptyError, "a header and no row"),
        ("a.csv", b"no,act,t\n1,A,x,2024-01-13\n2,A,y,2024-01-13\n", InputError, "none of its 2 rows has the 3 columns of the header"),
        ("a.csv", b"PK\x03\x04 and so on", InputError, "a zip or Excel file, not text"),
        ("a.csv", b"\x00\x01\x02\x03\n" * 50, InputError, "a binary file, not text"),
        ("a.csv.gz", GOOD, InputError, "cut off or damaged"),
        ("a.csv.gz", gzip.compress(GOOD * 900, mtime=0)[:-300], InputError, "cut off or damaged"),
        ("a.csv.gz", gzip.compress(GOOD, mtime=0)[:-4], InputError, "cut off or damaged"),
        ("a.csv.gz", b"", EmptyError, "the file is empty"),
        ("a.xes.gz", gzip.compress(GOOD, mtime=0)[:-4], InputError, "cut off or damaged"),
        ("a.parquet", b"PAR1 and no more", InputError, "cannot be read as Parquet"),
        ("a.docx", b"words", InputError, "'?.docx is no format"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(tmp_path: Path, name: str, text: bytes, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says) as refusal:
        read(written(tmp_path, text, name), columns=MAP)
    assert str(refusal.value).startswith(name)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("before", [b"", GOOD])
def test_a_line_too_long_to_be_a_row_is_refused_before_it_is_held(tmp_path: Path, before: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "LONGEST_LINE", 3_000_000)
    monkeypatch.setattr(streams, "BLOCK", 100_000)
    with pytest.raises(InputError, match="a line is longer than 3,000,000 bytes"):
        read(written(tmp_path, before + b"x" * 4_000_000 + b"\n" + GOOD), columns=MAP)


def test_a_file_that_is_not_there_and_a_folder_without_logs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file or folder"):
        read(tmp_path / "none.csv")
    with pytest.raises(InputError, match="no file that can be read"):
        read(tmp_path)


def test_a_log_of_one_event_is_a_log(tmp_path: Path) -> None:
    assert read(written(tmp_path, "no,act,t\nA,x,2024-01-13 08:00\n"), columns=MAP).account.rows_kept == 1


def test_a_missing_column_is_named_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(ColumnError, match="no column 'nr' for the role 'case'; the file has no, act, t"):
        read(written(tmp_path, GOOD), columns="case=nr,step=act,time=t")
    with pytest.raises(ColumnError, match="no column 'age'"):
        read(written(tmp_path, GOOD), columns=MAP + ",attributes=age")


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"case": "no", "stp": "act"}, r"no key 'stp' \(did you mean 'step'\)"),
        ({"case": "no", "dates": {"ordr": "dmy"}}, r"no key 'dates.ordr' \(did you mean 'order'\)"),
        ({"steps": [{"name": "x", "strt": "t"}]}, r"strt' \(did you mean 'start'\)"),
        ({"case": "no", "zone": "Europe/Amsterdm"}, r"did you mean 'Europe/Amsterdam'"),
        ({"case": "no", "duplicates": "maybe"}, "duplicates: Input should be 'leave out' or 'keep'"),
        ({"case": "no", "site": {"end_stps": []}}, "end_stps"),
        ({"case": "no", "step": "act", "start": "t", "end": "t", "lifecycle": "act"}, "lifecycle goes with one time column"),
        ({"case": "no", "step": "act", "time": "t", "attributes": {"case": "act"}}, "cannot be called 'case'"),
        ({"step": "act", "time": "t", "steps": [{"name": "x", "time": "t"}]}, "does not say which column is the case"),
        ({"case": "no", "steps": [{"name": "x"}]}, "a step has no time"),
        ("case=no;step=act", "does not|no column|cannot"),
        *(({"case": "no", "separator": s}, f"separator: {s!r} cannot stand between columns") for s in (";;", "", '"')),
    ],
)
def test_a_map_that_cannot_be_is_refused_where_it_is_wrong(tmp_path: Path, columns: str | dict[str, object], says: str) -> None:
    with pytest.raises(InputError, match=says):
        read(written(tmp_path, GOOD), columns=columns)


@pytest.mark.parametrize("text", ["case = ", "case = 'no'\n[[site]]\nname = 'x'\n"])
def test_a_map_file_that_is_no_map_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(MapError):
        read(written(tmp_path, GOOD), columns=written(tmp_path, text.encode(), "map.toml"))


def test_a_map_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MapError, match="No such file"):
        read(written(tmp_path, GOOD), columns=tmp_path / "map.toml")
