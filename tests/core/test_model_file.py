import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sandcone.core.arrivals import Gaps, Kind, Listed, Patient, Rate, Slots
from sandcone.core.errors import ModelError
from sandcone.core.law import Exponential, Fixed, LawWhen, Lognormal, Minutes, Seen, Uniform
from sandcone.core.model import Booking, Model, Need, Pool, Resource, Step
from sandcone.core.model_file import as_text, read_model, read_plan, save_model
from sandcone.core.plan import Booked, ByClass, ByStep, DueDate, FirstCome, NobodyOver, Plan, ShortestFirst, Slack
from sandcone.core.route import Choose, Do, Route, Split, Way, WaysWhen
from sandcone.core.site import Condition
from tests.core.small import CLINIC, hours

CHILD = Condition(attribute="age", values=("child", "newborn"))

EVERYTHING = Model(
    name="Zürich – all there is",
    begin=date(2023, 12, 31),
    zone="Asia/Kolkata",
    notes=("Assumed: all of it.",),
    steps={
        "A": Step(
            minutes=Minutes(
                otherwise=Lognormal(median=250, sigma=0.22),
                cases=(LawWhen(law=Seen(minutes=(1.5, 2.0)), when=(CHILD,)), LawWhen(law=Fixed(minutes=3), resource="Ann")),
            ),
            needs=(Need(pools=("P", "Q"), units=2, until="B"), Need(pools=("P",), blocks=True)),
            before=Uniform(low=1, high=2),
            after=Exponential(mean=7),
            patience=Fixed(minutes=600),
            booking=Booking(
                slots=(480.0, 495.5),
                places=3,
                notice_minutes=1440,
                unpunctual=Fixed(minutes=9),
                early_minutes=4,
                no_show=0.1,
                cancel=0.2,
                again=True,
            ),
            value="necessary",
        ),
        "B": Step(minutes=Minutes(otherwise=Fixed(minutes=0))),
    },
    resources={
        "Ann": Resource(
            capacity=2,
            calendar="day",
            at_close="go home",
            last_start_minutes=10,
            turnover_minutes=5,
            setup_minutes=3,
            setup_by="age",
            grade="senior",
            cost_per_hour=12.25,
        ),
        "Bo": Resource(at_close="hand over"),
    },
    pools={"P": Pool(members=("Ann", "Bo"), pick="longest idle"), "Q": Pool(members=("Bo", "Ann"), pick="random")},
    calendars={"day": hours("Mon Sat", "07:30", "24:00")},
    route=Route(
        first="a",
        nodes={
            "a": Do(step="A", then="c", lag=Fixed(minutes=60)),
            "c": Choose(
                otherwise=(Way(to="s", share=0.3), Way(to="end", share=0.7)), cases=(WaysWhen(when=(CHILD,), ways=(Way(to="b", share=1),)),)
            ),
            "s": Split(branches=("b", "b"), then="b"),
            "b": Do(step="B"),
        },
    ),
    arrivals=(
        Rate(
            per_hour=tuple(float(h) for h in range(168)),
            growth_per_week=0.01,
            party=Exponential(mean=25),
            name="camps",
            kinds=(Kind(share=0.25, attributes={"age": "child"}), Kind(share=0.75)),
        ),
        Gaps(gap=Lognormal(median=4, sigma=1), open=hours("Mon", "08:00", "10:00"), first="s", name="door"),
        Slots(slots=(60.0, 75.0), filled=0.9, no_show=0.1, unpunctual=Exponential(mean=5), early_minutes=15, name="clinic"),
        Listed(patients=(Patient(name="Zoë", minute=1.25, attributes={"age": "newborn"}, first="b"),)),
    ),
    queue=NobodyOver(minutes=240, otherwise=Slack(attribute="age", within_minutes={"child": 30.5}, otherwise_minutes=120)),
)

PLAN = Plan(
    name="children first",
    queue=ByClass(attribute="age", order=("newborn", "child")),
    queues={
        "A": ByStep(order=("B", "A")),
        "B": DueDate(attribute="age", within_minutes={"child": 1}, otherwise_minutes=2),
        "C": NobodyOver(minutes=3, otherwise=ShortestFirst()),
        "D": FirstCome(),
    },
    booked=(Booked(patient="Zoë", step="A", minute=480.5),),
)


def changed(path: Path, *change: tuple[str, str], noun: Model | Plan = EVERYTHING) -> Path:
    text = as_text(noun)
    for old, new in change:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_model_comes_back_from_its_file_as_it_was(tmp_path: Path) -> None:
    for model in (CLINIC, EVERYTHING):
        assert read_model(save_model(model, tmp_path / "m.json")) == model
    assert as_text(read_model(tmp_path / "m.json")) == as_text(EVERYTHING)


def test_a_plan_comes_back_from_its_file_as_it_was(tmp_path: Path) -> None:
    for plan in (Plan(), PLAN):
        assert read_plan(save_model(plan, tmp_path / "p.json")) == plan


def test_the_file_says_what_it_is_and_keeps_letters_readable() -> None:
    said = json.loads(as_text(EVERYTHING))
    assert (said["sandcone"], said["version"], said["begin"]) == ("model", 1, "2023-12-31")
    assert said["calendars"]["day"]["shifts"][0] == {"days": ["Mon", "Sat"], "from": "07:30", "to": "24:00"}
    assert "Zürich – all there is" in as_text(EVERYTHING)


@pytest.mark.parametrize(
    ("old", "new", "where", "found"),
    [
        ('"capacity": 2', '"capacity": 0', "resources.Ann", "capacity 0. Give 1 or more, or take the resource out."),
        ('"capacity": 2', '"capacity": "many"', "resources.Ann.capacity", "valid integer"),
        (
            '"share": 0.3',
            '"share": 0.4',
            "route, choice 'c'",
            "the shares 0.4, 0.7 add up to 1.1. Shares are between 0 and 1 and add up to 1.",
        ),
        ('"step": "B"', '"step": "Z"', "route, node 'b'", "step 'Z' is not there. Known: 'A', 'B'."),
        ('"kind": "lognormal"', '"kind": "normal"', "steps.A.minutes.otherwise", "no kind 'normal'. Use one of 'fixed', 'uniform'"),
        ('"median": 250.0', '"median": -1', "steps.A.minutes.otherwise.lognormal", "a median time is -1.0. Give a number above 0."),
        ('"members"', '"membres"', "pools.P", "'membres' is not something it can say. Mend the name or take it out."),
        ('"name": "camps"', '"name": "camps", "hours": 3', "arrivals.0.rate", "'hours' is not something it can say"),
        ('"zone"', '"zona"', "", "'zona' is not something it can say"),
        ('"to": "24:00"', '"to": "24:01"', "calendars.day.shifts.0.to", "'24:01' is not a time of day such as 07:30"),
        ('"Mon",\n      "Sat"', '"Mun"', "calendars.day.shifts.0.days.0", "input should be 'Mon'"),
        ('"name": "Zürich – all there is",', "", "", "'name' is missing"),
        ('"begin": "2023-12-31"', '"begin": "2023-13-31"', "begin", "month"),
        ('"minutes": 240.0', '"minutes": -240.0', "queue", "nobody over -240.0 minutes. Give 0 or more."),
        ('"version": 1', '"version": 2', "", "its form has version 2, this Sandcone reads 1"),
        ('"sandcone": "model"', '"sandcone": "plan"', "", "this is not a model file"),
        ('"version": 1', '"version": 1, "zone": "UTC"', "", "'zone' is said twice"),
        ('"version": 1', '"version" 1', "", "cannot be read"),
    ],
)
def test_a_file_that_says_what_cannot_be_is_refused_by_place_with_what_to_do(
    tmp_path: Path, old: str, new: str, where: str, found: str
) -> None:
    path = changed(tmp_path / "m.json", (old, new))
    with pytest.raises(ModelError) as refusal:
        read_model(path)
    said = str(refusal.value)
    assert said.startswith(f"{path}, {where}" if where else f"{path}: ")
    assert found in said
    assert ".." not in said and "Value error" not in said and "See docs" not in said.replace(". See docs", "")
    assert said.endswith(".")


def test_a_calendar_without_hours_in_a_file_is_refused(tmp_path: Path) -> None:
    said: dict[str, Any] = json.loads(as_text(EVERYTHING))
    said["calendars"]["day"]["shifts"] = []
    (tmp_path / "m.json").write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(ModelError, match=r"calendars.day.shifts: .*at least 1 item"):
        read_model(tmp_path / "m.json")


def test_a_misspelt_word_in_a_plan_is_refused_and_a_model_is_no_plan(tmp_path: Path) -> None:
    path = changed(tmp_path / "p.json", ('"order"', '"ordre"'), noun=PLAN)
    with pytest.raises(ModelError, match="'ordre' is not something it can say"):
        read_plan(path)
    with pytest.raises(ModelError, match="this is not a plan file"):
        read_plan(save_model(CLINIC, tmp_path / "m.json"))


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(b"\xff\xfe\x00")
    for name in ("none.json", "x.json"):
        with pytest.raises(ModelError, match=r"cannot be read .* Give a model file that sandcone wrote\."):
            read_model(tmp_path / name)
