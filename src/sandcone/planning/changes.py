"""What can change after a plan was made: each change turns a problem into another problem, and says whose place it takes away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sandcone.core.errors import ProblemError
from sandcone.core.inpatient import Admission, Hours, Inpatient, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class TheatreCloses:
    """An operating theatre is closed on some days."""

    theatre: str
    days: tuple[int, ...]

    def applied(self, problem: Problem, staying: frozenset[str]) -> Problem:
        """The problem with the theatre closed; ``staying`` are the patients whose place is fixed and no longer in question."""
        there(problem, "operating theatre", self.theatre)
        return replace(problem, theatres=_closed(problem, problem.theatres, self.theatre, self.days))

    def takes(self, who: Inpatient, place: Admission) -> str:
        """Why a patient's place is no longer there; empty if this change leaves it alone."""
        return f"theatre {self.theatre} is closed on day {place.day}" if place.theatre == self.theatre and place.day in self.days else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurgeonAway:
    """A surgeon does not operate on some days."""

    surgeon: str
    days: tuple[int, ...]

    def applied(self, problem: Problem, staying: frozenset[str]) -> Problem:
        """The problem with the surgeon away."""
        there(problem, "surgeon", self.surgeon)
        return replace(problem, surgeons=_closed(problem, problem.surgeons, self.surgeon, self.days))

    def takes(self, who: Inpatient, place: Admission) -> str:
        """Why a patient's place is no longer there; empty if this change leaves it alone."""
        return f"surgeon {self.surgeon} is away on day {place.day}" if who.surgeon == self.surgeon and place.day in self.days else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomCloses:
    """A room takes nobody who could still be in it on day ``day`` or later; who is in it by then already stays until they go home."""

    room: str
    day: int = 0

    def applied(self, problem: Problem, staying: frozenset[str]) -> Problem:
        """The problem in which the room suits nobody but ``staying`` and those who are sure to have left before it closes."""
        there(problem, "room", self.room)
        _horizon(problem, f"room {self.room!r}", (self.day,))
        gone = {p.name for p in problem.patients if problem.last_day(p) + p.nights <= self.day}
        patients = (p if p.name in staying | gone else replace(p, unfit_rooms=p.unfit_rooms | {self.room}) for p in problem.patients)
        return replace(problem, patients=tuple(patients))

    def takes(self, who: Inpatient, place: Admission) -> str:
        """Why a patient's place is no longer there; empty if this change leaves it alone."""
        if place.room != self.room or place.room not in who.unfit_rooms:
            return ""
        early = place.day + who.nights <= self.day
        return f"room {self.room} closes on day {self.day}" + (", and takes nobody new who might still be in it" if early else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class NurseIll:
    """A nurse is off duty in some global shifts."""

    nurse: str
    shifts: tuple[int, ...]

    def applied(self, problem: Problem, staying: frozenset[str]) -> Problem:
        """The problem with the nurse off the roster there."""
        there(problem, "nurse", self.nurse)
        was = problem.nurse[self.nurse]
        now = replace(was, most={s: most for s, most in was.most.items() if s not in self.shifts})
        return replace(problem, nurses=tuple(now if n.name == self.nurse else n for n in problem.nurses))

    def takes(self, who: Inpatient, place: Admission) -> str:
        """No patient's day, room or theatre hangs on one nurse."""
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientCancels:
    """A patient no longer wants to come."""

    patient: str

    def applied(self, problem: Problem, staying: frozenset[str]) -> Problem:
        """The problem without the patient."""
        there(problem, "patient", self.patient)
        return replace(problem, patients=tuple(p for p in problem.patients if p.name != self.patient))

    def takes(self, who: Inpatient, place: Admission) -> str:
        """Why a patient's place is no longer there; empty if this change leaves it alone."""
        return "cancelled" if who.name == self.patient else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """Somebody new who must come, on ``patient.release`` or by ``patient.due``."""

    patient: Inpatient

    def applied(self, problem: Problem, staying: frozenset[str]) -> Problem:
        """The problem with one patient more."""
        return replace(problem, patients=(*problem.patients, self.patient))

    def takes(self, who: Inpatient, place: Admission) -> str:
        """Nobody's place, by itself."""
        return ""


Change = TheatreCloses | SurgeonAway | RoomCloses | NurseIll | PatientCancels | Emergency


def changed(problem: Problem, changes: Iterable[Change], *, staying: Iterable[str] = ()) -> Problem:
    """The problem after all changes, in their order; ``staying`` are patients whose place is fixed already, as in the frozen days.

    ``ProblemError`` where a change names what the problem does not have, or a day outside the horizon.
    """
    fixed = frozenset(staying)
    for change in changes:
        problem = change.applied(problem, fixed)
    return problem


def there(problem: Problem, what: str, name: str) -> None:
    """``ProblemError`` unless the problem has this room, theatre, surgeon, nurse or patient."""
    every: dict[str, Mapping[str, object]] = {
        "operating theatre": problem.theatre,
        "surgeon": problem.surgeon,
        "room": problem.room,
        "nurse": problem.nurse,
        "patient": problem.patient,
    }
    of = every[what]
    if name not in of:
        raise ProblemError(f"{what} {name!r}", "the problem has none of this name", f"There are {', '.join(list(of)[:12])}.")


def _closed(problem: Problem, some: tuple[Hours, ...], name: str, days: tuple[int, ...]) -> tuple[Hours, ...]:
    """The same with no minutes on these days for one of them."""
    _horizon(problem, f"change of {name!r}", days)
    return tuple(replace(x, minutes=tuple(0 if d in days else m for d, m in enumerate(x.minutes))) if x.name == name else x for x in some)


def _horizon(problem: Problem, where: str, days: Iterable[int]) -> None:
    for day in days:
        if not 0 <= day < problem.days:
            raise ProblemError(where, f"day {day}", f"Give a day from 0 to {problem.days - 1}.")
