"""What the cardiac hospital offers to do in a year, by arithmetic from the model, beside the scenario's own table."""

from functools import partial

import pytest
from tests.scenarios.nh_loads import Year

from sandcone.scenarios.nh import nh_hospital
from sandcone.scenarios.nh.parameters import parameters

DAY = 1440.0
THEATRE = [f"{part}, {age}" for part in ("Opening", "Urgent opening", "Core operation", "Closing") for age in ("adult", "child")]
OPENED = [s for s in THEATRE if "pening" in s]

make_2004, make_2008, make_2013 = (partial(nh_hospital, "hospital", year) for year in (2004, 2008, 2013))


@pytest.fixture(scope="module")
def in_2004() -> Year:
    return Year(make_2004)


def test_every_procedure_is_done_as_often_as_the_table_says(in_2004: Year) -> None:
    table = {"CABG": 1750, "valve": 650, "combined": 250, "PTE": 159, "child simple": 730, "child complex": 737}
    for procedure, n in table.items():
        assert in_2004.times(*OPENED, procedure=procedure) == pytest.approx(n, rel=0.001)
    assert in_2004.times(*OPENED) == pytest.approx(4276, rel=0.001)
    assert in_2004.times("Core operation, adult", "Core operation, child") == pytest.approx(4276, rel=0.001)


def test_twelve_in_a_hundred_operations_are_urgent(in_2004: Year) -> None:
    urgent = in_2004.times("Urgent opening, adult", "Urgent opening, child")
    assert urgent / in_2004.times(*OPENED) == pytest.approx(0.12, abs=0.001)


def test_catheters_are_as_many_as_the_table_says_and_thirty_in_a_hundred_lead_to_surgery(in_2004: Year) -> None:
    caths = in_2004.times("Catheterisation", "Urgent catheterisation")
    assert caths == pytest.approx(5430, rel=0.001)
    after = in_2004.times("Core operation, adult", angiogram="here")
    assert after / caths == pytest.approx(0.30, abs=0.002)
    assert caths / 303 / 2 == pytest.approx(9.0, abs=0.1)  # for each lab-day
    assert in_2004.minutes("Catheterisation", "Urgent catheterisation") / caths + 15 == pytest.approx(60, abs=0.5)


def test_a_theatre_is_used_seven_hours_a_day_and_seventy_two_of_a_hundred_hours(in_2004: Year) -> None:
    used = in_2004.minutes(*THEATRE) + 35 * in_2004.times(*OPENED)  # turnover
    a_day = used / 60 / 10 / 303
    assert a_day == pytest.approx(7.2, abs=0.1)
    assert a_day / 10 == pytest.approx(0.72, abs=0.01)
    assert in_2004.times(*OPENED) / 303 == pytest.approx(14.1, abs=0.1)


def test_a_senior_is_needed_for_forty_five_in_a_hundred_theatre_minutes(in_2004: Year) -> None:
    core = in_2004.minutes("Core operation, adult", "Core operation, child")
    assert core / in_2004.minutes(*THEATRE) == pytest.approx(0.45, abs=0.001)


def test_intensive_care_is_as_busy_as_the_table_says(in_2004: Year) -> None:
    assert in_2004.minutes("Intensive care, adult") / DAY / 365 == pytest.approx(16.3, abs=0.1)  # of 22
    assert in_2004.minutes("Intensive care, child") / DAY / 365 == pytest.approx(14.4, abs=0.1)  # of 50


def test_surgical_beds_are_as_busy_as_the_table_says(in_2004: Year) -> None:
    """All days before and after operations: urgent patients have no days before, and some die before the ward, so 4 % less is right."""
    days = ["Preparation", "Intensive care, adult", "Intensive care, child", "Step-down stay"]
    a_day = sum(in_2004.model.steps[s].minutes.otherwise.mean for s in ("Ward day", "Nursing", "Doctor's round"))
    a_day += 0.5 * in_2004.model.steps["Laboratory"].minutes.otherwise.mean
    assert a_day == pytest.approx(DAY)
    on_ward = sum(in_2004.times("Ward day", procedure=p) for p in parameters().procedures)
    again = in_2004.times("Medical admission") - in_2004.times("Medical admission", procedure="medical")
    medical_days = again * parameters().times.medical_days[0] * 1.2776  # exp(.7²/2)
    beds = in_2004.minutes(*days) / DAY / 365 + (on_ward - medical_days) / 365
    assert beds == pytest.approx(129, rel=0.04)


def test_as_many_die_as_the_table_says_whatever_their_risk(in_2004: Year) -> None:
    for procedure, share in {"CABG": 0.014, "child complex": 0.04}.items():
        died = in_2004.times("Died", procedure=procedure)
        assert died / in_2004.times(*OPENED, procedure=procedure) == pytest.approx(share, rel=0.001)
    died = {r: in_2004.times("Died", procedure="CABG", risk=r) for r in ("high", "low")}
    assert died["high"] / died["low"] == pytest.approx(4 * 0.2 / 0.8)  # four times the risk, a fifth of the patients


def test_price_tiers_are_in_their_shares(in_2004: Year) -> None:
    for tier, share in {"general": 0.45, "semi": 0.25, "private": 0.20, "free": 0.10}.items():
        assert in_2004.times(*OPENED, tier=tier) / in_2004.times(*OPENED) == pytest.approx(share, abs=0.001)
    assert in_2004.times("Private room", tier="private") == in_2004.times("Private room")


def test_no_pool_is_asked_for_more_than_it_has(in_2004: Year) -> None:
    for make in (make_2004, make_2008, make_2013):
        year = Year(make)
        wards = year.minutes("Ward day") / (365 * DAY)
        beds = sum(year.model.resources[r].capacity for r in ("Adult ward", "Children's ward", "Private rooms"))
        assert wards < 0.85 * beds
        for steps, pool, open_share in (
            (("Intensive care, adult",), "Adult ICU", 1),
            (("Intensive care, child",), "Paediatric ITU", 1),
            (("Step-down stay",), "Step-down", 1),
            (("Recovery after catheterisation",), "Day beds", 1),
            (("Nursing", "Discharge"), "Ward nurses", 1),
            (("Doctor's round",), "Ward doctors", 14 / 24),
            (("ECG and echo",), "Echo technicians", 303 / 365 * 12 / 24),
            (("Screening",), "Junior cardiologists", 303 / 365 * 12 / 24),
            (("Consultation", "Tele-consultation"), "Cardiologists", 303 / 365 * 12 / 24),
            (("Emergency assessment",), "Emergency doctors", 1),
        ):
            busy = year.minutes(*steps) / (365 * 1440 * open_share)
            assert busy < 0.85 * year.model.resources[pool].capacity, (year.model.name, pool, busy)


def test_several_hundred_procedures_a_week_and_a_million_steps_a_year_in_the_larger_hospitals() -> None:
    a_week = {}
    for make, steps in ((make_2008, 1e6), (make_2013, 1.1e6)):
        year = Year(make)
        assert year.rows() == pytest.approx(steps, rel=0.15)
        a_week[year.model.begin.year] = year.times(*OPENED, "Catheterisation", "Urgent catheterisation") / 365 * 7
    assert a_week[2008] == pytest.approx(261, abs=2)
    assert a_week[2013] == pytest.approx(396, abs=3)
    assert Year(make_2013).times(*OPENED) / 303 == pytest.approx(30, abs=0.1)
