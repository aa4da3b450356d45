"""Who comes: elective patients by clinic, hub and camp, and emergencies, in the numbers that give the year's operations."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sandcone.core.arrivals import Arrivals, Gaps, Kind, Rate
from sandcone.core.law import Exponential, Uniform
from sandcone.core.site import Calendar
from sandcone.scenarios.nh.parameters import House, Parameters
from sandcone.scenarios.pieces import ALL_DAYS

WEEKS = 365 / 7
CAMP_DAYS = (0.0, 0.0, 0.0, 0.0, 1.0, 1.0)
"""Camps are on Fridays and Saturdays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Patients with one need: how many a year, and what they have in common."""

    procedure: str
    age: str
    angiogram: str
    a_year: float


def streams(p: Parameters, house: House, clinic: Calendar, begin: date) -> tuple[Arrivals, ...]:
    """All who come to one hospital."""
    everybody = elective(p, house)
    hubs, camps = p.people.from_hubs, p.people.from_camps
    walk_in = [(g, g.a_year * (1 - hubs - camps)) for g in everybody]
    door = Gaps(
        gap=Exponential(mean=open_minutes(clinic, begin) / math.fsum(n for _, n in walk_in)),
        open=clinic,
        kinds=_kinds(p, walk_in, "walk-in", "elective"),
        first="registration",
        name="clinic",
    )
    from_hubs, from_camps = ([(g, g.a_year * share) for g in everybody] for share in (hubs, camps))
    return (
        door,
        _batches(p, from_hubs, "hub", p.people.hub_batch, (9, 17), p.week.profile),
        _batches(p, from_camps, "camp", p.people.camp_batch, (9, 13), CAMP_DAYS),
        _emergencies(p, house),
    )


def elective(p: Parameters, house: House) -> list[Group]:
    """Those with something to treat, as many more as decline later, and those without."""
    planned, come_back = 1 - p.people.urgent_operations, 1 - p.people.declines
    here = p.people.cath_leads_to_surgery * house.caths / (house.adult_operations * planned)  # adults whose angiogram is made here
    sick: list[Group] = []
    for name, it in p.procedures.items():
        n = p.operations(house, name) * planned / come_back
        parts = {"here": n * here, "brought": n * (1 - here)} if it.age == "adult" else {"none": n}
        sick += [Group(procedure=name, age=it.age, angiogram=k, a_year=x) for k, x in parts.items()]
    made_here = math.fsum(g.a_year for g in sick if g.angiogram == "here")
    only = house.caths * (1 - p.people.urgent_caths) - made_here
    medical = house.medical_admissions * (1 - p.people.medical_by_emergency)
    sick.append(Group(procedure="catheter only", age="adult", angiogram="here", a_year=only))
    sick.append(Group(procedure="medical", age="adult", angiogram="none", a_year=medical))
    others = max(1.0, house.clinic_visits - math.fsum(g.a_year for g in sick))
    return [*sick, Group(procedure="none", age="adult", angiogram="none", a_year=others)]


def _emergencies(p: Parameters, house: House) -> Rate:
    groups = [
        Group(procedure=n, age=it.age, angiogram="none", a_year=p.operations(house, n) * p.people.urgent_operations)
        for n, it in p.procedures.items()
    ]
    for name, n in (
        ("catheter only", house.caths * p.people.urgent_caths),
        ("medical", house.medical_admissions * p.people.medical_by_emergency),
        ("none", float(house.minor_emergencies)),
    ):
        groups.append(Group(procedure=name, age="adult", angiogram="none", a_year=n))
    total = math.fsum(g.a_year for g in groups)
    kinds = _kinds(p, [(g, g.a_year) for g in groups], "emergency", "urgent")
    return Rate(per_hour=(total / WEEKS / 168,), kinds=kinds, first="triage", name="emergencies")


def _batches(
    p: Parameters, found: list[tuple[Group, float]], origin: str, size: tuple[int, int], hours: tuple[int, int], profile: tuple[float, ...]
) -> Rate:
    """Patients who come several at one moment, on some hours of some days."""
    patients = math.fsum(n for _, n in found)
    batches_a_week = patients / WEEKS / (sum(size) / 2)
    weight = [profile[d] if d < len(profile) and hours[0] <= h < hours[1] else 0.0 for d in range(len(ALL_DAYS)) for h in range(24)]
    per_hour = tuple(batches_a_week * w / math.fsum(weight) for w in weight)
    party = Uniform(low=size[0] - 0.499, high=size[1] + 0.499)  # rounded to whole patients: all sizes alike
    return Rate(per_hour=per_hour, party=party, kinds=_kinds(p, found, origin, "elective"), first="tele-consultation", name=f"{origin}s")


def _kinds(p: Parameters, found: list[tuple[Group, float]], origin: str, urgency: str) -> tuple[Kind, ...]:
    """Every group by price tier and risk."""
    total = math.fsum(n for _, n in found)
    return tuple(Kind(share=n * share / total, attributes=a) for g, n in found for share, a in _attributes(p, g, origin, urgency))


def _attributes(p: Parameters, group: Group, origin: str, urgency: str) -> Iterator[tuple[float, dict[str, str]]]:
    who = p.people
    for tier, share, times in zip(who.tiers, who.tier_shares, who.tier_prices, strict=True):
        it = p.procedures.get(group.procedure)
        price = f"{it.price_usd * times:.0f}" if it else "0"
        for risk, risky in (("low", 1 - who.high_risk), ("high", who.high_risk)):
            yield share * risky, {
                "procedure": group.procedure, "age": group.age, "angiogram": group.angiogram, "tier": tier,
                "risk": risk, "urgency": urgency, "origin": origin, "price_usd": price,
            }  # fmt: skip


def open_minutes(calendar: Calendar, begin: date) -> float:
    """Open minutes in the year from ``begin`` on, closed days taken out."""
    days = (begin + timedelta(days=d) for d in range(365))
    open_days = [d for d in days if d.isoformat() not in calendar.closed]
    shifts = [(s.days, s.minutes()[1] - s.minutes()[0]) for s in calendar.shifts]
    return float(sum(m for d in open_days for names, m in shifts if ALL_DAYS[d.weekday()] in names))
