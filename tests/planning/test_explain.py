"""Why a patient is where a plan has them: every difference held to the score, and the words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import pytest

from sandcone.core.errors import ProblemError
from sandcone.core.inpatient import Hours, Problem
from sandcone.planning.explain import explain
from sandcone.planning.explain_words import why_left_out
from sandcone.planning.saying import listed, named, spans
from sandcone.planning.score import score
from sandcone.reading import read_inpatient_plan, read_problem
from tests.planning.small_random import random_plan, random_problem
from tests.planning.test_score import IHTC, needs_ihtc
from tests.planning.wards import nurse, occupant, patient, plan, ward


@pytest.mark.parametrize("seed", range(12))
def test_an_alternative_said_to_cost_more_costs_just_that_and_breaks_just_that(seed: int) -> None:
    problem = random_problem(seed)
    made = random_plan(problem, seed + 100)
    before = score(problem, made)
    costs = {line.rule: line.cost for line in before.should}
    for p in problem.patients[:3]:
        for other in explain(problem, made, p.name).alternatives():
            after = score(problem, other.applied(made))
            differs = {line.rule: d for line in after.should if (d := line.cost - costs[line.rule])}
            assert dict(other.costs) == differs, other
            assert other.broken == after.violations - before.violations, other


@pytest.mark.parametrize("seed", range(6))
def test_the_best_place_is_the_cheapest_of_all_that_break_nothing(seed: int) -> None:
    problem = random_problem(seed, patients=2)
    made = random_plan(problem, seed + 7)
    for p in problem.patients:
        found = explain(problem, made, p.name)
        possible = [a.cost for a in found.alternatives() if a.possible and a.admission is not None]
        best = found.best()
        assert (best.cost if best else None) == min(possible, default=None)


def test_a_place_that_breaks_nothing_is_possible_and_its_cost_is_said_by_rule() -> None:
    here = ward(patient("Ann"), patient("Bo", surgeon="Rao", minutes=70), nurses=(nurse(), nurse("Ned", skill=0)))
    made = plan(("Ann", 1, "R1", "T2"), ("Bo", 0, "R2", "T2"))
    found = explain(here, made, "Ann")
    day0 = next(a for a in found.alternatives() if a.admission == replace(made.admissions[0], day=0))
    assert (day0.cost, dict(day0.costs), day0.possible) == (-28, {"delay": -17, "open_theatre": -11}, True)
    assert "The cheapest other place, day 0 in room R1, theatre T2, would cost 28 less. Delay −17, open theatre −11." in str(found)


@pytest.mark.parametrize("seed", range(6))
def test_every_place_in_any_plan_has_words_also_where_the_plan_breaks_rules(seed: int) -> None:
    problem = random_problem(seed)
    made = random_plan(problem, seed + 100)
    assert all(str(explain(problem, made, p.name)).startswith(p.name) for p in problem.patients)


def test_other_rooms_on_a_day_without_the_surgeon_are_none_for_that_reason() -> None:
    said = str(explain(ward(patient("Ann")), plan(("Ann", 2, "R1", "T2")), "Ann"))  # Sen is away on day 2
    assert "That breaks rules: surgeon Sen does not operate on day 2." in said
    assert "In another room from day 2:\n  R2: not possible, surgeon Sen does not operate on day 2" in said


def test_a_closed_theatre_is_not_said_of_the_rooms_nor_a_full_room_of_the_theatres() -> None:
    said = str(explain(ward(patient("Ann")), plan(("Ann", 1, "R1", "T1")), "Ann"))  # T1 is closed on day 1
    assert "In another room from day 1:\n  R2: not possible, theatre T1 is closed on day 1" in said
    full = ward(patient("Ann", surgeon="Rao"), occupants=(occupant(), occupant("Eva")))
    said = str(explain(full, plan(("Ann", 2, "R1", "T2")), "Ann"))
    assert "In another theatre on day 2:\n  T1: not possible, room R1 is too full on day 2" in said


def test_nobody_is_in_the_way_of_who_has_the_only_place_of_a_day() -> None:
    one = ward(patient("Ann", due=0), patient("Bo", surgeon="Rao"), rooms=ward().rooms[:1], theatres=ward().theatres[1:])
    found = explain(one, plan(("Ann", 0, "R1", "T2"), ("Bo", 3, "R1", "T2"), care={("R1", s): "Nia" for s in range(10)}), "Ann")
    assert found.as_json()["in_the_way"] == dict.fromkeys(range(5), ())
    assert "No other place while everybody else stays as they are: no other room or theatre is free on 1 day." in str(found)


def test_what_forbids_a_place_is_said_with_the_minutes_and_the_day() -> None:
    here = ward(patient("Ann", minutes=60), patient("Bo", minutes=55, surgeon="Rao"), patient("Cy", minutes=90, surgeon="Rao"))
    made = plan(("Ann", 1, "R1", "T2"), ("Bo", 0, "R2", "T2"), ("Cy", 0, "R2", "T1"))
    tight = replace(here, theatres=(Hours(name="T1", minutes=(100, 0, 0, 0, 0)), Hours(name="T2", minutes=(60, 60, 60, 60, 60))))
    said = str(explain(tight, made, "Ann"))
    assert "Earlier than day 1:\n  day 0: not possible, every theatre would be over, T1 by 50 minutes, T2 by 55 minutes" in said
    assert "  day 2: not possible, surgeon Sen does not operate" in said


def test_rooms_that_are_no_place_are_told_apart() -> None:
    man = occupant("Max", room="R2", gender="B", nights=2)
    here = ward(patient("Ann", nights=1), occupants=(man, occupant("Eva", room="R1"), occupant("Una", room="R1")))
    said = str(explain(here, plan(), "Ann"))
    assert "days 0–1: not possible, no room is free: 1 too full, 1 taken by the other gender" in said
    assert "Cost as it is: 19 (left out 19)." in said


def test_the_patients_place_by_hand_groups_other_rooms_and_theatres() -> None:
    here = ward(patient("Ann", due=1, unfit_rooms=frozenset({"R2"})))
    said = str(explain(here, plan(("Ann", 0, "R1", "T2")), "Ann")).splitlines()
    assert said[0] == "Ann comes on day 0, to room R1, theatre T2; may come from day 0 to day 1."
    assert "Ann must be treated, and cannot be left out." in said
    assert said[said.index("In another room from day 0:") + 1] == "  R2: not possible, not suitable"
    assert said[said.index("In another theatre on day 0:") + 1] == "  T1: the same"


def test_an_empty_room_without_a_nurse_gets_the_cheapest_of_those_on_duty() -> None:
    weak, strong = nurse("Wyn", skill=0), nurse("Sol", skill=2, most=1)
    here = ward(patient("Ann", nights=1), nurses=(weak, strong))
    made = plan(care={})
    place = next(a for a in explain(here, made, "Ann").alternatives() if a.possible)
    assert {n for _, _, n in place.nurses} == {"Wyn"}  # 1 level short costs 3 a shift, load 3 above 1 costs 14
    assert "with nurses given to the empty room for 2 shifts" in str(explain(here, made, "Ann"))


def test_why_left_out_names_only_those_left_out() -> None:
    here = ward(patient("Ann", minutes=101), patient("Bo"), patient("Cy", minutes=400, surgeon="Rao"))
    said = dict(why_left_out(here, plan(("Ann", 1, "R1", "T2"))))
    assert said.keys() == {"Bo", "Cy"}
    assert said["Bo"] == "The cheapest place, day 0 in room R1, theatre T1, would cost 3 less."  # a theatre 11, a nurse 5, not 19
    assert said["Cy"] == "No place while everybody else stays as they are: surgeon Rao has no time left on 5 days."


def test_a_patient_whom_the_problem_does_not_have_is_refused() -> None:
    with pytest.raises(ProblemError, match=r"patient 'Zoe': not in the problem. There are 1, such as Ann."):
        explain(ward(patient("Ann")), plan(), "Zoe")


def test_days_in_words() -> None:
    assert (spans([3]), spans([3, 4, 5]), spans([1, 4, 5]), spans([])) == ("day 3", "days 3–5", "days 1, 4–5", "")


def test_as_json_the_cheapest_possible_place_comes_first() -> None:
    here = ward(patient("Ann"), patient("Bo"))
    said = explain(here, plan(("Ann", 3, "R1", "T2")), "Ann").as_json()
    places = said["alternatives"]
    assert isinstance(places, list)
    assert said["now"] == {"day": 3, "room": "R1", "theatre": "T2"}
    assert len(places) == 5 * 2 * 2  # leaving out, and all places but her own
    assert (places[0]["place"]["day"], places[0]["cost"], places[0]["possible"]) == (0, -51, True)
    assert not places[-1]["possible"]


def test_names_in_words() -> None:
    assert (listed(["a", "b", "c"]), listed(["a", "b"], "or"), listed(["a"]), listed([])) == ("a, b and c", "a or b", "a", "")
    assert (listed(["a", "b", "c"], most=3), listed(["a", "b", "c"], "or", most=2)) == ("a, b and c", "a, b or 1 more")
    assert (named("room", "r3"), named("room", "Room 3")) == ("room r3", "Room 3")


def roomy(problem: Problem) -> Problem:
    """A ward in which most things are possible, and one person is often all that is in the way."""
    rooms, theatres = (
        tuple(replace(r, beds=2) for r in problem.rooms),
        (Hours(name="T1", minutes=(170,) * 4), Hours(name="T2", minutes=(60,) * 4)),
    )
    return replace(problem, rooms=rooms, theatres=theatres, surgeons=tuple(replace(s, minutes=(140,) * 4) for s in problem.surgeons))


@pytest.mark.parametrize("seed", range(12))
def test_who_is_in_the_way_is_whoever_could_be_done_without(seed: int) -> None:
    problem = roomy(random_problem(seed))
    made = random_plan(problem, seed + 100)
    for p in problem.patients[:3]:
        found = explain(problem, made, p.name)
        rest = [a for a in made.admissions if a.patient != p.name]
        for day in (d for d in range(problem.days) if found.best_on(d) is None and (found.now is None or found.now.day != d)):
            fewer = {a.patient: replace(made, admissions=tuple(b for b in rest if b is not a)) for a in rest}
            helps = [q for q, without in fewer.items() if explain(problem, without, p.name).best_on(day) is not None]
            assert list(found.in_the_way(day)) == helps, (p.name, day)


def test_who_is_in_the_way_is_named_with_the_reason() -> None:
    busy = (patient(n, minutes=m, release=1, due=1) for n, m in (("Bo", 110), ("Cy", 45), ("Di", 45)))
    here = ward(patient("Ann", minutes=110, due=1), *busy)
    made = plan(("Bo", 1, "R2", "T2"), ("Cy", 1, "R2", "T2"), ("Di", 1, "R2", "T2"))
    said = str(explain(here, made, "Ann"))
    assert "day 0: not possible, surgeon Sen would be 10 minutes over\n" in said
    assert said.endswith("day 1: not possible, surgeon Sen would be 110 minutes over; there would be a place without Bo")


def test_days_are_said_with_their_dates_where_they_are_known() -> None:
    here = ward(patient("Ann", release=1), first_date=date(2026, 3, 30))
    said = str(explain(here, plan(("Ann", 3, "R1", "T2")), "Ann"))
    assert said.startswith("Ann comes on day 3 (2 April), to room R1, theatre T2; may wait, and can come from day 1 (31 March).")
    assert "Earlier than day 3 (2 April):\n  day 1 (31 March): 34 less" in said


@needs_ihtc
@pytest.mark.parametrize("number", [3, 7])
def test_alternatives_to_the_organisers_own_plans_cost_what_they_are_said_to(number: int) -> None:
    problem = read_problem(IHTC / "instances" / f"test{number:02d}.json")
    made = read_inpatient_plan(IHTC / "solutions" / f"sol_test{number:02d}.json", problem)
    before, luck = score(problem, made), Random(number)
    for p in luck.sample(problem.patients, 6):
        for other in luck.sample(list(explain(problem, made, p.name).alternatives()), 5):
            after = score(problem, other.applied(made))
            assert (other.cost, other.broken) == (after.cost - before.cost, after.violations), other
