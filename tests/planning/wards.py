"""Tiny wards: two shifts a day, numbers that differ, so that counting the wrong thing gives the wrong answer."""

from __future__ import annotations

from dataclasses import replace

from sandcone.core.inpatient import Admission, Hours, Inpatient, InpatientPlan, Nurse, Occupant, Problem, Room, Weights

SHIFTS = ("early", "night")
WEIGHTS = Weights(mixed_ages=2, skill_short=3, nurses_met=5, overload=7, open_theatre=11, surgeon_moves=13, delay=17, left_out=19)


def patient(name: str = "Ann", nights: int = 2, **what: object) -> Inpatient:
    """A woman of the middle age group who may wait, from day 0, 60 minutes by surgeon Sen; each shift asks a load of 3 and skill 1."""
    usual = Inpatient(
        name=name,
        gender="A",
        age=1,
        nights=nights,
        load=(3,) * (2 * nights),
        skill=(1,) * (2 * nights),
        release=0,
        due=None,
        minutes=60,
        surgeon="Sen",
    )
    return replace(usual, **what)


def occupant(name: str = "Olu", nights: int = 3, room: str = "R1", **what: object) -> Occupant:
    """A woman of the middle age group in room R1 for three nights; each shift asks a load of 2 and skill 0."""
    usual = Occupant(name=name, gender="A", age=1, nights=nights, load=(2,) * (2 * nights), skill=(0,) * (2 * nights), room=room)
    return replace(usual, **what)


def nurse(name: str = "Nia", skill: int = 1, most: int = 50) -> Nurse:
    """A nurse who is always there and bears nearly everything."""
    return Nurse(name=name, skill=skill, most=dict.fromkeys(range(2 * 5), most))


def ward(*patients: Inpatient, occupants: tuple[Occupant, ...] = (), **what: object) -> Problem:
    """Five days; rooms R1 (two beds) and R2 (three beds); two theatres; surgeons Sen and Rao; one nurse."""
    usual = Problem(
        days=5,
        shifts=SHIFTS,
        ages=("child", "adult", "aged"),
        weights=WEIGHTS,
        occupants=occupants,
        patients=patients,
        surgeons=(Hours(name="Sen", minutes=(100, 200, 0, 200, 200)), Hours(name="Rao", minutes=(300,) * 5)),
        theatres=(Hours(name="T1", minutes=(150, 0, 300, 300, 300)), Hours(name="T2", minutes=(300,) * 5)),
        rooms=(Room(name="R1", beds=2), Room(name="R2", beds=3)),
        nurses=(nurse(),),
    )
    return replace(usual, **what)


def plan(*said: tuple[str, int, str, str], care: dict[tuple[str, int], str] | None = None) -> InpatientPlan:
    """Admissions as (patient, day, room, theatre); nurse Nia has every room in every shift unless said otherwise."""
    admissions = tuple(Admission(patient=p, day=d, room=r, theatre=t) for p, d, r, t in said)
    everywhere = {(room, shift): "Nia" for room in ("R1", "R2") for shift in range(10)}
    return InpatientPlan(admissions=admissions, care=everywhere if care is None else care)
