"""The calendar of a timetable: every person, room and piece of equipment with its appointments."""

from __future__ import annotations

from sandcone.reporting import words
from sandcone.reporting.booking_seen import BookingSeen
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.plan_seen import short_day
from sandcone.reporting.tables import folded, note, table


def calendar(seen: BookingSeen, most: int) -> Html:
    """Who comes to whom or where, resource by resource and in order of time; at most so many rows on the page."""
    rows = sum(len(found) for found in seen.by_resource.values())
    if rows > most:
        return tag("p", f"{rows:,} rows are too many for a page. They are in timetable.csv beside it, one row an appointment.")
    said = note(
        "Every person, room and piece of equipment with its appointments; timetable.csv beside this page has all of them in one table."
    )
    return join([said, *(_resource(seen, r) for r in seen.by_resource)])


def _resource(seen: BookingSeen, name: str) -> Html:
    found, head = seen.by_resource[name], ["Day", "From", "To", "Patient", "What", "Step"]
    rows = [[short_day(b.start), f"{b.start:%H:%M}", f"{b.end:%H:%M}", b.patient, b.task, b.step] for b in found]
    return folded(f"{name}: {words.count(len(found), 'appointment')}", table(name, head, rows, texts=(3, 4, 5)))
