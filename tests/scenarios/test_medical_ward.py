"""The medical ward: who comes, how full it is, when rounds are made and when people leave."""

import math
from collections import Counter
from datetime import datetime
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
from tests.scenarios.site_names import names_what_there_is

from sandcone.core.arrivals import Rate
from sandcone.core.model import Model
from sandcone.core.model_file import read_model, save_model
from sandcone.scenarios import medical_ward, medical_ward_site
from sandcone.scenarios.medical_ward import medical_ward_figures
from sandcone.simulating import load, simulate

FROM, TO = 42, 98
"""Days that count in a run."""
RUNS = 10


@pytest.fixture(scope="module")
def ward() -> Model:
    return medical_ward()


@pytest.fixture(scope="module")
def runs(ward: Model) -> list[list[dict[str, Any]]]:
    """The rows of each run."""
    return [log.table.to_pyarrow().to_pylist() for log in simulate(ward, seed=3, replications=RUNS, days=TO, cores=1).logs]


def day(t: datetime, ward: Model) -> float:
    return (t.replace(tzinfo=None) - datetime(ward.begin.year, ward.begin.month, ward.begin.day)).total_seconds() / 86400


def ends(rows: list[dict[str, Any]], *steps: str) -> dict[str, datetime]:
    return {r["case"]: r["end"] for r in rows if r["step"] in steps and r["end"] is not None}


def in_beds(rows: list[dict[str, Any]], ward: Model, first: int, last: int) -> float:
    """Beds that are taken on a mean day."""
    left = {case: day(t, ward) for case, t in ends(rows, "Leaving the ward").items()}
    came = {case: day(t, ward) for case, t in ends(rows, "Into the ward", "Booked admission").items()}
    return math.fsum(max(0.0, min(left.get(case, last), last) - max(t, first)) for case, t in came.items()) / (last - first)


def test_every_figure_is_assumed_and_says_so() -> None:
    marks = Counter(f.mark for f in medical_ward_figures())
    assert marks == {"assumed": 70}
    assert all(f.source for f in medical_ward_figures())


def test_as_many_come_as_the_figures_say_and_planned_patients_ask_on_weekdays(ward: Model) -> None:
    emergencies, planned = ward.arrivals
    assert isinstance(emergencies, Rate)
    assert isinstance(planned, Rate)
    assert math.fsum(emergencies.per_hour) == pytest.approx(7 * 3.8)
    assert math.fsum(planned.per_hour) == pytest.approx(3.5)
    assert {hour // 24 for hour, rate in enumerate(planned.per_hour) if rate > 0} == {0, 1, 2, 3, 4}


def test_every_pool_has_less_work_than_hours(ward: Model) -> None:
    assert max(x for _, x in load(ward)) < 0.85


def test_the_same_ward_comes_each_time_and_its_file_gives_it_back(ward: Model, tmp_path: Path) -> None:
    assert medical_ward() == ward
    assert read_model(save_model(ward, tmp_path / "ward.json")) == ward


def test_the_site_names_only_what_the_model_has(ward: Model) -> None:
    assert set(medical_ward_site().units) == set(ward.steps)
    names_what_there_is(medical_ward_site(), ward)


def test_nine_beds_in_ten_are_taken_and_it_stays_so(ward: Model, runs: list[list[dict[str, Any]]]) -> None:
    early = fmean(in_beds(rows, ward, FROM, FROM + 28) for rows in runs)
    late = fmean(in_beds(rows, ward, FROM + 28, TO) for rows in runs)
    assert 0.85 < (early + late) / 2 / 28 < 0.93
    assert early / late == pytest.approx(1, abs=0.06)


def test_nobody_is_on_the_ward_who_has_no_bed(ward: Model, runs: list[list[dict[str, Any]]]) -> None:
    for rows in runs:
        left, came = ends(rows, "Leaving the ward"), ends(rows, "Into the ward", "Booked admission")
        changes = sorted([(t, 1) for t in came.values()] + [(left[c], -1) for c in came if c in left])
        there = 0
        for _, change in changes:
            there += change
            assert there <= 28


def test_the_round_is_in_the_morning_and_people_leave_after_noon(runs: list[list[dict[str, Any]]]) -> None:
    rounds = [r["start"] for rows in runs for r in rows if r["step"] == "Ward round" and r["start"] is not None]
    assert {t.hour for t in rounds} <= {8, 9, 10, 11, 12}
    left = [r["end"] for rows in runs for r in rows if r["step"] == "Leaving the ward" and r["end"] is not None]
    assert sum(t.hour < 12 for t in left) / len(left) < 0.2
    assert {t.weekday() for t in left} == {0, 1, 2, 3, 4, 5, 6}


def test_nobody_leaves_without_medicines_and_some_wait_days_for_care(runs: list[list[dict[str, Any]]]) -> None:
    for rows in runs:
        ready, left = ends(rows, "Medicines to take home"), ends(rows, "Leaving the ward")
        assert all(ready[case] <= t for case, t in left.items())
    waits = [
        (care[case] - letter[case]).total_seconds() / 86400
        for rows in runs
        for care, letter in [(ends(rows, "Care arranged"), ends(rows, "Discharge letter"))]
        for case in care
        if case in letter
    ]
    assert fmean(waits) > 3
