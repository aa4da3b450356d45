"""The lever of capacity: who joins, who goes, and what stays as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandcone.core.arrangement import Arrangement
from sandcone.core.errors import ModelError
from sandcone.core.law import Fixed, LawWhen
from sandcone.core.model import Need, Pool, Resource
from sandcone.improving.levers.capacity import capacity, places
from tests.improving.levers.played import played
from tests.simulating.worlds import hospital, known, step

SLOW = LawWhen(law=Fixed(minutes=70.0), resource="R2")


def house(*patients: tuple[str, float], units: int = 1) -> Arrangement:
    """Three rooms, of which the second is slow and also used for scans, and a ward of five beds."""
    model = hospital(
        {
            "Exam": step(30, Need(pools=("Rooms",), units=units), cases=(SLOW,)),
            "Scan": step(20, "Scans"),
            "Stay": step(60, "Ward", "Porter"),
        },
        known(*patients),
        resources={
            "R1": Resource(cost_per_hour=4.0),
            "R3": Resource(cost_per_hour=6.0),
            "R2": Resource(turnover_minutes=5.0),
            "Ward": Resource(capacity=5),
            "Porter": Resource(),
        },
        pools={"Rooms": Pool(members=("R1", "R3", "R2")), "Scans": Pool(members=("R2", "R1"))},
    )
    return Arrangement(model=replace(model, pools={n: p for n, p in model.pools.items() if n not in ("R1", "R2", "R3")}))


def members(at: Arrangement, pool: str) -> tuple[str, ...]:
    return at.model.pools[pool].members


def test_one_more_room_is_like_the_last_and_in_all_its_pools() -> None:
    after = capacity(house(), pools=("Rooms",), change=2)
    assert members(after, "Rooms") == ("R1", "R3", "R2", "R2 (extra 1)", "R2 (extra 2)")
    assert members(after, "Scans") == ("R2", "R1", "R2 (extra 1)", "R2 (extra 2)")
    assert after.model.resources["R2 (extra 2)"] == after.model.resources["R2"]
    assert {c.resource: c.law.mean for c in after.model.steps["Exam"].minutes.cases} == dict.fromkeys(
        ("R2", "R2 (extra 1)", "R2 (extra 2)"), 70
    )


def test_a_room_added_to_an_added_one_has_the_next_number() -> None:
    after = capacity(capacity(house(), pools=("Rooms",), change=1), pools=("Rooms",), change=1)
    assert members(after, "Rooms")[3:] == ("R2 (extra 1)", "R2 (extra 2)")
    assert "R2 (extra 2)" in {c.resource for c in after.model.steps["Exam"].minutes.cases}


def test_a_group_of_beds_grows_and_shrinks() -> None:
    assert capacity(house(), pools=("Ward",), change=3).model.resources["Ward"].capacity == 8
    assert capacity(house(), pools=("Ward",), change=-4).model.resources["Ward"].capacity == 1


def test_the_last_room_goes_with_its_own_times_and_from_its_other_pools() -> None:
    after = capacity(house(), pools=("Rooms",), change=-1)
    assert members(after, "Rooms") == ("R1", "R3")
    assert members(after, "Scans") == ("R1",)
    assert "R2" not in after.model.resources
    assert after.model.steps["Exam"].minutes.cases == ()


@pytest.mark.parametrize(("times", "ward", "rooms"), [(0.5, 3, 2), (1.5, 8, 5), (0.01, 1, 1), (2.0, 10, 6)])
def test_places_are_scaled_to_whole_ones_and_one_at_least(times: float, ward: int, rooms: int) -> None:
    after = capacity(house(), pools=("Ward", "Rooms"), times=times)
    assert (places(after.model, "Ward"), places(after.model, "Rooms")) == (ward, rooms)


def test_a_room_that_is_one_more_for_two_pools_is_added_once() -> None:
    after = capacity(house(), pools=("Rooms", "Scans"), change=1)
    assert (places(after.model, "Rooms"), places(after.model, "Scans")) == (4, 3)


def test_more_rooms_let_more_patients_in_at_once() -> None:
    at = house(("Ann", 0), ("Bo", 0), ("Cy", 0), ("Di", 0))
    exams = [r.start for r in played(capacity(at, pools=("Rooms",), change=1)) if r.step == "Exam"]
    assert exams == [0, 0, 0, 0]
    assert sorted(r.start for r in played(at) if r.step == "Exam") == [0, 0, 0, 30]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"change": -5}, "0 places instead of 5"),
        ({"change": 0}, "as many places as before"),
        ({"times": 1.05}, "as many places as before"),
        ({"times": 0.0}, "0 times the places"),
        ({"times": 2.0, "change": 1}, "both change and times"),
        ({}, "both change and times, or neither"),
    ],
)
def test_a_change_that_cannot_be_or_changes_nothing_is_refused(said: dict[str, float], why: str) -> None:
    with pytest.raises(ModelError, match=why):
        capacity(house(), pools=("Ward",), **said)  # type: ignore[arg-type]


def test_places_that_a_step_needs_at_once_cannot_go() -> None:
    with pytest.raises(ModelError, match="nobody could ever do this step"):
        capacity(house(units=3), pools=("Rooms",), change=-1)


def test_a_pool_that_would_lose_its_only_member_to_another_is_refused() -> None:
    at = house()
    alone = replace(at.model, pools={**at.model.pools, "Scans": Pool(members=("R2",))})
    with pytest.raises(ModelError, match="nobody would be left in it"):
        capacity(Arrangement(model=alone), pools=("Rooms",), change=-1)


@given(more=st.integers(1, 4))
def test_what_was_added_can_be_taken_away_again(more: int) -> None:
    at = house()
    grown = capacity(at, pools=("Rooms", "Ward"), change=more)
    assert capacity(grown, pools=("Rooms", "Ward"), change=-more) == at
