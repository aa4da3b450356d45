"""The lever that spreads appointments over the week and makes parties smaller."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandcone.core.arrangement import Arrangement
from sandcone.core.arrivals import Arrivals, Gaps, Rate, Slots
from sandcone.core.errors import ModelError
from sandcone.core.law import Exponential, Fixed, Law, Lognormal, Seen, Uniform
from sandcone.core.model import Booking, Resource
from sandcone.improving.levers.parties import mean_party
from sandcone.improving.levers.smoothing import smooth
from sandcone.simulating.arrivals import drawn_all
from tests.improving.levers.played import played
from tests.simulating.worlds import hospital, known, step

DAY = 1440.0
MONDAY_TO_THURSDAY = (480.0, 540.0, 600.0, 660.0, 720.0, DAY + 480, 2 * DAY + 480, 3 * DAY + 600)


def booked(slots: tuple[float, ...]) -> Arrangement:
    """One visit by appointment."""
    visit = step(10, "Doctors", booking=Booking(slots=slots, places=2, notice_minutes=5.0))
    return Arrangement(model=hospital({"Visit": visit, "Bill": step(1)}, known(("a", 0.0)), resources={"Doctors": Resource()}))


def slots_of(at: Arrangement) -> list[tuple[int, float]]:
    """Day of the week and minute of the day of each slot."""
    booking = at.model.steps["Visit"].booking
    assert booking is not None
    return [(int(s // DAY), s % DAY) for s in booking.slots]


def test_as_many_slots_are_spread_evenly_over_the_days_that_have_some() -> None:
    today = booked(MONDAY_TO_THURSDAY)
    at = smooth(today, steps=("Visit",))
    assert slots_of(at) == [(d, m) for d in range(4) for m in (480.0, 600.0)]
    assert at.model.steps["Visit"].booking.places == 2  # type: ignore[union-attr]
    assert today == booked(MONDAY_TO_THURSDAY)
    assert at.model.arrivals == today.model.arrivals
    assert [s.start for s in played(at) if s.step == "Visit"] == [480]


def test_half_way_there_is_half_of_the_difference() -> None:
    counts = [d for d, _ in slots_of(smooth(booked(MONDAY_TO_THURSDAY), steps=("Visit",), by=0.5))]
    assert [counts.count(d) for d in range(7)] == [4, 2, 1, 1, 0, 0, 0]  # 3.5, 1.5, 1.5, 1.5: the largest remainders, the first days first


def test_days_that_are_named_have_all_the_slots() -> None:
    counts = [d for d, _ in slots_of(smooth(booked(MONDAY_TO_THURSDAY), steps=("Visit",), days=("Tue", "Fri")))]
    assert [counts.count(d) for d in range(7)] == [0, 4, 0, 0, 4, 0, 0]


@given(st.lists(st.integers(0, 10079), min_size=1, max_size=60), st.floats(0.05, 1.0))
def test_smoothing_keeps_the_number_of_slots_and_brings_days_closer_together(minutes: list[int], by: float) -> None:
    today = booked(tuple(sorted(map(float, minutes))))
    try:
        at = smooth(today, steps=("Visit",), by=by)
    except ModelError:
        return
    before, after = ([sum(d == day for d, _ in slots_of(a)) for day in range(7)] for a in (today, at))
    assert sum(before) == sum(after)
    assert max(after) <= max(before)
    assert {m for _, m in slots_of(at)} <= {m for _, m in slots_of(today)}


def test_slots_that_are_even_already_are_refused_and_so_is_a_step_without_any() -> None:
    with pytest.raises(ModelError, match="'Visit': as even as it can be"):
        smooth(booked((480.0, DAY + 480)), steps=("Visit",))
    with pytest.raises(ModelError, match="step 'Bill': it is not done by appointment"):
        smooth(booked((480.0, DAY + 480)), steps=("Bill",))
    with pytest.raises(ModelError, match="as even as it can be"):
        smooth(booked((480.0, DAY + 480)))
    with pytest.raises(ModelError, match="by is above 0 and at most 1"):
        smooth(booked(MONDAY_TO_THURSDAY), steps=("Visit",), by=1.5)


def coming(*streams: Arrivals) -> Arrangement:
    return Arrangement(model=hospital({"Visit": step(10)}, streams))


def test_smaller_parties_come_as_much_more_often() -> None:
    camp = Rate(per_hour=(0.0,) * 32 + (2.0,) * 2 + (0.0,) * 134, party=Fixed(minutes=12.0), name="camps")
    (made,) = smooth(coming(camp), streams=("camps",), party_times=0.25).model.arrivals
    assert made == Rate(per_hour=(0.0,) * 32 + (8.0,) * 2 + (0.0,) * 134, party=Fixed(minutes=3.0), name="camps")


def test_parties_are_counted_in_whole_people_so_that_as_many_come() -> None:
    hubs = Rate(per_hour=(1.0,), party=Uniform(low=0.4, high=2.4), name="hubs")  # 0.4 to 1.5: one, 0.55 of them; 1.5 to 2.4: two
    (made,) = smooth(coming(hubs), streams=("hubs",), party_times=0.5).model.arrivals
    assert isinstance(made, Rate)
    assert made.party == Uniform(low=0.2, high=1.2)
    assert made.per_hour[0] == pytest.approx(1.45)


def test_the_rates_of_days_become_even_and_the_hours_within_a_day_stay() -> None:
    per_hour = np.zeros((7, 24))
    per_hour[0, 9:11] = (3.0, 1.0)
    per_hour[2, 14] = 2.0
    (made,) = smooth(coming(Rate(per_hour=tuple(per_hour.ravel().tolist()))), streams=("arrivals",)).model.arrivals
    assert isinstance(made, Rate)
    rates = np.reshape(made.per_hour, (7, 24))
    assert rates[0, 9:11] == pytest.approx([2.25, 0.75])
    assert rates[2, 14] == pytest.approx(3.0)
    assert rates.sum() == pytest.approx(6.0)
    (other,) = smooth(coming(Rate(per_hour=tuple(per_hour.ravel().tolist()))), streams=("arrivals",), days=("Fri",)).model.arrivals
    assert isinstance(other, Rate)
    assert np.reshape(other.per_hour, (7, 24))[4, [9, 10, 14]] == pytest.approx([3.0, 1.0, 2.0])


def test_arrivals_by_appointment_are_spread_by_their_slots() -> None:
    (made,) = smooth(coming(Slots(slots=MONDAY_TO_THURSDAY, filled=0.5)), streams=("arr*",)).model.arrivals
    assert isinstance(made, Slots)
    assert [int(s // DAY) for s in made.slots] == [0, 0, 1, 1, 2, 2, 3, 3]


def test_patients_who_come_as_they_come_are_not_smoothed() -> None:
    with pytest.raises(ModelError, match="they come one after the other as they come"):
        smooth(coming(Gaps(gap=Exponential(mean=5.0))), streams=("arrivals",))
    with pytest.raises(ModelError, match="as even as it can be"):
        smooth(coming(Rate(per_hour=(3.0,))), streams=("arrivals",), party_times=0.5)


LAWS: list[Law] = [
    Fixed(minutes=2.6),
    Uniform(low=0.3, high=7.2),
    Uniform(low=3.0, high=3.0),
    Exponential(mean=4.0),
    Lognormal(median=3.0, sigma=0.7),
    Lognormal(median=2.2, sigma=0.0),
    Seen(minutes=(0.0, 1.0, 2.6, 9.0)),
]


@pytest.mark.parametrize("law", LAWS, ids=range(len(LAWS)))
def test_the_mean_of_a_party_is_that_of_its_draws(law: Law) -> None:
    draws = np.maximum(1, np.rint(drawn_all(law, (np.arange(20_000) + 0.5) / 20_000)))
    assert mean_party(law) == pytest.approx(float(draws.mean()), rel=3e-3)
    assert math.isfinite(mean_party(law))
