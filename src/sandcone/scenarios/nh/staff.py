"""What a hospital has to work with: theatres, labs, beds and people, in pools, with the hours they keep."""

from __future__ import annotations

from datetime import date

from sandcone.core.site import Calendar, Shift
from sandcone.scenarios.nh.parameters import House, Parameters
from sandcone.scenarios.pieces import ALL_DAYS, WORKDAYS, Means, shift

AGES = ("adult", "child")
WORKING_DAYS = 303
"""Working days of a year: six a week, less about ten closed days."""


def means(p: Parameters, house: House) -> Means:
    """All that one hospital has."""
    it = Means()
    _rooms(it, p, house)
    _beds(it, p, house)
    _theatre_staff(it, p, house)
    _clinic_staff(it, p, house)
    return it


def _rooms(it: Means, p: Parameters, house: House) -> None:
    for pool, letter, n, calendar in (
        ("Adult theatres", "A", house.adult_theatres, "theatres"),
        ("Children's theatres", "C", house.child_theatres, "theatres"),
        ("Emergency theatres", "E", house.emergency_theatres, None),
    ):
        names = [f"Theatre {letter}{i + 1}" for i in range(n)]
        it.each(pool, names, calendar=calendar, turnover_minutes=p.times.turnover_theatre, cost_per_hour=p.cost_per_hour.theatre)
    labs = [f"Cath lab {i + 1}" for i in range(house.cath_labs)]
    it.each("Cath labs", labs, turnover_minutes=p.times.turnover_lab, cost_per_hour=p.cost_per_hour.cath_lab)
    it.group("Emergency bays", house.beds / 100 * p.staff.emergency_bays_per_100_beds)


def _beds(it: Means, p: Parameters, house: House) -> None:
    cost = p.cost_per_hour
    it.group("Adult ICU", house.adult_icu, cost_per_hour=cost.icu_bed)
    it.group("Paediatric ITU", house.child_itu, cost_per_hour=cost.icu_bed)
    it.group("Step-down", house.step_down, cost_per_hour=cost.step_down_bed)
    it.group("Day beds", house.day_beds, cost_per_hour=cost.ward_bed)
    it.group("Adult ward", house.adult_ward, cost_per_hour=cost.ward_bed)
    it.group("Children's ward", house.child_ward, cost_per_hour=cost.ward_bed)
    it.group("Private rooms", house.private_rooms, cost_per_hour=cost.private_room)


def _theatre_staff(it: Means, p: Parameters, house: House) -> None:
    staff, cost = p.staff, p.cost_per_hour
    theatres = house.adult_theatres + house.child_theatres
    on_call = house.emergency_theatres * staff.on_call_per_emergency_theatre
    share = {"adult": house.adult_operations / (house.adult_operations + house.child_operations)}
    share["child"] = 1 - share["adult"]
    for age in AGES:
        seniors = max(1, round(house.surgeons * staff.senior_share * share[age]))
        juniors = max(2, round(house.surgeons * (1 - staff.senior_share) * share[age]))
        for grade, n, price in (("senior", seniors, cost.senior_surgeon), ("junior", juniors, cost.junior_surgeon)):
            names = [f"{grade.capitalize()} surgeon, {age} {i + 1}" for i in range(n)]
            of = {"grade": grade, "cost_per_hour": price}
            it.each(f"{grade.capitalize()} surgeons, {age}", names, pick="longest idle", calendar="surgeons", **of)
            it.group(f"{grade.capitalize()} surgeons on call, {age}", on_call, **of)
    for name, a_theatre, nurses, price in (
        ("Anaesthetists", staff.anaesthetists_per_theatre, 1, cost.anaesthetist),
        ("Perfusionists", staff.perfusionists_per_theatre, 1, cost.perfusionist),
        ("Scrub nurses", staff.scrub_nurses_per_theatre, 2, cost.nurse),
    ):
        it.group(name, theatres * a_theatre, calendar="theatres", last_start_minutes=p.week.last_start_minutes, cost_per_hour=price)
        it.group(f"{name} on call", on_call * nurses, cost_per_hour=price)


def _clinic_staff(it: Means, p: Parameters, house: House) -> None:
    staff, cost = p.staff, p.cost_per_hour
    visits, junior, senior = house.clinic_visits / WORKING_DAYS, {"grade": "junior"}, {"grade": "senior"}
    for name, visits_a_day, price, grade in (
        ("Clerks", staff.visits_per_clerk_day, cost.clerk, {}),
        ("Echo technicians", staff.visits_per_technician_day, cost.technician, {}),
        ("Junior cardiologists", staff.visits_per_screener_day, cost.junior_doctor, junior),
        ("Cardiologists", staff.visits_per_cardiologist_day, cost.cardiologist, senior),
    ):
        it.group(name, visits / visits_a_day, calendar="clinic staff", cost_per_hour=price, **grade)
    it.group("Admission desk", house.beds / 300, calendar="desk", cost_per_hour=cost.clerk)
    it.group("Cath teams", house.cath_labs, calendar="cath labs", last_start_minutes=45.0, grade="senior", cost_per_hour=cost.cardiologist)
    it.group("Cath team on call", 1, grade="senior", cost_per_hour=cost.cardiologist)
    it.group("Triage nurses", house.beds / 500, cost_per_hour=cost.nurse)
    it.group("Emergency doctors", house.beds / 100 * staff.emergency_doctors_per_100_beds, cost_per_hour=cost.junior_doctor)
    it.group("Ward nurses", house.beds / staff.beds_per_nurse, cost_per_hour=cost.nurse)
    it.group("Ward doctors", house.beds / staff.beds_per_round_doctor, calendar="rounds", grade="junior", cost_per_hour=cost.junior_doctor)
    it.group("Laboratory", house.beds / staff.beds_per_laboratory, cost_per_hour=cost.technician)


def calendars(p: Parameters, begin: date) -> dict[str, Calendar]:
    """The hours kept, less the closed days of the first three years."""
    week = p.week
    closed = tuple(f"{begin.year + y}-{day}" for y in range(3) for day in week.closed)
    return {
        "theatres": Calendar(shifts=(shift(WORKDAYS, *week.theatre_hours),), closed=closed),
        "surgeons": Calendar(shifts=(shift(WORKDAYS, *week.surgeon_hours),), closed=closed),
        "cath labs": Calendar(shifts=(shift(WORKDAYS, *week.lab_hours),), closed=closed),
        "clinic": Calendar(shifts=tuple(_clinic_day(p, i) for i in range(week.operating_days)), closed=closed),
        "clinic staff": Calendar(shifts=(shift(WORKDAYS, week.clinic_opens, week.clinic_closes),), closed=closed),
        "rounds": Calendar(shifts=(shift(ALL_DAYS, *week.round_hours),)),
        "desk": Calendar(shifts=(shift(ALL_DAYS, "05:00", "22:00"),)),
    }


def _clinic_day(p: Parameters, day: int) -> Shift:
    """Hours in which patients come: longer on busy days, so that a steady stream follows the week's profile."""
    opens = _minutes(p.week.clinic_opens)
    closes = opens + round(60 * p.week.clinic_hours * p.week.profile[day])
    return shift((WORKDAYS[day],), p.week.clinic_opens, f"{closes // 60:02d}:{closes % 60:02d}")


def _minutes(clock_time: str) -> int:
    hours, minutes = clock_time.split(":")
    return 60 * int(hours) + int(minutes)
