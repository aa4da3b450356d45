"""Levers of theatres: what moves, by how much, and what does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sandcone.core.arrangement import Arrangement
from sandcone.core.errors import ModelError
from sandcone.core.model import Model, Pool, Resource
from sandcone.core.site import Calendar, Shift
from sandcone.improving.levers.theatre import first_case, last_start, turnover
from tests.improving.levers.played import played
from tests.simulating.worlds import hospital, hours, known, step


def shift(opens: str, closes: str, *days: str) -> Shift:
    return Shift.model_validate({"days": days, "from": opens, "to": closes})


def theatres(calendar: Calendar, *patients: tuple[str, float], minutes: float = 30, **of: float) -> Arrangement:
    """Two theatres and a laboratory; operations of half an hour."""
    theatre = Resource(calendar="theatre", **of)  # type: ignore[arg-type]
    model = hospital(
        {"Operation": step(minutes, "Theatres")},
        known(*patients),
        resources={"T1": theatre, "Lab": Resource(turnover_minutes=12.0)},
        pools={"Theatres": Pool(members=("T1",))},
        calendars={"theatre": calendar},
    )
    return Arrangement(model=model)


def shifts(model: Model) -> set[tuple[str, str, str]]:
    return {(day, s.start, s.end) for s in model.calendars["theatre"].shifts for day in s.days}


def test_the_first_shift_of_each_day_opens_earlier_and_no_other_does() -> None:
    calendar = Calendar(shifts=(shift("08:00", "12:00", "Mon", "Tue"), shift("13:00", "16:30", "Mon", "Sat")), closed=("2024-01-02",))
    after = first_case(theatres(calendar), calendars=("theatre",), minutes=25)
    assert shifts(after.model) == {
        ("Mon", "07:35", "12:00"),
        ("Mon", "13:00", "16:30"),
        ("Tue", "07:35", "12:00"),
        ("Sat", "12:35", "16:30"),
    }
    assert after.model.calendars["theatre"].closed == ("2024-01-02",)


def test_a_day_that_moves_ends_earlier_too() -> None:
    at = theatres(hours("08:00", "12:00", days=("Wed",)))
    assert shifts(first_case(at, calendars=("theatre",), minutes=50, ends="earlier").model) == {("Wed", "07:10", "11:10")}


def test_the_first_patient_is_operated_on_when_the_theatre_opens() -> None:
    at = theatres(hours("08:00", "12:00"), ("Ann", 300.0))
    assert played(at)[0].start == 480
    assert played(first_case(at, calendars=("theatre",), minutes=30))[0].start == 450


@pytest.mark.parametrize("opens", ["00:00", "00:20"])
def test_no_first_case_begins_on_the_day_before(opens: str) -> None:
    with pytest.raises(ModelError, match="pass midnight"):
        first_case(theatres(hours(opens, "09:00")), calendars=("theatre",), minutes=30)


def test_a_first_case_that_does_not_begin_earlier_is_refused() -> None:
    with pytest.raises(ModelError, match="0 minutes earlier"):
        first_case(theatres(hours("08:00", "12:00")), calendars=("theatre",), minutes=0)


def test_turnover_is_shorter_in_the_pools_named_and_nowhere_else() -> None:
    at = theatres(hours("08:00", "12:00"), ("Ann", 480.0), ("Bo", 480.0), turnover_minutes=20.0)
    after = turnover(at, pools=("Theatres",), times=0.25)
    assert [r.start for r in played(at)] == [480, 530]
    assert [r.start for r in played(after)] == [480, 515]
    assert after.model.resources["Lab"] == at.model.resources["Lab"]


def test_a_member_of_two_pools_is_faster_once() -> None:
    at = theatres(hours("08:00", "12:00"), turnover_minutes=20.0)
    assert turnover(at, pools=("Theatres", "T1"), times=0.5).model.resources["T1"].turnover_minutes == 10


def test_a_turnover_that_takes_no_time_cannot_be_shortened() -> None:
    with pytest.raises(ModelError, match="nobody and nothing there takes time"):
        turnover(theatres(hours("08:00", "12:00")), pools=("Theatres",), times=0.5)
    with pytest.raises(ModelError, match="-1 times as long"):
        turnover(theatres(hours("08:00", "12:00"), turnover_minutes=20.0), pools=("Theatres",), times=-1)


def test_a_later_last_start_lets_one_more_case_begin() -> None:
    at = theatres(hours("08:00", "12:00"), ("Ann", 670.0), last_start_minutes=60.0)
    assert played(at)[0].start == 480 + 1440
    assert played(last_start(at, pools=("Theatres",), minutes=45.0))[0].start == 670


def test_what_never_closes_has_no_last_start() -> None:
    with pytest.raises(ModelError, match="closes with another last start"):
        last_start(theatres(hours("08:00", "12:00")), pools=("Lab",), minutes=45.0)
    with pytest.raises(ModelError, match="no hour of the week is left"):
        last_start(theatres(hours("08:00", "12:00")), pools=("Theatres",), minutes=300.0)


def test_theatres_of_one_kind_in_each_hospital_are_meant_by_a_star() -> None:
    at = theatres(hours("08:00", "12:00"), turnover_minutes=20.0)
    pools = {**at.model.pools, "H1 Rooms": Pool(members=("T1",)), "H2 Rooms": Pool(members=("Lab",))}
    after = turnover(replace(at, model=replace(at.model, pools=pools)), pools=("* Rooms",), times=0.5)
    assert [r.turnover_minutes for r in after.model.resources.values()] == [10, 6]
