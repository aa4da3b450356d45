"""The search's tables, narrowed to what is fixed, with the plan before and the prices of changing it."""

from __future__ import annotations

import numpy as np

from sandcone.core.inpatient import Problem
from sandcone.planning.keep import Keep, Pin
from sandcone.planning.kernel import DAY_P, KEPT, NURSE_P, Given
from sandcone.planning.numbers import index
from sandcone.planning.tables import lists


def narrowed(problem: Problem, given: Given, keep: Keep) -> Given:
    """The tables with everything in ``keep`` in them; ``ProblemError`` where a pin is impossible."""
    pins, nurse_pins = keep.all_pins(problem), keep.all_nurse_pins(problem)
    made = given._replace(
        **{name: getattr(given, name).copy() for name in ("sizes", "weights", "first", "last", "must", "tied", "only_theatre", "fits")},
        **{
            name: getattr(given, name).copy() for name in ("old_day", "old_room", "old_theatre", "old_care", "held", "days_of", "day_count")
        },
    )
    made.sizes[KEPT] = 1
    price = keep.price
    made.weights[DAY_P : NURSE_P + 1] = [price.day, price.room, price.theatre, price.left_out, price.nurse]
    made.first[:] = np.maximum(made.first, keep.frozen_until)
    if keep.frozen_until > 0:
        made.tied[:] = 1
    at = index(problem.patients)
    for name, pin in pins.items():
        _pin(problem, made, at[name], pin)
    room, shifts = index(problem.rooms), problem.days * len(problem.shifts)
    for r, s in nurse_pins:
        made.held[room[r] * shifts + s] = 1
    _before(problem, made, keep)
    return _listed(problem, made)


def _pin(problem: Problem, made: Given, p: int, pin: Pin) -> None:
    """One patient's pin, in place."""
    made.tied[p] = 1
    if pin.day is not None:
        made.first[p] = made.last[p] = pin.day
    if pin.out:
        made.first[p], made.last[p] = problem.days, -1
    elif not made.must[p]:
        made.must[p] = 2
    if pin.theatre is not None:
        made.only_theatre[p] = index(problem.theatres)[pin.theatre]
    if pin.room is not None:
        row = made.fits.reshape(len(problem.patients), -1)[p]
        row[:] = 0
        row[index(problem.rooms)[pin.room]] = 1


def _before(problem: Problem, made: Given, keep: Keep) -> None:
    """The plan before, in place; what the problem no longer has gets a number that nothing else has."""
    if keep.before is None:
        return
    patient, room, theatre, nurse = (index(x) for x in (problem.patients, problem.rooms, problem.theatres, problem.nurses))
    shifts = problem.days * len(problem.shifts)
    for a in keep.before.admissions:
        if a.patient in patient:
            p = patient[a.patient]
            made.old_day[p] = a.day
            made.old_room[p], made.old_theatre[p] = room.get(a.room, len(room)), theatre.get(a.theatre, len(theatre))
    for (r, s), n in keep.before.care.items():
        if r in room and 0 <= s < shifts:
            made.old_care[room[r] * shifts + s] = nurse.get(n, len(nurse))


def _listed(problem: Problem, made: Given) -> Given:
    """The tables with lists of days and rooms that hold only what is allowed."""
    days, n = problem.days, len(problem.patients)
    old = made.days_of.reshape(n, days)
    rows = []
    for p in range(n):
        allowed = range(max(int(made.first[p]), 0), int(made.last[p]) + 1)
        good = [d for d in old[p, : made.day_count[p]].tolist() if d in allowed]
        rows.append(good or list(allowed))
    days_of, day_count = lists(rows, days)
    fits = made.fits.reshape(n, len(problem.rooms))
    rooms_of, room_count = lists([np.flatnonzero(row).tolist() for row in fits], len(problem.rooms))
    return made._replace(days_of=days_of, day_count=day_count, rooms_of=rooms_of, room_count=room_count)
