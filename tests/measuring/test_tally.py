"""One run as a few numbers: what each counts, whom it counts, and what cannot be counted. The answers are known by hand."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
import pytest

from sandcone.core.errors import EmptyError
from sandcone.core.law import Fixed
from sandcone.core.lever import Course
from sandcone.core.model import Model, Need, Pool, Resource
from sandcone.core.outcome import Outcome
from sandcone.core.period import Period
from sandcone.core.plan import AS_TODAY
from sandcone.core.rows import Passed
from sandcone.core.site import Site
from sandcone.measuring.tally import LEFT, period_of, tally
from sandcone.simulating.job import Job
from sandcone.simulating.log import site_of_model
from tests.measuring.tallied import Did, passed
from tests.simulating.worlds import hospital, hours, known, step

WEEK = Course(settle_days=0, days=7, follow_days=0)
Engine = Literal["fast", "plain"]
ENGINES: tuple[Engine, ...] = ("plain", "fast")


def clinic(**more: Resource) -> Model:
    """A nurse from 8 to 16 on workdays at 30 an hour, a doctor from 10 to 13 on Mondays and Tuesdays at 90, and a step with neither."""
    return hospital(
        {"see": step(60.0, "nurse"), "treat": step(60.0, "doctor", "nurse"), "report": replace(step(60.0), value="waiting")},
        known(("a", 0.0)),
        resources={
            "nurse": Resource(calendar="day", cost_per_hour=30.0),
            "doctor": Resource(calendar="morning", cost_per_hour=90.0),
            **more,
        },
        calendars={"day": hours("08:00", "16:00"), "morning": hours("10:00", "13:00", ("Mon", "Tue"))},
    )


TWO = (Did(0, "see", 9, 9, 11, ("nurse",)), Did(1, "treat", 9.5, 12, 13, ("doctor", "nurse")))
"""One is seen for two hours at once, the other treated for one after two and a half."""


def week(
    *did: Did,
    model: Model | None = None,
    site: Mapping[str, object] | None = None,
    people: Sequence[Mapping[str, str]] = ({},),
    **asked: Sequence[str],
) -> Outcome:
    """What a week came to, with its period."""
    it = model or clinic()
    run = passed(it, did, people, until=24 * 7)
    return tally(run, site_of_model(it).joined(Site.model_validate(dict(site or {}))), WEEK, keep=True, **asked)


def kept(found: Outcome) -> Period:
    """The period of an outcome."""
    assert found.period is not None
    return found.period


# ── resources ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_resource_efficiency_is_use_over_open_hours_by_cost() -> None:
    assert week(*TWO).resource == pytest.approx((3 * 30 + 1 * 90) / (5 * 8 * 30 + 2 * 3 * 90))


def test_who_stays_late_is_there_as_long_as_they_work() -> None:
    late = Did(0, "see", 9, 14, 18.5, ("nurse",))  # closes at 16
    assert week(late).resource == pytest.approx(4.5 * 30 / (40 * 30 + 6 * 90 + 2.5 * 30))


def test_where_nobody_says_what_an_hour_costs_each_counts_one() -> None:
    it = clinic()
    free = replace(it, resources={n: replace(r, cost_per_hour=None) for n, r in it.resources.items()})
    found = week(*TWO, model=free)
    assert found.resource == pytest.approx((3 + 1) / (40 + 6))
    assert found.cost == pytest.approx(46)


def test_open_hours_are_times_places_and_not_on_closed_days() -> None:
    nurses = replace(clinic(), resources={**clinic().resources, "nurse": Resource(calendar="day", capacity=3, cost_per_hour=30.0)})
    closed = replace(nurses, calendars={**nurses.calendars, "day": hours("08:00", "16:00", closed=("2024-01-04",))})
    found = week(*TWO, model=closed)
    assert kept(found).open.tolist() == [3 * 8 * 30 + 270, 3 * 8 * 30 + 270, 720, 0, 720, 0, 0]


def test_the_site_has_the_first_word_on_hours_and_cost_and_its_first_pool_on_what_is_in_two() -> None:
    said = {
        "pools": {
            "sisters": {"resources": ["nurse"], "cost_per_hour": 20.0, "calendar": "nights"},
            "all": {"resources": ["nurse", "doctor"], "cost_per_hour": 5.0, "calendar": "day"},
        },
        "calendars": {
            name: {"shifts": [{"days": ["Mon"], "from": "08:00", "to": to}]} for name, to in (("nights", "18:00"), ("day", "11:00"))
        },
    }
    assert kept(week(*TWO, site=said)).open[0] == 10 * 20 + (3 + 1) * 5  # an hour of it overtime


def test_a_resource_that_was_never_used_is_idle_unless_a_log_is_to_be_matched() -> None:
    it = clinic(spare=Resource(calendar="day", cost_per_hour=10.0))
    run = passed(it, TWO, until=24 * 7)
    idle, seen = (period_of(run, site_of_model(it), 0, 7, idle=idle) for idle in (True, False))
    assert (idle.open.sum() - seen.open.sum(), idle.busy.sum()) == (5 * 8 * 10, seen.busy.sum())


def test_a_resource_of_no_pool_costs_nothing_and_is_not_idle() -> None:
    it = clinic(gone=Resource(calendar="day", cost_per_hour=1000.0))
    without = replace(it, pools={n: p for n, p in it.pools.items() if n != "gone"})
    assert (week(*TWO, model=without).cost, week(*TWO, model=without).resource) == (week(*TWO).cost, week(*TWO).resource)


def test_use_counts_on_its_day_whoever_the_patient_is() -> None:
    early = Did(0, "see", 9, 15, 40, ("nurse",))  # from Monday 15:00 to Tuesday 16:00, need on Monday
    run = passed(clinic(), [early, Did(1, "see", 30, 33, 34, ("nurse",))], until=24 * 7)
    p = period_of(run, site_of_model(clinic()), 1, 3)
    assert (p.cases, *p.busy) == pytest.approx((1, (16 + 1) * 30, 0))
    assert (p.days[0], len(p.days)) == (19724, 2)  # 2 January 2024


# ── money ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_cost_is_money_a_week_for_open_hours_and_for_work_outside_them() -> None:
    late = Did(0, "see", 9, 14, 18.5, ("nurse",))  # closes at 16
    found = week(late, Did(1, "treat", 33, 36, 38, ("doctor", "nurse")))  # the doctor closes at 37
    assert found.cost == pytest.approx(40 * 30 + 6 * 90 + 2.5 * 30 + 1 * 90)


def test_staff_are_those_in_pools_of_these_names() -> None:
    found = week(*TWO, staff=("nur*",))
    assert (found.staff_cost, week(*TWO, staff=("d*", "n*")).staff_cost) == (1200, found.cost)
    assert week(*TWO, staff=("N*",)).staff_cost == 0


def test_who_hands_over_at_closing_works_no_overtime() -> None:
    it = clinic()
    calm = replace(it, resources={**it.resources, "nurse": Resource(calendar="day", cost_per_hour=30.0, at_close="hand over")})
    assert week(Did(0, "see", 9, 14, 18.5, ("nurse",)), model=calm).cost == pytest.approx(40 * 30 + 6 * 90)


def test_money_is_a_week_however_many_days_are_counted() -> None:
    run = passed(clinic(), TWO, until=24 * 14)
    found = tally(run, site_of_model(clinic()), Course(settle_days=0, days=14, follow_days=0))
    assert found.cost == pytest.approx(1200 + 540)


# ── patients ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_flow_efficiency_is_hours_of_help_over_hours_from_need_to_end() -> None:
    found = week(*TWO, Did(0, "report", 11, 12, 13))
    assert (found.flow, found.throughput, found.wait) == pytest.approx((3 / (4 + 3.5), (4 + 3.5) / 2, (1 + 2.5) / 2))


def test_help_that_overlaps_counts_once() -> None:
    side_by_side = Did(0, "treat", 9.5, 10, 12.5, ("doctor",))
    found = week(TWO[0], side_by_side)
    assert (found.flow, found.patients) == (1.0, 1)


def test_who_has_not_left_counts_with_the_hours_so_far() -> None:
    found = week(*TWO, Did(2, "see", 24 * 7 - 5, 24 * 7 - 2, None, ("nurse",)), Did(3, "see", 24 * 7 - 1, None, None))
    p = kept(found)
    assert (p.t[2:].tolist(), p.va[2:].tolist(), p.wait[2:].tolist()) == ([5, 1], [2, 0], [3, 1])
    assert (found.patients, found.unfinished, p.unfinished) == (4, 0.5, 2)
    assert p.work[2:].tolist() == [60, 0]


def test_who_left_before_the_end_counts_up_to_then_and_as_a_harm() -> None:
    waits = Did(2, "see", 9, None, None)  # gone after the end at 11 and before that at 13
    found = week(TWO[0], waits, TWO[1])
    p = kept(found)
    assert (p.t[2], p.wait[2], p.harms[LEFT].tolist()) == (3, 3, [0, 0, 1])
    assert (found.unfinished, found.patients) == (0, 3)


def test_who_has_come_to_no_end_step_is_on_the_way() -> None:
    found = week(*TWO, site={"end_steps": ["treat"]})
    assert (found.unfinished, kept(found).t.tolist()) == (0.5, [24 * 7 - 9, 3.5])


def test_who_left_is_not_on_the_way_to_an_end_step() -> None:
    found = week(TWO[0], Did(2, "see", 9, None, None), TWO[1], site={"end_steps": ["treat"]})
    assert (found.unfinished, kept(found).t.tolist()) == (1 / 3, [24 * 7 - 9, 3.5, 3])


def test_a_need_whose_time_nobody_wrote_down_arose_at_the_start() -> None:
    found = week(Did(0, "see", math.nan, 10, 11, ("nurse",)), Did(0, "see", math.nan, 14, 15, ("nurse",)))
    assert (found.throughput, found.wait, found.flow) == (5, 3, 0.4)


def test_patients_count_by_the_day_their_need_arose() -> None:
    run = passed(clinic(), [Did(0, "see", 23, 25, 26, ("nurse",)), Did(1, "see", 25, 29, 30, ("nurse",))], until=24 * 7)
    found = tally(run, site_of_model(clinic()), Course(settle_days=1, days=1, follow_days=5), keep=True)
    assert (found.patients, found.wait, kept(found).day.tolist()) == (1, 4, [0])


def test_the_worst_off_wait_is_the_mean_of_the_longest_tenth() -> None:
    found = week(*(Did(i, "report", 9, 10 + i, 60) for i in range(20)))
    assert (found.worst_wait, found.wait) == pytest.approx((19.5, 10.5))


def test_growth_is_of_patients_there_from_the_first_quarter_of_days_to_the_last() -> None:
    run = passed(clinic(), [Did(0, "report", 0, 0, 24 * 8), Did(1, "report", 24 * 6, 24 * 6, 24 * 8)], until=24 * 8)
    found = tally(run, site_of_model(clinic()), Course(settle_days=0, days=8, follow_days=0))
    assert found.growth == pytest.approx((2 - 1) / ((6 + 4) / 8))


def test_fit_is_the_share_of_what_is_needed_or_done_that_is_both() -> None:
    needs = {"needs": [{"attribute": "kind", "values": ["x"], "step": s, "weight": w} for s, w in (("see", 3.0), ("treat", 1.0))]}
    found = week(*TWO, site=needs, people=({"kind": "x"}, {"kind": "y"}))
    assert found.fit == pytest.approx((3 / 4 + 0 / 1) / 2)
    again = {"needs": [*needs["needs"], {"attribute": "kind", "values": ["y"], "step": "see", "weight": 2.0}]}  # the largest counts
    assert week(*TWO, site=again, people=({"kind": "x"}, {"kind": "y"})).fit == pytest.approx((3 / 4 + 0 / 4) / 2)
    assert math.isnan(week(*TWO).fit)
    assert math.isnan(week(*TWO, site=needs).fit)  # nobody has a kind


def test_a_step_made_another_way_is_still_that_step_to_all_that_the_site_says() -> None:
    it = clinic()
    away = replace(it, steps={**it.steps, "see · from home": step(60.0, "nurse"), "report · by night": step(60.0)})
    did = (Did(0, "see · from home", 9, 10, 11, ("nurse",)), Did(0, "report · by night", 11, 11, 15))
    said = {
        "steps": {"see": "value-adding", "report": "waiting"},
        "units": {"see": "front", "report": "back"},
        "needs": [{"attribute": "kind", "values": ["x"], "step": "see"}],
        "cancelled_steps": ["report"],
    }
    found = week(*did, model=away, site=said, people=({"kind": "x"},))
    p = kept(found)
    assert (found.flow, found.fit, p.harms["cancelled"].tolist()) == (1 / 6, 1.0, [1])
    assert {name: (s.va.sum(), s.t.sum(), s.places) for name, s in p.stages.items()} == {"front": (1, 2, 1)}


def test_a_period_is_kept_with_facts_and_units_only_where_it_is_asked_for() -> None:
    it, people = clinic(), ({"kind": "x"}, {"kind": "y", "age": "old"})
    run = passed(it, TWO, people, until=24 * 7)
    assert tally(run, site_of_model(it), WEEK, facts=("kind",)).period is None
    p = kept(tally(run, site_of_model(it), WEEK, facts=("kind", "age", "unheard of"), keep=True))
    assert {name: list(x) for name, x in p.facts.items()} == {"kind": ["x", "y"], "age": [None, "old"]}
    assert list(p.stages) == ["nurse", "doctor"]
    assert [x for s in p.stages.values() for x in (s.busy.sum(), s.open.sum(), s.t.sum(), s.places)] == pytest.approx(
        [3, 40, 2 + 3.5, 1, 1, 6, 3.5, 1]
    )


def test_one_that_was_never_used_stands_in_the_unit_of_its_pool() -> None:
    it = clinic(second=Resource(calendar="day", cost_per_hour=30.0))
    both = replace(it, pools={"nurses": Pool(members=("nurse", "second")), "doctor": it.pools["doctor"], "nurse": it.pools["nurse"]})
    stage = kept(week(*TWO, model=both, site={"units": {"see": "front", "treat": "front"}})).stages["front"]
    assert (stage.places, stage.open[0], stage.busy[0]) == pytest.approx((3, 8 + 8 + 3, 4))
    used = period_of(passed(both, TWO, until=24 * 7), site_of_model(both), 0, 7, idle=False).stages["nurses"]
    assert (used.places, used.open[0]) == (1, 8)


def test_the_work_of_one_who_is_closed_all_these_days_is_all_overtime() -> None:
    it = clinic(night=Resource(cost_per_hour=40.0))
    both = replace(
        it,
        resources={**it.resources, "night": Resource(calendar="never", cost_per_hour=40.0)},
        calendars={**it.calendars, "never": hours("08:00", "16:00", ("Mon",), ("2024-01-01",))},
        pools={"nurses": Pool(members=("nurse", "night")), "doctor": it.pools["doctor"], "nurse": it.pools["nurse"]},
    )
    found = week(*TWO, Did(2, "see", 1, 1, 4, ("night",)), model=both)
    assert found.resource == pytest.approx((3 * 30 + 1 * 90 + 3 * 40) / (1740 + 3 * 40))
    assert found.cost == pytest.approx(1740 + 3 * 40)


# ── what the engines tell ───────────────────────────────────────────────────────────────────────────────────────────


def ran(model: Model, engine: Engine, days: float) -> Passed:
    """A run of a model."""
    job = Job(model=model, plan=AS_TODAY, seed=1, days=days, patients=None, present=(), engine=engine)
    return job.passed(job.ready(lambda _words: None), 0)


@pytest.mark.parametrize("engine", ENGINES)
def test_while_the_surgeon_is_at_home_nobody_is_helped_or_in_use(engine: Engine) -> None:
    it = hospital(
        {"into bed": step(30.0, Need(pools=("bed",), until="operate")), "operate": step(180.0, "bed", "theatre", "surgeon")},
        known(("Ann", 60 * 14.5)),
        resources={
            "bed": Resource(),
            "theatre": Resource(cost_per_hour=50.0),
            "surgeon": Resource(calendar="day", at_close="go home", cost_per_hour=90.0),
        },
        calendars={"day": hours("08:00", "16:00")},
    )
    p = period_of(ran(it, engine, 7), site_of_model(it), 0, 7)
    assert (p.t.tolist(), p.va.tolist(), p.wait.tolist()) == ([19.5], [3.5], [16.0])
    assert p.busy[:2] == pytest.approx(np.array([1 * 50 + 1 * 90, 2 * 50 + 2 * 90]))
    assert p.stages["theatre"].t.tolist() == [19, 0, 0, 0, 0, 0, 0]  # once, though it went on the next day
    found = tally(ran(it, engine, 7), site_of_model(it), WEEK)
    assert found.cost == pytest.approx(7 * 24 * 50 + 40 * 90)  # no overtime


@pytest.mark.parametrize("engine", ENGINES)
def test_who_gives_up_waiting_left_between_the_ends_before_and_after(engine: Engine) -> None:
    it = hospital(
        {"see": step(36.0, "nurse", patience=Fixed(minutes=60.0)), "rest": step(14.0)},
        known(("Ann", 0.0), ("Bo", 5.0), ("Cy", 10.0), ("Di", 71.0)),  # Cy would be seen at 72 and leaves at 70
        resources={"nurse": Resource()},
    )
    p = period_of(ran(it, engine, 1), site_of_model(it), 0, 1)
    assert p.harms[LEFT].tolist() == [0, 0, 1, 0]
    assert p.t * 60 == pytest.approx(np.array([50, 81, (50 + 72) / 2 - 10, 1 + 36 + 14]))  # ends before and after: Ann's rest, Bo's see


# ── what cannot be counted ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_run_that_says_nothing_of_the_days_is_refused() -> None:
    site, run = site_of_model(clinic()), passed(clinic(), TWO, until=24 * 7)
    with pytest.raises(EmptyError, match="nobody whose need arose then"):
        period_of(run, site, 1, 7)
    with pytest.raises(EmptyError, match="stopped before the end of day 8"):
        tally(run, site, Course(settle_days=0, days=8, follow_days=0))
    with pytest.raises(EmptyError, match="days 3 up to 3"):
        period_of(run, site, 3, 3)
    with pytest.raises(EmptyError, match="nobody"):
        period_of(passed(clinic(), [], until=24 * 7), site, 0, 7)


@pytest.mark.parametrize(("last_day", "extract"), [(13, False), (14, True)])
def test_where_nobody_has_come_for_long_a_run_is_an_extract(last_day: int, extract: bool) -> None:
    run = passed(clinic(), [TWO[0], Did(1, "report", 9, 9, 24 * last_day + 2)])
    assert period_of(run, site_of_model(clinic()), 0, 7).extract is extract


def test_a_run_that_ended_when_all_had_left_has_no_horizon() -> None:
    found = tally(passed(clinic(), TWO), site_of_model(clinic()), WEEK)
    assert (found.patients, found.unfinished, found.cost) == (2, 0, 1740)
