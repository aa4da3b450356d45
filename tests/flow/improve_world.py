"""A clinic with two doctors who never help each other and nurses to spare: what would make it better is known."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

from sandcone.core.arrivals import Kind, Rate
from sandcone.core.law import Exponential, Fixed, Minutes
from sandcone.core.model import Model, Need, Pool, Resource, Step
from sandcone.core.outcome import Outcome
from sandcone.core.route import Choose, Do, Route, Way, WaysWhen
from sandcone.core.site import Condition

LEVERS = """
[limits]
cost = 1.0

[course]
settle_days = 4
days = 16
follow_days = 4

[[lever]]
name = "One room for both doctors"
use = "pool"
pools = ["doctor of adults", "doctor of children"]

[[lever]]
name = "Nurses"
use = "capacity"
pools = ["nurses"]
settings = [{ name = "two go home", change = -2 }, { name = "four go home", change = -4 }, { name = "one more comes", change = 1 }]
"""


OUTCOME = Outcome(
    resource=0.4,
    flow=0.25,
    fit=math.nan,
    worst_wait=3.5,
    cost=70.0,
    staff_cost=60.0,
    wait=1.5,
    throughput=2.5,
    patients=7,
    unfinished=0.1,
    growth=0.2,
)
"""What one run came to, of a hospital that does not matter; every number is another one."""


def clinic(per_hour: float = 4.0) -> Model:
    """Most of four patients an hour are adults, whose doctor is busy 84 % of the time; then five nurses draw blood, busy 32 %."""
    kinds = (Kind(attributes={"age": "adult"}, share=0.6), Kind(attributes={"age": "child"}, share=0.4))
    child = Condition(attribute="age", values=("child",))
    steps = {
        "Adult visit": Step(minutes=Minutes(otherwise=Exponential(mean=21.0)), needs=(Need(pools=("doctor of adults",)),)),
        "Child visit": Step(minutes=Minutes(otherwise=Exponential(mean=17.0)), needs=(Need(pools=("doctor of children",)),)),
        "Blood": Step(minutes=Minutes(otherwise=Fixed(minutes=24)), needs=(Need(pools=("nurses",)),)),
    }
    nodes = {
        "who": Choose(otherwise=(Way(to="adult", share=1.0),), cases=(WaysWhen(when=(child,), ways=(Way(to="child", share=1.0),)),)),
        "adult": Do(step="Adult visit", then="blood"),
        "child": Do(step="Child visit", then="blood"),
        "blood": Do(step="Blood"),
    }
    return Model(
        name="clinic",
        begin=date(2024, 1, 1),
        steps=steps,
        route=Route(first="who", nodes=nodes),
        arrivals=(Rate(per_hour=(per_hour,), kinds=kinds),),
        resources={
            "Dr A": Resource(cost_per_hour=100.0),
            "Dr B": Resource(cost_per_hour=100.0),
            "Nurse": Resource(capacity=5, cost_per_hour=30.0),
        },
        pools={
            "doctor of adults": Pool(members=("Dr A",)),
            "doctor of children": Pool(members=("Dr B",)),
            "nurses": Pool(members=("Nurse",)),
        },
    )


def levers_file(folder: Path, text: str = LEVERS) -> Path:
    """The levers as a file."""
    path = folder / "what_may_change.toml"
    path.write_text(text, encoding="utf-8")
    return path
