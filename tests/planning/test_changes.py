"""What changed since a plan was made: each change alone, the file that says them, and what cannot be said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sandcone.core.errors import ProblemError
from sandcone.core.inpatient import Admission, Problem
from sandcone.planning.changes import (
    Emergency,
    NurseIll,
    PatientCancels,
    RoomCloses,
    SurgeonAway,
    TheatreCloses,
    changed,
)
from sandcone.planning.changes_file import Changes, read_changes
from sandcone.planning.keep import Disturbance, NursePin, Pin
from sandcone.planning.price import price, usual_price
from tests.planning.wards import nurse, patient, ward


def here(**what: object) -> Problem:
    people = (patient("Ann", due=1), patient("Bea"), patient("Cy", surgeon="Rao"))
    return replace(ward(*people, nurses=(nurse("Nia"), nurse("Sol"))), **what)


# ── each change ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_closed_theatre_has_no_minutes_on_those_days_and_the_others_have() -> None:
    now = changed(here(), [TheatreCloses(theatre="T1", days=(2, 4))])
    assert [t.minutes for t in now.theatres] == [(150, 0, 0, 300, 0), (300,) * 5]


def test_a_surgeon_who_is_away_has_no_minutes_on_those_days() -> None:
    now = changed(here(), [SurgeonAway(surgeon="Sen", days=(0, 1))])
    assert [s.minutes for s in now.surgeons] == [(0, 0, 0, 200, 200), (300,) * 5]


def test_a_nurse_who_is_ill_is_off_the_roster_in_those_shifts() -> None:
    now = changed(here(), [NurseIll(nurse="Sol", shifts=(3, 4))])
    assert sorted(now.nurse["Sol"].most) == [0, 1, 2, 5, 6, 7, 8, 9]
    assert sorted(now.nurse["Nia"].most) == list(range(10))


def test_who_cancels_is_gone_and_who_is_an_emergency_must_come() -> None:
    new = patient("Zoe", release=2, due=3)
    now = changed(here(), [PatientCancels(patient="Bea"), Emergency(patient=new)])
    assert [p.name for p in now.patients] == ["Ann", "Cy", "Zoe"]
    assert now.patient["Zoe"].mandatory


def test_a_closed_room_suits_only_who_stays_there_or_is_sure_to_have_left_before() -> None:
    closes = [RoomCloses(room="R1", day=3)]  # Ann comes by day 1 and stays two nights: she has left on day 3
    assert [p.unfit_rooms for p in changed(here(), closes).patients] == [frozenset(), {"R1"}, {"R1"}]
    assert [p.unfit_rooms for p in changed(here(), closes, staying=["Cy"]).patients] == [frozenset(), {"R1"}, frozenset()]
    assert [bool(p.unfit_rooms) for p in changed(here(), [RoomCloses(room="R1", day=2)]).patients] == [True, True, True]


def test_a_change_says_whose_place_it_takes_away_and_leaves_the_others_alone() -> None:
    now = changed(here(), [RoomCloses(room="R1", day=1)])
    ann, cy = now.patient["Ann"], now.patient["Cy"]
    place = Admission(patient="Ann", day=2, room="R1", theatre="T1")
    assert TheatreCloses(theatre="T1", days=(2,)).takes(ann, place) == "theatre T1 is closed on day 2"
    assert TheatreCloses(theatre="T1", days=(3,)).takes(ann, place) == ""
    assert TheatreCloses(theatre="T2", days=(2,)).takes(ann, place) == ""
    assert SurgeonAway(surgeon="Sen", days=(2,)).takes(ann, place) == "surgeon Sen is away on day 2"
    assert SurgeonAway(surgeon="Sen", days=(2,)).takes(cy, place) == ""
    assert RoomCloses(room="R1", day=1).takes(ann, place) == "room R1 closes on day 1"
    assert RoomCloses(room="R1", day=4).takes(ann, place).endswith("takes nobody new who might still be in it")
    assert RoomCloses(room="R2", day=1).takes(ann, place) == ""
    assert PatientCancels(patient="Ann").takes(ann, place) == "cancelled"
    assert PatientCancels(patient="Ann").takes(cy, place) == ""
    assert Emergency(patient=cy).takes(ann, place) == NurseIll(nurse="Nia", shifts=(4,)).takes(ann, place) == ""


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (TheatreCloses(theatre="T9", days=(0,)), "T9"),
        (TheatreCloses(theatre="T1", days=(5,)), "day 5"),
        (SurgeonAway(surgeon="Nia", days=(0,)), "Sen, Rao"),
        (SurgeonAway(surgeon="Sen", days=(-1,)), "0 to 4"),
        (RoomCloses(room="R9"), "R9"),
        (RoomCloses(room="R1", day=5), "day 5"),
        (NurseIll(nurse="Sen", shifts=(1,)), "Nia, Sol"),
        (PatientCancels(patient="Zoe"), "Zoe"),
        (Emergency(patient=patient("Ann")), "named twice"),
    ],
)
def test_a_change_of_what_is_not_there_is_refused(change: TheatreCloses, says: str) -> None:
    with pytest.raises(ProblemError, match=says):
        changed(here(), [change])


# ── the file ────────────────────────────────────────────────────────────────────────────────────────────────────────

EVERYTHING = """
frozen_until = 2

[price]
day = 50
nurse = 3

[[theatre_closes]]
theatre = "T1"
days = [2, 2030-01-05]

[[surgeon_away]]
surgeon = "Rao"
days = [1]

[[room_closes]]
room = "R2"
day = 2030-01-03

[[nurse_ill]]
nurse = "Sol"
days = [1, 3]
shifts = ["night"]

[[nurse_ill]]
nurse = "Nia"
days = [4]

[[patient_cancels]]
patient = "Cy"

[[emergency]]
patient = "Zoe"
gender = "A"
age = "aged"
nights = 2
minutes = 45
surgeon = "Sen"
day = 3
by = 4
load = 2
skill = [1, 1, 0, 0]
unfit_rooms = ["R2"]

[[pin]]
patient = "Bea"
day = 3
room = "R1"

[[pin]]
patient = "Ann"
out = true

[[nurse_pin]]
room = "R2"
day = 4
shift = "early"
nurse = "Sol"
"""


def said(tmp_path: Path, text: str, problem: Problem | None = None) -> Changes:
    path = tmp_path / "changes.toml"
    path.write_text(text, encoding="utf-8")
    return read_changes(path, here() if problem is None else problem)


def test_everything_that_a_file_can_say_is_read_days_as_numbers_or_as_dates(tmp_path: Path) -> None:
    found = said(tmp_path, EVERYTHING, here(first_date=date(2030, 1, 1)))
    new = patient(
        "Zoe",
        age=2,
        release=3,
        due=4,
        minutes=45,
        load=(2, 2, 2, 2),
        skill=(1, 1, 0, 0),
        unfit_rooms=frozenset({"R2"}),
    )
    assert found == Changes(
        changes=(
            TheatreCloses(theatre="T1", days=(2, 4)),
            SurgeonAway(surgeon="Rao", days=(1,)),
            RoomCloses(room="R2", day=2),
            NurseIll(nurse="Sol", shifts=(3, 7)),
            NurseIll(nurse="Nia", shifts=(8, 9)),
            PatientCancels(patient="Cy"),
            Emergency(patient=new),
        ),
        pins=(Pin(patient="Bea", day=3, room="R1"), Pin(patient="Ann", out=True)),
        nurse_pins=(NursePin(room="R2", shift=8, nurse="Sol"),),
        price=Disturbance(day=50, nurse=3),
        frozen_until=2,
    )


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    assert said(tmp_path, "") == Changes()


ZOE = '[[emergency]]\npatient = "Zoe"\ngender = "A"\nage = "aged"\nnights = 1\nminutes = 45\nsurgeon = "Sen"\nday = 3\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("frozen_until = ", "is not TOML"),
        ("frozen_untill = 3", "frozen_untill: is not something that can be said"),
        ("frozen_until = 6", "day 6"),
        ("frozen_until = 2030-01-02", "does not know the date"),
        ('[[theatre_closes]]\ntheatre = "T1"', "theatre_closes.0.days: is missing"),
        ('[[theatre_closes]]\ntheatre = "T1"\ndays = [7]', "day 7"),
        ('[[theatre_closes]]\ntheatre = "T1"\ndays = ["Monday"]', "theatre_closes.0.days.0"),
        ('[[theatre_closes]]\ntheatre = "T1"\ndays = [true]', "theatre_closes.0.days.0"),
        ('[[nurse_ill]]\nnurse = "Sol"\ndays = [1]\nshifts = ["noon"]', "early, night"),
        ("[price]\nday = -1", "price.day"),
        ("[price]\nbeds = 1", "price.beds"),
        (ZOE.replace("aged", "old"), "child, adult, aged"),
        (ZOE.replace("Sen", "Nia"), "Sen, Rao"),
        (ZOE.replace("nights = 1", "nights = 0"), "emergency.0.nights"),
        (ZOE.replace("nights = 1", "nights = 3661"), "emergency.0.nights: input should be less than or equal to 3660"),
        (ZOE + 'unfit_rooms = ["R9"]', "R9"),
        (ZOE.replace("Zoe", "Ann"), "named twice"),
        (ZOE + "load = [1, 2, 3]", "3 numbers for its workload"),
        ('[[theatre_closes]]\ntheatre = "OR 1"\ndays = [1]', "There are T1, T2"),
        ('[[pin]]\npatient = "Zoe"\nday = 1', "There are Ann, Bea, Cy"),
        ('[[patient_cancels]]\npatient = "Cy"\n[[pin]]\npatient = "Cy"\nday = 1', "There are Ann, Bea"),
        ('[[pin]]\npatient = "Ann"\ntheatre = "T9"', "There are T1, T2"),
        ('[[nurse_pin]]\nroom = "R9"\nday = 4\nshift = "early"\nnurse = "Sol"', "There are R1, R2"),
        ('[[nurse_pin]]\nroom = "R2"\nday = 4\nshift = "noon"\nnurse = "Sol"', "early, night"),
    ],
)
def test_a_file_that_says_what_cannot_be_is_refused_with_the_file_and_the_place(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ProblemError, match=says) as refused:
        said(tmp_path, text)
    assert "changes.toml" in str(refused.value)


def test_a_gender_that_nobody_else_has_is_refused_where_there_are_two_already(tmp_path: Path) -> None:
    both = replace(here(), patients=(*here().patients, patient("Don", gender="B")))
    with pytest.raises(ProblemError, match="There are A and B"):
        said(tmp_path, ZOE.replace('"A"', '"female"'), both)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match="cannot be read"):
        read_changes(tmp_path / "none.toml", here())


# ── the price ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_price_is_said_in_words_and_what_is_not_named_costs_nothing() -> None:
    assert price("day=50, nurse=1") == Disturbance(day=50, nurse=1)
    assert price("left_out=9,room=2,theatre=3") == Disturbance(left_out=9, room=2, theatre=3)


@pytest.mark.parametrize("said", ["", "50", "day=-1", "day=1,day=2", "beds=3", "day=1;room=2"])
def test_a_price_that_says_nothing_is_refused(said: str) -> None:
    with pytest.raises(ProblemError, match="price"):
        price(said)


def test_where_nobody_says_a_price_it_goes_with_what_the_problems_costs_weigh() -> None:
    assert usual_price(here().weights) == Disturbance(day=68, room=34, theatre=17, left_out=19, nurse=5)
