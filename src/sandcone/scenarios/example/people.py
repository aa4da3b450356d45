"""Who comes to the small hospital, with what, and the way each of them goes through it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from statistics import NormalDist

from sandcone.scenarios.example.hospital import DAY, HOUR, WEEK, Want

PATIENTS = 1_200
WEEKS = 20
URGENCY = {"elective": 0.54, "urgent": 0.13, "emergency": 0.33}
DIAGNOSES = {"hip or knee": 0.31, "hernia": 0.19, "gall bladder": 0.22, "bowel": 0.12, "chest pain": 0.16}
INSURANCE = {"basic": 0.58, "extended": 0.31, "private": 0.11}
OPERATED = {"hip or knee": 0.78, "hernia": 0.74, "gall bladder": 0.66, "bowel": 0.70, "chest pain": 0.0}
OPERATION = {"hip or knee": 136, "hernia": 84, "gall bladder": 105, "bowel": 205}
NIGHTS = {"hip or knee": 3.6, "hernia": 1.0, "gall bladder": 1.8, "bowel": 5.2, "chest pain": 2.4}

Luck = Random
"""One stream for each patient, so that another patient's journey changes nothing of this one's chances."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """One patient as the hospital's register knows them."""

    number: int
    arrives: int
    age: int
    sex: str
    urgency: str
    diagnosis: str
    insurance: str

    @property
    def priority(self) -> int:
        """Who goes first: 0 before 1 before 2."""
        return {"emergency": 0, "urgent": 1, "elective": 2}[self.urgency]


def one_of(luck: Luck, weights: dict[str, float]) -> str:
    """One name, as often as its weight says."""
    u, names = luck.random() * sum(weights.values()), list(weights)
    for name in names:
        u -= weights[name]
        if u < 0:
            return name
    return names[-1]


def about(luck: Luck, minutes: float, spread: float = 0.3) -> int:
    """Whole minutes, lognormal with this mean; ``spread`` is the sigma of the logarithm."""
    z = NormalDist().inv_cdf(min(max(luck.random(), 1e-9), 1 - 1e-9))
    return max(1, round(minutes * math.exp(spread * z - spread * spread / 2)))


def patients(seed: int) -> list[Patient]:
    """Everyone who comes in twenty weeks: referrals in office hours, emergencies at any hour and most in the evening."""
    return [_patient(number, Random(f"{seed}/patient/{number}")) for number in range(1, PATIENTS + 1)]


def _patient(number: int, luck: Luck) -> Patient:
    urgency = one_of(luck, URGENCY)
    diagnosis = one_of(luck, DIAGNOSES)
    middle = {"hip or knee": 68, "hernia": 54, "gall bladder": 51, "bowel": 66, "chest pain": 61}[diagnosis]
    return Patient(
        number=number,
        arrives=_arrival(luck, urgency),
        age=min(97, max(18, about(luck, middle, 0.22))),
        sex="F" if luck.random() < 0.53 else "M",
        urgency=urgency,
        diagnosis=diagnosis,
        insurance=one_of(luck, INSURANCE),
    )


def _arrival(luck: Luck, urgency: str) -> int:
    week = int(luck.random() * WEEKS) * WEEK
    if urgency == "emergency":
        evening = luck.random() < 0.55
        hour = 15 + 8 * luck.random() if evening else 24 * luck.random()
        return week + int(luck.random() * 7) * DAY + int(hour * HOUR)
    return week + int(luck.random() * 5) * DAY + int((8 + 7.5 * luck.random()) * HOUR)


def journey(p: Patient, luck: Luck) -> Iterator[Want]:
    """The steps this patient needs, one after the other."""
    operated = luck.random() < OPERATED[p.diagnosis] * (0.45 if p.urgency == "emergency" else 1)
    if p.urgency == "emergency":
        yield from _emergency(p, luck)
        if operated or luck.random() < 0.45:
            yield from _admission(p, luck, operated)
        else:
            yield Want(step="Emergency discharge", unit="Emergency", pools=("Emergency doctors",), minutes=about(luck, 8))
    else:
        yield from _clinic(p, luck)
        if operated:
            yield from _prepared(p, luck)
            yield from _admission(p, luck, operated)
        else:
            yield _clinic_visit("Treatment plan", luck, 40, DAY)
    if luck.random() < (0.30 if p.urgency == "emergency" else 0.85):
        yield _clinic_visit("Follow-up visit", luck, 28, HOUR, due=14 * DAY)


def _clinic_visit(step: str, luck: Luck, minutes: float, book: int, due: int = 0) -> Want:
    return Want(step=step, unit="Clinic", pools=("Clinic doctors",), minutes=about(luck, minutes, 0.35), book=book, due=due)


def _clinic(p: Patient, luck: Luck) -> Iterator[Want]:
    soon = HOUR if p.urgency == "urgent" else {"basic": 4, "extended": 3, "private": 1}[p.insurance] * DAY
    yield Want(step="Referral review", unit="Clinic", pools=("Booking office",), minutes=about(luck, 12))
    while luck.random() < 0.05:
        yield Want(step="Clinic visit missed", unit="Clinic", pools=(), minutes=0, due=soon)
    yield _clinic_visit("Clinic visit", luck, 45, soon)
    yield from _tests(p, luck)


def _tests(p: Patient, luck: Luck) -> Iterator[Want]:
    elective = p.urgency != "emergency"
    if luck.random() < 0.66:
        yield Want(
            step="Blood sample",
            unit="Diagnostics",
            pools=("Sampling",),
            minutes=about(luck, 14),
            delay=about(luck, 12),
            on_call=not elective,
        )
        yield Want(step="Blood result", unit="Diagnostics", pools=("Laboratory",), minutes=35, batch=2 * HOUR)
    if elective and p.diagnosis == "hip or knee" and luck.random() < 0.8:
        yield _scan("MRI scan", "MRI", luck, 38, DAY)
    elif luck.random() < 0.48:
        yield _scan("CT scan", "CT", luck, 27, None if p.urgency == "emergency" else DAY)


def _scan(step: str, pool: str, luck: Luck, minutes: float, book: int | None) -> Want:
    length, way = about(luck, minutes), about(luck, 14)
    return Want(step=step, unit="Diagnostics", pools=(pool,), minutes=length, delay=way, book=book, on_call=book is None)


def _emergency(p: Patient, luck: Luck) -> Iterator[Want]:
    yield Want(step="Triage", unit="Emergency", pools=("Triage",), minutes=about(luck, 9))
    yield Want(step="Emergency assessment", unit="Emergency", pools=("Emergency doctors",), minutes=about(luck, 95, 0.5))
    yield from _tests(p, luck)


def _prepared(p: Patient, luck: Luck) -> Iterator[Want]:
    minutes = about(luck, 41 + (12 if p.age >= 70 else 0))
    yield Want(step="Pre-assessment", unit="Clinic", pools=("Pre-assessment",), minutes=minutes, book=DAY)
    while luck.random() < 0.06:
        yield Want(step="Surgery cancelled", unit="Theatres", pools=(), minutes=0, due=5 * DAY)


def _admission(p: Patient, luck: Luck, operated: bool) -> Iterator[Want]:
    ward = "Ward A" if p.diagnosis in {"hip or knee", "hernia"} else "Ward B"
    if operated:
        yield _surgery(p, luck)
        yield Want(step="Recovery", unit="Theatres", pools=("Recovery",), minutes=about(luck, 75), delay=about(luck, 4), on_call=True)
        if luck.random() < (0.35 if p.diagnosis == "bowel" else 0.07):
            yield Want(step="Intensive care", unit="ICU", pools=("ICU",), minutes=about(luck, 1.6 * DAY, 0.5), delay=about(luck, 10))
    stay = about(luck, NIGHTS[p.diagnosis] * DAY, 0.4)
    walk = _physiotherapy(luck) if p.diagnosis == "hip or knee" and stay > 2 * DAY else None
    yield Want(step="Ward stay", unit=ward, pools=(ward,), minutes=stay, delay=about(luck, 18), inside=walk)
    yield Want(step="Discharge", unit=ward, pools=("Ward doctors",), minutes=about(luck, 18))


def _surgery(p: Patient, luck: Luck) -> Want:
    surgeons = "Bone surgeons" if p.diagnosis == "hip or knee" else "Belly surgeons"
    minutes = about(luck, OPERATION[p.diagnosis], 0.28)
    pools = ("Theatres", surgeons, "Anaesthetists")
    if p.urgency == "emergency":
        return Want(step="Surgery", unit="Theatres", pools=pools, minutes=minutes, delay=about(luck, 35), on_call=True)
    soon = HOUR if p.urgency == "urgent" else 3 * DAY
    return Want(step="Surgery", unit="Theatres", pools=pools, minutes=minutes, delay=about(luck, 15), book=soon)


def _physiotherapy(luck: Luck) -> Want:
    length, way = about(luck, 45), about(luck, 9)
    return Want(step="Physiotherapy", unit="Therapy", pools=("Physiotherapists",), minutes=length, due=20 * HOUR, delay=way)
