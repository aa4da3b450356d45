"""Levers of hours, and of what becomes of work at their end."""

from __future__ import annotations

import pytest

from sandcone.core.arrangement import Arrangement
from sandcone.core.errors import ModelError
from sandcone.core.model import Pool, Resource
from sandcone.core.site import Calendar, Shift
from sandcone.improving.levers.shifts import at_close, hours
from tests.improving.levers.played import played
from tests.simulating.worlds import hospital, known, step
from tests.simulating.worlds import hours as opened


def broken_day() -> Calendar:
    """Mondays and Tuesdays with a break, Wednesdays without; one day closed."""
    shifts = (("Mon Tue", "08:00", "12:00"), ("Mon Tue", "13:00", "17:30"), ("Wed", "09:00", "15:00"))
    return Calendar(
        shifts=tuple(Shift.model_validate({"days": d.split(), "from": a, "to": b}) for d, a, b in shifts), closed=("2024-01-02",)
    )


def clinic(*people: tuple[str, float]) -> Arrangement:
    """Two doctors and a clerk of one calendar, a nurse of another, a room without any."""
    resources = {
        "D1": Resource(calendar="clinic"),
        "D2": Resource(calendar="clinic"),
        "Clerk": Resource(calendar="clinic"),
        "Nurse": Resource(calendar="nurses"),
        "Room": Resource(),
    }
    model = hospital(
        {"Visit": step(60, "Doctors", "Room"), "Bill": step(5, "Clerk"), "Bandage": step(7, "Nurse")},
        known(*people),
        resources=resources,
        pools={"Doctors": Pool(members=("D1", "D2"))},
        calendars={"clinic": broken_day(), "nurses": opened("10:00", "16:00")},
    )
    return Arrangement(model=model)


def said(calendar: Calendar) -> list[str]:
    """A calendar in short."""
    return [f"{' '.join(s.days)} {s.start}-{s.end}" for s in calendar.shifts]


def test_the_first_shift_of_a_day_opens_earlier_and_the_last_closes_later() -> None:
    today = clinic()
    at = hours(today, calendars=("clinic",), earlier_minutes=30, later_minutes=45)
    made = at.model.calendars["clinic"]
    assert said(made) == ["Mon Tue 07:30-12:00", "Mon Tue 13:00-18:15", "Wed 08:30-15:45"]
    assert made.closed == ("2024-01-02",)
    assert at.model.calendars["nurses"] == today.model.calendars["nurses"]
    assert at.model.resources == today.model.resources
    assert today == clinic()


def test_a_day_that_moves_is_as_long_as_before_and_patients_are_seen_sooner() -> None:
    people = [("a", 400.0), ("b", 400.0), ("c", 400.0)]
    at = hours(clinic(*people), calendars=("clinic",), earlier_minutes=60, later_minutes=-60, days=("Mon",))
    assert said(at.model.calendars["clinic"]) == [
        "Mon 07:00-12:00",
        "Mon 13:00-16:30",
        "Tue 08:00-12:00",
        "Tue 13:00-17:30",
        "Wed 09:00-15:00",
    ]
    assert [s.start for s in played(clinic(*people)) if s.step == "Visit"] == [480, 540, 600]
    assert [s.start for s in played(at) if s.step == "Visit"] == [420, 480, 540]


def test_some_of_those_who_keep_a_calendar_get_one_of_their_own() -> None:
    at = hours(clinic(), resources=("D2",), pools=("Nurse",), earlier_minutes=60)
    assert at.model.resources["D2"].calendar == "clinic · D2"
    assert said(at.model.calendars["clinic · D2"]) == ["Mon Tue 07:00-12:00", "Mon Tue 13:00-17:30", "Wed 08:00-15:00"]
    assert at.model.calendars["clinic"] == broken_day()
    assert at.model.resources["Nurse"].calendar == "nurses"  # nobody else keeps it
    assert said(at.model.calendars["nurses"]) == ["Mon Tue Wed Thu Fri 09:00-16:00"]
    again = hours(at, resources=("D2",), earlier_minutes=-60)
    assert again.model.calendars["clinic · D2"] == broken_day()


def test_members_of_a_pool_share_their_own_calendar_and_who_is_always_open_stays_so() -> None:
    at = hours(clinic(), pools=("Doctors", "Room"), later_minutes=-90, days=("Tue", "Wed"))
    assert {n: r.calendar for n, r in at.model.resources.items()} == {
        "D1": "clinic · D1",
        "D2": "clinic · D1",
        "Clerk": "clinic",
        "Nurse": "nurses",
        "Room": None,
    }
    assert said(at.model.calendars["clinic · D1"]) == [
        "Mon 08:00-12:00",
        "Mon 13:00-17:30",
        "Tue 08:00-12:00",
        "Tue 13:00-16:00",
        "Wed 09:00-13:30",
    ]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"calendars": ("clinic",), "earlier_minutes": 481}, "calendar 'clinic', Mon: its hours would pass midnight"),
        ({"calendars": ("nurses",), "later_minutes": 481}, "its hours would pass midnight"),
        ({"calendars": ("clinic",), "earlier_minutes": -240}, "calendar 'clinic', Mon: a shift would never open"),
        ({"calendars": ("clinic",)}, "'clinic' keep the hours they had"),
        ({"calendars": ("clinic",), "earlier_minutes": 60, "days": ("Sun",)}, "keep the hours they had"),
        ({"resources": ("Room",), "earlier_minutes": 60}, "'Room' keep the hours they had"),
        ({"earlier_minutes": 60}, "none keep the hours they had"),
        ({"calendars": ("night",), "earlier_minutes": 60}, "no calendar is called 'night'"),
        ({"pools": ("Doctors",), "earlier_minutes": -600, "later_minutes": 300}, "never open"),
    ],
)
def test_hours_that_cannot_be_are_refused(change: dict[str, object], why: str) -> None:
    with pytest.raises(ModelError, match=why):
        hours(clinic(), **change)  # type: ignore[arg-type]


def test_work_under_way_at_closing_goes_on_the_next_morning_or_in_overtime() -> None:
    def open_to_ten() -> Arrangement:
        model = hospital(
            {"Visit": step(100, "Doctor")},
            known(("a", 570.0)),
            resources={"Doctor": Resource(calendar="day"), "Porter": Resource()},
            calendars={"day": opened("08:00", "10:00")},
        )
        return Arrangement(model=model)

    today = open_to_ten()
    at = at_close(today, pools=("Doctor", "Porter"), policy="go home")
    assert [s.end for s in played(today)] == [670]
    assert [s.end for s in played(at)] == [1440 + 480 + 70]
    assert today == open_to_ten()
    assert at.model.resources["Porter"] == Resource()
    with pytest.raises(ModelError, match="never close, or do so already"):
        at_close(at, resources=("Doctor",), policy="go home")
    with pytest.raises(ModelError, match="never close, or do so already"):
        at_close(today, resources=("Porter",), policy="hand over")
