"""The guard against stereotypes, and what paths come to in short."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path as File

import numpy as np
import pytest
from scipy.stats import ttest_ind

from sandcone.core.care import Conflict, Path, Person
from sandcone.core.errors import ModelError
from sandcone.core.personal import Guard
from sandcone.personalising.counted import gap, mean
from sandcone.personalising.guard import band, explained, guard
from sandcone.personalising.paths_file import paths_text, read_paths
from sandcone.personalising.summary import summary
from tests.personalising.libraries import library, module, path


def of(modules: str, fit: float | None = None, who: str = "x") -> Path:
    return Path(person=who, modules=tuple(modules), steps=(), fit=fit)


def women_and_men(n: int) -> list[Person]:
    return [Person(name=f"P{i}", facts={"sex": "female" if i % 2 else "male"}) for i in range(n)]


def test_packages_that_follow_a_fact_are_explained_by_it_and_others_are_not() -> None:
    sexes = ["female" if i % 2 else "male" for i in range(200)]
    same, chance = explained(sexes, sexes, 1), explained(np.random.default_rng(4).integers(0, 2, 200).tolist(), sexes, 1)
    assert same == pytest.approx((1.0, 1.0))
    assert chance[1] == pytest.approx(0.0, abs=0.03)
    assert explained(["a"] * 9, sexes[:9], 1) == (None, None)


@pytest.mark.parametrize(
    ("explained", "beyond", "said"),
    [
        (None, None, ""),
        (0.5, 0.25, "Facts explain 50 % of the variety of packages, 25 % beyond chance"),
        (0.01, 0.004, "Facts explain 1 % of the variety of packages, no more than chance does"),
        (0.01, -1.0, "Facts explain 1 % of the variety of packages, no more than chance does"),
        (1.0, None, "Facts explain 100 % of the variety of packages; so few people share them that chance alone could explain it all"),
    ],
)
def test_what_facts_explain_is_said_without_a_share_below_nothing(explained: float | None, beyond: float | None, said: str) -> None:
    assert str(Guard(explained=explained, beyond_chance=beyond, fit=None, stereotyping=False)) == said


def test_half_of_the_variety_is_explained_where_half_of_it_is() -> None:
    group = [i % 2 for i in range(400)]
    package = [(i % 2, i // 2 % 2) for i in range(400)]  # two bits, of which the group is one
    assert explained(package, group, 1)[0] == pytest.approx(0.5)


def test_much_explained_with_little_fit_is_called_stereotyping_and_with_good_fit_is_not() -> None:
    them = women_and_men(100)
    bad, good = ([of("ab"[i % 2], f) for i in range(100)] for f in (0.3, 0.9))
    assert guard(them, bad, ("sex",)).stereotyping and "Stereotyping" in str(guard(them, bad, ("sex",)))
    assert not guard(them, good, ("sex",)).stereotyping
    free = [of("ab"[i // 2 % 2], 0.3) for i in range(100)]
    assert not guard(them, free, ("sex",)).stereotyping


def test_a_group_that_fits_worse_is_named_with_how_much_and_the_other_is_not() -> None:
    them = women_and_men(120)
    paths = [of("a", (0.6 if i % 2 else 0.9) + 0.01 * (i % 3)) for i in range(120)]
    found = guard(them, paths, ("sex",))
    assert [(g.fact, g.group, g.worse) for g in found.worse] == [("sex", "female", ("fit",))]
    assert found.worse[0].fit_gap is not None and found.worse[0].fit_gap.value == pytest.approx(-0.3, abs=0.001)
    assert "Worse off: sex female" in str(found)


def test_a_group_that_waits_longer_is_named_and_luck_is_not() -> None:
    them, luck = women_and_men(120), np.random.default_rng(2).normal(0, 1, 120)
    longer = {p.name: 10 + x + 5 * (p.facts["sex"] == "male") for p, x in zip(them, luck, strict=True)}
    assert [g.group for g in guard(them, [of("a", 0.5)] * 120, ("sex",), longer).worse] == ["male"]
    even = {p.name: 10 + x for p, x in zip(them, luck, strict=True)}
    assert guard(them, [of("a", 0.5)] * 120, ("sex",), even).worse == ()


def test_groups_below_thirty_people_are_not_compared() -> None:
    them = [Person(name=f"P{i}", facts={"sex": "female" if i < 29 else "male"}) for i in range(90)]
    assert [g.group for g in guard(them, [of("a", 0.5 + i / 1000) for i in range(90)], ("sex",)).groups] == ["male"]


@pytest.mark.parametrize("known", [2, 29, 30])
def test_a_group_is_held_against_others_only_where_there_are_thirty_of_them_of_whom_it_is_known(known: int) -> None:
    """All others fit alike, so that two of them would leave no doubt at all."""
    them = [Person(name=f"P{i}", facts={"sex": "female" if i < 60 else "male"}) for i in range(120)]
    fits = [0.5 + i / 1000 for i in range(60)] + [0.9] * known + [None] * (60 - known)
    waits = {f"P{i}": 5.0 + i % 2 for i in range(60 + known)}
    (female, _male) = guard(them, [of("a", fit) for fit in fits], ("sex",), waits).groups
    assert (female.fit_gap is not None, female.wait_gap is not None, bool(female.worse)) == (known == 30,) * 3
    assert female.fit is not None and female.fit.n == 60


def test_numbers_are_taken_in_bands_and_what_is_not_known_is_a_group_too() -> None:
    assert [band(x) for x in (17.9, 18.0, 64.0, 80.0, True, False, "free", None)] == [
        "below 18", "18 to below 40", "40 to below 65", "80 and above", "yes", "no", "free", "not known",
    ]  # fmt: skip


def test_means_and_gaps_have_the_intervals_of_student_and_welch() -> None:
    a, b = [1.0, 2.0, 3.0, 4.0], [2.0, 4.0, 9.0]
    m, g = mean(a), gap(a, b)
    assert m is not None and (m.low, m.high) == pytest.approx((0.4457, 4.5543), abs=1e-4)  # 2.5 ± 3.1824 · 1.29099 / 2
    welch = ttest_ind(a, b, equal_var=False).confidence_interval()
    assert g is not None and (g.value, g.low, g.high) == pytest.approx((-2.5, welch.low, welch.high))
    assert mean([]) is None and gap([1.0], b) is None
    flat = gap([1.0, 1.0], [3.0, 3.0])
    assert flat is not None and (flat.low, flat.high) == (-2.0, -2.0)


def test_paths_in_short_count_people_packages_and_what_is_open() -> None:
    clash = Conflict(kind="unknown", modules=("scan",), why="metal not known")
    solved = Conflict(kind="duplicate", modules=("scan", "talk"), why="each has blood", done="done once")
    paths = [
        Path(person="A", modules=("scan",), steps=(), conflicts=(clash, solved), fit=0.5),
        Path(person="B", modules=("scan", "talk"), steps=(), conflicts=(clash,), fit=0.8, basis="segment"),
        Path(person="C", modules=(), steps=()),
    ]
    offered = library(module("scan"), module("talk", meets={"calm": 1.0}), module("song"))
    them = [Person(name="A", needs={"calm": 1.0, "gold": 1.0}), Person(name="B", needs={"gold": 2.0, "tea": 0.0}), Person(name="C")]
    found = summary(offered, them, paths)
    assert (found.people, found.without, found.packages, found.offered, found.leverage) == (3, 1, 2, 3, 1.0)
    assert (found.used, found.unmet, found.conflicts) == ({"scan": 2, "talk": 1}, {"gold": 2}, {"unknown": 2})
    assert found.clashes == (("unknown", ("scan",), "metal not known", 2),)
    said = str(found)
    for words in (
        "1 module is offered",
        "No module meets the need 'gold' (2 people)",
        "unknown (2): metal not known",
        "1 path rests in part",
    ):
        assert words in said
    assert found.as_json()["clashes"][0]["people"] == 2


def test_one_person_with_one_package_is_said_in_the_singular() -> None:
    said = str(summary(library(module("scan")), [Person(name="A", needs={"gold": 1.0})], [of(["scan"])]))
    assert "1 person, 1 different package from 1 module (1.0 for each)" in said
    assert "No module meets the need 'gold' (1 person)" in said


def test_paths_are_kept_as_they_are(tmp_path: File) -> None:
    made = path(Person(name="Ann", needs={"calm": 1.0}), module("a", "x", "y", meets={"calm": 1.0}), module("b", "x"))
    file = tmp_path / "paths.json"
    people = [made, of("ab", 0.25, "Bo"), replace(made, person="Di"), of("", 0.5, "Cy"), of("", 0.75, "Ed")]
    file.write_text(paths_text(iter(people)), encoding="utf-8")
    assert read_paths(file) == tuple(people)
    assert file.read_text(encoding="utf-8").count('"steps"') == 4  # Ann and Di are alike


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"sandcone": "paths", "version": 9, "paths": [], "people": []}',
        '{"sandcone": "paths", "version": 1, "paths": [{"person": "x"}], "people": []}',
        '{"sandcone": "paths", "version": 1, "paths": [], "people": [["x", 0]]}',
    ],
)
def test_a_file_that_holds_no_paths_is_refused(tmp_path: File, text: str) -> None:
    file = tmp_path / "paths.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match=r"paths\.json"):
        read_paths(file)
