"""A clinic small enough to see whole: one nurse, one step, and whatever a test wants different."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sandcone.core.arrivals import Rate
from sandcone.core.law import Fixed, Minutes
from sandcone.core.model import Model, Need, Pool, Resource, Step
from sandcone.core.route import Do, Route
from sandcone.core.site import Calendar, Shift


def shift(days: str, opens: str, closes: str) -> Shift:
    return Shift.model_validate({"days": days.split(), "from": opens, "to": closes})


def hours(days: str, opens: str, closes: str) -> Calendar:
    return Calendar(shifts=(shift(days, opens, closes),))


def step(*pools: str, minutes: float = 9, **more: Any) -> Step:
    return Step(minutes=Minutes(otherwise=Fixed(minutes=minutes)), needs=tuple(Need(pools=(p,)) for p in pools), **more)


CLINIC = Model(
    name="clinic",
    begin=date(2024, 1, 3),
    steps={"Talk": step("Nurses")},
    resources={"Ann": Resource(calendar="day", cost_per_hour=31.5)},
    pools={"Nurses": Pool(members=("Ann",))},
    calendars={"day": hours("Mon Tue", "08:00", "12:30")},
    route=Route(first="a", nodes={"a": Do(step="Talk")}),
    arrivals=(Rate(per_hour=(1.5,)),),
)


def clinic(**other: Any) -> Model:
    """The clinic with something else in it."""
    return replace(CLINIC, **other)


def with_calendars(first: Calendar, second: Calendar, last_start_minutes: float = 0, kept: Mapping[str, Any] | None = None) -> Model:
    """A step that needs two people, each with a calendar."""
    steps = {"Talk": Step(minutes=Minutes(otherwise=Fixed(minutes=5)), needs=(Need(pools=("A",), **(kept or {})), Need(pools=("B",))))}
    return clinic(
        steps=steps,
        resources={"Ann": Resource(calendar="1", last_start_minutes=last_start_minutes), "Bo": Resource(calendar="2")},
        pools={"A": Pool(members=("Ann",)), "B": Pool(members=("Bo",))},
        calendars={"1": first, "2": second},
    )
