"""Where planning again begins: the timetable as it was, with those who cannot stay booked anew."""

from __future__ import annotations

from sandcone.core.journeys import Journeys, Timetable
from sandcone.planning.journeys.standing import standing
from sandcone.planning.journeys.states import timetable_of
from sandcone.planning.journeys.tables import tables


def still(problem: Journeys, before: Timetable) -> Timetable:
    """A timetable with those alone who are still in the problem."""
    return Timetable(starts={who: slots for who, slots in before.starts.items() if who in problem.journey})


def begin_again(problem: Journeys, before: Timetable) -> Timetable:
    """The timetable before, as far as it can stay in a problem that has changed; all others are booked where it costs least.

    Those cannot stay who would break a rule: who have a task where something is closed now, whose pinned task is elsewhere, who are in the
    way of such a task. Whoever was left out is tried too. Who that is, and in which order, is said in ``standing``.
    """
    given = tables(problem)
    state = standing(problem, given, still(problem, before))
    return timetable_of(problem, given, state.start, state.who)
