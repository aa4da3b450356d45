"""The figures of the medical ward, each with where it is from: sourced, derived from sources, or assumed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pydantic import ConfigDict, TypeAdapter

from sandcone.scenarios.marked import Figure, marked, valued
from sandcone.scenarios.pieces import Spread

Clock = tuple[str, str]
"""From and to, time of day."""
Kinds = Mapping[str, float]
"""One number for frail patients, and one for steady ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """How many emergencies come a day and planned patients a week, and how many of them are frail."""

    emergencies_a_day: float
    planned_a_week: float
    by_hour: tuple[float, ...]
    by_day: tuple[float, ...]
    planned_hours: Clock
    frail: float
    frail_planned: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How many are fit to leave after each day, and what must be done before they can."""

    fit_each_day: Kinds
    physiotherapy: Kinds
    transport: Kinds
    social_care: Kinds
    social_care_days: Spread
    scan: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """How planned patients get a day."""

    slots_a_day: int
    at: str
    notice_days: float
    no_show: float
    cancel: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """How long things take, in minutes unless the name says hours."""

    nurse_first: Spread
    doctor_first: Spread
    first_hours: Spread
    first_night_hours: Spread
    post_take: Spread
    into_ward: Spread
    settling: Spread
    treatment_hours: float
    nursing: Spread
    nursing_every_hours: float
    round: Spread
    scan_before: Spread
    scan: Spread
    physiotherapy: Spread
    letter: Spread
    medicines: Spread
    medicines_before: Spread
    pick_up: Spread
    pick_up_before: Spread
    ride: Spread
    leaving: Spread
    cleaning_bed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """How many beds and trolleys there are."""

    ward_beds: int
    assessment_trolleys: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When people work."""

    early: Clock
    late: Clock
    rounds: Clock
    post_take: Clock
    doctors: Clock
    weekend_doctors: Clock
    therapy: Clock
    pharmacy: Clock
    weekend_pharmacy: Clock
    transport: Clock
    social_care: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """How many people work in each shift."""

    nurses: Mapping[str, int]
    assessment_nurses: Mapping[str, int]
    seniors: Mapping[str, int]
    post_take_seniors: Mapping[str, int]
    juniors: Mapping[str, int]
    physiotherapists: Mapping[str, int]
    pharmacists: Mapping[str, int]
    crews: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CostPerHour:
    """What an hour of each resource costs, in pounds."""

    nurse: float
    senior: float
    junior: float
    physiotherapist: float
    pharmacist: float
    crew: float
    junior_on_call: float
    bed: float
    trolley: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Every figure of medical_ward.toml."""

    coming: Coming
    ways: Ways
    booking: Booked
    times: Times
    rooms: Rooms
    hours: Hours
    staff: Staff
    cost_per_hour: CostPerHour

    __pydantic_config__ = ConfigDict(extra="forbid")


def medical_ward_figures() -> tuple[Figure, ...]:
    """Every value of the medical ward with its mark and source."""
    return marked(_file(), "medical_ward.toml")


@cache
def figures() -> Figures:
    """The figures of medical_ward.toml, checked."""
    medical_ward_figures()
    return TypeAdapter(Figures).validate_python(valued(tomllib.loads(_file())))


def _file() -> str:
    return (files("sandcone.scenarios.medical_ward") / "medical_ward.toml").read_text(encoding="utf-8")
