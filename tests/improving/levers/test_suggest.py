"""Suggestions: what is in them and why, and that each of them can be read back and set."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from sandcone.core.arrangement import Arrangement
from sandcone.core.arrivals import Kind, Rate
from sandcone.core.errors import ModelError
from sandcone.core.law import Uniform
from sandcone.core.lever import Levers, arranged
from sandcone.core.model import Booking, Model, Need, Resource
from sandcone.core.plan import ByClass, NobodyOver, ShortestFirst
from sandcone.core.route import Choose, Do, Node, Route, Way
from sandcone.improving.levers.reading import levers_of
from sandcone.improving.levers.suggest import suggested
from sandcone.modelling import model as learnt
from sandcone.scenarios import nh_hospital
from sandcone.simulating import load
from tests.improving.levers.played import clinic, played, who_comes
from tests.modelling.worlds import clinic as log_of_a_clinic
from tests.simulating.random_models import random_world
from tests.simulating.worlds import hospital, hours, step


def read(model: Model, loads: dict[str, float] | None = None) -> Levers:
    """The suggestions, read back; every setting must be one that can be set."""
    text = suggested(model, dict(load(model)) if loads is None else loads)
    found = levers_of(tomllib.loads(text), "suggested", Arrangement(model=model))
    assert not found.not_here
    assert 1 <= len(found.levers) <= 15
    return found


def each_alone(levers: Levers, model: Model) -> list[Arrangement]:
    """The hospital with each setting of each lever, alone."""
    at, n = Arrangement(model=model), len(levers.levers)
    sets = [tuple(s + 1 if i == j else 0 for j in range(n)) for i, lever in enumerate(levers.levers) for s in range(len(lever.settings))]
    return [arranged(levers.levers, which, at) for which in sets]


def named(levers: Levers, use: str) -> dict[str, list[str]]:
    """By name the settings of the levers of one kind."""
    return {lever.name: [s.name for s in lever.settings] for lever in levers.levers if lever.use == use}


def two_wards(**of: object) -> Model:
    """Men and women on wards of their own, theatres in the morning, porters for all."""
    nodes: dict[str, Node] = {
        "who?": Choose(otherwise=(Way(to="men", share=0.5), Way(to="women", share=0.5))),
        "men": Do(step="Stay, men", then="cut"),
        "women": Do(step="Stay, women", then="cut"),
        "cut": Do(step="Operation"),
    }
    steps = {
        "Stay, men": step(100, Need(pools=("Men's ward", "Spare ward"))),
        "Stay, women": step(100, "Women's ward"),
        "Operation": step(30, "Theatres", "Porters"),
    }
    beds = {"cost_per_hour": 3.0}
    resources = {
        "Men's ward": Resource(capacity=4, **beds),  # type: ignore[arg-type]
        "Women's ward": Resource(capacity=40, **beds),  # type: ignore[arg-type]
        "Spare ward": Resource(capacity=2, **beds),  # type: ignore[arg-type]
        "Theatres": Resource(capacity=2, calendar="day", turnover_minutes=15.0, last_start_minutes=60.0, cost_per_hour=80.0),
        "Porters": Resource(capacity=6),
    }
    stream = Rate(per_hour=(1.0,), **of)  # type: ignore[arg-type]
    return hospital(steps, (stream,), nodes=nodes, resources=resources, calendars={"day": hours("08:00", "16:00")})


LOADS = {"Men's ward": 0.9, "Women's ward": 0.2, "Theatres": 0.75, "Porters": 0.4, "Spare ward": 0.0}


def test_wards_that_are_alike_are_pooled_or_give_beds_and_others_do_not() -> None:
    found = read(two_wards(), LOADS)
    assert named(found, "pool") == {"One pool: Men's ward and Women's ward": ["on"]}
    assert named(found, "convert") == {"From Women's ward to Men's ward": ["2 of 40", "4 of 40"]}
    assert named(found, "move") == {}


def test_idle_places_close_and_busy_ones_open() -> None:
    found = read(two_wards(), LOADS)
    assert named(found, "capacity") == {
        "Fewer: Women's ward": ["2 of 40", "4 of 40"],
        "Fewer: Porters": ["1 of 6", "2 of 6"],
        "More: Men's ward": ["1 more", "2 more"],
        "More: Theatres": ["1 more", "2 more"],
    }


def test_no_more_places_close_than_the_work_allows() -> None:
    loads = {"Women's ward": 0.49, "Porters": 0.48, "Spare ward": 0.45}
    few = replace(two_wards().resources["Porters"], capacity=2)  # one of two would be busy nearly all the time
    model = replace(two_wards(), resources={**two_wards().resources, "Porters": few, "Women's ward": Resource(capacity=5)})
    assert named(read(model, loads), "capacity") == {"Fewer: Women's ward": ["1 of 5", "2 of 5"]}


def test_time_between_patients_and_at_the_end_of_the_day_is_looked_at() -> None:
    found = read(two_wards(), LOADS)
    assert named(found, "turnover") == {"Faster turnover": ["10% faster", "20% faster"]}
    assert named(found, "last_start") == {"Later last start": ["30 minutes before the end"]}
    assert named(found, "hours") == {"Hours: day": ["an hour earlier", "an hour later", "an hour more at the end"]}


def test_only_costs_that_are_known_are_limited() -> None:
    assert read(two_wards(), LOADS).limits.cost == 1.0
    free = replace(two_wards(), resources={n: replace(r, cost_per_hour=None) for n, r in two_wards().resources.items()})
    assert read(free, LOADS).limits.cost is None


URGENT = (Kind(share=0.9, attributes={"triage": "2 soon"}), Kind(share=0.1, attributes={"triage": "1 urgent"}))


@pytest.mark.parametrize(
    ("queue", "rules"),
    [
        (None, ["nobody over 4 hours", "shortest first", "by triage"]),
        (ShortestFirst(), ["nobody over 4 hours", "by triage"]),
        (ByClass(attribute="triage", order=("1 urgent",)), ["nobody over 4 hours", "shortest first"]),
        (NobodyOver(minutes=5.0, otherwise=ShortestFirst()), ["shortest first", "by triage"]),
    ],
    ids=["first come", "shortest first", "by class", "nobody over"],
)
def test_rules_other_than_todays_are_suggested(queue: object, rules: list[str]) -> None:
    model = two_wards(kinds=URGENT)
    found = read(model if queue is None else replace(model, queue=queue), LOADS)
    assert named(found, "queue") == {"Who goes first": rules}


def test_the_urgent_go_before_those_who_are_less_so() -> None:
    found = read(two_wards(kinds=URGENT), LOADS)
    rules = [a.plan.queue for a in each_alone(found, two_wards(kinds=URGENT)) if isinstance(a.plan.queue, ByClass)]
    assert rules == [ByClass(attribute="triage", order=("1 urgent", "2 soon"))]


def test_groups_that_come_together_may_come_in_smaller_ones() -> None:
    model = two_wards(party=Uniform(low=6.0, high=10.0), name="camps")
    assert named(read(model, LOADS), "smooth") == {"Smaller groups": ["half as large"]}
    after = each_alone(read(model, LOADS), model)
    assert any(a.model.arrivals != model.arrivals for a in after)


def test_appointments_are_evened_out_and_overbooked_where_some_do_not_come() -> None:
    slots = tuple(1440.0 * d + 540 + 10 * i for d, n in ((0, 14), (2, 3), (4, 3)) for i in range(n))
    booked = step(10, "Theatres", booking=Booking(slots=slots, no_show=0.1))
    model = two_wards()
    found = read(replace(model, steps={**model.steps, "Operation": booked}), LOADS)
    assert "Even appointments" in named(found, "smooth")
    assert named(found, "overbook") == {"Overbooking": ["10% of the slots", "20% of the slots"]}


def test_pools_of_two_hospitals_are_not_one() -> None:
    nodes: dict[str, Node] = {"north": Do(step="Scan, north"), "south": Do(step="Scan, south")}
    model = hospital(
        {"Scan, north": step(10, "Scanners north"), "Scan, south": step(10, "Scanners south")},
        (Rate(per_hour=(1.0,)), Rate(per_hour=(1.0,), first="south")),
        nodes=nodes,
        resources={"Scanners north": Resource(capacity=3), "Scanners south": Resource(capacity=3)},
    )
    loads = {"Scanners north": 0.9, "Scanners south": 0.1}
    assert {lever.use for lever in read(model, loads).levers} == {"capacity", "queue"}
    one_door = replace(model, arrivals=(Rate(per_hour=(1.0,), first="which?"),), route=_from_one_door(model))
    assert {"pool", "convert"} <= {lever.use for lever in read(one_door, loads).levers}


def _from_one_door(model: Model) -> Route:
    ways = (Way(to="north", share=0.5), Way(to="south", share=0.5))
    return replace(model.route, nodes={**model.route.nodes, "which?": Choose(otherwise=ways)})


def test_names_that_a_file_must_escape_come_back_as_they_were() -> None:
    odd = 'Ward "A"\\B\n\tç\x7f'
    model = hospital(
        {"Stay": step(10, odd, "B*")}, (Rate(per_hour=(1.0,)),), resources={odd: Resource(capacity=9), "B*": Resource(capacity=9)}
    )
    found = read(model, {odd: 0.1, "B*": 0.1})
    assert named(found, "capacity") == {f"Fewer: {odd}": ["1 of 9", "2 of 9"]}


@pytest.mark.parametrize("loads", [{}, {"nowhere": 0.9}, {"Ward": float("inf"), "Theatres": float("nan")}], ids=["none", "strange", "odd"])
def test_pools_without_a_load_are_left_alone(loads: dict[str, float]) -> None:
    assert read(clinic(), loads).levers


@pytest.mark.parametrize("size", ["ward", "hospital"])
def test_of_the_cardiac_hospital_every_suggestion_can_be_set_and_leaves_who_comes(size: str) -> None:
    model = nh_hospital(size)  # type: ignore[arg-type]
    found = read(model)
    assert len(found.levers) >= 10
    gone_by_hand = {lever.name for lever in found.levers if lever.use == "smooth"}
    for at in each_alone(found, model):
        changes_streams = at.model.arrivals != model.arrivals
        assert not changes_streams or "Smaller groups" in gone_by_hand


def test_a_hospital_learnt_from_a_log_has_suggestions_too() -> None:
    model = learnt(log_of_a_clinic(200), seed=1)
    found = read(model)
    assert found.levers
    for at in each_alone(found, model):
        played(at, days=3)


def test_with_everything_that_fits_set_the_clinic_still_runs() -> None:
    model = clinic()
    found = read(model)
    for at in each_alone(found, model):
        assert who_comes(at.model) == who_comes(model) or at.model.arrivals != model.arrivals
        played(at, days=2)


@examples(max_examples=40)
@given(seed=st.integers(0, 10_000))
def test_of_any_hospital_every_suggestion_can_be_read_back_and_set(seed: int) -> None:
    try:
        model, _ = random_world(seed)
    except ModelError:
        return
    each_alone(read(model), model)


def test_equal_hospitals_have_equal_suggestions() -> None:
    assert suggested(two_wards(), LOADS) == suggested(two_wards(), dict(reversed(LOADS.items())))


def test_the_reason_stands_above_each_lever() -> None:
    text = suggested(two_wards(), LOADS)
    assert "# Load 90% in Men's ward, 20% in Women's ward; both are \"ward\"" in text
    assert all(block.startswith("# ") for block in text.split("\n\n") if "[[lever]]" in block)
