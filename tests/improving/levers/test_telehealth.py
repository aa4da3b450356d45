"""The lever of telehealth: who is at home, what they need there, and what stays as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sandcone.core.arrangement import Arrangement
from sandcone.core.arrivals import Kind, Rate
from sandcone.core.errors import ModelError
from sandcone.core.law import Exponential, Fixed, LawWhen
from sandcone.core.lever import plain
from sandcone.core.model import Booking, Need, Resource, Step
from sandcone.core.plan import Booked, ByStep, NobodyOver, Plan, ShortestFirst
from sandcone.core.route import END, Choose, Do, Node, Way
from sandcone.core.site import Condition
from sandcone.improving.levers.telehealth import telehealth
from tests.improving.levers.played import played, who_comes
from tests.simulating.worlds import hospital, known, step

PEOPLE = {"Doctors": Resource(capacity=50), "Rooms": Resource(capacity=50), "Scanner": Resource(capacity=50)}
YOUNG = (Kind(share=0.5, attributes={"age": "young"}), Kind(share=0.5, attributes={"age": "old"}))
SLOW = LawWhen(law=Exponential(mean=40.0), when=(Condition(attribute="age", values=("old",)),))


def clinic(visit: Step | None = None, *, lag: float = 0.0, choice: bool = True, **steps: Step) -> Arrangement:
    """A visit in a room, for all who are not sent away, then a scan."""
    visit = visit or step(Exponential(mean=20.0), "Doctors", "Rooms", cases=(SLOW,))
    nodes: dict[str, Node] = {
        "asked?": Choose(otherwise=(Way(to="visit", share=0.8), Way(to=END, share=0.2))),
        "visit": Do(step="Visit", then="scan", lag=Fixed(minutes=lag) if lag else None),
        "scan": Do(step="Scan"),
    }
    model = hospital(
        {"Visit": visit, "Scan": step(Exponential(mean=15.0), "Scanner"), **steps},
        (Rate(per_hour=(2.0,), kinds=YOUNG, first=None if choice else "visit"),),
        nodes=nodes,
        resources=PEOPLE,
    )
    return Arrangement(model=model)


@pytest.mark.parametrize("choice", [True, False], ids=["behind a choice", "from the door"])
def test_a_share_of_patients_have_the_visit_from_home_without_a_room(choice: bool) -> None:
    at = clinic(choice=choice)
    rows = played(telehealth(at, steps=("Visit",), share=0.25), days=14)
    visits = [r for r in rows if plain(r.step) == "Visit"]
    home = [r for r in visits if r.step == "Visit · from home"]
    assert len(visits) == len([r for r in played(at, days=14) if r.step == "Visit"])
    assert 0.18 < len(home) / len(visits) < 0.32  # 672 come, so within three standard errors or so
    assert {r.by for r in home} == {"Doctors"}
    assert {r.by for r in visits if r not in home} == {"Doctors,Rooms"}


def test_behind_a_choice_everybody_keeps_their_luck() -> None:
    at = clinic()
    today, after = played(at, days=7), played(telehealth_of(at), days=7)
    took = [{(r.who, plain(r.step)): (r.start, r.end - r.start) for r in rows} for rows in (today, after)]
    home = {r.who for r in after if r.step == "Visit · from home"}
    assert took[0].keys() == took[1].keys()
    for (who, what), (start, minutes) in took[0].items():
        times = 0.5 if who in home and what == "Visit" else 1.0
        assert took[1][who, what][1] == pytest.approx(minutes * times, nan_ok=True)
        assert what == "Scan" or took[1][who, what][0] == start


def telehealth_of(at: Arrangement) -> Arrangement:
    return telehealth(at, steps=("Visit",), share=0.5, minutes_times=0.5)


def test_those_who_come_and_when_are_the_same_and_only_know_where_they_are() -> None:
    at = clinic()
    after = telehealth(at, steps=("Visit",), share=0.25).model
    assert who_comes(after) == who_comes(at.model)
    (stream,) = after.arrivals
    assert isinstance(stream, Rate)
    assert [(k.share, sorted(k.attributes.values())) for k in stream.kinds] == [
        (0.125, ["yes", "young"]),
        (0.375, ["no", "young"]),
        (0.125, ["old", "yes"]),
        (0.375, ["no", "old"]),
    ]


def test_known_patients_are_at_home_by_their_name_and_always_the_same() -> None:
    names = [(f"p{i}", 10.0 * i) for i in range(40)]
    at = Arrangement(model=hospital({"Visit": step(5, "Doctors")}, known(*names), resources=PEOPLE))
    home = [{r.who for r in played(telehealth(at, steps=("Visit",), share=s)) if "home" in r.step} for s in (0.3, 0.3, 0.6)]
    assert home[0] == home[1] < home[2]
    assert 5 <= len(home[0]) <= 20


def test_appointments_are_parted_and_are_as_many_as_before() -> None:
    slots = tuple(480.0 + 10 * i for i in range(10))
    booked = step(5, "Doctors", "Rooms", booking=Booking(slots=slots, places=3, no_show=0.1))
    after = telehealth(clinic(booked), steps=("Visit",), share=0.3).model.steps
    here, home = after["Visit"].booking, after["Visit · from home"].booking
    assert here is not None
    assert home is not None
    assert home.slots == (490.0, 520.0, 560.0)
    assert tuple(sorted(here.slots + home.slots)) == slots
    assert here == replace(home, slots=here.slots)


def test_appointments_too_few_to_part_are_refused() -> None:
    booked = step(5, "Doctors", booking=Booking(slots=(480.0, 600.0)))
    with pytest.raises(ModelError, match=r"2 slots a week cannot be parted by 0\.1"):
        telehealth(clinic(booked), steps=("Visit",), share=0.1)


def test_the_journey_falls_away_only_where_the_delay_is_said_to_be_one() -> None:
    at = clinic(lag=90.0)
    with pytest.raises(ModelError, match="may be the journey or something else"):
        telehealth(at, steps=("Visit",), share=0.5)
    for no_travel, minutes in ((True, None), (False, Fixed(minutes=90.0))):
        nodes = telehealth(at, steps=("Visit",), share=0.5, no_travel=no_travel).model.route.nodes
        lags = {n.step: n.lag for n in nodes.values() if isinstance(n, Do) and plain(n.step) == "Visit"}
        assert lags == {"Visit": Fixed(minutes=90.0), "Visit · from home": minutes}


def test_a_place_that_is_kept_until_the_visit_keeps_patients_in_the_house() -> None:
    kept = step(1, Need(pools=("Rooms",), until="Visit"))
    with pytest.raises(ModelError, match="patients who have it are in the house"):
        telehealth(clinic(Before=kept), steps=("Visit",), share=0.5)


def test_what_nobody_does_cannot_be_done_from_afar() -> None:
    with pytest.raises(ModelError, match="it needs nobody"):
        telehealth(clinic(step(5)), steps=("Visit",), share=0.5)


@pytest.mark.parametrize(("share", "times"), [(0.0, 1.0), (1.0, 1.0), (0.5, 0.0)])
def test_shares_and_times_that_cannot_be_are_refused(share: float, times: float) -> None:
    with pytest.raises(ModelError, match="Give a share below 1, both above 0"):
        telehealth(clinic(), steps=("Visit",), share=share, minutes_times=times)


def test_a_second_lever_for_the_same_patients_is_refused() -> None:
    with pytest.raises(ModelError):
        telehealth(telehealth_of(clinic()), steps=("Visit",), share=0.2)


def test_at_home_patients_wait_in_line_and_are_booked_as_the_others() -> None:
    at = clinic()
    order = ByStep(order=("Scan", "Visit"))
    plan = Plan(
        queue=NobodyOver(minutes=30.0, otherwise=order),
        queues={"Visit": ShortestFirst()},
        booked=(Booked(patient="p1", step="Visit", minute=99.0),),
    )
    after = telehealth(replace(at, model=replace(at.model, queue=order), plan=plan), steps=("Visit",), share=0.5)
    both = ByStep(order=("Scan", "Visit", "Visit · from home"))
    assert after.model.queue == both
    assert after.plan.queue == NobodyOver(minutes=30.0, otherwise=both)
    assert after.plan.queues == dict.fromkeys(("Visit", "Visit · from home"), ShortestFirst())
    assert [b.step for b in after.plan.booked] == ["Visit", "Visit · from home"]
