"""The integrated inpatient problem: who must be treated, and the rooms, theatres, surgeons and nurses there are to do it with.

The problem is that of the Integrated Healthcare Timetabling Competition 2024 (Ceschia et al. 2025, Operations Research, Data Analytics
and Logistics 45, 200481). Days are 0, 1, …; a day has the shifts in ``shifts``; shift s of day d is global shift d·K + s, K shifts a day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Protocol

from sandcone.core.errors import ProblemError

LONGEST = 3660
"""The most nights a stay may have where a person writes them: ten years. More is a slip of the pen, and every shift has numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What one unit of each cost weighs against the others."""

    mixed_ages: int = 1
    skill_short: int = 1
    nurses_met: int = 1
    overload: int = 1
    open_theatre: int = 10
    surgeon_moves: int = 1
    delay: int = 5
    left_out: int = 150


class Person(Protocol):
    """Somebody in a bed: whom rooms, nurses and neighbours have to suit."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def gender(self) -> str: ...  # noqa: D102
    @property
    def age(self) -> int: ...  # noqa: D102
    @property
    def nights(self) -> int: ...  # noqa: D102
    @property
    def load(self) -> tuple[int, ...]: ...  # noqa: D102
    @property
    def skill(self) -> tuple[int, ...]: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupant:
    """A person already in a bed on day 0, about whom nothing is decided.

    ``age`` is a place in ``Problem.ages``; ``load`` and ``skill`` have one number for each shift of the stay.
    """

    name: str
    gender: str
    age: int
    nights: int
    load: tuple[int, ...]
    skill: tuple[int, ...]
    room: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inpatient:
    """A person waiting for surgery and a bed. ``due`` is the last day of a patient who must be treated, None for one who may wait."""

    name: str
    gender: str
    age: int
    nights: int
    load: tuple[int, ...]
    skill: tuple[int, ...]
    release: int
    due: int | None
    minutes: int
    surgeon: str
    unfit_rooms: frozenset[str] = frozenset()

    @property
    def mandatory(self) -> bool:
        """Whether the patient must be admitted within the horizon."""
        return self.due is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """A surgeon or an operating theatre: how many minutes there are on each day (0: away, closed)."""

    name: str
    minutes: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room with so many beds, the same every day."""

    name: str
    beds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Nurse:
    """A nurse: level of skill, and for each global shift on duty the load that can be borne."""

    name: str
    skill: int
    most: dict[int, int]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Everything that is given: days, people, rooms, theatres, surgeons, nurses on duty, and what each cost weighs.

    ``first_date`` is the date of day 0, where it is known; nothing but words and tables depends on it.
    """

    days: int
    shifts: tuple[str, ...]
    ages: tuple[str, ...]
    weights: Weights
    occupants: tuple[Occupant, ...]
    patients: tuple[Inpatient, ...]
    surgeons: tuple[Hours, ...]
    theatres: tuple[Hours, ...]
    rooms: tuple[Room, ...]
    nurses: tuple[Nurse, ...]
    skill_levels: int = 0
    name: str = "problem"
    first_date: date | None = None

    def __post_init__(self) -> None:
        for what, found in self._lists():
            _unlike(what, [x.name for x in found])
        for what, hours in (("surgeon", self.surgeons), ("theatre", self.theatres)):
            for h in hours:
                _long(f"{what} {h.name!r}", "minutes", h.minutes, self.days)
        for o in self.occupants:
            self._person("occupant", o)
            _known(f"occupant {o.name!r}", "room", o.room, self.room)
        for p in self.patients:
            self._person("patient", p)
            self._patient(p)

    def _lists(self) -> Iterable[tuple[str, Sequence[Occupant | Inpatient | Hours | Room | Nurse]]]:
        yield "person", (*self.occupants, *self.patients)
        yield "surgeon", self.surgeons
        yield "theatre", self.theatres
        yield "room", self.rooms
        yield "nurse", self.nurses

    def _person(self, what: str, who: Occupant | Inpatient) -> None:
        where = f"{what} {who.name!r}"
        if who.nights < 1:
            raise ProblemError(where, f"a stay of {who.nights} days", "Give 1 or more.")
        if not 0 <= who.age < len(self.ages):
            raise ProblemError(where, f"age group {who.age}", f"Give a place in the list of {len(self.ages)} age groups.")
        _long(where, "workload", who.load, who.nights * len(self.shifts))
        _long(where, "skill", who.skill, who.nights * len(self.shifts))

    def _patient(self, p: Inpatient) -> None:
        where = f"patient {p.name!r}"
        _known(where, "surgeon", p.surgeon, self.surgeon)
        for room in sorted(p.unfit_rooms):
            _known(where, "room", room, self.room)
        last = self.days - 1 if p.due is None else p.due
        if not 0 <= p.release <= last < self.days:
            found = f"first day {p.release}, last day {last}, in a horizon of {self.days} days"
            raise ProblemError(where, found, "The first day may not be after the last, and both are days of the horizon.")

    @cached_property
    def room(self) -> dict[str, Room]:
        """Rooms by name."""
        return {r.name: r for r in self.rooms}

    @cached_property
    def surgeon(self) -> dict[str, Hours]:
        """Surgeons by name."""
        return {s.name: s for s in self.surgeons}

    @cached_property
    def theatre(self) -> dict[str, Hours]:
        """Operating theatres by name."""
        return {t.name: t for t in self.theatres}

    @cached_property
    def nurse(self) -> dict[str, Nurse]:
        """Nurses by name."""
        return {n.name: n for n in self.nurses}

    @cached_property
    def patient(self) -> dict[str, Inpatient]:
        """Patients by name."""
        return {p.name: p for p in self.patients}

    def last_day(self, p: Inpatient) -> int:
        """The last day on which a patient may be admitted."""
        return self.days - 1 if p.due is None else p.due

    def date_of(self, day: int) -> date | None:
        """The date of a day; None where the first day's is not known."""
        return None if self.first_date is None else self.first_date + timedelta(days=day)

    def shift_name(self, shift: int) -> str:
        """A global shift in words, such as "day 3 late"."""
        return f"day {shift // len(self.shifts)} {self.shifts[shift % len(self.shifts)]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """One patient's day, room and operating theatre."""

    patient: str
    day: int
    room: str
    theatre: str


@dataclass(frozen=True, kw_only=True)
class InpatientPlan:
    """Who is admitted when and where, and which nurse looks after which room in which shift.

    ``care`` maps (room, global shift) to the nurse. Patients who are not named are left out.
    """

    admissions: tuple[Admission, ...] = ()
    care: dict[tuple[str, int], str] = field(default_factory=dict)

    @cached_property
    def admitted(self) -> dict[str, Admission]:
        """Admissions by patient."""
        return {a.patient: a for a in self.admissions}

    def left_out(self, problem: Problem) -> tuple[Inpatient, ...]:
        """Who has no admission, in the problem's order."""
        return tuple(p for p in problem.patients if p.name not in self.admitted)

    def fits(self, problem: Problem) -> InpatientPlan:
        """This plan, or ``ProblemError`` where it names somebody or something that the problem does not have."""
        _unlike("admission", [a.patient for a in self.admissions])
        for a in self.admissions:
            where = f"admission of {a.patient!r}"
            for what, name, known in (
                ("patient", a.patient, problem.patient),
                ("room", a.room, problem.room),
                ("operating theatre", a.theatre, problem.theatre),
            ):
                _known(where, what, name, known)
            if not 0 <= a.day < problem.days:
                raise ProblemError(where, f"day {a.day}", f"Give a day from 0 to {problem.days - 1}.")
        for (room, shift), nurse in self.care.items():
            where = f"nurse {nurse!r}, room {room!r}"
            _known(where, "nurse", nurse, problem.nurse)
            _known(where, "room", room, problem.room)
            if shift not in problem.nurse[nurse].most:
                raise ProblemError(where, f"not on duty on {problem.shift_name(shift)}", "Give the room to a nurse who is.")
        return self


def _unlike(what: str, names: list[str]) -> None:
    twice = [n for n, times in Counter(names).items() if times > 1]
    if twice:
        raise ProblemError(f"{what} {twice[0]!r}", "named twice", "Give every one a name of its own.")


def _known(where: str, what: str, name: str, known: Mapping[str, object]) -> None:
    if name not in known:
        raise ProblemError(where, f"no {what} is called {name!r}", f"There are {len(known)}, such as {', '.join(list(known)[:3])}.")


def _long(where: str, what: str, numbers: tuple[int, ...], wanted: int) -> None:
    if len(numbers) != wanted:
        raise ProblemError(where, f"{len(numbers)} numbers for its {what}", f"Give {wanted}.")
    if any(x < 0 for x in numbers):
        raise ProblemError(where, f"a number below 0 in its {what}", "Give 0 or more.")
