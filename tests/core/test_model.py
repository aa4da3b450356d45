from collections.abc import Callable
from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from pydantic import ValidationError

from sandcone.core.arrivals import Listed, Patient, Rate
from sandcone.core.errors import ModelError
from sandcone.core.law import Fixed, LawWhen, Minutes
from sandcone.core.model import Booking, Need, Pool, Resource, Step
from sandcone.core.plan import ByStep, FirstCome, NobodyOver
from sandcone.core.route import Do, Route
from sandcone.core.site import Calendar
from tests.core.small import CLINIC, clinic, hours, shift, step, with_calendars

TALK = Minutes(otherwise=Fixed(minutes=9))
KEPT = Need(pools=("Nurses",), until="Sing")


@pytest.mark.parametrize(
    ("part", "where", "found"),
    [
        (lambda: Resource(capacity=0), "resource", "capacity 0"),
        (lambda: Resource(turnover_minutes=-1), "resource", "turnover_minutes is -1"),
        (lambda: Resource(last_start_minutes=float("nan")), "resource", "last_start_minutes is nan"),
        (lambda: Resource(setup_minutes=4), "resource", "setup_minutes without setup_by"),
        (lambda: Resource(cost_per_hour=-2), "resource", "cost_per_hour is -2"),
        (lambda: Pool(members=()), "pool", "nobody can do its steps"),
        (lambda: Pool(members=("Ann", "Bo", "Ann")), "pool", "'Ann' is a member twice"),
        (lambda: Need(pools=("A",), units=0), "need", "0 units"),
        (lambda: Need(pools=()), "need", "no pool"),
        (lambda: Need(pools=("A",), blocks=True, until="B"), "need", "both blocks and until"),
        (lambda: Booking(slots=()), "booking", "rising minutes"),
        (lambda: Booking(slots=(60.0,), places=0), "booking", "0 places"),
        (lambda: Booking(slots=(60.0,), notice_minutes=-1), "booking", "notice"),
        (lambda: Booking(slots=(60.0,), no_show=0.75, cancel=0.5), "booking", "no_show 0.75 and cancel 0.5"),
        (lambda: Booking(slots=(60.0,), no_show=0.96, again=True), "booking", "no_show 0.96"),
    ],
)
def test_a_part_that_cannot_be_is_refused_with_what_to_do(part: Callable[[], object], where: str, found: str) -> None:
    with pytest.raises(ModelError) as refusal:
        part()
    assert refusal.value.where == where
    assert found in refusal.value.found
    assert refusal.value.do


@pytest.mark.parametrize(
    ("other", "where", "found"),
    [
        ({"steps": {"Walk": step("Nurses")}}, "route, node 'a'", "step 'Talk' is not there"),
        ({"steps": {"Talk": step("Doctors")}}, "step 'Talk'", "pool 'Doctors' is not there"),
        (
            {"steps": {"Talk": Step(minutes=TALK, needs=(KEPT,))}},
            "step 'Talk'",
            "step 'Sing' is not there",
        ),
        (
            {"steps": {"Talk": Step(minutes=Minutes(otherwise=Fixed(minutes=1), cases=(LawWhen(law=Fixed(minutes=2), resource="Bo"),)))}},
            "step 'Talk', minutes",
            "resource 'Bo' is not there",
        ),
        ({"pools": {"Nurses": Pool(members=("Ann", "Bo"))}}, "pool 'Nurses'", "resource 'Bo' is not there"),
        ({"resources": {"Ann": Resource(calendar="night")}}, "resource 'Ann'", "calendar 'night' is not there"),
        ({"arrivals": (Rate(per_hour=(1.0,)), Rate(per_hour=(1.0,), first="b", name="door"))}, "arrivals 2 ('door')", "'b' is not there"),
        ({"arrivals": (Listed(patients=(Patient(name="Cy", minute=1, first="b"),)),)}, "arrivals 1 ('list'), patient 'Cy'", "'b'"),
        ({"queue": ByStep(order=("Talk", "Sing"))}, "queue", "step 'Sing' is not there"),
        ({"queue": NobodyOver(minutes=3, otherwise=ByStep(order=("Sing",)))}, "queue", "step 'Sing' is not there"),
    ],
)
def test_a_name_that_nothing_has_is_refused_with_the_names_there_are(other: dict[str, Any], where: str, found: str) -> None:
    with pytest.raises(ModelError) as refusal:
        clinic(**other)
    assert refusal.value.where == where
    assert found in refusal.value.found
    assert refusal.value.do.startswith("Known: ")


def test_a_step_that_asks_for_more_than_any_of_its_pools_ever_has_is_refused() -> None:
    wants = Step(minutes=TALK, needs=(Need(pools=("Nurses", "Pairs"), units=4),))
    pools = {"Nurses": Pool(members=("Ann",)), "Pairs": Pool(members=("Bo", "Cy"))}
    people = {"Ann": Resource(), "Bo": Resource(capacity=2), "Cy": Resource()}
    with pytest.raises(ModelError, match=r"step 'Talk': it needs 4 of Nurses or Pairs, which has 3 at most"):
        clinic(steps={"Talk": wants}, pools=pools, resources=people)
    clinic(steps={"Talk": wants}, pools=pools, resources=people | {"Cy": Resource(capacity=2)})


def test_two_needs_of_one_pool_are_added_up() -> None:
    wants = Step(minutes=TALK, needs=(Need(pools=("Nurses",)), Need(pools=("Nurses",))))
    people = {"Ann": Resource(), "Bo": Resource()}
    with pytest.raises(ModelError, match=r"step 'Talk': it needs 2 of Nurses, which has 1 at most"):
        clinic(steps={"Talk": wants}, pools={"Nurses": Pool(members=("Ann",))}, resources=people)
    clinic(steps={"Talk": wants}, pools={"Nurses": Pool(members=("Ann", "Bo"))}, resources=people)


def test_a_step_that_needs_nothing_but_time_is_allowed() -> None:
    assert clinic(steps={"Talk": step()}).steps["Talk"].needs == ()


def test_a_calendar_without_hours_is_refused() -> None:
    with pytest.raises(ValidationError, match="at least 1 item"):
        Calendar(shifts=())
    with pytest.raises(ValidationError, match="never opens"):
        shift("Mon", "09:00", "09:00")


def test_a_shift_too_short_to_begin_anything_in_is_refused() -> None:
    day = hours("Mon", "08:00", "12:00")
    with pytest.raises(ModelError, match="step 'Talk': no hour of the week is left to begin it with A") as refusal:
        with_calendars(day, day, last_start_minutes=241)
    assert "last_start_minutes" in refusal.value.do
    with_calendars(day, day, last_start_minutes=240)  # the moment of opening is left


def test_two_who_never_work_at_the_same_time_cannot_do_a_step_together() -> None:
    with pytest.raises(ModelError, match="step 'Talk': A, B are never open at the same time"):
        with_calendars(hours("Mon Tue", "08:00", "12:00"), hours("Mon Wed", "12:00", "16:00"))
    with_calendars(hours("Mon Tue", "08:00", "12:00"), hours("Mon Wed", "11:59", "16:00"))
    with pytest.raises(ModelError, match="never open at the same time"):
        with_calendars(hours("Mon", "08:00", "12:00"), hours("Mon", "11:31", "16:00"), last_start_minutes=30)


def test_what_a_patient_has_kept_since_before_need_not_be_open_any_more() -> None:
    early, late = hours("Mon", "08:00", "12:00"), hours("Mon", "12:00", "16:00")
    assert with_calendars(early, late, kept={"until": "Talk"}).calendars["1"] == early


def test_a_night_shift_in_two_halves_is_one_opening() -> None:
    night = Calendar(shifts=(shift("Mon", "22:00", "24:00"), shift("Tue", "00:00", "06:00")))
    with_calendars(night, hours("Tue", "00:00", "01:30"), last_start_minutes=300)
    weekend = Calendar(shifts=(shift("Sun", "22:00", "24:00"), shift("Mon", "00:00", "06:00")))
    with_calendars(weekend, hours("Sun", "23:00", "24:00"), last_start_minutes=300)
    with pytest.raises(ModelError):
        with_calendars(night, hours("Tue", "01:30", "06:00"), last_start_minutes=300)


def test_a_model_cannot_be_changed_and_is_first_come_first_served_unless_it_says_otherwise() -> None:
    assert CLINIC.queue == FirstCome()
    with pytest.raises(FrozenInstanceError):
        CLINIC.name = "other"  # type: ignore[misc]
    assert clinic(route=Route(first="b", nodes={"b": Do(step="Talk")})) != CLINIC
