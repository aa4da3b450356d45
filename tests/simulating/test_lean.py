"""The fast lane tells the same story as the plain engine, row by row, for everything that it can run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from sandcone.core.arrivals import Arrivals, Gaps, Kind, Listed, Patient, Rate, Slots
from sandcone.core.law import Exponential, Fixed, Law, LawWhen, Lognormal, Minutes, Seen, Uniform
from sandcone.core.model import Model, Need, Pool, Resource, Step
from sandcone.core.plan import AS_TODAY, ByClass, ByStep, FirstCome, Plan, Queue, ShortestFirst
from sandcone.core.route import END, Choose, Do, Node, Route, Way, WaysWhen
from sandcone.core.rows import Rows
from sandcone.core.site import Condition
from sandcone.simulating import plain
from sandcone.simulating.lean import as_rows, fits, lane, rows
from sandcone.simulating.rows import rows_of
from sandcone.simulating.setting import setting

MONDAY, SATURDAY = date(2029, 1, 1), date(2029, 1, 6)
URGENT, CALM, OTHER = ({"class": c} for c in ("urgent", "calm", "other"))
MIXED = (Kind(share=0.2, attributes=URGENT), Kind(share=0.5, attributes=CALM), Kind(share=0.3, attributes=OTHER))
FOUR_AN_HOUR = Rate(per_hour=(4.0,), kinds=MIXED)
EVERY_5, EVERY_10, EVERY_15 = (Gaps(gap=Fixed(minutes=m), name=f"every {m}", kinds=MIXED) for m in (5, 10, 15))
BY_CLASS = ByClass(attribute="class", order=("urgent", "calm"))


def a_step(pool: str, law: Law, **more: Law) -> Step:
    """A step that takes one place of a pool."""
    return Step(minutes=Minutes(otherwise=law), needs=(Need(pools=(pool,)),), **more)  # type: ignore[arg-type]


def a_model(
    steps: dict[str, Step],
    nodes: dict[str, Node],
    *,
    arrivals: Iterable[Arrivals] = (FOUR_AN_HOUR,),
    places: dict[str, int],
    queue: Queue | None = None,
    begin: date = MONDAY,
) -> Model:
    """A model with one resource for each pool."""
    return Model(
        name="small",
        begin=begin,
        steps=steps,
        route=Route(first=next(iter(nodes)), nodes=nodes),
        arrivals=tuple(arrivals),
        resources={p: Resource(capacity=c) for p, c in places.items()},
        pools={p: Pool(members=(p,)) for p in places},
        queue=queue or FirstCome(),
    )


def one_queue(law: Law, *, arrivals: Iterable[Arrivals] = (FOUR_AN_HOUR,), queue: Queue | None = None, begin: date = MONDAY) -> Model:
    """Everyone is seen once, by one of two."""
    steps, nodes = {"see": a_step("staff", law)}, {"see": Do(step="see")}
    return a_model(steps, nodes, arrivals=arrivals, places={"staff": 2}, queue=queue, begin=begin)


def shared(first: Law, second: Law, **more: Law) -> Model:
    """Seen, then tested by the same staff or looked at elsewhere, and seen again now and then."""
    nodes: dict[str, Node] = {
        "door": Choose(otherwise=(Way(to="see", share=0.9), Way(to="test", share=0.1))),
        "see": Do(step="see", then="what next"),
        "what next": Choose(
            otherwise=(Way(to="test", share=0.5), Way(to="look", share=0.3), Way(to=END, share=0.2)),
            cases=(WaysWhen(when=(Condition(attribute="class", values=("urgent",)),), ways=(Way(to="look", share=1.0),)),),
        ),
        "test": Do(step="test", then="again"),
        "look": Do(step="look", then="again", lag=more.get("lag")),
        "again": Choose(otherwise=(Way(to="see", share=0.25), Way(to=END, share=0.75))),
    }
    delays = {k: v for k, v in more.items() if k != "lag"}
    steps = {"look": a_step("room", Uniform(low=5, high=20)), "see": a_step("staff", first, **delays), "test": a_step("staff", second)}
    return a_model(steps, nodes, places={"staff": 3, "room": 1})


def side_by_side() -> Model:
    """In step with each other: whoever is urgent goes by way of B, the others straight on to C, where both come at one moment."""
    urgent = WaysWhen(when=(Condition(attribute="class", values=("urgent",)),), ways=(Way(to="b", share=1.0),))
    nodes: dict[str, Node] = {
        "a": Do(step="a", then="which"),
        "which": Choose(otherwise=(Way(to="c", share=1.0),), cases=(urgent,)),
        "b": Do(step="b", then="c"),
        "c": Do(step="c"),
    }
    steps = {n: a_step(n, Fixed(minutes=10)) for n in "abc"}
    return a_model(steps, nodes, arrivals=(EVERY_5,), places=dict.fromkeys("abc", 1), queue=BY_CLASS)


HOURS = Rate(per_hour=tuple(0.0 if h % 24 < 6 else 1.0 + h % 7 for h in range(168)), kinds=MIXED)
SEEN = (3.0, 3.0, 60.0, 41.0)
SOME_GAPS = Gaps(gap=Uniform(low=5, high=40), kinds=(*MIXED[:1], Kind(share=0.8)))
IF_URGENT = LawWhen(law=Fixed(minutes=5), when=(Condition(attribute="class", values=("urgent",)),))
BY_CASE = Step(minutes=Minutes(otherwise=Fixed(minutes=20), cases=(IF_URGENT,)), needs=(Need(pools=("staff",)),))
CASES: dict[str, tuple[Model, Plan]] = {
    "one queue, exponential": (one_queue(Exponential(mean=25)), AS_TODAY),
    "fixed times and gaps, so that many things happen at one moment": (one_queue(Fixed(minutes=10), arrivals=(EVERY_5,)), AS_TODAY),
    "uniform": (one_queue(Uniform(low=3, high=50)), AS_TODAY),
    "lognormal": (one_queue(Lognormal(median=20, sigma=0.8)), AS_TODAY),
    "times that were seen": (one_queue(Seen(minutes=SEEN)), AS_TODAY),
    "a step of no time at all": (one_queue(Fixed(minutes=0)), AS_TODAY),
    "rates by the hour, from a Saturday": (one_queue(Exponential(mean=22), arrivals=(HOURS,), begin=SATURDAY), AS_TODAY),
    "gaps by a law, beside a rate": (one_queue(Exponential(mean=15), arrivals=(SOME_GAPS, FOUR_AN_HOUR)), AS_TODAY),
    "two streams at the same moments": (one_queue(Fixed(minutes=7), arrivals=(EVERY_15, EVERY_10)), AS_TODAY),
    "classes": (one_queue(Exponential(mean=28), queue=BY_CLASS), AS_TODAY),
    "shortest first, by class": (replace(one_queue(Fixed(minutes=1), queue=ShortestFirst()), steps={"see": BY_CASE}), AS_TODAY),
    "a pool shared by two steps, first come": (shared(Exponential(mean=14), Lognormal(median=12, sigma=0.5)), AS_TODAY),
    "a pool shared by two steps, one before the other": (
        shared(Fixed(minutes=12), Fixed(minutes=12)),
        Plan(queue=ByStep(order=("test", "see"))),
    ),
    "a pool shared by two steps, shortest first": (shared(Fixed(minutes=16), Fixed(minutes=9)), Plan(queue=ShortestFirst())),
    "another queue for each step": (
        shared(Exponential(mean=14), Fixed(minutes=12)),
        Plan(queue=BY_CLASS, queues={"test": FirstCome()}),
    ),
    "two who begin at one moment at two places, the more urgent one first": (side_by_side(), AS_TODAY),
    "delays of all kinds": (
        shared(
            Exponential(mean=14),
            Fixed(minutes=9),
            lag=Exponential(mean=30),
            before=Uniform(low=0, high=9),
            after=Seen(minutes=(0.0, 7.0)),
        ),
        Plan(queue=BY_CLASS),
    ),
    "fixed delays, so that many are over at one moment": (
        replace(
            shared(Fixed(minutes=15), Fixed(minutes=5), lag=Fixed(minutes=5), before=Fixed(minutes=5), after=Fixed(minutes=10)),
            arrivals=(EVERY_5,),
        ),
        Plan(queue=BY_CLASS),
    ),
}
STOPS: dict[str, tuple[float | None, int | None]] = {
    "after 300 patients": (None, 300),
    "after two days and a half": (2.5, None),
    "after two days or 150 patients": (2.0, 150),
}


def same(got: Rows, wanted: Rows) -> None:
    """Row by row, minutes to the ninth digit."""
    for column in ("patient", "step", "first", "also"):
        np.testing.assert_array_equal(getattr(got, column), getattr(wanted, column))
    for column in ("ready", "planned", "start", "end"):
        np.testing.assert_allclose(getattr(got, column), getattr(wanted, column), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize("case", CASES)
def test_every_row_is_that_of_the_plain_engine(case: str, stop: str) -> None:
    model, plan = CASES[case]
    for replication in (0, 3):
        days, patients = STOPS[stop]
        made = setting(model, plan, 7, replication, days, patients, ())
        wanted = rows_of(plain.run(made), model)
        assert len(wanted) > 100
        here = lane(model, plan)
        same(as_rows(here.run(seed=7, replication=replication, days=days, patients=patients).log, here.net), wanted)
        same(rows(made), wanted)


def test_patients_who_come_by_list_by_appointment_or_in_parties_are_given_to_the_lane_ready_made() -> None:
    a_list = Listed(
        patients=tuple(Patient(name=f"p{i}", minute=7.0 * i, attributes=(URGENT, CALM)[i % 2]) for i in range(40)), first="test"
    )
    slots = Slots(slots=(600.0, 615.0, 700.0), filled=0.9, no_show=0.1, unpunctual=Exponential(mean=9), early_minutes=5, kinds=MIXED)
    party = Rate(per_hour=(1.0,), party=Uniform(low=1, high=4), growth_per_week=0.2, kinds=MIXED, first="look")
    model = replace(shared(Exponential(mean=14), Fixed(minutes=9)), arrivals=(slots, a_list, party))
    plan = Plan(queue=BY_CLASS)
    made = setting(model, plan, 4, 0, 20.0, None, ())
    assert fits(model, plan)
    same(rows(made), rows_of(plain.run(made), model))
    with pytest.raises(ValueError, match="slots"):
        lane(model, plan)


def test_patients_who_differ_in_what_makes_no_difference_are_of_one_kind() -> None:
    everyone = tuple(Patient(name=f"p{i}", minute=float(i), attributes={"age": str(i), **(URGENT if i % 3 else CALM)}) for i in range(5000))
    model = replace(CASES["classes"][0], arrivals=(Listed(patients=everyone),))
    made = setting(model, AS_TODAY, 1, 0, None, 200, ())
    assert fits(model, AS_TODAY)
    same(rows(made), rows_of(plain.run(made), model))
    assert not fits(model, Plan(queue=ByClass(attribute="age", order=("4",))))


def test_where_nobody_comes_there_are_no_rows() -> None:
    model, plan = CASES["one queue, exponential"]
    assert len(rows(setting(model, plan, 1, 0, 1e-6, None, ()))) == len(lane(model, plan).run(seed=1, days=1e-6).log) == 0


def test_the_kind_of_a_row_is_that_of_the_patient() -> None:
    model, plan = CASES["classes"]
    come = setting(model, plan, 3, 1, None, 50, ())
    log = lane(model, plan).run(seed=3, replication=1, patients=50).log
    assert [MIXED[k].attributes for k in log.kind] == [come.who(int(p)) for p in log.patient]


def test_without_a_log_the_same_waits_are_counted() -> None:
    model, plan = CASES["delays of all kinds"]
    told, silent = (lane(model, plan).run(seed=5, patients=400, skip=30, record=r) for r in (True, False))
    log = told.log
    counts = [(log.patient >= 30) & (log.step == s) for s in range(3)]
    assert not silent.chunks
    assert silent.events == told.events == 400 + len(log)
    assert list(silent.begun) == [int(c.sum()) for c in counts]
    np.testing.assert_allclose(silent.waited_minutes, [(log.start - log.ready)[c].sum() for c in counts])


def test_the_house_may_fill_beyond_the_first_room_and_the_log_beyond_its_first_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    model, plan = one_queue(Exponential(mean=60)), AS_TODAY
    whole = lane(model, plan).run(seed=2, patients=2000).log
    monkeypatch.setattr("sandcone.simulating.lean_state.FIRST_ROOM", 2)
    monkeypatch.setattr("sandcone.simulating.lean_state.CHUNK", 70)
    monkeypatch.setattr("sandcone.simulating.lean_state.PIECE", 111)
    cut = lane(model, plan).run(seed=2, patients=2000)
    assert len(cut.chunks) > 20
    for name in ("patient", "step", "kind", "ready", "start", "end"):
        np.testing.assert_array_equal(getattr(cut.log, name), getattr(whole, name))


def test_one_lane_serves_any_number_of_replications_each_with_its_own_luck() -> None:
    here = lane(*CASES["classes"])
    first, second, again = (here.run(seed=1, replication=r, patients=60).log for r in (0, 1, 0))
    np.testing.assert_array_equal(first.end, again.end)
    assert not np.array_equal(first.ready, second.ready)


def test_a_run_that_would_never_end_is_refused() -> None:
    with pytest.raises(ValueError, match="never ends"):
        lane(*CASES["classes"]).run(seed=1)
