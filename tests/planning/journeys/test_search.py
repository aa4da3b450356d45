"""Lists, searches and offers: what they find on clinics small enough to know the answer, and that they can be repeated."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from sandcone.core.errors import ProblemError
from sandcone.core.journey import Journey, Link, OnDays, Slot, Task
from sandcone.core.journeys import Closed, Journeys, Pinned
from sandcone.core.model import Need
from sandcone.planning.journeys import search as searching
from sandcone.planning.journeys.first import first_come, list_plan
from sandcone.planning.journeys.offers import Desk, options
from sandcone.planning.journeys.score import score_journeys
from sandcone.planning.journeys.search import plan_journeys
from sandcone.planning.search import Progress, Stop
from tests.conftest import ROOT
from tests.planning.journeys.clinics import at, booked, clinic, drawn, need, visit


def test_one_patient_gets_the_first_hour_there_is() -> None:
    problem = clinic(visit(release=at(0, "07:13")))
    assert first_come(problem) == booked(Cy={"visit": (at(0, "08:00"), "Ann"), "scan": (at(0, "08:30"), "scanner")})
    assert list_plan(problem) == first_come(problem)


def test_a_journey_begins_later_where_that_makes_it_shorter_by_more() -> None:
    late_scan = clinic(visit(), closed=(Closed(resource="scanner", start=0, end=at(2, "09:00")),))
    assert first_come(late_scan).starts["Cy"]["visit"].minute == at(0, "08:00")
    found = list_plan(late_scan)
    assert found.starts["Cy"] == {
        "visit": Slot(minute=at(2, "08:30"), resources=("Ann",)),
        "scan": Slot(minute=at(2, "09:00"), resources=("scanner",)),
    }


def test_a_task_is_put_off_until_the_one_that_has_to_follow_it_soon_can_be_had() -> None:
    soon = visit(links=(Link(before="visit", after="scan", at_most=15),))
    problem = clinic(soon, closed=(Closed(resource="scanner", start=0, end=at(1, "11:00")),))
    assert score_journeys(problem, first_come(problem)).violations == 0
    assert first_come(problem).starts["Cy"]["visit"].minute == at(1, "10:15")


def test_a_wish_is_met_where_it_is_worth_the_wait() -> None:
    weights = replace(clinic().weights, waiting=1, length=1, wish=2000)
    problem = clinic(visit(wishes=(OnDays(days=("Wed",)),)), weights=weights)
    assert {s.minute // 1440 for s in list_plan(problem).starts["Cy"].values()} == {2}
    cheap = clinic(visit(wishes=(OnDays(days=("Wed",)),)), weights=replace(weights, wish=1000))
    assert {s.minute // 1440 for s in list_plan(cheap).starts["Cy"].values()} == {0}


def test_whoever_has_no_path_is_left_out() -> None:
    problem = clinic(visit("Cy"), visit("Di"), closed=(Closed(resource="scanner", start=0, end=14 * 1440),))
    assert first_come(problem).left_out(problem) == ("Cy", "Di")


@pytest.mark.parametrize("few", [10_000, 1])
def test_the_same_seed_gives_the_same_timetable_better_than_the_list(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "FEW", few)  # apart, or sharing one timetable and dividing its days
    problem = drawn(29)
    one, two = (plan_journeys(problem, stop=Stop(moves=8_000), seed=3) for _ in range(2))
    assert one.timetable == two.timetable
    score = score_journeys(problem, one.timetable)
    assert (score.violations, score.cost) == (0, one.cost)
    assert one.cost < one.first_cost
    assert one.better[-1][1] == one.cost
    assert f"Cost {one.cost:,}" in str(one)


@pytest.mark.parametrize("seed", [4, 16, 36])
def test_cores_that_divide_the_days_do_not_get_in_each_others_way(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "FEW", 1)
    problem = drawn(seed)
    one, two = (plan_journeys(problem, stop=Stop(moves=9_000), seed=seed, cores=3) for _ in range(2))
    assert one.timetable == two.timetable
    score = score_journeys(problem, one.timetable)
    assert (score.violations, score.cost) == (0, one.cost)


def test_a_search_goes_on_from_a_timetable_and_tells_how_far_it_is() -> None:
    problem, heard = drawn(9), list[Progress]()
    first = plan_journeys(problem, stop=Stop(moves=4_000), seed=1)
    again = plan_journeys(problem, stop=Stop(moves=2_000), seed=2, start=first.timetable, told=heard.append)
    assert again.first_cost == first.cost
    assert again.cost <= first.cost
    assert heard[-1].over == 1.0
    assert heard[-1].cost == again.cost


def test_two_for_one_hour_go_in_the_better_order() -> None:
    problem = clinic(visit("Cy"), visit("Di", weight=9), closed=(Closed(resource="Bo", start=0, end=14 * 1440),))
    found = plan_journeys(problem, stop=Stop(moves=2_000), seed=1, cores=1)
    assert found.timetable.starts["Di"]["visit"].minute == at(0, "08:00")
    assert found.timetable.starts["Cy"]["visit"].minute == at(0, "08:30")


def test_pinned_tasks_stay_and_the_rest_is_booked_around_them() -> None:
    pin = Pinned(patient="Cy", task="visit", slot=Slot(minute=at(1, "08:00"), resources=("Bo",)))
    problem = clinic(visit("Cy"), visit("Di"), pinned=(pin,))
    found = plan_journeys(problem, stop=Stop(moves=2_000), seed=1, cores=1)
    assert score_journeys(problem, found.timetable).violations == 0
    assert found.timetable.starts["Cy"]["visit"] == pin.slot
    assert found.timetable.starts["Cy"]["scan"].minute == at(1, "08:30")


def test_offers_cost_what_they_say_to_the_patient_and_to_the_others() -> None:
    others = clinic(*(visit(f"P{i}") for i in range(19)))
    timetable = list_plan(others)
    new = visit("New", weight=7)
    found = Desk(others, timetable).options(new)
    assert found == options(others, timetable, new)
    with_new = replace(others, journeys=(*others.journeys, new))
    before = score_journeys(others, timetable).cost
    for offer in found:
        score = score_journeys(with_new, offer.taken(timetable))
        assert score.violations == 0
        assert score.cost == before + offer.cost + offer.to_others
    assert [o.cost + o.to_others for o in found] == sorted(o.cost + o.to_others for o in found)
    assert len({o.slots["visit"].minute for o in found}) == 3
    assert any(o.moved and o.to_others > 0 and o.slots["visit"].minute == at(0, "08:00") for o in found)
    assert any(not o.moved for o in found)


def test_one_offer_is_the_cheapest_of_all_also_where_others_could_make_room() -> None:
    others = clinic(*(visit(f"P{i}", weight=9) for i in range(19)))
    desk = Desk(others, list_plan(others))
    for weight, moves in ((1, False), (70, True)):
        cheapest, *_ = some = desk.options(visit("New", weight=weight), n=4)
        assert any(o.moved for o in some) and bool(cheapest.moved) == moves
        assert desk.options(visit("New", weight=weight), n=1) == (cheapest,)
    assert desk.options(visit("New"), n=0) == ()


def test_an_offer_does_not_take_the_place_of_somebody_of_the_same_name() -> None:
    others = clinic(visit("Cy"))
    timetable = list_plan(others)
    (offer,) = options(others, timetable, visit("Cy", weight=7), n=1)
    with pytest.raises(ProblemError, match="in the timetable already"):
        offer.taken(timetable)


def test_an_offer_moves_nobody_who_is_pinned() -> None:
    slots = {"visit": Slot(minute=at(0, "08:00"), resources=("Ann",)), "scan": Slot(minute=at(0, "08:30"), resources=("scanner",))}
    others = clinic(visit("Cy"), pinned=tuple(Pinned(patient="Cy", task=t, slot=s) for t, s in slots.items()))
    found = options(others, list_plan(others), visit("New"))
    assert all(not o.moved for o in found)
    assert found[0].slots["scan"].minute == at(0, "09:00")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Task(name="t", minutes=0), "0 minutes"),
        (lambda: Task(name="t", minutes=5, needs=(Need(pools=("p",), blocks=True),)), "a need that blocks"),
        (lambda: visit(links=(Link(before="scan", after="visit"),)), "listed before"),
        (lambda: visit(links=(Link(before="visit", after="tea"),)), "no task is called 'tea'"),
        (lambda: visit(links=(Link(before="visit", after="scan", at_least=9, at_most=4),)), "9 to 4 minutes"),
        (lambda: Journey(patient="Cy", tasks=()), "no task"),
        (lambda: visit(no_show=1.0), "no_show 1"),
        (lambda: clinic(visit(), visit()), "'Cy' is there twice"),
        (lambda: clinic(visit(), grid=7), "a grid of 7 minutes"),
        (lambda: clinic(visit(), people=("nurses",)), "no pool is called 'nurses'"),
        (lambda: clinic(visit(tasks=(Task(name="visit", minutes=5, needs=(need("x"),)),), links=())), "no pool is called 'x'"),
        (lambda: clinic(visit(), pinned=(Pinned(patient="Cy", task="visit", slot=Slot(minute=3, resources=("Ann",))),)), "minute 3"),
        (lambda: clinic(visit(), pinned=(Pinned(patient="Cy", task="tea", slot=Slot(minute=5)),)), "no such task"),
        (lambda: booked(Di={}).fits(clinic(visit())), "no such patient"),
        (lambda: booked(Cy={"visit": (0, "Ann")}).fits(clinic(visit())), "Book every task"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(make: object, says: str) -> None:
    with pytest.raises(ProblemError, match=says):
        make()  # type: ignore[operator]


@pytest.mark.parametrize(("seed", "cores"), [(-1, 1), (1, 0), (1, -2)])
def test_a_seed_below_0_and_no_cores_are_refused(seed: int, cores: int) -> None:
    with pytest.raises(ProblemError, match=f"seed {seed}, {cores} cores"):
        plan_journeys(clinic(visit()), stop=Stop(moves=1), seed=seed, cores=cores)


def test_what_is_free_of_one_patient_does_not_take_what_is_pinned_of_another() -> None:
    visit_of_cy, scan_of_di = (
        Pinned(patient=p, task=t, slot=Slot(minute=at(0, m), resources=(r,)))
        for p, t, m, r in (("Cy", "visit", "08:00", "Ann"), ("Di", "scan", "08:30", "scanner"))
    )
    problem = clinic(visit("Cy"), visit("Di"), pinned=(visit_of_cy, scan_of_di))
    searched = plan_journeys(problem, stop=Stop(moves=200), seed=1, cores=1).timetable
    for found in (first_come(problem), list_plan(problem), searched):
        assert score_journeys(problem, found).violations == 0
        assert found.starts["Cy"]["scan"].minute == at(0, "09:00")  # after Di's, though there was nothing to wait for but that


def test_a_journey_too_long_for_the_search_is_refused() -> None:
    many = Journey(patient="Cy", tasks=tuple(Task(name=f"t{i}", minutes=5) for i in range(65)))
    with pytest.raises(ProblemError, match="65 tasks"):
        list_plan(clinic(many))


def test_the_benchmark_can_be_run_and_judges_every_plan(tmp_path: object) -> None:
    ask = ["--families", "100", "--loads", "75", "--seconds", "0.2", "--rivals", "ours,list,first-come", "--out", str(tmp_path)]
    ran = subprocess.run([sys.executable, "-m", "benchmarks.paths", *ask], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "| 100 | 75 % |" in ran.stdout
    assert "broken" not in ran.stdout.rpartition("| patients |")[2]


def test_a_problem_is_not_spoiled_by_planning() -> None:
    problem = drawn(3)
    assert isinstance(problem, Journeys)
    before = list_plan(problem)
    plan_journeys(problem, stop=Stop(moves=2_000), seed=1)
    assert list_plan(problem) == before
