"""The figures of the cardiac network, each with where it is from: sourced, derived from sources, or assumed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import ConfigDict, TypeAdapter

from sandcone.scenarios.marked import Figure, marked, valued
from sandcone.scenarios.pieces import Spread

Age = Literal["adult", "child"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """When the hospital works: an elective week of six days, less the closed days."""

    operating_days: int
    closed: tuple[str, ...]
    profile: tuple[float, ...]
    theatre_hours: tuple[str, str]
    surgeon_hours: tuple[str, str]
    clinic_opens: str
    clinic_hours: float
    clinic_closes: str
    lab_hours: tuple[str, str]
    round_hours: tuple[str, str]
    last_start_minutes: float
    admission_hours: tuple[str, str]
    spare_slots: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """One kind of operation: who has it, how often, how long it takes, how long the stay, how many die, and its price."""

    age: Age
    in_2004: int
    theatre: Spread  # minutes
    icu_days: Spread
    postop_days: Spread
    death: float
    price_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """How the time in theatre is split between junior and senior surgeon."""

    opening: float
    core: float
    closing: float


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who the patients are, where they come from, and which ways they go."""

    tiers: tuple[str, ...]
    tier_shares: tuple[float, ...]
    tier_prices: tuple[float, ...]
    high_risk: float
    high_risk_times: float
    urgent_operations: float
    cath_leads_to_surgery: float
    urgent_caths: float
    declines: float
    returns: float
    return_days: Spread
    from_hubs: float
    from_camps: float
    hub_batch: tuple[int, int]
    camp_batch: tuple[int, int]
    asked_to_come: float
    travel_days: tuple[float, ...]
    medical_by_emergency: float
    patience_minutes: Spread
    no_show: float
    cancel: float
    notice_days: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """How long the steps take that are alike for all procedures, in minutes unless the name says days."""

    registration: Spread
    echo: Spread
    screening: Spread
    consultation: Spread
    tele_consultation: Spread
    triage: Spread
    assessment: Spread
    recovery_days: Spread
    admission: Spread
    into_icu: Spread
    into_step_down: Spread
    step_down_days: Spread
    into_ward: Spread
    nursing: Spread
    round: Spread
    laboratory: Spread
    discharge: Spread
    medical_days: Spread
    cath: Spread
    preop_days: float
    turnover_theatre: float
    turnover_lab: float
    laboratory_a_day: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """How many people there are for each theatre, bed or visit."""

    senior_share: float
    anaesthetists_per_theatre: float
    perfusionists_per_theatre: float
    scrub_nurses_per_theatre: float
    on_call_per_emergency_theatre: int
    beds_per_nurse: float
    beds_per_round_doctor: float
    beds_per_laboratory: float
    visits_per_cardiologist_day: float
    visits_per_screener_day: float
    visits_per_technician_day: float
    visits_per_clerk_day: float
    emergency_bays_per_100_beds: float
    emergency_doctors_per_100_beds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CostPerHour:
    """What an hour of each resource costs, in dollars."""

    theatre: float
    cath_lab: float
    icu_bed: float
    step_down_bed: float
    ward_bed: float
    private_room: float
    senior_surgeon: float
    junior_surgeon: float
    anaesthetist: float
    perfusionist: float
    nurse: float
    cardiologist: float
    junior_doctor: float
    technician: float
    clerk: float


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The size of one hospital, and how much it does in a year."""

    year: int
    beds: int
    adult_theatres: int
    child_theatres: int
    emergency_theatres: int
    cath_labs: int
    adult_icu: int
    child_itu: int
    step_down: int
    day_beds: int
    private_rooms: int
    child_ward: int
    adult_operations: int
    child_operations: int
    caths: int
    medical_admissions: int
    clinic_visits: int
    minor_emergencies: int
    surgeons: int

    @property
    def adult_ward(self) -> int:
        """Ward beds for adults: what the other units leave."""
        return self.beds - (self.adult_icu + self.child_itu + self.step_down + self.day_beds + self.private_rooms + self.child_ward)

    @property
    def theatres(self) -> int:
        """All theatres."""
        return self.adult_theatres + self.child_theatres + self.emergency_theatres


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """How many hospitals there are, and how the small ones send patients to the large one."""

    hospitals: int
    hub: str
    transfer_days: Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """Every figure of the scenario."""

    week: Week
    procedures: Mapping[str, Procedure]
    parts: Parts
    people: People
    times: Times
    staff: Staff
    cost_per_hour: CostPerHour
    houses: Mapping[str, House]
    network: Network

    __pydantic_config__ = ConfigDict(extra="forbid")

    def operations(self, house: House, procedure: str) -> float:
        """Operations of one kind in a year of this hospital: the mix within adults and children is that of 2004."""
        it = self.procedures[procedure]
        of_age = sum(p.in_2004 for p in self.procedures.values() if p.age == it.age)
        return (house.adult_operations if it.age == "adult" else house.child_operations) * it.in_2004 / of_age


def figures(text: str | None = None) -> tuple[Figure, ...]:
    """Every value with its mark and source; ``ModelError`` names the first value that has none."""
    return marked(_file() if text is None else text, "nh.toml")


@cache
def parameters() -> Parameters:
    """The figures of nh.toml, checked."""
    text = _file()
    figures(text)
    return TypeAdapter(Parameters).validate_python(valued(tomllib.loads(text)))


def _file() -> str:
    return (files("sandcone.scenarios.nh") / "nh.toml").read_text(encoding="utf-8")
