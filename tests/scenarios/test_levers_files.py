"""The levers that come with the made-up hospitals: each can be read, each changes its hospital, and each leaves one that runs."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

import pytest

from sandcone.core.arrangement import Arrangement
from sandcone.core.lever import Levers, plain
from sandcone.core.model import Model
from sandcone.core.plan import Plan
from sandcone.improving.levers import KINDS
from sandcone.improving.levers.reading import read_levers
from sandcone.scenarios import Hospital, emergency_department, levers_file, medical_ward, nh_hospital
from sandcone.scenarios.nh.network import network
from sandcone.scenarios.nh.parameters import parameters
from sandcone.simulating.job import Job

MAKE: dict[Hospital, Callable[[], Model]] = {
    "nh": nh_hospital,
    "emergency department": emergency_department,
    "medical ward": medical_ward,
}
LEAST: dict[Hospital, int] = {"nh": 25, "emergency department": 15, "medical ward": 15}


@pytest.fixture(scope="module", params=list(MAKE))
def hospital(request: pytest.FixtureRequest) -> tuple[Hospital, Arrangement, Levers]:
    name: Hospital = request.param
    today = Arrangement(model=MAKE[name]())
    return name, today, read_levers(levers_file(name), today)


def said(name: Hospital) -> dict[str, Any]:
    return tomllib.loads(levers_file(name).read_text(encoding="utf-8"))


def test_every_lever_of_the_file_can_be_had_in_its_own_hospital(hospital: tuple[Hospital, Arrangement, Levers]) -> None:
    name, _, levers = hospital
    assert dict(levers.not_here) == {}
    assert len(levers.levers) == len(said(name)["lever"]) >= LEAST[name]
    assert all(lever.words.endswith(".") for lever in levers.levers)


def test_nothing_may_cost_more_than_today_and_everybody_who_works_there_counts_as_staff(
    hospital: tuple[Hospital, Arrangement, Levers],
) -> None:
    _, today, levers = hospital
    assert (levers.limits.cost, levers.limits.staff_cost) == (1.0, 1.0)
    pools = list(today.model.pools)
    staff = {p for p in pools if any(fnmatchcase(p, pattern) for pattern in levers.limits.staff)}
    assert all(any(fnmatchcase(p, pattern) for p in pools) for pattern in levers.limits.staff)
    graded = {p for p in pools for m in today.model.pools[p].members if today.model.resources[m].grade is not None}
    assert graded <= staff < set(pools)


def test_a_planner_has_levers_of_many_kinds_in_each_hospital(hospital: tuple[Hospital, Arrangement, Levers]) -> None:
    name, _, levers = hospital
    assert len({lever.use for lever in levers.levers}) >= (14 if name == "nh" else 8)
    assert {lever.use for lever in levers.levers} <= set(KINDS)


def test_all_three_files_together_use_most_kinds() -> None:
    used = {lever["use"] for name in MAKE for lever in said(name)["lever"]}
    assert set(KINDS) - used <= {"move", "at_close", "care", "decoupling", "booking"}


@pytest.mark.parametrize("name", ["nh", "emergency department", "medical ward"])
def test_each_setting_alone_leaves_a_hospital_that_runs_with_as_many_patients(name: Hospital) -> None:
    today = Arrangement(model=nh_hospital("ward") if name == "nh" else MAKE[name]())
    levers = read_levers(levers_file(name), today)
    days = 3 if name == "emergency department" else 10
    as_today = ran(today.model, today.plan, days)
    for lever in levers.levers:
        for setting in lever.settings:
            at = setting.change(today)
            assert (at.model, at.plan) != (today.model, today.plan)
            assert {plain(step) for step in at.model.steps} == set(today.model.steps)
            assert ran(at.model, at.plan, days) == as_today or lever.use == "smooth"


def ran(model: Model, plan: Plan, days: int) -> int:
    """How many patients came in a run."""
    job = Job(model=model, plan=plan, seed=2, days=float(days), patients=None, present=(), engine="fast")
    return len(job.passed(job.ready(lambda _words: None), 0).arrived)


def test_names_in_the_first_file_fit_a_hospital_whose_names_have_a_tag() -> None:
    for lever in said("nh")["lever"]:
        for table in (lever, *lever.get("settings", ())):
            named = [table.get(key, []) for key in ("pools", "steps", "streams", "from_pools", "to_pools")]
            named.append([table[key] for key in ("from_pool", "to_pool", "step", "with_step") if key in table])
            assert all(pattern.startswith("*") for names in named for pattern in names), lever["name"]


def test_the_first_file_changes_every_hospital_of_a_network() -> None:
    p = parameters()
    two = network(replace(p, network=replace(p.network, hospitals=2)), nh_hospital("ward"), nh_hospital("ward"))
    levers = read_levers(levers_file("nh"), Arrangement(model=two))
    pooled = next(lever for lever in levers.levers if lever.name == "theatres help each other").settings[0].change(Arrangement(model=two))
    assert set(pooled.model.pools["H01 Adult theatres"].members) == {"H01 Theatre A1", "H01 Theatre C1"}
    assert set(pooled.model.pools["H02 Children's theatres"].members) == {"H02 Theatre A1", "H02 Theatre C1"}
