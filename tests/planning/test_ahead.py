"""Days worked out ahead: a search begins there, whatever they are worth."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandcone.planning.ahead import Ahead, Answer
from sandcone.planning.from_days import from_days
from sandcone.planning.score import score
from sandcone.planning.search import Stop, plan_inpatients
from tests.planning.test_search_exact import made_up
from tests.planning.wards import occupant, patient, ward


def test_everybody_named_comes_on_the_day_given_to_a_room_and_a_theatre_with_space() -> None:
    here = ward(patient("Ann"), patient("Bea", gender="B", surgeon="Rao"), patient("Cat"), occupants=(occupant(),))
    made = from_days(here, {"Ann": 1, "Bea": 1}).admitted
    assert [(a.patient, a.day) for a in made.values()] == [("Ann", 1), ("Bea", 1)]
    assert (made["Ann"].room, made["Bea"].room) == ("R1", "R2")  # Ann to Olu, the only woman there; Bea where nobody is
    assert {a.theatre for a in made.values()} == {"T2"}  # T1 is closed on day 1


def test_a_day_that_is_not_possible_is_passed_over() -> None:
    here = ward(patient("Ann", release=2), patient("Bea", due=3))
    assert from_days(here, {"Ann": 1, "Bea": 4, "Zoe": 0}).admissions == ()


@pytest.mark.parametrize("seed", [2, 5, 12])
def test_a_search_from_any_days_ends_with_the_scorers_cost_and_the_same_plan_each_time(seed: int) -> None:
    here = made_up(seed)
    days = {p.name: here.last_day(p) for p in here.patients}
    one, two = (plan_inpatients(here, stop=Stop(moves=800_000), seed=1, cores=2, days=days) for _ in range(2))
    assert (one.cost, one.plan) == (two.cost, two.plan)
    assert score(here, one.plan).cost == one.cost


def test_good_days_are_kept_by_a_short_search() -> None:
    here = ward(patient("Ann"), patient("Bea", gender="B"))
    found = plan_inpatients(here, stop=Stop(moves=200_000), seed=1, cores=1, days={"Ann": 0, "Bea": 1})
    assert {a.patient: a.day for a in found.plan.admissions} in ({"Ann": 0, "Bea": 1}, {"Ann": 1, "Bea": 0}, {"Ann": 0}, {"Bea": 0})
    assert score(here, found.plan).violations == 0


def test_days_are_worked_out_in_another_process_and_none_where_nothing_is_possible() -> None:
    possible, hopeless = Ahead(ward(patient("Ann", release=1)), 20.0), Ahead(ward(patient("Ann", release=2, due=2)), 20.0)
    for ahead in (possible, hopeless):
        ahead.process.wait(120)
    said, nothing = possible.answer(), hopeless.answer()
    assert said is not None and nothing is not None
    assert (said.days, nothing.days) == ({"Ann": 1}, {})  # Sen is away on day 2
    assert said.bound <= 5 + 11
    for ahead in (possible, hopeless):
        ahead.stop()


def test_looking_ahead_ends_when_it_is_told_to() -> None:
    ahead = Ahead(ward(patient("Ann")), 600.0)
    ahead.stop()
    assert ahead.process.returncode is not None


def test_an_answer_that_brings_in_only_those_who_must_come_is_not_worth_beginning_from() -> None:
    here = ward(patient("Ann", due=3), patient("Bea"))
    assert Answer(bound=1, days={"Bea": 0}).brings_in(here)
    assert not Answer(bound=1, days={"Ann": 0}).brings_in(here)
    assert Answer(bound=1, days={"Ann": 0}).brings_in(ward(patient("Ann", due=3)))
    assert not Answer(bound=1, days={}).brings_in(ward(patient("Ann", due=3)))


def test_an_answer_longer_than_a_pipe_holds_comes_all_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stand_in = tmp_path / "says_much"
    stand_in.write_text('#!/bin/sh\nprintf \'{"bound": 7, "days": {"\'; head -c 200000 /dev/zero | tr "\\0" a; printf \'": 3}}\'\n')
    stand_in.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(stand_in))
    ahead = Ahead(ward(patient("Ann")), 1.0)
    try:
        ahead.process.wait(20)
        said = ahead.answer()
    finally:
        ahead.stop()
    assert said == Answer(bound=7, days={"a" * 200_000: 3})
