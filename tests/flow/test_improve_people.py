"""Known people in the search for better ways: the same people whatever the care, and fit to what they truly need."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

import sandcone
from sandcone.core.arrangement import Arrangement
from sandcone.core.care import Person
from sandcone.core.care_file import save_library
from sandcone.core.errors import InputError, ModelError
from sandcone.core.lever import Course, Lever, Levers, Setting
from sandcone.core.model_file import save_model
from sandcone.core.outcome import Outcome
from sandcone.flow.bench import Bench, Runs, run
from sandcone.flow.improve_people import Cared, Crowd, cared_for, that_can_be
from sandcone.flow.tried import inputs_key
from sandcone.improving.levers.care import booking, care
from sandcone.improving.scaled import with_capacity, with_demand
from tests.flow.improve_world import LEVERS, clinic, levers_file
from tests.personalising.libraries import library, module

CARE = library(
    module("adult", "Adult visit", when="%age = 'adult'", meets={"help": 1.0}),
    module("child", "Child visit", when="%age = 'child'", meets={"help": 1.0}),
    module("blood", "Blood", when="%weak = true", meets={"blood": 1.0}, after=("adult", "child")),
)
COURSE = Course(settle_days=1, days=8, follow_days=1)
KINDS = ("one size", "segment", "personal")


def people(n: int = 400) -> tuple[Person, ...]:
    """One patient each 36 minutes for ten days: of four one is a child, and of four one adult and no child is weak."""
    return tuple(
        Person(
            name=f"Q{i:04d}",
            facts={"age": "child" if i % 4 == 0 else "adult", "weak": i % 4 == 1},
            needs={"help": 1.0, **({"blood": 1.0} if i % 4 == 1 else {})},
            minute=36.0 * i,
        )
        for i in range(n)
    )


def cared() -> Cared:
    return cared_for(clinic(), CARE, people(), like=("age",))


def ways() -> Levers:
    settings = tuple(Setting(name=kind, change=partial(care, care=kind)) for kind in KINDS)
    return Levers(levers=(Lever(name="Care", use="care", words="Whose path.", settings=settings),), course=COURSE)


def outcome(which: int, them: Cared | None = None) -> Outcome:
    bench = Bench(Arrangement(model=clinic()), ways(), None, 1, them or cared())
    found = run(bench, Runs(levers=(which,), runs=((0, False),)))[0]
    assert isinstance(found, Outcome), found
    return found


def test_fit_is_to_what_people_truly_need() -> None:
    """Today all have blood drawn, which one in four needs: (1 + 3 · 1/2) / 4. One size draws none, since a third of adults is weak."""
    today, one_size, segment, personal = (outcome(k).fit for k in range(4))
    assert today == pytest.approx((1 + 3 * 0.5) / 4, abs=0.01)
    assert one_size == segment == pytest.approx((3 * 1 + 0.5) / 4, abs=0.01)
    assert personal == 1.0


def test_the_same_people_come_whatever_the_care() -> None:
    assert {outcome(k).patients for k in range(4)} == {8 * 40}  # one in 36 minutes


def test_what_is_known_makes_the_paths_and_what_is_true_the_fit() -> None:
    wrong = tuple(Person(name=p.name, facts={**p.facts, "weak": False}, needs=p.needs, minute=p.minute) for p in people())
    them = cared_for(clinic(), CARE, partial(mistaken, wrong), like=("age",))
    assert outcome(3, them).fit == pytest.approx((3 * 1 + 0.5) / 4, abs=0.01)


def mistaken(known: tuple[Person, ...], replication: int) -> Crowd:
    return Crowd(known=known, truly=people())


def test_listed_people_are_not_made_more_but_places_are() -> None:
    bench = Bench(Arrangement(model=clinic()), ways(), None, 1, cared())
    more = run(bench, Runs(levers=(0,), runs=((0, False),), scale=(with_demand, 1.1)))[0]
    assert isinstance(more, str)
    assert "listed" in more
    larger = run(bench, Runs(levers=(0,), runs=((0, False),), scale=(with_capacity, 2.0)))[0]
    assert isinstance(larger, Outcome)
    assert larger.cost == pytest.approx(2 * outcome(0).cost)


def test_without_people_a_lever_of_care_is_not_tried_and_says_what_it_needs() -> None:
    left = that_can_be(ways(), None)
    assert left.levers == ()
    assert "known people" in left.not_here["Care"]
    asked = ways()
    assert that_can_be(asked, cared()).levers == asked.levers


def test_a_lever_of_booking_is_not_tried_and_says_why() -> None:
    lever = Lever(name="Lists", use="booking", words="By list.", settings=(Setting(name="list", change=partial(booking, booking="list")),))
    left = that_can_be(Levers(levers=(lever,)), cared())
    assert left.levers == ()
    assert "timetable" in left.not_here["Lists"]


def test_people_count_as_inputs() -> None:
    today = Arrangement(model=clinic())
    names = {inputs_key(today, ways(), None, 1, x) for x in (None, cared(), cared_for(clinic(), CARE, people(399), like=("age",)))}
    assert len(names) == 3


def test_a_stream_or_a_step_that_is_not_there_is_refused() -> None:
    with pytest.raises(ModelError, match="no stream of patients is called 'ambulances'"):
        cared_for(clinic(), CARE, people(), keep=("ambulances",))
    with pytest.raises(ModelError, match="is no step of"):
        cared_for(clinic(), library(module("talk", "Talk")), people())
    with pytest.raises(InputError, match="both people and a library"):
        sandcone.improve(clinic(), seed=1, library=CARE)


WHOSE_PATH = """
[[lever]]
name = "Whose path"
use = "care"
settings = [{ care = "one size" }, { care = "personal" }]
"""


def table(n: int) -> str:
    rows = (f"{p.name},{p.minute:g},{p.facts['age']},{'yes' if p.facts['weak'] else 'no'},1,{p.needs.get('blood', 0):g}" for p in people(n))
    return "\n".join(["patient,arrives,age,weak,need: help,need: blood", *rows]) + "\n"


def test_the_command_takes_people_and_modules_from_files(tmp_path: Path, called: Callable[..., tuple[int, str, str]]) -> None:
    save_model(clinic(), tmp_path / "model.json")
    save_library(CARE, tmp_path / "library.toml")
    (tmp_path / "people.csv").write_text(table(150), encoding="utf-8")
    text = (
        LEVERS.replace("settle_days = 4", "settle_days = 0").replace("days = 16", "days = 3").replace("follow_days = 4", "follow_days = 1")
    )
    path = levers_file(tmp_path, text + WHOSE_PATH)
    words = ("improve", tmp_path / "model.json", "--levers", path, "--people", tmp_path / "people.csv", "--like", "age")
    more = ("--library", tmp_path / "library.toml", "--budget", "12 runs", "--seed", 1, "--cores", 1, "--out", tmp_path / "out", "--json")
    code, out, err = called(*words, *more)
    assert code == 0, err
    assert '"fit"' in out
    assert not any(p.name in out + err + (tmp_path / "out" / "improve.html").read_text(encoding="utf-8") for p in people(150))


def test_nobody_with_a_need_is_no_fit() -> None:
    nobody = tuple(Person(name=p.name, facts=p.facts, minute=p.minute) for p in people())
    assert math.isnan(outcome(0, cared_for(clinic(), CARE, nobody, like=("age",))).fit)
