"""A timetable as a calendar that phones and mail programs take (iCalendar, RFC 5545), and as a table (CSV)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime

from sandcone.core.booked import Booked, booked, instants, zone_of
from sandcone.core.fhir import own_id
from sandcone.core.journeys import Journeys, Timetable

LINE = 75  # octets in a line, RFC 5545 section 3.1
COLUMNS = ("patient", "task", "step", "start", "end", "minutes", "resources")


def ics_text(
    problem: Journeys, timetable: Timetable, *, zone: str, stamp: datetime, whose: str | None = None, confirmed: bool = False
) -> str:
    """The appointments as a calendar; ``whose`` names one patient or resource, ``stamp`` when it was made.

    Times are given in UTC, worked out from the clock on the wall of the ``zone``. An appointment keeps its UID when it moves, so that a
    calendar moves it too; the patient's name is in the words only. Each is tentative, until a person has ``confirmed``.
    """
    at, made = zone_of(zone), _utc(stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC))
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Sandcone//Timetable//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    for b in booked(problem, timetable, whose):
        start, end = instants(b, at)
        lines += ["BEGIN:VEVENT", f"UID:{own_id(problem.name, b.patient, b.task)}@sandcone.example", f"DTSTAMP:{made}"]
        lines += [
            f"DTSTART:{_utc(start)}",
            f"DTEND:{_utc(end)}",
            *_words(b),
            f"STATUS:{'CONFIRMED' if confirmed else 'TENTATIVE'}",
            "END:VEVENT",
        ]
    return "".join(f"{folded}\r\n" for line in (*lines, "END:VCALENDAR") for folded in _folded(line))


def _words(b: Booked) -> Iterator[str]:
    yield f"SUMMARY:{escaped(b.task)}"
    yield f"DESCRIPTION:{escaped(f'{b.step}, patient {b.patient}')}"
    if b.resources:
        yield f"LOCATION:{escaped(', '.join(b.resources))}"


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def escaped(text: str) -> str:
    """A text as RFC 5545 has it (section 3.3.11); what a calendar cannot hold is a space."""
    for sign, instead in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n")):
        text = text.replace(sign, instead)
    return "".join(" " if ord(c) < ord(" ") or c == "\x7f" else c for c in text)


def _folded(line: str) -> Iterator[str]:
    """A line in pieces of 75 octets, the later ones begun with a space; no letter is cut in two."""
    piece, octets = "", 0
    for c in line:
        more = len(c.encode())
        if octets + more > LINE:
            yield piece
            piece, octets = " ", 1
        piece, octets = piece + c, octets + more
    yield piece


def timetable_csv(problem: Journeys, timetable: Timetable, whose: str | None = None) -> str:
    """The appointments as a table, one row each, times of the clock on the wall; a patient without a place has a row without a time."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for b in booked(problem, timetable, whose):
        times = (b.start.isoformat(sep=" "), b.end.isoformat(sep=" "))
        writer.writerow([b.patient, b.task, b.step, *times, b.minutes, ";".join(b.resources)])
    for who in timetable.left_out(problem):
        if whose in (None, who):
            writer.writerow([who, "", "", "", "", "", ""])
    return text.getvalue()
