"""The figures of the emergency department, each with where it is from: sourced, derived from sources, or assumed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pydantic import ConfigDict, TypeAdapter

from sandcone.scenarios.marked import Figure, marked, valued
from sandcone.scenarios.pieces import Spread

CLASSES = ("1", "2", "3", "4", "5")
"""Triage classes, the most urgent first."""
MINOR = ("4", "5")
"""Classes of minor illness and injury."""
Five = tuple[float, float, float, float, float]
"""One number for each triage class."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """How many patients come a day, of which class, by hour of the day and day of the week, and how many by ambulance."""

    patients_a_day: float
    classes: Five
    by_hour: tuple[float, ...]
    monday: float
    other_days: tuple[float, float, float, float, float, float]
    by_ambulance: Five


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Which share of each class has what done, and how long people wait before they leave."""

    class_2_at_risk: float
    blood: Five
    xray: Five
    ct: Five
    treatment: Five
    opinion: Five
    admitted: Five
    patience: Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """How long things take, in minutes unless the name says hours."""

    triage: Spread
    handover: Spread
    into_cubicle: float
    nurse: Spread
    doctor: Five
    doctor_sigma: float
    laboratory_before: Spread
    laboratory: Spread
    laboratory_after: Spread
    xray: Spread
    ct: Spread
    ct_after: Spread
    treatment: Spread
    minor_treatment: Spread
    opinion_before: Spread
    opinion: Spread
    decision: Spread
    leaving: Spread
    into_unit: Spread
    stay_hours: Spread
    round: Spread
    leaving_unit: Spread
    cleaning_cubicle: float
    cleaning_bed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """How many cubicles, bays, machines and beds there are."""

    cubicles: int
    resuscitation_bays: int
    xray_rooms: int
    ct_scanners: int
    analysers: int
    unit_beds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """How many people work in each shift."""

    doctors: Mapping[str, int]
    nurses: Mapping[str, int]
    triage_nurses: Mapping[str, int]
    practitioners: Mapping[str, int]
    radiographers: Mapping[str, int]
    specialists: Mapping[str, int]
    unit_doctors: Mapping[str, int]
    porters: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CostPerHour:
    """What an hour of each resource costs, in dollars."""

    doctor: float
    specialist: float
    practitioner: float
    nurse: float
    radiographer: float
    porter: float
    cubicle: float
    resuscitation_bay: float
    xray_room: float
    ct_scanner: float
    analyser: float
    unit_bed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Every figure of emergency.toml."""

    coming: Coming
    ways: Ways
    times: Times
    rooms: Rooms
    shifts: Mapping[str, tuple[str, str]]
    staff: Staff
    cost_per_hour: CostPerHour

    __pydantic_config__ = ConfigDict(extra="forbid")


def emergency_figures() -> tuple[Figure, ...]:
    """Every value of the emergency department with its mark and source."""
    return marked(_file(), "emergency.toml")


@cache
def figures() -> Figures:
    """The figures of emergency.toml, checked."""
    emergency_figures()
    return TypeAdapter(Figures).validate_python(valued(tomllib.loads(_file())))


def by_class(numbers: Five) -> dict[str, float]:
    """One number for each triage class, by its name."""
    return dict(zip(CLASSES, numbers, strict=True))


def _file() -> str:
    return (files("sandcone.scenarios.emergency") / "emergency.toml").read_text(encoding="utf-8")
