"""The emergency department as a model: who comes, what there is to treat them with, and in which hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from statistics import fmean

from sandcone.core.arrivals import Kind, Rate
from sandcone.core.model import Model
from sandcone.core.plan import ByClass
from sandcone.core.site import Calendar
from sandcone.scenarios.emergency.figures import CLASSES, MINOR, Figures, by_class, emergency_figures, figures
from sandcone.scenarios.emergency.steps import steps
from sandcone.scenarios.emergency.ways import route
from sandcone.scenarios.marked import counted
from sandcone.scenarios.pieces import ALL_DAYS, Means, shifts

BEGIN = date(2024, 1, 1)
"""A Monday."""


def emergency_department() -> Model:
    """An emergency department of 150 patients a day, with the admission unit whose beds its patients wait for.

    Doctors and nurses work in shifts, arrivals follow the hour of the week, the most urgent class goes first, some leave unseen, and
    whoever stays in hospital keeps the cubicle until the unit has a bed. Nothing in it depends on chance.
    """
    p = figures()
    it = _means(p)
    return Model(
        name="Emergency department",
        begin=BEGIN,
        steps=steps(p),
        route=route(p),
        arrivals=(_door(p),),
        resources=it.resources,
        pools=it.pools,
        calendars={name: Calendar(shifts=shifts(ALL_DAYS, *hours)) for name, hours in p.shifts.items()},
        queue=ByClass(attribute="triage", order=CLASSES),
        notes=("A made-up emergency department.", f"Its figures: {counted(emergency_figures())}; see emergency.toml."),
    )


def _door(p: Figures) -> Rate:
    """Everybody who comes, at a rate for each hour of the week."""
    hours, days = p.coming.by_hour, (p.coming.monday, *p.coming.other_days)
    a_day = p.coming.patients_a_day / fmean(days)
    rates = tuple(a_day * day * hour / sum(hours) for day in days for hour in hours)
    return Rate(per_hour=rates, kinds=tuple(_kinds(p)), first="door", name="patients")


def _kinds(p: Figures) -> Iterator[Kind]:
    """Patients by triage class, how severe it is, and the way they come."""
    ambulance = by_class(p.coming.by_ambulance)
    for triage, share in by_class(p.coming.classes).items():
        for arrival, part in (("ambulance", ambulance[triage]), ("walk-in", 1 - ambulance[triage])):
            for severity, of in _severity(p, triage).items():
                yield Kind(share=share * part * of, attributes={"triage": triage, "severity": severity, "arrival": arrival})


def _severity(p: Figures, triage: str) -> dict[str, float]:
    """All of class 1 and some of class 2 are in danger; classes 4 and 5 are minor."""
    at_risk = {"1": 1.0, "2": p.ways.class_2_at_risk}.get(triage, 0.0)
    shares = {"life at risk": at_risk, "minor" if triage in MINOR else "major": 1 - at_risk}
    return {severity: share for severity, share in shares.items() if share > 0}


def _means(p: Figures) -> Means:
    it, n, cost, clean = Means(), p.rooms, p.cost_per_hour, p.times.cleaning_cubicle
    it.group("Cubicles", n.cubicles, cost_per_hour=cost.cubicle, turnover_minutes=clean)
    it.group("Resuscitation bays", n.resuscitation_bays, cost_per_hour=cost.resuscitation_bay, turnover_minutes=clean)
    it.group("X-ray rooms", n.xray_rooms, cost_per_hour=cost.xray_room)
    it.group("CT scanners", n.ct_scanners, cost_per_hour=cost.ct_scanner)
    it.group("Analysers", n.analysers, cost_per_hour=cost.analyser)
    it.group("Unit beds", n.unit_beds, cost_per_hour=cost.unit_bed, turnover_minutes=p.times.cleaning_bed)
    _people(it, p)
    return it


def _people(it: Means, p: Figures) -> None:
    """Whoever goes off hands work under way to a colleague."""
    staff, cost = p.staff, p.cost_per_hour
    for pool, people, price in (
        ("Doctors", staff.doctors, cost.doctor),
        ("Nurses", staff.nurses, cost.nurse),
        ("Triage nurses", staff.triage_nurses, cost.nurse),
        ("Nurse practitioners", staff.practitioners, cost.practitioner),
        ("Radiographers", staff.radiographers, cost.radiographer),
        ("Specialists", staff.specialists, cost.specialist),
        ("Unit doctors", staff.unit_doctors, cost.doctor),
        ("Porters", staff.porters, cost.porter),
    ):
        it.in_shifts(pool, people, cost_per_hour=price, at_close="hand over", grade=GRADES.get(pool))


GRADES = {"Doctors": "senior", "Specialists": "senior", "Unit doctors": "senior", "Nurse practitioners": "junior"}
