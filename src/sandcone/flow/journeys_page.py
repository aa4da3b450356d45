"""A timetable of whole paths as a folder: its page, the timetable, a table that a spreadsheet opens, and its score."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sandcone.core.journey import Between, FewDays, InHours, Journey, Knows, OnDays, Stays, Wish
from sandcone.core.journeys import Journeys, Timetable
from sandcone.core.place import put_all
from sandcone.planning.journeys.compared import ReplannedJourneys
from sandcone.planning.journeys.explain import why_left_out
from sandcone.planning.journeys.first import first_come
from sandcone.planning.journeys.planned import PlannedJourneys
from sandcone.planning.journeys.score import score_journeys
from sandcone.planning.journeys.visits import Visits
from sandcone.planning.journeys.wishes import times_missed
from sandcone.reading.journeys import journeys_text
from sandcone.reporting import writable
from sandcone.reporting.booking_page import booking_page
from sandcone.reporting.calendar import timetable_csv

EXPLAINED = 60  # patients who are left out, of whom it is worked out why
KINDS: dict[type[Wish], str] = {
    OnDays: "on certain days of the week",
    InHours: "at certain hours",
    Between: "within certain dates",
    Knows: "with somebody they know",
    FewDays: "on few days",
    Stays: "on the day they were told",
}


def report(done: PlannedJourneys | ReplannedJourneys, folder: str | Path, *, made: str = "") -> Path:
    """Put a timetable into a folder for people who would rather look than read, and say where its page is."""
    return timetable_report(done.problem, done.timetable, folder, made=made)


def timetable_report(problem: Journeys, timetable: Timetable, folder: str | Path, *, made: str = "") -> Path:
    """Write ``timetable.html`` (the page, first come first served beside it), ``timetable.json``, ``timetable.csv`` and ``score.json``.

    ``made`` is a sentence about how it was made. ``InputError`` where nothing can be written, ``ProblemError`` where the timetable does not
    fit the problem.
    """
    out, score = writable(Path(folder)), score_journeys(problem, timetable)
    texts = {
        "timetable.html": _page(problem, timetable, made),
        "timetable.json": journeys_text(timetable),
        "timetable.csv": timetable_csv(problem, timetable),
        "score.json": json.dumps(score.as_json(), indent=1, ensure_ascii=False) + "\n",
    }
    put_all([(out / name, text) for name, text in texts.items()])
    return out / "timetable.html"


def _page(problem: Journeys, timetable: Timetable, made: str) -> str:
    plainest = first_come(problem)
    return booking_page(
        problem,
        timetable,
        score_journeys(problem, timetable),
        rival=(plainest, score_journeys(problem, plainest)),
        met=wishes_met(problem, timetable),
        left_out_why=[(w.patient, w.why_left_out()) for w in why_left_out(problem, timetable, EXPLAINED)],
        made=made,
    )


def wishes_met(problem: Journeys, timetable: Timetable) -> tuple[tuple[str, int, int], ...]:
    """By kind of wish: how many those who come asked for, and how many are met at all of their appointments."""
    visits = Visits(problem, timetable).of
    asked: Counter[str] = Counter()
    met: Counter[str] = Counter()
    for j, wish in _wishes(problem, timetable):
        asked[KINDS[type(wish)]] += 1
        met[KINDS[type(wish)]] += not times_missed(problem, wish, visits[j.patient])
    return tuple((kind, asked[kind], met[kind]) for kind in KINDS.values() if asked[kind])


def _wishes(problem: Journeys, timetable: Timetable) -> Iterator[tuple[Journey, Wish]]:
    for j in problem.journeys:
        if j.patient in timetable.starts:
            yield from ((j, wish) for wish in j.wishes)
