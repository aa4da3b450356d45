"""More and fewer patients and places, and the curve through them: queues whose V* is known by formula."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandcone.core.arrivals import Gaps, Rate, Slots
from sandcone.core.errors import ModelError
from sandcone.core.estimate import Estimate
from sandcone.core.improved import Line
from sandcone.core.law import Exponential, Fixed, Law, LawWhen, Lognormal, Seen, Uniform, longer
from sandcone.core.model import Booking, Model, Need, Pool, Resource
from sandcone.core.period import Period, Stage
from sandcone.core.plan import AS_TODAY
from sandcone.core.queueing import wait_mmm
from sandcone.core.rows import Passed
from sandcone.improving.scaled import line, with_capacity, with_demand
from sandcone.simulating.job import Job
from sandcone.simulating.load import load
from tests.simulating.worlds import hospital, hours, known, mm, step

SETTLE, DAYS = 5, 30
LAWS = [Fixed(minutes=3.0), Uniform(low=2.0, high=7.0), Exponential(mean=4.0), Lognormal(median=5.0, sigma=0.6), Seen(minutes=(1.0, 6.0))]


def period(passed: Passed, places: int) -> Period:
    """A queue with one kind of resource as a period: all in hours, days from ``SETTLE`` on."""
    rows = passed.rows
    day, days = (passed.arrived[rows.patient] // 1440).astype(int) - SETTLE, DAYS - SETTLE
    mine = (day >= 0) & (day < days)
    va, t = ((rows.end - x)[mine] / 60 for x in (rows.start, rows.ready))
    day = day[mine]
    by_day = [np.bincount(day, weights=x, minlength=days) for x in (va, t)]
    opened = np.full(days, 24.0 * places)
    stage = Stage(busy=by_day[0], open=opened, va=by_day[0], t=by_day[1], places=places)
    own = {"busy": by_day[0], "open": opened, "t": t, "va": va, "wait": t - va, "work": va}
    return Period(name="queue", days=np.arange(days), day=day, stages={"S": stage}, **own)


def runs(model: Model, n: int = 6) -> list[Period]:
    """Some runs of a queue with one station, until all who came have left."""
    job = Job(model=model, plan=AS_TODAY, seed=3, days=DAYS + 10, patients=None, present=(), engine="fast")
    engine = job.ready(lambda _words: None)
    return [period(job.passed(engine, r), sum(x.capacity for x in model.resources.values())) for r in range(n)]


def demand_line(model: Model, scales: Sequence[float] = (0.6, 0.8, 1.0, 1.1)) -> Line:
    return line("queue", "demand", {x: runs(with_demand(model, x)) for x in scales})


def around(x: float, e: Estimate | None) -> bool:
    return e is not None and e.low is not None and e.high is not None and e.low <= x <= e.high


@pytest.mark.parametrize(("servers", "used"), [(1, 0.65), (3, 0.7)])
def test_the_queue_of_the_textbook_has_a_v_star_of_one_and_its_own_curve(servers: int, used: float) -> None:
    found = demand_line(mm(servers, used))
    assert around(1.0, found.v_star) and found.v_star is not None and found.v_star.value == pytest.approx(1.0, abs=0.08)
    assert [times for times, _, _ in found.points] == [0.6, 0.8, 1.0, 1.1]
    assert found.left_out == () and found.note == ""
    for times, re, _fe in found.points:
        assert re.value == pytest.approx(used * times, rel=0.03) and re.n == 6
    us, fes = np.array(found.fitted).T
    assert len(us) > 20 and np.all(np.diff(us) > 0)
    assert fes == pytest.approx([1 / (1 + wait_mmm(u, servers)) for u in us], abs=0.02)


def test_equal_ways_have_equal_v_star() -> None:
    one, other = demand_line(mm(2, 0.7)), demand_line(mm(2, 0.7))
    assert one == other


def test_a_way_that_halves_variability_has_half_the_v_star() -> None:
    one, other = demand_line(mm(1, 0.7)), demand_line(mm(1, 0.7, service=Fixed(minutes=10.0)))
    assert one.v_star is not None and other.v_star is not None
    assert other.v_star.value / one.v_star.value == pytest.approx(0.5, abs=0.04)


def test_capacity_moves_along_the_same_curve_with_a_point_a_scale() -> None:
    model = mm(4, 0.7)
    found = line("queue", "capacity", {x: runs(with_capacity(model, x)) for x in (0.75, 1.0, 1.5)})
    assert [round(re.value, 1) for _, re, _ in found.points] == [0.9, 0.7, 0.5]
    assert around(1.0, found.v_star) and len(found.fitted) == 3


def test_a_scale_that_the_house_cannot_keep_up_with_is_left_out_and_said_to_be() -> None:
    found = line("queue", "demand", {x: runs(with_demand(mm(1, 0.7), x)) for x in (0.8, 1.0, 1.5)}, {2.0: "too much work"})
    assert [times for times, _, _ in found.points] == [0.8, 1.0]
    assert [times for times, _ in found.left_out] == [1.5, 2.0]
    assert "could not keep up" in found.left_out[0][1] and found.left_out[1][1] == "too much work"


def test_waits_that_grow_in_every_run_are_no_steady_state_although_nobody_is_always_busy() -> None:
    def growing(p: Period) -> Period:
        return replace(p, wait=p.wait + 3.0 * p.day)

    steady = runs(mm(1, 0.5))
    found = line("queue", "demand", {1.0: steady, 1.1: [growing(p) for p in steady]})
    assert [times for times, _, _ in found.points] == [1.0] and "waits grew" in found.left_out[0][1]


def test_where_patients_lose_far_more_than_queues_could_cost_there_is_no_v_star_and_it_is_said_why() -> None:
    def late(p: Period) -> Period:
        stage = replace(p.stages["S"], t=p.stages["S"].t + 5000.0)
        return replace(p, stages={"S": stage})

    found = line("queue", "demand", {1.0: [late(p) for p in runs(mm(1, 0.5))]})
    assert found.v_star is None and found.fitted == () and "V* cannot be known" in found.note
    assert len(found.points) == 1


def test_one_run_gives_a_line_without_intervals_and_none_is_refused() -> None:
    found = line("queue", "demand", {1.0: runs(mm(1, 0.5), 1)})
    assert found.v_star is not None and found.v_star.low is None and found.points[0][1].low is None
    with pytest.raises(ValueError, match="at one scale"):
        line("queue", "demand", {})


@given(law=st.sampled_from(LAWS), times=st.floats(0.01, 50))
def test_a_longer_law_has_so_many_times_the_mean(law: Law, times: float) -> None:
    assert longer(law, times).mean == pytest.approx(times * law.mean)
    assert type(longer(law, times)) is type(law)


STREAMS: list[Callable[[], object]] = [
    lambda: Rate(per_hour=(0.7,), party=Fixed(minutes=3.0)),
    lambda: Gaps(gap=Exponential(mean=30.0), open=hours("08:00", "16:00")),
    lambda: Slots(slots=(480.0, 500.0, 2000.0), filled=0.8, no_show=0.1),
]


@given(which=st.sampled_from(range(3)), times=st.floats(0.2, 4))
def test_the_load_of_every_stream_grows_as_demand_does(which: int, times: float) -> None:
    model = hospital({"Care": step(1, "S")}, (STREAMS[which](),), resources={"S": Resource(capacity=3)})  # type: ignore[arg-type]
    assert load(with_demand(model, times))[0][1] == pytest.approx(times * load(model)[0][1])
    assert with_demand(model, 1) is model


def test_slots_that_are_all_filled_are_offered_again() -> None:
    stream = Slots(slots=(480.0, 500.0), filled=0.9)
    (more,) = with_demand(hospital({"Care": step(1)}, (stream,)), 1.5).arrivals
    assert isinstance(more, Slots)
    assert more.slots == (480.0, 480.0, 500.0, 500.0) and more.filled == pytest.approx(0.675)


def test_nobody_is_made_up_among_listed_patients_and_scales_must_be_sensible() -> None:
    model = hospital({"Care": step(1)}, known(("Ann", 0.0)))
    with pytest.raises(ModelError, match="listed one by one"):
        with_demand(model, 1.1)
    for scaled in (with_demand, with_capacity):
        with pytest.raises(ModelError, match="-1 times as much"):
            scaled(model, -1)


def pooled(times: float) -> Model:
    """Three theatres and a group of seven beds; the second theatre has a law of its own."""
    things = {**{f"T{i}": Resource(calendar="c") for i in (1, 2, 3)}, "Beds": Resource(capacity=7)}
    cases = (LawWhen(law=Fixed(minutes=2.0), resource="T2"), LawWhen(law=Fixed(minutes=4.0), resource="T3"))
    model = hospital(
        {"Operate": step(9, "Theatres", cases=cases), "Rest": step(60, "Beds", booking=Booking(slots=(600.0, 700.0, 800.0), places=2))},
        (Rate(per_hour=(0.5,)),),
        resources=things,
        pools={"Theatres": Pool(members=("T1", "T2", "T3")), "Late": Pool(members=("T1", "T2", "T3"))},
        calendars={"c": hours("08:00", "16:00")},
    )
    model = replace(model, pools={k: v for k, v in model.pools.items() if not k.startswith("T") or k == "Theatres"})
    return with_capacity(model, times)


def test_more_capacity_is_copies_of_single_members_and_larger_groups() -> None:
    more = pooled(5 / 3)
    assert more.pools["Theatres"].members == ("T1", "T2", "T3", "T1 (extra 1)", "T2 (extra 1)") == more.pools["Late"].members
    assert more.resources["T2 (extra 1)"] == more.resources["T2"] and more.resources["Beds"].capacity == 12
    assert [(c.resource, c.law.mean) for c in more.steps["Operate"].minutes.cases] == [("T2", 2), ("T2 (extra 1)", 2), ("T3", 4)]


def test_less_capacity_takes_the_last_ones_and_leaves_one() -> None:
    less = pooled(0.6)
    assert less.pools["Theatres"].members == ("T1", "T2") and less.resources["Beds"].capacity == 4
    assert [c.resource for c in less.steps["Operate"].minutes.cases] == ["T2"]
    least = pooled(0.01)
    assert least.pools["Theatres"].members == ("T1",) and least.resources["Beds"].capacity == 1


@pytest.mark.parametrize(("times", "week"), [(0.5, 3), (1.0, 6), (1.5, 9), (1.2, 7), (0.1, 1)])
def test_appointments_are_places_too(times: float, week: int) -> None:
    booking = pooled(times).steps["Rest"].booking
    assert booking is not None
    assert len(booking.slots) * booking.places == week and set(booking.slots) <= {600.0, 700.0, 800.0}


def test_capacity_that_leaves_a_step_undone_is_refused() -> None:
    model = hospital(
        {"Lift": step(5, Need(pools=("Nurses",), units=2))}, (Rate(per_hour=(1.0,)),), resources={"Nurses": Resource(capacity=3)}
    )
    with pytest.raises(ModelError, match="it needs 2"):
        with_capacity(model, 0.3)
