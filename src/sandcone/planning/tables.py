"""A problem as flat tables for the kernel, and the memory that a search needs."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sandcone.core.inpatient import Inpatient, Occupant, Problem
from sandcone.planning.kernel import (
    BEST,
    BEST_HARD,
    COST,
    COUNTS,
    FLOATS,
    HARD,
    KINDS,
    LEFT_W,
    LUCKS,
    MOST,
    MOVES,
    MUST_H,
    OUT,
    OUT_P,
    PEOPLE,
    REGISTERS,
    SIZES,
    TAKE_UP,
    Given,
    Ints,
    Move,
    Small,
    State,
    search,
)
from sandcone.planning.numbers import Numbers, index
from sandcone.planning.searchable import searchable

SPARE = 4  # how many more people than beds a room may hold while the search is under way
BIG = 2**62
BROKEN = (60, 60, 30, 4, 600)
"""How hard rules weigh among each other: a person of the other gender, a person too many, a minute of a surgeon, of a theatre, left out.

A minute of a surgeon's is dear: a search that is lenient about it ends where those who must come do not fit."""


def tables(problem: Problem) -> Given:
    """The problem as tables; ``ProblemError`` where it is beyond what the search can hold."""
    searchable(problem)
    people: list[Inpatient | Occupant] = [*problem.patients, *problem.occupants]
    genders, most_beds = sorted({p.gender for p in people}), max(r.beds for r in problem.rooms)
    days, shifts, w = problem.days, len(problem.shifts), problem.weights
    level = _small(n.skill for n in problem.nurses)
    needs = max((max(p.skill, default=0) for p in people), default=0)
    on = np.zeros((days * shifts, len(problem.nurses)), dtype=np.int32)
    for i, n in enumerate(problem.nurses):
        on[list(n.most), i] = 1
    once = all(len({s // shifts for s in n.most}) == len(n.most) for n in problem.nurses)
    begins = np.cumsum([0, *(len(p.load) for p in people)])[:-1].astype(np.int32)
    fits = np.array([[r.name not in p.unfit_rooms for r in problem.rooms] for p in problem.patients], dtype=np.int32)
    room_list, room_count = lists([np.flatnonzero(row).tolist() for row in fits], len(problem.rooms))
    nowhere = [not count for count in room_count.tolist()]  # who may wait and whom no room suits: on no day, like who is pinned out
    day_list, day_count = lists([[] if never else _days(problem, p) for p, never in zip(problem.patients, nowhere, strict=True)], days)
    surgeon = {s.name: i for i, s in enumerate(problem.surgeons)}
    of_surgeon, of_surgeon_at = _groups([surgeon[p.surgeon] for p in problem.patients], len(surgeon))
    duty = [np.flatnonzero(row).tolist() for row in on]
    rosters = [sorted(n.most) for n in problem.nurses]
    sizes = [days, shifts, len(problem.patients), len(people), len(problem.rooms), len(problem.theatres), len(problem.surgeons)]
    sizes += [len(problem.nurses), max(needs, int(level.max())) + 1, len(problem.ages), _places(problem, most_beds)]
    sizes += [shifts if once else 1, 0]
    assert len(sizes) == SIZES
    return Given(
        sizes=np.array(sizes, dtype=np.int64),
        weights=_long(
            [w.mixed_ages, w.skill_short, w.nurses_met, w.overload, w.open_theatre, w.surgeon_moves, w.delay, w.left_out, *[0] * 5]
        ),
        hard=_long(BROKEN),
        nights=_small(p.nights for p in people),
        word=_long((1 << (8 * genders.index(p.gender))) + (1 << (16 + 8 * p.age)) for p in people),
        age=_small(p.age for p in people),
        begins=begins,
        load=_small(x for p in people for x in p.load),
        skill=_small(x for p in people for x in p.skill),
        total_load=_long(sum(p.load) for p in people),
        release=_small(p.release for p in problem.patients),
        first=_small(days if never else p.release for p, never in zip(problem.patients, nowhere, strict=True)),
        last=_small(-1 if never else problem.last_day(p) for p, never in zip(problem.patients, nowhere, strict=True)),
        must=_small(p.mandatory for p in problem.patients),
        tied=_small(nowhere),
        only_theatre=_none(len(problem.patients)),
        old_day=_none(len(problem.patients)),
        old_room=_none(len(problem.patients)),
        old_theatre=_none(len(problem.patients)),
        old_care=_none(len(problem.rooms) * days * shifts),
        held=_zero(len(problem.rooms) * days * shifts),
        minutes=_small(p.minutes for p in problem.patients),
        surgeon=_small(surgeon[p.surgeon] for p in problem.patients),
        fits=fits.reshape(-1),
        rooms_of=room_list,
        room_count=room_count,
        days_of=day_list,
        day_count=day_count,
        of_surgeon=of_surgeon,
        of_surgeon_at=of_surgeon_at,
        surgeon_minutes=_small(m for s in problem.surgeons for m in s.minutes),
        theatre_minutes=_small(m for t in problem.theatres for m in t.minutes),
        beds=_small(r.beds for r in problem.rooms),
        level=level,
        duty=_small(n for row in duty for n in row),
        duty_at=_at(duty),
        shifts_of=_small(s for row in rosters for s in row),
        shifts_at=_at(rosters),
        on=on.reshape(-1),
        luck=-np.log((np.arange(LUCKS) + 0.5) / LUCKS),
    )


def state(problem: Problem, given: Given, seed: int) -> State:
    """An empty state: memory for everything that changes, and the seed of its luck."""
    days, shifts, patients, people, rooms, theatres, surgeons, nurses, levels, _, places = (int(x) for x in given.sizes[:11])
    slack = np.zeros((days * shifts, nurses), dtype=np.int32)
    for i, n in enumerate(problem.nurses):
        for shift, most in n.most.items():
            slack[shift, i] = most
    care = rooms * days * shifts
    register = np.zeros(REGISTERS, dtype=np.int64)
    register[BEST] = register[BEST_HARD] = BIG
    return State(
        day=_none(people),
        room=_none(people),
        theatre=_none(people),
        care=_zero(care),
        cell=np.zeros(rooms * days, dtype=np.int64),
        here=_zero(rooms * days * places),
        heads=_zero(rooms * days),
        surgeon_used=_zero(surgeons * days),
        theatre_used=_zero(theatres * days),
        theatre_cases=_zero(theatres * days),
        pair_cases=_zero(surgeons * days * theatres),
        pairs=_zero(surgeons * days),
        slack=slack.reshape(-1),
        strange=_zero(rooms * days),
        room_load=_zero(care),
        room_short=_zero(care * levels),
        cared=np.zeros(people * nurses, dtype=np.int16),
        met=_zero(people),
        short=_zero(people),
        out=_zero(patients),
        out_at=_zero(patients),
        mark=np.zeros(nurses, dtype=np.int64),
        move=Move(*(_zero(MOST) for _ in Move._fields)),
        best_day=_none(people),
        best_room=_none(people),
        best_theatre=_none(people),
        best_care=_zero(care),
        register=register,
        floats=np.zeros(FLOATS),
        random=np.array([seed], dtype=np.uint64),
        chance=np.zeros(KINDS, dtype=np.int64),
        counts=np.zeros(KINDS * COUNTS, dtype=np.int64),
    )


def settled(problem: Problem, given: Given, numbers: Numbers, seed: int) -> State:
    """A state that stands at a plan."""
    made, patients, where = state(problem, given, seed), len(problem.patients), index(problem.rooms)
    made.best_day[:patients], made.best_room[:patients], made.best_theatre[:patients] = numbers.day, numbers.room, numbers.theatre
    made.best_day[patients:] = 0
    made.best_room[patients:] = [where[o.room] for o in problem.occupants]
    made.care[:] = made.best_care[:] = numbers.care
    made.out[:] = made.out_at[:] = np.arange(patients)
    made.strange[:] = ((given.old_care >= 0) & (numbers.care != given.old_care)).reshape(made.strange.size, -1).sum(axis=1)
    made.register[OUT] = patients
    made.register[COST] = (given.must != 1).sum() * given.weights[LEFT_W] + (given.old_day >= 0).sum() * given.weights[OUT_P]
    made.register[HARD] = (given.must > 0).sum() * given.hard[MUST_H]
    made.register[BEST] = made.register[BEST_HARD] = -1  # nothing on the way is a best plan, to be kept where the plan to take up stands
    search(given, made, given.sizes[PEOPLE], TAKE_UP)
    made.counts[:] = 0
    made.register[MOVES] = 0
    made.register[BEST], made.register[BEST_HARD] = made.register[COST], made.register[HARD]
    return made


def _places(problem: Problem, most_beds: int) -> int:
    """Places on the list of who is in a room on a day: enough for the occupants, and for a few more than there are beds."""
    there: dict[str, int] = {}
    for o in problem.occupants:
        there[o.room] = there.get(o.room, 0) + 1
    return max(most_beds, *there.values(), 1) + SPARE if there else most_beds + SPARE


def _days(problem: Problem, p: Inpatient) -> list[int]:
    """Days on which the surgeon and some theatre have time enough for this patient alone; all possible days if there is none."""
    window = range(p.release, problem.last_day(p) + 1)
    of_surgeon = problem.surgeon[p.surgeon].minutes
    good = [d for d in window if of_surgeon[d] >= p.minutes and any(t.minutes[d] >= p.minutes for t in problem.theatres)]
    return good or list(window)


def lists(rows: list[list[int]], width: int) -> tuple[Small, Small]:
    """Rows of unequal length side by side, and how long each is; an empty row has a 0 at its head, so that drawing from it is harmless."""
    table = np.zeros((len(rows), width), dtype=np.int32)
    for i, row in enumerate(rows):
        table[i, : len(row)] = row
    return table.reshape(-1), _small(len(row) for row in rows)


def _groups(of: list[int], groups: int) -> tuple[Small, Small]:
    order = np.argsort(np.array(of, dtype=np.int64), kind="stable").astype(np.int32)
    return order, np.searchsorted(np.sort(np.array(of, dtype=np.int64)), np.arange(groups + 1)).astype(np.int32)


def _at(rows: list[list[int]]) -> Small:
    return np.cumsum([0, *(len(row) for row in rows)]).astype(np.int32)


def _small(numbers: Iterable[int]) -> Small:
    return np.array(list(numbers), dtype=np.int32)


def _long(numbers: Iterable[int]) -> Ints:
    return np.array(list(numbers), dtype=np.int64)


def _zero(n: int) -> Small:
    return np.zeros(n, dtype=np.int32)


def _none(n: int) -> Small:
    return np.full(n, -1, dtype=np.int32)
