"""Who is in the way: the patients any one of whom, if not there, would leave a place for another on a day."""

from __future__ import annotations

from collections.abc import Iterator

from sandcone.core.inpatient import Admission, Inpatient
from sandcone.planning.others import Others


def in_the_way(others: Others, p: Inpatient, day: int) -> tuple[str, ...]:
    """Whom a plan would have to do without, any one of them, for a patient to have a place on a day; nobody where that does not help.

    A place is a room and a theatre that break no rule, everybody else as they are. Rooms get a nurse where somebody is on duty.
    """
    if not p.release <= day <= others.problem.last_day(p):
        return ()
    rooms = [r for r in others.problem.room if _free(others, p, day, r, None)]
    return tuple(q.name for q, a in others.seen.treated if _helps(others, p, day, q, a, rooms))


def _helps(others: Others, p: Inpatient, day: int, q: Inpatient, a: Admission, rooms: list[str]) -> bool:
    same_day = q.minutes if a.day == day else 0
    operated = same_day if q.surgeon == p.surgeon else 0
    if others.surgeon_minutes.get((p.surgeon, day), 0) - operated + p.minutes > others.problem.surgeon[p.surgeon].minutes[day]:
        return False
    if not any(_open(others, p, day, t, same_day if t == a.theatre else 0) for t in others.problem.theatre):
        return False
    return bool(rooms) or _free(others, p, day, a.room, q.name)


def _open(others: Others, p: Inpatient, day: int, theatre: str, less: int) -> bool:
    used = others.theatre_minutes.get((theatre, day), 0) - less
    return used + p.minutes <= others.problem.theatre[theatre].minutes[day]


def _free(others: Others, p: Inpatient, day: int, room: str, but: str | None) -> bool:
    """Whether a room is free for a patient from a day on, if one person in it were not there."""
    return room not in p.unfit_rooms and not any(_barred(others, p, day, room, but))


def _barred(others: Others, p: Inpatient, day: int, room: str, but: str | None) -> Iterator[bool]:
    for night in range(day, min(day + p.nights, others.problem.days)):
        here = [s for s in others.seen.in_room.get((room, night), []) if s.person.name != but]
        yield bool(others.beside(p, room, night, here))
        yield not here and any(others.nobody_for(room, shift) for shift in others.seen.shifts_of(night))
