"""Paths that are not worked out again are those that would have been worked out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sandcone.core.care import Part, Person
from sandcone.personalising.asking import Overrule, Usual
from sandcone.personalising.paths import Composer
from sandcone.scenarios import nh_hospital, nh_library, nh_people
from tests.personalising.libraries import library, module


def small() -> Composer:
    return Composer(
        library=library(
            module("talk", when="%age >= 65", meets={"calm": 1.0}),
            module("scan", Part(name="scan", step="scan", when="%tall = true"), unless="%metal = true", standard=True, takes=("note",)),
            module("call", Part(name="call", step="call", remote=True), instead_of=("talk",), meets={"calm": 1.0}),
        ),
        minutes=lambda _: 20.0,
    )


DIFFERENT = [
    Person(name="a", facts={"age": 60.0}),
    Person(name="b", facts={"age": 70.0}),
    Person(name="c"),
    Person(name="d", facts={"age": 60.0, "metal": True}),
    Person(name="e", facts={"age": 60.0, "tall": True}),
    Person(name="f", facts={"age": 60.0, "note": True}),
    Person(name="g", facts={"age": 60.0}, needs={"calm": 1.0}),
    Person(name="h", facts={"age": 70.0}, needs={"calm": 1.0}, wishes={"telehealth": True}),
    Person(name="i", facts={"age": 70.0}, needs={"calm": 1.0}, weights={"calm": 2.0}),
    Person(name="j", facts={"age": 70.0}, wishes={"one_visit": True}),
    Person(name="k", facts={"age": 70.0}, limits={"telehealth": True}),
    Person(name="l", facts={"age": 70.0}, wishes={"clinician": "Dr A"}),
]


def test_everybody_gets_the_path_that_they_would_get_alone() -> None:
    together = small()
    assert [together.path(p) for p in DIFFERENT] == [small().path(p) for p in DIFFERENT]


def test_people_who_are_alike_are_composed_once_and_keep_their_names() -> None:
    made = small()
    paths = [made.path(replace(DIFFERENT[0], name=n, facts={"age": age, "hair": n})) for n, age in (("x", 20.0), ("y", 64.0), ("z", 64.5))]
    assert [p.person for p in paths] == ["x", "y", "z"] and len(made.paths) == 1


@pytest.mark.parametrize(
    ("usual", "overrules"), [(Usual(shares={"talk": 0.9}, n=99), ()), (None, (Overrule(module="scan", chosen=False, why="no"),))]
)
def test_what_is_usual_and_what_people_decided_are_not_mixed_up(usual: Usual | None, overrules: tuple[Overrule, ...]) -> None:
    made, unknown = small(), DIFFERENT[2]
    first, other = made.path(unknown), made.path(unknown, usual, overrules)
    assert first.modules != other.modules
    assert other == small().path(unknown, usual, overrules)


def test_a_month_of_patients_gets_the_same_paths_one_by_one() -> None:
    hospital = nh_hospital("ward", personal=True)
    people = [p for p in nh_people(hospital, days=20, seed=5).known if p.facts["procedure"] != "none"][:25]
    together = Composer(library=nh_library(), minutes=lambda _: 30.0)
    assert [together.path(p) for p in people] == [Composer(library=nh_library(), minutes=lambda _: 30.0).path(p) for p in people]
