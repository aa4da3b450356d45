"""Levers of waiting: delays that are shorter, and steps at the same time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sandcone.core.arrangement import Arrangement
from sandcone.core.errors import ModelError
from sandcone.core.law import Exponential, Fixed, Law, Uniform
from sandcone.core.model import Need, Resource, Step
from sandcone.core.route import END, Choose, Do, Node, Way
from sandcone.improving.levers.telehealth import telehealth
from sandcone.improving.levers.waiting import lag, side_by_side
from tests.improving.levers.played import played
from tests.simulating.worlds import hospital, known, step

PEOPLE = {"Nurse": Resource(), "Doctor": Resource()}


def round_trip(*patients: tuple[str, float], **of: Step) -> Arrangement:
    """A test, then a talk half an hour of travel later, with results pending for a quarter of an hour."""
    steps = {"Test": step(10, "Nurse"), "Talk": step(20, "Doctor", before=Fixed(minutes=15.0)), **of}
    nodes: dict[str, Node] = {"test": Do(step="Test", then="talk"), "talk": Do(step="Talk", lag=Fixed(minutes=30.0))}
    return Arrangement(model=hospital(steps, known(*patients), nodes=nodes, resources=PEOPLE))


def pair(first: Step, second: Step, *patients: tuple[str, float], delay: Law | None = None) -> Arrangement:
    """Two steps, one after the other, then leaving."""
    nodes: dict[str, Node] = {"a": Do(step="A", then="b"), "b": Do(step="B", then="c", lag=delay), "c": Do(step="C")}
    steps = {"A": first, "B": second, "C": step(1, "Nurse")}
    return Arrangement(model=hospital(steps, known(*patients), nodes=nodes, resources=PEOPLE))


def test_both_delays_before_a_step_are_shorter_and_no_other() -> None:
    at = round_trip(("Ann", 0))
    assert [r.start for r in played(at)] == [0, 55]
    after = lag(at, steps=("Talk",), times=0.2)
    assert [r.start for r in played(after)] == [0, 10 + 0.2 * 45]
    assert [r.start for r in played(lag(at, steps=("Talk",), times=0.0))] == [0, 10]


@pytest.mark.parametrize("law", [Fixed(minutes=40.0), Uniform(low=10.0, high=30.0), Exponential(mean=8.0)], ids=lambda law: law.kind)
def test_a_delay_keeps_its_shape(law: Law) -> None:
    at = round_trip(Talk=step(20, "Doctor", before=law))
    before = lag(at, steps=("Talk",), times=2.5).model.steps["Talk"].before
    assert before is not None
    assert (before.kind, before.mean) == (law.kind, law.mean * 2.5)


@pytest.mark.parametrize(
    ("steps", "times", "why"), [("Test", 0.5, "no delay is before"), ("Talk", 1.0, "stays"), ("Talk", -1.0, "-1 times")]
)
def test_a_delay_that_is_not_there_or_stays_is_refused(steps: str, times: float, why: str) -> None:
    with pytest.raises(ModelError, match=why):
        lag(round_trip(), steps=(steps,), times=times)


def test_two_steps_begin_together_and_the_longer_one_decides() -> None:
    at = pair(step(10, "Nurse"), step(25, "Doctor"), ("Ann", 0))
    assert [r.when[1:] for r in played(at)] == [("A", 0, 10), ("B", 10, 35), ("C", 35, 36)]
    after = side_by_side(at, step="A", with_step="B")
    assert [r.when[1:] for r in played(after)] == [("A", 0, 10), ("B", 0, 25), ("C", 25, 26)]


def test_one_person_does_two_steps_at_once_for_nobody() -> None:
    after = side_by_side(pair(step(10, "Nurse"), step(25, "Nurse"), ("Ann", 0)), step="A", with_step="B")
    assert [r.when[1:] for r in played(after)] == [("A", 0, 10), ("B", 10, 35), ("C", 35, 36)]


def test_who_comes_to_the_second_step_another_way_does_it_alone() -> None:
    at = pair(step(10, "Nurse"), step(25, "Doctor"), ("Ann", 0))
    nodes: dict[str, Node] = {**at.model.route.nodes, "again?": Choose(otherwise=(Way(to="b", share=0.5), Way(to=END, share=0.5)))}
    nodes["c"] = Do(step="C", then="again?")
    again = replace(at, model=replace(at.model, route=replace(at.model.route, nodes=nodes)))
    after = side_by_side(again, step="A", with_step="B").model.route.nodes
    assert after["b"] == nodes["b"]
    assert after["again?"] == nodes["again?"]


def test_a_step_that_is_done_at_once_with_another_is_so_once_and_then_no_more() -> None:
    once = side_by_side(pair(step(10, "Nurse"), step(25, "Doctor")), step="A", with_step="B")
    assert set(once.model.route.nodes) == {"a", "a · first", "a · second", "c"}
    for first, second in (("A", "B"), ("B", "C")):
        with pytest.raises(ModelError, match="nowhere leads straight"):
            side_by_side(once, step=first, with_step=second)


def test_every_way_of_a_step_is_done_at_once_with_the_other() -> None:
    at = telehealth(pair(step(10, "Nurse"), step(25, "Doctor"), *((f"p{i}", 0) for i in range(20))), steps=("A",), share=0.5)
    rows = played(side_by_side(at, step="A", with_step="B"))
    first = {r.who: r.step for r in rows if r.step.startswith("A")}
    assert set(first.values()) == {"A", "A · from home"}
    assert min(r.start for r in rows if r.step == "B") == 0


KEPT = {
    "a place is kept until the second": (step(10, Need(pools=("Nurse",), until="B")), step(25, "Doctor"), None, "kept until one of them"),
    "a place is kept that the second uses": (step(10, Need(pools=("Nurse",), until="C")), step(25, "Nurse"), None, "that the other needs"),
    "a place is kept that the first used": (step(10, "Nurse"), step(25, Need(pools=("Nurse",), until="C")), None, "that the other needs"),
    "a place is blocked": (step(10, Need(pools=("Nurse",), blocks=True)), step(25, "Doctor"), None, "keeps a place until the next"),
    "the second waits for the first": (step(10, "Nurse", after=Fixed(minutes=5.0)), step(25, "Doctor"), None, "a delay lies between"),
    "a result is pending": (step(10, "Nurse"), step(25, "Doctor", before=Fixed(minutes=5.0)), None, "a delay lies between"),
    "a way lies between": (step(10, "Nurse"), step(25, "Doctor"), Fixed(minutes=5.0), "nowhere leads straight"),
}


@pytest.mark.parametrize("what", KEPT)
def test_steps_that_need_each_other_stay_one_after_the_other(what: str) -> None:
    first, second, delay, why = KEPT[what]
    with pytest.raises(ModelError, match=why):
        side_by_side(pair(first, second, delay=delay), step="A", with_step="B")


def test_a_bed_that_is_kept_for_long_lets_a_nurse_come_meanwhile() -> None:
    at = pair(step(600, Need(pools=("Doctor",), until="C")), step(25, "Nurse"), ("Ann", 0))
    rows = played(side_by_side(at, step="A", with_step="B"))
    assert [r.when[1:] for r in rows] == [("B", 0, 25), ("A", 0, 600), ("C", 600, 601)]


def test_a_place_that_another_step_keeps_until_then_forbids_it_too() -> None:
    at = pair(step(10, "Nurse"), step(25, "Doctor"))
    kept = {**at.model.steps, "C": step(1, Need(pools=("Nurse",), until="A"))}
    with pytest.raises(ModelError, match="kept until one of them"):
        side_by_side(replace(at, model=replace(at.model, steps=kept)), step="A", with_step="B")


@pytest.mark.parametrize(("one", "other"), [("A", "C"), ("B", "A"), ("A", "A"), ("A", "?")])
def test_steps_that_do_not_follow_each_other_cannot_be_done_at_once(one: str, other: str) -> None:
    with pytest.raises(ModelError):
        side_by_side(pair(step(10, "Nurse"), step(25, "Doctor")), step=one, with_step=other)
