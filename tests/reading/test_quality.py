"""The data-quality report: what is odd, how much of it, and what it does to which number."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandcone.core.log import EventLog
from sandcone.reading import read
from sandcone.reading.names import lookalikes
from tests.reading.files import findings, written

MAP: dict[str, object] = {"case": "no", "step": "act", "start": "beg", "end": "fin", "resource": "who"}


def log_of(folder: Path, *lines: str, **more: object) -> EventLog:
    return read(written(folder, ("no,act,beg,fin,who\n" + "".join(f"{line}\n" for line in lines)).encode()), columns=MAP | more)


def steps(n: int, *, month: int = 1, act: str = "x", tail: str = ":30:00", who: str = "") -> list[str]:
    """One case a day, n days of a month, an hour and a half from eight."""
    return [f"m{month}c{d},{act},2024-{month:02}-{d:02} 08:00:00,2024-{month:02}-{d:02} 09{tail},{who}" for d in range(1, n + 1)]


def test_a_clean_log_has_no_finding(tmp_path: Path) -> None:
    assert log_of(tmp_path, *steps(20, who="Ann")).findings == ()


def test_every_finding_says_what_it_does_to_a_number(tmp_path: Path) -> None:
    log = log_of(tmp_path, *steps(5), *steps(3, month=2, act="X", tail=":30:01", who="Ann"), "z,x,2024-03-01 08:00,1970-01-01 00:00,")
    assert len(log.findings) >= 2
    assert all(f.effect and 0 <= f.share <= 1 and f.rows > 0 for f in log.findings)


def test_three_steps_of_one_person_within_seconds_are_a_stamp(tmp_path: Path) -> None:
    stamp = [f"c{i},x,2024-01-13 0{i}:00:00,2024-01-13 12:00:0{i},Ann" for i in range(1, 5)]
    other = ["d,x,2024-01-13 07:00:00,2024-01-13 12:00:03,Bo", "e,x,2024-01-14 07:00:00,2024-01-14 12:00:03,Ann"]
    assert findings(log_of(tmp_path, *stamp, *other), "stamped together") == [4]
    assert findings(log_of(tmp_path, *stamp[:2], *other), "stamped together") == []


def test_too_many_midnights_are_a_default_and_nothing_but_midnights_are_days(tmp_path: Path) -> None:
    plain = steps(28)
    midnight = [f"n{d},x,2024-01-{d:02} 20:00:00,2024-01-{d + 1:02} 00:00:00," for d in range(1, 7)]
    assert findings(log_of(tmp_path, *plain, *midnight), "exactly midnight") == [6]
    assert findings(log_of(tmp_path, *plain, *midnight[:3]), "exactly midnight") == []
    days = [f"n{d},x,2024-01-{d:02},2024-01-{d:02}," for d in range(1, 8)]
    assert findings(log_of(tmp_path, *days), "no time of day") == [7]


def test_midnight_is_the_hospitals(tmp_path: Path) -> None:
    midnight = [f"n{d},x,2024-01-{d:02} 20:00:00,2024-01-{d + 1:02} 00:00:00," for d in range(1, 7)]
    assert findings(log_of(tmp_path, *steps(9), *midnight, zone="America/New_York"), "exactly midnight") == [6]


def test_a_person_in_two_steps_at_once_is_counted(tmp_path: Path) -> None:
    log = log_of(
        tmp_path,
        "a,x,2024-01-13 08:00,2024-01-13 10:00,Ann",
        "b,x,2024-01-13 08:30,2024-01-13 08:45,Ann",
        "c,x,2024-01-13 09:30,2024-01-13 10:30,Ann",
        "d,x,2024-01-13 10:30,2024-01-13 11:00,Ann",
        "e,x,2024-01-13 08:30,2024-01-13 11:00,Bo",
    )
    assert findings(log, "still in another") == [2]


def test_missing_resources_and_zero_durations_are_counted(tmp_path: Path) -> None:
    log = log_of(tmp_path, *steps(3, who="Ann"), *steps(2, month=2), "z,x,2024-03-01 08:00,2024-03-01 08:00,Ann")
    assert findings(log, "without a resource") == [2]
    assert findings(log, "take no time") == [1]


def test_names_that_differ_in_spelling_are_shown_together() -> None:
    names = {"Triage": 100, "triage ": 40, "Trage": 3, "Release A": 600, "Release B": 5, "Visit 1": 9, "Visit 2": 1, "X-Ray": 7, "x ray": 7}
    assert lookalikes(names) == [{"Triage": 100, "triage ": 40, "Trage": 3}, {"X-Ray": 7, "x ray": 7}]
    assert lookalikes({"Admission": 50, "Admisison": 2, "Omission": 2}) == [{"Admission": 50, "Admisison": 2}]
    assert lookalikes({"Flat Grinding": 50, "Flat Grindin": 40}) == []


def test_a_case_that_stops_where_no_case_stops_has_vanished(tmp_path: Path) -> None:
    whole = [line for d in range(1, 29) for line in (
        f"c{d},in,2024-01-{d:02} 08:00,2024-01-{d:02} 09:00,", f"c{d},out,2024-01-{d:02} 10:00,2024-01-{d:02} 11:00,")]  # fmt: skip
    early = "gone,in,2024-01-05 08:00,2024-01-05 09:00,"
    late = "still here,in,2024-01-28 10:00,2024-01-28 10:30,"
    log = log_of(tmp_path, *whole, early, late, site={"end_steps": ["out"]})
    assert findings(log, "vanish") == [1]


def test_another_mix_in_the_second_half_is_drift(tmp_path: Path) -> None:
    lines = [
        f"c{i},{'old' if i < 300 else 'new'},2024-01-{1 + i // 24:02} {i % 24:02}:00,2024-01-{1 + i // 24:02} {i % 24:02}:30,"
        for i in range(600)
    ]
    assert findings(log_of(tmp_path, *lines), "the mix of steps") == [600]
    assert findings(log_of(tmp_path, *(line.replace("new", "old") for line in lines)), "mix of steps") == []


def test_years_out_of_range_suggest_shifted_dates(tmp_path: Path) -> None:
    log = log_of(tmp_path, *steps(3), "z,x,2164-03-01 08:00,2164-03-01 09:00,", "y,x,1970-01-01 00:10,1970-01-01 01:00,")
    assert findings(log, "before 1990 or in the future") == [2]


def test_a_case_whose_steps_lie_years_apart_is_counted(tmp_path: Path) -> None:
    log = log_of(tmp_path, *steps(9), "z,x,1999-03-01 08:00,1999-03-01 09:00,", "z,y,2024-03-01 08:00,2024-03-01 09:00,")
    assert findings(log, "years apart") == [1]
    assert next(f.example for f in log.findings if "apart" in f.what) == "up to 25 years"


def test_rows_out_of_order_are_counted_however_the_file_is_sorted(tmp_path: Path) -> None:
    lines = [f"a,x{h},2024-01-13 {h:02}:00,2024-01-13 {h:02}:30," for h in (8, 10, 9, 11)]
    assert findings(log_of(tmp_path, *lines), "written after a later step") == [1]
    by_end = ["a,x,2024-01-13 09:00,2024-01-13 09:30,", "a,y,2024-01-13 08:00,2024-01-13 10:30,"]
    assert findings(log_of(tmp_path, *by_end), "written after") == []


def test_a_need_later_than_the_start_is_counted(tmp_path: Path) -> None:
    text = """
        no, act, need,             beg,              fin,              who
        a,  x,   2024-01-13 09:00, 2024-01-13 08:00, 2024-01-13 10:00,
        b,  x,   2024-01-13 07:00, 2024-01-13 08:00, 2024-01-13 10:00,
    """
    assert findings(read(written(tmp_path, text), columns=MAP | {"ready": "need"}), "need is later") == [1]


@pytest.mark.parametrize("word", ["patient-007", "patient-008"])
def test_no_finding_note_or_reason_names_a_case(tmp_path: Path, word: str) -> None:
    lines = [
        f"{word},x,2024-01-13 08:00,2024-01-13 07:00,Ann",
        f"{word},x,soon,2024-01-13 07:00,Ann",
        f"{word},x,2164-01-13 08:00,2164-01-13 08:00,Ann",
    ]
    log = log_of(tmp_path, *lines)
    assert word not in repr((log.findings, log.notes, log.account))
