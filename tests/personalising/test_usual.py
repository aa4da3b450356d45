"""What is usual for patients like somebody, one size for all, and what people decided otherwise."""

from __future__ import annotations

from pathlib import Path as File

import pytest

from sandcone.core.care import Part, Person
from sandcone.core.errors import ModelError
from sandcone.personalising.asking import Overrule, Usual
from sandcone.personalising.one_size import one_size
from sandcone.personalising.overrules import read_overrules
from sandcone.personalising.paths import Composer
from sandcone.personalising.usual import compose, firmer, usual_by_segment, usual_of_log
from tests.measuring.worlds import log_of, step
from tests.personalising.libraries import library, module


def made() -> Composer:
    return Composer(library=library(module("talk", when="%afraid = true"), module("scan", standard=True)))


def people(afraid: int, calm: int, kind: str = "heart") -> list[Person]:
    return [Person(name=f"{kind}{i}", facts={"kind": kind, "afraid": i < afraid}) for i in range(afraid + calm)]


def test_somebody_of_whom_it_is_not_known_gets_what_most_like_them_had() -> None:
    them = [*people(30, 10), *people(9, 31, "lung"), Person(name="h", facts={"kind": "heart"}), Person(name="l", facts={"kind": "lung"})]
    heart, lung = compose(made(), them, ("kind",))[-2:]
    assert (heart.modules, heart.basis) == (("talk", "scan"), "segment") and (lung.modules, lung.basis) == (("scan",), "segment")
    assert "75% of 40 patients like this one had it" in heart.reasons[0].why


def test_where_few_are_like_them_they_get_the_standard_and_the_path_says_so() -> None:
    path = compose(made(), [*people(29, 0), Person(name="x", facts={"kind": "heart"})], ("kind",))[-1]
    assert (path.modules, path.basis) == (("scan",), "standard")
    assert "only 29 patients like this one" in path.reasons[0].why


def test_nobody_is_counted_whose_own_path_rests_on_others() -> None:
    them = [*people(3, 1), Person(name="x", facts={"kind": "heart"})]
    usual = usual_by_segment(them, [made().path(p) for p in them], ("kind",))
    assert usual[("heart",)].n == 4 and usual[("heart",)].shares == {"talk": 0.75, "scan": 1.0}


def test_an_overrule_of_one_person_holds_for_them_alone() -> None:
    said = {"heart0": (Overrule(module="talk", chosen=False, why="knows it all"),)}
    paths = compose(made(), people(2, 0), (), said)
    assert [p.modules for p in paths] == [("scan",), ("talk", "scan")]
    assert (paths[0].reasons[0].by, paths[0].reasons[0].why) == ("person", "knows it all")


def test_one_size_for_all_gives_each_kind_what_half_of_them_have() -> None:
    them = [*people(3, 2), *people(1, 3, "lung")]
    composer = made()
    same = one_size(composer, them, compose(composer, them), ("kind",))
    assert [p.modules for p in same] == [("talk", "scan")] * 5 + [("scan",)] * 4


def test_one_size_for_all_keeps_the_rules_of_the_standard_and_one_of_each_function() -> None:
    home = module("call", Part(name="call", step="call", remote=True), meets={"look": 1.0})
    clinic = module("visit", instead_of=("call",), meets={"look": 1.0})
    theatre = module("operation", when="%sick = true", standard=True)
    composer = Composer(library=library(home, clinic, theatre))
    wishes = [None, None, False, True, False]
    them = [
        Person(name=f"{i}", facts={"sick": i == 0}, needs={"look": 1.0}, wishes={"telehealth": w} if w is not None else {})
        for i, w in enumerate(wishes)
    ]
    personal = compose(composer, them)
    assert [p.modules for p in personal][1:] == [("call",), ("visit",), ("call",), ("visit",)]
    same = one_size(composer, them, personal, ())
    assert [p.modules for p in same] == [("call", "operation"), *[("call",)] * 4]


TABLE = '[[overrule]]\npatient = "Ann"\nmodule = "talk"\nchosen = true\nwhy = "asked for it"\n'


def read(folder: File, text: str) -> dict[str, tuple[Overrule, ...]]:
    file = folder / "overrules.toml"
    file.write_text(text, encoding="utf-8")
    return read_overrules(file, {"Ann", "Bo"}, {"talk", "scan"})


def test_overrules_are_read_by_patient(tmp_path: File) -> None:
    assert read(tmp_path, TABLE) == {"Ann": (Overrule(module="talk", chosen=True, why="asked for it"),)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[[overrule", "cannot be read"),
        ("", "no list of overrules"),
        (TABLE + "\n[other]\n", "no list of overrules"),
        (TABLE.replace('why = "asked for it"\n', ""), "overrule 1: it does not say patient"),
        (TABLE.replace("true", '"yes"'), "overrule 1: it does not say patient"),
        (TABLE + TABLE.replace("Ann", "Zq7731"), "overrule 2: nobody of that name"),
        (TABLE.replace("talk", "dance"), "'dance' is no module"),
        (TABLE.replace("asked for it", " "), "no reason"),
        (TABLE + TABLE, "overrule 2: module 'talk' a second time"),
    ],
)
def test_an_overrule_that_cannot_be_is_refused_by_its_number_and_names_nobody(tmp_path: File, text: str, found: str) -> None:
    with pytest.raises(ModelError) as refusal:
        read(tmp_path, text)
    assert found in str(refusal.value)
    assert "Ann" not in str(refusal.value) and "Zq7731" not in str(refusal.value)


def test_what_patients_alike_had_in_a_log_stands_in_and_the_path_says_so() -> None:
    """30 hearts in the log of whom 18 talked, 8 lungs of whom none did; one had half of the scan, which is enough."""
    rows = [step(f"h{i}", name, i, i + 0.5, kind="heart") for i in range(30) for name in (["prick", "talk"] if i < 18 else ["look"])]
    rows += [step(f"l{i}", "look", i, i + 0.5, kind="lung") for i in range(8)]
    offered = library(module("talk", when="%afraid = true"), module("scan", "prick", "look", standard=True), module("dance"))
    seen = usual_of_log(log_of(rows), offered, ("kind",))
    assert (seen[("heart",)].n, seen[("lung",)].n) == (30, 8)
    assert seen[("heart",)].shares == pytest.approx({"talk": 0.6, "scan": 1.0, "dance": 0.0})
    assert seen[("lung",)].shares == pytest.approx({"talk": 0.0, "scan": 1.0, "dance": 0.0})
    (path,) = compose(Composer(library=offered), [Person(name="x", facts={"kind": "heart"})], ("kind",), seen=seen)
    assert (path.modules, path.basis) == (("talk", "scan"), "segment")
    assert "60% of 30 patients like this one had it" in path.reasons[0].why


def test_a_log_that_knows_no_step_of_a_module_tells_nothing_of_it_and_the_standard_stands() -> None:
    rows = [step(f"h{i}", "look", i, i + 0.5) for i in range(30)]
    talk, dance = module("talk", when="%afraid = true", standard=True), module("dance", when="%glad = true")
    offered = library(talk, dance, module("look", standard=True))
    (path,) = compose(Composer(library=offered), [Person(name="x")], seen=usual_of_log(log_of(rows), offered))
    assert (path.modules, path.basis) == (("talk", "look"), "standard")
    assert path.reasons[0].why == "afraid not known, and the log knows no step of it; part of the standard"


def test_a_fact_that_the_log_does_not_have_is_refused_not_left_out() -> None:
    with pytest.raises(ModelError, match="nothing by the name 'age'"):
        usual_of_log(log_of([step("h", "look", 1, 2, kind="heart")]), library(module("look")), ("kind", "age"))


def test_of_what_people_and_a_log_say_the_one_that_rests_on_more_is_taken() -> None:
    few, many = Usual(shares={"talk": 1.0}, n=4), Usual(shares={"talk": 0.2}, n=9)
    assert firmer({("a",): few, ("b",): many}, {("a",): many, ("c",): few}) == {("a",): many, ("b",): many, ("c",): few}
