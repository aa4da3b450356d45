"""Personal care in an NH-like hospital: the modules it could offer, and the small team and the steps that they take."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import as_file, files
from typing import Any

from pydantic import ConfigDict, TypeAdapter

from sandcone.core.care import Library
from sandcone.core.care_file import read_library
from sandcone.core.law import Lognormal, Minutes
from sandcone.core.model import Model, Need, Step
from sandcone.core.site import Value
from sandcone.scenarios.marked import valued
from sandcone.scenarios.nh.parameters import House, figures
from sandcone.scenarios.pieces import Means

Pair = tuple[float, float]
Tiers = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Who the patients are as persons: shares unless the name says otherwise; pairs and fours as care.toml says."""

    years_mean: float
    years_sd: float
    female: float
    girls: float
    other_language: float
    near_km: float
    far_km: float
    distance_sigma: float
    phone: Tiers
    reads: Tiers
    diabetes: float
    smoker: Pair
    weak_kidneys: Pair
    blood_thinner: Pair
    heart_failure: Pair
    lung_disease: float
    overweight: float
    fear: Pair
    alone: Pair
    medicines: tuple[float, float, float]
    teeth_cleared: float
    frail: Pair
    contrast_allergy: float
    recorded_fact: float
    recorded_need: float
    telehealth: Pair
    no_telehealth: float
    one_visit: float
    some_days: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """Every figure of care.toml."""

    talk: Mapping[str, float]
    steps: Mapping[str, tuple[float, str, Value]]
    team: Mapping[str, Pair]
    people: Shares
    needs: Mapping[str, tuple[float, ...]]

    __pydantic_config__ = ConfigDict(extra="forbid")


@cache
def care() -> Care:
    """The figures of care.toml, checked, each with its mark and source."""
    text = (files("sandcone.scenarios.nh") / "care.toml").read_text(encoding="utf-8")
    figures(text)
    said: dict[str, Any] = valued(tomllib.loads(text))
    return TypeAdapter(Care).validate_python(said)


def nh_library() -> Library:
    """The modules that an NH-like hospital could offer: the standard way, and personal modules upon it (all assumed)."""
    with as_file(files("sandcone.scenarios.nh") / "modules.toml") as path:
        return read_library(path)


def with_team(model: Model, house: House) -> Model:
    """The hospital with a personal-care team in it, for the steps of the personal modules; nothing else is changed."""
    it, them = care(), Means()
    for pool, (people, cost) in it.team.items():
        operations = house.adult_operations + house.child_operations
        them.group(pool, people * operations / 1000, calendar="clinic staff", cost_per_hour=cost)
    steps = {name: _step(it, minutes, pool, value) for name, (minutes, pool, value) in it.steps.items()}
    return replace(
        model,
        steps={**model.steps, **steps},
        resources={**model.resources, **them.resources},
        pools={**model.pools, **them.pools},
        notes=(*model.notes, "With a personal-care team; its figures are assumed, see care.toml."),
    )


def _step(it: Care, median: float, pool: str, value: Value) -> Step:
    law = Lognormal(median=median, sigma=it.talk["sigma"])
    return Step(minutes=Minutes(otherwise=law), needs=(Need(pools=(pool,)),), value=value)
