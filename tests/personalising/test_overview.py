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
