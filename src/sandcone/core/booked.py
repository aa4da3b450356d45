"""What is booked, one row an appointment, with times of the clock on the hospital's wall: what calendars and tables are made from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sandcone.core.errors import ProblemError
from sandcone.core.journeys import Journeys, Timetable


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """One appointment: who, for what, when (of the clock on the wall, without a zone) and with whom or where."""

    patient: str
    task: str
    step: str
    start: datetime
    minutes: int
    resources: tuple[str, ...]

    @property
    def end(self) -> datetime:
        """When it ends."""
        return self.start + timedelta(minutes=self.minutes)


def booked(problem: Journeys, timetable: Timetable, whose: str | None = None) -> tuple[Booked, ...]:
    """Every appointment of a timetable in order of time; only those of one patient or resource where ``whose`` names one.

    ``ProblemError`` where nobody and nothing is called so, or the timetable is not one for this problem.
    """
    if whose is not None and whose not in problem.journey and whose not in problem.resources:
        raise ProblemError("whose", f"no patient and no resource is called {whose!r}", "Name one of the problem.")
    rows = _rows(problem, timetable.fits(problem))
    kept = [b for b in rows if whose is None or whose == b.patient or whose in b.resources]
    return tuple(sorted(kept, key=lambda b: (b.start, b.patient, b.task)))


def _rows(problem: Journeys, timetable: Timetable) -> Iterator[Booked]:
    midnight = datetime.combine(problem.begin, time())
    for who, slots in timetable.starts.items():
        for t in problem.journey[who].tasks:
            start = midnight + timedelta(minutes=slots[t.name].minute)
            resources = tuple(dict.fromkeys(slots[t.name].resources))
            yield Booked(patient=who, task=t.name, step=t.step or t.name, start=start, minutes=t.minutes, resources=resources)


def zone_of(name: str) -> ZoneInfo:
    """A time zone by its name, such as Europe/Berlin; ``ProblemError`` where there is none of that name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ProblemError("time zone", f"none is called {name!r}", "Give one such as Europe/Berlin or UTC.") from None


def instants(b: Booked, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When it begins and ends in UTC. A time that the clock passes over in spring is taken an hour later, the first of two in autumn."""
    start, end = (t.replace(tzinfo=zone).astimezone(UTC) for t in (b.start, b.end))
    return start, end if end > start else start + timedelta(minutes=b.minutes)
