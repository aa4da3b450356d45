"""The rows of a ward's tables: which columns each table has, and what one row may say."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator, model_validator

from sandcone.reading.ward_cells import (
    Age,
    ANurse,
    APatient,
    ARoom,
    ASurgeon,
    ATheatre,
    Day,
    Known,
    Nights,
    Numbers,
    Rooms,
    ShiftName,
    Weekdays,
    Whole,
    held,
)

NAMES = frozenset({"patient", "room", "theatre", "surgeon", "nurse"})  # columns in which only an empty cell says nothing


class Row(BaseModel):
    """One row; a column that a table does not have, or that is empty, is left out."""

    model_config = ConfigDict(frozen=True)


class RoomRow(Row):
    """A room and its beds."""

    room: str
    beds: Whole


class PersonRow(Row):
    """A person in a bed. Load and skill: one number, one for each shift of a day, or one for each shift of the stay."""

    patient: str
    gender: str
    age: Age
    nights: Nights
    load: Numbers
    skill: Numbers

    @field_validator("load", "skill")
    @classmethod
    def _each_shift(cls, said: tuple[int, ...], info: ValidationInfo) -> tuple[int, ...]:
        nights: int | None = info.data.get("nights")
        shifts = len(held(info).ward.shifts)
        if nights is None or len(said) == nights * shifts:
            return said
        if len(said) not in (1, shifts):
            raise ValueError(f"{len(said)} numbers; give one, {shifts} for the shifts of a day, or {nights * shifts} for those of the stay")
        return said * (nights * shifts // len(said))


class OccupantRow(PersonRow):
    """Somebody in a bed already, with the nights that are left."""

    room: ARoom


class PatientRow(PersonRow):
    """Somebody who waits for surgery and a bed; with a ``last_day`` they must be treated by then."""

    first_day: Day
    last_day: Day | None = None
    minutes: Whole
    surgeon: ASurgeon
    unfit_rooms: Rooms = ()

    @field_validator("last_day")
    @classmethod
    def _not_before(cls, last: int | None, info: ValidationInfo) -> int | None:
        first = info.data.get("first_day")
        if last is not None and first is not None and last < first:
            raise ValueError("it is before first_day")
        return last


class When(Row):
    """The days a row is about: one ``day``, the same ``weekday`` of every week, or all days where neither is said."""

    day: Day | None = None
    weekday: Weekdays | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> When:
        if self.day is not None and self.weekday is not None:
            raise ValueError("day and weekday are both said; leave one empty")
        return self

    def days(self, known: Known) -> Iterable[int]:
        """The days of the horizon that the row is about."""
        first = known.ward.first_date
        if self.day is not None:
            return (self.day,)
        if self.weekday is None or first is None:
            return range(known.ward.days)
        return (d for d in range(known.ward.days) if (first.weekday() + d) % 7 in self.weekday)

    @property
    def nearness(self) -> int:
        """How closely the row says when: a day goes before a weekday, a weekday before every day."""
        return 2 if self.day is not None else 1 if self.weekday is not None else 0


class HoursRow(When):
    """Minutes of a theatre or a surgeon: a number; for all days also a number for each day."""

    minutes: Numbers

    @field_validator("minutes")
    @classmethod
    def _each_day(cls, said: tuple[int, ...], info: ValidationInfo) -> tuple[int, ...]:
        days = held(info).ward.days if info.data.get("day") is None and info.data.get("weekday") is None else 1
        if len(said) not in (1, days):
            raise ValueError(f"{len(said)} numbers; give one{f', or one for each of the {days} days' if days > 1 else ''}")
        return said


class TheatreRow(HoursRow):
    """When and how long a theatre is open."""

    theatre: str

    @property
    def name(self) -> str:
        """Whose minutes they are."""
        return self.theatre


class SurgeonRow(HoursRow):
    """When and how long a surgeon operates."""

    surgeon: str

    @property
    def name(self) -> str:
        """Whose minutes they are."""
        return self.surgeon


class NurseRow(Row):
    """A nurse; ``most`` is the load that can be borne in a shift, where the roster does not say it."""

    nurse: str
    skill: Whole
    most: Whole | None = None


class RosterRow(When):
    """A shift that a nurse works."""

    nurse: ANurse
    shift: ShiftName
    most: Whole | None = None


class AdmissionRow(Row):
    """A line of a plan: when and where a patient comes; without a day, the patient is left out."""

    patient: APatient
    day: Day | None = None
    room: ARoom | None = None
    theatre: ATheatre | None = None

    @model_validator(mode="after")
    def _whole_or_nothing(self) -> AdmissionRow:
        if len({self.day is None, self.room is None, self.theatre is None}) > 1:
            raise ValueError("give day, room and theatre, or none of them for a patient who is left out")
        return self


class CareRow(Row):
    """A line of a plan: which rooms a nurse looks after in a shift."""

    nurse: ANurse
    day: Day
    shift: ShiftName
    rooms: Rooms = ()
