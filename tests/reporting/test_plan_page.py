"""The page of an inpatient plan, taken apart: numbers known by hand, and nothing from the data that becomes code."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import date

import pytest

from sandcone.core.inpatient import InpatientPlan, Problem, Weights
from sandcone.planning import score
from sandcone.reporting import plan_page
from tests.planning.wards import nurse, occupant, patient, plan, ward
from tests.reporting.reader import Page, taken_apart

HOSTILE = "<script>alert(1)</script>\"'& onload=x"


def small(**what: object) -> Problem:
    """Ann (due day 3), Bo and Cy wait; Olu lies in R1 for three nights; theatres T1 and T2, surgeon Sen."""
    return ward(
        patient("Ann", due=3, minutes=70),
        patient("Bo", gender="B", release=1, minutes=50),
        patient("Cy", nights=1, minutes=40),
        occupants=(occupant(),),
        nurses=(replace(nurse(), most=dict.fromkeys(range(10), 4)), nurse("Off", skill=2, most=9)),
        **what,
    )


def usual() -> InpatientPlan:
    """Ann beside Olu from day 1 (load 3 + 2 against 4), Bo in R2 from day 3; Cy is left out."""
    return plan(("Ann", 1, "R1", "T2"), ("Bo", 3, "R2", "T1"))


def page(problem: Problem, plan: InpatientPlan, **what: object) -> str:
    return plan_page(problem, plan, score(problem, plan), **what)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def read() -> Page:
    return taken_apart(page(small(), usual()))


def test_every_part_is_there_in_order_with_headings_without_a_gap(read: Page) -> None:
    assert [a["id"] for a in read.all("section")] == ["headline", "costs", "rooms", "theatres", "nurses", "left-out", "made"]
    levels = [int(t[1]) for t, _ in read.elements if re.fullmatch("h[1-6]", t)]
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))
    assert not read.wrong
    assert not read.open


def test_it_names_no_other_host_and_nothing_runs_inside_its_elements(read: Page) -> None:
    html = page(small(), usual())
    assert not re.search(r"https?:|@import", html)
    assert not [k for _, a in read.elements for k in a if k.startswith("on") or k in ("style", "src")]
    policy = next(a["content"] for a in read.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy


def test_every_link_leads_to_a_place_on_the_page_and_no_place_is_there_twice(read: Page) -> None:
    ids = [a["id"] for _, a in read.elements if "id" in a]
    assert len(ids) == len(set(ids))
    assert {a["href"].removeprefix("#") for a in read.all("a")} <= set(ids)


def test_every_picture_has_a_title_or_is_hidden_and_has_its_numbers_in_a_table_or_list(read: Page) -> None:
    for i, (name, attributes) in enumerate(read.elements):
        if name == "svg" and attributes.get("aria-hidden") != "true":
            assert attributes["role"] == "img"
            assert attributes["aria-label"]
            assert read.elements[i + 1][0] == "title"
    assert [f for f in read.figures if "svg" in f and not ({"table", "ul"} & f)] == []


def test_every_board_and_table_scrolls_in_a_box_with_a_name_that_the_keyboard_reaches(read: Page) -> None:
    boxes = [a for _, a in read.elements if a.get("class", "").startswith("scroll")]
    assert len([a for a in boxes if "board" in a["class"]]) == 3
    assert all(a["tabindex"] == "0" and a["role"] == "region" and a["aria-label"] for a in boxes)


def test_the_headline_says_what_the_plan_comes_to(read: Page) -> None:
    said = read.sections["headline"]
    assert "admits 2 of 3 patients in 5 days, with 5 beds and 2 theatres, beside 1 person in a bed already" in said
    assert "can be carried out" in said
    assert "1 patient is left out; those who come wait 1.5 days on average" in said  # Ann one day, Bo two
    assert "Theatres opened2 daysof 9 theatre days" in said
    assert "Beds in use28" in said  # Olu three days, Ann two, Bo two, of twenty-five
    assert "Theatre time in use20" in said  # 70 and 50 of 300 and 300 minutes
    assert "Nurses met1.0" in said
    assert "Overload4" in said  # 5 on nurse Nia in the two shifts of two days on which 4 can be borne


def test_a_plan_that_cannot_be_carried_out_says_so_and_where() -> None:
    read = taken_apart(page(small(), plan(("Bo", 1, "R1", "T2"))))
    assert "cannot be carried out as it is: it breaks 2 rules that must hold" in read.sections["headline"]
    costs = read.sections["costs"]
    assert "Genders share a room: 2." in costs
    assert "room R1, day 1; room R1, day 2." in costs
    assert "Must come and does not: 1." in costs
    assert "patient Ann." in costs
    marked = [a for t, a in read.elements if t == "rect" and a.get("class") == "wrong"]
    assert len(marked) == 2
    assert "1 of them although they must be treated" in read.sections["left-out"]


def test_stays_stand_where_their_days_are_and_say_who_it_is(read: Page) -> None:
    stays = {i: a for i, (t, a) in enumerate(read.elements) if t == "rect" and a.get("class", "").startswith("stay") and "rx" in a}
    wide = 55
    assert sorted((float(a["x"]), float(a["width"])) for a in stays.values()) == [
        (1.0, 3 * wide - 2.0),  # Olu
        (wide + 1.0, 2 * wide - 2.0),  # Ann
        (3 * wide + 1.0, 2 * wide - 2.0),  # Bo
    ]
    assert "Ann, A, adult: day 1 to day 2, room R1; T2, surgeon Sen; 1 day late" in read.text
    assert "Olu, A, adult: day 0 to day 2, room R1; in a bed already" in read.text
    assert "Beds free each day: 4, 3, 3, 4, 4" in read.text


def test_people_for_whom_there_is_no_bed_are_drawn_too() -> None:
    crowded = plan(("Ann", 1, "R1", "T2"), ("Cy", 1, "R1", "T2"))
    read = taken_apart(page(small(), crowded))
    assert [a["height"] for t, a in read.elements if a.get("class") == "no-bed"] == ["20"]
    assert len([a for _, a in read.elements if a.get("class") == "wrong"]) == 1


def test_theatres_are_filled_by_their_minutes(read: Page) -> None:
    blocks = [a for t, a in read.elements if t == "rect" and a.get("class") == "block"]
    assert sorted(round(float(a["height"]) / 58 * 300) for a in blocks) == [50, 70]
    assert "T2, day 1: 70 of 300 minutes in use; Sen: Ann 70" in read.text
    shut = [a for t, a in read.elements if a.get("class") == "opened shut"]
    assert len(shut) == 7  # nine theatre days that can be opened, two of which are


def test_a_nurse_who_bears_too_much_stands_out(read: Page) -> None:
    assert len([a for _, a in read.elements if a.get("class") == "over"]) == 4
    assert "Nia, day 1 early: load 5 of 4, rooms R1" in read.text
    assert "In 4 shifts a nurse bears more than can be borne, by 4 in all." in read.sections["nurses"]


def test_who_is_left_out_comes_with_the_reason_that_was_given() -> None:
    read = taken_apart(page(small(), usual(), left_out_why=(("Cy", "No room is free."),)))
    assert "No room is free." in read.sections["left-out"]
    assert "Nobody is left out." in taken_apart(page(ward(patient()), plan(("Ann", 0, "R1", "T2")))).sections["left-out"]


def test_many_who_are_left_out_are_folded_but_for_the_first() -> None:
    many = ward(*(patient(f"P{i}") for i in range(23)))
    read = taken_apart(page(many, plan()))
    assert "The other 3" in read.sections["left-out"]
    assert all(f"P{i}" in read.sections["left-out"] for i in range(23))


def test_the_rival_stands_beside_every_cost_and_a_loss_is_said_like_a_win() -> None:
    problem = small()
    ours, theirs = score(problem, usual()), score(problem, plan(("Ann", 0, "R1", "T2")))
    assert ours.cost != theirs.cost
    for mine, other in ((ours, theirs), (theirs, ours)):
        read = taken_apart(plan_page(problem, usual(), mine, rival=other))
        part = round(100 * abs(other.cost - mine.cost) / other.cost)
        more = "less" if mine.cost < other.cost else "more"
        assert f"{part}\u00a0% {more} than first come, first served" in read.sections["headline"]
        assert f"{other.cost:,}" in read.sections["costs"]


def test_a_rival_that_cannot_be_carried_out_is_not_compared_by_cost() -> None:
    problem = small()
    read = taken_apart(page(problem, usual(), rival=score(problem, plan())))
    assert "could not be carried out" in read.sections["headline"]
    assert "but cannot be carried out" in read.sections["costs"]


def test_days_are_dates_where_the_first_is_known() -> None:
    read = taken_apart(page(small(first_date=date(2026, 2, 27)), usual()))
    assert "5 days, 27 February 2026 to 3 March 2026" in read.text
    assert "Ann, A, adult: Sat 28 February to Sun 1 March" in read.text
    assert len([a for _, a in read.elements if a.get("class") == "weekend"]) == 2 * 7  # rooms, beds free, theatres and nurses


def test_how_it_was_made_and_how_evenly_costs_fall_are_said_where_given() -> None:
    read = taken_apart(page(small(), usual(), fair=(("The worst-off tenth", "bears 17"),), made="Planned in 9 s with seed 3."))
    assert "bears 17" in read.sections["fairness"]
    assert "Planned in 9 s with seed 3." in read.sections["made"]


def test_what_comes_from_the_data_can_never_become_part_of_the_page() -> None:
    def bad(i: int) -> str:
        return f"{HOSTILE}{i}"

    usual_ward = ward()
    problem = replace(
        usual_ward,
        name=bad(0),
        patients=(patient(bad(1), gender=bad(2), surgeon=bad(3)), patient(bad(9), surgeon=bad(3))),
        nurses=(nurse(bad(4)),),
        ages=(bad(5), bad(6), bad(7)),
        shifts=(bad(8), "late"),
        rooms=(replace(usual_ward.rooms[0], name=bad(10)),),
        theatres=(replace(usual_ward.theatres[0], name=bad(11)),),
        surgeons=(replace(usual_ward.surgeons[0], name=bad(3)),),
    )
    made = plan((bad(1), 2, bad(10), bad(11)), care={(bad(10), 4): bad(4)})
    html = page(problem, made, left_out_why=((bad(9), HOSTILE),), fair=((HOSTILE, HOSTILE),), made=HOSTILE, rival_name=HOSTILE)
    assert html.count("<script>") == 1
    parts = taken_apart(html)
    assert not parts.wrong
    assert not [k for _, a in parts.elements for k in a if k.startswith("on")]


@pytest.mark.parametrize("ages", [1, 5, 9])
def test_any_number_of_age_groups_has_its_squares(ages: int) -> None:
    old = replace(ward(), ages=tuple(f"group {i}" for i in range(ages)), patients=(patient(age=ages - 1),))
    read = taken_apart(page(old, plan(("Ann", 0, "R1", "T2"))))
    assert len([a for _, a in read.elements if a.get("class") == "pip"]) == ages


def test_a_ward_of_nobody_and_nothing_still_gives_a_page() -> None:
    empty = ward(nurses=())
    parts = taken_apart(page(replace(empty, rooms=(), theatres=(), surgeons=()), plan(care={})))
    assert "admits 0 of 0 patients" in parts.sections["headline"]
    assert not parts.wrong


def test_the_same_plan_gives_the_same_page() -> None:
    assert page(small(), usual()) == page(small(), usual())


def test_a_plan_beside_one_that_costs_nothing_is_said_to_cost_more_and_the_same_as_much() -> None:
    here = ward(patient("Ann"), weights=Weights(nurses_met=0, open_theatre=0, delay=6))
    free, late = plan(("Ann", 0, "R1", "T2")), plan(("Ann", 1, "R1", "T2"))
    said = [taken_apart(page(here, it, rival=score(here, free))).sections["headline"] for it in (late, free)]
    assert "It costs 6 more than first come, first served." in said[0]
    assert "It costs as much as first come, first served." in said[1]


def test_who_comes_too_early_is_not_late() -> None:
    read = taken_apart(page(small(), plan(("Bo", 0, "R2", "T1"))))
    assert "room R2; T1, surgeon Sen; no delay" in read.text
