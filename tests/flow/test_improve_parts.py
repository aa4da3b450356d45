"""The parts of the search for better ways: what is known stays known, and what is measured is what the levers made."""

from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from sandcone.core.arrangement import Arrangement
from sandcone.core.errors import InputError, ModelError
from sandcone.core.lever import Lever, Levers, LeverSet, Limits, Setting
from sandcone.core.model import Model, Need, Pool, Resource
from sandcone.core.outcome import OBJECTIVES, Outcome
from sandcone.core.period import Period
from sandcone.core.site import Calendar, Site
from sandcone.flow.bench import Bench, Runs, run
from sandcone.flow.glancing import costs, glance
from sandcone.flow.hands import here, in_processes
from sandcone.flow.judging_sets import least_apart, promising
from sandcone.flow.purse import Purse
from sandcone.flow.site_after import site_after
from sandcone.flow.tried import Memory, inputs_key
from sandcone.flow.trying import handed_out
from sandcone.improving.levers.capacity import capacity
from sandcone.improving.search.budget import Budget
from sandcone.improving.search.look import Glance
from sandcone.improving.search.searched import Found, Searched
from sandcone.scenarios import nh_hospital, nh_site
from sandcone.simulating.load import overfull, work_of
from sandcone.simulating.log import site_of_model
from tests.flow.improve_world import OUTCOME, clinic

ON = (1,), 3, False


def fewer(n: int) -> Setting:
    return Setting(name=f"{n} fewer", change=partial(capacity, pools=("nurses",), change=-n))


def levers(*settings: Setting, limits: Limits | None = None) -> Levers:
    nurses = Lever(name="Nurses", use="capacity", words="Fewer nurses.", settings=settings)
    return Levers(levers=(nurses,), limits=limits or Limits())


def bench(*settings: Setting, limits: Limits | None = None) -> Bench:
    return Bench(Arrangement(model=clinic()), levers(*settings, limits=limits), None, 1)


# ── what is known stays known ───────────────────────────────────────────────────────────────────────────────────────


def test_what_was_tried_is_there_again_with_what_is_not_known(tmp_path: Path) -> None:
    with Memory(tmp_path / "tried.jsonl", "a") as memory:
        memory.keep(ON, OUTCOME)
        memory.keep(((2,), 0, True), "nobody can do it")
    with Memory(tmp_path / "tried.jsonl", "a") as again:
        found = again.known[ON]
        assert isinstance(found, Outcome)
        assert math.isnan(found.fit)
        assert replace(found, fit=0.0) == replace(OUTCOME, fit=0.0)
        assert again.known[(2,), 0, True] == "nobody can do it"


def test_a_line_that_was_half_written_is_dropped_and_the_next_one_begins_where_it_began(tmp_path: Path) -> None:
    path = tmp_path / "tried.jsonl"
    with Memory(path, "a") as memory:
        memory.keep(ON, "one")
        memory.keep(((2,), 0, False), "two")
    path.write_bytes(path.read_bytes()[:-7])
    with Memory(path, "a") as again:
        assert list(again.known) == [ON]
        again.keep(((3,), 0, False), "three")
    with Memory(path, "a") as last:
        assert [last.known[k] for k in last.known] == ["one", "three"]


@pytest.mark.parametrize("text", ["{}\n", "[1]\n", "no JSON\n", '{"sandcone": "tried", "version": 1, "inputs": "a"}\n{"levers": 3}\n'])
def test_a_file_that_is_no_memory_is_refused_and_left_as_it_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tried.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="is damaged"):
        Memory(path, "a")
    assert path.read_text(encoding="utf-8") == text


def test_a_file_of_other_inputs_is_refused(tmp_path: Path) -> None:
    Memory(tmp_path / "tried.jsonl", "a").__exit__(None, None, None)
    with pytest.raises(InputError, match="another hospital"):
        Memory(tmp_path / "tried.jsonl", "b")


def test_inputs_have_one_name_in_every_process_and_another_one_where_anything_differs() -> None:
    today = Arrangement(model=clinic())
    name = inputs_key(today, levers(fewer(2)), None, 1)
    code = "from tests.flow.test_improve_parts import *\nprint(inputs_key(Arrangement(model=clinic()), levers(fewer(2)), None, 1))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).resolve().parents[2])
    assert done.stdout.strip() == name
    others = [
        inputs_key(today, levers(fewer(2)), None, 2),
        inputs_key(today, levers(fewer(3)), None, 1),
        inputs_key(today, levers(fewer(2), limits=Limits(staff=("nurses",))), None, 1),
        inputs_key(today, levers(fewer(2)), Site(), 1),
        inputs_key(Arrangement(model=clinic(per_hour=3.9)), levers(fewer(2)), None, 1),
        inputs_key(Arrangement(model=clinic(), money_per_week=1.0), levers(fewer(2)), None, 1),
    ]
    assert len({name, *others}) == 1 + len(others)


# ── who does the work ───────────────────────────────────────────────────────────────────────────────────────────────


def times(by: int, item: int) -> int:
    return by * item


def test_every_piece_of_work_is_done_once() -> None:
    with here(3) as hands:
        assert list(hands.done(times, [5, 0, 2])) == [(0, 15), (1, 0), (2, 6)]
        assert list(hands.done(times, [])) == []
    assert in_processes(1) is here


def test_runs_of_one_set_are_handed_out_together_but_not_all_to_one() -> None:
    work = handed_out([((1,), r, False) for r in range(9)] + [((0,), 0, True)])
    assert work == [
        *(Runs(levers=(1,), runs=tuple((r, False) for r in range(a, min(a + 2, 9)))) for a in range(0, 9, 2)),
        Runs(levers=(0,), runs=((0, True),)),
    ]


def test_a_set_that_cannot_be_says_why_for_each_of_its_runs() -> None:
    found = run(bench(fewer(5)), Runs(levers=(1,), runs=((0, False), (1, False))))
    assert len(found) == 2
    assert all(isinstance(x, str) and "nurses" in x for x in found)


def test_a_short_run_is_half_as_long_and_meets_the_same_patients() -> None:
    short, whole = run(bench(), Runs(levers=(0,), runs=((0, True), (0, False))))
    assert isinstance(short, Outcome)
    assert isinstance(whole, Outcome)
    assert short.patients == pytest.approx(whole.patients / 2, rel=0.05)


# ── at a glance ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_glance_says_what_a_set_costs_times_today() -> None:
    found = glance(bench(fewer(2), limits=Limits(staff=("doctor*",))), (1,))
    assert isinstance(found, Glance)
    assert (found.cost, found.staff_cost) == (pytest.approx(290 / 350), 1.0)
    resource, flow, fit, wait, cost = found.values
    doctors, blood = 100 * (2.4 * 21 + 1.6 * 17) / 60, 30 * 4 * 24 / 60  # money for work in an hour
    assert resource == pytest.approx((doctors + blood) / 290)
    assert cost == pytest.approx(290 * 168)
    assert all(math.isnan(x) for x in (flow, fit, wait))


def test_a_set_that_is_dearer_than_allowed_is_seen_at_a_glance() -> None:
    found = glance(bench(fewer(-1), limits=Limits(cost=1.0)), (1,))
    assert found == "dearer than allowed: cost 1.086 times today's, at most 1"  # 350 and 30 more an hour


def test_where_nothing_costs_anything_no_set_is_dearer() -> None:
    free = replace(clinic(), resources={n: replace(r, cost_per_hour=0.0) for n, r in clinic().resources.items()})
    at = Arrangement(model=free)
    assert costs(at, Bench(at, levers(fewer(2)), None, 1)) == (1.0, 1.0)


def test_a_set_that_cannot_be_says_so_at_a_glance() -> None:
    found = glance(bench(fewer(5)), (1,))
    assert isinstance(found, str)
    assert found.startswith("cannot be: ")


def crowded(*pools: str) -> Model:
    """Blood for 1.6 people is drawn by one nurse, or by whoever else may."""
    model = clinic()
    blood = replace(model.steps["Blood"], needs=(Need(pools=("nurses", *pools)),))
    return replace(
        model,
        steps={**model.steps, "Blood": blood},
        resources={**model.resources, "Nurse": Resource(capacity=1), "Student": Resource(capacity=2)},
        pools={**model.pools, "students": Pool(members=("Student",))},
    )


def test_work_that_another_pool_may_do_is_not_too_much() -> None:
    alone, helped = crowded(), crowded("students")
    words, much = overfull(alone, work_of(alone)) or ("", 0.0)
    assert (words, round(much, 6)) == ("'nurses'", 1.6)
    assert overfull(helped, work_of(helped)) is None  # 1.6 of 3


def test_where_patients_leave_unseen_a_tenth_more_work_may_come() -> None:
    from sandcone.core.law import Fixed

    busy = clinic(per_hour=5.0)  # 1.05 times what the doctor of adults can do
    leaving = {**busy.steps, "Adult visit": replace(busy.steps["Adult visit"], patience=Fixed(minutes=60))}
    patient = replace(busy, steps=leaving)
    assert overfull(busy, work_of(busy)) is not None
    assert overfull(patient, work_of(patient)) is None


# ── what is measured ────────────────────────────────────────────────────────────────────────────────────────────────


def test_without_a_lever_the_site_says_what_it_said() -> None:
    model = nh_hospital("ward")
    site = nh_site(model)
    after = site_after(site, model, model)
    assert after.steps == site.steps
    assert (after.needs, after.units, after.segment, after.promises) == (site.needs, site.units, site.segment, site.promises)
    assert after.pools["Cath labs"].calendar == site.pools["Cath labs"].calendar == "cath labs"
    assert after.pools["Cath labs"].calendar != site_of_model(model).pools["Cath labs"].calendar


def test_hours_that_a_lever_opens_count_although_the_site_names_other_ones() -> None:
    open_ = {"shifts": [{"days": ["Mon", "Tue"], "from": "08:00", "to": "16:00"}]}
    longer = {"shifts": [{"days": ["Mon", "Tue"], "from": "08:00", "to": "18:00"}]}
    resources = {n: replace(r, calendar="day") for n, r in clinic().resources.items()}
    today = replace(clinic(), resources=resources, calendars={"day": Calendar.model_validate(open_)})
    changed = replace(today, calendars={"day": Calendar.model_validate(longer)})
    said = site_of_model(today).joined(Site(units={"Blood": "Laboratory"}))
    after = site_after(said, today, changed)
    assert after.calendars["day"] == changed.calendars["day"]
    assert after.units == {"Blood": "Laboratory"}


def test_places_and_people_are_those_that_the_lever_left() -> None:
    today = clinic()
    changed = capacity(Arrangement(model=today), pools=("nurses",), change=-2).model
    assert site_after(site_of_model(today), today, changed).capacity["Nurse"] == 3
    assert site_after(None, today, changed).capacity["Nurse"] == 3


# ── the budget ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_purse_of_runs_gives_out_its_share_and_no_more() -> None:
    purse = Purse(Budget(runs=200))
    assert purse.for_the_search() == Budget(runs=120.0)
    purse.spent = 120.0
    assert purse.affords(40, 0.8)
    assert not purse.affords(41, 0.8)
    purse.made(40, 3.0)
    assert not purse.affords(1, 0.8)
    assert purse.affords(20, 0.9)


def test_a_purse_of_seconds_asks_how_fast_runs_are() -> None:
    purse = Purse(Budget(seconds=1000.0))
    assert purse.affords(10_000, 0.8)  # nobody knows yet
    purse.made(10, 10.0)
    assert purse.affords(700, 0.8)
    assert not purse.affords(900, 0.8)


def test_no_process_at_all_is_refused() -> None:
    with pytest.raises(InputError, match="cores"):
        in_processes(-1)


def test_a_lever_refused_at_birth_is_a_model_error() -> None:
    with pytest.raises(ModelError):
        bench(fewer(5)).arranged((1,))


# ── judging ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def seen(*ages: str) -> Period:
    """A run of one day with patients of these ages."""
    n, one = len(ages), np.ones(1)
    hours = {name: np.ones(n) for name in ("t", "va", "wait", "work")}
    facts = {"age": np.array(ages, dtype=object)}
    return Period(name="", days=np.arange(1), busy=one, open=one, day=np.zeros(n, dtype=np.int64), facts=facts, **hours)


def test_a_group_that_some_run_has_none_of_is_taken_together_with_others_until_every_run_has_some() -> None:
    before = [seen("old", "old", "young", "child"), seen("old", "young", "young", "young")]
    after = [seen("old", "young", "child", "child"), seen("old", "old", "young", "young")]
    runs = [*before, *after]  # children: 1 and 2, not in every run; the old, 3 and 3, and the young, 4 and 3, are in every one
    assert least_apart(runs, ("age",), 1) == 4  # children alone are not in every run, so the old are with them
    assert least_apart(runs, ("age",), 4) == 4
    assert least_apart([seen("old", "young"), seen("young", "old")], ("age",), 1) == 1
    assert least_apart(runs, (), 50) == 50


def found(levers: LeverSet, *both: tuple[float, float]) -> Found:
    """A set with these efficiencies in its runs."""
    outcomes = tuple(replace(OUTCOME, resource=r, flow=f) for r, f in both)
    return Found(levers=levers, outcomes=outcomes, chance=1.0, place="on the front")


def searched(*sets: Found) -> Searched:
    counts = {"wrong": 0.0, "sets": 9, "runs": 9, "short_runs": 0, "seconds": 1.0, "seed": 1, "ended": ""}
    return Searched(found=sets, not_tried=(), effects=(), together=(), objectives=OBJECTIVES, **counts)  # type: ignore[arg-type]


def test_a_set_is_not_more_promising_for_having_been_run_more_often() -> None:
    today = found((0, 0), *[(0.40, 0.20)] * 9)
    often = found((1, 0), *[(0.45, 0.21), (0.47, 0.22)] * 4)  # surely up, but little
    seldom = found((0, 1), (0.47, 0.29), (0.46, 0.31))
    worse = found((1, 1), (0.50, 0.19), (0.50, 0.19))
    assert [f.levers for f in promising(searched(today, often, seldom, worse))] == [(0, 1), (1, 0)]
    assert [f.levers for f in promising(searched(today, often, seldom, worse), 1)] == [(0, 1)]
    assert [f.levers for f in promising(searched(today, worse))] == [(1, 1)]  # the nearest there is
    assert promising(searched(today)) == []
