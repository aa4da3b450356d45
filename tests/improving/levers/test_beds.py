"""Levers of beds: a round that is earlier, and beds that become beds of another kind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sandcone.core.arrangement import Arrangement
from sandcone.core.errors import ModelError
from sandcone.core.law import Fixed
from sandcone.core.model import Need, Pool, Resource
from sandcone.core.route import Do
from sandcone.improving.levers.beds import convert, discharge
from tests.improving.levers.played import played
from tests.simulating.worlds import hospital, hours, known, step


def ward(*patients: tuple[str, float]) -> Arrangement:
    """A bed until the round, which a doctor makes between nine and five; clerks and a doctor on call beside them."""
    steps = {
        "Into bed": step(5, Need(pools=("Ward",), until="Round")),
        "Round": step(10, Need(pools=("Ward",)), Need(pools=("On call", "Doctors"))),
        "Forms": step(15, "Clerks"),
        "Scan": step(7, "Clerks", "Doctors"),
    }
    nodes = {
        "bed": Do(step="Into bed", then="round"),
        "round": Do(step="Round", then="forms", lag=Fixed(minutes=100.0)),
        "forms": Do(step="Forms"),
    }
    model = hospital(
        steps,
        known(*patients),
        nodes=nodes,
        resources={
            "Doctors": Resource(calendar="day", cost_per_hour=30.0),
            "On call": Resource(calendar="day"),
            "Clerks": Resource(calendar="day"),
            "Ward": Resource(capacity=4, cost_per_hour=2.0),
            "Bed 8": Resource(cost_per_hour=5.0),
            "Bed 9": Resource(cost_per_hour=5.0),
        },
        pools={"Intensive care": Pool(members=("Bed 8", "Bed 9"))},
        calendars={"day": hours("09:00", "17:00")},
    )
    return Arrangement(model=replace(model, pools={n: p for n, p in model.pools.items() if n not in ("Bed 8", "Bed 9")}))


def test_a_round_that_is_earlier_lets_patients_go_earlier_and_leaves_others_their_hours() -> None:
    at = ward(("Ann", 0.0))
    after = discharge(at, steps=("Round",), earlier_minutes=120)
    assert [r.start for r in played(at)] == [0, 540, 550]
    assert [r.start for r in played(after)] == [0, 420, 540]  # the clerk who does the forms comes at nine as before
    assert after.model.resources["Clerks"] == at.model.resources["Clerks"]
    assert after.model.resources["Doctors"] == at.model.resources["Doctors"]  # the first pool that keeps hours is on call
    assert after.model.resources["Ward"].calendar is None


def test_a_round_takes_as_many_hours_as_before() -> None:
    after = discharge(ward(), steps=("Round",), earlier_minutes=120).model
    moved = after.calendars[after.resources["On call"].calendar or ""].shifts
    assert [(s.start, s.end, len(s.days)) for s in moved] == [("07:00", "15:00", 5)]


def test_where_nobody_keeps_hours_no_round_can_be_earlier() -> None:
    with pytest.raises(ModelError, match="there at all hours"):
        discharge(ward(), steps=("Into bed",), earlier_minutes=60)
    with pytest.raises(ModelError, match="-60 minutes earlier"):
        discharge(ward(), steps=("Round",), earlier_minutes=-60)
    with pytest.raises(ModelError, match="pass midnight"):
        discharge(ward(), steps=("Round",), earlier_minutes=600)


def test_beds_become_beds_of_the_kind_they_join() -> None:
    more = convert(ward(), from_pool="Ward", to_pool="Intensive care", units=1).model
    assert more.resources["Ward"].capacity == 3
    assert more.pools["Intensive care"].members == ("Bed 8", "Bed 9", "Bed 9 (extra 1)")
    assert more.resources["Bed 9 (extra 1)"].cost_per_hour == 5.0
    less = convert(ward(), from_pool="Intensive care", to_pool="Ward", units=1).model
    assert less.resources["Ward"].capacity == 5
    assert less.pools["Intensive care"].members == ("Bed 8",)
    assert "Bed 9" not in less.resources


@pytest.mark.parametrize(
    ("gives", "units", "why"), [("Ward", 4, "0 places instead of 4"), ("Ward", 0, "0 beds"), ("Intensive care", 1, "is in both")]
)
def test_a_bed_can_be_converted_only_if_one_is_left_and_it_is_not_there_already(gives: str, units: int, why: str) -> None:
    with pytest.raises(ModelError, match=why):
        convert(ward(), from_pool=gives, to_pool="Intensive care", units=units)
