"""Starts nobody wrote down."""

from __future__ import annotations

from pathlib import Path

from sandcone.reading import read
from tests.reading.files import findings, rows, written

TEXT = """
    no, act, t,                who
    A,  a,   2024-01-13 08:00, Ann
    A,  b,   2024-01-13 09:00, Bo
    B,  a,   2024-01-13 08:20, Ann
    B,  b,   2024-01-13 09:10, Bo
    B,  c,   2024-01-14 07:00, Ann
    C,  a,   2024-01-14 07:30, Ann
    C,  b,   2024-01-14 08:00,
"""
MAP = "case=no,step=act,time=t"


def test_a_start_is_estimated_when_case_and_resource_are_both_free(tmp_path: Path) -> None:
    log = read(written(tmp_path, TEXT), columns=MAP + ",resource=who")
    assert rows(log, "case", "step", "start", "estimated") == [
        ("A", "a", "13 08:00", False),  # nothing before it: a point in time
        ("A", "b", "13 08:00", True),  # the case was free at 8:00, Bo always
        ("B", "a", "13 08:00", True),  # Ann was free at 8:00 on the same day
        ("B", "b", "13 09:00", True),  # the case was free at 8:20, Bo at 9:00
        ("B", "c", "13 09:10", True),  # the case was free at 9:10 the day before
        ("C", "a", "14 07:00", True),
        ("C", "b", "14 08:00", False),  # nobody is named
    ]
    assert log.starts == "estimated"
    assert findings(log, "start was estimated") == [5]
    assert any("5 of 7 starts were estimated" in note for note in log.notes)


def test_a_resource_free_since_another_day_tells_no_start(tmp_path: Path) -> None:
    text = "no,act,t,who\nA,a,2024-01-13 08:00,Ann\nB,a,2024-01-14 08:00,Ann\n"
    log = read(written(tmp_path, text), columns=MAP + ",resource=who")
    assert (rows(log, "start"), log.starts) == ([("13 08:00",), ("14 08:00",)], "none")


def test_the_day_is_the_hospitals(tmp_path: Path) -> None:
    text = "no,act,t,who\nA,a,2024-01-13 00:30,Ann\nB,a,2024-01-13 08:00,Ann\n"  # 23:30 the day before in UTC
    log = read(written(tmp_path, text), columns=MAP + ",resource=who,zone=Europe/Amsterdam")
    assert rows(log, "start", "estimated") == [("12 23:30", False), ("12 23:30", True)]


def test_without_resources_or_with_shifted_dates_every_step_is_a_point(tmp_path: Path) -> None:
    path = written(tmp_path, TEXT)
    plain = read(path, columns=MAP)
    shifted = read(path, columns={"case": "no", "step": "act", "time": "t", "resource": "who", "site": {"dates_shifted": True}})
    for log, why in ((plain, "no resource is named"), (shifted, "dates of cases were shifted")):
        assert log.starts == "none"
        assert all(start == end and not guessed for start, end, guessed in rows(log, "start", "end", "estimated"))
        assert any(why in note for note in log.notes)


def test_where_some_starts_are_seen_only_the_others_are_estimated(tmp_path: Path) -> None:
    text = """
        no, act, beg,              t,                who
        A,  a,   2024-01-13 08:00, 2024-01-13 08:10, Ann
        A,  b,   ,                 2024-01-13 09:00, Ann
    """
    log = read(written(tmp_path, text), columns="case=no,step=act,start=beg,end=t,resource=who")
    assert rows(log, "start", "estimated") == [("13 08:00", False), ("13 08:10", True)]
    assert log.starts == "partly"
