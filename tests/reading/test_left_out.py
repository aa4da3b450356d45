"""What cannot be used is left out with its reason, and kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandcone.core.errors import EmptyError
from sandcone.reading import read
from tests.reading.files import findings, reasons, rows, written

MAP = "case=no,step=act,start=beg,end=fin"
DIRTY = """
    no, act,  beg,              fin,              reason
    A,  Scan, 2024-01-13 08:00, 2024-01-13 08:30, sent
    ,   Scan, 2024-01-13 08:10, 2024-01-13 08:20, sent
    B,  ,     2024-01-13 08:10, 2024-01-13 08:20, sent
    B,  ,     2024-01-13 08:11, 2024-01-13 08:20, sent
    C,  Scan, yesterday,        2024-01-13 08:20, sent
    D,  Scan, ,                 ,                 sent
    E,  Scan, 2024-01-13 09:00, 2024-01-13 08:00, sent
    A,  Scan, 2024-01-13 08:00, 2024-01-13 08:30, sent
    F,  Scan, 2024-02-30 08:00, 2024-01-13 08:00, sent
"""


def test_each_reason_has_its_rows_and_all_rows_add_up(tmp_path: Path) -> None:
    log = read(written(tmp_path, DIRTY), columns=MAP)
    assert reasons(log) == {
        "no step": 2,
        "unreadable time": 2,
        "end before start": 1,
        "exact duplicate row": 1,
        "no case": 1,
        "no time at all": 1,
    }
    assert (log.account.rows_in, log.account.rows_kept) == (9, 1)


def test_rows_left_out_keep_their_own_columns(tmp_path: Path) -> None:
    log = read(written(tmp_path, DIRTY), columns=MAP)
    assert log.left_out is not None
    kept = log.left_out.to_pyarrow().to_pylist()
    assert {"no": "E", "act": "Scan", "beg": "2024-01-13 09:00", "fin": "2024-01-13 08:00", "reason": "sent",
            "left out because": "end before start"} in kept  # fmt: skip
    assert len(kept) == 8


def test_repeated_rows_can_be_kept_and_are_counted(tmp_path: Path) -> None:
    text = "no,act,t\nA,x,2024-01-13 08:00\nA,x,2024-01-13 08:00\nA,x,2024-01-13 08:00\nB,x,2024-01-13 08:00\n"
    log = read(written(tmp_path, text), columns="case=no,step=act,time=t")
    assert (reasons(log), log.account.rows_kept) == ({"exact duplicate row": 2}, 2)
    log = read(written(tmp_path, text), columns="case=no,step=act,time=t,duplicates=keep")
    assert (reasons(log), findings(log, "repeat another row")) == ({}, [2])


def test_a_step_begun_but_not_ended_is_open_at_the_end_of_its_case_and_left_out_in_the_middle(tmp_path: Path) -> None:
    text = """
        no, act,   beg,              fin
        A,  Scan,  2024-01-13 08:00, 2024-01-13 08:30
        A,  Visit, 2024-01-13 09:00,
        A,  Op,    2024-01-13 09:30,
        B,  Scan,  2024-01-13 08:00,
        B,  Visit, 2024-01-13 09:00, 2024-01-13 09:15
    """
    log = read(written(tmp_path, text), columns=MAP)
    assert rows(log, "case", "step", "end") == [
        ("A", "Scan", "13 08:30"),
        ("A", "Visit", None),
        ("A", "Op", None),
        ("B", "Visit", "13 09:15"),
    ]
    assert reasons(log) == {"start without completion in the middle of a case": 1}
    assert findings(log, "not ended when") == [2]


def test_a_step_asked_for_and_not_begun_is_kept_only_while_its_case_waits(tmp_path: Path) -> None:
    text = """
        no, act,   need,             beg,              fin
        A,  Scan,  2024-01-13 07:00, 2024-01-13 08:00, 2024-01-13 08:30
        A,  Visit, 2024-01-13 09:00, ,
        B,  Op,    2024-01-13 07:10, ,
        B,  Visit, 2024-01-13 07:00, 2024-01-13 09:00, 2024-01-13 09:15
    """
    log = read(written(tmp_path, text), columns=MAP + ",ready=need")
    assert rows(log, "case", "step", "ready", "start", "end")[1] == ("A", "Visit", "13 09:00", None, None)
    assert reasons(log) == {"request without a start in the middle of a case": 1}


def test_lines_that_do_not_split_into_the_columns_are_set_apart_whole(tmp_path: Path) -> None:
    text = (
        b"no,act,t\nA,x,2024-01-13 08:00\nshort\nA,y,2024-01-13 09:00,more,and more\n"
        b'"open,x\nB,x,2024-01-13 08:00\n"C",x,2024-01-13 08:00\n'
    )
    log = read(written(tmp_path, text), columns="case=no,step=act,time=t")
    assert sorted(rows(log, "case")) == [("A",), ("B",), ("C",)]
    assert (log.account.rows_in, reasons(log)) == (6, {"wrong number of columns": 3})
    assert log.left_out is not None
    assert sorted(r["no"] for r in log.left_out.to_pyarrow().to_pylist()) == ['"open,x', "A,y,2024-01-13 09:00,more,and more", "short"]


def test_ten_percent_of_rubbish_is_counted_and_the_rest_is_read(tmp_path: Path) -> None:
    rubbish = ["garbage", "c,S,not a time,2024-01-01", ",,,", '"a,b', "x,y,2024-13-45,2024-99-99", "a,b,c,d,e,f,g"]
    lines = [
        rubbish[i // 10 % 6] + f"{i}" * (i % 60 < 50)
        if i % 10 == 0
        else f"c{i % 7},S{i % 3},2024-01-{1 + i % 28:02} 08:00:{i % 60:02},2024-01-{1 + i % 28:02} 09:00:{i // 60:02}"
        for i in range(600)
    ]
    log = read(written(tmp_path, ("no,act,beg,fin\n" + "\n".join(lines) + "\n").encode()), columns=MAP)
    assert (log.account.rows_in, log.account.rows_kept) == (600, 540)


def test_a_log_of_which_nothing_can_be_used_is_refused_with_the_reasons(tmp_path: Path) -> None:
    with pytest.raises(EmptyError, match=r"none of the 2 rows can be used \(no case: 1; no step: 1\)"):
        read(written(tmp_path, "no,act,t\n,x,2024-01-13 08:00\nA,,2024-01-13 08:00\n"), columns="case=no,step=act,time=t")
