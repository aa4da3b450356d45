"""Why somebody has another place in a new plan: a change, a pin, somebody else who needs the place, or a lower cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sandcone.core.inpatient import InpatientPlan, Problem
from sandcone.planning.changes import Change, Emergency, PatientCancels, TheatreCloses, changed
from sandcone.planning.keep import Disturbance, Keep, Pin
from sandcone.planning.moved import Why, why
from sandcone.planning.score import score
from tests.planning.wards import occupant, patient, plan, ward


def reasons(
    here: Problem, before: InpatientPlan, after: InpatientPlan, *changes: Change, pins: Sequence[Pin] = (), **price: int
) -> dict[str, Why]:
    now = changed(here, changes)
    keep = Keep(before=before, pins=tuple(pins), price=Disturbance(**price))
    gone = [c.patient for c in changes if isinstance(c, PatientCancels)]
    return {w.moved.patient: w for w in why(now, keep, after, changes, cancelled=gone)}


def test_whose_theatre_closed_had_to_move_and_who_keeps_the_place_is_not_listed() -> None:
    here = ward(patient("Ann", minutes=30), patient("Bea", minutes=30))
    before = plan(("Ann", 3, "R1", "T1"), ("Bea", 3, "R2", "T2"))
    after = plan(("Ann", 3, "R1", "T2"), ("Bea", 3, "R2", "T2"))
    found = reasons(here, before, after, TheatreCloses(theatre="T1", days=(3,)))
    assert {k: (w.because, w.forced) for k, w in found.items()} == {"Ann": ("theatre T1 is closed on day 3", True)}
    assert str(found["Ann"]) == "Ann: day 3, theatre T1 → T2: theatre T1 is closed on day 3"


def test_who_made_room_for_an_emergency_is_told_for_whom_and_where() -> None:
    zoe = patient("Zoe", due=0, minutes=90)
    here = ward(patient("Ann", minutes=60))  # Sen has 100 minutes on day 0, 200 on day 1
    found = reasons(here, plan(("Ann", 0, "R1", "T1")), plan(("Zoe", 0, "R2", "T1"), ("Ann", 1, "R1", "T2")), Emergency(patient=zoe))
    assert found["Ann"].because == "to make room for Zoe (surgeon Sen on day 0)"
    assert not found["Ann"].forced
    assert (found["Zoe"].because, found["Zoe"].forced) == ("must come", True)
    assert str(found["Zoe"]) == "Zoe: comes on day 0, room R2, theatre T1: must come"


def test_who_was_with_the_same_surgeon_before_did_not_take_the_place() -> None:
    people = (patient("Ann", minutes=60), patient("Bea", minutes=40), patient("Cy", minutes=30))
    before = plan(("Ann", 0, "R1", "T1"), ("Bea", 0, "R2", "T1"))
    after = plan(("Ann", 1, "R1", "T2"), ("Bea", 0, "R2", "T2"), ("Cy", 0, "R2", "T2"))
    assert reasons(ward(*people), before, after)["Ann"].because == "to make room for Cy (surgeon Sen on day 0)"


def test_a_bed_taken_on_a_later_day_of_the_stay_is_found_and_so_is_the_other_gender() -> None:
    people = (patient("Ann", nights=3, surgeon="Rao"), patient("Bea", nights=1, surgeon="Rao"), patient("Don", gender="B", surgeon="Rao"))
    before = plan(("Ann", 0, "R1", "T2"))
    two = plan(("Ann", 0, "R2", "T2"), ("Bea", 2, "R1", "T2"))
    full = replace(ward(*people), occupants=(occupant("Olu", nights=5, room="R1"),))
    assert reasons(full, before, two)["Ann"].because == "to make room for Bea (room R1 on day 2)"
    men = plan(("Ann", 0, "R2", "T2"), ("Don", 1, "R1", "T2"))
    assert reasons(ward(*people), before, men)["Ann"].because == "to make room for Don (room R1 on day 1)"


def test_where_the_old_place_is_free_the_cost_of_going_back_is_the_scorers() -> None:
    here = ward(patient("Ann"))
    late, early = plan(("Ann", 3, "R1", "T2")), plan(("Ann", 1, "R1", "T2"))
    worth = score(here, late).cost - score(here, early).cost
    assert reasons(here, late, early)["Ann"].because == f"for a lower cost: going back would cost {worth} more"
    assert reasons(here, late, early, day=10)["Ann"].because == f"for a lower cost: going back would cost {worth - 10} more"
    assert reasons(here, early, late)["Ann"].because == "in exchange with others: alone, going back would cost no more"


def test_an_old_room_that_stands_empty_by_now_gets_a_nurse_for_the_sum() -> None:
    here = ward(patient("Ann"))
    after = plan(("Ann", 1, "R2", "T2"), care={("R2", s): "Nia" for s in range(2, 6)})
    assert reasons(here, plan(("Ann", 3, "R1", "T2")), after)["Ann"].because == f"for a lower cost: going back would cost {2 * 17} more"


def test_pins_cancellations_and_those_who_come_now_have_their_reasons() -> None:
    here = ward(patient("Ann"), patient("Bea"), patient("Cy"), patient("Dee"))
    before = plan(("Ann", 3, "R1", "T2"), ("Bea", 4, "R1", "T2"))
    after = plan(("Ann", 1, "R1", "T2"), ("Cy", 3, "R2", "T2"), ("Dee", 4, "R2", "T2"))
    pins = [Pin(patient="Ann", day=1), Pin(patient="Dee", day=4)]
    found = reasons(here, before, after, PatientCancels(patient="Bea"), pins=pins)
    assert {k: w.because for k, w in found.items()} == {
        "Ann": "so pinned",
        "Cy": "comes now, at a lower cost than leaving them out",
        "Dee": "so pinned",
        "Bea": "cancelled",
    }
    assert str(found["Bea"]) == "Bea: no longer comes on day 4: cancelled"


def test_a_pin_that_leaves_the_old_place_alone_is_no_reason_to_move() -> None:
    here = ward(patient("Ann"))
    late, early = plan(("Ann", 3, "R1", "T2")), plan(("Ann", 1, "R1", "T2"))
    found = reasons(here, late, early, pins=[Pin(patient="Ann", room="R1", theatre="T2")])["Ann"]
    assert (found.because, found.forced) == ("for a lower cost: going back would cost 34 more", False)
    out = reasons(here, late, plan(), pins=[Pin(patient="Ann", out=True)])["Ann"]
    assert (out.because, out.forced) == ("so pinned", True)
