import gc
import weakref

import numpy as np
import pytest

from sandcone.measuring.paths import attributes, cells, segment, sequences, variant_sizes
from tests.measuring.journeys import journeys
from tests.measuring.worlds import world


def test_every_variant_is_spelled_out_with_its_cases() -> None:
    prepared = world(journeys({"p": "abc", "q": "acb", "r": "abc", "t": "aa"}))
    paths = sequences(prepared)
    spelled = {tuple(paths.flat[a:b].tolist()): int(n) for a, b, n in zip(paths.starts[:-1], paths.starts[1:], paths.n, strict=True)}
    assert spelled == {(0, 1, 2): 2, (0, 2, 1): 1, (0, 0): 1}
    assert variant_sizes(prepared).tolist() == [2, 1, 1]


def test_paths_of_the_same_steps_in_another_order_are_one_package() -> None:
    paths = sequences(world(journeys({"p": "abc", "q": "acb", "r": "abcab", "t": "ab"})))
    assert np.unique(paths.package).size == 2
    assert sorted(paths.has(paths.example).sum(axis=1).tolist()) == [2, 3]


def test_moves_never_lead_from_one_variant_to_the_next() -> None:
    paths = sequences(world(journeys({"p": "ab", "q": "cb"})))
    assert sorted(zip(*(x.tolist() for x in paths.moves[1:]), strict=True)) == [(0, 1), (2, 1)]


def test_cases_are_counted_by_path_and_group_and_an_unknown_group_is_one_too() -> None:
    prepared = world(journeys({"p": "ab", "q": "ab", "r": "ac"}, sex={"p": "f", "q": "m"}))
    counted = cells(prepared, prepared.cases.a0)
    assert counted.groups == ("(unknown)", "f", "m")
    assert counted.group_counts.tolist() == [1, 1, 1]
    assert sorted(counted.variant_counts.tolist()) == [1, 2]
    own = sequences(prepared)
    assert own.n[counted.v[counted.groups.index("f") == counted.g]].tolist() == [2]


def test_only_the_chosen_cases_are_counted() -> None:
    prepared = world(journeys({"p": "ab", "q": "ab", "r": "ac"}, sex={"p": "f", "q": "m", "r": "m"}))
    counted = cells(prepared, prepared.cases.a0, prepared.cases.filter(prepared.cases.c == 2).select("c"))
    assert counted.n.tolist() == [1]
    assert sequences(prepared).n[counted.v].tolist() == [1]


def test_numbers_with_many_levels_are_cut_into_fifths() -> None:
    prepared = world(journeys({f"p{i:02}": "a" for i in range(20)}, age={f"p{i:02}": str(i + 1) for i in range(20)}))
    (age,), unusable = attributes(prepared)
    counted = cells(prepared, age.level)
    assert unusable == ()
    assert dict(zip(counted.groups, counted.group_counts.tolist(), strict=True)) == {
        "up to 4": 4,
        "over 4 to 8": 4,
        "over 8 to 12": 4,
        "over 12 to 16": 4,
        "over 16": 4,
    }


def test_few_numbers_are_levels_as_they_stand() -> None:
    prepared = world(journeys({f"p{i}": "a" for i in range(6)}, grade={f"p{i}": str(i % 3) for i in range(6)}))
    (grade,), _ = attributes(prepared)
    assert cells(prepared, grade.level).groups == ("0", "1", "2")


def test_names_of_patients_and_what_all_share_are_no_attribute() -> None:
    cases = {f"p{i}": "a" for i in range(60)}
    prepared = world(journeys(cases, called={p: f"name {p}" for p in cases}, town=dict.fromkeys(cases, "X")))
    usable, unusable = attributes(prepared)
    assert usable == ()
    assert ["60 different values" in m.why for m in unusable] == [True, False]
    assert "'town' is the same for every patient" in unusable[1].why
    assert not any("name p" in m.why for m in unusable)


def test_a_segment_is_made_of_the_declared_attributes() -> None:
    rows = journeys({"p": "a", "q": "a", "r": "a"}, sex={"p": "f", "q": "m", "r": "f"}, urgent={"p": "yes", "q": "no"})
    prepared = world(rows, site={"segment": ["sex", "urgent"]})
    found = segment(prepared)
    assert not isinstance(found, str)
    assert cells(prepared, found).groups == ("f / (unknown)", "f / yes", "m / no")


def test_a_segment_that_nobody_declared_or_knows_is_explained() -> None:
    rows = journeys({"p": "a"}, sex={"p": "f"})
    assert "segment in the site file" in str(segment(world(rows)))
    assert "'age'" in str(segment(world(rows, site={"segment": ["age"]})))


def test_what_was_counted_once_is_forgotten_with_its_log() -> None:
    prepared = world(journeys({"p": "ab"}))
    assert sequences(prepared) is sequences(prepared)
    gone = weakref.ref(sequences(prepared))
    del prepared
    gc.collect()
    assert gone() is None


def test_a_log_without_attributes_says_so() -> None:
    usable, unusable = attributes(world(journeys({"p": "ab"})))
    assert usable == ()
    assert unusable[0].why == "the log has no patient attributes"


@pytest.mark.parametrize("bad", ["nan", "12 years", ""])
def test_one_word_among_the_numbers_makes_them_words(bad: str) -> None:
    ages = {f"p{i:02}": str(i) for i in range(60)} | {"p05": bad}
    usable, unusable = attributes(world(journeys(dict.fromkeys(ages, "a"), age=ages)))
    assert usable == ()
    assert "60 different values" in unusable[0].why
