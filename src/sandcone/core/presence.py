"""Who is in which room on which day, and who looks after them: what a plan says, laid out for the rules to read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sandcone.core.inpatient import Admission, Inpatient, InpatientPlan, Occupant, Problem

Person = Inpatient | Occupant


@dataclass(frozen=True, slots=True)
class Stay:
    """One person in one room from ``first`` up to, but not with, day ``after``."""

    person: Person
    room: str
    first: int
    after: int

    def load(self, shift: int, shifts: int) -> int:
        """What this person asks of the room's nurse in a global shift."""
        return self.person.load[shift - self.first * shifts]

    def skill(self, shift: int, shifts: int) -> int:
        """The level of skill this person needs in a global shift."""
        return self.person.skill[shift - self.first * shifts]


@dataclass(frozen=True)
class Presence:
    """A problem and a plan that fits it, with the questions that rules ask of them."""

    problem: Problem
    plan: InpatientPlan

    @cached_property
    def treated(self) -> list[tuple[Inpatient, Admission]]:
        """Every admitted patient with the admission, in the plan's order."""
        return [(self.problem.patient[a.patient], a) for a in self.plan.admissions]

    @cached_property
    def stays(self) -> list[Stay]:
        """Every stay, cut at the horizon; occupants first."""
        here = [Stay(o, o.room, 0, min(o.nights, self.problem.days)) for o in self.problem.occupants]
        return here + [Stay(p, a.room, a.day, min(a.day + p.nights, self.problem.days)) for p, a in self.treated]

    @cached_property
    def in_room(self) -> dict[tuple[str, int], list[Stay]]:
        """Who is in each room on each day; empty rooms are not listed."""
        found: dict[tuple[str, int], list[Stay]] = {}
        for stay in self.stays:
            for day in range(stay.first, stay.after):
                found.setdefault((stay.room, day), []).append(stay)
        return found

    def shifts_of(self, day: int) -> range:
        """The global shifts of a day."""
        k = len(self.problem.shifts)
        return range(day * k, (day + 1) * k)

    def minutes(self, by: str) -> dict[tuple[str, int], int]:
        """Minutes of surgery by (surgeon or theatre, day); ``by`` is "surgeon" or "theatre"."""
        found: dict[tuple[str, int], int] = {}
        for p, a in self.treated:
            key = (p.surgeon if by == "surgeon" else a.theatre, a.day)
            found[key] = found.get(key, 0) + p.minutes
        return found
