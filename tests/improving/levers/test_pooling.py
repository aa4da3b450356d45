"""Levers of pooling: pools that help each other, and who changes from one to another."""

from __future__ import annotations

import pytest

from sandcone.core.arrangement import Arrangement
from sandcone.core.errors import ModelError
from sandcone.core.law import Fixed, LawWhen
from sandcone.core.model import Need, Pool, Resource
from sandcone.core.route import Choose, Do, Way, WaysWhen
from sandcone.core.site import Condition
from sandcone.improving.levers.pooling import move, pool
from tests.improving.levers.played import played
from tests.simulating.worlds import hospital, hours, known, step


def two_rooms(*people: tuple[str, float, dict[str, str]]) -> Arrangement:
    """Patients who need the left room for 30 minutes, or the right one for 10; one nurse room of three places beside them."""
    right = (WaysWhen(when=(Condition(attribute="side", values=("right",)),), ways=(Way(to="right", share=1.0),)),)
    nodes = {
        "which?": Choose(otherwise=(Way(to="left", share=1.0),), cases=right),
        "left": Do(step="Left"),
        "right": Do(step="Right"),
    }
    resources = {
        "L1": Resource(calendar="day", cost_per_hour=7.0, grade="senior"),
        "L2": Resource(calendar="day", cost_per_hour=7.0, grade="senior"),
        "R1": Resource(cost_per_hour=9.0),
        "Nurses": Resource(capacity=3, cost_per_hour=2.0),
    }
    model = hospital(
        {
            "Left": step(30, "Lefts", cases=(LawWhen(law=Fixed(minutes=20.0), resource="L2"),)),
            "Right": step(10, "Rights"),
            "Never": step(5, "Nurses", cases=(LawWhen(law=Fixed(minutes=4.0), resource="Nurses"),)),
        },
        known(*people),
        nodes=nodes,
        resources=resources,
        pools={"Lefts": Pool(members=("L1", "L2"), pick="longest idle"), "Rights": Pool(members=("R1",))},
        calendars={"day": hours("08:00", "18:00")},
    )
    return Arrangement(model=model)


RIGHT = {"side": "right"}
BUSY = [("a", 480.0, RIGHT), ("b", 480.0, RIGHT), ("c", 480.0, RIGHT)]


def test_whoever_is_free_helps_and_each_pool_asks_its_own_first() -> None:
    today = two_rooms(*BUSY)
    assert [(s.who, s.start, s.by) for s in played(today)] == [("a", 480, "R1"), ("b", 490, "R1"), ("c", 500, "R1")]
    at = pool(today, pools=("Lefts", "Rights"))
    assert [(s.who, s.start, s.by) for s in played(at)] == [("a", 480, "R1"), ("b", 480, "L1"), ("c", 480, "L2")]
    assert at.model.pools["Lefts"] == Pool(members=("L1", "L2", "R1")) and at.model.pools["Rights"] == Pool(members=("R1", "L1", "L2"))
    assert today == two_rooms(*BUSY)
    assert at.model.resources == today.model.resources and at.model.arrivals == today.model.arrivals


def test_without_own_first_all_have_the_order_of_the_first_and_pick_as_it_does() -> None:
    at = pool(two_rooms(*BUSY), pools=("Lefts", "Rights"), own_first=False)
    both = Pool(members=("L1", "L2", "R1"), pick="longest idle")
    assert (at.model.pools["Lefts"], at.model.pools["Rights"]) == (both, both)
    assert [s.by for s in played(at)] == ["L1", "L2", "R1"]


def test_two_units_may_come_from_two_pools_that_were_pooled() -> None:
    people = known(("a", 0.0))
    things = {"A": Resource(), "B": Resource(), "C": Resource(capacity=2)}
    alone = Arrangement(model=hospital({"Lift": step(10, Need(pools=("C",), units=2))}, people, resources=things))
    at = pool(alone, pools=("A", "B"))
    assert at.model.pools["A"].members == ("A", "B")
    assert sum(at.model.resources[m].capacity for m in at.model.pools["B"].members) == 2


def test_pools_are_pooled_place_by_place_where_their_stars_stand_for_the_same() -> None:
    things = {n: Resource() for n in ("X adult", "X child", "Y adult", "Y child", "Z adult")}
    at = pool(Arrangement(model=hospital({"A": step(1, "X adult")}, known(("a", 0.0)), resources=things)), pools=("* adult", "* child"))
    assert {n: p.members for n, p in at.model.pools.items()} == {
        "X adult": ("X adult", "X child"),
        "X child": ("X child", "X adult"),
        "Y adult": ("Y adult", "Y child"),
        "Y child": ("Y child", "Y adult"),
        "Z adult": ("Z adult",),
    }


def test_one_pool_alone_or_pools_that_are_one_already_are_refused() -> None:
    today = two_rooms(*BUSY)
    with pytest.raises(ModelError, match="one pool only, or all in one"):
        pool(today, pools=("Lefts",))
    with pytest.raises(ModelError, match="one pool only, or all in one"):
        pool(pool(today, pools=("Lefts", "Rights")), pools=("Rights", "Lefts"))
    with pytest.raises(ModelError, match="no pool is called 'Middles'"):
        pool(today, pools=("Lefts", "Middles"))


def test_a_single_one_that_moves_takes_over_the_hours_and_keeps_its_cost() -> None:
    today = two_rooms(*BUSY)
    at = move(today, from_pool="Lefts", to_pool="Rights", units=1)
    assert (at.model.pools["Lefts"].members, at.model.pools["Rights"].members) == (("L1",), ("R1", "L2"))
    assert at.model.resources["L2"] == Resource(cost_per_hour=7.0, grade="senior")
    assert [(s.who, s.start, s.by) for s in played(at)] == [("a", 480, "R1"), ("b", 480, "L2"), ("c", 490, "R1")]
    assert today == two_rooms(*BUSY)


def test_places_of_a_group_that_move_are_as_fast_and_cost_as_much_as_before() -> None:
    at = move(two_rooms(*BUSY), from_pool="Nurses", to_pool="Lefts", units=2)
    assert at.model.resources["Nurses"].capacity == 1
    assert at.model.resources["Nurses · Lefts"] == Resource(capacity=2, cost_per_hour=2.0, calendar="day")
    assert at.model.pools["Lefts"].members == ("L1", "L2", "Nurses · Lefts")
    cases = at.model.steps["Never"].minutes.cases
    assert [(c.resource, c.law.mean) for c in cases] == [("Nurses", 4.0), ("Nurses · Lefts", 4.0)]
    again = move(move(two_rooms(*BUSY), from_pool="Nurses", to_pool="Lefts", units=1), from_pool="Nurses", to_pool="Lefts", units=1)
    assert again.model.pools["Lefts"].members == ("L1", "L2", "Nurses · Lefts", "Nurses · Lefts 2")


def test_who_moves_leaves_every_pool_they_were_in() -> None:
    at = move(pool(two_rooms(*BUSY), pools=("Lefts", "Rights")), from_pool="Lefts", to_pool="Nurses", units=1)
    assert {n: at.model.pools[n].members for n in ("Lefts", "Rights", "Nurses")} == {
        "Lefts": ("L1", "L2"),
        "Rights": ("L1", "L2"),
        "Nurses": ("Nurses", "R1"),
    }


@pytest.mark.parametrize("units", [0, 2, 3])
def test_a_pool_that_would_be_left_empty_is_refused(units: int) -> None:
    with pytest.raises(ModelError, match=f"{units} of its 2 places are to leave it"):
        move(two_rooms(*BUSY), from_pool="Lefts", to_pool="Rights", units=units)


def test_between_pools_that_share_somebody_nobody_moves() -> None:
    with pytest.raises(ModelError, match="'L1' is in 'Lefts' and 'Lefts' already"):
        move(two_rooms(*BUSY), from_pool="Lefts", to_pool="Lefts", units=1)
    with pytest.raises(ModelError, match="is in 'Rights' and 'Lefts' already"):
        move(pool(two_rooms(*BUSY), pools=("Lefts", "Rights")), from_pool="Rights", to_pool="Lefts", units=1)
