"""A timetable as a calendar and as a table."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from sandcone.core.journeys import Journeys, Timetable
from sandcone.reporting.calendar import escaped, ics_text, timetable_csv
from tests.booked_clinic import clinic

NOW = datetime(2029, 12, 1, 6, 30, tzinfo=UTC)


def calendar(problem: Journeys, table: Timetable, whose: str | None = None) -> list[list[tuple[str, str]]]:
    """The appointments of a calendar, read as RFC 5545 says: lines joined, then name and value, then the value unescaped."""
    text = ics_text(problem, table, zone="Europe/Berlin", stamp=NOW, whose=whose)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    lines = [tuple(line.split(":", 1)) for line in text.replace("\r\n ", "").split("\r\n")]
    assert (lines[0], lines[-2:]) == (("BEGIN", "VCALENDAR"), [("END", "VCALENDAR"), ("",)])
    starts = [i for i, line in enumerate(lines) if line == ("BEGIN", "VEVENT")]
    ends = [i for i, line in enumerate(lines) if line == ("END", "VEVENT")]
    return [[(line[0], plain(line[1])) for line in lines[a + 1 : b]] for a, b in zip(starts, ends, strict=True)]


def plain(value: str) -> str:
    return re.sub(r"\\(.)", lambda m: {"n": "\n"}.get(m.group(1), m.group(1)), value)


def test_an_appointment_is_at_the_right_time_with_the_right_people() -> None:
    talk = dict(calendar(*clinic())[0])
    uid = talk.pop("UID")
    assert re.fullmatch(r"[0-9a-f-]{36}@sandcone\.example", uid)
    assert talk == {
        "DTSTAMP": "20291201T063000Z",
        "DTSTART": "20300107T080000Z",
        "DTEND": "20300107T083000Z",
        "SUMMARY": "talk, first",
        "DESCRIPTION": "Talk, patient ann",
        "LOCATION": "Dr Eve",
        "STATUS": "TENTATIVE",
    }


def test_signs_that_mean_something_to_a_calendar_are_kept() -> None:
    assert dict(calendar(*clinic())[1])["DESCRIPTION"] == "Talk, patient Bo; Ö"
    assert "DESCRIPTION:Talk\\, patient Bo\\; Ö\r\n" in ics_text(*clinic(), zone="UTC", stamp=NOW)


@given(text=st.text())
def test_any_text_comes_back_but_for_what_a_calendar_cannot_hold(text: str) -> None:
    kept = "".join(" " if (ord(c) < 32 and c != "\n") or c == "\x7f" else c for c in text.replace("\r\n", "\n").replace("\r", "\n"))
    assert plain(escaped(text)) == kept


def test_a_long_line_is_folded_and_comes_back() -> None:
    problem, table = clinic()
    long = "Ö" * 60 + "🩺" * 30
    journeys = tuple(type(j)(patient=long if j.patient == "ann" else j.patient, tasks=j.tasks) for j in problem.journeys)
    other = Journeys(name="c", begin=problem.begin, days=5, resources=problem.resources, pools=problem.pools, journeys=journeys)
    table = Timetable(starts={long: table.starts["ann"]})
    assert dict(calendar(other, table)[0])["DESCRIPTION"] == f"Talk, patient {long}"


def test_an_appointment_keeps_its_uid_when_it_moves_and_no_two_share_one() -> None:
    uids = [dict(e)["UID"] for e in calendar(*clinic())]
    assert len(set(uids)) == 3
    assert [dict(e)["UID"] for e in calendar(*clinic(first=480))] == uids


def test_a_calendar_can_be_that_of_one_resource() -> None:
    assert [dict(e)["SUMMARY"] for e in calendar(*clinic(), whose="Dr Fay")] == ["talk"]
    assert calendar(*clinic(), whose="cy") == []


def test_a_table_has_a_row_for_each_appointment_and_for_who_has_none() -> None:
    assert timetable_csv(*clinic()).splitlines() == [
        "patient,task,step,start,end,minutes,resources",
        'ann,"talk, first",Talk,2030-01-07 09:00:00,2030-01-07 09:30:00,30,Dr Eve',
        "Bo; Ö,talk,Talk,2030-01-07 10:15:00,2030-01-07 10:35:00,20,Dr Fay",
        "ann,scan,scan,2030-01-08 07:00:00,2030-01-08 08:30:00,90,",
        "cy,,,,,,",
    ]
    assert timetable_csv(*clinic(), whose="Dr Eve").count("\n") == 2
