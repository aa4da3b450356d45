"""From a person to a path: what is chosen, why, what is not and why not, and how well it fits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandcone.core.care import Part, Path, Person
from sandcone.personalising.asking import Overrule, Usual
from sandcone.personalising.fitting import fit
from sandcone.personalising.paths import Composer
from tests.personalising.libraries import ANYBODY, DAY, lag, library, module, path


def why(found: Path, name: str) -> tuple[bool, str, str]:
    reason = next(r for r in found.reasons if r.module == name)
    return reason.chosen, reason.why, reason.by


def test_a_module_is_chosen_by_its_condition_and_the_others_say_why_not() -> None:
    anna = Person(name="Anna", facts={"age": 71.0, "diabetes": True})
    found = path(
        anna, module("foot care", when="%diabetes = true and %age > 60"), module("dialysis", when="%creatinine > 500 and %age < 50")
    )
    assert found.modules == ("foot care",)
    assert why(found, "foot care") == (True, "diabetes is yes and age above 60", "rule")
    assert why(found, "dialysis") == (False, "only where creatinine above 500 and age below 50", "rule")
    assert found.basis == "person"


def test_what_is_not_known_is_decided_as_is_usual_for_patients_like_this_one() -> None:
    composer = Composer(library=library(module("dialysis", when="%creatinine > 500"), module("diet", when="%weight > 90")))
    found = composer.path(ANYBODY, Usual(shares={"dialysis": 0.75, "diet": 0.4}, n=40))
    assert found.modules == ("dialysis",)
    assert why(found, "dialysis") == (True, "creatinine not known; 75% of 40 patients like this one had it", "segment")
    assert why(found, "diet")[0] is False
    assert found.basis == "segment"


def test_where_patients_like_this_one_are_few_the_standard_is_given_and_said() -> None:
    composer = Composer(library=library(module("dialysis", when="%creatinine > 500"), module("diet", when="%weight > 90", standard=True)))
    found = composer.path(ANYBODY, Usual(shares={"dialysis": 1.0}, n=29))
    assert found.modules == ("diet",)
    assert why(found, "diet") == (True, "weight not known, and only 29 patients like this one; part of the standard", "thin")
    assert found.basis == "standard"


def test_modules_are_added_by_need_as_long_as_the_fit_gets_better() -> None:
    person = Person(name="p", needs={"mobility": 3.0, "calm": 1.0})
    found = path(
        person,
        module("physiotherapy", meets={"mobility": 2.0}),
        module("walking group", meets={"mobility": 1.0, "company": 0.5}),
        module("spa week", meets={"mobility": 1.0, "luxury": 6.0}),
        module("talk", meets={"calm": 1.0}),
    )
    assert found.modules == ("physiotherapy", "walking group", "talk")
    assert why(found, "walking group") == (True, "it meets mobility", "need")
    assert why(found, "spa week") == (False, "no need", "rule")
    assert found.fit == pytest.approx(4 / 4.5)
    assert found.unmet == 0
    assert found.excess == pytest.approx(0.5 / 4.5)


def test_of_alternatives_one_is_given_and_as_wished() -> None:
    by_phone = module("by phone", Part(name="call", step="call", remote=True), meets={"advice": 1.0}, instead_of=("in person",))
    in_person = module("in person", meets={"advice": 1.0})
    at_home, wants_to_come = (Person(name="p", needs={"advice": 1.0}, wishes={"telehealth": w}) for w in (True, False))
    assert path(at_home, in_person, by_phone).modules == ("by phone",)
    assert path(wants_to_come, in_person, by_phone).modules == ("in person",)


def test_what_a_module_takes_is_given_by_another_one_that_comes_before() -> None:
    found = path(ANYBODY, module("operation", standard=True, takes=("echo result",)), module("echo", gives=("echo result",)))
    assert found.modules == ("operation", "echo")
    assert [s.name for s in found.steps] == ["echo", "operation"]
    assert why(found, "echo") == (True, "it gives 'echo result', which 'operation' takes", "rule")
    assert [(g.before, g.after) for g in found.lags] == [("echo", "operation")]


def test_what_is_already_known_is_not_given_again() -> None:
    known = Person(name="p", facts={"echo result": "normal"})
    found = path(known, module("operation", standard=True, takes=("echo result",)), module("echo", gives=("echo result",)))
    assert found.modules == ("operation",)
    assert found.conflicts == ()


def test_a_person_may_overrule_and_the_reason_is_kept() -> None:
    composer = Composer(library=library(module("rehabilitation", standard=True), module("diet", when="%weight > 90")))
    light = Person(name="p", facts={"weight": 60.0})
    said = [
        Overrule(module="diet", chosen=True, why="the patient asked for it"),
        Overrule(module="rehabilitation", chosen=False, why="done elsewhere"),
    ]
    found = composer.path(light, overrules=said)
    assert found.modules == ("diet",)
    assert why(found, "diet") == (True, "the patient asked for it", "person")
    assert why(found, "rehabilitation") == (False, "done elsewhere", "person")


def test_parts_that_are_for_others_are_left_out_and_the_rest_stays_in_order() -> None:
    parts = (
        Part(name="talk", step="talk"),
        Part(name="interpreter", step="interpreter", when="%language != 'Kannada'"),
        Part(name="plan", step="plan"),
    )
    heart = module("heart", *parts, standard=True)
    assert [s.name for s in path(Person(name="p", facts={"language": "Kannada"}), heart).steps] == ["talk", "plan"]
    assert [s.name for s in path(Person(name="p", facts={"language": "Hindi"}), heart).steps] == ["talk", "interpreter", "plan"]


def test_a_part_done_three_times_is_three_steps_one_after_the_other() -> None:
    found = path(ANYBODY, module("dressing", Part(name="dressing", step="dressing", times=3), standard=True))
    assert [s.name for s in found.steps] == ["dressing 1", "dressing 2", "dressing 3"]
    assert [(g.before, g.after) for g in found.lags] == [("dressing 1", "dressing 2"), ("dressing 2", "dressing 3")]


def test_a_step_two_modules_share_takes_as_long_as_the_longer_of_them_wants() -> None:
    short, long = (Part(name="echo", step="echo", minutes=m) for m in (20.0, 35.0))
    found = path(ANYBODY, module("a", short, standard=True), module("b", long, standard=True))
    assert [(s.modules, s.minutes) for s in found.steps] == [(("a", "b"), 35.0)]


def test_steps_that_are_not_shared_are_done_for_each() -> None:
    talk = Part(name="talk", step="talk", shared=False)
    found = path(ANYBODY, module("a", talk, standard=True), module("b", talk, standard=True))
    assert [s.name for s in found.steps] == ["talk", "b: talk"]
    assert found.conflicts == ()


def test_modules_that_must_lie_apart_do_so_in_whichever_order_can_be_kept() -> None:
    first = module("scan", standard=True, apart={"operation": DAY})
    found = path(ANYBODY, module("operation", standard=True, after=("scan",)), first)
    assert [s.name for s in found.steps] == ["scan", "operation"]
    assert [(g.before, g.after, g.at_least) for g in found.lags if g.at_least] == [("scan", "operation", DAY)]
    assert found.conflicts == ()


def test_lags_inside_a_module_are_kept_in_the_path() -> None:
    found = path(ANYBODY, module("a", "x", "y", standard=True, lags=(lag("x", "y", 60.0, 120.0),)))
    assert [(g.before, g.after, g.at_least, g.at_most) for g in found.lags] == [("x", "y", 60.0, 120.0)]


def test_the_fit_of_a_package_by_hand() -> None:
    person = Person(name="p", needs={"a": 2.0, "b": 1.0}, weights={"a": 3.0})
    found = fit(person, {"a": 1.0, "c": 2.0})  # min: 3·1; max: 3·2 + 1·1 + 1·2; needed 7; delivered 5
    assert found.fit == pytest.approx(3 / 9)
    assert found.unmet == pytest.approx((3 * 1 + 1) / 7)
    assert found.excess == pytest.approx(2 / 5)


def test_nobody_is_said_to_fit_who_has_no_recorded_needs() -> None:
    assert fit(ANYBODY, {"a": 1.0}).fit is None


amounts = st.dictionaries(st.sampled_from("abcd"), st.floats(0.0, 9.0), max_size=4)


@given(needs=amounts, given_amounts=amounts, weights=amounts)
def test_fit_is_a_share_and_is_1_only_where_nothing_is_short_or_too_much(
    needs: dict[str, float], given_amounts: dict[str, float], weights: dict[str, float]
) -> None:
    found = fit(Person(name="p", needs=needs, weights=weights), given_amounts)
    if found.fit is None or found.unmet is None or found.excess is None:
        return
    assert 0 <= found.fit <= 1 + 1e-12
    if found.fit == pytest.approx(1.0, abs=1e-12):
        assert found.unmet == pytest.approx(0, abs=1e-9)
    exact = fit(Person(name="p", needs=needs, weights=weights), needs)
    assert exact.fit == pytest.approx(1.0)
