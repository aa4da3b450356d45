"""The fast lane says no to whatever it cannot do, and says what that is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date

import pytest

from sandcone.core.arrivals import Arrivals, Gaps, Listed, Patient, Rate, Slots
from sandcone.core.law import Exponential, Fixed, LawWhen, Minutes
from sandcone.core.model import Booking, Model, Need, Pool, Resource, Step
from sandcone.core.pace import Pace
from sandcone.core.plan import AS_TODAY, Booked, ByClass, DueDate, FirstCome, NobodyOver, Plan, Queue, ShortestFirst, Slack
from sandcone.core.present import Waiting
from sandcone.core.route import Choose, Do, Route, Split
from sandcone.core.site import Calendar, Shift
from sandcone.simulating.lean import fits, lane
from sandcone.simulating.lean_tables import why_not

OFFICE = Calendar(shifts=(Shift.model_validate({"days": ["Mon", "Tue"], "from": "08:00", "to": "16:00"}),))
NEED = Need(pools=("staff",))
SEE = Step(minutes=Minutes(otherwise=Exponential(mean=9)), needs=(NEED,))
SIMPLE = Model(
    name="simple",
    begin=date(2029, 1, 1),
    steps={"see": SEE, "test": SEE},
    route=Route(first="see", nodes={"see": Do(step="see", then="test"), "test": Do(step="test")}),
    arrivals=(Rate(per_hour=(5.0,)),),
    resources={"nurse": Resource(capacity=3), "doctor": Resource(capacity=2)},
    pools={"staff": Pool(members=("nurse",)), "doctors": Pool(members=("doctor",)), "all": Pool(members=("nurse", "doctor"))},
    calendars={"office": OFFICE},
)


def with_step(**more: object) -> Model:
    """The simple model with another first step."""
    return replace(SIMPLE, steps={**SIMPLE.steps, "see": replace(SEE, **more)})  # type: ignore[arg-type]


def with_need(*needs: Need) -> Model:
    """The simple model where the first step needs something else."""
    return with_step(needs=needs)


def with_nurse(**more: object) -> Model:
    """The simple model with another nurse."""
    return replace(SIMPLE, resources={**SIMPLE.resources, "nurse": Resource(**more)})  # type: ignore[arg-type]


BY_NURSE = Minutes(otherwise=Fixed(minutes=9), cases=(LawWhen(law=Fixed(minutes=8), resource="nurse"),))
SPLIT = Route(first="both", nodes={**SIMPLE.route.nodes, "both": Split(branches=("see", "test"))})
PACED = Route(first="see", nodes={"see": Do(step="see", lag=Fixed(minutes=5), pace="even")})
UNFIT: dict[str, Model] = {
    "no need": with_need(),
    "two needs": with_need(NEED, Need(pools=("doctors",))),
    "two units": with_need(Need(pools=("staff",), units=2)),
    "two pools": with_need(Need(pools=("staff", "doctors"))),
    "a pool of two": with_need(Need(pools=("all",))),
    "a place kept for want of the next": with_need(Need(pools=("staff",), blocks=True)),
    "a place kept until a later step": with_need(Need(pools=("staff",), until="test")),
    "appointments": with_step(booking=Booking(slots=(600.0,))),
    "patience": with_step(patience=Fixed(minutes=30)),
    "minutes by resource": with_step(minutes=BY_NURSE),
    "opening hours": with_nurse(capacity=3, calendar="office"),
    "turnover": with_nurse(turnover_minutes=1.0),
    "set-up": with_nurse(setup_minutes=5.0, setup_by="class"),
    "delays at a pace": replace(SIMPLE, paces={"even": Pace(by_hour=(1.0,) * 168)}, route=PACED),
    "parallel parts": replace(SIMPLE, route=SPLIT),
    "more places than the tree holds": with_nurse(capacity=2**20 + 1),
}
DUE = DueDate(attribute="class", within_minutes={}, otherwise_minutes=60)
QUEUES: dict[str, Queue] = {
    "due date": DUE,
    "slack": Slack(attribute="class", within_minutes={}, otherwise_minutes=60),
    "nobody over": NobodyOver(minutes=30, otherwise=FirstCome()),
}
ODD_ARRIVALS: dict[str, Arrivals] = {
    "growth": Rate(per_hour=(5.0,), growth_per_week=0.01),
    "parties": Rate(per_hour=(5.0,), party=Fixed(minutes=2)),
    "open gaps": Gaps(gap=Fixed(minutes=9), open=OFFICE),
    "slots": Slots(slots=(600.0,)),
    "a list": Listed(patients=(Patient(name="Ann", minute=3.0),)),
}


LOOKED_AT: dict[type, str] = {
    Model: "name begin steps route arrivals resources pools calendars paces queue zone notes",
    Step: "minutes needs before after patience booking value",
    Need: "pools units blocks until",
    Pool: "members pick",
    Resource: "capacity calendar at_close last_start_minutes turnover_minutes setup_minutes setup_by grade cost_per_hour",
    Do: "step then lag pace kind",
    Choose: "otherwise cases kind",
    Minutes: "otherwise cases",
    LawWhen: "law when resource",
    Rate: "per_hour growth_per_week party kinds first name kind",
    Gaps: "gap open kinds first name kind",
    Plan: "name queue queues booked",
}


@pytest.mark.parametrize("noun", LOOKED_AT, ids=lambda n: n.__name__)
def test_whoever_gives_a_noun_a_new_field_has_to_say_whether_it_fits(noun: type) -> None:
    assert {f.name for f in fields(noun)} == set(LOOKED_AT[noun].split()), "teach lean_tables.py the new field, then list it here"


def test_the_simple_model_fits() -> None:
    assert fits(SIMPLE, AS_TODAY)
    assert lane(SIMPLE, AS_TODAY).run(seed=1, patients=3).patients == 3


@pytest.mark.parametrize("what", UNFIT)
def test_what_the_lane_cannot_do_does_not_fit_and_is_refused(what: str) -> None:
    assert not fits(UNFIT[what], AS_TODAY)
    with pytest.raises(ValueError, match="not for the fast lane"):
        lane(UNFIT[what], AS_TODAY)


@pytest.mark.parametrize("what", QUEUES)
@pytest.mark.parametrize(
    "where",
    [lambda q: Plan(queue=q), lambda q: Plan(queues={"test": q}), lambda q: replace(SIMPLE, queue=q)],
    ids=["plan", "step", "model"],
)
def test_a_queue_whose_order_changes_with_time_does_not_fit(what: str, where: Callable[[Queue], Plan | Model]) -> None:
    given = where(QUEUES[what])
    assert not (fits(given, AS_TODAY) if isinstance(given, Model) else fits(SIMPLE, given))


def test_shortest_first_beside_another_queue_fits_only_where_they_share_no_resource() -> None:
    plan = Plan(queue=ByClass(attribute="class", order=("urgent",)), queues={"test": ShortestFirst()})
    apart = replace(SIMPLE, steps={"see": SEE, "test": replace(SEE, needs=(Need(pools=("doctors",)),))})
    assert "shortest first beside" in str(why_not(SIMPLE, plan))
    assert fits(apart, plan)


def test_a_step_that_no_route_comes_to_is_in_nobodys_way() -> None:
    assert fits(replace(SIMPLE, steps={**SIMPLE.steps, "never": replace(SEE, needs=())}), AS_TODAY)


def test_booked_and_present_patients_do_not_fit() -> None:
    assert not fits(SIMPLE, Plan(booked=(Booked(patient="1", step="see", minute=60.0),)))
    assert not fits(SIMPLE, AS_TODAY, (Waiting(name="Bo", node="see", since=-5.0),))


@pytest.mark.parametrize("what", ODD_ARRIVALS)
def test_arrivals_that_the_lane_does_not_make_itself_are_refused_by_name_though_the_model_fits(what: str) -> None:
    model = replace(SIMPLE, arrivals=(Rate(per_hour=(1.0,)), ODD_ARRIVALS[what]))
    assert fits(model, AS_TODAY)
    with pytest.raises(ValueError, match=f"arrivals '{ODD_ARRIVALS[what].name}'"):
        lane(model, AS_TODAY)
