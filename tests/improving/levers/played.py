"""A small hospital with something for every lever, and what happens in it on both engines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sandcone.core.arrangement import Arrangement
from sandcone.core.arrivals import Kind, Rate, Slots
from sandcone.core.law import Fixed, LawWhen, Uniform
from sandcone.core.model import Booking, Model, Need, Pool, Resource
from sandcone.core.plan import ByStep
from sandcone.core.route import END, Choose, Do, Node, Way, WaysWhen
from sandcone.core.site import Condition
from sandcone.simulating.arrivals import coming
from tests.simulating.worlds import Seen, compiled_rows, hospital, hours, plain_rows, player, step

CLINIC = hours("08:00", "16:00")
WELL = (Kind(share=1.0, attributes={"need": "advice"}),)
TIMES = (480.0, 540.0, 600.0, 660.0, 1920.0, 1980.0, 4800.0, 4860.0)


def clinic() -> Model:
    """Forms and a blood test, a booked visit in a room, theatre, a bed until the round, home: two doctors, two nurses, two wards."""
    steps = {
        "Forms": step(10, "Clerks"),
        "Blood test": step(5, "Nurses"),
        "Visit": step(20, "Doctors", "Rooms", booking=Booking(slots=TIMES, places=2, no_show=0.25)),
        "Operation": step(
            60,
            "Theatres",
            "Surgeons",
            before=Fixed(minutes=90.0),
            cases=(LawWhen(law=Fixed(minutes=45.0), resource="Theatre 2"),),
        ),
        "Into bed": step(5, Need(pools=("Ward", "Annexe"), until="Round")),
        "Round": step(10, Need(pools=("Ward", "Annexe")), "Doctors"),
    }
    nodes: dict[str, Node] = {
        "forms": Do(step="Forms", then="blood"),
        "blood": Do(step="Blood test", then="visit"),
        "visit": Do(step="Visit", then="what next?", lag=Uniform(low=60.0, high=120.0)),
        "what next?": Choose(
            otherwise=(Way(to="operation", share=0.5), Way(to=END, share=0.5)),
            cases=(WaysWhen(when=(Condition(attribute="need", values=("operation",)),), ways=(Way(to="operation", share=1.0),)),),
        ),
        "operation": Do(step="Operation", then="bed"),
        "bed": Do(step="Into bed", then="round"),
        "round": Do(step="Round", lag=Fixed(minutes=600.0)),
    }
    people = (Kind(share=0.25, attributes={"need": "operation"}), Kind(share=0.75, attributes={"need": "advice"}))
    resources = {
        "Doctor 1": Resource(calendar="clinic", grade="senior", cost_per_hour=50.0),
        "Doctor 2": Resource(calendar="clinic", grade="senior", cost_per_hour=50.0),
        "Clerks": Resource(capacity=2, calendar="clinic", cost_per_hour=10.0),
        "Nurses": Resource(capacity=3, calendar="clinic", cost_per_hour=20.0),
        "Rooms": Resource(capacity=3),
        "Theatre 1": Resource(calendar="theatre", turnover_minutes=30.0, last_start_minutes=60.0),
        "Theatre 2": Resource(calendar="theatre", turnover_minutes=20.0, last_start_minutes=60.0),
        "Surgeons": Resource(capacity=2, calendar="theatre"),
        "Ward": Resource(capacity=6, cost_per_hour=2.0),
        "Annexe": Resource(capacity=2, cost_per_hour=1.0),
    }
    pools = {"Doctors": Pool(members=("Doctor 1", "Doctor 2")), "Theatres": Pool(members=("Theatre 1", "Theatre 2"))}
    made = hospital(
        steps,
        (Rate(per_hour=(0.4,), party=Fixed(minutes=2.0), kinds=people), Slots(slots=TIMES[:4], filled=0.5, kinds=WELL)),
        nodes=nodes,
        resources=resources,
        pools=pools,
        calendars={"clinic": CLINIC, "theatre": hours("07:30", "17:00")},
        queue=ByStep(order=("Visit", "Round")),
    )
    needed = {p for s in steps.values() for n in s.needs for p in n.pools}
    return replace(made, pools={name: p for name, p in made.pools.items() if name in needed})


def today(model: Model | None = None) -> Arrangement:
    """The hospital as it is run today."""
    return Arrangement(model=model or clinic())


def played(at: Arrangement, days: float | None = None) -> list[Seen]:
    """What happens, row by row; both engines must tell the same story."""
    plain, compiled = (player(engine)(at.model, at.plan, days=days) for engine in (plain_rows, compiled_rows))
    assert str(plain) == str(compiled)  # NaN is not equal to itself
    return plain


def who_comes(model: Model) -> list[tuple[float, Mapping[str, str]]]:
    """Everybody of two weeks: when, and with which attributes, without those that a lever gave."""
    come = coming(model, seed=3, replication=1, days=14, patients=None)
    people = [{k: v for k, v in who.items() if ":" not in k} for who in come.people]
    return [(float(minute), people[who]) for minute, who in zip(come.minute, come.person, strict=True)]
