from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from sandcone.core.care import Library, Module, Person
from sandcone.core.care_file import library_text, read_library, save_library
from sandcone.core.condition_text import condition
from sandcone.core.errors import EmptyError
from sandcone.core.log import EventLog
from sandcone.personalising.modules_of_log import library_of
from sandcone.personalising.paths import Composer
from tests.personalising.journeys_made import TRUE_MODULES, composed, did, log_of, sequences


@pytest.fixture(scope="module")
def learnt() -> Library:
    return library_of(composed(), seed=1)


def rand_index(a: dict[str, str], b: dict[str, str]) -> float:
    """The share of pairs of steps that both put together or both apart (Rand 1971)."""
    pairs = list(combinations(sorted(a), 2))
    return sum((a[x] == a[y]) == (b[x] == b[y]) for x, y in pairs) / len(pairs)


def module_with(library: Library, step: str) -> Module:
    return next(m for m in library.modules if step in [p.step for p in m.parts])


def test_the_modules_that_a_log_was_composed_of_are_found_again(learnt: Library) -> None:
    truth = {s: m for m, steps in TRUE_MODULES.items() for s in steps} | {"Lungs": "scan"}
    found = {p.step: m.name for m in learnt.modules for p in m.parts}
    assert set(found) == set(truth)
    assert rand_index(found, truth) == 1.0
    assert len(learnt.modules) == 5


def test_parts_stand_in_the_order_in_which_they_are_done(learnt: Library) -> None:
    for steps in TRUE_MODULES.values():
        parts = [p.step for p in module_with(learnt, steps[0]).parts]
        assert [s for s in parts if s != "Lungs"] == list(steps)


def test_a_module_says_for_whom_it_is_where_patients_say_so(learnt: Library) -> None:
    heart, scan = (condition(module_with(learnt, s).when or "false = true") for s in ("Catheter", "Scan"))
    assert [heart.holds({"angina": x}) for x in (True, False)] == [True, False]
    assert [scan.holds({"age": x}) for x in (40.0, 57.0, 63.0, 80.0)] == [False, False, True, True]


def test_what_four_in_ten_get_by_chance_has_no_rule_and_is_no_standard(learnt: Library) -> None:
    blood = module_with(learnt, "Analyse")
    assert blood.when is None
    assert not blood.standard
    assert module_with(learnt, "Register").standard


def test_a_part_for_some_says_for_whom(learnt: Library) -> None:
    scan = module_with(learnt, "Lungs")
    assert {p.step: p.when for p in scan.parts} == {"Scan book": None, "Scan": None, "Scan read": None, "Lungs": "%smoker = true"}


def test_times_between_parts_are_those_that_nine_in_ten_had(learnt: Library) -> None:
    lag = next(x for x in module_with(learnt, "Catheter").lags if x.before == "Prepare")
    assert lag.after == "Catheter"
    assert lag.at_least == pytest.approx(21, abs=1)  # evenly from 20 to 40 minutes
    assert lag.at_most == pytest.approx(39, abs=1)


def test_a_module_takes_what_was_done_before_it_for_everybody(learnt: Library) -> None:
    first, last = module_with(learnt, "Triage"), module_with(learnt, "Letter")
    assert first.takes == ()
    assert first.gives == (f"{first.name} done",)
    for step in ("Catheter", "Scan", "Analyse"):
        assert module_with(learnt, step).takes == first.gives
    assert last.takes == first.gives
    assert set(last.after) == {module_with(learnt, s).name for s in ("Catheter", "Scan", "Analyse")}


def test_a_path_composed_of_what_was_learnt_is_the_one_that_such_patients_took(learnt: Library) -> None:
    old = Person(name="old", facts={"age": 75.0, "angina": False, "smoker": False, "sex": "m"})
    path = Composer(library=learnt, minutes=lambda _step: 10.0, doers={}).path(old)
    wanted = [s for m in ("come in", "scan", "go home") for s in TRUE_MODULES[m]]
    assert [s.step for s in path.steps] == wanted
    assert path.conflicts == ()


def test_a_module_counts_the_cases_it_was_seen_in(learnt: Library) -> None:
    assert module_with(learnt, "Register").seen == 600
    assert 200 < (module_with(learnt, "Catheter").seen or 0) < 280


def test_what_is_learnt_can_be_kept_and_read_again(learnt: Library, tmp_path: Path) -> None:
    assert library_text(read_library(save_library(learnt, tmp_path / "library.toml"))) == library_text(learnt)


def test_the_same_seed_learns_the_same(learnt: Library) -> None:
    assert library_of(composed(), seed=1) == learnt


def test_a_step_that_some_have_for_no_known_reason_is_a_module_of_its_own() -> None:
    library = library_of(sequences("abc", "abc", "abxc", times=40), seed=1)
    assert [p.step for p in library.module["x"].parts] == ["x"]
    assert library.module["x"].seen == 40


def test_steps_that_the_same_few_have_are_one_module_of_their_own() -> None:
    library = library_of(sequences("axyb", "ab", "ab", times=40), seed=1)
    assert {"x", "y"} in [{p.step for p in m.parts} for m in library.modules]


def test_a_step_that_fewer_than_five_cases_have_is_in_no_module() -> None:
    rows = [did(f"p{i}", step, 10.0 * k) for i in range(20) for k, step in enumerate("ab" if i else "arb")]
    assert [[p.step for p in m.parts] for m in library_of(log_of(rows), seed=1).modules] == [["a", "b"]]


def test_steps_without_moves_stand_alone_and_parts_in_no_firm_order_have_no_lags() -> None:
    alone = library_of(sequences("a", "b", times=6), seed=1)
    assert [(m.name, len(m.parts)) for m in alone.modules] == [("a", 1), ("b", 1)]
    either = library_of(sequences("ab", "ba", times=30), seed=1)
    assert [m.lags for m in either.modules] == [()]


def test_a_step_that_goes_on_while_the_next_begins_does_not_come_before_it() -> None:
    rows = [row for i in range(40) for row in (did(f"p{i}", "Stay", 0, 900), did(f"p{i}", "Look", 60, 90))]
    assert [m.lags for m in library_of(log_of(rows), seed=1).modules] == [()]


def test_a_part_done_several_times_says_how_often() -> None:
    library = library_of(sequences("acbcd", times=40), seed=1)
    assert {p.step: p.times for m in library.modules for p in m.parts} == {"a": 1, "b": 1, "c": 2, "d": 1}


def test_needs_of_the_site_are_met_by_the_module_with_the_step() -> None:
    site = {"needs": [{"attribute": "kind", "values": ["x"], "step": "b"}]}
    rows = [did(f"p{i}", step, 10.0 * k, kind="x") for i in range(8) for k, step in enumerate("ab")]
    library = library_of(log_of(rows, site), seed=1)
    assert library.needs == {"b": "kind is x"}
    assert [m.meets for m in library.modules] == [{"b": 1.0}]


def test_a_log_of_too_few_cases_or_without_times_is_refused() -> None:
    with pytest.raises(EmptyError, match="no step that 5 cases have"):
        library_of(sequences("ab", "cd"), seed=1)
    with pytest.raises(EmptyError, match="no step in it has a time"):
        library_of(log_of([did("p", "a", None)]), seed=1)


def stays(n: int = 30) -> EventLog:
    """Patients with a stay, in it intensive care with a machine on for part of it, and a talk of one moment; clerks at both ends.

    From the end of coming in to the stay there are 3 minutes, from the end of the stay to going home 20; intensive care is long over then.
    """
    rows = []
    for i in range(n):
        at = 1000.0 * i
        steps = [
            ("Come in", 0, 5, "clerk"),
            ("Stay", 8, 900, "ward"),
            ("ICU", 60, 190, "icu"),
            ("Pump", 70, 100, "icu"),
            ("Talk", 80, 80, "Ann"),
        ]
        rows += [did(f"p{i}", step, at + a, at + b, who) for step, a, b, who in [*steps, ("Go home", 920, 930, "clerk")]]
    return log_of(rows, {"pools": {"nurses": {"resources": ["ward", "icu"]}}})


def one_module(log: EventLog, monkeypatch: pytest.MonkeyPatch) -> Module:
    """All steps as one module, whatever patients' moves say."""
    monkeypatch.setattr("sandcone.personalising.modules_of_log.communities", lambda moves, seed: np.zeros(len(moves), dtype=np.int64))
    (found,) = library_of(log, seed=1).modules
    return found


def test_a_part_goes_on_during_the_shortest_longer_one_that_it_overlaps_in_most_patients(monkeypatch: pytest.MonkeyPatch) -> None:
    found = one_module(stays(), monkeypatch)
    assert {p.name: p.during for p in found.parts if p.during} == {"ICU": "Stay", "Pump": "ICU", "Talk": "Pump"}
    assert "ICU (during Stay)" in found.title


def test_lags_are_from_ends_to_starts_of_what_comes_one_after_the_other_and_never_between_what_overlaps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lags = {(lag.before, lag.after): (lag.at_least, lag.at_most) for lag in one_module(stays(), monkeypatch).lags}
    assert lags["Come in", "Stay"] == (3.0, 3.0)
    assert lags["Stay", "Go home"] == (20.0, 20.0)
    assert lags["ICU", "Go home"] == (730.0, 730.0)
    assert not {("Stay", "ICU"), ("ICU", "Stay"), ("ICU", "Pump"), ("Pump", "ICU")} & set(lags)


def test_a_path_composed_of_it_has_the_overlapping_parts_in_no_order(monkeypatch: pytest.MonkeyPatch) -> None:
    library = Library(name="l", modules=(replace(one_module(stays(), monkeypatch), lags=()),))
    path = Composer(library=library, minutes=lambda _step: 10.0, doers={}).path(Person(name="p"))
    assert {(lag.before, lag.after) for lag in path.lags} == {
        *((a, b) for a in ("Come in",) for b in ("Stay", "ICU", "Pump", "Talk")),
        *((a, "Go home") for a in ("Stay", "ICU", "Pump", "Talk")),
    }
    assert path.conflicts == ()


def test_a_part_that_overlaps_in_fewer_than_half_or_by_little_does_not_go_on_during_another() -> None:
    some = [r for i in range(60) for a in (0 if i < 25 else 100,) for r in (did(f"p{i}", "Long", 0, 90), did(f"p{i}", "Short", a, a + 30))]
    late = [r for i in range(60) for r in (did(f"p{i}", "Long", 0, 90), did(f"p{i}", "Short", 80, 110))]
    for rows in (some, late):
        assert [p.during for m in library_of(log_of(rows), seed=1).modules for p in m.parts] == [None, None]


def test_fewer_than_thirty_patients_do_not_say_what_goes_on_at_the_same_time() -> None:
    for n, within in ((29, None), (30, "Stay")):
        rows = [row for i in range(n) for row in (did(f"p{i}", "Stay", 0, 900), did(f"p{i}", "Look", 60, 90))]
        assert [p.during for m in library_of(log_of(rows), seed=1).modules for p in m.parts] == [None, within]


def test_a_part_says_who_did_it_by_pool_and_a_library_with_that_can_be_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = one_module(stays(), monkeypatch)
    assert {p.name: p.done_by for p in found.parts} == {
        "Come in": ("clerk",),
        "Stay": ("nurses",),
        "ICU": ("nurses",),
        "Pump": ("nurses",),
        "Talk": ("Ann",),
        "Go home": ("clerk",),
    }
    library = Library(name="l", modules=(found,))
    assert read_library(save_library(library, tmp_path / "l.toml")) == library


def test_a_need_that_two_lines_of_the_site_file_give_says_both() -> None:
    site = {"needs": [{"attribute": "kind", "values": ["x"], "step": "b"}, {"attribute": "old", "values": ["yes"], "step": "b"}]}
    rows = [did(f"p{i}", "b", 0, kind="x", old="yes") for i in range(8)]
    assert library_of(log_of(rows, site), seed=1).needs == {"b": "kind is x, or old is yes"}
