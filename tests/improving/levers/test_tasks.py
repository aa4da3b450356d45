"""The lever of who does what."""

from __future__ import annotations

import pytest

from sandcone.core.arrangement import Arrangement
from sandcone.core.errors import ModelError
from sandcone.core.law import Fixed, LawWhen, Minutes
from sandcone.core.model import Booking, Need, Pool, Resource
from sandcone.core.site import Condition
from sandcone.improving.levers.tasks import shift_tasks
from tests.improving.levers.played import played
from tests.simulating.worlds import hospital, known, step

OLD = (Condition(attribute="age", values=("old",)),)


def clinic(*people: tuple[str, float, dict[str, str]]) -> Arrangement:
    """A visit of 20 minutes (30 for the old) to one doctor; two nurses, of whom the second is quick, do nothing."""
    visit = step(20, "Doctors", "Rooms", cases=(LawWhen(law=Fixed(minutes=30.0), when=OLD),))
    model = hospital(
        {"Visit": visit, "Bandage": step(10, "Nurses")},
        known(*people),
        resources={"Doctors": Resource(), "N1": Resource(), "N2": Resource(), "Rooms": Resource(capacity=4)},
        pools={"Nurses": Pool(members=("N1", "N2"))},
    )
    return Arrangement(model=model)


THREE = (("a", 0.0, {"age": "young"}), ("b", 0.0, {"age": "young"}), ("c", 0.0, {"age": "old"}))


def visits(at: Arrangement) -> list[tuple[str, float, float, str]]:
    """Who was seen from when to when, and by whom."""
    return [(s.who, s.start, s.end, s.by.split(",")[0]) for s in played(at) if s.step.startswith("Visit")]


def test_today_the_doctor_sees_everybody() -> None:
    assert visits(clinic(*THREE)) == [("a", 0, 20, "Doctors"), ("b", 20, 40, "Doctors"), ("c", 40, 70, "Doctors")]


def test_others_do_it_instead_and_take_longer() -> None:
    today = clinic(*THREE)
    at = shift_tasks(today, steps=("Visit",), from_pools=("Doctors",), to_pools=("Nurses",), minutes_times=1.5)
    assert visits(at) == [("a", 0, 30, "N1"), ("b", 0, 30, "N2"), ("c", 30, 75, "N1")]
    assert at.model.steps["Visit"].needs == (Need(pools=("Nurses",)), Need(pools=("Rooms",)))
    assert today == clinic(*THREE)
    assert at.model.arrivals == today.model.arrivals and at.model.resources == today.model.resources


def test_others_help_only_where_those_of_today_are_not_free_and_take_longer_themselves() -> None:
    at = shift_tasks(clinic(*THREE), steps=("Visit",), from_pools=("Doctors",), to_pools=("Nurses",), who="also", minutes_times=1.5)
    assert visits(at) == [("a", 0, 20, "Doctors"), ("b", 0, 30, "N1"), ("c", 0, 45, "N2")]


def test_others_are_asked_first_and_those_of_today_if_they_are_not_free() -> None:
    at = shift_tasks(clinic(*THREE), steps=("Visit",), from_pools=("Doctors",), to_pools=("Nurses",), who="first", minutes_times=1.5)
    assert visits(at) == [("a", 0, 30, "N1"), ("b", 0, 30, "N2"), ("c", 0, 30, "Doctors")]


def test_what_is_known_of_one_of_the_others_is_kept() -> None:
    today = clinic(*THREE)
    quick = LawWhen(law=Fixed(minutes=8.0), resource="N2")
    visit = today.model.steps["Visit"]
    known_of_two = {"Visit": step(20, "Doctors", cases=(LawWhen(law=Fixed(minutes=30.0), when=OLD), quick))}
    model = hospital(
        {**known_of_two, "Bandage": step(10, "Nurses")}, today.model.arrivals, resources=today.model.resources, pools=today.model.pools
    )
    made = shift_tasks(
        Arrangement(model=model), steps=("V*t",), from_pools=("Doctors",), to_pools=("Nurses",), who="also", minutes_times=2.0
    )
    minutes: Minutes = made.model.steps["Visit"].minutes
    assert minutes.law({"age": "young"}, "Doctors").mean == 20 and minutes.law({"age": "old"}, "Doctors").mean == 30
    assert minutes.law({"age": "young"}, "N1").mean == 40 and minutes.law({"age": "old"}, "N1").mean == 60
    assert minutes.law({"age": "young"}, "N2").mean == 16 and minutes.law({"age": "old"}, "N2").mean == 60
    assert visit == today.model.steps["Visit"]


def test_some_patients_only_are_seen_by_others() -> None:
    at = shift_tasks(
        clinic(*THREE), steps=("Visit",), from_pools=("Doctors",), to_pools=("Nurses",), attribute="age", values=("young",), minutes_times=2
    )
    assert visits(at) == [("c", 0, 30, "Doctors"), ("a", 0, 40, "N1"), ("b", 0, 40, "N2")]
    assert {s.step for s in played(at)} == {"Visit", "Visit · young", "Bandage"}


def test_steps_and_pools_go_together_place_by_place() -> None:
    names = ("X", "Y")
    steps = {f"{n} visit": step(5, f"{n} doctors") for n in names}
    things = {f"{n} {who}": Resource() for n in names for who in ("doctors", "nurses")}
    today = Arrangement(model=hospital(steps, known(("a", 0.0)), resources=things))
    at = shift_tasks(today, steps=("* visit",), from_pools=("* doctors",), to_pools=("* nurses",))
    assert {n: s.needs[0].pools for n, s in at.model.steps.items()} == {"X visit": ("X nurses",), "Y visit": ("Y nurses",)}
    central = shift_tasks(today, steps=("* visit",), from_pools=("* doctors",), to_pools=("X nurses",), who="also")
    assert central.model.steps["Y visit"].needs[0].pools == ("Y doctors", "X nurses")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"to_pools": ("Doctors",)}, "nothing changes"),
        ({"steps": ("Bandage",)}, "step 'Bandage': it needs none of 'Doctors'"),
        ({"minutes_times": 0.0}, "0 times as long"),
        ({"attribute": "age"}, "no value of 'age' is named"),
        ({"from_pools": ("Rooms",), "who": "also", "minutes_times": 2.0}, "can depend only on who is needed first"),
    ],
)
def test_a_shift_of_work_that_cannot_be_is_refused(change: dict[str, object], why: str) -> None:
    asked = {"steps": ("Visit",), "from_pools": ("Doctors",), "to_pools": ("Nurses",)} | change
    with pytest.raises(ModelError, match=why):
        shift_tasks(clinic(*THREE), **asked)  # type: ignore[arg-type]


def test_a_step_by_appointment_is_not_done_two_ways() -> None:
    model = hospital(
        {"Visit": step(5, "Doctors", booking=Booking(slots=(600.0,)))},
        known(("a", 0.0, {"age": "old"})),
        resources={"Doctors": Resource(), "Nurses": Resource()},
    )
    with pytest.raises(ModelError, match="cannot share the times"):
        shift_tasks(
            Arrangement(model=model), steps=("Visit",), from_pools=("Doctors",), to_pools=("Nurses",), attribute="age", values=("old",)
        )
    at = shift_tasks(Arrangement(model=model), steps=("Visit",), from_pools=("Doctors",), to_pools=("Nurses",))
    assert [(s.start, s.by) for s in played(at)] == [(600, "Nurses")]


def test_work_for_which_a_place_is_kept_goes_over_whole() -> None:
    surgeon = Need(pools=("Surgeons",), until="Closing")
    steps = {"Opening": step(10, surgeon), "Closing": step(5, surgeon)}
    model = hospital(steps, known(("a", 0.0)), resources={"Surgeons": Resource(), "Juniors": Resource()})
    with pytest.raises(ModelError, match="is kept, and used by 'Closing' too"):
        shift_tasks(Arrangement(model=model), steps=("Opening",), from_pools=("Surgeons",), to_pools=("Juniors",))
    at = shift_tasks(Arrangement(model=model), steps=("Opening", "Closing"), from_pools=("Surgeons",), to_pools=("Juniors",))
    assert [s.by for s in played(at)] == ["Juniors", "Juniors"]
