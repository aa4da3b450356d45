"""What the open hours of a hospital cost a week."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sandcone.core.model import Model, Pool, Resource
from sandcone.improving.costs import weekly_cost
from tests.simulating.worlds import hospital, hours, known, step


def clinic() -> Model:
    """A nurse group in two pools, doctors with hours, a room whose price nobody said, a theatre that is in no pool."""
    made = hospital(
        {"Visit": step(5, "D1")},
        known(("a", 0.0)),
        resources={
            "Nurses": Resource(capacity=3, cost_per_hour=20.0),
            "D1": Resource(calendar="day", cost_per_hour=50.0),
            "D2": Resource(calendar="day", cost_per_hour=70.0),
            "Room": Resource(),
            "Theatre": Resource(cost_per_hour=1000.0),
        },
        calendars={"day": hours("08:00", "16:00", closed=("2024-01-03", "2024-01-10", "2024-01-17", "2024-01-24"))},
    )
    pools = {
        "Doctors": Pool(members=("D1", "D2")),
        "Ward nurses": Pool(members=("Nurses",)),
        "Anybody": Pool(members=("D2", "Nurses")),
        "Rooms": Pool(members=("Room",)),
    }
    return replace(made, steps={"Visit": step(5, "Doctors")}, pools=pools)


def test_every_place_costs_its_open_hours_once_and_closed_days_count_as_they_fall() -> None:
    nurses, hours_a_week = 3 * 168 * 20, 8 * 5 - 8 * 4 / 8  # four Wednesdays of eight weeks are closed
    everybody = nurses + hours_a_week * 120
    assert weekly_cost(clinic()) == pytest.approx((everybody, everybody))
    assert weekly_cost(clinic(), ("Ward *",)) == pytest.approx((everybody, nurses))
    assert weekly_cost(clinic(), ("Doctors",)) == pytest.approx((everybody, hours_a_week * 120))
    assert weekly_cost(clinic(), ("Rooms",)) == pytest.approx((everybody, 0))
    assert weekly_cost(clinic(), ()) == pytest.approx((everybody, 0))


def test_where_nobody_says_a_price_every_hour_counts_as_one() -> None:
    model = clinic()
    free = replace(model, resources={n: replace(r, cost_per_hour=None) for n, r in model.resources.items()})
    assert weekly_cost(free, ("Doctors",)) == pytest.approx((3 * 168 + 2 * 36 + 168, 2 * 36))
