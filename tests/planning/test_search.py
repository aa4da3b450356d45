"""Planning: what comes out can be carried out, is what the scorer says it is, and can be had again."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from sandcone.core.errors import ProblemError
from sandcone.core.inpatient import Admission, InpatientPlan, Problem
from sandcone.planning.cooling import CERTAIN, OFTEN, Cooling, chances
from sandcone.planning.kernel import HEAT, NAMES, PRICE
from sandcone.planning.score import score
from sandcone.planning.search import Found, Progress, Stop, plan_inpatients
from sandcone.reading.inpatients import read_problem
from tests.planning.test_score import IHTC, needs_ihtc
from tests.planning.test_search_exact import made_up
from tests.planning.wards import WEIGHTS, patient, plan, ward

SHORT = Stop(moves=400_000)


def planned(problem: Problem, stop: Stop = SHORT, **more: object) -> Found:
    return plan_inpatients(problem, stop=stop, seed=4, cores=1, **more)  # type: ignore[arg-type]


def test_a_patient_alone_comes_on_the_first_possible_day_and_the_plan_is_scored_alike() -> None:
    here = ward(patient("Ann", release=1))
    found = planned(here)
    assert [(a.patient, a.day) for a in found.plan.admissions] == [("Ann", 1)]
    assert (found.cost, found.broken) == (score(here, found.plan).cost, 0)
    assert found.cost == 5 + 11  # one nurse met, one theatre opened


def test_who_costs_more_inside_than_left_out_is_left_out_unless_they_must_come() -> None:
    here = ward(patient("Ann", release=0), weights=replace(ward().weights, left_out=15))
    assert planned(here).plan.admissions == ()
    assert planned(replace(here, patients=(patient("Ann", release=0, due=0),))).plan.admitted["Ann"].day == 0


def test_the_best_plan_of_a_tiny_ward_is_found_where_two_cannot_be_treated_on_one_day() -> None:
    two = (patient("Ann"), patient("Bea", gender="B"))  # Sen has 100 minutes on day 0, each takes 60
    here = ward(*two, weights=replace(ward().weights, left_out=190))
    found = planned(here)
    assert sorted(a.day for a in found.plan.admissions) == [0, 1]
    assert found.cost == 2 * (5 + 11) + 17


@pytest.mark.parametrize("seed", range(8))
def test_on_made_up_wards_the_cost_found_is_the_scorers(seed: int) -> None:
    here = made_up(seed)
    found = planned(here)
    scored = score(here, found.plan)
    assert scored.cost == found.cost
    assert (scored.violations == 0) == (found.broken == 0)


def test_the_same_seed_cores_and_moves_give_the_same_plan_and_another_seed_another_walk() -> None:
    here = made_up(12)
    stop = Stop(moves=2_800_000)  # seven turns: the last goes on from the best plan of both chains
    one, two, other = (plan_inpatients(here, stop=stop, seed=seed, cores=2) for seed in (3, 3, 4))
    assert (one.plan, one.cost, one.pays) == (two.plan, two.cost, two.pays)
    assert other.pays != one.pays


def test_a_search_from_a_plan_ends_no_worse_than_the_plan() -> None:
    here = ward(patient("Ann"), patient("Bea", gender="B"))
    start = plan(("Ann", 0, "R1", "T1"), ("Bea", 1, "R2", "T2"))
    assert planned(here, start=start).cost <= score(here, start).cost


def test_a_start_that_comes_on_an_impossible_day_or_to_an_unfit_room_is_mended() -> None:
    here = ward(patient("Ann", release=2, due=3), patient("Bea", unfit_rooms=frozenset({"R1"})))
    found = planned(here, start=plan(("Ann", 0, "R1", "T1"), ("Bea", 0, "R1", "T1")))
    assert score(here, found.plan).violations == 0


def test_a_start_that_names_an_unknown_room_is_refused() -> None:
    strange = InpatientPlan(admissions=(Admission(patient="Ann", day=0, room="R9", theatre="T1"),))
    with pytest.raises(ProblemError, match="R9"):
        planned(ward(patient("Ann")), start=strange)


def test_better_plans_are_handed_out_and_the_last_is_the_best() -> None:
    here, seen, said = ward(patient("Ann"), patient("Bea", gender="B")), [], []

    def kept(found: InpatientPlan) -> None:
        seen.append(score(here, found))

    def told(progress: Progress) -> None:
        said.append(progress)

    found = planned(here, told=told, kept=kept)
    assert seen[-1].cost == found.cost
    assert {s.violations for s in seen} == {0}
    assert (said[0].over, said[-1].over, said[-1].cost) == (0.0, 1.0, found.cost)


def test_ctrl_c_ends_the_search_with_the_best_plan_so_far() -> None:
    pressed = []

    def told(progress: Progress) -> None:
        if progress.over > 0 and not pressed:
            pressed.append(progress)
            raise KeyboardInterrupt

    here = made_up(2)
    found = planned(here, stop=Stop(seconds=60.0), told=told)
    assert found.interrupted
    assert score(here, found.plan).cost == found.cost


def test_a_search_stops_at_the_gap_asked_for() -> None:
    here = ward(patient("Ann", release=1))
    found = planned(here, stop=Stop(moves=10**12, gap=0.1, bound=15))
    assert found.cost <= 16
    assert found.moves < 10**9


@pytest.mark.parametrize("bad", [{}, {"seconds": 0.0}, {"moves": -1}, {"seconds": 1.0, "gap": 0.1}, {"seconds": math.nan}])
def test_a_stop_that_never_comes_is_refused(bad: dict[str, float]) -> None:
    with pytest.raises(ProblemError, match="stop"):
        Stop(**bad)  # type: ignore[arg-type]


def test_a_shift_without_any_nurse_and_a_third_gender_are_refused() -> None:
    here = ward(patient("Ann"))
    idle = replace(here.nurses[0], most={s: 9 for s in range(10) if s != 7})
    with pytest.raises(ProblemError, match="day 3 night"):
        planned(replace(here, nurses=(idle,)))
    with pytest.raises(ProblemError, match="3 genders"):
        planned(ward(patient("A", gender="A"), patient("B", gender="B"), patient("C", gender="C")))


@pytest.mark.parametrize("number", [1, 2])
def test_who_may_wait_and_whom_no_room_suits_is_left_out(number: int) -> None:
    nowhere = (patient(f"P{i}", minutes=20, unfit_rooms=frozenset({"R1", "R2"})) for i in range(number))
    here = ward(*nowhere, patient("Bea"), weights=replace(ward().weights, left_out=900))
    found = planned(here)
    assert (set(found.plan.admitted), found.broken) == ({"Bea"}, 0)
    assert score(here, found.plan).violations == 0


@pytest.mark.parametrize(
    ("here", "says"),
    [
        (ward(), "no patient"),
        (ward(patient("Ann", minutes=3 * 10**9)), r"3,000,000,000 \(minutes of a patient\)"),
        (ward(patient("Ann", load=(2 * 10**9,) * 4)), r"2,000,000,000 \(load of a person\)"),
        (ward(patient("Ann"), weights=replace(WEIGHTS, delay=10**19)), r"\(weight\). The search holds up to 1,000,000,000,000"),
    ],
    ids=["nobody", "minutes", "load", "weight"],
)
def test_what_the_search_cannot_hold_is_refused(here: Problem, says: str) -> None:
    with pytest.raises(ProblemError, match=says):
        planned(here)


def test_a_seed_below_nothing_and_no_core_are_refused() -> None:
    for seed, cores in ((-1, 1), (1, 0)):
        with pytest.raises(ProblemError, match=f"seed {seed}, {cores} cores"):
            plan_inpatients(ward(patient("Ann")), stop=SHORT, seed=seed, cores=cores)


def test_cooling_goes_from_hot_to_cold_and_rules_get_dear_and_then_certain() -> None:
    c = Cooling(hot=100.0, middle=10.0, cold=1.0, knee=0.6, lenient=0.5, cheap=60.0, dear=600.0)
    assert [round(float(c.at(x)[HEAT]), 6) for x in (0.0, 0.6, 1.0)] == [100.0, 10.0, 1.0]
    assert [round(float(c.at(x)[PRICE]), 6) for x in (0.0, 0.25, 0.5)] == [1.0, round(10**0.5, 6), CERTAIN]


def test_every_kind_of_move_has_its_chance() -> None:
    assert set(OFTEN) == set(NAMES)
    assert chances(OFTEN)[-1] == 1024
    only = chances({"make room": 1.0})
    assert [int(x) for x in only].count(1024) == len(NAMES) - NAMES.index("make room")


def test_what_came_of_a_search_shows_itself() -> None:
    shown = str(planned(ward(patient("Ann", release=1))))
    assert shown.startswith("Cost 16, can be carried out;")
    assert "another room" in shown


@needs_ihtc
@pytest.mark.parametrize("name", ["i01", "i12", "i20", "i28", "test10"])
def test_the_first_plans_of_the_competitions_instances_can_be_carried_out(name: str) -> None:
    here = read_problem(IHTC / "instances" / f"{name}.json")
    found = plan_inpatients(here, stop=Stop(moves=200_000), seed=1, cores=1)
    scored = score(here, found.plan)
    assert (scored.violations, scored.cost) == (0, found.cost)
