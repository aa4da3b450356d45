"""The emergency department: who comes when, what is kept, who goes first, and that its numbers are those of a real one."""

import math
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from tests.scenarios.site_names import names_what_there_is

from sandcone.core.arrivals import Rate
from sandcone.core.log import EventLog
from sandcone.core.model import Model
from sandcone.core.model_file import read_model, save_model
from sandcone.scenarios import emergency_department, emergency_department_site
from sandcone.scenarios.emergency import emergency_figures
from sandcone.scenarios.emergency.figures import by_class, figures
from sandcone.simulating import load, simulate

SEEN = ("Assessment", "Assessment, minor", "Resuscitation")


@pytest.fixture(scope="module")
def department() -> Model:
    return emergency_department()


@pytest.fixture(scope="module")
def log(department: Model) -> EventLog:
    return simulate(department, seed=3, days=56, warm_up=14 * 1440.0).logs[0]


@pytest.fixture(scope="module")
def patients(log: EventLog) -> list[list[dict[str, Any]]]:
    """The rows of each patient."""
    by_case: dict[str, list[dict[str, Any]]] = {}
    for row in log.table.to_pyarrow().to_pylist():
        by_case.setdefault(row["case"], []).append(row)
    return list(by_case.values())


def per_hour(model: Model) -> tuple[float, ...]:
    stream = model.arrivals[0]
    assert isinstance(stream, Rate)
    return stream.per_hour


def of_all(shares: tuple[float, ...]) -> float:
    """The share of all patients, from the shares of the classes."""
    return math.fsum(a * b for a, b in zip(figures().coming.classes, shares, strict=True))


def done(rows: list[dict[str, Any]], *steps: str) -> list[dict[str, Any]]:
    return [r for r in rows if r["step"] in steps and r["end"] is not None]


def minutes_between(earlier: Any, later: Any) -> float:
    return float((later - earlier).total_seconds() / 60)


def door_to_doctor(patients: list[list[dict[str, Any]]], **who: str) -> list[float]:
    found = [(rows, done(rows, *SEEN)) for rows in patients if all(rows[0][k] == v for k, v in who.items())]
    return [minutes_between(min(r["ready"] for r in rows), seen[0]["start"]) for rows, seen in found if seen]


def test_every_figure_is_marked_and_those_with_a_source_are_few() -> None:
    marks = {f.name: f.mark for f in emergency_figures()}
    assert len(marks) == 72
    assert {n for n, m in marks.items() if m == "sourced"} == {"coming.classes", "ways.blood"}
    assert {n for n, m in marks.items() if m == "derived"} == {"coming.monday"}


def test_a_hundred_and_fifty_come_on_a_mean_day_and_a_sixth_of_a_week_on_monday(department: Model) -> None:
    rates = per_hour(department)
    assert math.fsum(rates) / 7 == pytest.approx(150)
    assert math.fsum(rates[:24]) / math.fsum(rates) == pytest.approx(0.16)


def test_arrivals_follow_the_hours_that_england_counts(department: Model) -> None:
    rates = per_hour(department)
    mean = math.fsum(rates) / 168
    by_day = math.fsum(r for hour, r in enumerate(rates) if 9 <= hour % 24 < 18) / math.fsum(rates)
    assert by_day == pytest.approx(0.58, abs=0.005)
    assert rates[11] / mean == pytest.approx(1.94, abs=0.01)
    assert min(rates) / mean == pytest.approx(0.22, abs=0.005)


def test_as_many_have_tests_and_come_by_ambulance_as_the_survey_says() -> None:
    p = figures()
    assert math.fsum(p.coming.classes) == pytest.approx(1)
    assert of_all(p.coming.by_ambulance) == pytest.approx(0.154, abs=0.005)
    assert of_all(p.ways.xray) == pytest.approx(0.349, abs=0.01)
    assert of_all(p.ways.ct) == pytest.approx(0.121, abs=0.005)


def test_every_pool_has_less_work_than_hours_and_the_beds_and_doctors_most(department: Model) -> None:
    loads = dict(load(department))
    assert max(loads.values()) < 0.85
    assert set(sorted(loads, key=lambda name: -loads[name])[:2]) == {"Doctors", "Unit beds"}


def test_somebody_of_each_kind_is_there_at_every_hour_but_those_who_work_by_day(department: Model) -> None:
    for pool, hours in {"Doctors": 88, "Nurses": 120, "Triage nurses": 32, "Specialists": 36, "Nurse practitioners": 12}.items():
        a_day = 0.0
        for member in department.pools[pool].members:
            it = department.resources[member]
            shifts = department.calendars[it.calendar].shifts if it.calendar else ()
            a_day += it.capacity * sum(s.minutes()[1] - s.minutes()[0] for s in shifts) / 60
        assert a_day == hours


def test_the_same_department_comes_each_time_and_its_file_gives_it_back(department: Model, tmp_path: Path) -> None:
    assert emergency_department() == department
    assert read_model(save_model(department, tmp_path / "department.json")) == department


def test_the_site_names_only_what_the_model_has(department: Model) -> None:
    site = emergency_department_site()
    assert set(site.units) == set(department.steps)
    names_what_there_is(site, department)


def test_the_more_urgent_wait_less(patients: list[list[dict[str, Any]]]) -> None:
    waits = {triage: median(door_to_doctor(patients, triage=triage)) for triage in ("1", "2", "3", "4", "5")}
    assert waits["1"] < 10
    assert list(waits.values()) == sorted(waits.values())


def test_waits_are_like_those_that_are_published(patients: list[list[dict[str, Any]]]) -> None:
    """Door to doctor 31 minutes (NHAMCS 2006), 137 to leave for home, 1.6 % unseen (CMS, January 2019), medians of hospitals."""
    assert 22 < median(door_to_doctor(patients)) < 40
    home = [minutes_between(min(r["ready"] for r in rows), out[0]["end"]) for rows in patients if (out := done(rows, "Leaving"))]
    assert 110 < median(home) < 165
    unseen = sum(
        1 for rows in patients if not done(rows, *SEEN) and any(r["step"] == "Into a cubicle" and r["start"] is None for r in rows)
    )
    assert 0.01 < unseen / len(patients) < 0.04


def test_a_cubicle_is_kept_until_the_unit_has_a_bed(department: Model, patients: list[list[dict[str, Any]]]) -> None:
    boarded = [(done(rows, "Decision"), done(rows, "Into the unit")) for rows in patients]
    waits = [minutes_between(a[-1]["end"], b[0]["start"]) for a, b in boarded if a and b]
    assert max(waits) > 240
    assert {n.until for s in ("Into a cubicle", "Decision") for n in department.steps[s].needs if n.until} == {"Into the unit"}


def test_a_number_of_the_classes_goes_by_name() -> None:
    assert by_class((5, 4, 3, 2, 1)) == {"1": 5, "2": 4, "3": 3, "4": 2, "5": 1}
