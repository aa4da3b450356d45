"""Numbers of a search in words: each with its unit, its sign and the digits that its interval supports."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandcone.core.estimate import Estimate
from sandcone.reporting.improve_words import (
    BY_NAME,
    between,
    cost_times,
    gap,
    gap_between,
    lever_name,
    said,
    said_gap,
    same,
    set_name,
    short_name,
    sure,
    times,
)
from sandcone.reporting.words import NBSP
from tests.reporting.improved_sample import SETS, around, improved, nothing, today

UNITS = {"share": ("%", "points"), "h": ("h", "h"), "money a week": ("money a week", "money a week"), "share of before": ("%", "%")}
NUMBER = r"−?(\d{1,3}(,\d{3})*)(\.\d+)?"


def plain(text: str) -> str:
    return text.replace(NBSP, " ")


@st.composite
def estimates(draw: st.DrawFn) -> Estimate:
    """Any number that a search may give, with or without an interval, and NaN."""
    value = draw(st.one_of(st.floats(-1e6, 1e6), st.just(math.nan)))
    half = draw(st.one_of(st.none(), st.floats(0, 1e5), st.just(math.inf)))
    return around(value, None if math.isnan(value) else half, draw(st.sampled_from(sorted(UNITS))))


@given(estimates())
def test_no_number_is_said_without_its_unit_and_nothing_unknown_is_said_as_one(e: Estimate) -> None:
    value, moved = plain(said(e)), plain(said_gap(e))
    if math.isnan(e.value):
        assert value == moved == "not measured"
        return
    unit, points = UNITS[e.unit]
    assert re.fullmatch(rf"{NUMBER} {unit}", value), value
    assert re.fullmatch(rf"\+?{NUMBER} {points}( \(\+?{NUMBER} to \+?{NUMBER}\))?", moved), moved


@given(estimates())
def test_a_sign_is_there_unless_the_number_is_shown_as_nought(e: Estimate) -> None:
    first = plain(said_gap(e)).split(" ")[0]
    if e.known:
        shown = float(first.replace(",", "").replace("−", "-"))
        assert (first[0] in "+−") == (shown != 0)


def test_digits_are_those_that_the_interval_supports() -> None:
    assert plain(said_gap(around(0.00912, 0.003, "share"))) == "+0.9 points (+0.6 to +1.2)"
    assert plain(said_gap(around(-0.00147, 0.00031, "share"))) == "−0.15 points (−0.18 to −0.12)"
    assert plain(said_gap(around(-31.4, 8.2, "h"))) == "−31 h (−40 to −23)"
    assert plain(said(around(0.71234, 0.004, "share"))) == "71.2 %"
    assert between(around(0.71234, 0.004, "share")) == "70.8 to 71.6"
    assert between(around(0.9997, 0.0008, "share")) == "99.89 to 100.00"  # nothing is more than whole
    assert plain(said(around(812_400.4, 427, "money a week"))) == "812,400 money a week"
    assert plain(said_gap(Estimate(value=0.0101, n=1, unit="share"))) == "+1.0 points"


def test_an_interval_without_ends_is_none() -> None:
    endless = Estimate(value=0.01, n=2, unit="share", low=-math.inf, high=math.inf)
    assert gap_between(endless) == between(endless) == ""
    assert not sure(endless)


def test_a_set_is_named_by_its_levers_and_their_settings() -> None:
    assert set_name(()) == "as today"
    assert set_name((("Pool", "all"), ("Discharge at 10", ""), ("Night", "Night"))) == "Pool: all + Discharge at 10 + Night"
    assert lever_name("Turnover", "25 min") == "Turnover: 25 min"
    assert lever_name("Rounds earlier", "on") == "Rounds earlier"
    assert [short_name((("Pool", "all"),) * n) for n in (1, 4, 5)] == ["Pool: all", " + ".join(["Pool: all"] * 4), "5 levers"]


def test_money_is_said_beside_todays_and_today_costs_one_time_itself() -> None:
    i = improved()
    assert plain(said_gap(gap(i, SETS[2], "cost"))) == "+0.52 % (+0.49 to +0.54)"  # 4,200 of 812,400
    assert cost_times(i, SETS[2]) == pytest.approx(1 + 4_200 / 812_400)
    assert cost_times(i, today()) == 1.0
    assert times(1.0052) == "1.005 times today's"
    assert times(math.nan) == "not known"


def test_money_stays_money_where_todays_is_not_known() -> None:
    assert plain(said_gap(gap(nothing(), SETS[2], "cost"))).startswith("+4,200 money a week")
    assert math.isnan(cost_times(nothing(), SETS[2]))


def test_unchanged_means_closer_to_nought_than_what_matters() -> None:
    least = BY_NAME["flow efficiency"].least
    assert same(around(0.0, 0.9 * least, "share"), "flow efficiency")
    assert not same(around(0.0, 1.1 * least, "share"), "flow efficiency")
    assert not same(around(0.0, None, "share"), "flow efficiency")
    assert same(around(0.0, 0.0009, "of today's"), "cost")
