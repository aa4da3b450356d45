"""First timetables: patients booked one by one, each on the whole path that is best for them among what is left."""

from __future__ import annotations

import numpy as np

from sandcone.core.journeys import DAY, Journeys, Timetable
from sandcone.planning.journeys.kernel import FIRST_COME, GRID, LATE_W, LIST, WAIT_W, Given, Small, State
from sandcone.planning.journeys.states import alone, book, empty, hands, timetable_of
from sandcone.planning.journeys.tables import tables

AHEAD = 4 * DAY  # minutes by which one more in a patient's weight puts them forward in the list


def first_come(problem: Journeys) -> Timetable:
    """First come, first served: whoever may begin first gets the earliest whole path there is, then the next."""
    given = tables(problem)
    state = _booked(given, FIRST_COME, _firm_first(given, given.release))
    return timetable_of(problem, given, state.start, state.who)


def list_plan(problem: Journeys) -> Timetable:
    """A first timetable in a second or two: one by one, the urgent somewhat before their turn, each on the path that costs least."""
    given = tables(problem)
    state = first_states(given)
    return timetable_of(problem, given, state.start, state.who)


def first_states(given: Given) -> State:
    """The cheapest of some lists."""
    ways = ((LIST, given.release - AHEAD * given.urgent), (FIRST_COME, given.release))
    return min((_booked(given, what, _firm_first(given, order)) for what, order in ways), key=lambda s: int(s.cost.sum()))


def with_floors(given: Given) -> Given:
    """The tables, with what each patient would cost alone in the house as the floor, but for the wait: a search need not look below."""
    found = _booked(alone(given), LIST, given.near)
    first = np.minimum.reduceat(found.start, given.task_at[:-1]) * given.sizes[GRID]
    wait = given.urgent * given.weights[WAIT_W] * np.maximum(first - given.release, 0)
    late = given.urgent * given.weights[LATE_W] * np.maximum(first + given.least - given.due, 0)
    return given._replace(floor=np.where(first < 0, given.floor, np.maximum(found.cost - wait - late, given.floor)))


def _booked(given: Given, what: int, queue: Small) -> State:
    found = empty(given)
    book(given, found, hands(given, 0, pains=False), what, queue)
    return found


def _firm_first(given: Given, order: np.ndarray) -> Small:
    """Who has pinned tasks before everybody else."""
    return np.lexsort((order, -given.firm)).astype(np.int32)
