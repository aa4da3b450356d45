"""A year of patients as persons: what is known of them, what they need and wish, and how much of it is in the record (all assumed)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sandcone.core.care import Person
from sandcone.core.model import Model
from sandcone.scenarios.nh.care import Care, Shares, care
from sandcone.scenarios.nh.coming import Draws, coming
from sandcone.scenarios.nh.parameters import parameters

Bools = NDArray[np.bool_]
Column = NDArray[Any]
Columns = Mapping[str, Column]
Row = dict[str, Any]
GIVEN = ("procedure", "age", "angiogram", "tier", "risk", "urgency", "origin", "price_usd")
"""What a patient's stream says."""
ASKED_OF_ALL = ("years", "sex", "operation", "contrast_allergy")
"""What is in the record of everybody."""
CLINICAL = (
    "diagnosis",
    "plan",
    "vessels",
    "treatment",
    "safe stay",
    "safe sleep",
    "understanding",
    "strength",
    "sugar",
    "clotting",
    "follow-up",
    "rehabilitation",
)
HEAVY = {"diagnosis": 3.0, "plan": 3.0, "vessels": 3.0, "treatment": 3.0, "safe stay": 3.0}
"""Needs that weigh three times as much as the others."""
SOME = ("Mon", "Tue"), ("Wed", "Thu"), ("Fri", "Sat")


@dataclass(frozen=True, slots=True, kw_only=True)
class NhPeople:
    """The same people twice: as the hospital ``known`` them, facts and needs missing here and there, and as they ``truly`` are."""

    known: tuple[Person, ...]
    truly: tuple[Person, ...]


def nh_people(model: Model, *, days: int = 365, seed: int, share: float = 1.0) -> NhPeople:
    """The elective patients of so many days of an NH-like hospital as persons; equal seeds give equal people.

    They come as the hospital's own streams have it, in the same mix of procedure, age, tier, risk and origin; the rest is drawn by the
    shares of care.toml. ``share`` below 1 keeps that part of them by chance. Emergencies are not among them.
    """
    draws = np.random.default_rng(seed)
    come = coming(model, days, draws)
    if share < 1:
        stays = draws.random(len(come)) < share
        come = [c for c, kept in zip(come, stays.tolist(), strict=True) if kept]
    return _people([m for m, _ in come], [k for _, k in come], draws)


def _people(minutes: Sequence[float], kinds: Sequence[Mapping[str, str]], draws: Draws) -> NhPeople:
    it, n = care(), len(minutes)
    given: Columns = {a: np.array([k[a] for k in kinds]) for a in GIVEN}
    facts: dict[str, Column] = {**given, **_facts(it.people, given, draws)}
    needs = _needs(it, facts, draws)
    seen = {name: draws.random(n) < it.people.recorded_fact for name in facts if name not in (*GIVEN, *ASKED_OF_ALL)}
    asked = {name: draws.random(n) < it.people.recorded_need for name in needs if name not in CLINICAL}
    wishes, limits = _wishes(it.people, facts, draws), {"contrast_allergy": facts.pop("contrast_allergy")}
    rest = [*zip(minutes, _rows(wishes, n, None), _rows(limits, n, None), strict=True)]
    truly = _persons(rest, _rows(facts, n, None), _rows(needs, n, 0.0))
    return NhPeople(known=_persons(rest, _rows(facts, n, None, seen), _rows(needs, n, 0.0, asked)), truly=truly)


def _persons(rest: Sequence[tuple[float, Row, Row]], facts: Iterable[Row], needs: Iterable[Row]) -> tuple[Person, ...]:
    return tuple(
        Person(name=f"P{i + 1:06d}", facts=f, needs=n, weights={k: HEAVY[k] for k in n if k in HEAVY}, wishes=w, limits=x, minute=m)
        for i, ((m, w, x), f, n) in enumerate(zip(rest, facts, needs, strict=True))
    )


def _rows(columns: Columns, n: int, none: object, there: Mapping[str, Bools] | None = None) -> list[Row]:
    """A dictionary for each person, without what is ``none`` or is not ``there``."""
    rows: list[Row] = [{} for _ in range(n)]
    for name, column in columns.items():
        seen = there[name].tolist() if there and name in there else None
        for i, value in enumerate(column.tolist()):
            if value != none and (seen is None or seen[i]):
                rows[i][name] = value
    return rows


def _facts(s: Shares, given: Columns, draws: Draws) -> dict[str, Column]:
    n, child, tier = len(given["age"]), given["age"] == "child", _tier(given)
    treated = given["procedure"] != "none"

    def some(share: float | Column) -> Bools:
        return draws.random(n) < share

    years = np.where(child, np.floor(draws.uniform(0, 16, n)), np.clip(np.rint(draws.normal(s.years_mean, s.years_sd, n)), 18, 92))
    male, old = ~some(np.where(child, s.girls, s.female)), years >= 60
    away = np.where(given["origin"] == "walk-in", s.near_km, s.far_km)
    diabetes = some(s.diabetes) & ~child & treated
    more = s.medicines[0] + s.medicines[1] * diabetes + s.medicines[2] * (years > 65)
    valve = np.isin(given["procedure"], ("valve", "combined"))
    return {
        "operation": np.isin(given["procedure"], list(parameters().procedures)),
        "years": years,
        "sex": np.where(male, "male", "female"),
        "language": np.where(some(s.other_language), "other", "own"),
        "distance_km": np.rint(away * np.exp(s.distance_sigma * draws.standard_normal(n))),
        "phone": some(np.array(s.phone)[tier]),
        "reads": some(np.array(s.reads)[tier]),
        "diabetes": diabetes,
        "smoker": some(np.where(male, s.smoker[0], s.smoker[1])) & ~child,
        "weak_kidneys": some(np.where(old, s.weak_kidneys[1], s.weak_kidneys[0])) & ~child & treated,
        "blood_thinner": some(np.where(valve, s.blood_thinner[1], s.blood_thinner[0])) & ~child,
        "heart_failure": some(np.where(given["procedure"] == "medical", s.heart_failure[1], s.heart_failure[0])) & ~child & treated,
        "lung_disease": some(s.lung_disease) & ~child,
        "overweight": some(s.overweight) & ~child,
        "fear": some(np.where(child, s.fear[1], s.fear[0])),
        "alone": some(np.where(child, s.alone[1], s.alone[0])),
        "medicines": draws.poisson(np.where(child, 0.5, more)).astype(float),
        "teeth_cleared": some(s.teeth_cleared),
        "frail": some(np.where(years >= 70, s.frail[1], s.frail[0])) & ~child,
        "contrast_allergy": some(s.contrast_allergy),
    }


def _tier(f: Columns) -> NDArray[np.int64]:
    """The price tier by number."""
    tiers = parameters().people.tiers
    return np.array([tiers.index(t) for t in f["tier"].tolist()], dtype=np.int64)


def _needs(it: Care, f: Columns, draws: Draws) -> dict[str, Column]:
    """How much of each need everybody has, 0 for none: what follows from the illness, and the rest by chance with or without a reason."""
    n = len(f["age"])
    op, treated = f["operation"], f["procedure"] != "none"
    adult, here = f["age"] == "adult", f["angiogram"] == "here"
    bed = op | (f["procedure"] == "medical")
    sick: dict[str, Column] = {
        "diagnosis": np.ones(n),
        "plan": treated,
        "vessels": here,
        "treatment": bed,
        "safe stay": bed,
        "safe sleep": op,
        "understanding": np.where(op, np.where(f["reads"], 1.0, 2.0), 0.0),
        "strength": op & adult & f["frail"],
        "sugar": f["diabetes"] & (op | here),
        "clotting": f["blood_thinner"] & op,
    }
    found: dict[str, Column] = {"money": op & (draws.random(n) < np.array(it.needs["money"])[_tier(f)])}
    for name, (whom, reason) in _reasons(f, op, treated, adult, here).items():
        share = np.where(reason, it.needs[name][0], it.needs[name][1])
        found[name] = whom & (draws.random(n) < share)
    return {k: np.asarray(v, dtype=float) for k, v in {**sick, **found}.items()}


def _reasons(f: Columns, op: Bools, treated: Bools, adult: Bools, here: Bools) -> dict[str, tuple[Bools, Bools]]:
    """For each personal need: whom it can concern, and who of them has a reason for it."""
    years, away, old = f["years"], f["distance_km"], f["years"] >= 75
    valve, all_of_them = np.isin(f["procedure"], ("valve", "combined")), np.ones(len(op), dtype=bool)
    stout = f["overweight"] | f["diabetes"]
    return {
        "words": (treated, f["language"] == "other"),
        "lodging": (op & (away >= 150), away >= 300),
        "kidneys": (here, f["weak_kidneys"]),
        "teeth": (valve, ~f["teeth_cleared"]),
        "breath": (op, (f["procedure"] == "PTE") | f["lung_disease"]),
        "smoke-free": (treated, f["smoker"]),
        "calm": (op & adult, f["fear"]),
        "play": (op & ~adult, f["fear"] | (years < 6)),
        "comfort": (treated, (f["risk"] == "high") & old),
        "medicines": (treated, f["medicines"] >= 6),
        "social": (treated, f["alone"] | (f["tier"] == "free")),
        "peers": (op, all_of_them),
        "family care": (op, ~f["alone"]),
        "help at home": (op, f["alone"]),
        "food": (op, stout | f["weak_kidneys"]),
        "heart failure": (treated, f["heart_failure"]),
        "meaning": (treated, f["risk"] == "high"),
        "wound": (op, stout),
        "follow-up": (treated, all_of_them),
        "rehabilitation": (op & adult, all_of_them),
    }


def _wishes(s: Shares, f: Columns, draws: Draws) -> dict[str, Column]:
    """From home or not, in one visit, on some days; None where nothing is wished."""
    n = len(f["age"])
    u, home = draws.random(n), np.where(f["distance_km"] >= 100, s.telehealth[1], s.telehealth[0])
    from_home, one, days = (np.empty(n, dtype=object) for _ in range(3))
    from_home[u < home], from_home[u > 1 - s.no_telehealth] = True, False
    one[draws.random(n) < s.one_visit] = True
    for i in np.flatnonzero(draws.random(n) < s.some_days):
        days[i] = SOME[i % len(SOME)]
    return {"telehealth": from_home, "one_visit": one, "days": days}
