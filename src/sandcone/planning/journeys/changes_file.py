"""A file of changes (TOML) for whole paths → what is closed, who cancels, what is fixed, and what another day costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from sandcone.core.errors import ProblemError
from sandcone.core.journey import Slot
from sandcone.core.journeys import DAY, Closed, Journeys, Pinned
from sandcone.core.site import ClockTime
from sandcone.planning.changes_file import Count, Day, Said, plainly, said_in
from sandcone.planning.journeys.price import Price

SEE = "See docs/paths.md for what a file of changes can say."


class _Closes(Said):
    resource: str
    days: Annotated[list[Day], Field(min_length=1)]
    start: ClockTime = Field("00:00", alias="from")
    end: ClockTime = Field("24:00", alias="to")


class _Cancels(Said):
    patient: str


class _Pin(Said):
    patient: str
    task: str
    day: Day
    at: ClockTime
    resources: tuple[str, ...] = Field((), strict=False)


class _Price(Said):
    day: Count = Price().day
    hour: Annotated[float, Field(ge=0, strict=False, allow_inf_nan=False)] = Price().hour


class _File(Said):
    frozen_until: Day = 0
    price: _Price | None = None
    closes: tuple[_Closes, ...] = Field((), strict=False)
    patient_cancels: tuple[_Cancels, ...] = Field((), strict=False)
    pin: tuple[_Pin, ...] = Field((), strict=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyChanges:
    """What a file of changes says: what is closed, who cancels, what is fixed, the price of another day (None: not said), frozen days."""

    closed: tuple[Closed, ...] = ()
    cancelled: frozenset[str] = frozenset()
    pinned: tuple[Pinned, ...] = ()
    price: Price | None = None
    frozen_until: int = 0

    def after(self, problem: Journeys) -> Journeys:
        """The problem as it is after the changes; ``ProblemError`` where they name what is not there."""
        pins = {(p.patient, p.task): p for p in (*problem.pinned, *self.pinned) if p.patient not in self.cancelled}
        journeys = tuple(j for j in problem.journeys if j.patient not in self.cancelled)
        return replace(problem, closed=problem.closed + self.closed, journeys=journeys, pinned=tuple(pins.values()))


def read_journey_changes(path: str | Path, problem: Journeys) -> JourneyChanges:
    """Read a file of changes; ``ProblemError`` says what in it cannot be, where, and what to do."""
    try:
        said = _File.model_validate(said_in(path, SEE))
    except ValidationError as e:
        raise plainly(str(path), e, SEE) from None
    try:
        found = _changes(said, problem)
        found.after(problem)  # refuses here, with the file, what a change names and is not there
    except ProblemError as e:
        raise ProblemError(str(path), str(e).rstrip("."), "Mend the file and read it again.") from None
    return found


def _changes(f: _File, problem: Journeys) -> JourneyChanges:
    for where, named in (("patient_cancels", f.patient_cancels), ("pin", f.pin)):
        if any(x.patient not in problem.journey for x in named):
            raise ProblemError(where, "there is no such patient", "Name one of the problem.")
    return JourneyChanges(
        closed=tuple(c for x in f.closes for c in _closed(x, problem)),
        cancelled=frozenset(x.patient for x in f.patient_cancels),
        pinned=tuple(_pin(x, problem) for x in f.pin),
        price=None if f.price is None else Price(day=f.price.day, hour=f.price.hour),
        frozen_until=day_of(f.frozen_until, problem, last=problem.days),
    )


def _closed(x: _Closes, problem: Journeys) -> Iterator[Closed]:
    start, end = _minute(x.start), _minute(x.end)
    if end <= start:
        raise ProblemError("closes", f"from {x.start} to {x.end}", "Give an end after the beginning.")
    for said in x.days:
        midnight = DAY * day_of(said, problem)
        yield Closed(resource=x.resource, start=midnight + start, end=midnight + end)


def _pin(x: _Pin, problem: Journeys) -> Pinned:
    if _minute(x.at) % problem.grid:
        raise ProblemError("pin", f"at {x.at}", f"Appointments begin at multiples of {problem.grid} minutes: give one.")
    slot = Slot(minute=DAY * day_of(x.day, problem) + _minute(x.at), resources=x.resources)
    return Pinned(patient=x.patient, task=x.task, slot=slot)


def _minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return 60 * int(hours) + int(minutes)


def day_of(said: Day, problem: Journeys, last: int | None = None) -> int:
    """A day's number, from its number or its date; ``last`` is the last that is allowed. ``ProblemError`` where there is no such day."""
    most = problem.days - 1 if last is None else last
    day = (said - problem.begin).days if isinstance(said, date) else said
    if not 0 <= day <= most:
        raise ProblemError(f"day {said}", "is not among the days that are planned", f"Give a day from 0 to {most}.")
    return day
