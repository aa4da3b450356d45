"""Another way of doing a step, as yet the same one: it changes nothing for anybody, and nobody's luck."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sandcone.core.arrangement import Arrangement
from sandcone.core.errors import ModelError
from sandcone.core.lever import plain
from sandcone.core.model import Model
from sandcone.core.plan import ByStep, NobodyOver
from sandcone.core.route import END, Choose, Do, Split, Way
from sandcone.core.site import Condition
from sandcone.improving.levers.branching import branched
from sandcone.improving.levers.ways import coming_to
from tests.improving.levers.played import played
from tests.simulating.random_models import random_world
from tests.simulating.worlds import Seen, compiled_rows, hospital, known, plain_rows, player, step

RED = Condition(attribute="colour", values=("red",))


def told(rows: Iterable[Seen]) -> list[str]:
    """What happened, whichever way it was done."""
    return sorted(str(r._replace(step=plain(r.step))) for r in rows)


def with_a_choice_at_the_door(model: Model) -> Model:
    """The same hospital, in which everybody comes to a choice first."""
    doors = {n: f"door to {n}" for n in model.route.nodes}
    choices = {door: Choose(otherwise=(Way(to=n, share=1.0),)) for n, door in doors.items()}
    route = replace(model.route, first=doors[model.route.first], nodes={**model.route.nodes, **choices})
    return replace(model, route=route, arrivals=tuple(coming_to(s, doors) for s in model.arrivals))


def another_way(seed: int, which: int) -> tuple[Arrangement, Arrangement]:
    """A random hospital with and without another way of a step that some rule of its does not put in order."""
    try:
        model, plan = random_world(seed)
    except ModelError:
        assume(False)
    steps = sorted({n.step for n in model.route.nodes.values() if isinstance(n, Do)})
    name = steps[which % len(steps)]
    rules = (model.queue, plan.queue, *plan.queues.values())
    assume(not any(isinstance(q.otherwise if isinstance(q, NobodyOver) else q, ByStep) for q in rules))
    assume(all(s.booking is None for s in model.steps.values()))
    today = Arrangement(model=with_a_choice_at_the_door(model), plan=plan)
    return today, branched(today, [name], RED, "red")[0]


@settings(max_examples=40)
@given(st.integers(0, 5000), st.integers(0, 9))
def test_where_a_choice_comes_before_the_step_nothing_changes_for_anybody(seed: int, which: int) -> None:
    today, at = another_way(seed, which)
    assert not any(n.endswith("?") for n in at.model.route.nodes)
    play = player(compiled_rows if seed % 2 else plain_rows)
    assert told(play(at.model, at.plan, seed=seed, days=4)) == told(play(today.model, today.plan, seed=seed, days=4))


def test_straight_from_the_door_a_new_choice_is_put_before_the_step_and_nowhere_else() -> None:
    people = known(("a", 0.0, {"colour": "red"}), ("b", 1.0, {"colour": "blue"}))
    model = hospital({"Greeting": step(1), "Visit": step(2), "Bill": step(3)}, people)
    at, names = branched(Arrangement(model=model), ["Visit"], RED, "red")
    assert names == {"Visit": "Visit · red"}
    assert set(at.model.route.nodes) == {"Greeting", "Visit", "Bill", "Visit · red", "Visit · red?"}
    assert [(s.who, s.step, s.end) for s in played(at)] == [
        ("a", "Greeting", 1),
        ("b", "Greeting", 2),
        ("a", "Visit · red", 3),
        ("b", "Visit", 4),
        ("a", "Bill", 6),
        ("b", "Bill", 7),
    ]


def test_who_begins_at_the_step_is_told_apart_at_the_door() -> None:
    people = known(("a", 0.0, {"colour": "red"}), ("b", 1.0, {"colour": "blue"}))
    at, _ = branched(Arrangement(model=hospital({"Visit": step(2)}, people)), ["Visit"], RED, "red")
    assert at.model.route.first == "Visit · red?"
    assert [s.step for s in played(at)] == ["Visit · red", "Visit"]


def test_a_step_in_a_parallel_part_has_another_way_there() -> None:
    nodes = {
        "which?": Choose(otherwise=(Way(to="both", share=1.0),)),
        "both": Split(branches=("visit", "form"), then="bill"),
        "visit": Do(step="Visit"),
        "form": Do(step="Form"),
        "bill": Do(step="Bill", then=END),
    }
    people = known(("a", 0.0, {"colour": "red"}), ("b", 1.0, {"colour": "blue"}))
    model = hospital({"Visit": step(4), "Form": step(2), "Bill": step(3)}, people, nodes=nodes)
    at, _ = branched(Arrangement(model=model), ["Visit"], RED, "red")
    assert [(s.who, s.step, s.end) for s in played(at)] == [
        ("a", "Form", 2),
        ("b", "Form", 3),
        ("a", "Visit · red", 4),
        ("b", "Visit", 5),
        ("a", "Bill", 7),
        ("b", "Bill", 8),
    ]


def test_a_step_to_which_nobody_comes_is_refused() -> None:
    model = hospital({"Visit": step(2), "Spare": step(1)}, known(("a", 0.0)), nodes={"v": Do(step="Visit")})
    with pytest.raises(ModelError, match="step 'Spare': nobody ever comes to it"):
        branched(Arrangement(model=model), ["Spare"], RED, "red")
