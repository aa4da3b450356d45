"""Whether a set of demands can be met all at once: exact, by integer programming over every patient's day, room and theatre."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np

from sandcone.core.inpatient import Inpatient, Problem

Kind = Literal["must come", "already there", "surgeon", "theatre", "beds", "genders", "suits", "nurses"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One thing asked for: that a patient comes in time, or that a surgeon's, theatre's or room's limits hold.

    ``name`` is a patient's ("must come", "suits"), an occupant's ("already there"), a surgeon's or theatre's (with the ``day``) or a
    room's ("beds", "genders"). "nurses": nobody may be in a bed that ``day``, since a shift of it, the name, has no nurse on duty.
    """

    kind: Kind
    name: str
    day: int | None = None


Demands = frozenset[Demand]


def all_demands(problem: Problem) -> tuple[Demand, ...]:
    """Everything that a plan may not break, as demands; patients who may wait ask for nothing."""
    return tuple(_all(problem))


def _all(problem: Problem) -> Iterator[Demand]:
    days, k = range(problem.days), len(problem.shifts)
    must = [p for p in problem.patients if p.mandatory]
    for p in must:
        yield Demand(kind="must come", name=p.name)
    for surgeon in dict.fromkeys(p.surgeon for p in must):
        yield from (Demand(kind="surgeon", name=surgeon, day=d) for d in days)
    for theatre in problem.theatres:
        yield from (Demand(kind="theatre", name=theatre.name, day=d) for d in days)
    yield from (Demand(kind="already there", name=o.name) for o in problem.occupants)
    for room in problem.rooms:
        yield Demand(kind="beds", name=room.name)
        yield Demand(kind="genders", name=room.name)
    yield from (Demand(kind="suits", name=p.name) for p in must if p.unfit_rooms)
    served = {shift for nurse in problem.nurses for shift in nurse.most}
    yield from (Demand(kind="nurses", name=problem.shift_name(s), day=s // k) for s in range(k * problem.days) if s not in served)


def possible(problem: Problem, demands: Iterable[Demand], *, seconds: float) -> bool | None:
    """Whether all of these can be met at once; None if that was not settled in so many seconds.

    Exact: binary unknowns for each patient's day and room, and day and theatre; solved by HiGHS.
    """
    asked = _Asked(problem, frozenset(demands))
    if asked.clash():
        return False
    return _solved(asked, seconds) if asked.patients else True


@dataclass(frozen=True)
class _Asked:
    """A set of demands, with the questions the model asks of it."""

    problem: Problem
    demands: Demands

    def holds(self, kind: Kind, name: str, day: int | None = None) -> bool:
        return Demand(kind=kind, name=name, day=day) in self.demands

    @cached_property
    def patients(self) -> list[Inpatient]:
        return [p for p in self.problem.patients if self.holds("must come", p.name)]

    @cached_property
    def there(self) -> dict[tuple[str, int], list[str]]:
        """The genders of those already in each room on each day."""
        found: dict[tuple[str, int], list[str]] = {}
        for o in self.problem.occupants:
            if self.holds("already there", o.name):
                for day in range(min(o.nights, self.problem.days)):
                    found.setdefault((o.room, day), []).append(o.gender)
        return found

    @cached_property
    def unserved(self) -> set[int]:
        return {d.day for d in self.demands if d.kind == "nurses" and d.day is not None}

    @cached_property
    def rooms(self) -> list[str]:
        """Rooms to tell apart: those that ask for something, and one that asks for nothing if there is one."""
        free = [r.name for r in self.problem.rooms if not self.holds("beds", r.name) and not self.holds("genders", r.name)]
        asking = [r.name for r in self.problem.rooms if r.name not in set(free)]
        return asking + (free if any(self.holds("suits", p.name) for p in self.patients) else free[:1])

    def clash(self) -> bool:
        """Whether those already there are too many for a room, of two genders, or without a nurse."""
        return any(
            day in self.unserved
            or (self.holds("beds", room) and len(genders) > self.problem.room[room].beds)
            or (self.holds("genders", room) and len(set(genders)) > 1)
            for (room, day), genders in self.there.items()
        )

    def stay(self, p: Inpatient, day: int) -> range:
        return range(day, min(day + p.nights, self.problem.days))

    def days(self, p: Inpatient) -> list[int]:
        window = range(p.release, self.problem.last_day(p) + 1)
        return [d for d in window if self._operated(p, d) and not self.unserved & set(self.stay(p, d))]

    def _operated(self, p: Inpatient, day: int) -> bool:
        return not self.holds("surgeon", p.surgeon, day) or p.minutes <= self.problem.surgeon[p.surgeon].minutes[day]

    def fits(self, p: Inpatient, room: str, day: int) -> bool:
        """Whether a room is open to a patient from a day on, beside those already there."""
        if room in p.unfit_rooms and self.holds("suits", p.name):
            return False
        beds, apart = self._beds(room), self.holds("genders", room)
        here = (self.there.get((room, d), []) for d in self.stay(p, day))
        return all(len(g) < beds and not (apart and g and g[0] != p.gender) for g in here)

    def _beds(self, room: str) -> int:
        return self.problem.room[room].beds if self.holds("beds", room) else 10**6

    def theatres(self, day: int) -> list[str] | None:
        """The theatres of a day; None if one of them has no limit, so that all patients find room."""
        names = [t.name for t in self.problem.theatres]
        return names if all(self.holds("theatre", t, day) for t in names) else None

    def free_beds(self, room: str, day: int) -> int:
        return min(self._beds(room) - len(self.there.get((room, day), [])), len(self.patients))


@dataclass
class _Rows:
    """Rows of an integer programme, gathered one by one: low ≤ Σ factor × unknown ≤ high."""

    unknowns: int = 0
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    at: list[tuple[int, int, float]] = field(default_factory=list)

    def unknown(self) -> int:
        self.unknowns += 1
        return self.unknowns - 1

    def row(self, terms: Iterable[tuple[int, float]], low: float, high: float) -> None:
        n = len(self.low)
        self.at += [(n, unknown, factor) for unknown, factor in terms]
        self.low.append(low)
        self.high.append(high)


def _solved(asked: _Asked, seconds: float) -> bool | None:
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    rows = _rows(asked)
    if rows is None:
        return False
    i, j, v = (np.array(x) for x in zip(*rows.at, strict=True))
    matrix = csr_array((v.astype(float), (i, j)), shape=(len(rows.low), rows.unknowns))
    limits = LinearConstraint(matrix, np.array(rows.low), np.array(rows.high))
    n = rows.unknowns
    done = milp(np.zeros(n), constraints=limits, integrality=np.ones(n), bounds=Bounds(0, 1), options={"time_limit": max(seconds, 0.01)})
    return {0: True, 2: False}.get(done.status)


def _rows(asked: _Asked) -> _Rows | None:
    """The programme; None if some patient has no day and room at all."""
    rows = _Rows()
    beds = {(p.name, d): {r: rows.unknown() for r in asked.rooms if asked.fits(p, r, d)} for p in asked.patients for d in asked.days(p)}
    for p in asked.patients:
        places = [(x, 1.0) for d in asked.days(p) for x in beds[p.name, d].values()]
        if not places:
            return None
        rows.row(places, 1, 1)
    _surgeons(asked, rows, beds)
    _theatres(asked, rows, beds)
    _beds(asked, rows, beds)
    return rows


Beds = dict[tuple[str, int], dict[str, int]]


def _surgeons(asked: _Asked, rows: _Rows, beds: Beds) -> None:
    used: dict[tuple[str, int], list[tuple[int, float]]] = {}
    for p in asked.patients:
        for day in asked.days(p):
            if asked.holds("surgeon", p.surgeon, day):
                used.setdefault((p.surgeon, day), []).extend((x, p.minutes) for x in beds[p.name, day].values())
    for (surgeon, day), terms in used.items():
        rows.row(terms, 0, asked.problem.surgeon[surgeon].minutes[day])


def _theatres(asked: _Asked, rows: _Rows, beds: Beds) -> None:
    used: dict[tuple[str, int], list[tuple[int, float]]] = {}
    for p in asked.patients:
        for day in asked.days(p):
            theatres = asked.theatres(day)
            if theatres is None:
                continue
            here = [(t, rows.unknown()) for t in theatres if p.minutes <= asked.problem.theatre[t].minutes[day]]
            rows.row([*((x, 1.0) for x in beds[p.name, day].values()), *((y, -1.0) for _, y in here)], 0, 0)
            for theatre, y in here:
                used.setdefault((theatre, day), []).append((y, p.minutes))
    for (theatre, day), terms in used.items():
        rows.row(terms, 0, asked.problem.theatre[theatre].minutes[day])


def _beds(asked: _Asked, rows: _Rows, beds: Beds) -> None:
    lying: dict[tuple[str, int], dict[str, list[tuple[int, float]]]] = {}
    for p in asked.patients:
        for day in asked.days(p):
            for room, x in beds[p.name, day].items():
                for night in asked.stay(p, day):
                    lying.setdefault((room, night), {}).setdefault(p.gender, []).append((x, 1.0))
    for (room, night), by_gender in lying.items():
        most = asked.free_beds(room, night)
        if asked.holds("beds", room):
            rows.row([t for terms in by_gender.values() for t in terms], 0, most)
        if asked.holds("genders", room) and len(by_gender) > 1:
            whose = {gender: rows.unknown() for gender in by_gender}
            rows.row([(w, 1.0) for w in whose.values()], 0, 1)
            for gender, terms in by_gender.items():
                rows.row([*terms, (whose[gender], -float(most))], -most, 0)
