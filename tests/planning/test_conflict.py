"""Demands that cannot all be met: one planted conflict of each kind, each member verified, and the words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import pytest

from sandcone.core.errors import ProblemError
from sandcone.core.inpatient import Admission, Hours, Inpatient, InpatientPlan, Problem, Room
from sandcone.planning.conflict import Conflict, conflict, smallest, spares_none
from sandcone.planning.crowded import crowded
from sandcone.planning.possible import Demand, all_demands, possible
from sandcone.planning.score import score
from sandcone.reading import read_problem
from tests.planning.small_random import random_problem
from tests.planning.test_score import IHTC, needs_ihtc
from tests.planning.wards import nurse, occupant, patient, ward

BYSTANDER = patient("Zed", due=4, surgeon="Rao", nights=1)


def members(c: Conflict | None) -> set[tuple[str, str, int | None]]:
    """Kind, name and day of each demand in a conflict, all of it proved."""
    assert c is not None
    assert c.minimal
    assert possible(c.problem, c.demands, seconds=9) is False
    for one in c.demands:
        assert possible(c.problem, set(c.demands) - {one}, seconds=9) is True, one
    return {(d.kind, d.name, d.day) for d in c.demands}


def must(*names: str) -> set[tuple[str, str, int | None]]:
    return {("must come", name, None) for name in names}


def test_a_problem_that_has_a_plan_has_no_conflict() -> None:
    assert conflict(ward(patient("Ann", due=3), BYSTANDER)) is None
    assert conflict(ward(patient("Ann", minutes=900))) is None  # she may wait


def test_a_surgeon_without_the_time_is_a_conflict_with_those_who_need_it() -> None:
    early = (patient(name, due=1, minutes=80) for name in ("Ann", "Bo", "Cy"))
    found = conflict(ward(*early, patient("Dee", due=2, minutes=85, nights=1), BYSTANDER))
    assert members(found) == must("Ann", "Bo", "Cy", "Dee") | {("surgeon", "Sen", d) for d in (0, 1, 2)}
    assert "Surgeon Sen has 300 minutes on days 0–2; Ann, Bo, Cy and Dee need 325 there." in str(found)
    assert "Dee (A) must come on days 0–2: 85 minutes by surgeon Sen, 1 night" in str(found)
    assert str(found).endswith("Without any one of these there is a way.")


def test_hours_that_suffice_in_sum_and_cannot_be_shared_out_are_said_to_be_so() -> None:
    surgeons = (Hours(name="Sen", minutes=(100, 100, 0, 0, 0)), Hours(name="Rao", minutes=(300,) * 5))
    found = conflict(ward(*(patient(n, due=1, minutes=60) for n in ("Ann", "Bo", "Cy")), surgeons=surgeons))
    assert members(found) == must("Ann", "Bo", "Cy") | {("surgeon", "Sen", 0), ("surgeon", "Sen", 1)}
    assert "has 200 minutes on days 0–1; Ann, Bo and Cy need 180 there, and no way to share them out fits." in str(found)


def test_theatres_without_the_time_are_a_conflict() -> None:
    here = ward(patient("Ann", due=0, minutes=90), patient("Bo", due=0, minutes=130, surgeon="Rao"), BYSTANDER)
    found = conflict(replace(here, theatres=(Hours(name="T1", minutes=(100, 0, 0, 0, 0)), Hours(name="T2", minutes=(95, 300, 0, 0, 0)))))
    assert members(found) == must("Bo") | {("theatre", "T1", 0), ("theatre", "T2", 0)}  # she alone fits neither
    assert "theatre T2 has 95 minutes on day 0" in str(found)
    assert "Theatres T1 and T2 have 100 minutes at most on day 0; Bo needs 130." in str(found)


def test_one_theatre_without_the_time_says_how_much_is_missing() -> None:
    here = ward(patient("Ann", due=0, minutes=90), patient("Bo", due=0, minutes=130, surgeon="Rao"), BYSTANDER)
    found = conflict(replace(here, theatres=(Hours(name="T1", minutes=(200, 9, 0, 0, 99)),)))
    assert members(found) == must("Ann", "Bo") | {("theatre", "T1", 0)}
    assert "Theatre T1 has 200 minutes on day 0; Ann and Bo need 220 there." in str(found)


def test_too_few_beds_are_a_conflict_with_those_already_there() -> None:
    here = ward(patient("Ann", due=1), BYSTANDER, occupants=(occupant("Olu", nights=2, room="R1"), occupant("Una", nights=3, room="R1")))
    found = conflict(replace(here, rooms=(Room(name="R1", beds=2),), patients=(here.patients[0], replace(BYSTANDER, release=3))))
    assert members(found) == must("Ann") | {("already there", "Olu", None), ("already there", "Una", None), ("beds", "R1", None)}
    assert "Una (A) is in room R1 until day 2" in str(found)
    assert "room R1 has 2 beds\n" in str(found)


def test_two_genders_and_one_room_are_a_conflict() -> None:
    here = ward(
        patient("Ann", due=1, surgeon="Rao"), patient("Max", due=1, gender="B", nights=3), BYSTANDER, rooms=(Room(name="R1", beds=9),)
    )
    found = conflict(here)
    assert members(found) == must("Ann", "Max") | {("genders", "R1", None)}
    assert "room R1 is for one gender at a time" in str(found)
    assert "Ann and Max cannot all have what they need: rooms do not suffice." in str(found)


def test_a_patient_whom_no_free_room_suits_is_a_conflict() -> None:
    man = occupant("Max", room="R2", gender="B", nights=5)
    found = conflict(ward(patient("Ann", due=4, unfit_rooms=frozenset({"R1"})), BYSTANDER, occupants=(man,)))
    assert members(found) == must("Ann") | {("suits", "Ann", None), ("already there", "Max", None), ("genders", "R2", None)}
    assert "60 minutes by surgeon Sen, 2 nights, not in R1" in str(found)


def test_a_shift_without_any_nurse_is_a_conflict_with_whoever_is_there_then() -> None:
    away = nurse()
    del away.most[5]  # day 2 night
    found = conflict(ward(patient("Ann", release=1, due=1), BYSTANDER, nurses=(away,)))
    assert members(found) == must("Ann") | {("nurses", "day 2 night", 2)}
    assert "no nurse is on duty on day 2 night" in str(found)


def test_beds_and_hours_that_only_fail_together_are_found_in_the_whole() -> None:
    """Sen's hours would do if Ann and Bo came a day apart; the one bed wants them both early or both late."""
    surgeons = (Hours(name="Sen", minutes=(60, 60, 0, 0, 0)), Hours(name="Rao", minutes=(300,) * 5))
    people = (patient("Ann", due=1, nights=2), patient("Bo", due=1, nights=2))
    found = conflict(ward(*people, BYSTANDER, surgeons=surgeons, rooms=(Room(name="R1", beds=1), Room(name="R2", beds=0))))
    assert ("beds", "R1", None) in members(found)


@pytest.mark.parametrize("seed", range(8))
def test_possible_is_what_trying_every_plan_says(seed: int) -> None:
    problem = random_problem(seed, patients=3)
    assert possible(problem, all_demands(problem), seconds=9) is any_plan(problem)


def any_plan(problem: Problem) -> bool:
    """Whether any way of admitting those who must come breaks nothing; nurses wherever somebody is on duty."""
    duty = {s: n.name for n in problem.nurses for s in n.most}
    care = {(r.name, s): name for r in problem.rooms for s, name in duty.items()}
    places = [_places(problem, p) for p in problem.patients if p.mandatory]
    return any(score(problem, InpatientPlan(admissions=chosen, care=care)).violations == 0 for chosen in product(*places))


def _places(problem: Problem, p: Inpatient) -> list[Admission]:
    days = range(p.release, problem.last_day(p) + 1)
    return [Admission(patient=p.name, day=d, room=r, theatre=t) for d in days for r in problem.room for t in problem.theatre]


def test_the_smallest_of_demands_is_found_whatever_the_order() -> None:
    demands = [Demand(kind="beds", name=f"R{i}") for i in range(9)]
    needed = {demands[1], demands[6], demands[7]}

    def test(asked: Sequence[Demand]) -> bool:
        return not needed <= set(asked)

    assert set(smallest(demands, test)) == set(smallest(demands[::-1], test)) == needed
    assert spares_none(list(needed), test)
    assert not spares_none([*needed, demands[0]], test)


def test_a_conflict_without_the_time_for_it_is_refused() -> None:
    with pytest.raises(ProblemError, match=r"not settled within 0 seconds. Give it more time"):
        conflict(ward(patient("Ann", due=3)), seconds=0)


def test_one_patient_longer_than_any_day_is_said_so() -> None:
    found = conflict(ward(patient("Ann", due=1, minutes=205), BYSTANDER))
    assert "Surgeon Sen has 200 minutes at most on days 0–1; Ann needs 205." in str(found)


@pytest.mark.parametrize("seed", range(20))
def test_days_that_are_too_full_by_adding_up_cannot_be_met_whatever_else_holds(seed: int) -> None:
    problem = random_problem(seed, patients=9)
    for demands in crowded(problem):
        assert possible(problem, demands, seconds=9) is False, demands


def test_nights_that_are_more_than_there_are_beds_are_found_by_adding_up() -> None:
    """Whenever Ann and Bo come they are there on day 1; Olu has the other bed. Two more who come later are in nobody's way."""
    others = tuple(patient(f"p{i}", release=4, due=4, surgeon="Rao", minutes=30, nights=1) for i in range(2))
    here = ward(patient("Ann", due=1), patient("Bo", due=1, surgeon="Rao"), *others, occupants=(occupant("Olu", nights=2),))
    small = replace(here, rooms=(Room(name="R1", beds=1), Room(name="R2", beds=1)))
    assert members(conflict(small)) == must("Ann", "Bo") | {("already there", "Olu", None), ("beds", "R1", None), ("beds", "R2", None)}
    assert len(crowded(small)) == 1
    assert "All rooms have 1 night free on day 1; Ann and Bo need 2 there at least." in str(conflict(small))


def test_many_names_in_one_sentence_are_cut_short_and_all_are_listed_below() -> None:
    here = ward(*(patient(f"p{i:02d}", due=1, minutes=26) for i in range(12)), theatres=(Hours(name="T2", minutes=(999,) * 5),))
    found = conflict(replace(here, rooms=(Room(name="R1", beds=12),)))
    assert "; p00, p01, p02, p03, p04, p05, p06, p07, p08, p09 and 1 more need 286 there, and no way" in str(found)
    assert "p10 (A) must come on days 0–1" in str(found)


@needs_ihtc
@pytest.mark.parametrize("name", ["i02", "i07", "test06"])
def test_the_organisers_problems_have_a_plan_and_with_a_surgeon_away_they_have_none(name: str) -> None:
    problem = read_problem(IHTC / "instances" / f"{name}.json")
    assert conflict(problem) is None
    away = replace(problem.surgeons[0], minutes=(0,) * problem.days)
    found = conflict(replace(problem, surgeons=(away, *problem.surgeons[1:])))
    assert found is not None
    assert found.minimal
    assert len(found.names("must come")) == 1
    assert found.names("surgeon") == [away.name]
