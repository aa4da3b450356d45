"""The lever of who goes first."""

from __future__ import annotations

import pytest

from sandcone.core.arrangement import Arrangement
from sandcone.core.errors import ModelError
from sandcone.core.law import Fixed, LawWhen
from sandcone.core.model import Resource
from sandcone.core.plan import ByClass, ByStep, DueDate, FirstCome, NobodyOver, Plan, Queue, ShortestFirst
from sandcone.core.site import Condition
from sandcone.improving.levers.queues import queue
from sandcone.improving.levers.streams import split
from tests.improving.levers.played import played
from tests.simulating.worlds import hospital, known, step

LONG = (Condition(attribute="case", values=("long",)),)


def clinic(plan: Plan | None = None) -> Arrangement:
    """One doctor; a long visit is asked for before a short one."""
    visit = step(10, "Doctors", cases=(LawWhen(law=Fixed(minutes=40.0), when=LONG),))
    people = known(("a", 0.0, {"case": "short"}), ("b", 1.0, {"case": "long"}), ("c", 2.0, {"case": "short"}))
    model = hospital({"Visit": visit, "Bill": step(1)}, people, resources={"Doctors": Resource(capacity=2)})
    one = hospital({"Visit": visit, "Bill": step(1)}, people, resources={"Doctors": Resource()})
    return Arrangement(model=one if plan is None else model, plan=plan or Plan())


def order(at: Arrangement) -> str:
    """Who is seen, one after the other."""
    return "".join(s.who for s in sorted(played(at), key=lambda s: s.start) if s.step.startswith("Visit"))


@pytest.mark.parametrize(
    ("rule", "then"),
    [
        (ShortestFirst(), "acb"),
        (ByClass(attribute="case", order=("short",)), "acb"),
        (ByClass(attribute="case", order=("long", "short")), "abc"),
        (NobodyOver(minutes=5.0, otherwise=ShortestFirst()), "abc"),
        (DueDate(attribute="case", within_minutes={"long": 90.0}, otherwise_minutes=20.0), "acb"),
        (DueDate(attribute="case", within_minutes={}, otherwise_minutes=20.0), "abc"),
    ],
    ids=range(6),
)
def test_the_rule_says_who_goes_first(rule: Queue, then: str) -> None:
    today = clinic()
    assert order(today) == "abc"
    assert order(queue(today, rule=rule)) == then
    assert order(queue(today, rule=rule, steps=("Visit",))) == then
    assert today == clinic()


def test_a_rule_for_some_steps_leaves_the_others_as_they_are() -> None:
    plan = Plan(name="ours", queue=FirstCome(), queues={"Bill": FirstCome()})
    at = queue(clinic(plan), rule=ShortestFirst(), steps=("Vis*",))
    assert at.plan == Plan(name="ours", queue=FirstCome(), queues={"Bill": FirstCome(), "Visit": ShortestFirst()})
    assert queue(clinic(plan), rule=ShortestFirst()).plan.queues == {"Bill": FirstCome()}


def test_a_rule_holds_for_the_other_ways_of_a_step_too() -> None:
    parted = split(clinic(Plan()), attribute="case", values=("long",), steps=("Visit",), pools=("Doctors",), units=1)
    at = queue(parted, rule=NobodyOver(minutes=60.0, otherwise=ByStep(order=("Bill", "Visit"))), steps=("Visit",))
    rule = NobodyOver(minutes=60.0, otherwise=ByStep(order=("Bill", "Visit", "Visit · long")))
    assert at.plan.queues == {"Visit": rule, "Visit · long": rule}


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (ByClass(attribute="colour", order=("red",)), "no patient has the attribute 'colour'"),
        (ByClass(attribute="case", order=("short", "dull")), "no patient's 'case' is 'dull'"),
        (NobodyOver(minutes=1.0, otherwise=DueDate(attribute="x", within_minutes={}, otherwise_minutes=1.0)), "attribute 'x'"),
        (ByStep(order=("Visit", "Scan")), "no step is called 'Scan'"),
    ],
    ids=range(4),
)
def test_a_rule_that_asks_for_what_nobody_has_is_refused(rule: Queue, why: str) -> None:
    with pytest.raises(ModelError, match=why):
        queue(clinic(), rule=rule)
