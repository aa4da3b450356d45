"""What comes after planning: a bound, why not earlier, what changed, planning again, and files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from sandcone.core.errors import ProblemError
from sandcone.core.journey import Link, Slot
from sandcone.core.journeys import Closed
from sandcone.planning.journeys.bounds import least_cost
from sandcone.planning.journeys.changes import changes, held_to
from sandcone.planning.journeys.explain import why_not_earlier
from sandcone.planning.journeys.first import first_come, list_plan
from sandcone.planning.journeys.score import score_journeys
from sandcone.planning.journeys.search import plan_journeys
from sandcone.planning.search import Stop
from sandcone.reading.journeys import read_journeys, read_timetable, save_journeys
from tests.planning.journeys.clinics import at, booked, clinic, drawn, visit


@pytest.mark.parametrize("seed", range(12))
def test_no_timetable_costs_less_than_the_bound(seed: int) -> None:
    problem = drawn(seed)
    least = least_cost(problem)
    found = plan_journeys(problem, stop=Stop(moves=2_000), seed=1, cores=1)
    assert 0 < least.cost <= found.cost
    assert least.gap(found.cost) == found.cost / least.cost - 1
    costs = score_journeys(problem, found.timetable)
    assert sum(least.by_patient) == least.cost
    assert costs.cost >= least.cost


def test_the_bound_of_one_patient_alone_is_what_the_patient_gets() -> None:
    problem = clinic(visit(release=at(0, "07:10"), due=at(0, "08:45"), weight=3, links=(Link(before="visit", after="scan", at_least=25),)))
    assert least_cost(problem).cost == score_journeys(problem, first_come(problem)).cost == 2 * 150 + 3 * 75 + 5 * 3 * 30 + 11


def test_a_patient_hears_what_is_full_on_every_day_before() -> None:
    away = (Closed(resource="Ann", start=0, end=at(1, "23:00")), Closed(resource="Bo", start=0, end=at(0, "11:31")))
    problem = clinic(visit("Cy"), visit("Di", weight=0), closed=away)
    timetable = booked(
        Cy={"visit": (at(2, "08:00"), "Ann"), "scan": (at(2, "09:00"), "scanner")},
        Di={"visit": (at(1, "08:00"), "Bo"), "scan": (at(1, "08:30"), "scanner")},
    )
    found = why_not_earlier(problem, timetable, "Cy")
    assert [(d.day, d.full) for d in found.days] == [(0, ("doctors",)), (1, ())]
    assert found.days[0].more is None
    assert found.days[1].more == -(2 * (1440 - 30) + 3 * 30)  # at half past eight on the day before, and half an hour shorter
    assert "Cy: 2 days earlier; doctors full on 1" in str(found)
    assert "day 1: possible, for 2,910 minutes less" in str(found)
    with pytest.raises(ProblemError, match="no such patient"):
        why_not_earlier(problem, timetable, "Al")


def test_a_day_from_which_the_rest_has_no_room_in_time_is_said_to_be_so() -> None:
    soon = visit(links=(Link(before="visit", after="scan", at_most=15),))
    problem = clinic(soon, closed=(Closed(resource="scanner", start=0, end=at(1, "11:00")),))
    found = why_not_earlier(problem, first_come(problem), "Cy")
    assert str(found.days[0]) == "day 0: what must follow has no room in time"


def test_what_changed_is_told_patient_by_patient_the_most_harmed_first() -> None:
    problem = clinic(visit("Cy"), visit("Di"), visit("Ed"), visit("Fa"))
    scan = (at(3, "10:00"), "scanner")
    before = booked(
        Cy={"visit": (at(1, "08:00"), "Ann"), "scan": scan},
        Di={"visit": (at(1, "08:00"), "Bo"), "scan": (at(3, "11:00"), "scanner")},
        Ed={"visit": (at(1, "09:00"), "Bo"), "scan": (at(3, "12:00"), "scanner")},
    )
    after = booked(
        Cy={"visit": (at(1, "08:25"), "Bo"), "scan": scan},
        Di={"visit": (at(2, "08:00"), "Bo"), "scan": (at(3, "11:00"), "scanner")},
        Ed={"visit": (at(1, "09:00"), "Bo"), "scan": (at(3, "12:00"), "scanner")},
    )
    found = {c.patient: c for c in changes(problem, before, after)}
    assert set(found) == {"Cy", "Di"}
    assert (found["Cy"].other_day, found["Cy"].other_hour, found["Cy"].other_one) == ((), ("visit",), ("visit",))
    assert (found["Di"].other_day, found["Di"].other_hour) == (("visit",), ())
    assert found["Cy"].after - found["Cy"].before == 2 * 25 - 3 * 25
    assert [c.patient for c in changes(problem, before, after)] == ["Cy", "Di"]  # Di waits longer, but for a shorter journey
    gone = changes(problem, before, replace(before, starts={k: v for k, v in before.starts.items() if k != "Ed"}))
    assert [(c.patient, c.other_day) for c in gone] == [("Ed", ("visit", "scan"))]


def test_what_has_begun_stays_and_other_days_have_their_price() -> None:
    problem = clinic(visit("Cy"), visit("Di"))
    before = booked(
        Cy={"visit": (at(0, "09:00"), "Ann"), "scan": (at(2, "10:00"), "scanner")},
        Di={"visit": (at(2, "08:00"), "Bo"), "scan": (at(2, "08:30"), "scanner")},
    )
    free = held_to(problem, before, frozen_until=at(1, "00:00"))
    assert [(p.patient, p.task) for p in free.pinned] == [("Cy", "visit")]
    moved = plan_journeys(free, stop=Stop(moves=500), seed=1, cores=1, start=before).timetable
    assert moved.starts["Cy"]["visit"] == Slot(minute=at(0, "09:00"), resources=("Ann",))
    assert moved.starts["Cy"]["scan"].minute == at(1, "00:00")  # nothing is moved to before it
    dear = held_to(problem, before, frozen_until=at(1, "00:00"), price=10_000)
    kept = plan_journeys(dear, stop=Stop(moves=500), seed=1, cores=1, start=before).timetable
    assert kept.starts["Cy"]["scan"].minute // 1440 == 2
    assert {s.minute // 1440 for s in kept.starts["Di"].values()} == {2}


@pytest.mark.parametrize("seed", [2, 5])
def test_a_problem_and_a_timetable_come_back_from_files_as_they_were(seed: int, tmp_path: Path) -> None:
    problem = drawn(seed, pins=True)
    timetable = list_plan(problem)
    assert read_journeys(save_journeys(problem, tmp_path / "problem.json")) == problem
    assert read_timetable(save_journeys(timetable, tmp_path / "timetable.json"), problem) == timetable


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"sandcone": "model"}, "this is not a journeys file of version 1"),
        ({"version": 2}, "this is not a journeys file of version 1"),
        ({"days": "many"}, "days: Input should be a valid integer"),
        ({"dayz": 3}, "dayz: Unexpected keyword argument"),
        ({"grid": 7}, "a grid of 7 minutes"),
    ],
)
def test_a_file_that_cannot_be_is_refused_with_its_name_and_the_place(change: dict[str, object], says: str, tmp_path: Path) -> None:
    path = save_journeys(drawn(1), tmp_path / "problem.json")
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(ProblemError, match=says) as refused:
        read_journeys(path)
    assert "problem.json" in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match="cannot be read"):
        read_journeys(tmp_path / "none.json")
