"""Why a patient is where a plan has them: every other day, room and theatre, with what it would cost or what forbids it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from sandcone.core.errors import ProblemError
from sandcone.core.inpatient import Admission, Inpatient, InpatientPlan, Problem
from sandcone.planning.compare import place_as_json
from sandcone.planning.in_the_way import in_the_way
from sandcone.planning.others import Adds, Forbids, Others, together, without


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Another place for one patient, everybody else as they are; ``admission`` None leaves the patient out.

    ``cost`` and ``costs`` are differences to the plan as it is, by rule, weighed: 0 or more is no better. ``forbids`` says which rules the
    place breaks, ``broken`` how much more of that there is than now, in the rules' units. ``nurses`` are given, as (room, global shift,
    nurse), where the room was empty and had none.
    """

    patient: str
    admission: Admission | None
    costs: tuple[tuple[str, int], ...]
    forbids: tuple[Forbids, ...] = ()
    broken: int = 0
    nurses: tuple[tuple[str, int, str], ...] = ()

    @property
    def cost(self) -> int:
        """How much dearer the plan becomes; below 0 it becomes cheaper."""
        return sum(c for _, c in self.costs)

    @property
    def possible(self) -> bool:
        """Whether it breaks nothing that may not be broken."""
        return not self.forbids

    def applied(self, plan: InpatientPlan) -> InpatientPlan:
        """The plan with the patient there."""
        others = tuple(a for a in plan.admissions if a.patient != self.patient)
        here = () if self.admission is None else (self.admission,)
        return replace(plan, admissions=others + here, care=plan.care | {(room, shift): nurse for room, shift, nurse in self.nurses})


@dataclass(frozen=True, slots=True)
class Parts:
    """What each day, each theatre on a day and each room from a day adds for one patient: a place adds the three of it.

    A room is worked out when it is first asked for: most days are none for other reasons.
    """

    others: Others
    who: Inpatient
    seen: dict[tuple[int, str], Adds] = field(default_factory=dict, repr=False, compare=False)

    def day(self, day: int) -> Adds:
        """What the day alone adds: the patient's own days, the surgeon, the delay."""
        return self.others.on(self.who, day)

    def theatre(self, day: int, theatre: str) -> Adds:
        """What a theatre adds on a day."""
        return self.others.theatre(self.who, day, theatre)

    def room(self, day: int, room: str) -> Adds:
        """What a room adds from a day on."""
        if (day, room) not in self.seen:
            self.seen[day, room] = self.others.room(self.who, day, room)
        return self.seen[day, room]

    def out(self) -> Adds:
        """What leaving the patient out adds."""
        return self.others.out(self.who)

    def at(self, day: int, room: str, theatre: str) -> Adds:
        """What one place adds."""
        return together((self.day(day), self.theatre(day, theatre), self.room(day, room)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One patient's place in a plan and every other place there could be, everybody else as they are.

    ``now`` is None for a patient who is left out, ``present`` what the patient adds to the plan as it is. Print it for the words.
    """

    problem: Problem = field(repr=False)
    patient: Inpatient
    now: Admission | None
    present: Adds
    parts: Parts = field(repr=False)

    def alternatives(self) -> Iterator[Alternative]:
        """Every other place: leaving out first, then by day, room and theatre."""
        if self.now is not None:
            yield self.alternative(None)
        for day in range(self.problem.days):
            for room in self.problem.room:
                for theatre in self.problem.theatre:
                    place = Admission(patient=self.patient.name, day=day, room=room, theatre=theatre)
                    if place != self.now:
                        yield self.alternative(place)

    def alternative(self, place: Admission | None) -> Alternative:
        """One other place: exact, by the scorer's rules."""
        adds = self.parts.out() if place is None else self.parts.at(place.day, place.room, place.theatre)
        was, becomes = dict(self.present.costs), dict(adds.costs)
        differs = ((rule, becomes.get(rule, 0) - was.get(rule, 0)) for rule in sorted(was.keys() | becomes.keys()))
        return Alternative(
            patient=self.patient.name,
            admission=place,
            costs=tuple((rule, cost) for rule, cost in differs if cost),
            forbids=adds.forbids,
            broken=adds.broken - self.present.broken,
            nurses=() if place is None else tuple((place.room, shift, nurse) for shift, nurse in adds.nurses),
        )

    def best_on(self, day: int) -> Alternative | None:
        """The cheapest place on a day that breaks nothing and is not the present one; None where there is none."""
        return min((self.alternative(p) for p in self.places_on(day) if p != self.now), key=lambda a: a.cost, default=None)

    def places_on(self, day: int) -> list[Admission]:
        """The cheapest place on a day that breaks nothing, and the next cheapest room and theatre; nothing where there is none."""
        if self.parts.day(day).forbids:
            return []
        theatres = _cheapest((t, self.parts.theatre(day, t)) for t in self.problem.theatre)
        rooms = _cheapest((r, self.parts.room(day, r)) for r in self.problem.room) if theatres else []
        pairs = [*((r, t) for r in rooms[:1] for t in theatres[:2]), *((r, t) for r in rooms[1:2] for t in theatres[:1])]
        return [Admission(patient=self.patient.name, day=day, room=r, theatre=t) for r, t in pairs]

    def best(self) -> Alternative | None:
        """The cheapest other day, room and theatre that break nothing; None where there are none."""
        days = (self.best_on(day) for day in range(self.problem.days))
        return min((a for a in days if a is not None), key=lambda a: a.cost, default=None)

    def in_the_way(self, day: int) -> tuple[str, ...]:
        """On a day that has no place: the patients any one of whom, if not there, would leave one, everybody else as they are."""
        return () if self.places_on(day) else in_the_way(self.parts.others, self.patient, day)

    def __str__(self) -> str:
        from sandcone.planning.explain_words import words

        return words(self)

    def as_json(self) -> dict[str, object]:
        """The place and every alternative as plain values, the cheapest possible ones first, then the forbidden ones by how much."""
        found = sorted(self.alternatives(), key=lambda a: (len(a.forbids) > 0, a.cost if a.possible else a.broken))
        return {
            "schema": 1,
            "patient": self.patient.name,
            "now": place_as_json(self.now),
            "costs": dict(self.present.costs),
            "in_the_way": {day: self.in_the_way(day) for day in range(self.problem.days) if self.best_on(day) is None},
            "alternatives": [_as_json(a) for a in found],
        }


def explain(problem: Problem, plan: InpatientPlan, patient: str) -> Explained:
    """Why one patient is where the plan has them: every other day, room and theatre, and leaving out, by cost or by what forbids it.

    Everybody else stays, and nurses keep their rooms; a room that was empty and had no nurse gets the cheapest for this patient, shift by
    shift. Costs are exact: the changed plan's score less the plan's. ``ProblemError`` where there is no such patient.
    """
    if patient not in problem.patient:
        raise ProblemError(f"patient {patient!r}", "not in the problem", f"There are {len(problem.patient)}, such as {_some(problem)}.")
    who, now = problem.patient[patient], plan.fits(problem).admitted.get(patient)
    others = without(problem, plan, patient)
    return Explained(problem=problem, patient=who, now=now, present=_present(others, who, now), parts=Parts(others, who))


def _some(problem: Problem) -> str:
    return ", ".join(list(problem.patient)[:3])


def _present(others: Others, who: Inpatient, now: Admission | None) -> Adds:
    if now is None:
        return others.out(who)
    room = others.room(who, now.day, now.room, give=False)
    return together((others.on(who, now.day), others.theatre(who, now.day, now.theatre), room))


def _cheapest(found: Iterator[tuple[str, Adds]]) -> list[str]:
    possible = [(adds.cost, i, name) for i, (name, adds) in enumerate(found) if not adds.forbids]
    return [name for _, _, name in sorted(possible)]


def _as_json(a: Alternative) -> dict[str, object]:
    forbids = [{"rule": f.rule, "what": f.what, "day": f.day, "by": f.by} for f in a.forbids]
    nurses = [{"room": r, "shift": s, "nurse": n} for r, s, n in a.nurses]
    return {
        "place": place_as_json(a.admission),
        "possible": a.possible,
        "cost": a.cost,
        "costs": dict(a.costs),
        "forbids": forbids,
        "nurses": nurses,
    }
