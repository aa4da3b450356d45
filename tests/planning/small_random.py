"""Tiny random wards with random plans, good and bad ones, for comparing what is worked out in two ways."""

from __future__ import annotations

from random import Random

from sandcone.core.inpatient import Admission, Hours, Inpatient, InpatientPlan, Nurse, Occupant, Problem, Room, Weights

DAYS, SHIFTS = 4, ("early", "night")
ROOMS, THEATRES, SURGEONS = ("R1", "R2", "R3"), ("T1", "T2"), ("Sen", "Rao")
WEIGHTS = Weights(mixed_ages=2, skill_short=3, nurses_met=5, overload=7, open_theatre=11, surgeon_moves=13, delay=17, left_out=190)


def random_problem(seed: int, patients: int = 6) -> Problem:
    """Four days of two shifts, three rooms, two theatres and two surgeons (some days closed), four nurses, two people already there."""
    luck = Random(seed)
    return Problem(
        days=DAYS,
        shifts=SHIFTS,
        ages=("child", "adult", "aged"),
        weights=WEIGHTS,
        occupants=tuple(Occupant(**_person(luck, f"o{i}"), room=luck.choice(ROOMS)) for i in range(2)),
        patients=tuple(_patient(luck, f"p{i}") for i in range(patients)),
        surgeons=tuple(Hours(name=s, minutes=tuple(luck.choice((0, 90, 200, 300)) for _ in range(DAYS))) for s in SURGEONS),
        theatres=tuple(Hours(name=t, minutes=tuple(luck.choice((0, 100, 250)) for _ in range(DAYS))) for t in THEATRES),
        rooms=tuple(Room(name=r, beds=luck.randint(1, 3)) for r in ROOMS),
        nurses=tuple(_nurse(luck, f"n{i}") for i in range(4)),
    )


def random_plan(problem: Problem, seed: int) -> InpatientPlan:
    """Anybody anywhere, some left out; most rooms have a nurse in most shifts, some that stand empty too."""
    luck = Random(seed)
    admissions = tuple(
        Admission(patient=p.name, day=luck.randrange(DAYS), room=luck.choice(ROOMS), theatre=luck.choice(THEATRES))
        for p in problem.patients
        if luck.random() < 0.7
    )
    duty = {s: [n.name for n in problem.nurses if s in n.most] for s in range(DAYS * len(SHIFTS))}
    care = {(r, s): luck.choice(names) for r in ROOMS for s, names in duty.items() if names and luck.random() < 0.8}
    return InpatientPlan(admissions=admissions, care=care)


def _person(luck: Random, name: str) -> dict[str, object]:
    nights = luck.randint(1, 3)
    load = tuple(luck.randint(0, 4) for _ in range(2 * nights))
    skill = tuple(luck.randint(0, 2) for _ in range(2 * nights))
    return {"name": name, "gender": luck.choice("AB"), "age": luck.randrange(3), "nights": nights, "load": load, "skill": skill}


def _patient(luck: Random, name: str) -> Inpatient:
    release = luck.randrange(DAYS)
    return Inpatient(
        **_person(luck, name),
        release=release,
        due=luck.choice((None, luck.randint(release, DAYS - 1))),
        minutes=luck.choice((30, 60, 110)),
        surgeon=luck.choice(SURGEONS),
        unfit_rooms=frozenset(r for r in ROOMS if luck.random() < 0.2),
    )


def _nurse(luck: Random, name: str) -> Nurse:
    shifts = (s for s in range(DAYS * len(SHIFTS)) if luck.random() < 0.5)
    return Nurse(name=name, skill=luck.randint(0, 2), most={s: luck.randint(1, 6) for s in shifts})
