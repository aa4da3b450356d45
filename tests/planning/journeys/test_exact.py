"""What the kernel says a timetable costs is what the scorer says, and no rule is broken: on clinics drawn at random."""

from __future__ import annotations

import numpy as np
import pytest

from sandcone.planning.journeys.first import first_come, list_plan
from sandcone.planning.journeys.kernel import SEARCH, work
from sandcone.planning.journeys.score import score_journeys
from sandcone.planning.journeys.search import Cooling
from sandcone.planning.journeys.states import empty, hands, state_of, timetable_of
from sandcone.planning.journeys.tables import tables
from tests.planning.journeys.clinics import drawn

PINS_MAY = {"in_two_places_at_once", "more_patients_than_places", "more_expected_than_places", "outside_open_hours", "too_near_closing"}


@pytest.mark.parametrize("seed", range(24))
def test_a_search_keeps_every_rule_and_knows_what_it_costs(seed: int) -> None:
    problem = drawn(seed)
    given = tables(problem)
    state, mine = empty(given), hands(given, seed)
    for over in (0.0, 0.5, 1.0):
        mine.floats[:] = Cooling(hot=20_000.0, cold=10.0).at(over)
        work(given, state, mine, SEARCH, 150)
        timetable = timetable_of(problem, given, state.start, state.who)
        score = score_journeys(problem, timetable)
        assert score.violations == 0, str(score)
        assert score.cost == int(state.cost.sum())


@pytest.mark.parametrize("seed", range(6))
def test_what_is_taken_is_what_the_timetable_takes(seed: int) -> None:
    problem = drawn(seed)
    given = tables(problem)
    state, mine = empty(given), hands(given, seed)
    mine.floats[:] = Cooling(hot=20_000.0).at(0.0)
    work(given, state, mine, SEARCH, 300)
    again = state_of(problem, given, timetable_of(problem, given, state.start, state.who))
    assert np.array_equal(again.used, state.used)
    assert np.array_equal(again.cost, state.cost)


@pytest.mark.parametrize("seed", range(12))
def test_a_list_keeps_every_rule(seed: int) -> None:
    problem = drawn(seed)
    for plan in (first_come(problem), list_plan(problem)):
        assert score_journeys(problem, plan).violations == 0


@pytest.mark.parametrize("seed", range(12))
def test_what_is_pinned_stays_whatever_the_search_does(seed: int) -> None:
    problem = drawn(seed, pins=True)
    given = tables(problem)
    state, mine = state_of(problem, given, list_plan(problem)), hands(given, seed)
    mine.floats[:] = Cooling(hot=20_000.0).at(0.0)
    work(given, state, mine, SEARCH, 300)
    timetable = timetable_of(problem, given, state.start, state.who)
    score = score_journeys(problem, timetable)
    assert score.cost == int(state.cost.sum())
    left_out = {f"patient {who}" for who in timetable.left_out(problem)}  # whose pin leaves no path for the rest
    assert {b.where.split(",")[0] for b in score.line("pinned_and_moved").broken} <= left_out
    assert {line.rule for line in score.must if line.by} <= PINS_MAY | {"pinned_and_moved"}
