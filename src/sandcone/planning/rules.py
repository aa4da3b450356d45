"""The rules of an inpatient plan, one function each. The two lists at the end are the table of contents.

Each rule reads the plan alone and says where it broke, who, when and by how much. The rules and costs are those of the
Integrated Healthcare Timetabling Competition 2024; the letters in brackets are its codes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sandcone.core.inpatient import Weights
from sandcone.core.presence import Presence
from sandcone.core.score import Broken

__all__ = ["MUST", "SHOULD", "Broken", "Rule"]

Rule = Callable[[Presence], Iterator[Broken]]


def genders_share_a_room(p: Presence) -> Iterator[Broken]:
    """Men and women share no room: a day on which they do counts the fewer of the two [H1]."""
    for (room, day), stays in p.in_room.items():
        by_gender = [s.person.gender for s in stays]
        fewer = min((by_gender.count(g) for g in set(by_gender)), default=0) if len(set(by_gender)) > 1 else 0
        if fewer:
            yield Broken("genders_share_a_room", f"room {room}, day {day}", fewer)


def room_does_not_suit(p: Presence) -> Iterator[Broken]:
    """A patient lies in a room that does not suit them [H2]."""
    for who, a in p.treated:
        if a.room in who.unfit_rooms:
            yield Broken("room_does_not_suit", f"patient {who.name}, room {a.room}", 1)


def surgeon_over_time(p: Presence) -> Iterator[Broken]:
    """A surgeon operates longer than the day's hours, in minutes [H3]."""
    for (name, day), minutes in p.minutes("surgeon").items():
        over = minutes - p.problem.surgeon[name].minutes[day]
        if over > 0:
            yield Broken("surgeon_over_time", f"surgeon {name}, day {day}", over)


def theatre_over_time(p: Presence) -> Iterator[Broken]:
    """An operating theatre is in use longer than it is open, in minutes [H4]."""
    for (name, day), minutes in p.minutes("theatre").items():
        over = minutes - p.problem.theatre[name].minutes[day]
        if over > 0:
            yield Broken("theatre_over_time", f"theatre {name}, day {day}", over)


def must_come_and_does_not(p: Presence) -> Iterator[Broken]:
    """A patient who must be treated is left out [H5]."""
    for who in p.problem.patients:
        if who.mandatory and who.name not in p.plan.admitted:
            yield Broken("must_come_and_does_not", f"patient {who.name}", 1)


def too_early_or_too_late(p: Presence) -> Iterator[Broken]:
    """A patient is admitted before the first day that is possible, or after the last [H6]."""
    for who, a in p.treated:
        if not who.release <= a.day <= p.problem.last_day(who):
            yield Broken("too_early_or_too_late", f"patient {who.name}, day {a.day}", 1)


def more_people_than_beds(p: Presence) -> Iterator[Broken]:
    """More people are in a room than it has beds [H7]."""
    for (room, day), stays in p.in_room.items():
        over = len(stays) - p.problem.room[room].beds
        if over > 0:
            yield Broken("more_people_than_beds", f"room {room}, day {day}", over)


def room_without_nurse(p: Presence) -> Iterator[Broken]:
    """Somebody is in a room and no nurse is given to it in a shift [H9]."""
    for room, day in p.in_room:
        for shift in p.shifts_of(day):
            if (room, shift) not in p.plan.care:
                yield Broken("room_without_nurse", f"room {room}, {p.problem.shift_name(shift)}", 1)


def mixed_ages(p: Presence) -> Iterator[Broken]:
    """People of different ages share a room: the number of age groups between the youngest and the oldest, each day [S1]."""
    for (room, day), stays in p.in_room.items():
        ages = [s.person.age for s in stays]
        if max(ages) > min(ages):
            yield Broken("mixed_ages", f"room {room}, day {day}", max(ages) - min(ages))


def skill_short(p: Presence) -> Iterator[Broken]:
    """A person needs more skill than the room's nurse has: the levels that are missing, each person and shift [S2]."""
    k = len(p.problem.shifts)
    for (room, day), stays in p.in_room.items():
        for shift in p.shifts_of(day):
            nurse = p.plan.care.get((room, shift))
            if nurse is None:
                continue
            has = p.problem.nurse[nurse].skill
            for s in stays:
                if s.skill(shift, k) > has:
                    yield Broken("skill_short", f"{s.person.name}, nurse {nurse}, {p.problem.shift_name(shift)}", s.skill(shift, k) - has)


def nurses_met(p: Presence) -> Iterator[Broken]:
    """Every person meets as few nurses as can be: the number of different ones during the stay [S3]."""
    k = len(p.problem.shifts)
    for s in p.stays:
        met = {p.plan.care.get((s.room, shift)) for shift in range(s.first * k, s.after * k)} - {None}
        if met:
            yield Broken("nurses_met", s.person.name, len(met))


def overload(p: Presence) -> Iterator[Broken]:
    """A nurse bears more than the most of a shift: the load above it [S4]."""
    k = len(p.problem.shifts)
    borne: dict[tuple[str, int], int] = {}
    for (room, shift), nurse in p.plan.care.items():
        here = p.in_room.get((room, shift // k), [])
        borne[nurse, shift] = borne.get((nurse, shift), 0) + sum(s.load(shift, k) for s in here)
    for (nurse, shift), load in borne.items():
        over = load - p.problem.nurse[nurse].most[shift]
        if over > 0:
            yield Broken("overload", f"nurse {nurse}, {p.problem.shift_name(shift)}", over)


def open_theatre(p: Presence) -> Iterator[Broken]:
    """An operating theatre is opened for a day [S5]."""
    for theatre, day in p.minutes("theatre"):
        yield Broken("open_theatre", f"theatre {theatre}, day {day}", 1)


def surgeon_moves(p: Presence) -> Iterator[Broken]:
    """A surgeon goes from one operating theatre to another on a day: each theatre beyond the first [S6]."""
    used: dict[tuple[str, int], set[str]] = {}
    for who, a in p.treated:
        used.setdefault((who.surgeon, a.day), set()).add(a.theatre)
    for (surgeon, day), theatres in used.items():
        if len(theatres) > 1:
            yield Broken("surgeon_moves", f"surgeon {surgeon}, day {day}", len(theatres) - 1)


def delay(p: Presence) -> Iterator[Broken]:
    """A patient waits after the first day that was possible, in days [S7]."""
    for who, a in p.treated:
        if a.day > who.release:
            yield Broken("delay", f"patient {who.name}", a.day - who.release)


def left_out(p: Presence) -> Iterator[Broken]:
    """A patient who may wait is left out of the horizon [S8]."""
    for who in p.problem.patients:
        if not who.mandatory and who.name not in p.plan.admitted:
            yield Broken("left_out", f"patient {who.name}", 1)


MUST: tuple[Rule, ...] = (
    genders_share_a_room,
    room_does_not_suit,
    surgeon_over_time,
    theatre_over_time,
    must_come_and_does_not,
    too_early_or_too_late,
    more_people_than_beds,
    room_without_nurse,
)
"""What a plan may not break. Add a rule: write it, list it, test it."""

SHOULD: dict[Rule, Callable[[Weights], int]] = {
    mixed_ages: lambda w: w.mixed_ages,
    skill_short: lambda w: w.skill_short,
    nurses_met: lambda w: w.nurses_met,
    overload: lambda w: w.overload,
    open_theatre: lambda w: w.open_theatre,
    surgeon_moves: lambda w: w.surgeon_moves,
    delay: lambda w: w.delay,
    left_out: lambda w: w.left_out,
}
"""What a plan should keep low, and what one unit weighs."""
