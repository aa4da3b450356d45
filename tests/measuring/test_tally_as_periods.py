"""The period of a run is that of its log: every number that both have, in worlds that differ in what can go wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from sandcone.core.arrivals import Kind, Rate
from sandcone.core.law import Exponential, Fixed, Uniform
from sandcone.core.log import EventLog
from sandcone.core.model import AtClose, Booking, Model, Need, Pool, Resource
from sandcone.core.period import Floats, Period
from sandcone.core.plan import AS_TODAY
from sandcone.core.registered import Registered
from sandcone.core.route import Choose, Do, Node, Split, Way
from sandcone.core.rows import Passed
from sandcone.core.site import Site
from sandcone.measuring.periods import periods
from sandcone.measuring.tally import _as_in_a_log, period_of
from sandcone.scenarios import nh_hospital, nh_site
from sandcone.simulating.job import Job
from sandcone.simulating.log import event_log
from tests.measuring.tallied import both_ways
from tests.simulating.worlds import hospital, hours, step

EPOCH = date(1970, 1, 1).toordinal()
KINDS = (Kind(attributes={"kind": "x", "age": "old"}, share=0.75), Kind(attributes={"kind": "y"}, share=0.25))


def come(per_hour: float) -> tuple[Rate, ...]:
    return (Rate(per_hour=(per_hour,), kinds=KINDS),)


def clinic(at_close: AtClose = "finish") -> Model:
    """Two nurses and a doctor by day; some steps have two resources, some none, and a report waits on nobody."""
    steps = {
        "see": step(Uniform(low=10, high=35), "nurses"),
        "scan": step(Exponential(mean=20.0), "nurses", "machines"),
        "report": replace(step(45.0), value="waiting"),
        "treat": replace(step(Exponential(mean=25.0), "doctors"), value="necessary"),
    }
    nodes: dict[str, Node] = {
        "a": Do(step="see", then="b"),
        "b": Split(branches=("c", "d"), then="e"),
        "c": Do(step="scan", lag=Uniform(low=0, high=90)),
        "d": Do(step="report"),
        "e": Choose(otherwise=(Way(to="f", share=0.7), Way(to="end", share=0.3))),
        "f": Do(step="treat"),
    }
    return hospital(
        steps,
        come(0.8),
        nodes=nodes,
        resources={
            "Ann": Resource(calendar="day", cost_per_hour=30.0, at_close=at_close),
            "Bo": Resource(calendar="day", cost_per_hour=30.0),
            "Cy": Resource(calendar="long", cost_per_hour=90.0),
            "MRI": Resource(capacity=2),
        },
        pools={"nurses": Pool(members=("Ann", "Bo")), "doctors": Pool(members=("Cy",)), "machines": Pool(members=("MRI",))},
        calendars={"day": hours("08:00", "16:30", closed=("2024-01-03",)), "long": hours("07:32", "21:02")},
    )


def ward() -> Model:
    """Beds that are kept until a later step, and a door that blocks; some give up waiting, some never come."""
    clinic = Booking(slots=tuple(60.0 * h for h in range(9, 120, 6)), places=2, no_show=0.2)
    return hospital(
        {
            "into bed": step(5.0, Need(pools=("beds",), until="leave"), patience=Fixed(minutes=400)),
            "operate": step(Exponential(mean=70.0), Need(pools=("theatres",), blocks=True)),
            "wake": step(30.0, "bays"),
            "leave": step(Uniform(low=600, high=2000), Need(pools=("beds",), until="leave")),
            "check": step(15.0, "desk", booking=clinic),
        },
        come(0.12),
        resources={"B": Resource(capacity=5), "T": Resource(), "R": Resource(), "desk": Resource(calendar="day", capacity=2)},
        pools={"beds": Pool(members=("B",)), "theatres": Pool(members=("T",)), "bays": Pool(members=("R",))},
        calendars={"day": hours("08:00", "18:00")},
    )


WORLDS: dict[str, tuple[Model, float, Mapping[str, object]]] = {
    "costs, closed days and odd minutes": (clinic(), 12, {}),
    "units, needs and a step that should not be": (
        clinic("go home"),
        12,
        {
            "units": {"see": "outside", "scan": "inside", "treat": "inside"},
            "needs": [
                {"attribute": "kind", "values": ["x"], "step": "treat", "weight": 2.0},
                {"attribute": "age", "values": ["old"], "step": "scan"},
            ],
            "cancelled_steps": ["treat"],
        },
    ),
    "beds kept, doors blocked, people who leave": (ward(), 15, {"units": {"into bed": "ward", "leave": "ward", "wake": "ward"}}),
    "only days of use, other places, end steps": (
        clinic(),
        12,
        {
            "pools": {"d": {"resources": ["Cy"], "cost_per_hour": 90.0}, "n": {"resources": ["Ann", "Bo"], "cost_per_hour": 35.0}},
            "calendars": {"default": {"shifts": [{"days": ["Tue", "Sat"], "from": "00:00", "to": "24:00"}], "only_days_used": True}},
            "capacity": {"MRI": 3},
            "end_steps": ["treat", "report"],
        },
    ),
    "the clock is put forward": (replace(clinic(), begin=date(2024, 3, 25), zone="Europe/Berlin"), 12, {}),
    "the clock is put back": (replace(ward(), begin=date(2024, 10, 21), zone="Europe/Berlin"), 12, {}),
}


def as_log(log: EventLog, follow_up: int) -> Period:
    """The period of a log, less the last days."""
    return periods(log, Registered(follow_up_days=follow_up), facts=("kind", "procedure"))[0]


def alike(run: Passed, site: Site, log: EventLog, follow_up: int) -> tuple[Period, Period]:
    """The period of a run's log, and that of its arrays over the same days."""
    one = as_log(log, follow_up)
    first = int(one.days[0]) + EPOCH - run.model.begin.toordinal()
    return one, _as_in_a_log(run, site, first, first + len(one.days), facts=("kind", "procedure"))


def in_order(p: Period) -> dict[str, Floats]:
    """What is known of patients, in an order that does not depend on their names; what they are beforehand as numbers."""
    facts = {k: np.unique(v.astype(str), return_inverse=True)[1] for k, v in p.facts.items()}
    columns = {"day": p.day, "t": p.t, "va": p.va, "wait": p.wait, "work": p.work, **facts, **p.harms}
    order = np.lexsort([np.round(x, 6) for x in columns.values()])
    return {k: np.asarray(x, dtype=np.float64)[order] for k, x in columns.items()}


def same(one: Period, two: Period) -> None:
    """Fail where two periods differ in any number."""
    assert (one.cases, one.unfinished, one.extract) == (two.cases, two.unfinished, two.extract)
    assert two.days.tolist() == one.days.tolist()
    assert two.busy == pytest.approx(one.busy, rel=1e-9, abs=1e-9)
    assert two.open == pytest.approx(one.open, rel=1e-9)
    mine, theirs = in_order(two), in_order(one)
    assert mine.keys() == theirs.keys()
    for name, values in theirs.items():
        assert mine[name] == pytest.approx(values, rel=1e-9, abs=1e-9), name
    assert list(two.stages) == list(one.stages)
    for name, stage in one.stages.items():
        for what in ("busy", "open", "va", "t", "places"):
            assert getattr(two.stages[name], what) == pytest.approx(getattr(stage, what), rel=1e-9, abs=1e-8), (name, what)
    if one.fit is not None:
        assert two.fit is not None
        assert two.fit.value == pytest.approx(one.fit.value, rel=1e-9)
        assert two.fit.n == one.fit.n


@pytest.mark.parametrize("world", WORLDS)
def test_a_run_gives_the_same_period_as_its_log(world: str) -> None:
    model, days, said = WORLDS[world]
    run, log, site = both_ways(model, days, said, seed=2)
    one, two = alike(run, site, log, 0)
    assert one.cases > 20
    assert one.unfinished > 0
    same(one, two)


def test_the_ward_of_the_cardiac_hospital_gives_the_same_period_as_its_log() -> None:
    model = nh_hospital("ward")
    job = Job(model=model, plan=AS_TODAY, seed=3, days=70, patients=None, present=(), engine="fast")
    engine = job.ready(lambda _words: None)
    made, run, site = job.made(engine, 0), job.passed(engine, 0), nh_site(model)
    log = replace(event_log(model, made.table, len(made.table), made.attributes, 0), site=site)
    one, two = alike(run, site, log, 28)
    same(one, two)
    assert len(one.stages) > 5
    whole = period_of(run, site, int(two.days[0] - one.days[0]), len(one.days))
    assert whole.cases == one.cases + one.unfinished
