import math
from collections.abc import Callable

import pytest

from sandcone.core.errors import ModelError
from sandcone.core.law import Exponential, Fixed, LawWhen, Lognormal, Minutes, Seen, Uniform, holds
from sandcone.core.site import Condition

CHILD = Condition(attribute="age", values=("child",))


def test_the_mean_of_each_law_is_known() -> None:
    assert Fixed(minutes=7).mean == 7
    assert Uniform(low=3, high=8).mean == 5.5
    assert Exponential(mean=11).mean == 11
    assert Seen(minutes=(1, 2, 6)).mean == 3
    assert Lognormal(median=250, sigma=0.22).mean == pytest.approx(250 * math.exp(0.0242))


@pytest.mark.parametrize(
    ("law", "found"),
    [
        (lambda: Fixed(minutes=-1), "a fixed time is -1"),
        (lambda: Fixed(minutes=math.nan), "a fixed time is nan"),
        (lambda: Uniform(low=5, high=3), "between 5 and 3"),
        (lambda: Uniform(low=-2, high=3), "lower limit is -2"),
        (lambda: Uniform(low=2, high=math.inf), "between 2 and inf"),
        (lambda: Exponential(mean=0), "a mean time is 0"),
        (lambda: Exponential(mean=math.inf), "a mean time is inf"),
        (lambda: Lognormal(median=0, sigma=1), "a median time is 0"),
        (lambda: Lognormal(median=3, sigma=-1), "sigma is -1"),
        (lambda: Seen(minutes=()), "no time was seen"),
        (lambda: Seen(minutes=(4, -3)), "a time seen is -3"),
    ],
)
def test_a_time_that_cannot_be_is_refused_with_what_to_give_instead(law: Callable[[], object], found: str) -> None:
    with pytest.raises(ModelError, match=found) as refusal:
        law()
    assert refusal.value.where == "law"
    assert "Give" in refusal.value.do


def test_the_first_case_that_fits_gives_the_law() -> None:
    ann, child, any_child = Fixed(minutes=1), Fixed(minutes=2), Fixed(minutes=3)
    minutes = Minutes(
        otherwise=Fixed(minutes=4),
        cases=(LawWhen(law=ann, resource="Ann", when=(CHILD,)), LawWhen(law=child, when=(CHILD,)), LawWhen(law=any_child, resource="Ann")),
    )
    assert minutes.law({"age": "child"}, "Ann") is ann
    assert minutes.law({"age": "child"}, "Bo") is child
    assert minutes.law({"age": "child"}) is child
    assert minutes.law({"age": "adult"}, "Ann") is any_child
    assert minutes.law({}, "Bo") == Fixed(minutes=4)


def test_all_conditions_must_hold_and_an_attribute_nobody_gave_holds_for_none() -> None:
    free = Condition(attribute="tier", values=("free", "general"))
    assert holds((), {})
    assert holds((CHILD, free), {"age": "child", "tier": "general"})
    assert not holds((CHILD, free), {"age": "child", "tier": "private"})
    assert not holds((CHILD, free), {"age": "child"})
