"""Whether what somebody fixed is possible: each pin alone, then the pins together, by surgeon, theatre and room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from sandcone.core.errors import ProblemError
from sandcone.core.inpatient import Hours, Inpatient, Occupant, Problem

if TYPE_CHECKING:
    from sandcone.planning.keep import Pin


def known(where: str, what: str, name: str, there: Mapping[str, object]) -> None:
    """``ProblemError`` unless the name is one that the problem has."""
    if name not in there:
        raise ProblemError(where, f"no {what} is called {name!r}", f"There are {len(there)}, such as {', '.join(list(there)[:3])}.")


def alone(problem: Problem, pin: Pin) -> None:
    """``ProblemError`` where a pin asks for what cannot be, whatever else is planned."""
    where, who = f"pin of patient {pin.patient!r}", problem.patient[pin.patient]
    if pin.out:
        if who.mandatory:
            raise ProblemError(where, "left out, but must be treated", "Take the pin out, or let the patient wait.")
        if pin.day is not None or pin.room is not None or pin.theatre is not None:
            raise ProblemError(where, "left out, and given a place", "Give one of the two.")
    if pin.day is not None and not who.release <= pin.day <= problem.last_day(who):
        raise ProblemError(where, f"day {pin.day}", f"Possible are days {who.release} to {problem.last_day(who)}.")
    if pin.room is not None:
        known(where, "room", pin.room, problem.room)
        if pin.room in who.unfit_rooms:
            raise ProblemError(where, f"room {pin.room!r}, which does not suit the patient", "Give a room that does.")
    if pin.theatre is not None:
        known(where, "operating theatre", pin.theatre, problem.theatre)
    if not pin.out and len(who.unfit_rooms) >= len(problem.rooms):
        raise ProblemError(where, "given a place, and no room suits the patient", "Take the pin out, or let a room suit.")
    _enough_alone(problem, pin, who)


def _enough_alone(problem: Problem, pin: Pin, who: Inpatient) -> None:
    """Some day among those possible has minutes enough for the surgeon and for the theatre, or for some theatre."""
    days = range(who.release, problem.last_day(who) + 1) if pin.day is None else [pin.day]
    theatres = problem.theatres if pin.theatre is None else (problem.theatre[pin.theatre],)
    surgeon = problem.surgeon[who.surgeon]
    if pin.out or any(surgeon.minutes[d] >= who.minutes and any(t.minutes[d] >= who.minutes for t in theatres) for d in days):
        return
    when = f"day {pin.day}" if pin.day is not None else "any possible day"
    longest = max((min(surgeon.minutes[d], max((t.minutes[d] for t in theatres), default=0)) for d in days), default=0)
    where = f"theatre {pin.theatre!r}" if pin.theatre is not None else "any theatre"
    found = f"needs {who.minutes} minutes; surgeon {who.surgeon!r} and {where} together have {longest} on {when}"
    raise ProblemError(f"pin of patient {pin.patient!r}", found, "Give another day or theatre, or more minutes.")


def together(problem: Problem, pins: Iterable[Pin]) -> None:
    """``ProblemError`` where pins together ask for more minutes or beds than there are, or for men and women in one room."""
    there = [(pin, problem.patient[pin.patient]) for pin in pins if pin.day is not None]
    surgeons: dict[tuple[Hours, int], list[Inpatient]] = {}
    theatres: dict[tuple[Hours, int], list[Inpatient]] = {}
    beds: dict[tuple[str, int], list[Inpatient | Occupant]] = {
        (o.room, d): [] for o in problem.occupants for d in range(min(o.nights, problem.days))
    }
    for o in problem.occupants:
        for d in range(min(o.nights, problem.days)):
            beds[o.room, d].append(o)
    for pin, who in there:
        assert pin.day is not None
        surgeons.setdefault((problem.surgeon[who.surgeon], pin.day), []).append(who)
        if pin.theatre is not None:
            theatres.setdefault((problem.theatre[pin.theatre], pin.day), []).append(who)
        for d in range(pin.day, min(pin.day + who.nights, problem.days)) if pin.room is not None else ():
            beds.setdefault((pin.room or "", d), []).append(who)
    for what, used in (("surgeon", surgeons), ("theatre", theatres)):
        for (hours, day), some in used.items():
            _minutes(what, hours, day, some)
    for (room, day), people in beds.items():
        _beds(problem, room, day, people)


def _minutes(what: str, hours: Hours, day: int, some: list[Inpatient]) -> None:
    asked = sum(p.minutes for p in some)
    if asked > hours.minutes[day]:
        found = f"the patients fixed there need {asked} minutes, and there are {hours.minutes[day]}: {_names(some)}"
        raise ProblemError(f"pins on {what} {hours.name!r}, day {day}", found, "Fix fewer of them there, or freeze fewer days.")


def _beds(problem: Problem, room: str, day: int, people: list[Inpatient | Occupant]) -> None:
    fixed = [p for p in people if isinstance(p, Inpatient)]
    where, do = f"pins on room {room!r}, day {day}", "Fix fewer of them there, or freeze fewer days."
    if fixed and len(people) > problem.room[room].beds:
        raise ProblemError(where, f"{len(people)} people and {problem.room[room].beds} beds: {_names(people)}", do)
    if fixed and len({p.gender for p in people}) > 1:
        raise ProblemError(where, f"men and women together: {_names(people)}", do)


def _names(people: Iterable[Inpatient | Occupant]) -> str:
    return ", ".join(p.name for p in people)
