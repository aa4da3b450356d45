"""Personal paths in the twin: a node a step, in turn, what is the same to the end there once, and the same luck in two ways of care."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sandcone.core.arrivals import Listed, Rate
from sandcone.core.care import Lag, Module, Part, Path, PathStep, Person
from sandcone.core.errors import ModelError
from sandcone.core.law import Fixed, Lognormal, Minutes
from sandcone.core.model import Model, Need, Pool, Resource, Step
from sandcone.core.route import END, Choose, Do, Route, Split, Way, WaysWhen
from sandcone.core.site import Condition
from sandcone.personalising.twin import personal_model
from sandcone.personalising.ways import aligned, in_turn
from sandcone.simulating import simulate
from tests.personalising.libraries import module
from tests.personalising.libraries import path as composed


def step(law: Any = None, *pools: str) -> Step:
    return Step(minutes=Minutes(otherwise=law or Fixed(minutes=30)), needs=tuple(Need(pools=(p,)) for p in pools))


def clinic(dies: float = 0.25) -> Model:
    """A talk, an operation after which some die, two days in bed; and emergencies who have an operation only."""
    mortal = (
        WaysWhen(when=(Condition(attribute="risk", values=("high",)),), ways=(Way(to="died", share=dies), Way(to="day 1", share=1 - dies))),
    )
    nodes = {
        "talk": Do(step="Talk", then="operation"),
        "operation": Do(step="Operation", then="survives?"),
        "survives?": Choose(otherwise=(Way(to="day 1", share=1.0),), cases=mortal),
        "died": Do(step="Died"),
        "day 1": Do(step="Day", then="day 2"),
        "day 2": Do(step="Day"),
    }
    steps = {"Talk": step(None, "nurse"), "Operation": step(Lognormal(median=60, sigma=0.5), "theatre"), "Day": step(Fixed(minutes=1440))}
    return Model(
        name="clinic",
        begin=date(2024, 1, 1),
        steps={**steps, "Died": Step(minutes=Minutes(otherwise=Fixed(minutes=0))), "Extra": step(Lognormal(median=9, sigma=0.5))},
        route=Route(first="talk", nodes=nodes),
        arrivals=(Rate(per_hour=(0.1,), first="operation", name="emergencies"),),
        resources={"Nurse": Resource(capacity=9), "Theatre": Resource(capacity=9)},
        pools={"nurse": Pool(members=("Nurse",)), "theatre": Pool(members=("Theatre",))},
    )


def path(*steps: str | PathStep, lags: tuple[Lag, ...] = (), who: str = "Ann") -> Path:
    made = tuple(s if isinstance(s, PathStep) else PathStep(name=s, step=s, modules=(s,), minutes=30.0) for s in steps)
    return Path(person=who, modules=tuple(s.name for s in made), steps=made, lags=lags)


def person(name: str = "Ann", minute: float = 0.0, **facts: Any) -> Person:
    return Person(name=name, facts=facts, minute=minute)


def rows(model: Model, **asked: Any) -> list[dict[str, Any]]:
    log = simulate(model, seed=3, **asked).logs[0]
    return log.table.order_by(["case", "start"]).to_pyarrow().to_pylist()


def test_everybody_goes_their_own_way_in_the_order_of_their_arrival() -> None:
    model = personal_model(clinic(), [person("Bo", 50), person("Ann", 20)], [path("Extra", "Talk"), path("Talk", "Extra")])
    listed = model.arrivals[0]
    assert isinstance(listed, Listed) and [(p.name, p.minute) for p in listed.patients] == [("Ann", 20), ("Bo", 50)]
    assert [(r["case"], r["step"]) for r in rows(model)] == [("Ann", "Talk"), ("Ann", "Extra"), ("Bo", "Extra"), ("Bo", "Talk")]


def test_ways_that_are_the_same_to_the_end_are_there_once() -> None:
    model = personal_model(clinic(), [person("A"), person("B"), person("C")], [path("Talk", "Extra"), path("Extra"), path("Talk", "Extra")])
    assert len(model.route.nodes) == 2
    assert "3 patients on paths of their own, 2 of them different" in model.notes[-1]


def test_a_least_lag_is_kept_less_what_the_steps_between_take() -> None:
    least = Lag(before="Talk", after="Day", at_least=100)
    model = personal_model(clinic(), [person()], [path("Talk", "Extra", "Day", lags=(least,))])
    nodes = {n.step: n for n in model.route.nodes.values() if isinstance(n, Do)}
    assert nodes["Day"].lag == Fixed(minutes=70) and nodes["Extra"].lag is None


def test_where_a_step_may_end_it_the_model_says_who_leaves() -> None:
    mortal = PathStep(name="Operation", step="Operation", modules=("x",), minutes=60.0, may_end=True)
    people = [person(f"P{i:03d}", risk="high" if i < 200 else "low") for i in range(400)]
    found = rows(personal_model(clinic(), people, [path(mortal, "Extra")] * 400))
    died = {r["case"] for r in found if r["step"] == "Died"}
    assert 30 <= len(died) <= 70 and max(died) < "P200"  # a quarter of 200 at high risk, give or take three and a half standard deviations
    assert {r["case"] for r in found if r["step"] == "Extra"} == {p.name for p in people} - died


def test_a_part_that_may_end_it_makes_such_a_step() -> None:
    mortal = module("operation", Part(name="cut", step="Operation", may_end=True), Part(name="rest", step="Day"), standard=True)
    assert [s.may_end for s in composed(Person(name="x"), mortal).steps] == [True, False]


def test_a_step_that_does_not_say_so_ends_nobodys_journey() -> None:
    found = rows(personal_model(clinic(dies=0.999), [person(risk="high")], [path("Operation", "Extra")]))
    assert [r["step"] for r in found] == ["Operation", "Extra"]


def test_a_stretch_of_the_models_own_ways_is_one_part_of_a_path() -> None:
    model = personal_model(clinic(), [person()], [path("Talk", "day 1", "Extra")])
    assert [r["step"] for r in rows(model)] == ["Talk", "Day", "Day", "Extra"]
    assert sum(isinstance(n, Split) for n in model.route.nodes.values()) == 1


def test_a_step_that_the_hospital_does_not_know_is_refused_and_a_lag_before_a_stretch_too() -> None:
    with pytest.raises(ModelError, match="'Dance' of a path: the hospital does not know it") as refusal:
        personal_model(clinic(), [person()], [path("Dance")])
    assert "Ann" not in str(refusal.value)
    with pytest.raises(ModelError, match="a lag of 5 minutes before a stretch"):
        personal_model(clinic(), [person()], [path("Talk", "day 1", lags=(Lag(before="Talk", after="day 1", at_least=5),))])


def test_people_without_any_step_are_left_out_and_nobody_at_all_is_refused() -> None:
    model = personal_model(clinic(), [person("A"), person("B")], [path(), path("Talk")])
    assert [p.name for p in model.arrivals[0].patients] == ["B"]  # type: ignore[union-attr]
    with pytest.raises(ModelError, match="nobody has a single step"):
        personal_model(clinic(), [person()], [path()])


def test_streams_that_are_kept_come_as_before() -> None:
    model = personal_model(clinic(), [person()], [path("Talk")], kept=[0])
    assert [a.name for a in model.arrivals] == ["personal paths", "emergencies"]
    first = {r["step"] for r in rows(model, days=9) if r["case"] != "Ann"}
    assert first == {"Operation", "Day"}


def test_two_ways_of_care_meet_the_same_luck_in_what_they_share() -> None:
    many = [person(f"P{i}") for i in range(20)]
    long, short = [path("Talk", "Extra", "Operation")] * 20, [path("Operation", "Day")] * 20
    took = []
    for mine, other in ((long, short), (short, long)):
        took.append(lengths(personal_model(clinic(), many, mine, (), other)))
    assert took[0] == took[1] and len(set(took[0].values())) > 10
    assert lengths(personal_model(clinic(), many, short)) != took[1]  # by itself a path meets luck of its own


def lengths(model: Model) -> dict[str, int]:
    """Seconds in theatre, by patient."""
    return {r["case"]: round((r["end"] - r["start"]).total_seconds()) for r in rows(model) if r["step"] == "Operation"}


@pytest.mark.parametrize(
    ("here", "there"), [("abc", "abc"), ("abc", "axc"), ("bc", "abcd"), ("", "ab"), ("abab", "baba"), ("xyz", "abc"), ("abcd", "badc")]
)
def test_two_paths_are_brought_in_line_with_every_step_of_each(here: str, there: str) -> None:
    mine, theirs = aligned(list(here), list(there)), aligned(list(there), list(here))
    assert len(mine) == len(theirs)
    assert [i for i in mine if i is not None] == list(range(len(here)))
    assert [i for i in theirs if i is not None] == list(range(len(there)))
    assert all(here[a] == there[b] for a, b in zip(mine, theirs, strict=True) if a is not None and b is not None)
    assert all(a is not None or b is not None for a, b in zip(mine, theirs, strict=True))


def test_a_module_that_has_begun_goes_on_before_another_begins() -> None:
    found = composed(Person(name="x"), *two_of_them())
    assert [s.step for s in found.steps] == ["a", "c", "b", "d"]  # as early as can be, where several could see to them
    assert [s.step for s in in_turn(found).steps] == ["a", "b", "c", "d"]


def two_of_them() -> list[Module]:
    return [module("one", "a", "b", standard=True), module("two", "c", "d", standard=True)]


def test_what_must_come_before_still_does_when_steps_are_taken_in_turn() -> None:
    turned = in_turn(path("Talk", "Extra", "Day", lags=(Lag(before="Extra", after="Talk"),)))
    assert [s.name for s in turned.steps] == ["Extra", "Talk", "Day"]


def test_the_end_is_reached_by_every_way() -> None:
    model = personal_model(clinic(), [person()], [path("Talk", "Extra")])
    assert END in {n.then for n in model.route.nodes.values() if isinstance(n, Do)}
