"""Everybody but one patient, as a plan has them: what it would break, and what it would cost, to put that patient on a day, in a room.

Worked out from the rules' own words (``planning.rules``), place by place; the tests hold it to the score of the whole plan.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from sandcone.core.inpatient import Inpatient, InpatientPlan, Problem
from sandcone.core.presence import Presence, Stay


@dataclass(frozen=True, slots=True, kw_only=True)
class Forbids:
    """One rule that a place would break: ``what`` is the surgeon, theatre, room or patient, ``by`` how much more than without the patient.

    ``day`` is None where the rule has no day. ``closed`` says that there are no hours at all on that day: a surgeon away, a theatre shut.
    """

    rule: str
    what: str
    day: int | None
    by: int
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Adds:
    """What a patient adds to everybody else's plan: rules broken, cost by rule (weighed), and nurses given to rooms that were empty."""

    forbids: tuple[Forbids, ...] = ()
    costs: tuple[tuple[str, int], ...] = ()
    nurses: tuple[tuple[int, str], ...] = ()

    @property
    def cost(self) -> int:
        """All of it, weighed."""
        return sum(c for _, c in self.costs)

    @property
    def broken(self) -> int:
        """By how much rules that may not be broken are broken, in their own units."""
        return sum(f.by for f in self.forbids)


def together(parts: Iterable[Adds]) -> Adds:
    """What several parts of one place add."""
    whole, costs = tuple(parts), Counter[str]()
    for part in whole:
        for rule, cost in part.costs:
            costs[rule] += cost
    forbids = tuple(f for part in whole for f in part.forbids)
    return Adds(forbids=forbids, costs=tuple(costs.items()), nurses=tuple(n for part in whole for n in part.nurses))


@dataclass(frozen=True)
class Others:
    """A problem, and a plan in which one patient is not."""

    problem: Problem
    plan: InpatientPlan

    @cached_property
    def seen(self) -> Presence:
        """Who is where."""
        return Presence(self.problem, self.plan)

    @cached_property
    def surgeon_minutes(self) -> dict[tuple[str, int], int]:
        """Minutes of surgery by (surgeon, day)."""
        return self.seen.minutes("surgeon")

    @cached_property
    def theatre_minutes(self) -> dict[tuple[str, int], int]:
        """Minutes of surgery by (theatre, day)."""
        return self.seen.minutes("theatre")

    @cached_property
    def _theatres_of(self) -> dict[tuple[str, int], set[str]]:
        used: dict[tuple[str, int], set[str]] = {}
        for who, a in self.seen.treated:
            used.setdefault((who.surgeon, a.day), set()).add(a.theatre)
        return used

    @cached_property
    def _borne(self) -> dict[tuple[str, int], int]:
        k, borne = len(self.problem.shifts), Counter[tuple[str, int]]()
        for (room, shift), nurse in self.plan.care.items():
            borne[nurse, shift] += sum(s.load(shift, k) for s in self.seen.in_room.get((room, shift // k), ()))
        return borne

    @cached_property
    def _on_duty(self) -> dict[int, list[str]]:
        duty: dict[int, list[str]] = {}
        for nurse in self.problem.nurses:
            for shift in nurse.most:
                duty.setdefault(shift, []).append(nurse.name)
        return duty

    # ── what each part of a place adds ──────────────────────────────────────────────────────────────────────────────

    def out(self, p: Inpatient) -> Adds:
        """Leaving the patient out."""
        if p.mandatory:
            return Adds(forbids=(Forbids(rule="must_come_and_does_not", what=p.name, day=None, by=1),))
        return Adds(costs=(("left_out", self.problem.weights.left_out),))

    def on(self, p: Inpatient, day: int) -> Adds:
        """The day alone: the patient's own days, the surgeon's hours, and the delay."""
        broken = [] if p.release <= day <= self.problem.last_day(p) else [Forbids(rule="too_early_or_too_late", what=p.name, day=day, by=1)]
        has = self.problem.surgeon[p.surgeon].minutes[day]
        more = _more(self.surgeon_minutes.get((p.surgeon, day), 0), p.minutes, has)
        if more:
            broken.append(Forbids(rule="surgeon_over_time", what=p.surgeon, day=day, by=more, closed=has == 0))
        late = max(day - p.release, 0)
        return Adds(forbids=tuple(broken), costs=_weighed(self.problem, delay=late))

    def theatre(self, p: Inpatient, day: int, theatre: str) -> Adds:
        """The theatre on a day: its hours, its opening, and the surgeon's going to and fro."""
        has, used = self.problem.theatre[theatre].minutes[day], self.theatre_minutes.get((theatre, day))
        more = _more(used or 0, p.minutes, has)
        broken = (Forbids(rule="theatre_over_time", what=theatre, day=day, by=more, closed=has == 0),) if more else ()
        here = self._theatres_of.get((p.surgeon, day), set())
        moves = int(bool(here) and theatre not in here)
        return Adds(forbids=broken, costs=_weighed(self.problem, open_theatre=int(used is None), surgeon_moves=moves))

    def room(self, p: Inpatient, day: int, room: str, *, give: bool = True) -> Adds:
        """The room from a day on: whether it suits, beds, genders, ages, and nurses.

        The nurses of a room stay as they are. Where it was empty and had none, and ``give`` holds, each shift gets the nurse on duty who is
        cheapest for this patient, shift by shift.
        """
        stay = Stay(p, room, day, min(day + p.nights, self.problem.days))
        broken = [Forbids(rule="room_does_not_suit", what=room, day=None, by=1)] if room in p.unfit_rooms else []
        ages = 0
        for d in range(stay.first, stay.after):
            here = self.seen.in_room.get((room, d), [])
            broken += self.beside(p, room, d, here)
            ages += _apart([*here, stay]) - _apart(here)
        care, given, bare = self._care(stay, give=give)
        broken += [Forbids(rule="room_without_nurse", what=room, day=s // len(self.problem.shifts), by=1) for s in bare]
        skill, over = self._nursed(stay, care)
        costs = _weighed(self.problem, mixed_ages=ages, skill_short=skill, nurses_met=len(set(care.values())), overload=over)
        return Adds(forbids=tuple(broken), costs=costs, nurses=tuple(given.items()))

    def beside(self, p: Inpatient, room: str, day: int, here: list[Stay]) -> list[Forbids]:
        """What it breaks to put the patient beside these people in a room on a day."""
        beds, found = self.problem.room[room].beds, []
        mixed = _fewer([*(s.person.gender for s in here), p.gender]) - _fewer([s.person.gender for s in here])
        if mixed:
            found.append(Forbids(rule="genders_share_a_room", what=room, day=day, by=mixed))
        if len(here) >= beds:
            found.append(Forbids(rule="more_people_than_beds", what=room, day=day, by=1))
        return found

    def nobody_for(self, room: str, shift: int) -> bool:
        """Whether a room has no nurse in a shift, and nobody is on duty who could be given to it."""
        return (room, shift) not in self.plan.care and not self._on_duty.get(shift)

    def _care(self, stay: Stay, *, give: bool) -> tuple[dict[int, str], dict[int, str], list[int]]:
        """Who cares in each shift of a stay, whom of them are newly given, and the shifts that go without and did not before."""
        care: dict[int, str] = {}
        given: dict[int, str] = {}
        bare: list[int] = []
        for day in range(stay.first, stay.after):
            empty = (stay.room, day) not in self.seen.in_room
            for shift in self.seen.shifts_of(day):
                nurse = self.plan.care.get((stay.room, shift))
                if nurse is None and empty:
                    nurse = self._cheapest(stay, shift, set(care.values())) if give else None
                    if nurse is None:
                        bare.append(shift)
                    else:
                        given[shift] = nurse
                if nurse is not None:
                    care[shift] = nurse
        return care, given, bare

    def _cheapest(self, stay: Stay, shift: int, met: set[str]) -> str | None:
        def cost(nurse: str) -> int:
            skill, over = self._nursed(stay, {shift: nurse})
            w = self.problem.weights
            return skill * w.skill_short + over * w.overload + (nurse not in met) * w.nurses_met

        return min(self._on_duty.get(shift, ()), key=cost, default=None)

    def _nursed(self, stay: Stay, care: dict[int, str]) -> tuple[int, int]:
        """The levels of skill that these nurses lack for this person, and the load they bear beyond their most, more than without."""
        k, skill, over = len(self.problem.shifts), 0, 0
        for shift, name in care.items():
            nurse = self.problem.nurse[name]
            skill += max(stay.skill(shift, k) - nurse.skill, 0)
            over += _more(self._borne.get((name, shift), 0), stay.load(shift, k), nurse.most[shift])
        return skill, over


def without(problem: Problem, plan: InpatientPlan, patient: str) -> Others:
    """Everybody but this patient; nurses stay as they are."""
    return Others(problem, replace(plan, admissions=tuple(a for a in plan.admissions if a.patient != patient)))


def _more(before: int, added: int, most: int) -> int:
    """How much further beyond the most it is than it was."""
    return max(before + added - most, 0) - max(before - most, 0)


def _apart(stays: list[Stay]) -> int:
    ages = [s.person.age for s in stays]
    return max(ages) - min(ages) if ages else 0


def _fewer(genders: list[str]) -> int:
    counts = Counter(genders)
    return min(counts.values()) if len(counts) > 1 else 0


def _weighed(problem: Problem, **units: int) -> tuple[tuple[str, int], ...]:
    return tuple((rule, by * getattr(problem.weights, rule)) for rule, by in units.items() if by)
