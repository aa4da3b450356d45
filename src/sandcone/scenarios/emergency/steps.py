"""What is done for patients in the emergency department and in the unit behind it."""

from __future__ import annotations

from dataclasses import replace

from sandcone.core.law import Fixed, Lognormal
from sandcone.core.model import Need, Step
from sandcone.scenarios.emergency.figures import Figures, by_class
from sandcone.scenarios.pieces import by_value, minutes, need, step

LEFT, MOVED = "Leaving", "Into the unit"
"""A cubicle is kept until the patient is in the unit, or has gone home."""
CUBICLE = need("Cubicles", until=MOVED)
BAY = need("Resuscitation bays", until=MOVED)
EITHER = need("Cubicles", "Resuscitation bays", until=MOVED)
BED = need("Unit beds", until="Leaving the unit")


def steps(p: Figures) -> dict[str, Step]:
    """Every step by name."""
    return {**_at_the_door(p), **_by_doctors(p), **_tests(p), **_in_the_end(p)}


def _at_the_door(p: Figures) -> dict[str, Step]:
    t, walk = p.times, Fixed(minutes=p.times.into_cubicle)
    return {
        "Triage": step(minutes(t.triage), need("Triage nurses"), value="necessary"),
        "Ambulance handover": step(minutes(t.handover), need("Triage nurses"), value="necessary"),
        "Into a cubicle": replace(step(walk, CUBICLE, value="necessary"), patience=minutes(p.ways.patience)),
        "Into a cubicle at once": step(walk, CUBICLE, value="necessary"),
        "Into resuscitation": step(walk, BAY, value="necessary"),
        "Nurse's assessment": step(minutes(t.nurse), need("Nurses"), CUBICLE),
    }


def _by_doctors(p: Figures) -> dict[str, Step]:
    doctor, decision = need("Doctors"), minutes(p.times.decision)
    return {
        "Resuscitation": _seen(p, doctor, need("Nurses"), BAY),
        "Assessment": _seen(p, doctor, CUBICLE),
        "Assessment, minor": _seen(p, doctor, CUBICLE),
        "Decision": step(decision, doctor, EITHER),
        "Decision, minor": step(decision, doctor, EITHER),
    }


def _seen(p: Figures, *needs: Need) -> Step:
    """A doctor's time with a patient, by triage class."""
    laws = {triage: Lognormal(median=median, sigma=p.times.doctor_sigma) for triage, median in by_class(p.times.doctor).items()}
    return Step(minutes=by_value("triage", laws), needs=needs)


def _tests(p: Figures) -> dict[str, Step]:
    t, radiographer = p.times, need("Radiographers")
    known = step(Fixed(minutes=0), value="necessary")
    blood = step(minutes(t.laboratory), need("Analysers"), value="necessary")
    return {
        "Blood test": replace(blood, before=minutes(t.laboratory_before)),
        "Blood result": replace(known, before=minutes(t.laboratory_after)),
        "X-ray": step(minutes(t.xray), radiographer, need("X-ray rooms")),
        "CT": step(minutes(t.ct), radiographer, need("CT scanners")),
        "CT result": replace(known, before=minutes(t.ct_after)),
        "Treatment": step(minutes(t.treatment), need("Nurses")),
        "Treatment, minor": step(minutes(t.minor_treatment), need("Nurse practitioners", "Nurses")),
        "Specialist's opinion": step(minutes(t.opinion), need("Specialists"), EITHER),
    }


def _in_the_end(p: Figures) -> dict[str, Step]:
    t = p.times
    stay = step(minutes(t.stay_hours, 60.0), BED)
    return {
        LEFT: step(minutes(t.leaving), need("Nurses"), EITHER),
        MOVED: step(minutes(t.into_unit), BED, need("Nurses"), value="necessary"),
        "Stay in the unit": stay,
        "Round in the unit": step(minutes(t.round), need("Unit doctors"), BED),
        "Leaving the unit": step(minutes(t.leaving_unit), need("Porters"), BED, value="necessary"),
    }
