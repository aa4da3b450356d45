import math
from collections.abc import Callable

import pytest

from sandcone.core.arrivals import Gaps, Kind, Listed, Patient, Rate, Slots
from sandcone.core.errors import ModelError
from sandcone.core.law import Fixed

HALF = (Kind(share=0.5), Kind(share=0.25))


@pytest.mark.parametrize(
    ("stream", "found"),
    [
        (lambda: Rate(name="door", per_hour=(1.0, 2.0)), "rates that cannot be"),
        (lambda: Rate(name="door", per_hour=(-1.0,)), "rates that cannot be"),
        (lambda: Rate(name="door", per_hour=(math.nan,)), "rates that cannot be"),
        (lambda: Rate(name="door", per_hour=()), "rates that cannot be"),
        (lambda: Rate(name="door", per_hour=(0.0,) * 168), "nobody ever comes"),
        (lambda: Rate(name="door", per_hour=(1.0,), growth_per_week=-1), "100 % a week"),
        (lambda: Rate(name="door", per_hour=(1.0,), growth_per_week=math.nan), "100 % a week"),
        (lambda: Rate(name="door", per_hour=(1.0,), kinds=HALF), "add up to 0.75"),
        (lambda: Rate(name="door", per_hour=(1.0,), kinds=()), "add up to 0"),
        (lambda: Gaps(name="door", gap=Fixed(minutes=0)), "a gap of 0 minutes"),
        (lambda: Gaps(name="door", gap=Fixed(minutes=3), kinds=HALF), "add up to 0.75"),
        (lambda: Slots(name="door", slots=()), "rising minutes"),
        (lambda: Slots(name="door", slots=(60.0, 30.0)), "rising minutes"),
        (lambda: Slots(name="door", slots=(10080.0,)), "rising minutes"),
        (lambda: Slots(name="door", slots=(0.0,), filled=0), "shares that cannot be"),
        (lambda: Slots(name="door", slots=(0.0,), no_show=1), "shares that cannot be"),
        (lambda: Slots(name="door", slots=(0.0,), early_minutes=-5), "early_minutes is -5"),
        (lambda: Slots(name="door", slots=(0.0,), kinds=(Kind(share=1.5), Kind(share=-0.5))), "add up to 1"),
        (lambda: Listed(name="door", patients=(Patient(name="a", minute=5), Patient(name="b", minute=4))), "out of order"),
        (lambda: Listed(name="door", patients=(Patient(name="a", minute=-5),)), "out of order"),
        (lambda: Listed(name="door", patients=(Patient(name="a", minute=5), Patient(name="a", minute=6))), "two patients with one name"),
    ],
)
def test_arrivals_that_cannot_be_are_refused_by_name_with_a_hint(stream: Callable[[], object], found: str) -> None:
    with pytest.raises(ModelError, match=found) as refusal:
        stream()
    assert refusal.value.where == "arrivals 'door'"
    assert len(refusal.value.do) > 10


def test_the_last_minute_of_the_week_is_a_slot_and_two_patients_may_come_at_one_minute() -> None:
    assert Slots(slots=(0.0, 10079.0)).slots == (0.0, 10079.0)
    assert len(Listed(patients=(Patient(name="a", minute=5), Patient(name="b", minute=5))).patients) == 2


def test_patients_come_one_by_one_all_alike_unless_told_otherwise() -> None:
    assert Rate(per_hour=(2.0,)).kinds == (Kind(share=1.0),)
    assert Rate(per_hour=(2.0,)).party is None
