"""A first plan from each patient's day alone: the longest stays choose their room first, then the search mends what is broken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandcone.core.inpatient import Admission, Inpatient, InpatientPlan, Problem, Room


def from_days(problem: Problem, days: Mapping[str, int]) -> InpatientPlan:
    """A plan with everybody named in ``days`` on the day given, in the rooms and theatres that break the fewest rules; without nurses."""
    filled = _Filled(problem)
    coming = [p for p in problem.patients if p.name in days and p.release <= days[p.name] <= problem.last_day(p)]
    coming.sort(key=lambda p: -p.nights)
    return InpatientPlan(admissions=tuple(filled.admit(p, days[p.name]) for p in coming if len(p.unfit_rooms) < len(problem.rooms)))


@dataclass(slots=True)
class _Filled:
    """Who is where so far: genders by room and day, minutes by theatre and day, and where each surgeon is."""

    problem: Problem
    people: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    minutes: dict[tuple[str, int], int] = field(default_factory=dict)
    surgeons: set[tuple[str, str, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        for o in self.problem.occupants:
            self._stay(o.room, o.gender, range(min(o.nights, self.problem.days)))

    def admit(self, p: Inpatient, day: int) -> Admission:
        stay = range(day, min(day + p.nights, self.problem.days))
        rooms = [r for r in self.problem.rooms if r.name not in p.unfit_rooms]
        room = min(rooms, key=lambda r: (self._broken(r, p.gender, stay), -self._full(r, stay))).name
        theatre = min((t.name for t in self.problem.theatres), key=lambda t: self._cost(t, p, day))
        self._stay(room, p.gender, stay)
        self.minutes[theatre, day] = self.minutes.get((theatre, day), 0) + p.minutes
        self.surgeons.add((p.surgeon, theatre, day))
        return Admission(patient=p.name, day=day, room=room, theatre=theatre)

    def _stay(self, room: str, gender: str, stay: range) -> None:
        for d in stay:
            self.people.setdefault((room, d), []).append(gender)

    def _broken(self, room: Room, gender: str, stay: range) -> int:
        there = [self.people.get((room.name, d), []) for d in stay]
        return sum((len(x) >= room.beds) + any(other != gender for other in x) for x in there)

    def _full(self, room: Room, stay: range) -> float:
        return sum(len(self.people.get((room.name, d), ())) for d in stay) / max(room.beds, 1)

    def _cost(self, theatre: str, p: Inpatient, day: int) -> tuple[int, bool, bool]:
        used = self.minutes.get((theatre, day), 0)
        over = max(0, used + p.minutes - self.problem.theatre[theatre].minutes[day])
        return over, (p.surgeon, theatre, day) not in self.surgeons, used == 0
