"""A file of changes (TOML) → what changed, what is fixed, and what a change of the plan may cost: names and days checked at the door."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sandcone.core.errors import ProblemError
from sandcone.core.inpatient import LONGEST, Inpatient, Problem
from sandcone.planning.changes import Change, Emergency, NurseIll, PatientCancels, RoomCloses, SurgeonAway, TheatreCloses, changed, there
from sandcone.planning.keep import Disturbance, NursePin, Pin

SEE = "See docs/planning.md for what a file of changes can say."
Count = Annotated[int, Field(ge=0)]
Day = int | date
"""A day's number from 0, or its date where the problem knows the date of day 0."""


class Said(BaseModel):
    """A table of a file of changes: what it does not know is refused."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class _Theatre(Said):
    theatre: str
    days: list[Day]


class _Surgeon(Said):
    surgeon: str
    days: list[Day]


class _Room(Said):
    room: str
    day: Day


class _Nurse(Said):
    nurse: str
    days: list[Day]
    shifts: list[str] | None = None


class _Patient(Said):
    patient: str


class _Emergency(Said):
    patient: str
    gender: str
    age: str
    nights: Annotated[int, Field(ge=1, le=LONGEST)]
    minutes: Count
    surgeon: str
    day: Day
    by: Day | None = None
    load: Count | list[Count] = 0
    skill: Count | list[Count] = 0
    unfit_rooms: list[str] = []


class _Pin(Said):
    patient: str
    day: Day | None = None
    room: str | None = None
    theatre: str | None = None
    out: bool = False


class _NursePin(Said):
    room: str
    day: Day
    shift: str
    nurse: str


class _Price(Said):
    day: Count = 0
    room: Count = 0
    theatre: Count = 0
    left_out: Count = 0
    nurse: Count = 0


class _File(Said):
    frozen_until: Day = 0
    price: _Price | None = None
    theatre_closes: list[_Theatre] = []
    surgeon_away: list[_Surgeon] = []
    room_closes: list[_Room] = []
    nurse_ill: list[_Nurse] = []
    patient_cancels: list[_Patient] = []
    emergency: list[_Emergency] = []
    pin: list[_Pin] = []
    nurse_pin: list[_NursePin] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a file of changes says: the changes in the order below, pins, the price of disturbance (None: not said), the frozen days.

    Theatres, surgeons, rooms, nurses, those who cancel, emergencies.
    """

    changes: tuple[Change, ...] = ()
    pins: tuple[Pin, ...] = ()
    nurse_pins: tuple[NursePin, ...] = ()
    price: Disturbance | None = None
    frozen_until: int = 0
    source: str = field(default="changes", compare=False)


def read_changes(path: str | Path, problem: Problem) -> Changes:
    """Read a file of changes; ``ProblemError`` says what in it cannot be, where, and what to do."""
    return changes_of(said_in(path), problem, str(path))


def said_in(path: str | Path, see: str = SEE) -> dict[str, Any]:
    """What a TOML file says, as plain values; ``see`` is where to read what it can say. ``ProblemError`` where it cannot be read."""
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as e:
        raise ProblemError(str(path), f"cannot be read ({e.strerror})", f"Give a TOML file. {see}") from None
    except ValueError as e:
        raise ProblemError(str(path), f"is not TOML ({e})", see) from None


def changes_of(said: dict[str, Any], problem: Problem, where: str = "changes") -> Changes:
    """The same from what was said already, as plain values."""
    try:
        file = _File.model_validate(said)
    except ValidationError as e:
        raise plainly(where, e) from None
    try:
        return _Reader(problem).all(file, where)
    except ProblemError as e:
        raise ProblemError(where, str(e).rstrip("."), "Mend the file and read it again.") from None


@dataclass(frozen=True, slots=True)
class _Reader:
    problem: Problem

    def all(self, f: _File, where: str) -> Changes:
        changes = tuple(self._changes(f))
        after = changed(self.problem, changes)  # refuses here, with the file, what a change names and is not there
        return Changes(
            changes=changes,
            pins=tuple(self._pin(x, after) for x in f.pin),
            nurse_pins=tuple(self._nurse_pin(x) for x in f.nurse_pin),
            price=None if f.price is None else Disturbance(**f.price.model_dump()),
            frozen_until=self._day(f.frozen_until, last=self.problem.days),
            source=where,
        )

    def _pin(self, x: _Pin, after: Problem) -> Pin:
        for what, name in (("patient", x.patient), ("room", x.room), ("operating theatre", x.theatre)):
            if name is not None:
                there(after, what, name)
        day = None if x.day is None else self._day(x.day)
        return Pin(patient=x.patient, day=day, room=x.room, theatre=x.theatre, out=x.out)

    def _nurse_pin(self, x: _NursePin) -> NursePin:
        there(self.problem, "room", x.room)
        there(self.problem, "nurse", x.nurse)
        return NursePin(room=x.room, shift=self._shift(x.day, x.shift), nurse=x.nurse)

    def _changes(self, f: _File) -> Iterator[Change]:
        yield from (TheatreCloses(theatre=x.theatre, days=self._days(x.days)) for x in f.theatre_closes)
        yield from (SurgeonAway(surgeon=x.surgeon, days=self._days(x.days)) for x in f.surgeon_away)
        yield from (RoomCloses(room=x.room, day=self._day(x.day)) for x in f.room_closes)
        yield from (NurseIll(nurse=x.nurse, shifts=tuple(self._shifts(x))) for x in f.nurse_ill)
        yield from (PatientCancels(patient=x.patient) for x in f.patient_cancels)
        yield from (Emergency(patient=self._emergency(x)) for x in f.emergency)

    def _day(self, said: Day, last: int | None = None) -> int:
        """A day's number; ``last`` is the last that is allowed."""
        most = self.problem.days - 1 if last is None else last
        first = self.problem.first_date
        if isinstance(said, date) and first is None:
            raise ProblemError(f"day {said}", "the problem does not know the date of day 0", "Say days as numbers from 0.")
        day = (said - first).days if isinstance(said, date) and first is not None else said
        if not isinstance(day, int) or not 0 <= day <= most:
            raise ProblemError(f"day {said}", "is not in the horizon", f"Give a day from 0 to {most}.")
        return day

    def _days(self, said: list[Day]) -> tuple[int, ...]:
        return tuple(self._day(x) for x in said)

    def _shift(self, day: Day, name: str) -> int:
        shifts = self.problem.shifts
        if name not in shifts:
            raise ProblemError(f"shift {name!r}", "no shift is called so", f"There are {', '.join(shifts)}.")
        return self._day(day) * len(shifts) + shifts.index(name)

    def _shifts(self, x: _Nurse) -> Iterator[int]:
        yield from (self._shift(day, name) for day in x.days for name in (self.problem.shifts if x.shifts is None else x.shifts))

    def _emergency(self, x: _Emergency) -> Inpatient:
        where, ages, rooms = f"emergency {x.patient!r}", self.problem.ages, self.problem.room
        there(self.problem, "surgeon", x.surgeon)
        if x.age not in ages:
            raise ProblemError(where, f"no age group is called {x.age!r}", f"There are {', '.join(ages)}.")
        for room in x.unfit_rooms:
            if room not in rooms:
                raise ProblemError(where, f"no room is called {room!r}", f"There are {', '.join(rooms)}.")
        genders = sorted({p.gender for p in self.problem.patients} | {o.gender for o in self.problem.occupants})
        if len(genders) > 1 and x.gender not in genders:
            raise ProblemError(where, f"gender {x.gender!r}", f"There are {' and '.join(genders)}.")
        day = self._day(x.day)
        return Inpatient(
            name=x.patient,
            gender=x.gender,
            age=ages.index(x.age),
            nights=x.nights,
            load=self._each_shift(x.load, x.nights),
            skill=self._each_shift(x.skill, x.nights),
            release=day,
            due=day if x.by is None else self._day(x.by),
            minutes=x.minutes,
            surgeon=x.surgeon,
            unfit_rooms=frozenset(x.unfit_rooms),
        )

    def _each_shift(self, said: int | list[int], nights: int) -> tuple[int, ...]:
        """One number for every shift of the stay, or the list as it is."""
        return (said,) * (nights * len(self.problem.shifts)) if isinstance(said, int) else tuple(said)


def plainly(where: str, e: ValidationError, see: str = SEE) -> ProblemError:
    """The first thing that is wrong, in plain words; a name that nothing has before what is missing."""
    first = min(e.errors(include_url=False), key=lambda x: x["type"] != "extra_forbidden")
    said = [str(p) for p in first["loc"] if p not in ("int", "date", "list[constrained-int]", "constrained-int")]
    place = ", ".join([where, ".".join(said)]) if said else where
    if first["type"] == "extra_forbidden":
        return ProblemError(place, "is not something that can be said here", see)
    if first["type"] == "missing":
        return ProblemError(place, "is missing", see)
    return ProblemError(place, first["msg"][:1].lower() + first["msg"][1:], see)
