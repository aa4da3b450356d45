"""What is done for patients on a medical ward, from the assessment unit to the way home."""

from __future__ import annotations

from dataclasses import replace

from sandcone.core.law import Fixed
from sandcone.core.model import Booking, Step
from sandcone.scenarios.medical_ward.figures import Booked, Figures
from sandcone.scenarios.pieces import ALL_DAYS, DAY, minutes, need, step

WEEKDAYS = ALL_DAYS[:5]
TROLLEY = need("Assessment trolleys", until="Into the ward")
BED = need("Ward beds", until="Leaving the ward")


def steps(p: Figures) -> dict[str, Step]:
    """Every step by name."""
    return {**_on_arrival(p), **_each_day(p), **_before_leaving(p)}


def _on_arrival(p: Figures) -> dict[str, Step]:
    t = p.times
    booked = step(minutes(t.settling), BED, need("Ward nurses"), value="necessary")
    return {
        "Nurse's admission": step(minutes(t.nurse_first), TROLLEY, need("Assessment nurses")),
        "Doctor's admission": step(minutes(t.doctor_first), need("Junior doctors"), TROLLEY),
        "First treatment": step(minutes(t.first_hours, 60.0), TROLLEY),
        "First night": step(minutes(t.first_night_hours, 60.0), BED),
        "Post-take round": step(minutes(t.post_take), need("Senior doctors", "Post-take seniors")),
        "Into the ward": step(minutes(t.into_ward), BED, need("Assessment nurses"), value="necessary"),
        "Settling in": step(minutes(t.settling), need("Ward nurses"), BED, value="necessary"),
        "Booked admission": replace(booked, booking=_booking(p.booking)),
        "Doctor's admission, planned": step(minutes(t.doctor_first), need("Junior doctors"), BED),
    }


def _booking(it: Booked) -> Booking:
    """So many slots on each weekday, at one time of day."""
    hours, past = map(int, it.at.split(":"))
    slots = tuple(DAY * day + 60 * hours + past for day in range(len(WEEKDAYS)))
    notice = it.notice_days * DAY
    return Booking(slots=slots, places=it.slots_a_day, notice_minutes=notice, no_show=it.no_show, cancel=it.cancel, again=True)


def _each_day(p: Figures) -> dict[str, Step]:
    t = p.times
    scan = step(minutes(t.scan))
    return {
        "Treatment day": step(Fixed(minutes=60.0 * t.treatment_hours), BED),
        "Nursing": step(minutes(t.nursing), need("Ward nurses")),
        "Scan": replace(scan, before=minutes(t.scan_before)),
        "Ward round": step(minutes(t.round), need("Senior doctors"), need("Junior doctors"), BED),
    }


def _before_leaving(p: Figures) -> dict[str, Step]:
    t, crew = p.times, need("Transport crews", until="Ride home")
    medicines = step(minutes(t.medicines), need("Pharmacists"), value="necessary")
    pick_up = step(minutes(t.pick_up), crew, value="necessary")
    return {
        "Discharge letter": step(minutes(t.letter), need("Junior doctors"), value="necessary"),
        "Medicines to take home": replace(medicines, before=minutes(t.medicines_before)),
        "Physiotherapy": step(minutes(t.physiotherapy), need("Physiotherapists")),
        "Care arranged": step(Fixed(minutes=10.0), value="necessary"),
        "Transport is there": replace(pick_up, before=minutes(t.pick_up_before)),
        "Leaving the ward": step(minutes(t.leaving), need("Ward nurses"), BED),
        "Ride home": step(minutes(t.ride), crew, value="necessary"),
    }
