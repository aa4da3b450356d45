"""Parts as they are listed, some of them beside others."""

from __future__ import annotations

import pytest

from sandcone.core.care import Lag, Module, Part
from sandcone.core.errors import ModelError
from sandcone.core.listed import as_listed


def parts(*said: str) -> tuple[Part, ...]:
    """Parts by name; "ICU<Stay" goes on during the stay."""
    pairs = [s.partition("<") for s in said]
    return tuple(Part(name=name, step=name, during=within or None) for name, _, within in pairs)


def pairs(*said: str) -> list[tuple[str, str]]:
    return [(lag.before, lag.after) for lag in as_listed(parts(*said))]


def test_parts_follow_each_other() -> None:
    assert pairs("a", "b", "c") == [("a", "b"), ("b", "c")]


def test_a_part_during_another_is_in_no_order_with_it_and_what_follows_comes_after_both() -> None:
    assert pairs("come", "Stay", "ICU<Stay", "leave") == [("come", "Stay"), ("come", "ICU"), ("Stay", "leave"), ("ICU", "leave")]


def test_parts_during_the_same_one_follow_each_other_wherever_they_stand() -> None:
    assert pairs("x<Stay", "Stay", "leave", "y<Stay") == [("Stay", "leave"), ("y", "leave"), ("x", "y")]


def test_what_goes_on_during_what_goes_on_during_something_is_in_no_order_with_either() -> None:
    assert pairs("come", "Stay", "ICU<Stay", "pump<ICU", "leave") == [
        ("come", "Stay"),
        ("come", "ICU"),
        ("come", "pump"),
        ("Stay", "leave"),
        ("ICU", "leave"),
        ("pump", "leave"),
    ]


def test_a_part_whose_other_one_is_not_for_this_person_stands_for_itself() -> None:
    assert pairs("come", "ICU<Stay", "leave") == [("come", "ICU"), ("ICU", "leave")]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (("a", "b<c"), "no part of it"),
        (("a", "b<b"), "going round"),
        (("a<c", "b<a", "c<b"), "going round"),
    ],
    ids=["not there", "itself", "a circle"],
)
def test_a_part_goes_on_during_another_part_of_the_module_and_nothing_goes_round(said: tuple[str, ...], found: str) -> None:
    with pytest.raises(ModelError, match=found):
        Module(name="m", parts=parts(*said))


def test_a_part_beside_a_circle_is_no_circle_itself() -> None:
    Module(name="m", parts=parts("a", "b<a", "c<b", "d<b"))


def test_no_lag_puts_a_part_after_the_one_that_it_goes_on_during() -> None:
    with pytest.raises(ModelError, match="a lag between them"):
        Module(name="m", parts=parts("a", "b<a", "c"), lags=(Lag(before="a", after="b"),))
    assert Module(name="m", parts=parts("a", "b<a", "c"), lags=(Lag(before="b", after="c"),)).lags
