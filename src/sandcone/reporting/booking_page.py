"""The page of a timetable of whole paths: what it comes to, how full everything is, how long patients wait, and who comes to whom."""

from __future__ import annotations

from collections.abc import Sequence

from sandcone.core.journeys import Journeys, Timetable
from sandcone.core.score import Score
from sandcone.reporting.booking_calendar import calendar
from sandcone.reporting.booking_headline import Wishes, headline
from sandcone.reporting.booking_load import load
from sandcone.reporting.booking_seen import BookingSeen
from sandcone.reporting.booking_waits import left_out, waits, wishes
from sandcone.reporting.frame import Part, drawn_once, framed, heading
from sandcone.reporting.made import release
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.plan_costs import costs
from sandcone.reporting.plan_page import RIVAL
from sandcone.reporting.tables import note

MOST_ROWS = 4_000  # rows of the calendar, above which the page would be too heavy


def booking_page(
    problem: Journeys,
    timetable: Timetable,
    score: Score,
    *,
    rival: tuple[Timetable, Score] | None = None,
    met: Wishes = (),
    left_out_why: Sequence[tuple[str, str]] = (),
    made: str = "",
) -> str:
    """A timetable as one HTML page: costs by rule, the load of every pool by day, waits, wishes, who is left out, and the calendar.

    ``score`` is the timetable's own, ``rival`` the plainest timetable with its score; ``met`` is wishes as (kind, asked for, met),
    ``left_out_why`` rows of (patient, words), and ``made`` says how it was made. The page needs no other file and no network, and names
    nobody that the timetable does not. All of it is escaped.
    """
    seen = BookingSeen(problem, timetable.fits(problem), score)
    other, judged = rival or (None, None)
    parts = [
        Part("headline", "In short", headline(seen, judged, RIVAL, met)),
        Part("costs", "What it costs", costs(score, judged, RIVAL)),
        Part("load", "How full it is", load(seen)),
        Part("waits", "Waits", waits(seen, other, RIVAL)),
        Part("wishes", "Wishes", wishes(met)),
        Part("left-out", "Who is left out, and why", left_out(seen, left_out_why)),
        Part("calendar", "Calendar", calendar(seen, MOST_ROWS)),
        Part("made", "How the numbers were made", _made(problem, made)),
    ]
    top = heading("Sandcone timetable", problem.name, f"Whose path is booked when and with whom: {seen.period()}")
    return framed(f"{problem.name}: timetable", top, parts, drawn_once(), ("style.css", "plan.css"))


def _made(problem: Journeys, made: str) -> Html:
    how = "Every number here is worked out from the timetable alone, apart from whatever made it; nothing is estimated. "
    cost = (
        "A cost is how much a rule is missed, times its weight, in minutes of waiting. Nothing here is told to patients: a person confirms."
    )
    return join([tag("p", how, cost), tag("p", made) if made else None, note(f"Made by Sandcone {release()} from {problem.name}.")])
