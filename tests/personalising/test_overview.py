import math

import pytest

from sandcone.core.care import Library, Module, Part, Path, PathStep, Person
from sandcone.core.estimate import Estimate
from sandcone.personalising.modules_of_log import library_of
from sandcone.personalising.overview import overview, overview_of_paths, wilson
from tests.personalising.journeys_made import composed, did, log_of, sequences


def module(name: str, *steps: str, meets: dict[str, float] | None = None) -> Module:
    return Module(name=name, parts=tuple(Part(name=s, step=s) for s in steps), meets=meets or {})


def library(*modules: Module) -> Library:
    return Library(name="small", modules=modules)


def test_three_packages_share_their_modules_as_in_the_field_guide() -> None:
    one_step_each = library(*(module(s.upper(), s) for s in "abcdef"))
    seen = overview(one_step_each, sequences("abc", "bad", "aef", "aef"), seed=1)
    assert seen.packages == 3
    assert seen.dci == pytest.approx(1.5)
    assert seen.tcci == pytest.approx(0.375)
    assert seen.leverage == pytest.approx(0.5)


def test_a_case_has_a_module_if_it_has_half_of_its_steps() -> None:
    seen = overview(library(module("M", "a", "b", "c", "d")), sequences("ab", "abcd", "axx"), seed=1)
    assert seen.modules[0].cases == 2
    assert seen.without == 1
    assert seen.outside == {"x": 1}


def test_a_module_that_nobody_had_and_steps_the_log_lacks_are_said() -> None:
    seen = overview(library(module("M", "a"), module("N", "q", "r")), sequences("ab", times=3), seed=1)
    assert seen.never == ("N",)
    assert seen.modules[1].cases == 0
    assert seen.outside == {"b": 3}
    assert "Nobody had N" in str(seen)


def test_variation_inside_a_module_counts_the_orders_of_its_steps() -> None:
    seen = overview(library(module("M", "a", "b"), module("N", "x")), sequences("abx", "axb", "bax", "bax"), seed=1)
    m = seen.modules[0]
    assert m.variants == 2
    entropy = math.log(2) + 1 / 8  # two orders, two cases each; Miller and Madow add (2 - 1) / (2 · 4)
    assert m.effective == pytest.approx(math.exp(entropy))
    assert set(m.begins) == {"a", "b"}
    assert seen.modules[1].before == ("M",)


def test_moves_that_stay_inside_are_a_share_of_all_moves_from_a_module() -> None:
    seen = overview(library(module("M", "a", "b"), module("N", "x", "y")), sequences("abxy", "abab"), seed=1)
    # from M: ab, bx, ab, ba, ab: 4 of 5 stay; from N: xy
    assert seen.modules[0].inside == pytest.approx(4 / 5)
    assert seen.modules[1].inside == 1
    assert seen.inside == pytest.approx(5 / 6)


def test_modules_in_which_patients_stay_no_more_than_by_chance_are_said_to_be_none() -> None:
    seen = overview(library(module("M", "a", "c"), module("N", "b")), sequences("abc", "cba", "ac"), seed=1)
    assert seen.by_chance  # of ab, bc, cb, ba and ac one stays inside, of 5
    assert "no modules to speak of" in str(seen)
    assert not overview(library(module("M", "a", "b"), module("N", "x", "y")), sequences("abxy"), seed=1).by_chance
    assert not overview(library(module("M", "a", "b")), sequences("ab"), seed=1).by_chance  # all in one: nothing to compare


def test_who_does_it_is_named_by_pool() -> None:
    site = {"pools": {"nurses": {"resources": ["Ann", "Bo"]}}}
    rows = [did("p", "a", 0, 5, "Ann"), did("p", "b", 5, 9, "Bo"), did("q", "a", 0, 7, "Cy")]
    seen = overview(library(module("M", "a", "b")), log_of(rows, site), seed=1)
    assert seen.modules[0].who == ("nurses", "Cy")


def test_how_long_a_module_lasts_is_told_by_the_fact_that_matters() -> None:
    log = composed()
    heart = next(m for m in overview(library_of(log, seed=1), log, seed=1).modules if "Catheter" in m.title)
    assert heart.by == "sex"
    assert set(heart.hours_by) == {"m", "w"}
    # three steps of 10 minutes and three pauses of 30, and then 10 minutes or 200
    assert heart.hours_by["m"].value == pytest.approx(130 / 60, rel=0.05)
    assert heart.hours_by["w"].value == pytest.approx(320 / 60, rel=0.05)


def test_a_need_of_the_site_that_no_module_meets_is_said_with_its_cases() -> None:
    site = {"needs": [{"attribute": "kind", "values": ["x"], "step": "b"}, {"attribute": "kind", "values": ["z"], "step": "a"}]}
    rows = [did(f"p{i}", "a", 0, kind="x" if i < 2 else "z") for i in range(5)]
    assert overview(library(module("M", "a")), log_of(rows, site), seed=1).unmet == {"b": 2}


def test_a_log_that_says_little_is_told_what_it_lacks() -> None:
    said = " ".join(overview(library(module("M", "a")), sequences("a", "a"), seed=1).notes)
    for words in ("No patient moves", "names nobody", "nothing of its patients", "Needs are not known"):
        assert words in said


def test_an_overview_of_paths_counts_packages_and_needs_that_nothing_meets() -> None:
    steps = tuple(PathStep(name=s, step=s, modules=("M",) if s in "ab" else ("N",)) for s in "abx")
    paths = [
        Path(person="1", modules=("M", "N"), steps=steps),
        Path(person="2", modules=("M",), steps=steps[:2]),
        Path(person="3", modules=(), steps=()),
    ]
    people = [
        Person(name="1", needs={"rest": 1.0, "sight": 2.0}),
        Person(name="2", needs={"sight": 0.5}),
        Person(name="3", needs={"sight": 0.0}),
    ]
    seen = overview_of_paths(library(module("M", "a", "b", meets={"rest": 1.0}), module("N", "x"), module("O", "y")), people, paths)
    assert (seen.cases, seen.without, seen.packages, seen.never) == (3, 1, 2, ("O",))
    assert seen.unmet == {"sight": 2}
    assert seen.dci == pytest.approx(1.5)
    assert [m.variants for m in seen.modules] == [1, 1, 0]
    assert seen.modules[0].serves == "rest"


def test_an_overview_says_itself_and_can_be_put_into_a_file() -> None:
    log = composed(n=80)
    seen = overview(library_of(log, seed=1), log, seed=1)
    assert "different packages from 6 modules" in str(seen)  # 80 patients are too few to say that "Lungs" is for smokers
    assert len(seen.as_json()["modules"]) == len(seen.modules)


def test_a_share_has_an_interval_that_holds_it() -> None:
    e = wilson(0, 10)
    assert (e.value, e.low) == (0, 0)
    assert e.high == pytest.approx(0.2775, abs=1e-3)
    assert isinstance(wilson(0, 0), Estimate)
    assert not wilson(0, 0).known


def test_a_need_by_yes_or_no_or_a_number_counts_as_the_site_file_says_it_and_nobody_counts_twice() -> None:
    site = {
        "needs": [
            {"attribute": "ill", "values": ["yes"], "step": "a"},
            {"attribute": "grade", "values": ["2", "3"], "step": "b"},
            {"attribute": "ill", "values": ["no"], "step": "c"},
            {"attribute": "grade", "values": ["1"], "step": "c"},
        ]
    }
    people = [("yes", "1.0"), ("yes", "2"), ("yes", "1"), ("no", "3"), ("no", "1")]
    rows = [did(f"p{i}", "a", 0, ill=ill, grade=grade) for i, (ill, grade) in enumerate(people)]
    seen = overview(library(module("M", "a", "b")), log_of(rows, site), seed=1)
    assert seen.met == {"a": 3, "b": 2}
    assert seen.unmet == {"c": 4}  # the two who are not ill, one of them by grade too, and two by grade
    assert seen.coverage == pytest.approx(5 / 9)
    assert "Some module is there for 56% of patients' needs" in str(seen)


def test_a_need_that_the_log_cannot_say_of_anybody_is_no_need_of_nobody() -> None:
    site = {"needs": [{"attribute": "pain", "values": ["much"], "step": "b"}]}
    seen = overview(library(module("M", "a")), log_of([did("p", "a", 0)], site), seed=1)
    assert seen.coverage is None
    assert "Who has a need by 'pain' is not known" in str(seen)


def test_a_need_that_the_library_names_and_none_of_its_modules_meets_is_said() -> None:
    written = Library(name="l", modules=(module("M", "a", meets={"rest": 1.0}),), needs={"rest": "they sleep", "sight": "they see"})
    seen = overview(written, sequences("a"), seed=1)
    assert seen.promised == ("sight",)
    assert seen.modules[0].serves == "they sleep"
    assert "The library names the need 'sight', and no module of it meets it" in str(seen)
    assert overview_of_paths(written, [], []).promised == ("sight",)


def test_a_module_nobody_had_is_told_from_one_of_which_the_log_knows_no_step() -> None:
    seen = overview(library(module("M", "a"), module("N", "b", "c", "d", "e"), module("O", "q")), sequences("ab", times=3), seed=1)
    assert seen.never == ("N", "O")
    assert seen.unrecorded == ("O",)
    assert "Nobody had N\n" in str(seen)
    assert "Nobody had O, of which the log knows no step" in str(seen)


def test_each_step_says_who_did_it_also_those_besides_the_first() -> None:
    site = {"pools": {"nurses": {"resources": ["Ann", "Bo"]}}}
    rows = [
        did("p", "a", 0, 5, "Cy") | {"others": ["Ann", "Bo"]},
        did("q", "a", 0, 7, "Cy"),
        did("q", "b", 8, 9, "Bo"),
        did("q", "b", 10, 11),
    ]
    m = overview(library(module("M", "a", "b")), log_of(rows, site), seed=1).modules[0]
    assert {s.name: s.done_by for s in m.steps} == {"a": {"Cy": 1.0, "nurses": 0.5}, "b": {"nurses": 1.0}}
    assert "a: Cy 100%, nurses 50%" in [str(s) for s in m.told]


def test_of_many_who_did_a_step_those_with_a_twentieth_are_named_and_the_others_counted() -> None:
    rows = [did(f"p{i}", "a", 10.0 * i, None, "Ann" if i < 19 else f"temp {i}") for i in range(40)]
    (step,) = overview(library(module("M", "a")), log_of(rows), seed=1).modules[0].steps
    assert step.done_by == {"Ann": 19 / 40}
    assert step.more == 21
    assert str(step) == "a: Ann 48%, 21 more"


def test_what_goes_on_during_what_is_said_of_any_library() -> None:
    rows = [row for i in range(30) for row in (did(f"p{i}", "Stay", 0, 900), did(f"p{i}", "Look", 60, 90))]
    m = overview(library(module("M", "Look", "Stay")), log_of(rows), seed=1).modules[0]
    assert {s.name: s.during for s in m.steps} == {"Look": "Stay", "Stay": ""}
    assert [str(s) for s in m.told] == ["Look (during Stay): nobody is named"]
    apart = overview(library(module("M", "Stay"), module("N", "Look")), log_of(rows), seed=1).modules
    assert [s.during for m in apart for s in m.steps] == ["", "Stay"]


def test_a_module_with_the_same_step_twice_keeps_no_more_moves_than_there_are() -> None:
    twice = Module(name="M", parts=(Part(name="first", step="a"), Part(name="b", step="b"), Part(name="again", step="a")))
    seen = overview(library(twice, module("N", "x")), sequences("abax", "bax"), seed=1)
    assert seen.modules[0].inside == pytest.approx(3 / 5)  # ab, ba, ax; ba, ax


def test_of_a_very_large_log_it_is_said_how_many_cases_were_looked_at_and_a_step_of_none_of_them_does_no_harm(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sandcone.personalising.modules_of_log.MOST_CELLS", 60)
    log = sequences("ab", "ab", "ab", "ab", "ab", "xb", times=6)
    seen = overview(library_of(log, seed=1), log, seed=1)
    assert seen.cases == 20
    assert "20 of its 36 cases" in seen.notes[0]
    rare = sequences(*["ab"] * 199, "xb")
    monkeypatch.setattr("sandcone.personalising.modules_of_log.MOST_CELLS", 30)
    assert overview(library(module("M", "a", "x")), rare, seed=1).cases == 10
