"""After a search, what moved for little goes back."""

from __future__ import annotations

import pytest

from sandcone.core.errors import ProblemError
from sandcone.core.journeys import Journeys, Timetable
from sandcone.planning.journeys.again import begin_again
from sandcone.planning.journeys.calm import calmed
from sandcone.planning.journeys.first import first_come, list_plan
from sandcone.planning.journeys.price import Price, price_of
from sandcone.planning.journeys.score import score_journeys
from sandcone.planning.journeys.search import plan_journeys
from sandcone.planning.search import Stop
from tests.planning.journeys.clinics import at, booked, clinic, drawn, visit


def morning() -> tuple[Journeys, Timetable]:
    """Cy, Di and Ed, all told their times on Monday."""
    before = booked(
        Cy={"visit": (at(0, "08:00"), "Ann"), "scan": (at(0, "08:30"), "scanner")},
        Di={"visit": (at(0, "09:00"), "Ann"), "scan": (at(0, "09:30"), "scanner")},
        Ed={"visit": (at(0, "10:00"), "Ann"), "scan": (at(0, "10:40"), "scanner")},
    )
    return clinic(visit("Cy"), visit("Di"), visit("Ed")), before


def test_two_who_changed_places_for_nothing_go_back_together() -> None:
    problem, before = morning()
    after = Timetable(starts={**before.starts, "Cy": before.starts["Di"], "Di": before.starts["Cy"]})
    assert calmed(problem, before, after, least=0) == before


def test_who_saves_enough_stays_moved_and_who_does_not_goes_back() -> None:
    problem, before = morning()
    sooner = booked(Ed={"visit": (at(0, "10:05"), "Ann"), "scan": (at(0, "10:35"), "scanner")})  # shorter by 10, later by 5: 20 saved
    after = Timetable(starts={**before.starts, **sooner.starts})
    assert calmed(problem, before, after, least=9) == after
    assert calmed(problem, before, after, least=10) == before  # of two tasks


def test_whose_old_place_is_taken_by_somebody_who_gains_stays_away_from_it() -> None:
    problem, before = morning()
    swapped = booked(
        Cy={"visit": (at(0, "09:00"), "Ann"), "scan": (at(0, "09:30"), "scanner")},
        Di={"visit": (at(0, "08:00"), "Bo"), "scan": (at(0, "08:30"), "scanner")},
        Ed={"visit": (at(0, "08:30"), "Bo"), "scan": (at(0, "09:00"), "scanner")},
    )
    assert calmed(problem, before, swapped, least=0) == Timetable(starts={**before.starts, "Ed": swapped.starts["Ed"]})


def test_who_comes_now_is_not_sent_away_again() -> None:
    problem, whole = morning()
    before = Timetable(starts={who: slots for who, slots in whole.starts.items() if who != "Di"})
    assert calmed(problem, before, whole, least=1e9) == whole
    assert begin_again(problem, before).starts.keys() == whole.starts.keys()


@pytest.mark.parametrize("seed", range(8))
def test_what_could_be_carried_out_still_can_and_costs_no_more_than_was_allowed(seed: int) -> None:
    problem = drawn(seed)
    before = first_come(problem)
    after = plan_journeys(problem, stop=Stop(moves=3_000), seed=1, cores=1, start=before).timetable
    costs = []
    for least in (0.0, 40.0, 1e9):
        found = calmed(problem, before, after, least=least)
        score = score_journeys(problem, found)
        assert score.violations == 0
        costs.append(score.cost)
    assert costs[0] <= score_journeys(problem, after).cost
    assert costs == sorted(costs)
    assert calmed(problem, list_plan(problem), list_plan(problem), least=9) == list_plan(problem)


def test_a_price_is_said_in_words() -> None:
    assert price_of("day=3,hour=0.5") == Price(day=3, hour=0.5)
    assert price_of("hour=1") == Price(day=2, hour=1.0)


@pytest.mark.parametrize("said", ["room=3", "day=2,day=3", "day=1.5", "day", ""])
def test_a_price_that_is_none_is_refused(said: str) -> None:
    with pytest.raises(ProblemError, match="price: "):
        price_of(said)
