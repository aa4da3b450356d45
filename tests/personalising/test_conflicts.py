"""Every kind of conflict that is planted is found, and said; where nothing clashes, nothing is said to."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise

import pytest

from sandcone.core.care import Lag, Module, Part, Path, Person
from sandcone.personalising.asking import Overrule
from sandcone.personalising.paths import Composer
from tests.personalising.libraries import ANYBODY, DAY, HOUR, lag, library, module, path

Planted = Callable[[], Path]


def contradict() -> Path:
    return path(ANYBODY, module("beta blocker", standard=True, against=("asthma care",)), module("asthma care", standard=True))


def duplicate_step() -> Path:
    return path(ANYBODY, module("heart", "blood test", "echo", standard=True), module("kidney", "blood test", "scan", standard=True))


def duplicate_function() -> Path:
    return path(ANYBODY, module("in person", standard=True), module("by phone", standard=True, instead_of=("in person",)))


def order_of_two() -> Path:
    return path(ANYBODY, module("a", standard=True, after=("b",)), module("b", standard=True, after=("a",)))


def order_of_shared_steps() -> Path:
    return path(ANYBODY, module("a", "x", "y", standard=True), module("b", "y", "x", standard=True))


def circular() -> Path:
    return path(
        ANYBODY,
        module("a", standard=True, after=("c",)),
        module("b", standard=True, after=("a",)),
        module("c", standard=True, after=("b",)),
    )


def circular_by_results() -> Path:
    return path(
        ANYBODY,
        module("a", standard=True, takes=("p",), gives=("q",)),
        module("b", standard=True, takes=("q",), gives=("r",)),
        module("c", standard=True, takes=("r",), gives=("p",)),
    )


def too_close() -> Path:
    scan = module("scan", "contrast", standard=True)
    surgery = module("surgery", "contrast", "operation", standard=True, lags=(lag("contrast", "operation", 0, 6 * HOUR),))
    return path(ANYBODY, scan, surgery, module("anaesthesia", "operation", standard=True, apart={"scan": 2 * DAY}))


def too_far() -> Path:
    return path(ANYBODY, module("a", "x", "y", "z", standard=True, lags=(lag("x", "y", DAY), lag("y", "z", DAY), lag("x", "z", 0, DAY))))


def too_far_in_all() -> Path:
    return path(ANYBODY, module("one visit clinic", "x", "y", standard=True, within=4 * HOUR, lags=(lag("x", "y", DAY),)))


def limit() -> Path:
    person = Person(name="p", facts={"angina": True}, limits={"contrast_allergy": True})
    return path(person, module("angiography", when="%angina = true", unless="%contrast_allergy = true"))


def unknown_limit() -> Path:
    return path(Person(name="p", facts={"angina": True}), module("angiography", when="%angina = true", unless="%kidney_failure = true"))


def missing() -> Path:
    return path(ANYBODY, module("operation", standard=True, takes=("consent",)))


def where() -> Path:
    return path(Person(name="p", limits={"telehealth": True}), module("operation", standard=True))


def too_much() -> Path:
    scans = [module(name, standard=True, uses={"contrast": 80.0}) for name in ("angiography", "CT")]
    return path(ANYBODY, *scans, most={"contrast": 120.0})


def wished_for_one_visit() -> Path:
    return path(Person(name="p", wishes={"one_visit": True}), module("a", "x", "y", standard=True, lags=(lag("x", "y", DAY),)))


def wished_for_home() -> Path:
    return path(Person(name="p", wishes={"telehealth": True}), module("echo", standard=True))


def nobody_they_know() -> Path:
    composer = Composer(library=library(module("echo", standard=True)), doers={"echo": frozenset({"Dr Rao"})})
    return composer.path(Person(name="p", limits={"clinician": "Dr Shah"}))


@pytest.mark.parametrize(
    ("planted", "kind", "modules"),
    [
        (contradict, "contradict", {"beta blocker", "asthma care"}),
        (duplicate_step, "duplicate", {"heart", "kidney"}),
        (duplicate_function, "duplicate", {"in person", "by phone"}),
        (order_of_two, "order", {"a", "b"}),
        (order_of_shared_steps, "order", {"a", "b"}),
        (circular, "circular", {"a", "b", "c"}),
        (circular_by_results, "circular", {"a", "b", "c"}),
        (too_close, "too close", {"scan", "surgery", "anaesthesia"}),
        (too_far, "too far", {"a"}),
        (too_far_in_all, "too far", {"one visit clinic"}),
        (limit, "limit", {"angiography"}),
        (unknown_limit, "unknown", {"angiography"}),
        (missing, "missing", {"operation"}),
        (where, "where", {"operation"}),
        (too_much, "too much", {"angiography", "CT"}),
        (wished_for_one_visit, "wish", {"a"}),
        (wished_for_home, "wish", {"echo"}),
        (nobody_they_know, "who", {"echo"}),
    ],
)
def test_every_planted_conflict_is_found(planted: Planted, kind: str, modules: set[str]) -> None:
    found = [c for c in planted().conflicts if c.kind == kind]
    assert len(found) == 1, planted().conflicts
    assert set(found[0].modules) <= modules
    assert len(found[0].modules) >= min(2, len(modules))
    assert found[0].why


@pytest.mark.parametrize("planted", [order_of_two, circular, too_close, too_far, too_far_in_all])
def test_what_cannot_be_kept_stays_open_for_a_person(planted: Planted) -> None:
    assert [c.done for c in planted().conflicts if c.kind != "duplicate"] == [""]


def test_a_conflict_of_times_names_the_times() -> None:
    (conflict,) = too_far().conflicts
    assert "'z' at most 1440 minutes after 'x'" in conflict.why
    assert "'y' at least 1440 minutes after 'x'" in conflict.why


def test_of_two_that_contradict_the_one_with_the_weaker_reason_is_set_aside_and_said() -> None:
    person = Person(name="p", facts={"asthma": True})
    found = path(person, module("beta blocker", standard=True), module("asthma care", when="%asthma = true", against=("beta blocker",)))
    assert found.modules == ("asthma care",)
    assert [c.done for c in found.conflicts] == ["'beta blocker' is set aside until a person confirms it"]
    assert [r.why for r in found.reasons if not r.chosen] == ["it may not be given together with 'asthma care'"]


def test_two_that_people_insist_on_both_stay_and_the_conflict_is_open() -> None:
    both = library(module("a", against=("b",)), module("b"))
    said = [Overrule(module=name, chosen=True, why="agreed with the patient") for name in ("a", "b")]
    found = Composer(library=both).path(ANYBODY, overrules=said)
    assert found.modules == ("a", "b")
    assert [(c.kind, c.done) for c in found.conflicts] == [("contradict", "")]


def test_an_alternative_takes_the_place_of_what_a_patient_cannot_have() -> None:
    person = Person(name="p", facts={"angina": True}, limits={"contrast_allergy": True})
    found = path(
        person,
        module("angiography", when="%angina = true", unless="%contrast_allergy = true"),
        module("stress test", when="%angina = true", instead_of=("angiography",)),
    )
    assert found.modules == ("stress test",)
    assert [(c.kind, c.done) for c in found.conflicts] == [("limit", "'stress test' is given instead")]


def compatible(seed: int) -> tuple[list[Module], list[str]]:
    """Modules that go together, since all their rules are read off one timetable that keeps them; and the steps that are shared."""
    chance = random.Random(seed)
    starts = {f"s{i}": 60.0 * t for i, t in enumerate(sorted(chance.sample(range(400), 24)))}
    own, common = list(starts), [chance.choice(list(starts)) for _ in range(2)]
    modules: list[Module] = []
    for i in range(chance.randint(2, 6)):
        steps = sorted({*chance.sample(own, 3), *(c for c in common if chance.random() < 0.4)}, key=lambda s: starts[s])
        own = [s for s in own if s not in steps or s in common]
        lags = []
        for a, b in pairwise(steps):
            gap = starts[b] - starts[a] - 30
            lags.append(
                Lag(
                    before=a,
                    after=b,
                    at_least=gap * chance.random(),
                    at_most=gap * (1 + chance.random()) if chance.random() < 0.5 else None,
                )
            )
        within = (starts[steps[-1]] + 30 - starts[steps[0]]) * 1.2 if chance.random() < 0.5 else None
        earlier = [m for m in modules if starts[m.parts[-1].name] < starts[steps[0]]]
        modules.append(
            Module(
                name=f"m{i}",
                parts=tuple(Part(name=s, step=s) for s in steps),
                lags=tuple(lags),
                within=within,
                standard=True,
                after=tuple(m.name for m in earlier if chance.random() < 0.5),
                apart={
                    m.name: (starts[steps[0]] - starts[m.parts[-1].name] - 30) * chance.random() for m in earlier if chance.random() < 0.3
                },
                takes=tuple(f"result of {m.name}" for m in earlier if chance.random() < 0.3),
                gives=(f"result of m{i}",),
            )
        )
    chance.shuffle(modules)
    return modules, common


def test_no_conflict_is_invented_on_a_thousand_sets_that_go_together() -> None:
    for seed in range(1000):
        modules, _ = compatible(seed)
        found = path(ANYBODY, *modules)
        assert len(found.modules) == len(modules)
        assert [c for c in found.conflicts if c.kind != "duplicate"] == [], seed
        assert all(c.done == "done once for all of them" for c in found.conflicts)


def test_a_duplicate_is_said_once_for_each_step_that_modules_share() -> None:
    for seed in range(200):
        modules, _ = compatible(seed)
        steps = [p.step for m in modules for p in m.parts]
        more = len(steps) - len(set(steps))
        found = path(ANYBODY, *modules)
        assert len(found.conflicts) == more
        assert len(found.steps) == len(set(steps))


def test_whether_a_module_can_be_done_from_home_is_asked_also_where_it_is_open_whether_it_may_be_given() -> None:
    person = Person(name="p", limits={"telehealth": True})
    found = path(person, module("scan", standard=True, unless="%metal = true"))
    assert found.modules == () and [c.kind for c in found.conflicts] == ["where"]


def test_a_module_does_not_give_itself_what_it_takes() -> None:
    found = path(ANYBODY, module("scan", standard=True, takes=("scan before",), gives=("scan before",)))
    assert [c.kind for c in found.conflicts] == ["missing"]


def test_what_is_recorded_as_no_is_given_before_it_is_taken_and_what_is_known_is_waited_for_by_nobody() -> None:
    operation = module("operation", standard=True, takes=("consent", "blood group"))
    talk, test = module("talk", gives=("consent",)), module("test", standard=True, gives=("blood group",))
    found = path(Person(name="p", facts={"consent": False, "blood group": True}), operation, talk, test)
    assert found.modules == ("operation", "talk", "test")
    assert [(k.before, k.after) for k in found.lags] == [("talk", "operation")]


def test_a_step_twice_in_one_module_is_done_twice_also_beside_another_that_has_it_once() -> None:
    before, after = Part(name="before", step="blood"), Part(name="after", step="blood")
    found = path(ANYBODY, module("check", "blood", standard=True), module("surgery", before, "operation", after, standard=True))
    assert [(s.name, s.modules) for s in found.steps] == [
        ("blood", ("check", "surgery")),
        ("operation", ("surgery",)),
        ("after", ("surgery",)),
    ]
    assert [c.kind for c in found.conflicts] == ["duplicate"]


def test_a_journey_may_end_behind_a_step_that_two_share_where_either_says_so() -> None:
    ends = Part(name="talk", step="talk", may_end=True)
    found = path(ANYBODY, module("a", "talk", standard=True), module("b", ends, standard=True))
    assert [(s.modules, s.may_end) for s in found.steps] == [(("a", "b"), True)]


def test_every_step_has_a_name_of_its_own() -> None:
    twice, first = Part(name="walk", step="walk", times=2, shared=False), Part(name="walk 1", step="walk", shared=False)
    found = path(ANYBODY, module("a", first, standard=True), module("b", twice, standard=True), module("c", twice, standard=True))
    names = [s.name for s in found.steps]
    assert sorted(names) == ["b: walk 1", "b: walk 2", "c: walk 1", "c: walk 2", "walk 1"]


def test_a_lag_that_is_given_up_leaves_nothing_of_itself_behind() -> None:
    y_first, x_first = lag("y", "x"), lag("x", "y", 0.0, HOUR)
    found = path(ANYBODY, module("a", "x", "y", standard=True, lags=(y_first, x_first)))
    assert [c.kind for c in found.conflicts] == ["order"]
    assert found.lags == (y_first,)


def test_steps_that_take_no_time_stand_in_their_order_and_a_circle_of_them_is_one() -> None:
    them = module("a", "x", "z", "y", standard=True, lags=(lag("y", "x"), lag("x", "z")))
    found = path(ANYBODY, them, minutes=0.0)
    assert [s.name for s in found.steps] == ["y", "x", "z"] and found.conflicts == ()
    a, b = (module(m, standard=True, after=(other,)) for m, other in ("ab", "ba"))
    assert [c.kind for c in path(ANYBODY, a, b, minutes=0.0).conflicts] == ["order"]
