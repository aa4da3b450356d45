"""One test a rule: a tiny clinic, numbers that differ, an answer known by hand."""

from __future__ import annotations

import pytest

from sandcone.core.journey import Between, FewDays, InHours, Journey, Knows, Link, OnDays, Slot, Stays, Task
from sandcone.core.journeys import Closed, Journeys, Pinned, Timetable
from sandcone.core.model import Pool, Resource
from sandcone.planning.journeys.score import score_journeys
from tests.planning.journeys.clinics import at, booked, clinic, need, visit

GOOD = {"visit": (at(0, "08:00"), "Ann"), "scan": (at(0, "08:40"), "scanner")}


def by(problem: Journeys, timetable: Timetable, rule: str) -> int:
    return score_journeys(problem, timetable).line(rule).by


def test_a_good_timetable_breaks_nothing_and_costs_what_was_worked_out_by_hand() -> None:
    problem = clinic(visit(release=at(0, "07:10"), due=at(0, "08:45"), weight=3))
    score = score_journeys(problem, booked(Cy=GOOD))
    assert score.violations == 0
    assert {line.rule: line.by for line in score.should if line.by} == {
        "waiting": 3 * 50,
        "journey_length": 60,
        "lateness": 3 * 15,
        "days_of_visits": 1,
    }
    assert score.cost == 2 * 150 + 3 * 60 + 5 * 45 + 11 * 1


def test_two_tasks_at_once_cost_the_minutes_of_both() -> None:
    problem = clinic(visit(links=()))
    assert by(problem, booked(Cy={"visit": (at(0, "08:00"), "Ann"), "scan": (at(0, "08:25"), "scanner")}), "in_two_places_at_once") == 5
    assert by(problem, booked(Cy={"visit": (at(0, "08:00"), "Ann"), "scan": (at(0, "08:30"), "scanner")}), "in_two_places_at_once") == 0


def test_two_patients_with_one_doctor_count_the_minutes_they_share() -> None:
    problem = clinic(visit("Cy"), visit("Di"))
    two = {"Cy": GOOD, "Di": {"visit": (at(0, "08:18"), "Ann"), "scan": (at(0, "09:30"), "scanner")}}
    assert by(problem, booked(**two), "more_patients_than_places") == 12
    assert by(problem, booked(**{**two, "Di": {**two["Di"], "visit": (at(0, "08:30"), "Ann")}}), "more_patients_than_places") == 0


def test_a_scanner_that_is_got_ready_is_taken() -> None:
    problem = clinic(visit("Cy"), visit("Di"))
    later = {"visit": (at(0, "08:00"), "Bo"), "scan": (at(0, "09:03"), "scanner")}  # Cy's scan ends at 9:00, ready again at 9:10
    assert by(problem, booked(Cy=GOOD, Di=later), "more_patients_than_places") == 7


def stay(patient: str, nights: int) -> Journey:
    return Journey(
        patient=patient,
        tasks=(
            Task(name="come", minutes=10, needs=(need("beds", until="go"),)),
            Task(name="go", minutes=5),
        ),
        links=(Link(before="come", after="go", at_least=1440 * nights),),
    )


def test_a_bed_is_taken_until_the_patient_has_gone() -> None:
    problem = clinic(stay("Cy", 1), stay("Di", 1), stay("Ed", 1))
    slots = {
        p: {"come": Slot(minute=start, resources=("ward",)), "go": Slot(minute=start + 1450)}
        for p, start in (("Cy", 0), ("Di", 400), ("Ed", 1400))
    }
    assert by(problem, Timetable(starts=slots), "more_patients_than_places") == 55  # from 1400 until Cy has gone at 1455


def test_a_place_may_be_overbooked_up_to_its_limit_as_long_as_no_more_are_expected_than_there_are_places() -> None:
    often = [visit(p, no_show=0.6) for p in ("Cy", "Di", "Ed")]
    at_once = {"visit": (at(0, "08:00"), "Ann"), "scan": (at(1, "08:00"), "scanner")}
    scans = {"Di": at(1, "09:00"), "Ed": at(1, "10:00")}
    everybody = {"Cy": at_once, **{p: {**at_once, "scan": (m, "scanner")} for p, m in scans.items()}}
    two = {p: everybody[p] for p in ("Cy", "Di")}
    assert by(clinic(*often[:2]), booked(**two), "more_patients_than_places") == 30
    assert by(clinic(*often[:2], overbooking={"doctors": 1}), booked(**two), "more_patients_than_places") == 0
    assert by(clinic(*often[:2], overbooking={"doctors": 1}), booked(**two), "more_expected_than_places") == 0
    assert by(clinic(*often, overbooking={"doctors": 1}), booked(**everybody), "more_patients_than_places") == 30
    assert by(clinic(*often, overbooking={"doctors": 1}), booked(**everybody), "more_expected_than_places") == 30 * (3 * 400 - 1000)


def test_a_task_outside_open_hours_counts_the_minutes_outside() -> None:
    problem = clinic(visit(), closed=(Closed(resource="Bo", start=at(0, "09:00"), end=at(0, "10:00")),))
    early, away = (at(0, "07:40"), "Ann"), (at(0, "08:47"), "Bo")
    assert by(problem, booked(Cy={"visit": early, "scan": GOOD["scan"]}), "outside_open_hours") == 20
    assert by(problem, booked(Cy={"visit": away, "scan": (at(0, "10:00"), "scanner")}), "outside_open_hours") == 17
    assert by(problem, booked(Cy={"visit": (at(5, "08:00"), "Ann"), "scan": (at(5, "10:00"), "scanner")}), "outside_open_hours") == 30


def test_a_task_too_near_closing_is_found() -> None:
    resources = {**clinic().resources, "Ann": Resource(calendar="mornings", last_start_minutes=45)}
    problem = clinic(visit(), resources=resources)
    scan = (at(0, "12:00"), "scanner")
    assert by(problem, booked(Cy={"visit": (at(0, "11:16"), "Ann"), "scan": scan}), "too_near_closing") == 1
    assert by(problem, booked(Cy={"visit": (at(0, "11:15"), "Ann"), "scan": scan}), "too_near_closing") == 0


def test_a_task_after_the_last_day_is_found() -> None:
    problem = clinic(visit(), days=2)
    assert by(problem, booked(Cy={"visit": GOOD["visit"], "scan": (2 * 1440 - 10, "scanner")}), "outside_the_days") == 1


def test_links_keep_tasks_apart_and_together_by_the_minute() -> None:
    link = Link(before="visit", after="scan", at_least=20, at_most=100)
    problem = clinic(visit(links=(link,)))
    assert by(problem, booked(Cy=GOOD), "too_soon_after") == 10
    assert by(problem, booked(Cy={**GOOD, "scan": (at(0, "10:13"), "scanner")}), "too_long_after") == 3
    assert score_journeys(problem, booked(Cy={**GOOD, "scan": (at(0, "10:10"), "scanner")})).violations == 0


def test_tasks_of_one_day_are_not_on_two() -> None:
    problem = clinic(visit(links=(Link(before="visit", after="scan", same_day=True),)))
    assert by(problem, booked(Cy={**GOOD, "scan": (at(1, "00:05"), "scanner")}), "not_on_the_same_day") == 1
    assert by(problem, booked(Cy={**GOOD, "scan": (at(0, "23:05"), "scanner")}), "not_on_the_same_day") == 0


def twice(patient: str = "Cy", same_one: str | None = None, **more: object) -> Journey:
    first, second = (Task(name=n, minutes=15, needs=(need("doctors"),), booked_slack=s) for n, s in (("first", 40), ("second", 9)))
    return Journey(patient=patient, tasks=(first, second), links=(Link(before="first", after="second", same_one=same_one),), **more)  # type: ignore[arg-type]


def test_the_same_doctor_is_asked_for_and_another_is_found() -> None:
    other = booked(Cy={"first": (at(0, "08:00"), "Ann"), "second": (at(1, "08:00"), "Bo")})
    assert by(clinic(twice(same_one="doctors")), other, "not_with_the_same_one") == 1
    assert by(clinic(twice()), other, "not_with_the_same_one") == 0
    assert by(clinic(twice()), other, "new_faces") == 1


def test_slack_is_missing_where_the_next_task_begins_too_soon() -> None:
    soon = booked(Cy={"first": (at(0, "08:00"), "Ann"), "second": (at(0, "08:27"), "Ann")})
    assert by(clinic(twice()), soon, "slack_missing") == 40 - 12


def test_nobody_begins_before_release_but_what_is_pinned_may() -> None:
    journey = visit(release=at(0, "08:25"))
    pinned = tuple(Pinned(patient="Cy", task=t, slot=Slot(minute=m, resources=(r,))) for t, (m, r) in GOOD.items())
    assert by(clinic(journey), booked(Cy=GOOD), "before_release") == 25
    assert by(clinic(journey, pinned=pinned), booked(Cy=GOOD), "before_release") == 0


def test_a_doctor_is_no_scanner() -> None:
    assert by(clinic(visit()), booked(Cy={**GOOD, "scan": (at(0, "09:00"), "Bo")}), "not_of_the_pool") == 1


def test_what_was_pinned_and_is_elsewhere_is_found() -> None:
    pinned = (Pinned(patient="Cy", task="visit", slot=Slot(minute=at(0, "08:00"), resources=("Bo",))),)
    assert by(clinic(visit(), pinned=pinned), booked(Cy=GOOD), "pinned_and_moved") == 1
    assert by(clinic(visit(), pinned=pinned), Timetable(), "pinned_and_moved") == 1
    moved = booked(Cy={**GOOD, "visit": (at(0, "08:00"), "Bo")})
    assert by(clinic(visit(), pinned=pinned), moved, "pinned_and_moved") == 0


@pytest.mark.parametrize(
    ("wish", "missed"),
    [
        (OnDays(days=("Tue", "Wed"), weight=3), 3 * 1),  # the visit is on Monday, the scan on Tuesday
        (InHours(start=540, end=700, weight=2), 2 * 1),  # the visit begins at 8:00, the scan at 10:00
        (Knows(resource="Bo", weight=5), 5 * 1),  # only the visit could have been with Bo
        (Knows(resource="Ann", weight=5), 0),
        (Between(first=at(0, "08:10"), weight=4), 4 * 1),
        (Between(last=at(1, "10:19"), weight=4), 4 * 1),
        (FewDays(most=1, weight=7), 7 * 1),
        (FewDays(most=2, weight=7), 0),
        (Stays(task="scan", day=0, weight=6), 6 * 1),
        (Stays(task="visit", day=0, weight=6), 0),
    ],
)
def test_a_wish_counts_each_task_that_misses_it(wish: OnDays, missed: int) -> None:
    two_days = booked(Cy={"visit": (at(0, "08:00"), "Ann"), "scan": (at(1, "10:00"), "scanner")})
    assert by(clinic(visit(wishes=(wish,))), two_days, "wishes_missed") == missed


def test_days_of_visits_are_counted_once_each() -> None:
    assert by(clinic(visit()), booked(Cy={**GOOD, "scan": (at(3, "10:00"), "scanner")}), "days_of_visits") == 2


def test_whoever_is_left_out_counts_with_their_weight() -> None:
    problem = clinic(visit("Cy", weight=4), visit("Di"))
    assert by(problem, booked(Di=GOOD), "left_out") == 4


def test_a_substitute_pool_is_as_good_as_the_first() -> None:
    pools = {**clinic().pools, "mobile": Pool(members=("van",))}
    resources = {**clinic().resources, "van": Resource()}
    tasks = (Task(name="visit", minutes=30, needs=(need("doctors"),)), Task(name="scan", minutes=20, needs=(need("scans", "mobile"),)))
    problem = clinic(visit(tasks=tasks), pools=pools, resources=resources)
    assert score_journeys(problem, booked(Cy={**GOOD, "scan": (at(0, "08:40"), "van")})).violations == 0
