"""The cardiac hospital as a model that runs: what it is made of, and what its log says when it is simulated and measured."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sandcone.core.errors import ModelError
from sandcone.core.estimate import Estimate
from sandcone.core.log import EventLog
from sandcone.core.model import Model
from sandcone.core.model_file import read_model, save_model
from sandcone.core.route import Do
from sandcone.measuring import measure
from sandcone.scenarios.nh import nh_hospital, nh_site
from sandcone.simulating import simulate


def rows(log: EventLog, *steps: str) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = log.table.to_pyarrow().to_pylist()
    return [r for r in said if not steps or r["step"] in steps]


def minutes(earlier: datetime, later: datetime) -> float:
    return (later - earlier).total_seconds() / 60


def with_icu_beds(model: Model, beds: int) -> Model:
    return replace(model, resources={**model.resources, "Adult ICU": replace(model.resources["Adult ICU"], capacity=beds)})


@pytest.fixture(scope="module")
def ward() -> Model:
    return nh_hospital("ward")


@pytest.fixture(scope="module")
def log(ward: Model) -> EventLog:
    return simulate(ward, seed=4, days=120).logs[0].with_site(nh_site(ward))


def test_the_same_hospital_comes_each_time_and_its_file_gives_it_back(ward: Model, tmp_path: Path) -> None:
    assert nh_hospital("ward") == ward
    assert read_model(save_model(ward, tmp_path / "ward.json")) == ward


def test_a_year_without_figures_is_refused() -> None:
    with pytest.raises(ModelError, match=r"there are no figures for 1999\. Choose 2004, 2008, 2013"):
        nh_hospital("hospital", year=1999)


def test_the_week_has_six_days_and_about_three_hundred_and_three_in_a_year() -> None:
    for year in (2004, 2008, 2013):
        model = nh_hospital("hospital", year=year)
        assert model.begin.weekday() == 0
        theatres = model.calendars["theatres"]
        assert theatres.shifts[0].days == ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
        closed = [d for d in theatres.closed if d.startswith(str(year))]
        assert len(closed) == 10


def test_there_are_dozens_of_kinds_of_patients(ward: Model) -> None:
    kinds = {tuple(sorted(k.attributes.items())) for s in ward.arrivals for k in s.kinds}
    assert len(kinds) > 72
    assert {name for k in kinds for name, _ in k} == {"procedure", "age", "angiogram", "tier", "risk", "urgency", "origin", "price_usd"}


def test_a_junior_opens_and_closes_and_a_senior_does_the_core(ward: Model) -> None:
    grades = {
        step: {ward.resources[m].grade for n in ward.steps[step].needs for p in n.pools for m in ward.pools[p].members}
        for step in ("Opening, adult", "Core operation, adult", "Closing, adult")
    }
    assert "senior" not in grades["Opening, adult"] | grades["Closing, adult"]
    assert "senior" in grades["Core operation, adult"]


def test_a_network_has_twenty_hospitals_that_share_nothing_but_the_way_to_the_hub() -> None:
    network = nh_hospital("network")
    tags = {name.split()[0] for name in network.resources}
    assert tags == {f"H{i:02d}" for i in range(1, 21)}
    assert len(network.arrivals) == 80
    for name, node in network.route.nodes.items():
        if isinstance(node, Do) and name.split()[0] != node.then.split()[0] and node.then != "end":
            assert node.step.endswith("Ambulance")
            assert node.then.startswith("H01 ")


def test_a_network_of_twenty_runs() -> None:
    run = simulate(nh_hospital("network"), seed=2, patients=60).logs[0]
    assert len({r["case"] for r in rows(run)}) == 60


def test_nobody_is_operated_without_a_senior_and_nobody_waits_on_the_table(log: EventLog) -> None:
    cores = rows(log, "Core operation, adult")
    assert len(cores) > 40
    assert all(r["resource"].startswith("Senior surgeon") for r in cores if r["start"] is not None)
    assert fmean(minutes(r["ready"], r["start"]) for r in cores if r["start"] is not None) < 5


def test_elective_operations_begin_in_theatre_hours_on_six_days(log: EventLog) -> None:
    begun = [r["start"] for r in rows(log, "Opening, adult", "Opening, child") if r["start"] is not None]
    local = [(t if t.tzinfo else t.replace(tzinfo=UTC)).astimezone(ZoneInfo("Asia/Kolkata")) for t in begun]
    assert {t.weekday() for t in local} == {0, 1, 2, 3, 4, 5}
    assert min(t.hour for t in local) == 8
    assert max(t.hour for t in local) <= 14


def test_who_finds_intensive_care_full_is_cared_for_in_step_down(ward: Model) -> None:
    taken = [r["others"] for r in rows(simulate(with_icu_beds(ward, 1), seed=4, days=60).logs[0], "Into intensive care, adult")]
    assert any("Adult ICU" in others for others in taken)
    assert any("Step-down" in others for others in taken)


def test_a_theatre_is_blocked_while_there_is_no_bed_to_go_to(ward: Model) -> None:
    step = ward.steps["Into intensive care, adult"]
    no_overflow = replace(step, needs=(step.needs[0], replace(step.needs[1], pools=("Adult ICU",))))
    blocked = with_icu_beds(replace(ward, steps={**ward.steps, "Into intensive care, adult": no_overflow}), 1)
    run = simulate(blocked, seed=4, days=60).logs[0]
    waits = [(r["ready"], r["start"], r["resource"]) for r in rows(run, "Into intensive care, adult") if r["start"] is not None]
    assert max(minutes(ready, start) for ready, start, _ in waits) > 600
    begun = [(r["start"], r["resource"]) for r in rows(run, "Opening, adult", "Urgent opening, adult") if r["start"] is not None]
    assert not [1 for ready, start, theatre in waits for t, where in begun if where == theatre and ready < t < start]


def test_a_measure_of_the_run_says_what_was_asked_for_and_what_was_given(log: EventLog) -> None:
    measures = measure(log, seed=1, draws=20)
    means: dict[str, Estimate] = {m.name: m.estimate for m in measures.items if not m.group and m.estimate is not None}
    assert means["wip.little_gap"].value < 0.1
    assert 0.9 < means["fit.mean"].value < 1  # four in a hundred decline the operation they need, some still wait for it
    assert 0 < means["fit.unmet"].value < 0.15
    assert means["cost.per_case"].value > 0
    assert 0 < means["task_shifting.downshift_share"].value < 1
    promises = {m.group["promise"]: m.estimate for m in measures.items if m.name == "promise.within"}
    assert promises["urgent operation within 12 hours of triage, adult"].value > 0.8
    busy = {m.group["pool"]: m.estimate.value for m in measures.items if m.name == "resource_efficiency" and "pool" in m.group}
    assert 0.1 < busy["Adult ICU"] < 0.8  # 1.4 of 4 offered
