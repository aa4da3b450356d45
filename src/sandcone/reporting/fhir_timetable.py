"""A timetable as FHIR R4 appointments that are proposed: what is asked for, when, with whom; and a task for whoever has no place.

HL7 FHIR R4 (4.0.1), Appointment, ServiceRequest, Task.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sandcone.core.booked import Booked, booked, instants, zone_of
from sandcone.core.fhir import Json, bundle, patient, proposed, resource, urn
from sandcone.core.journeys import Journeys, Timetable


class Said(NamedTuple):
    """How far it is, in FHIR's words: appointments, who takes part, and requests with their intent."""

    meeting: str
    accepted: str
    request: str
    intent: str


PROPOSED = Said("proposed", "needs-action", "draft", "proposal")
CONFIRMED = Said("booked", "accepted", "active", "plan")


def fhir_timetable(problem: Journeys, timetable: Timetable, *, zone: str, whose: str | None = None, confirmed: bool = False) -> Json:
    """The appointments as a bundle; ``whose`` names one patient or resource, ``zone`` is that of the clock on the wall.

    For each a ServiceRequest (draft, proposal) and an Appointment (proposed, nobody has accepted), for each patient a Task to confirm
    them, for each who is left out a Task that says so. Ids stay the same when an appointment moves. ``confirmed``: a person has confirmed
    them; they are booked, everybody has accepted, requests are active plans, and no Task asks for it.
    """
    rows, at = booked(problem, timetable, whose), zone_of(zone)
    asked = [] if confirmed else list(_to_confirm(problem, rows))
    return bundle([*_entries(problem, rows, at, CONFIRMED if confirmed else PROPOSED), *asked, *_left_out(problem, timetable, whose)])


def _entries(problem: Journeys, rows: tuple[Booked, ...], zone: ZoneInfo, said: Said) -> Iterator[tuple[str, Json]]:
    for b in rows:
        request, meeting = (urn(kind, problem.name, b.patient, b.task) for kind in ("request", "appointment"))
        head = resource("ServiceRequest", request) | {"status": said.request, "intent": said.intent}
        yield request, head | {"code": {"text": b.step}, "subject": patient(b.patient)}
        yield meeting, resource("Appointment", meeting) | _meeting(b, request, zone, said)


def _to_confirm(problem: Journeys, rows: tuple[Booked, ...]) -> Iterator[tuple[str, Json]]:
    for who in dict.fromkeys(b.patient for b in rows):
        n = sum(b.patient == who for b in rows)
        yield _task(problem, who, f"Confirm {n} appointment{'s' * (n != 1)}")


def _left_out(problem: Journeys, timetable: Timetable, whose: str | None) -> Iterator[tuple[str, Json]]:
    for who in timetable.left_out(problem):
        if whose in (None, who):
            yield _task(problem, who, "No place was found for this patient; a person has to decide")


def _task(problem: Journeys, who: str, words: str) -> tuple[str, Json]:
    url = urn("confirm", problem.name, who)
    return url, proposed("Task", url) | {"description": words, "for": patient(who)}


def _meeting(b: Booked, request: str, zone: ZoneInfo, said: Said) -> Json:
    start, end = (_instant(t) for t in instants(b, zone))
    actors = [patient(b.patient), *({"display": r} for r in b.resources)]
    return {
        "status": said.meeting,
        "description": b.task,
        "start": start,
        "end": end,
        "minutesDuration": b.minutes,
        "basedOn": [{"reference": request}],
        "participant": [{"actor": a, "status": said.accepted} for a in actors],
    }


def _instant(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
