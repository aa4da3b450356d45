"""Planning again: what need not move does not, and what moves is worth its price or had to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import sandcone
from sandcone.core.errors import ProblemError
from sandcone.core.inpatient import InpatientPlan, Problem
from sandcone.planning.changes import Emergency, NurseIll, PatientCancels, RoomCloses, TheatreCloses
from sandcone.planning.changes_file import Changes
from sandcone.planning.keep import Disturbance, Pin
from sandcone.planning.replanned import Replanned
from sandcone.planning.score import score
from sandcone.planning.search import Stop, plan_inpatients
from tests.planning.test_search_exact import made_up
from tests.planning.wards import nurse, patient, plan, ward

DEAR = Disturbance(day=10_000, room=10_000, theatre=10_000, left_out=20_000, nurse=1_000)
SHORT = "400000 moves"


def again(here: Problem, before: InpatientPlan, *changes: object, price: Disturbance = DEAR, **more: object) -> Replanned:
    said = Changes(changes=changes, price=price, **more)  # type: ignore[arg-type]
    return sandcone.replan(here, before, stop=SHORT, seed=7, cores=1, changes=said)


def two_weeks() -> tuple[Problem, InpatientPlan]:
    """Four patients, each well placed: nothing is gained by moving any."""
    people = (
        patient("Ann", release=3, minutes=50),
        patient("Bea", release=3, minutes=50, surgeon="Rao"),
        patient("Cy", release=1, minutes=50, nights=1),
        patient("Dee", release=4, minutes=50),
    )
    here = ward(*people, nurses=(nurse("Nia"), nurse("Sol")), weights=replace(ward().weights, left_out=400))
    before = plan(("Ann", 3, "R1", "T1"), ("Bea", 3, "R1", "T1"), ("Cy", 1, "R1", "T2"), ("Dee", 4, "R2", "T1"))
    return here, before


def test_at_a_high_price_only_those_of_the_closed_theatre_move_and_only_as_far_as_they_must() -> None:
    here, before = two_weeks()
    found = again(here, before, TheatreCloses(theatre="T1", days=(3,)))
    assert {w.moved.patient: (w.moved.what, w.forced) for w in found.moved} == {
        "Ann": (("another theatre",), True),
        "Bea": (("another theatre",), True),
    }
    assert found.found.disturbance == 20_000
    assert found.nurses == 0
    assert (found.score.violations, found.score.cost) == (0, score(found.problem, found.plan).cost)


def test_an_ill_nurse_moves_nobody_and_changes_only_her_own_shifts() -> None:
    here, before = two_weeks()
    found = again(here, before, NurseIll(nurse="Nia", shifts=(6, 7)))
    assert found.moved == ()
    assert (found.nurses, found.ill) == (2, 2)  # R1 in both shifts of day 3
    assert {found.plan.care["R1", s] for s in (6, 7)} == {"Sol"}
    assert "Every patient keeps their day, room and theatre." in str(found)
    assert "2 rooms and shifts have another nurse, 2 of them because the one before is off duty." in str(found)


def test_an_emergency_comes_and_moves_only_whoever_stands_in_the_way() -> None:
    here, before = two_weeks()
    zoe = patient("Zoe", release=4, due=4, minutes=160)  # Sen has 200 minutes on day 4, and Dee takes 50 of them
    found = again(here, before, Emergency(patient=zoe))
    assert found.plan.admitted["Zoe"].day == 4
    assert {w.moved.patient: w.because for w in found.moved} == {"Dee": "to make room for Zoe (surgeon Sen on day 4)", "Zoe": "must come"}
    assert "Dee" not in found.plan.admitted  # nothing is left of the horizon


def test_frozen_days_pins_and_those_in_a_room_that_closes_stay() -> None:
    here, before = two_weeks()
    found = again(
        here, before, RoomCloses(room="R1", day=2), PatientCancels(patient="Dee"), frozen_until=2, pins=(Pin(patient="Bea", day=4),)
    )
    assert found.plan.admitted["Cy"] == before.admitted["Cy"]
    assert {w.moved.patient: w.forced for w in found.moved} == {"Ann": True, "Bea": True, "Dee": True}
    assert (found.plan.admitted["Ann"].room, found.plan.admitted["Bea"].day) == ("R2", 4)


@pytest.mark.parametrize("seed", [1, 2, 5, 8, 13, 21])
def test_where_nothing_changed_the_new_plan_is_no_dearer_and_whatever_moves_is_worth_its_price(seed: int) -> None:
    here = made_up(seed)
    first = plan_inpatients(here, stop=Stop(moves=1), seed=seed, cores=1)
    if first.broken:
        with pytest.raises(ProblemError, match="no plan was found"):
            again(here, first.plan)
        return
    price = Disturbance(day=9, room=4, theatre=3, left_out=30, nurse=2)
    found = again(here, first.plan, price=price)
    saved = score(here, first.plan).cost - found.score.cost
    assert saved >= found.found.disturbance
    if found.found.disturbance == 0:
        assert [w for w in found.moved if w.moved.before is not None] == []
    dear = again(here, first.plan, price=Disturbance(day=10**6, room=10**6, theatre=10**6, left_out=10**6, nurse=10**6))
    assert dear.found.disturbance == 0
    assert [w for w in dear.moved if w.moved.before is not None] == []
    assert dear.nurses == 0


def test_a_plan_that_still_holds_is_in_the_file_and_an_impossible_change_is_refused(tmp_path: Path) -> None:
    here, before = two_weeks()
    out = tmp_path / "new.json"
    sandcone.replan(here, before, stop=SHORT, seed=7, cores=1, changes=Changes(price=DEAR), out=out)
    assert out.exists()
    due = replace(here, patients=(patient("Ann", release=3, due=3, minutes=50),))
    shut = Changes(changes=tuple(TheatreCloses(theatre=t, days=(3,)) for t in ("T1", "T2")))
    with pytest.raises(ProblemError, match="no plan was found that can be carried out"):
        sandcone.replan(due, plan(("Ann", 3, "R1", "T1")), stop=SHORT, seed=7, cores=1, changes=shut)


def test_planning_again_has_no_gap_to_stop_at() -> None:
    here, before = two_weeks()
    with pytest.raises(ProblemError, match="no lower bound"):
        sandcone.replan(here, before, stop="2%", seed=7)
