"""First come, first served: the earliest day that fits, in the order of readiness, and the nurses in turn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sandcone.core.inpatient import Hours, Room
from sandcone.planning.first_come import first_come
from sandcone.planning.score import score
from sandcone.reading.inpatients import read_problem
from tests.planning.small_random import random_problem
from tests.planning.test_score import IHTC, needs_ihtc
from tests.planning.wards import nurse, occupant, patient, ward


def places(here: object) -> dict[str, tuple[int, str, str]]:
    return {a.patient: (a.day, a.room, a.theatre) for a in first_come(here).admissions}  # type: ignore[arg-type]


def test_who_is_ready_first_comes_first_whatever_the_order_of_the_file() -> None:
    here = ward(patient("Ann", release=1, minutes=150), patient("Bea", minutes=90), patient("Cy", minutes=20))
    assert places(here) == {"Bea": (0, "R1", "T1"), "Cy": (1, "R1", "T2"), "Ann": (1, "R2", "T2")}  # Sen: 100 minutes on day 0, 200 on 1


def test_a_full_day_of_the_surgeon_or_the_theatre_means_the_next_one() -> None:
    assert places(ward(patient("Ann", minutes=120))) == {"Ann": (1, "R1", "T2")}
    closed = (Hours(name="T1", minutes=(0, 0, 0, 0, 70)),)
    assert places(ward(patient("Ann"), theatres=closed)) == {"Ann": (4, "R1", "T1")}


def test_nobody_lies_with_the_other_gender_or_in_an_unfit_room_or_without_a_bed() -> None:
    man = occupant("Olu", nights=3, room="R1", gender="B")
    assert places(ward(patient("Ann"), occupants=(man,)))["Ann"] == (0, "R2", "T1")
    assert places(ward(patient("Ann", unfit_rooms=frozenset({"R2"})), occupants=(man,)))["Ann"] == (3, "R1", "T1")
    one_bed = (Room(name="R1", beds=1),)
    two = places(ward(patient("Ann", nights=3), patient("Bea", minutes=30), rooms=one_bed))
    assert two == {"Ann": (0, "R1", "T1"), "Bea": (3, "R1", "T1")}


def test_who_must_come_and_found_no_place_goes_to_the_head_of_the_queue() -> None:
    here = ward(patient("Ann", minutes=90), patient("Bea", minutes=90, due=0))
    assert places(here) == {"Bea": (0, "R1", "T1"), "Ann": (1, "R1", "T2")}


def test_where_not_all_who_must_come_fit_the_score_says_so() -> None:
    here = ward(patient("Ann", minutes=90, due=0), patient("Bea", minutes=90, due=0))
    assert score(here, first_come(here)).line("must_come_and_does_not").by == 1


def test_nurses_take_neighbouring_rooms_in_turn_and_only_rooms_with_somebody_in_them() -> None:
    rooms = tuple(Room(name=f"R{i}", beds=1) for i in range(1, 5))
    lying = tuple(occupant(f"o{i}", nights=2, room=f"R{i}") for i in (1, 2, 3))
    here = replace(ward(), rooms=rooms, occupants=lying, nurses=(nurse("Nia"), nurse("Sol")))
    care = first_come(here).care
    assert [care.get((f"R{i}", 3)) for i in range(1, 5)] == ["Nia", "Nia", "Sol", None]
    assert not any(shift >= 4 for _, shift in care)


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_broken_is_only_that_somebody_found_no_place_or_no_nurse(seed: int) -> None:
    here = random_problem(seed, patients=8)
    here = replace(here, occupants=here.occupants[:1])  # two might lie together who may not
    broken = {line.rule for line in score(here, first_come(here)).must if line.by}
    assert broken <= {"must_come_and_does_not", "room_without_nurse"}


@needs_ihtc
@pytest.mark.parametrize("name", ["i01", "i13", "i30"])
def test_on_the_competitions_problems_the_plan_can_be_carried_out(name: str) -> None:
    here = read_problem(IHTC / "instances" / f"{name}.json")
    assert score(here, first_come(here)).violations == 0
