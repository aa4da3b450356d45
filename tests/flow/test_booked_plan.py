"""A booked timetable on the twin: nobody before their minute, the clock from the need, and who comes from home for what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sandcone.core.arrivals import Listed, Patient
from sandcone.core.errors import ModelError, SandconeError
from sandcone.core.journey import Journey, Slot, Task
from sandcone.core.journeys import Journeys, Timetable
from sandcone.core.law import Fixed, Minutes
from sandcone.core.model import Model, Need, Resource
from sandcone.core.model_file import save_model
from sandcone.core.plan import Booked, Plan
from sandcone.flow.booked_plan import booked, from_home, in_turn, read_plan_or_timetable
from sandcone.personalising.twin import personal_model
from sandcone.reading.journeys import save_journeys
from sandcone.simulating import simulate
from tests.personalising.test_ways import clinic, path, person

BED = Need(pools=("nurse",), until="Discharge")


def journey(*tasks: Task, who: str = "Ann") -> Journey:
    return Journey(patient=who, tasks=tasks)


def problem(*journeys: Journey) -> Journeys:
    model = clinic()
    return Journeys(name="x", begin=model.begin, days=9, resources=model.resources, pools=model.pools, journeys=journeys)


def at(**minutes: int) -> dict[str, Slot]:
    return {name.replace("_", " "): Slot(minute=m) for name, m in minutes.items()}


def alone(model: Model, *people: tuple[str, float]) -> Model:
    """Only these people, each for a talk, with one nurse."""
    who = tuple(Patient(name=n, minute=m, first="talk") for n, m in people)
    nodes = {**model.route.nodes, "talk": replace(model.route.nodes["talk"], then="end")}  # type: ignore[arg-type]
    resources = {**model.resources, "Nurse": Resource()}
    return replace(model, arrivals=(Listed(patients=who),), route=replace(model.route, nodes=nodes), resources=resources)


def starts(model: Model, plan: Plan) -> dict[str, tuple[float, float]]:
    """By patient of a talk: minutes waited, and the minute at which it began."""
    table = simulate(model, plan, seed=1).logs[0].table.to_pyarrow().to_pylist()
    first = min(r["ready"] for r in table)
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    return {r["case"]: ((r["start"] - r["ready"]).total_seconds() / 60, (r["start"] - midnight).total_seconds() / 60) for r in table}


def test_every_task_that_the_hospital_knows_is_booked_the_first_time_only_and_a_stretch_comes_as_before() -> None:
    tasks = (Task(name="Talk", minutes=30, step="Talk"), Task(name="again", minutes=30, step="Talk"), Task(name="day 1", minutes=9))
    given = problem(journey(*tasks, Task(name="Extra", minutes=9)))
    found = booked(Timetable(starts={"Ann": at(Talk=60, again=200, day_1=300, Extra=400)}), given, clinic())
    assert found.booked == (Booked(patient="Ann", step="Talk", minute=60.0), Booked(patient="Ann", step="Extra", minute=400.0))


def test_a_step_that_a_stretch_before_it_has_already_comes_as_before_since_the_stretch_would_wait_for_it() -> None:
    given = problem(journey(Task(name="day 1", minutes=9), Task(name="Day", minutes=9), Task(name="Talk", minutes=30)))
    found = booked(Timetable(starts={"Ann": at(day_1=60, Day=5000, Talk=6000)}), given, clinic())
    assert found.booked == (Booked(patient="Ann", step="Talk", minute=6000.0),)


def test_a_timetable_of_another_beginning_is_refused() -> None:
    given = replace(problem(journey(Task(name="Talk", minutes=30))), begin=date(2031, 5, 6))
    with pytest.raises(ModelError, match="2031-05-06"):
        booked(Timetable(starts={"Ann": at(Talk=90)}), given, clinic())


def test_who_is_booked_begins_no_sooner_and_the_wait_counts_from_the_need() -> None:
    timetable = Timetable(starts={"Ann": at(Talk=90)})
    plan = booked(timetable, problem(journey(Task(name="Talk", minutes=30))), clinic())
    assert starts(alone(clinic(), ("Ann", 20.0), ("Bo", 25.0)), plan) == {"Bo": (0.0, 25.0), "Ann": (70.0, 90.0)}


def test_who_was_booked_long_ago_goes_before_who_walks_in_and_never_pushes_out_who_is_being_seen() -> None:
    timetable = Timetable(starts={"Ann": at(Talk=90)})
    plan = booked(timetable, problem(journey(Task(name="Talk", minutes=30))), clinic())
    found = starts(alone(clinic(), ("Ann", 20.0), ("Bo", 80.0), ("Cy", 85.0)), plan)
    assert found == {"Bo": (0.0, 80.0), "Ann": (90.0, 110.0), "Cy": (55.0, 140.0)}


def test_who_is_late_joins_the_line_at_once() -> None:
    timetable = Timetable(starts={"Ann": at(Talk=5, Extra=35)})
    given = problem(journey(Task(name="Talk", minutes=30), Task(name="Extra", minutes=9)))
    model = clinic()
    model = replace(model, steps={**model.steps, "Talk": replace(model.steps["Talk"], minutes=Minutes(otherwise=Fixed(minutes=100)))})
    whole = personal_model(model, [person("Ann")], [path("Talk", "Extra")])
    rows = simulate(whole, booked(timetable, given, whole), seed=1).logs[0].table.to_pyarrow().to_pylist()
    talk, extra = sorted(rows, key=lambda r: r["start"])
    assert extra["start"] == talk["end"] and (extra["start"] - extra["planned"]).total_seconds() == 70 * 60


def test_a_patient_comes_from_home_for_the_first_of_a_day_and_not_for_what_follows_or_while_a_bed_is_kept() -> None:
    tasks = (
        Task(name="Talk", minutes=30),
        Task(name="Extra", minutes=9),
        Task(name="Bed", step="Talk", minutes=5, needs=(replace(BED, until="Night"),)),
        Task(name="Operation", minutes=60),
        Task(name="Night", step="Extra", minutes=700),
        Task(name="Check", step="Extra", minutes=9),
        Task(name="day 1", minutes=2000),
        Task(name="Call", step="Extra", minutes=9),
    )
    slots = at(Talk=600, Extra=640, Bed=2000, Operation=3000, Night=4000, Check=6000, day_1=6100, Call=9000)
    assert [*from_home(journey(*tasks), slots, clinic())] == ["Talk", "Bed", "Check"]


def test_visits_are_booked_and_what_follows_on_the_day_is_not() -> None:
    given = problem(journey(Task(name="Talk", minutes=30), Task(name="Extra", minutes=9)))
    found = booked(Timetable(starts={"Ann": at(Talk=600, Extra=640)}), given, clinic(), "visits")
    assert [(b.step, b.minute) for b in found.booked] == [("Talk", 600.0)]


def test_a_plan_that_books_a_step_the_hospital_does_not_know_is_refused() -> None:
    with pytest.raises(ModelError, match="'Dance'"):
        simulate(alone(clinic(), ("Ann", 20.0)), Plan(booked=(Booked(patient="Ann", step="Dance", minute=5.0),)), seed=1)


def test_in_turn_each_task_comes_after_the_one_before() -> None:
    (found,) = in_turn(problem(journey(Task(name="A", minutes=1), Task(name="B", minutes=1), Task(name="C", minutes=1)))).journeys
    assert [(k.before, k.after) for k in found.links] == [("A", "B"), ("B", "C")]


def test_a_timetables_file_needs_the_problem_that_it_was_made_for_and_a_plan_does_not(tmp_path: Path) -> None:
    given = problem(journey(Task(name="Talk", minutes=30)))
    timetable, journeys = tmp_path / "timetable.json", tmp_path / "journeys.json"
    save_journeys(Timetable(starts={"Ann": at(Talk=90)}), timetable)
    save_journeys(given, journeys)
    model = alone(clinic(), ("Ann", 20.0), ("Bo", 25.0))
    assert read_plan_or_timetable(timetable, journeys, model).booked == (Booked(patient="Ann", step="Talk", minute=90.0),)
    with pytest.raises(ModelError, match="none of its 1 patient comes") as strange:
        read_plan_or_timetable(timetable, journeys, alone(clinic(), ("Bo", 25.0)))
    assert "Ann" not in str(strange.value)
    with pytest.raises(ModelError, match="--journeys"):
        read_plan_or_timetable(timetable, None, clinic())
    plan = save_model(Plan(name="mine"), tmp_path / "plan.json")
    assert read_plan_or_timetable(plan, None, clinic()).name == "mine"
    with pytest.raises(ModelError, match="no timetable"):
        read_plan_or_timetable(plan, journeys, clinic())
    for wrong in (tmp_path / "none.json", journeys, save_model(clinic(), tmp_path / "model.json")):
        for beside in (None, journeys):
            with pytest.raises(SandconeError, match=f"{wrong.name}: "):
                read_plan_or_timetable(wrong, beside, clinic())


def test_simulate_takes_a_timetable_where_it_takes_a_plan(called: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    model = save_model(alone(clinic(), ("Ann", 20.0)), tmp_path / "model.json")
    timetable = save_journeys(Timetable(starts={"Ann": at(Talk=90)}), tmp_path / "timetable.json")
    journeys = save_journeys(problem(journey(Task(name="Talk", minutes=30))), tmp_path / "journeys.json")
    words = ("simulate", model, "--seed", 1, "--plan", timetable, "-o", tmp_path / "runs")
    code, _, err = called(*words)
    assert code == 2 and "--journeys" in err
    code, out, _ = called(*words, "--journeys", journeys)
    assert code == 0 and "plan 'booked'" in out
    assert (tmp_path / "runs" / "run1.parquet").exists()
    code, _, err = called("simulate", model, "--seed", 1, "--journeys", journeys, "-o", tmp_path / "runs")
    assert code == 2 and "--plan" in err
