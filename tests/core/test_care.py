"""Persons and times between parts: what they may say, and what is refused because nothing would heed it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sandcone.core.care import Lag, Person
from sandcone.core.errors import ModelError


def test_a_person_wishes_for_what_is_heeded_and_is_limited_by_anything() -> None:
    wishes = {"telehealth": False, "one_visit": True, "clinician": "Dr A", "days": ("Tue", "Mon")}
    Person(name="Cy", wishes=wishes, limits={"telehealth": True, "clinician": "Dr A", "weight": 140.0, "fasting": "never"})


@pytest.mark.parametrize(
    ("make", "where", "found"),
    [
        (lambda: Person(name="Cy", wishes={"room_gender": "f"}), "a person, wishes", "nothing heeds a wish 'room_gender'"),
        (lambda: Person(name="Cy", wishes={"one_visit": "gladly"}), "a person, wishes", "'one_visit' does not say yes or no"),
        (lambda: Person(name="Cy", wishes={"clinician": 7.0}), "a person, wishes", "'clinician' does not say a name"),
        (lambda: Person(name="Cy", wishes={"days": "Mon"}), "a person, wishes", "'days' does not say weekdays (Mon, Tue"),
        (lambda: Person(name="Cy", wishes={"days": ("Mon", "monday")}), "a person, wishes", "'days' does not say weekdays"),
        (lambda: Person(name="Cy", wishes={"days": ()}), "a person, wishes", "'days' does not say weekdays"),
        (lambda: Person(name="Cy", limits={"days": ("Mon",)}), "a person, limits", "'days' does not say one word"),
        (lambda: Person(name="Cy", limits={"telehealth": 1.0}), "a person, limits", "'telehealth' does not say yes or no"),
        (lambda: Person(name="Cy", needs={"calm": -1.0}), "a person, needs", "'calm' is -1"),
        (lambda: Lag(before="a", after="b", at_least=float("nan")), "from 'a' to 'b'", "at least nan minutes"),
        (lambda: Lag(before="a", after="b", at_least=-5.0), "from 'a' to 'b'", "at least -5 minutes"),
        (lambda: Lag(before="a", after="b", at_least=9.0, at_most=4.0), "from 'a' to 'b'", "at least 9 and at most 4 minutes"),
    ],
)
def test_what_cannot_be_or_would_mean_nothing_is_refused(make: Callable[[], object], where: str, found: str) -> None:
    with pytest.raises(ModelError) as refusal:
        make()
    assert refusal.value.where == where and refusal.value.found.startswith(found)
    assert "gladly" not in str(refusal.value) and "monday" not in str(refusal.value)
