"""The ways through the ward: assessment or a booked day, one treatment day after the other, and what must be done before going home."""

from __future__ import annotations

from sandcone.core.law import Fixed, Law
from sandcone.core.route import END, Choose, Do, Route, Split, WaysWhen
from sandcone.scenarios.medical_ward.figures import Figures
from sandcone.scenarios.pieces import Nodes, minutes, shares_to, some_to, when

KIND = "kind"
"""The attribute that tells frail patients from steady ones."""
CARE_HOURS = "social care"
"""The clock by which care is arranged."""


def route(p: Figures) -> Route:
    """All ways; emergencies begin at "assessment", planned patients at "booked"."""
    return Route(first="assessment", nodes={**_on_arrival(p), **_each_day(p), **_before_leaving(p)})


def _on_arrival(p: Figures) -> Nodes:
    """First treatment and a senior in the assessment unit, then a bed on the ward, and the next morning's round."""
    return {
        "assessment": Do(step="Nurse's admission", then="doctor"),
        "doctor": Do(step="Doctor's admission", then="first hours"),
        "first hours": Split(branches=("first treatment", "post-take round"), then="into the ward"),
        "first treatment": Do(step="First treatment"),
        "post-take round": Do(step="Post-take round"),
        "into the ward": Do(step="Into the ward", then="settling in"),
        "settling in": Do(step="Settling in", then="first day"),
        "first day": Split(branches=("first night", "scan?"), then="round"),
        "first night": Do(step="First night"),
        "scan?": Choose(otherwise=some_to("scan", p.ways.scan, END)),
        "scan": Do(step="Scan"),
        "booked": Do(step="Booked admission", then="doctor, planned"),
        "doctor, planned": Do(step="Doctor's admission, planned", then="day"),
    }


def _each_day(p: Figures) -> Nodes:
    """Treatment and nursing until the next morning, then the round says whether the patient may leave."""
    fit, frail = p.ways.fit_each_day, some_to("fit", p.ways.fit_each_day["frail"], "day")
    pause = Fixed(minutes=60.0 * p.times.nursing_every_hours)
    return {
        "day": Split(branches=("treatment", "nursing"), then="round"),
        "treatment": Do(step="Treatment day"),
        "nursing": Do(step="Nursing", then="nursing again"),
        "nursing again": Do(step="Nursing", then="nursing at night", lag=pause),
        "nursing at night": Do(step="Nursing", then="nursing early", lag=pause),
        "nursing early": Do(step="Nursing", lag=pause),
        "round": Do(step="Ward round", then="fit?"),
        "fit?": Choose(otherwise=some_to("fit", fit["steady"], "day"), cases=(WaysWhen(when=when(KIND, "frail"), ways=frail),)),
    }


def _before_leaving(p: Figures) -> Nodes:
    it = p.ways
    return {
        "fit": Split(branches=("letter", "physiotherapy?", "care?"), then="transport?"),
        "letter": Do(step="Discharge letter", then="medicines"),
        "medicines": Do(step="Medicines to take home"),
        "physiotherapy?": shares_to("physiotherapy", KIND, it.physiotherapy, END),
        "physiotherapy": Do(step="Physiotherapy"),
        "care?": shares_to("care", KIND, it.social_care, END),
        "care": Do(step="Care arranged", lag=_care(p), pace=CARE_HOURS),
        "transport?": shares_to("transport", KIND, it.transport, "leaving"),
        "transport": Do(step="Transport is there", then="leaving with crew"),
        "leaving with crew": Do(step="Leaving the ward", then="ride"),
        "ride": Do(step="Ride home"),
        "leaving": Do(step="Leaving the ward"),
    }


def _care(p: Figures) -> Law:
    """Working days, in minutes of the hours in which care is arranged."""
    first, last = (60 * int(clock[:2]) + int(clock[3:]) for clock in p.hours.social_care)
    return minutes(p.ways.social_care_days, float(last - first))
