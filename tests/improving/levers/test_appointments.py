"""Levers of appointments: times, places, reminders, and more of them than can be kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandcone.core.arrangement import Arrangement
from sandcone.core.errors import ModelError
from sandcone.core.model import Booking, Need, Pool, Resource
from sandcone.improving.levers.appointments import appointments, overbook
from tests.improving.levers.played import played
from tests.simulating.worlds import hospital, hours, known, step

SLOTS = (480.0, 500.0, 520.0, 1920.0, 1940.0)
MONDAY_TUESDAY = ("Mon", "Tue")


def clinic(booking: Booking | None = None, *people: tuple[str, float]) -> Arrangement:
    """A visit to one of two doctors, in two of six rooms, from eight to nine and from ten to half past ten on two days."""
    model = hospital(
        {"Visit": step(20, "Doctors", Need(pools=("Rooms",), units=2), booking=booking), "Bill": step(1)},
        known(*people or (("a", 0.0),)),
        resources={
            "D1": Resource(calendar="early", last_start_minutes=20.0),
            "D2": Resource(calendar="late"),
            "Rooms": Resource(capacity=6, calendar="house"),
        },
        pools={"Doctors": Pool(members=("D1", "D2"))},
        calendars={
            "early": hours("08:00", "09:00", MONDAY_TUESDAY),
            "late": hours("10:00", "10:30", MONDAY_TUESDAY),
            "house": hours("07:00", "20:00"),
        },
    )
    return Arrangement(model=model)


def book(at: Arrangement) -> Booking:
    """The appointments of the visit."""
    booking = at.model.steps["Visit"].booking
    assert booking is not None
    return booking


def test_a_step_without_appointments_gets_some_while_all_who_are_needed_may_begin() -> None:
    today = clinic()
    at = appointments(today, steps=("Visit",), every_minutes=20)
    day = (480.0, 500.0, 520.0, 600.0, 620.0)  # from 8:40 on the first doctor begins nothing more
    assert book(at).slots == (*day, *(1440.0 + m for m in day))
    assert book(at).places == 2  # two doctors would have four rooms
    assert today == clinic()


def test_the_wait_for_an_appointment_counts_from_when_the_need_arose() -> None:
    at = appointments(clinic(None, ("a", 0.0), ("b", 485.0)), steps=("Visit",), every_minutes=30, notice_days=1.0)
    seen = [(s.who, s.ready, s.planned, s.start) for s in played(at) if s.step == "Visit"]
    assert seen == [("a", 0, 1920, 1920), ("b", 485, 1950, 1950)]


def test_other_times_leave_no_fewer_places_a_week_than_today() -> None:
    today = Booking(slots=SLOTS, places=4, notice_minutes=70.0, no_show=0.2, cancel=0.1, again=True)
    made = book(appointments(clinic(today), steps=("Visit",), every_minutes=60))
    assert made == Booking(slots=(480.0, 600.0, 1920.0, 2040.0), places=5, notice_minutes=70.0, no_show=0.2, cancel=0.1, again=True)
    assert book(appointments(clinic(today), steps=("Visit",), every_minutes=60, places=3)).places == 3


def test_reminders_and_notice_change_what_they_say_and_nothing_else() -> None:
    today = Booking(slots=SLOTS, places=4, notice_minutes=70.0, no_show=0.2, cancel=0.1)
    made = book(appointments(clinic(today), steps=("Visit",), notice_days=2.5, no_show_times=0.25, places=6))
    assert made == Booking(slots=SLOTS, places=6, notice_minutes=3600.0, no_show=0.05, cancel=0.1)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, "those of 'Visit' stay as they are"),
        ({"every_minutes": 0}, "times or places that cannot be"),
        ({"places": 0}, "times or places that cannot be"),
        ({"notice_days": -1.0}, "a notice or a share of people that cannot be"),
        ({"steps": ("Bill",), "notice_days": 1.0}, "step 'Bill': there are no appointments for it"),
        ({"no_show_times": 9.0}, "no_show 1.8"),
    ],
)
def test_appointments_that_cannot_be_are_refused(change: dict[str, object], why: str) -> None:
    with pytest.raises(ModelError, match=why):
        appointments(clinic(Booking(slots=SLOTS, no_show=0.2)), **({"steps": ("Visit",)} | change))  # type: ignore[arg-type]


def test_a_share_of_the_times_has_one_place_more() -> None:
    today = clinic(Booking(slots=SLOTS, no_show=0.2))
    at = overbook(today, steps=("Visit",), share=0.4)
    assert book(at) == Booking(slots=(480.0, 500.0, 520.0, 520.0, 1920.0, 1940.0, 1940.0), no_show=0.2)
    assert today == clinic(Booking(slots=SLOTS, no_show=0.2))
    people = [(name, 0.0) for name in "abcd"]
    seen = [s.planned for s in played(overbook(clinic(Booking(slots=SLOTS), *people), steps=("Visit",), share=1.0)) if s.step == "Visit"]
    assert sorted(seen) == [480, 480, 500, 500]


@given(st.floats(0.01, 1.0), st.integers(1, 3), st.lists(st.integers(0, 10079), min_size=1, max_size=80, unique=True))
def test_the_share_of_fuller_times_is_the_share_asked_for(share: float, places: int, minutes: list[int]) -> None:
    slots = tuple(sorted(map(float, minutes)))
    try:
        made = book(overbook(clinic(Booking(slots=slots, places=places)), steps=("Visit",), share=share))
    except ModelError:
        assert int(len(slots) * share + 1e-6) == 0
        return
    counts = [made.slots.count(s) for s in slots]
    assert made.places == 1 and set(counts) <= {places, places + 1}
    assert abs(sum(counts) - places * len(slots) - share * len(slots)) < 1 + 1e-6


def test_places_that_are_said_hold_for_each_time_also_after_overbooking() -> None:
    fuller = overbook(clinic(Booking(slots=SLOTS, places=2)), steps=("Visit",), share=1.0)
    assert book(fuller) == Booking(slots=tuple(s for s in SLOTS for _ in range(3)))
    assert book(appointments(fuller, steps=("Visit",), places=4)) == Booking(slots=SLOTS, places=4)
    assert book(appointments(fuller, steps=("Visit",), every_minutes=60)).places == 4  # 15 places a week at four times


def test_overbooking_needs_appointments_and_a_share_that_is_some() -> None:
    for steps, share, why in (
        (("Bill",), 0.5, "not done by appointment"),
        (("Visit",), 0.1, "is none"),
        (("Visit",), 1.1, "a share of 1.1"),
    ):
        with pytest.raises(ModelError, match=why):
            overbook(clinic(Booking(slots=SLOTS)), steps=steps, share=share)
