"""No plan costs less than the bound: by hand, against every plan of tiny wards, against the search, against the organisers' plans."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from sandcone.core.errors import ProblemError
from sandcone.core.inpatient import Admission, Hours, Inpatient, InpatientPlan, Nurse, Problem, Room
from sandcone.planning.bounds import Bound, lower_bound
from sandcone.planning.fees import Coming, Fees
from sandcone.planning.score import score
from sandcone.planning.search import Stop, plan_inpatients
from sandcone.reading.inpatients import read_inpatient_plan, read_problem
from tests.planning.test_score import IHTC, needs_ihtc
from tests.planning.test_search_exact import made_up
from tests.planning.wards import WEIGHTS, nurse, occupant, patient, ward


def bound(problem: Problem, seconds: float = 5) -> int:
    return lower_bound(problem, seconds=seconds).value


def test_one_patient_costs_a_nurse_and_a_theatre_where_nothing_stands_in_the_way() -> None:
    assert bound(ward(patient("Ann"))) == 5 + 11


def test_leaving_out_is_the_bound_where_coming_costs_more() -> None:
    assert bound(ward(patient("Ann", skill=(3, 1, 1, 1)))) == 19  # coming: 5 + 11 + 2 levels at 3


def test_two_patients_too_long_for_the_surgeons_day_cost_a_day_and_a_theatre() -> None:
    assert bound(ward(patient("Ann", due=1), patient("Bo", due=1))) == 2 * (5 + 11) + 17


def test_people_who_are_there_already_cost_their_nurses_and_skill() -> None:
    assert bound(ward(occupants=(occupant(nights=3, skill=(0, 0, 2, 0, 3, 0)),))) == 5 + 3 * (1 + 2)


def test_the_price_on_load_finds_an_overload_that_no_plan_escapes() -> None:
    one, two = (ward(patient("Ann", due=0), nurses=(nurse("Nia", most=1), nurse("Noa", most=1))[:n]) for n in (1, 2))
    assert bound(one) == 5 + 11 + 4 * (3 - 1) * 7
    assert bound(two) == 5 + 11 + 4 * (3 - 2) * 7  # no plan does it, but nurses who share a patient's load would


def test_men_and_women_do_not_share_the_last_room() -> None:
    mixed = patient("Ann", due=0, minutes=30), patient("Bo", gender="B", due=1, minutes=30)
    assert bound(ward(*mixed)) == 2 * 5 + 11
    ahead = replace(mixed[0], nights=1, load=(3, 3), skill=(1, 1))
    assert bound(ward(ahead, mixed[1], rooms=(Room(name="R1", beds=3),))) == 2 * (5 + 11) + 17


def test_a_problem_that_days_and_minutes_forbid_is_refused() -> None:
    with pytest.raises(ProblemError, match="no plan can be carried out"):
        bound(ward(patient("Ann", due=0), patient("Bo", due=0)))
    with pytest.raises(ProblemError, match="no plan can be carried out"):
        bound(ward(patient("Ann", due=0, minutes=101)))
    with pytest.raises(ProblemError, match="no plan can be carried out"):
        bound(ward(occupants=(occupant(),), nurses=(Nurse(name="Nia", skill=1, most=dict.fromkeys(range(4), 9)),)))


def test_a_weight_below_nothing_is_refused() -> None:
    with pytest.raises(ProblemError, match=r"weights: a weight of -3\. Give 0 or more"):
        bound(ward(patient(), weights=replace(WEIGHTS, skill_short=-3)))


def test_nobody_to_plan_costs_nothing() -> None:
    assert bound(ward()) == 0
    assert bound(ward(theatres=())) == 0


def test_better_bounds_are_told_in_turn_and_the_last_is_the_answer() -> None:
    heard: list[int] = []
    found = lower_bound(made_up(4), seconds=5, told=heard.append)
    assert heard == sorted(set(heard))
    assert heard[-1] == found.value
    assert found.done


def test_the_days_of_the_relaxation_are_days_on_which_the_patients_may_come() -> None:
    problem = made_up(4)
    days = lower_bound(problem, seconds=5).days
    assert days
    assert all(problem.patient[p].release <= d <= problem.last_day(problem.patient[p]) for p, d in days.items())
    assert {p.name for p in problem.patients if p.mandatory} <= days.keys()


def test_the_gap_is_a_share_of_the_cost() -> None:
    assert Bound(value=90, seconds=1, done=True).gap(120) == pytest.approx(1 / 3)
    assert Bound(value=0, seconds=1, done=True).gap(0) == 0


def tiny(seed: int) -> Problem:
    """Three days of one shift, two rooms, one theatre, two nurses: every plan can be tried."""
    luck = Random(seed)

    def person(nights: int) -> dict[str, object]:
        return {
            "nights": nights,
            "gender": luck.choice("AB"),
            "load": tuple(luck.randint(0, 4) for _ in range(nights)),
            "skill": tuple(luck.randint(0, 2) for _ in range(nights)),
        }

    def shaped(name: str) -> Inpatient:
        release = luck.randrange(3)
        due = luck.choice((None, 2))
        return patient(name, release=release, due=due, minutes=luck.choice((30, 50)), **person(luck.randint(1, 3)))

    return replace(
        ward(),
        patients=tuple(shaped(name) for name in ("Ann", "Bo")),
        days=3,
        shifts=("day",),
        occupants=(occupant(**person(luck.randint(1, 2))),),
        rooms=(Room(name="R1", beds=luck.randint(1, 2)), Room(name="R2", beds=1)),
        surgeons=(Hours(name="Sen", minutes=(80, 60, 80)),),
        theatres=(Hours(name="T1", minutes=(60, 80, 80)),),
        nurses=tuple(Nurse(name=n, skill=luck.randint(0, 2), most={s: luck.randint(1, 4) for s in range(3)}) for n in ("Nia", "Noa")),
        weights=replace(WEIGHTS, left_out=luck.choice((19, 90))),
    )


def every_plan(problem: Problem) -> Iterator[InpatientPlan]:
    cells = [(r.name, s) for r in problem.rooms for s in range(3)]
    cares = [dict(zip(cells, names, strict=True)) for names in itertools.product(problem.nurse, repeat=len(cells))]
    ways = [
        [None, *(Admission(patient=p.name, day=d, room=r, theatre="T1") for d in range(p.release, 3) for r in problem.room)]
        for p in problem.patients
    ]
    for chosen in itertools.product(*ways):
        admitted = InpatientPlan(admissions=tuple(a for a in chosen if a is not None), care=cares[0])
        if score(problem, admitted).violations == 0:
            yield from (replace(admitted, care=care) for care in cares)


def test_no_plan_of_a_tiny_ward_costs_less_than_its_bound() -> None:
    shares = []
    for seed in range(6):
        problem = tiny(seed)
        best = min((score(problem, plan).cost for plan in every_plan(problem)), default=None)
        if best is None:
            continue
        found = bound(problem)
        assert found <= best
        shares.append(found / best)
    assert len(shares) >= 3
    assert min(shares) > 0.5


@pytest.mark.parametrize("seed", range(8))
def test_no_plan_that_the_search_finds_on_a_made_up_ward_costs_less_than_its_bound(seed: int) -> None:
    problem = made_up(seed)
    found = plan_inpatients(problem, stop=Stop(moves=100_000), seed=3, cores=1)
    if found.broken == 0:
        assert bound(problem) <= found.cost


@pytest.mark.parametrize("seed", range(6))
def test_the_least_care_of_a_stay_at_any_price_is_never_above_its_best_nurses(seed: int) -> None:
    problem, luck = tiny(seed), np.random.default_rng(seed)
    stays = [Coming(p, d) for p in problem.patients for d in range(3)]
    fees = Fees(problem, stays)
    for price in (np.zeros((2, 3)), luck.uniform(0, 7, (2, 3))):
        best = [min(cared(problem, c, price, names) for names in itertools.product(range(2), repeat=3)) for c in stays]
        found = fees.at(price)
        assert (found <= np.array(best) + 1e-6).all()
        assert found.sum() > 0.8 * sum(best)


def cared(problem: Problem, c: Coming, price: np.ndarray, names: tuple[int, ...]) -> float:
    """What care costs one stay when these nurses have the three days."""
    here = range(c.day, min(c.day + c.person.nights, 3))
    missed = sum(max(0, c.person.skill[s - c.day] - problem.nurses[names[s]].skill) for s in here)
    load = sum(c.person.load[s - c.day] * price[names[s], s] for s in here)
    return float(WEIGHTS.nurses_met * len({names[s] for s in here}) + WEIGHTS.skill_short * missed + load)


@needs_ihtc
@pytest.mark.parametrize("number", [1, 2, 4, 7])
def test_the_organisers_own_plans_cost_no_less_than_the_bound(number: int) -> None:
    problem = read_problem(IHTC / "instances" / f"test{number:02d}.json")
    cost = score(problem, read_inpatient_plan(IHTC / "solutions" / f"sol_test{number:02d}.json", problem)).cost
    found = bound(problem, 1)
    assert 0.3 * cost < found <= cost
