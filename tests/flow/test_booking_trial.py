"""Whole paths booked and tried on the twin: room for emergencies, paired runs, and every measure told whichever way it goes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sandcone.core.arrivals import Gaps
from sandcone.core.journeys import Journeys
from sandcone.core.law import Fixed
from sandcone.core.model import Resource
from sandcone.flow.booking_trial import BOOKED, TAIL, BookingTrial, booking_trial, taken_by, with_room
from sandcone.flow.personal_trial import SETTLE
from sandcone.scenarios import nh_hospital, nh_people
from tests.personalising.test_ways import clinic


@pytest.fixture(scope="module")
def trial() -> BookingTrial:
    return booking_trial("ward", days=7, runs=1, seed=3)


def test_places_are_kept_for_those_who_are_not_booked_their_mean_use_and_its_root_more() -> None:
    model = clinic()
    every_hour = Gaps(gap=Fixed(minutes=60), first="talk", name="emergencies")  # a talk of 30 minutes an hour: half a nurse
    steps = {**model.steps, "Operation": replace(model.steps["Operation"], minutes=model.steps["Talk"].minutes)}
    one = {**model.resources, "Theatre": Resource()}
    found = taken_by(replace(model, arrivals=(every_hour,), steps=steps, resources=one), [0])
    assert found == {"Nurse": 2}  # 0.5 and a root of 0.7; the theatre is a single room


def test_half_of_what_there_is_can_always_be_booked() -> None:
    model = clinic()
    given = Journeys(name="x", begin=model.begin, days=1, resources=model.resources, pools=model.pools, journeys=())
    found = with_room(given, {"Nurse": 2, "Theatre": 8}).resources
    assert (found["Nurse"].capacity, found["Theatre"].capacity) == (7, 5)


def test_every_measure_of_a_booking_is_told(trial: BookingTrial) -> None:
    names = [name for name, _, _ in BOOKED]
    assert [m.name for m in trial.first_come.measures] == names == [m.name for m in trial.one_size.measures]
    assert trial.known_all is None and set(trial.as_json()) == {"schema", "left_out", "not_ended", "first_come", "one_size"}
    assert all(name in str(trial) for name in names)


def test_who_comes_in_the_days_that_count_and_needs_treatment_is_in_the_tables_or_said_not_to_be(trial: BookingTrial) -> None:
    people = nh_people(nh_hospital("ward", 2004, personal=True), days=SETTLE + 7 + TAIL, seed=3).truly
    come = [p for p in people if SETTLE <= p.minute / 1440 < SETTLE + 7 and p.facts["procedure"] != "none"]
    assert trial.first_come.people + trial.not_ended == len(come) > 5
    assert f"{trial.not_ended} had not come to the end" in str(trial) and f"{trial.left_out} could not be booked" in str(trial)


def test_the_same_people_are_on_the_same_paths_and_booking_alone_is_different(trial: BookingTrial) -> None:
    beside = trial.first_come
    assert beside["fit to true needs"].gap.value == 0 == beside["steps a patient"].gap.value
    assert beside["told a time"].one.value > 1 > beside["told a time"].other.value
    assert beside["waited"].gap.value != 0


def test_personal_paths_that_are_booked_fit_better_than_one_size(trial: BookingTrial) -> None:
    assert trial.one_size["fit to true needs"].gap.value > 0.03
    assert trial.one_size["fit to true needs"].one.value == trial.first_come["fit to true needs"].one.value
