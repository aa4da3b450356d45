"""How a plan's cost is spread over the people in it: who bears what, the worst-off tenth, and what nobody bears.

Delay and being left out, skill that a nurse lacks and nurses met fall on the person they happen to. The age groups apart in a room are
shared evenly by those in it that day, a nurse's overload by those looked after, in proportion to the load they ask. Theatres opened and
surgeons' moves fall on no person. The shares of each rule add up to its cost in the score, exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from sandcone.core.inpatient import Inpatient, InpatientPlan, Problem
from sandcone.core.presence import Person, Presence, Stay


@dataclass(frozen=True, slots=True, kw_only=True)
class Borne:
    """What one person bears of a plan's cost, by rule, weighed.

    ``waiting`` is in days, for those who are admitted, and ``nurses`` how many are met, by them and those already there; else None.
    """

    person: str
    gender: str
    age: str
    by_rule: dict[str, Fraction]
    waiting: int | None = None
    nurses: int | None = None

    @property
    def cost(self) -> Fraction:
        """All of it."""
        return sum(self.by_rule.values(), Fraction(0))


@dataclass(frozen=True, slots=True)
class Spread:
    """Some people, those who bear most first, and how evenly they bear it."""

    people: tuple[Borne, ...]

    @property
    def cost(self) -> Fraction:
        """What they bear together."""
        return sum((p.cost for p in self.people), Fraction(0))

    @property
    def mean(self) -> float:
        """What each bears on average; 0 for nobody."""
        return float(self.cost / len(self.people)) if self.people else 0.0

    @property
    def worst_tenth(self) -> Spread:
        """The tenth of them who bear most, rounded up."""
        return Spread(self.people[: ceil(len(self.people) / 10)])

    @property
    def gini(self) -> float:
        """0 where all bear the same, near 1 where one bears all: half the mean difference between two people, over the mean (Gini 1912)."""
        n, costs = len(self.people), [p.cost for p in reversed(self.people)]
        ranked = sum(((2 * i - n + 1) * c for i, c in enumerate(costs)), Fraction(0))
        return float(ranked / (n * self.cost)) if self.cost else 0.0

    def as_json(self) -> dict[str, object]:
        """The figures as plain values."""
        worst = {"people": len(self.worst_tenth.people), "mean": self.worst_tenth.mean}
        return {"people": len(self.people), "mean": self.mean, "worst_tenth": worst, "gini": self.gini}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fairness:
    """What everybody bears of a plan's cost, and what falls on no person (by rule, weighed). Print it for the table."""

    everybody: Spread
    on_nobody: dict[str, int]

    @property
    def borne(self) -> int:
        """All that falls on people: a whole number, as the score's."""
        return int(self.everybody.cost)

    @property
    def in_bed(self) -> Spread:
        """Those who are admitted or already there."""
        return Spread(tuple(p for p in self.everybody.people if p.nurses is not None))

    @property
    def left_out(self) -> Spread:
        """Those who are not admitted."""
        return Spread(tuple(p for p in self.everybody.people if p.nurses is None))

    def groups(self) -> dict[str, Spread]:
        """The people by gender and by age group."""
        found: dict[str, tuple[Borne, ...]] = {}
        for p in self.everybody.people:
            for name in (f"gender {p.gender}", f"age {p.age}"):
                found[name] = (*found.get(name, ()), p)
        return {name: Spread(found[name]) for name in sorted(found, reverse=True)}

    def __str__(self) -> str:
        from sandcone.planning.fairness_words import words

        return words(self)

    def as_json(self) -> dict[str, object]:
        """Everybody and what they bear, and the figures of the spread, as plain values."""
        return {
            "schema": 1,
            "people": [_as_json(p) for p in self.everybody.people],
            "on_nobody": self.on_nobody,
            "everybody": self.everybody.as_json(),
            "in_bed": self.in_bed.as_json(),
            "groups": {name: of.as_json() for name, of in self.groups().items()},
        }


def fairness(problem: Problem, plan: InpatientPlan) -> Fairness:
    """How a plan's cost is spread over the patients and the people already there: what each bears, by rule, and what nobody does.

    In weighed units of cost; exact fractions, so that the shares add up to the score. ``ProblemError`` where the plan does not fit.
    """
    seen = Presence(problem, plan.fits(problem))
    shares: dict[str, dict[str, Fraction]] = {p.name: {} for p in _people(problem)}
    for person, rule, units in _all(seen):
        weighed = units * getattr(problem.weights, rule)
        if weighed:
            shares[person][rule] = shares[person].get(rule, Fraction(0)) + weighed
    return Fairness(everybody=Spread(tuple(sorted(_everybody(seen, shares), key=lambda p: -p.cost))), on_nobody=_on_nobody(seen))


Share = tuple[str, str, Fraction]
"""Who, the rule, and how many of its units."""


def _all(seen: Presence) -> Iterator[Share]:
    yield from _waiting(seen)
    yield from _met(seen)
    for (room, day), stays in seen.in_room.items():
        yield from _ages(stays)
        for shift in seen.shifts_of(day):
            yield from _skill(seen, stays, seen.plan.care.get((room, shift)), shift)
    yield from _overload(seen)


def _waiting(seen: Presence) -> Iterator[Share]:
    for p in seen.problem.patients:
        a = seen.plan.admitted.get(p.name)
        if a is None and not p.mandatory:
            yield p.name, "left_out", Fraction(1)
        if a is not None:
            yield p.name, "delay", Fraction(max(a.day - p.release, 0))


def _met(seen: Presence) -> Iterator[Share]:
    for stay in seen.stays:
        yield stay.person.name, "nurses_met", Fraction(len(_nurses(seen, stay)))


def _nurses(seen: Presence, stay: Stay) -> set[str]:
    shifts = (s for day in range(stay.first, stay.after) for s in seen.shifts_of(day))
    return {nurse for s in shifts if (nurse := seen.plan.care.get((stay.room, s))) is not None}


def _ages(stays: Sequence[Stay]) -> Iterator[Share]:
    ages = [s.person.age for s in stays]
    for s in stays:
        yield s.person.name, "mixed_ages", Fraction(max(ages) - min(ages), len(stays))


def _skill(seen: Presence, stays: Sequence[Stay], nurse: str | None, shift: int) -> Iterator[Share]:
    if nurse is not None:
        for s in stays:
            short = s.skill(shift, len(seen.problem.shifts)) - seen.problem.nurse[nurse].skill
            yield s.person.name, "skill_short", Fraction(max(short, 0))


def _overload(seen: Presence) -> Iterator[Share]:
    k = len(seen.problem.shifts)
    after: dict[tuple[str, int], list[tuple[str, int]]] = {}
    for (room, shift), nurse in seen.plan.care.items():
        here = seen.in_room.get((room, shift // k), [])
        after.setdefault((nurse, shift), []).extend((s.person.name, s.load(shift, k)) for s in here)
    for (nurse, shift), loads in after.items():
        whole = sum(load for _, load in loads)
        over = whole - seen.problem.nurse[nurse].most[shift]
        if over > 0:
            yield from ((person, "overload", Fraction(over * load, whole)) for person, load in loads)


def _people(problem: Problem) -> list[Person]:
    return [*problem.occupants, *problem.patients]


def _everybody(seen: Presence, shares: dict[str, dict[str, Fraction]]) -> Iterator[Borne]:
    stays = {s.person.name: s for s in seen.stays}
    for who in _people(seen.problem):
        stay = stays.get(who.name)
        yield Borne(
            person=who.name,
            gender=who.gender,
            age=seen.problem.ages[who.age],
            by_rule=shares[who.name],
            waiting=max(stay.first - who.release, 0) if stay is not None and isinstance(who, Inpatient) else None,
            nurses=None if stay is None else len(_nurses(seen, stay)),
        )


def _on_nobody(seen: Presence) -> dict[str, int]:
    used = {(p.surgeon, a.day, a.theatre) for p, a in seen.treated}
    theatres, surgeons = {(t, d) for _, d, t in used}, {(s, d) for s, d, _ in used}
    w = seen.problem.weights
    return {"open_theatre": len(theatres) * w.open_theatre, "surgeon_moves": (len(used) - len(surgeons)) * w.surgeon_moves}


def _as_json(p: Borne) -> dict[str, object]:
    by_rule = {rule: round(float(cost), 6) for rule, cost in p.by_rule.items()}
    return {"person": p.person, "cost": round(float(p.cost), 6), "by_rule": by_rule, "waiting": p.waiting, "nurses": p.nurses}
