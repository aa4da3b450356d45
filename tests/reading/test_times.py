"""Dates and times are found out or asked for, never guessed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sandcone.core.errors import InputError
from sandcone.core.log import EventLog
from sandcone.reading import read
from tests.reading.files import findings, reasons, rows, written


def times(folder: Path, *cells: str, more: str = "") -> EventLog:
    """A log whose ends are these cells."""
    lines = "".join(f'A,x{i},"{cell}"\n' for i, cell in enumerate(cells))
    return read(written(folder, ("no,act,t\n" + lines).encode()), columns="case=no,step=act,time=t" + more)


def ends(log: EventLog) -> list[str]:
    return [f"{r['end']:%Y-%m-%d %H:%M:%S.%f}"[:23] for r in log.table.order_by("row").to_pyarrow().to_pylist()]


@pytest.mark.parametrize(
    ("cell", "means"),
    [
        ("2024-01-13 08:05:06", "2024-01-13 08:05:06.000"),
        ("2024-01-13T08:05:06.125", "2024-01-13 08:05:06.125"),
        ("2024-01-13T08:05:06,125", "2024-01-13 08:05:06.125"),
        ("2024-01-13T08:05:06Z", "2024-01-13 08:05:06.000"),
        ("2024-01-13 08:05:06+02:00", "2024-01-13 06:05:06.000"),
        ("2024-01-13T08:05:06.5-0330", "2024-01-13 11:35:06.500"),
        ("2024-01-13 08:05:06 UTC", "2024-01-13 08:05:06.000"),
        ("2024/01/13 8:05", "2024-01-13 08:05:00.000"),
        ("2024-01-13", "2024-01-13 00:00:00.000"),
        ("13/1/2024 8:05", "2024-01-13 08:05:00.000"),
        ("13.01.2024 08:05:06", "2024-01-13 08:05:06.000"),
        ("13-01-24 08:05", "2024-01-13 08:05:00.000"),
        ("1/13/24 8:05", "2024-01-13 08:05:00.000"),
        ("1/13/2024 8:05 PM", "2024-01-13 20:05:00.000"),
        ("13-Jan-2024 08:05", "2024-01-13 08:05:00.000"),
        ("13/01/1999 08:05", "1999-01-13 08:05:00.000"),
        ("13/01/99 08:05", "1999-01-13 08:05:00.000"),
    ],
)
def test_a_time_is_read_as_it_is_meant(tmp_path: Path, cell: str, means: str) -> None:
    assert ends(times(tmp_path, cell)) == [means]


def test_one_day_above_twelve_shows_the_order_for_the_whole_column(tmp_path: Path) -> None:
    assert ends(times(tmp_path, "03/04/2024 08:00", "13/04/2024 08:00"))[0].startswith("2024-04-03")
    log = times(tmp_path, "03/04/2024 08:00", "04/13/2024 08:00")
    assert ends(log)[0].startswith("2024-03-04")
    assert any("month first" in note for note in log.notes)


def test_one_column_shows_the_order_for_the_other(tmp_path: Path) -> None:
    text = "no,act,beg,fin\nA,x,03/04/2024 08:00,13/04/2024 08:00\n"
    log = read(written(tmp_path, text), columns="case=no,step=act,start=beg,end=fin")
    assert f"{log.table.to_pyarrow().to_pylist()[0]['start']:%d %B}" == "03 April"


def test_ambiguous_dates_are_refused_and_read_once_somebody_says_how(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r'ambiguous.*dates = "dmy"'):
        times(tmp_path, "03/04/2024 08:00", "05/06/2024 08:00")
    assert ends(times(tmp_path, "03/04/2024 08:00", more=",dates=dmy"))[0].startswith("2024-04-03")
    assert ends(times(tmp_path, "03/04/2024 08:00", more=",dates=mdy"))[0].startswith("2024-03-04")
    assert ends(times(tmp_path, "03.04.2024 08h05", more=",dates=%d.%m.%Y %Hh%M")) == ["2024-04-03 08:05:00.000"]


def test_dates_written_both_ways_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="day first in 1 rows and month first in 1"):
        times(tmp_path, "13/04/2024 08:00", "04/14/2024 08:00")


def test_a_slip_in_a_long_column_costs_its_own_row_only(tmp_path: Path) -> None:
    log = times(tmp_path, *(f"{d}/04/2024 08:{m:02}" for d in range(13, 30) for m in range(6)), "04/14/2024 08:00", "soon")
    assert (reasons(log), log.account.rows_kept) == ({"unreadable time": 2}, 102)


def test_a_year_that_stands_for_something_else_is_no_time(tmp_path: Path) -> None:
    """One such date would make every table by day or month thousands of years long."""
    cells = ("9999-12-31 00:00", "1900-01-01 00:00", "2199-07-01 08:00", "1901-02-03 08:00", "2024-01-13 08:00")
    assert ends(times(tmp_path, *cells)) == ["2199-07-01 08:00:00.000", "1901-02-03 08:00:00.000", "2024-01-13 08:00:00.000"]
    assert reasons(times(tmp_path, *cells)) == {"unreadable time": 2}
    text = "no,act,beg,fin\nA,x,2024-01-13 08:00,9999-12-31\nA,w,2024-01-13 07:00,2024-01-13 07:30\n"
    columns = {"case": "no", "step": "act", "start": "beg", "end": "fin", "missing": "9999-12-31"}
    assert rows(read(written(tmp_path, text), columns=columns), "step", "end") == [("x", None), ("w", "13 07:30")]


def test_times_with_and_without_a_zone_clash_until_the_zone_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"clashing time zones.*zone = "):
        times(tmp_path, "2024-01-13 08:00:00+01:00", "2024-01-13 09:00:00")
    log = times(tmp_path, "2024-07-13 08:00:00+01:00", "2024-07-13 09:00:00", more=",zone=Europe/Amsterdam")
    assert ends(log) == ["2024-07-13 07:00:00.000", "2024-07-13 07:00:00.000"]


def test_a_stray_time_without_a_zone_is_left_out_where_nobody_knows_the_zone(tmp_path: Path) -> None:
    cells = [f"2024-01-13 08:{m:02}:00Z" for m in range(60)] + ["2024-01-13 09:00:00"]
    assert reasons(times(tmp_path, *cells)) == {"unreadable time": 1}
    assert reasons(times(tmp_path, *cells, more=",zone=Europe/Amsterdam")) == {}


def test_moments_of_a_parquet_file_are_taken_as_they_are_typed(tmp_path: Path) -> None:
    moment = datetime(2024, 7, 13, 8, 5, 6, 125_000)
    columns = {"aware": pa.array([moment], pa.timestamp("us", "Europe/Amsterdam")), "naive": pa.array([moment], pa.timestamp("ns"))}
    pq.write_table(pa.table({"no": ["A"], "act": ["x"]} | columns | {"day": pa.array([moment.date()])}), tmp_path / "log.parquet")
    said = "case=no,step=act,zone=Europe/Amsterdam,time="
    assert ends(read(tmp_path / "log.parquet", columns=said + "aware")) == ["2024-07-13 08:05:06.125"]
    assert ends(read(tmp_path / "log.parquet", columns=said + "naive")) == ["2024-07-13 06:05:06.125"]
    assert ends(read(tmp_path / "log.parquet", columns="case=no,step=act,time=day")) == ["2024-07-13 00:00:00.000"]


def test_a_zone_in_one_column_and_none_in_the_other_clash_too(tmp_path: Path) -> None:
    text = "no,act,beg,fin\nA,x,2024-01-13 08:00,2024-01-13 09:00Z\n"
    with pytest.raises(InputError, match="clashing time zones"):
        read(written(tmp_path, text), columns="case=no,step=act,start=beg,end=fin")


def test_summer_time_is_kept_and_the_odd_hours_are_counted(tmp_path: Path) -> None:
    cells = ("2021-03-28 02:30", "2021-10-31 02:30", "2021-10-31 02:45", "2021-07-01 12:00", "2021-01-01 12:00")
    log = times(tmp_path, *cells, more=",zone=Europe/Amsterdam")
    assert ends(log)[3:] == ["2021-07-01 10:00:00.000", "2021-01-01 11:00:00.000"]
    assert (findings(log, "clock skipped"), findings(log, "were twice")) == ([1], [2])


def test_without_a_zone_times_are_as_written_and_the_log_says_so(tmp_path: Path) -> None:
    log = times(tmp_path, "2024-07-13 09:00:00")
    assert (ends(log), log.zone) == (["2024-07-13 09:00:00.000"], None)
    assert "no time zone is named: times are taken as they are written" in log.notes


def test_times_of_day_take_the_date_of_another_column(tmp_path: Path) -> None:
    text = "no,act,day,beg,fin\nA,x,13/01/2024,8:05,9:10\nB,x,14/01/2024,22:30,1:15\n"
    columns: dict[str, object] = {"case": "no", "step": "act", "start": "beg", "end": "fin"}
    log = read(written(tmp_path, text), columns=columns | {"dates": {"date": "day", "overnight": True}})
    assert ends(log) == ["2024-01-13 09:10:00.000", "2024-01-15 01:15:00.000"]
    assert reasons(read(written(tmp_path, text), columns=columns | {"dates": {"date": "day"}})) == {"end before start": 1}
    with pytest.raises(InputError, match="only times of day"):
        read(written(tmp_path, text), columns=columns)


def test_days_are_made_in_order_for_a_file_that_only_numbers_them(tmp_path: Path) -> None:
    text = "no,s,wd,t\nA,1,Wednesday,8:00\nB,2,Wednesday,14:00\nC,3,Saturday,9:00\nD,4,Saturday,8:30\nE,10,Monday,8:00\n"
    columns: dict[str, object] = {"case": "no", "step": "'Visit'", "time": "t"}
    log = read(written(tmp_path, text), columns=columns | {"dates": {"day_number": "s", "weekday": "wd"}})
    assert [e[:16] for e in ends(log)] == [
        "2001-01-03 08:00",
        "2001-01-03 14:00",  # the same Wednesday: it begins after the first session ended
        "2001-01-06 09:00",
        "2001-01-13 08:30",  # a week later: it begins before the session before had ended
        "2001-01-15 08:00",
    ]
    assert any("days were made" in note for note in log.notes)
    plain = read(written(tmp_path, text), columns=columns | {"dates": {"day_number": "s"}})
    assert [e[8:10] for e in ends(plain)] == ["01", "02", "03", "04", "05"]


def test_a_column_without_any_date_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'t' does not hold dates"):
        times(tmp_path, "soon", "later")
