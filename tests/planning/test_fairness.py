"""How a plan's cost is spread over people: shares by hand, sums as in the score, the words."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from sandcone.core.inpatient import Nurse
from sandcone.planning.fairness import Borne, Spread, fairness
from sandcone.planning.score import score
from tests.planning.small_random import random_plan, random_problem
from tests.planning.wards import nurse, occupant, patient, plan, ward


def bearing(*costs: int) -> Spread:
    """People who bear these costs, the most first."""
    return Spread(tuple(Borne(person=f"p{c}", gender="A", age="adult", by_rule={"delay": Fraction(c)}) for c in costs))


@pytest.mark.parametrize("seed", range(10))
def test_what_people_bear_and_what_nobody_bears_adds_up_to_the_score_rule_by_rule(seed: int) -> None:
    problem = random_problem(seed)
    made = random_plan(problem, seed + 31)
    found = fairness(problem, made)
    costs = {line.rule: line.cost for line in score(problem, made).should}
    for rule, cost in costs.items():
        on_people = sum((p.by_rule.get(rule, Fraction(0)) for p in found.everybody.people), Fraction(0))
        assert on_people + found.on_nobody.get(rule, 0) == cost, rule
    assert found.borne + sum(found.on_nobody.values()) == sum(costs.values())


def test_ages_apart_are_shared_evenly_and_overload_by_the_load_that_each_asks() -> None:
    ann = patient("Ann", nights=1, age=2, load=(6, 0), skill=(2, 0))
    here = ward(ann, occupants=(occupant("Olu", nights=1, age=0, room="R1"),), nurses=(nurse(most=5),))
    found = {p.person: p.by_rule for p in fairness(here, plan(("Ann", 0, "R1", "T2"))).everybody.people}
    assert found["Ann"] == {"mixed_ages": 2, "overload": Fraction(7 * 3 * 6, 8), "skill_short": 3, "nurses_met": 5}  # 8 asked of 5
    assert found["Olu"] == {"mixed_ages": 2, "overload": Fraction(7 * 3 * 2, 8), "nurses_met": 5}


def test_waiting_and_being_left_out_fall_on_the_patient_and_theatres_on_nobody() -> None:
    here = ward(patient("Ann", release=1), patient("Bo"), patient("Cy", surgeon="Rao"), patient("Di", surgeon="Rao"))
    found = fairness(here, plan(("Ann", 3, "R1", "T2"), ("Cy", 0, "R2", "T2"), ("Di", 0, "R2", "T1")))
    people = {p.person: p for p in found.everybody.people}
    assert people["Ann"].by_rule == {"delay": 34, "nurses_met": 5}
    assert (people["Ann"].waiting, people["Ann"].nurses) == (2, 1)
    assert people["Bo"].by_rule == {"left_out": 19}
    assert (people["Bo"].waiting, people["Bo"].nurses) == (None, None)
    assert found.on_nobody == {"open_theatre": 33, "surgeon_moves": 13}
    assert [p.person for p in found.left_out.people] == ["Bo"]
    early = fairness(here, plan(("Ann", 0, "R1", "T2")))
    assert next(p.waiting for p in early.everybody.people if p.person == "Ann") == 0  # before her first day: nobody waits less than nothing


def test_the_worst_off_tenth_is_rounded_up_and_comes_first() -> None:
    spread = bearing(50, 30, *range(20, 10, -1))
    assert [p.person for p in spread.worst_tenth.people] == ["p50", "p30"]
    assert (spread.worst_tenth.mean, spread.mean) == (40, 235 / 12)


def test_gini_is_nought_for_equals_and_grows_as_one_bears_all() -> None:
    assert bearing(4, 4, 4).gini == 0
    assert bearing(9, 0, 0).gini == pytest.approx(2 / 3)
    assert bearing(3, 1).gini == pytest.approx(0.25)
    assert bearing().gini == bearing(0, 0).gini == 0


def test_the_words_name_who_bears_most_who_is_left_out_and_the_groups() -> None:
    here = ward(patient("Ann", release=1), patient("Bo", gender="B"))
    said = str(fairness(here, plan(("Ann", 3, "R1", "T2"))))
    assert said.splitlines()[0] == "Cost 69: 58 falls on 2 people, 11 on nobody (open theatre 11)."
    assert "Of all, the worst-off tenth (1 person) bears 67 %: 39 each, where the mean is 29. Gini 0.17." in said
    assert "Left out (1 person): Bo." in said
    assert "  Ann           39  delay 34, nurses met 5" in said
    assert "gender B            1 person: cost 19, 1 left out" in said
    assert "gender A            1 person: cost 39, waits 2.0 days, meets 1.0 nurses" in said


def test_a_plan_without_cost_is_said_without_a_worst_off_tenth() -> None:
    said = str(fairness(ward(patient("Ann", due=3)), plan()))
    assert said.splitlines()[0] == "Cost 0: 0 falls on 1 person, 0 on nobody."
    assert "worst-off" not in said


def test_a_nurse_in_an_empty_room_falls_on_nobody() -> None:
    here = ward(patient("Ann"), nurses=(Nurse(name="Nia", skill=0, most=dict.fromkeys(range(10), 0)),))
    assert fairness(here, replace(plan(), admissions=())).borne == 19


def test_as_json_the_figures_are_plain() -> None:
    said = fairness(ward(patient("Ann", release=1)), plan(("Ann", 3, "R1", "T2"))).as_json()
    assert said["people"] == [{"person": "Ann", "cost": 39, "by_rule": {"nurses_met": 5, "delay": 34}, "waiting": 2, "nurses": 1}]
    assert said["everybody"] == {"people": 1, "mean": 39, "worst_tenth": {"people": 1, "mean": 39}, "gini": 0}
