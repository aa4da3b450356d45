"""The page of a timetable of whole paths, taken apart: numbers known by hand, and nothing from the data that becomes code."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

from sandcone.core.journey import FewDays, Journey, OnDays, Slot, Task
from sandcone.core.journeys import Journeys, Timetable
from sandcone.flow.journeys_page import timetable_report, wishes_met
from sandcone.planning.journeys.first import first_come
from sandcone.planning.journeys.score import score_journeys
from sandcone.reporting import booking_page
from sandcone.reporting.booking_page import booking_page as page_of
from sandcone.reporting.booking_seen import BookingSeen
from tests.planning.journeys.clinics import at, booked, clinic, need, visit
from tests.reporting.browser import Tab, address, found
from tests.reporting.reader import Page, taken_apart

HOSTILE = "<script>alert(1)</script>\"'& onload=x"
PARTS = ["headline", "costs", "load", "waits", "wishes", "left-out", "calendar", "made"]


def small() -> Journeys:
    """Cy may come at once and has two wishes, Di a week later; Ed is left out."""
    wishes = (OnDays(days=("Wed",)), FewDays(most=2))
    return clinic(visit("Cy", wishes=wishes), visit("Di", release=at(8, "00:00")), visit("Ed", weight=4))


def usual() -> Timetable:
    """Cy on Wednesday and, for the scan, on Friday; Di on the second Tuesday, after a wait of 8 hours and a half."""
    return booked(
        Cy={"visit": (at(2, "09:00"), "Ann"), "scan": (at(4, "10:00"), "scanner")},
        Di={"visit": (at(8, "08:30"), "Bo"), "scan": (at(8, "09:00"), "scanner")},
    )


def html(problem: Journeys, timetable: Timetable, **what: object) -> str:
    return page_of(problem, timetable, score_journeys(problem, timetable), **what)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def read() -> Page:
    plainest = first_come(small())
    rival = (plainest, score_journeys(small(), plainest))
    why = [("Ed", "doctors full on 3.")]
    return taken_apart(html(small(), usual(), rival=rival, met=wishes_met(small(), usual()), left_out_why=why, made="Made by hand."))


def test_every_part_is_there_in_order_with_headings_without_a_gap(read: Page) -> None:
    assert [a["id"] for a in read.all("section")] == PARTS
    levels = [int(t[1]) for t, _ in read.elements if re.fullmatch("h[1-6]", t)]
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))
    assert not read.wrong
    assert not read.open


def test_the_headline_says_who_comes_how_long_they_wait_and_what_it_costs(read: Page) -> None:
    said = read.sections["headline"]
    assert "books the whole path of 2 of 3 patients in 14 days, 4 appointments in all" in said
    assert "1 patient is left out; those who come wait 33 hours on average" in said  # 57 and 8.5 hours
    assert "Days of visits1.5" in said
    assert "50\u00a0%of 2 wishes of those who come" in said


def test_waits_stand_by_the_week_in_which_journeys_may_begin(read: Page) -> None:
    said = read.sections["waits"]
    assert "Mon 7 January: 2 days 9 hours" in said
    assert "Mon 14 January: 8 hours 30 minutes" in said
    assert "Mean wait, first come, first served" in said


def test_wishes_those_left_out_and_the_calendar_are_there(read: Page) -> None:
    assert "on certain days of the week100" in read.sections["wishes"]  # the visit is on Wednesday, the scan is not
    assert "on few days11100" in read.sections["wishes"]
    assert "doctors full on 3." in read.sections["left-out"]
    assert "Ann: 1 appointment" in read.sections["calendar"]
    assert "Wed 9 January09:0009:30Cyvisitvisit" in read.sections["calendar"]
    assert "Made by hand." in read.sections["made"]


def test_a_pool_is_as_full_as_its_open_time_is_booked_day_by_day() -> None:
    seen = BookingSeen(small(), usual(), score_journeys(small(), usual()))
    assert [seen.load("doctors")[d] for d in (2, 5, 8)] == [(30, 480), (0, 0), (30, 480)]  # two of them, four hours each; Saturday
    assert seen.load("scans")[4] == (20, 1440)


def test_a_place_that_is_kept_is_taken_until_it_is_given_back_() -> None:
    bed = Task(name="in", minutes=60, needs=(need("beds", until="out"),))
    problem = clinic(Journey(patient="Cy", tasks=(bed, Task(name="out", minutes=30))))
    slots = {"in": Slot(minute=at(0, "22:00"), resources=("ward",)), "out": Slot(minute=at(2, "09:00"))}
    table = Timetable(starts={"Cy": slots})
    seen = BookingSeen(problem, table, score_journeys(problem, table))
    assert seen.load("beds")[:3] == [(120, 2880), (1440, 2880), (570, 2880)]


def test_nothing_of_the_data_becomes_code_and_no_other_host_is_named() -> None:
    problem = clinic(visit(HOSTILE))
    given = first_come(problem)
    text = html(problem, given, made=HOSTILE, left_out_why=[(HOSTILE, HOSTILE)])
    assert "<script>alert" not in text
    assert not re.search(r"https?:|@import", text)
    assert not [k for _, a in taken_apart(text).elements for k in a if k.startswith("on") or k in ("style", "src")]


def test_an_empty_timetable_and_one_that_cannot_be_carried_out_have_a_page() -> None:
    nobody = taken_apart(html(small(), Timetable()))
    assert "Nothing is booked that needs a place." in nobody.sections["load"]
    assert "Nobody who comes has a wish." in nobody.sections["wishes"]
    broken = booked(Cy={"visit": (at(2, "07:00"), "Ann"), "scan": (at(4, "10:00"), "scanner")})
    assert "cannot be carried out" in taken_apart(html(small(), broken)).sections["headline"]


def test_a_calendar_too_long_for_a_page_is_in_the_table_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(booking_page, "MOST_ROWS", 3)
    said = taken_apart(html(small(), usual())).sections["calendar"]
    assert "4 rows are too many for a page" in said


@pytest.mark.skipif(found() is None, reason="no Chromium on this machine, so the page is not opened in a browser")
@pytest.mark.parametrize("width", [1280, 400])
def test_the_page_opens_without_a_complaint_or_an_outside_request_and_fits_the_window(tmp_path: Path, tab: Tab, width: int) -> None:
    name = "Patient with a long name and number"
    problem = clinic(*(visit(f"{name} {i}") for i in range(40)), days=60)
    page = timetable_report(problem, first_come(problem), tmp_path)
    tab.width(width)
    tab.open(address(page))
    tab.value("document.querySelectorAll('details').forEach(d => d.open = true)")
    tab.settle()
    assert tab.complaints == []
    assert tab.outside == []
    assert tab.value("document.documentElement.scrollWidth - window.innerWidth") <= 0
