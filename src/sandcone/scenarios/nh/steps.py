"""What is done for patients: in the clinic, in the cath lab, in theatre, and in the beds before and after."""

from __future__ import annotations

from collections.abc import Callable

from sandcone.core.law import Fixed, Minutes
from sandcone.core.model import Booking, Need, Step
from sandcone.scenarios.nh.parameters import House, Parameters
from sandcone.scenarios.nh.staff import WORKING_DAYS
from sandcone.scenarios.nh.stays import part
from sandcone.scenarios.pieces import ALL_DAYS, DAY, by_value, minutes, need, step

WARDS = ("Adult ward", "Children's ward", "Private rooms")
THEATRES = {"adult": ("Adult theatres", "Emergency theatres"), "child": ("Children's theatres", "Emergency theatres")}


def steps(p: Parameters, house: House) -> dict[str, Step]:
    """Every step of one hospital by name."""
    made = {**_clinic(p), **_catheters(p), **_emergency(p), **_beds(p)}
    for age in ("adult", "child"):
        made |= _admission(p, house, age) | _operation(p, age) | _intensive_care(p, age)
    return made


def _clinic(p: Parameters) -> dict[str, Step]:
    t = p.times
    patience = minutes(p.people.patience_minutes)
    screening = Step(minutes=Minutes(otherwise=minutes(t.screening)), needs=(need("Junior cardiologists"),), patience=patience)
    return {
        "Registration": step(minutes(t.registration), need("Clerks"), value="necessary"),
        "ECG and echo": step(minutes(t.echo), need("Echo technicians")),
        "Screening": screening,
        "Consultation": step(minutes(t.consultation), need("Cardiologists")),
        "Tele-consultation": step(minutes(t.tele_consultation), need("Cardiologists")),
    }


def _catheters(p: Parameters) -> dict[str, Step]:
    cath, lab = minutes(p.times.cath), need("Cath labs", blocks=True)  # the lab is kept until a bed for recovery is free
    return {
        "Catheterisation": step(cath, lab, need("Cath teams")),
        "Urgent catheterisation": step(cath, lab, need("Cath team on call", "Cath teams")),
        "Recovery after catheterisation": step(
            minutes(p.times.recovery_days, DAY), need("Day beds", "Adult ward", "Step-down"), value="necessary"
        ),
    }


def _emergency(p: Parameters) -> dict[str, Step]:
    return {
        "Triage": step(minutes(p.times.triage), need("Triage nurses"), value="necessary"),
        "Emergency assessment": step(minutes(p.times.assessment), need("Emergency doctors"), need("Emergency bays")),
    }


def _admission(p: Parameters, house: House, age: str) -> dict[str, Step]:
    """Booked admission, and a bed: private rooms are kept to the end, other beds until intensive care has one."""
    p_no, p_cancel = p.people.no_show, p.people.cancel
    slots, notice = _admission_slots(p, house, age), p.people.notice_days * DAY
    booking = Booking(slots=slots, notice_minutes=notice, no_show=p_no, cancel=p_cancel, again=True)
    desk = Step(minutes=Minutes(otherwise=minutes(p.times.admission)), needs=(need("Admission desk"),), booking=booking, value="necessary")
    bed = step(Fixed(minutes=5), need(*wards(age), until=f"Into intensive care, {age}"), value="necessary")
    return {f"Booked admission, {age}": desk, f"Bed before operation, {age}": bed}


def wards(age: str) -> tuple[str, ...]:
    """The wards for adults or children, the preferred one first."""
    return ("Adult ward", "Private rooms") if age == "adult" else ("Children's ward", "Private rooms", "Adult ward")


def _admission_slots(p: Parameters, house: House, age: str) -> tuple[float, ...]:
    """So many booked admissions a day, that operations two days later follow the week's profile."""
    of_age = house.adult_operations if age == "adult" else house.child_operations
    a_day = of_age * (1 - p.people.urgent_operations) / WORKING_DAYS * p.week.spare_slots
    first, last = (60 * int(clock[:2]) + int(clock[3:]) for clock in p.week.admission_hours)
    slots: list[float] = []
    for i, weight in enumerate(p.week.profile):
        day = (i - round(p.times.preop_days)) % len(ALL_DAYS)
        n = max(1, round(a_day * weight))
        slots += [DAY * day + first + (last - first) * k / n for k in range(n)]
    return tuple(sorted(slots))


def _operation(p: Parameters, age: str) -> dict[str, Step]:
    """A junior opens, a senior does the core, a junior closes; the theatre is kept until intensive care has taken the patient."""
    rooms, shares = THEATRES[age], (p.parts.opening, p.parts.core, p.parts.closing)
    senior = need(*_either(f"Senior surgeons, {age}", f"Senior surgeons on call, {age}"))
    anybody = _team(rooms, age, _either)  # who is there already stays, in overtime too
    return {
        f"Opening, {age}": Step(minutes=_parts(p, age, shares, 0), needs=_team(rooms[:1], age, _by_day)),
        f"Urgent opening, {age}": Step(minutes=_parts(p, age, shares, 0), needs=_team(rooms[::-1], age, _on_call_first)),
        f"Core operation, {age}": Step(minutes=_parts(p, age, shares, 1), needs=(senior, *anybody)),
        f"Closing, {age}": Step(minutes=_parts(p, age, shares, 2), needs=anybody),
    }


def _by_day(day: str, on_call: str) -> tuple[str, ...]:
    return (day,)


def _either(day: str, on_call: str) -> tuple[str, ...]:
    return (day, on_call)


def _on_call_first(day: str, on_call: str) -> tuple[str, ...]:
    return (on_call, day)


def _team(rooms: tuple[str, ...], age: str, whom: Callable[[str, str], tuple[str, ...]]) -> tuple[Need, ...]:
    """A theatre and its people, and until when they are kept."""
    closing, handed_over = f"Closing, {age}", f"Into intensive care, {age}"
    return (
        need(*rooms, until=handed_over),
        need(*whom(f"Junior surgeons, {age}", f"Junior surgeons on call, {age}"), until=closing),
        need(*whom("Anaesthetists", "Anaesthetists on call"), until=handed_over),
        need(*whom("Perfusionists", "Perfusionists on call"), until=closing),
        need(*whom("Scrub nurses", "Scrub nurses on call"), units=2, until=closing),
    )


def _parts(p: Parameters, age: str, shares: tuple[float, ...], which: int) -> Minutes:
    """How long one part of the operation takes, by procedure."""
    return by_value("procedure", {n: part(shares[which], minutes(it.theatre), shares) for n, it in p.procedures.items() if it.age == age})


def _intensive_care(p: Parameters, age: str) -> dict[str, Step]:
    """A bed in intensive care, else one where overflow goes; it is kept until step-down or a ward has one."""
    beds = ("Adult ICU", "Step-down") if age == "adult" else ("Paediatric ITU", "Adult ICU")
    kept = need(*beds, until="Into step-down")
    theatre = need(*THEATRES[age], until=f"Into intensive care, {age}")
    stays = {n: minutes(it.icu_days, DAY) for n, it in p.procedures.items() if it.age == age}
    return {
        f"Into intensive care, {age}": step(minutes(p.times.into_icu), theatre, kept, value="necessary"),
        f"Intensive care, {age}": Step(minutes=by_value("procedure", stays), needs=(kept,)),
        f"Into ward, {age}": step(minutes(p.times.into_ward), need(*wards(age), until="Discharge"), value="necessary"),
    }


def _beds(p: Parameters) -> dict[str, Step]:
    t = p.times
    stepped, bed = need("Step-down", until="Step-down stay"), need(*WARDS, until="Discharge")
    a_day = sum(minutes(x).mean for x in (t.nursing, t.round)) + t.laboratory_a_day * minutes(t.laboratory).mean
    return {
        "Private room": step(Fixed(minutes=5), need("Private rooms", "Adult ward", until="Discharge"), value="necessary"),
        "Medical admission": step(minutes(t.admission), need("Adult ward", "Private rooms", until="Discharge"), value="necessary"),
        "Preparation": step(Fixed(minutes=t.preop_days * DAY), need(*WARDS), value="necessary"),
        "Into step-down": step(minutes(t.into_step_down), stepped, value="necessary"),
        "Step-down stay": step(minutes(t.step_down_days, DAY), stepped, value="necessary"),
        "Ward day": step(Fixed(minutes=DAY - a_day), bed, value="necessary"),
        "Nursing": step(minutes(t.nursing), need("Ward nurses")),
        "Laboratory": step(minutes(t.laboratory), need("Laboratory"), value="necessary"),
        "Doctor's round": step(minutes(t.round), need("Ward doctors")),
        "Discharge": step(minutes(t.discharge), need("Ward nurses"), bed, value="necessary"),
        "Died": step(Fixed(minutes=0), value="necessary"),
    }
