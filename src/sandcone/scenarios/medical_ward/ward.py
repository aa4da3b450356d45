"""The medical ward as a model: who comes, beds and people, and the hours they keep."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from statistics import fmean

from sandcone.core.arrivals import Arrivals, Kind, Rate
from sandcone.core.model import Model
from sandcone.core.pace import Pace
from sandcone.core.plan import FirstCome
from sandcone.core.site import Calendar
from sandcone.scenarios.marked import counted
from sandcone.scenarios.medical_ward.figures import Clock, Figures, figures, medical_ward_figures
from sandcone.scenarios.medical_ward.steps import WEEKDAYS, steps
from sandcone.scenarios.medical_ward.ways import CARE_HOURS, KIND, route
from sandcone.scenarios.pieces import ALL_DAYS, Means, shifts

BEGIN = date(2024, 1, 1)
"""A Monday."""
WEEKEND = ALL_DAYS[5:]


def medical_ward() -> Model:
    """A medical ward of 28 beds: emergencies by way of a small assessment unit, and planned patients on weekdays.

    A round in the morning says who may leave; letter, medicines, physiotherapy, transport and social care come before the bed is free.
    Whoever finds no bed stays in the assessment unit. Nothing in it depends on chance.
    """
    p = figures()
    it = _means(p)
    return Model(
        name="Medical ward",
        begin=BEGIN,
        steps=steps(p),
        route=route(p),
        arrivals=_streams(p),
        resources=it.resources,
        pools=it.pools,
        calendars=_calendars(p),
        paces={CARE_HOURS: _open_hours(p.hours.social_care)},
        queue=FirstCome(),
        notes=("A made-up medical ward.", f"Its figures: {counted(medical_ward_figures())}; see medical_ward.toml."),
    )


def _streams(p: Figures) -> tuple[Arrivals, ...]:
    it = p.coming
    hours, days = it.by_hour, it.by_day
    a_day = it.emergencies_a_day / fmean(days) / sum(hours)
    emergencies = tuple(a_day * day * hour for day in days for hour in hours)
    asked = _open_hours(it.planned_hours).by_hour
    planned = tuple(it.planned_a_week * hour / sum(asked) for hour in asked)
    return (
        Rate(per_hour=emergencies, kinds=_kinds("emergency", it.frail), first="assessment", name="emergencies"),
        Rate(per_hour=planned, kinds=_kinds("planned", it.frail_planned), first="booked", name="planned"),
    )


def _kinds(admission: str, frail: float) -> tuple[Kind, ...]:
    shares = {"frail": frail, "steady": 1 - frail}
    return tuple(Kind(share=share, attributes={KIND: kind, "admission": admission}) for kind, share in shares.items())


def _open_hours(clock: Clock) -> Pace:
    """A clock that runs on weekdays in these hours."""
    first, last = (int(time[:2]) for time in clock)
    return Pace(by_hour=tuple(float(day < len(WEEKDAYS) and first <= hour < last) for day in range(7) for hour in range(24)))


def _calendars(p: Figures) -> dict[str, Calendar]:
    it = p.hours
    (begin, end), (_, early_end) = it.doctors, it.weekend_doctors
    kept = {
        "early": shifts(ALL_DAYS, *it.early),
        "late": shifts(ALL_DAYS, *it.late),
        "rounds": shifts(ALL_DAYS, *it.rounds),
        "post-take": shifts(ALL_DAYS, *it.post_take),
        "doctors": (*shifts(WEEKDAYS, *it.doctors), *shifts(WEEKEND, *it.weekend_doctors)),
        "on call": (*shifts(WEEKDAYS, end, begin), *shifts(WEEKEND, early_end, begin)),
        "therapy": shifts(WEEKDAYS, *it.therapy),
        "pharmacy": (*shifts(WEEKDAYS, *it.pharmacy), *shifts(WEEKEND, *it.weekend_pharmacy)),
        "transport": shifts(ALL_DAYS, *it.transport),
    }
    return {name: Calendar(shifts=hours) for name, hours in kept.items()}


def _means(p: Figures) -> Means:
    it, cost = Means(), p.cost_per_hour
    it.group("Ward beds", p.rooms.ward_beds, cost_per_hour=cost.bed, turnover_minutes=p.times.cleaning_bed)
    it.group("Assessment trolleys", p.rooms.assessment_trolleys, cost_per_hour=cost.trolley)
    for pool, people, price in (
        ("Ward nurses", p.staff.nurses, cost.nurse),
        ("Assessment nurses", p.staff.assessment_nurses, cost.nurse),
        ("Senior doctors", p.staff.seniors, cost.senior),
        ("Post-take seniors", p.staff.post_take_seniors, cost.senior),
        ("Junior doctors", p.staff.juniors, cost.junior),
        ("Physiotherapists", p.staff.physiotherapists, cost.physiotherapist),
        ("Pharmacists", p.staff.pharmacists, cost.pharmacist),
        ("Transport crews", p.staff.crews, cost.crew),
    ):
        it.in_shifts(pool, people, cost_per_hour=price, grade=GRADES.get(pool), at_close="finish" if pool in ALONE else "hand over")
    it.resources[ON_CALL] = replace(it.resources[ON_CALL], cost_per_hour=cost.junior_on_call)
    return it


ON_CALL = "Junior doctors, on call"
GRADES = {"Senior doctors": "senior", "Post-take seniors": "senior", "Junior doctors": "junior"}
ALONE = ("Senior doctors", "Post-take seniors", "Physiotherapists", "Pharmacists", "Transport crews")
"""Nobody comes after them, so they finish what they began."""
