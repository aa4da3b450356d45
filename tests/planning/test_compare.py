"""Two plans side by side: who comes earlier, later, elsewhere, or not at all, and the costs by rule."""

from __future__ import annotations

import pytest

from sandcone.core.errors import ProblemError
from sandcone.core.inpatient import Problem
from sandcone.planning.compare import Compared, compare
from sandcone.planning.score import score
from tests.planning.small_random import random_plan, random_problem
from tests.planning.wards import nurse, patient, plan, ward


def five() -> Problem:
    names = ("Ann", "Bea", "Cy", "Dee", "Eve", "Fay")
    return ward(*(patient(n, nights=1, minutes=10) for n in names), nurses=(nurse("Nia"), nurse("Sol")))


def found() -> Compared:
    """Ann 3 days later, Bea 1 earlier and elsewhere, Cy in another theatre, Dee no longer, Eve now, Fay as before."""
    rest = ("Fay", 4, "R2", "T2")
    before = plan(("Ann", 0, "R1", "T1"), ("Bea", 4, "R1", "T1"), ("Cy", 3, "R1", "T1"), ("Dee", 4, "R2", "T2"), rest)
    care = before.care | {("R2", 8): "Sol", ("R2", 0): "Sol"}  # R2 stands empty in shift 0, has Fay in shift 8
    after = plan(("Ann", 3, "R1", "T1"), ("Bea", 3, "R2", "T1"), ("Cy", 3, "R1", "T2"), ("Eve", 0, "R1", "T1"), rest, care=care)
    return compare(five(), before, after, names=("old", "new"))


def test_each_patient_who_differs_is_listed_with_what_differs() -> None:
    assert {m.patient: m.what for m in found().moved} == {
        "Ann": ("later",),
        "Bea": ("earlier", "another room"),
        "Cy": ("another theatre",),
        "Dee": ("left out now",),
        "Eve": ("comes now",),
    }
    assert [m.days for m in found().moved] == [3, -1, 0, 0, 0]


def test_nurses_are_compared_only_where_somebody_is_in_the_room_in_both_plans() -> None:
    both = {("R1", s) for s in (0, 1, 6, 7)} | {("R2", s) for s in (8, 9)}
    assert (found().nurses, found().shifts) == (1, len(both))


def test_the_costs_by_rule_are_the_scorers_and_the_words_say_the_difference() -> None:
    said = found()
    a, b = said.before.cost, said.after.cost
    assert {x.rule: (x.cost, y.cost) for x, y in said.rules}["delay"] == ((4 + 3 + 4 + 4) * 17, (3 + 3 + 3 + 4) * 17)
    text = str(said)
    assert f"new costs {a - b:,} less than old: {b:,} against {a:,}." in text
    assert "1 patient comes later in new, 3 days together: Ann (+3)" in text
    assert "1 patient comes earlier in new, 1 day together: Bea (-1)" in text
    assert "1 patient has another room: Bea (R1 → R2)" in text
    assert "1 patient comes in old and is left out in new: Dee" in text
    assert "1 patient is left out in old and comes in new: Eve" in text


def test_the_same_plan_twice_differs_in_nothing() -> None:
    one = plan(("Ann", 0, "R1", "T1"))
    said = str(compare(five(), one, one))
    assert "A and B cost the same" in said
    assert "Every patient has the same day, room and theatre" in said


def test_a_plan_that_cannot_be_carried_out_is_said_to_be_so() -> None:
    crowded = plan(*((n, 0, "R1", "T1") for n in ("Ann", "Bea", "Cy")))
    said = str(compare(five(), plan(), crowded, names=("old", "new")))
    assert "new cannot be carried out" in said
    assert "broken: more people than beds" in said


@pytest.mark.parametrize("seed", range(10))
def test_turned_round_everything_is_turned_round(seed: int) -> None:
    here = random_problem(seed)
    one, two = random_plan(here, seed), random_plan(here, seed + 100)
    there, back = compare(here, one, two), compare(here, two, one)
    assert [(m.patient, m.days, m.before, m.after) for m in there.moved] == [(m.patient, -m.days, m.after, m.before) for m in back.moved]
    assert (there.nurses, there.before.cost, there.after.cost) == (back.nurses, score(here, one).cost, score(here, two).cost)
    assert len(there.with_what("left out now")) == len(back.with_what("comes now"))


def test_a_plan_for_another_problem_is_refused() -> None:
    with pytest.raises(ProblemError, match="Zoe"):
        compare(five(), plan(), plan(("Zoe", 0, "R1", "T1")))
