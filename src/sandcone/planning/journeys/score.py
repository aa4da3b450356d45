"""Score a timetable of whole paths from the timetable alone: every rule, how much it is broken, and where."""

from __future__ import annotations

from sandcone.core.journeys import Journeys, Timetable
from sandcone.core.score import Line, Score
from sandcone.planning.journeys.rules import MUST, SHOULD, Rule
from sandcone.planning.journeys.visits import Visits


def score_journeys(problem: Journeys, timetable: Timetable) -> Score:
    """What a timetable breaks that it may not, and what it costs, in minutes of waiting: rule by rule, with every place.

    It looks at nothing but the problem and the timetable, so no search marks its own work. ``ProblemError`` where the timetable names
    what the problem does not have.
    """
    booked = Visits(problem, timetable.fits(problem))
    must = tuple(_line(rule, booked, None) for rule in MUST)
    return Score(must=must, should=tuple(_line(rule, booked, weight(problem.weights)) for rule, weight in SHOULD))


def _line(rule: Rule, booked: Visits, weight: int | None) -> Line:
    broken = tuple(rule(booked))
    says = (rule.__doc__ or "").strip().rstrip(".")
    return Line(rule=rule.__name__, says=says, by=sum(b.by for b in broken), weight=weight, broken=broken)
