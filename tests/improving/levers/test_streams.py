"""The lever that gives some patients places of their own."""

from __future__ import annotations

import pytest

from sandcone.core.arrangement import Arrangement
from sandcone.core.errors import ModelError
from sandcone.core.model import Booking, Need, Pool, Resource, Step
from sandcone.core.plan import Booked, ByStep, FirstCome, NobodyOver, Plan, ShortestFirst
from sandcone.core.route import Choose, Do, Way
from sandcone.improving.levers.streams import split
from tests.improving.levers.played import played
from tests.simulating.worlds import hospital, known, step

URGENT, CALM = {"class": "urgent"}, {"class": "calm"}
COMING = (("a", 0.0, CALM), ("b", 1.0, CALM), ("c", 2.0, CALM), ("d", 3.0, URGENT))


def door(*people: tuple[str, float, dict[str, str]], visit: Step | None = None) -> Arrangement:
    """A greeting without anybody, then a visit of 30 minutes to one of three doctors, in a room of two, straight from the door."""
    model = hospital(
        {"Greeting": step(0), "Visit": visit or step(30, "Doctors"), "Bill": step(5, "Desk")},
        known(*people),
        resources={"Doctors": Resource(capacity=3), "Desk": Resource()},
    )
    return Arrangement(model=model)


def test_those_meant_have_places_of_their_own_and_the_others_the_rest() -> None:
    today = door(*COMING)
    visits = [(s.who, s.step, s.start, s.by) for s in played(today) if s.step.startswith("Visit")]
    assert visits == [
        ("a", "Visit", 0, "Doctors"),
        ("b", "Visit", 1, "Doctors"),
        ("c", "Visit", 2, "Doctors"),
        ("d", "Visit", 30, "Doctors"),
    ]
    at = split(today, attribute="class", values=("urgent",), steps=("Visit",), pools=("Doctors",), units=1)
    assert {n: r.capacity for n, r in at.model.resources.items()} == {"Doctors": 2, "Doctors · urgent": 1, "Desk": 1}
    assert at.model.pools["Doctors · urgent"] == Pool(members=("Doctors · urgent",))
    visits = [(s.who, s.step, s.start, s.by) for s in played(at) if s.step.startswith("Visit")]
    own = ("d", "Visit · urgent", 3, "Doctors · urgent")
    assert visits == [("a", "Visit", 0, "Doctors"), ("b", "Visit", 1, "Doctors"), own, ("c", "Visit", 30, "Doctors")]
    assert today == door(*COMING)
    assert at.model.arrivals == today.model.arrivals


def test_single_doctors_go_over_whole_the_last_one_first() -> None:
    model = hospital(
        {"Visit": step(30, "Doctors")},
        known(*COMING),
        resources={"D1": Resource(), "D2": Resource(cost_per_hour=4.0), "D3": Resource()},
        pools={"Doctors": Pool(members=("D1", "D2", "D3"), pick="longest idle")},
    )
    at = split(Arrangement(model=model), attribute="class", values=("urgent", "calm"), steps=("V*t",), pools=("Doctors",), units=2)
    assert at.model.pools["Doctors"] == Pool(members=("D1",), pick="longest idle")
    assert at.model.pools["Doctors · urgent or calm"] == Pool(members=("D3", "D2"), pick="longest idle")
    assert at.model.resources == model.resources
    assert {s.step for s in played(at)} == {"Visit · urgent or calm"}


def test_patients_told_apart_by_a_choice_before_the_step_meet_no_new_one() -> None:
    nodes = {
        "hello": Do(step="Greeting", then="which?"),
        "which?": Choose(otherwise=(Way(to="form", share=0.5), Way(to="visit", share=0.5))),
        "form": Do(step="Form", then="visit"),
        "visit": Do(step="Visit"),
    }
    model = hospital(
        {"Greeting": step(0), "Form": step(7), "Visit": step(30, "Doctors")},
        known(*COMING),
        nodes=nodes,
        resources={"Doctors": Resource(capacity=9)},
    )
    today = Arrangement(model=model)
    at = split(today, attribute="class", values=("urgent",), steps=("Visit",), pools=("Doctors",), units=4)
    assert set(at.model.route.nodes) - set(nodes) == {"visit · urgent", "form · urgent"}
    before, after = played(today), played(at)
    assert [(s.who, s.step, s.start, s.end) for s in before] == [(s.who, s.step.split(" ·")[0], s.start, s.end) for s in after]
    assert {s.who for s in after if s.step == "Visit · urgent"} == {"d"}


def test_a_place_kept_until_the_step_is_given_back_by_either_way() -> None:
    def bay() -> Arrangement:
        steps = {
            "Into bay": step(5, Need(pools=("Bays",), until="Visit")),
            "Visit": step(30, "Doctors"),
        }
        things = {"Bays": Resource(), "Doctors": Resource(capacity=2)}
        return Arrangement(model=hospital(steps, known(("d", 0.0, URGENT), ("a", 1.0, CALM), ("e", 2.0, URGENT)), resources=things))

    at = split(bay(), attribute="class", values=("urgent",), steps=("Visit",), pools=("Doctors",), units=1)
    assert at.model.steps["Into bay · urgent"].needs == (Need(pools=("Bays",), until="Visit · urgent"),)
    assert [(s.who, s.step, s.start) for s in played(at)] == [
        ("d", "Into bay · urgent", 0),
        ("d", "Visit · urgent", 5),
        ("a", "Into bay", 35),
        ("a", "Visit", 40),
        ("e", "Into bay · urgent", 70),
        ("e", "Visit · urgent", 75),
    ]


def kept() -> Arrangement:
    """A surgeon kept from opening to closing, and a porter who is not."""
    surgeon = Need(pools=("Surgeons",), until="Closing")
    steps = {
        "Opening": step(10, surgeon),
        "Core": step(20, surgeon),
        "Closing": step(5, surgeon),
        "Drive": step(3, "Surgeons"),
    }
    return Arrangement(model=hospital(steps, known(*COMING), resources={"Surgeons": Resource(capacity=3)}))


@pytest.mark.parametrize(
    ("steps", "missing"), [(("Opening",), "'Core', 'Closing'"), (("Core", "Opening"), "'Closing'"), (("Closing",), "'Opening', 'Core'")]
)
def test_steps_between_which_a_place_is_kept_are_parted_together_or_not_at_all(steps: tuple[str, ...], missing: str) -> None:
    with pytest.raises(ModelError, match=f"is kept, and used by {missing} too. Name these steps as well"):
        split(kept(), attribute="class", values=("urgent",), steps=steps, pools=("Surgeons",), units=1)


def test_all_steps_of_a_kept_place_can_be_parted_and_others_stay() -> None:
    at = split(kept(), attribute="class", values=("urgent",), steps=("Opening", "Core", "Closing"), pools=("Surgeons",), units=1)
    by = {(s.who, s.step): s.by for s in played(at)}
    assert {by["d", f"{n} · urgent"] for n in ("Opening", "Core", "Closing")} == {"Surgeons · urgent"}
    assert by["d", "Drive"] == "Surgeons"
    split(kept(), attribute="class", values=("urgent",), steps=("Drive",), pools=("Surgeons",), units=1)


def test_what_is_planned_for_a_step_holds_for_its_other_way() -> None:
    today = door(*COMING)
    plan = Plan(
        queue=NobodyOver(minutes=9.0, otherwise=ByStep(order=("Bill", "Visit"))),
        queues={"Visit": ShortestFirst(), "Bill": FirstCome()},
        booked=(Booked(patient="d", step="Visit", minute=50.0),),
    )
    at = split(
        Arrangement(model=today.model, plan=plan), attribute="class", values=("urgent",), steps=("Visit",), pools=("Doctors",), units=1
    )
    assert at.plan.queue == NobodyOver(minutes=9.0, otherwise=ByStep(order=("Bill", "Visit", "Visit · urgent")))
    assert at.plan.queues == {"Visit": ShortestFirst(), "Bill": FirstCome(), "Visit · urgent": ShortestFirst()}
    assert next(s.start for s in played(at) if s.step == "Visit · urgent") == 50


def test_what_cannot_be_parted_is_refused_with_why() -> None:
    def tried(**otherwise: object) -> None:
        said = {"attribute": "class", "values": ("urgent",), "steps": ("Visit",), "pools": ("Doctors",), "units": 1} | otherwise
        split(door(*COMING), **said)  # type: ignore[arg-type]

    for otherwise, why in (
        ({"attribute": "colour"}, "no patient has the attribute 'colour'. There are: 'class'"),
        ({"values": ("urgent", "dead")}, "no patient's 'class' is 'dead'. There are: 'calm', 'urgent'"),
        ({"values": ()}, "no value of 'class' is named"),
        ({"units": 3}, "3 of its 3 places are to leave it"),
        ({"steps": ("Greeting",)}, "it needs none of 'Doctors'"),
    ):
        with pytest.raises(ModelError, match=why):
            tried(**otherwise)


def test_a_step_by_appointment_is_not_parted_for_both_would_have_all_its_times() -> None:
    visit = step(30, "Doctors", booking=Booking(slots=(600.0, 700.0)))
    with pytest.raises(ModelError, match="two ways of doing it cannot share the times"):
        split(door(*COMING, visit=visit), attribute="class", values=("urgent",), steps=("Visit",), pools=("Doctors",), units=1)


def test_the_same_patients_are_parted_once() -> None:
    once = split(door(*COMING), attribute="class", values=("urgent",), steps=("Visit",), pools=("Doctors",), units=1)
    with pytest.raises(ModelError, match="there is 'Visit · urgent' already"):
        split(once, attribute="class", values=("urgent",), steps=("Visit",), pools=("Doctors",), units=1)
    twice = split(once, attribute="class", values=("calm",), steps=("Visit",), pools=("Doctors",), units=1)
    assert {s.step for s in played(twice)} == {"Greeting", "Visit · calm", "Visit · urgent", "Bill"}
