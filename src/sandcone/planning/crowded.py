"""Days on which more is needed than there is, by adding up alone: minutes of a surgeon, minutes of all theatres, nights in all rooms.

What is found cannot be met, whatever else holds. It is quick, and the few people it names are where a conflict is best looked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sandcone.core.inpatient import Inpatient, Problem
from sandcone.planning.possible import Demand

Need = Callable[[Inpatient, int, int], int]
"""What a patient needs at least between two days, both counted in."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """Who needs something, how much of it there is each day, and the demands that there be no more."""

    people: Sequence[Inpatient]
    need: Need
    there_is: Sequence[int]
    limits: Callable[[range], list[Demand]]


def crowded(problem: Problem) -> tuple[tuple[Demand, ...], ...]:
    """Sets of demands that cannot be met, by the sums of some days: at most one a kind of need, those with the fewest people first."""
    found = (_fewest(problem, kind) for kind in _kinds(problem))
    return tuple(sorted((f for f in found if f is not None), key=len))


def _kinds(problem: Problem) -> Iterator[_Kind]:
    must = [p for p in problem.patients if p.mandatory]
    for surgeon in problem.surgeons:
        theirs = [p for p in must if p.surgeon == surgeon.name]
        yield _Kind(theirs, _minutes, _long_enough(theirs, surgeon.minutes), lambda days, s=surgeon.name: _by_day("surgeon", [s], days))  # type: ignore[misc]
    whole = [sum(_long_enough(must, t.minutes)[d] for t in problem.theatres) for d in range(problem.days)]
    yield _Kind(must, _minutes, whole, lambda days: _by_day("theatre", list(problem.theatre), days))
    yield _Kind(must, nights_at_least, _free(problem), lambda days: _rooms(problem, days))


def _fewest(problem: Problem, kind: _Kind) -> tuple[Demand, ...] | None:
    """The demands of the days on which the fewest people need more than there is."""
    best: tuple[int, list[Demand]] | None = None
    for first in range(problem.days):
        for last in range(first, problem.days):
            people = _too_many(kind, first, last)
            if people and (best is None or len(people) < best[0]):
                who = [Demand(kind="must come", name=p.name) for p in people]
                best = len(people), who + kind.limits(range(first, last + 1))
    return None if best is None else tuple(best[1])


def _too_many(kind: _Kind, first: int, last: int) -> list[Inpatient]:
    """As few people as together need more than there is between two days; nobody where there is enough for all."""
    needs = sorted(((kind.need(p, first, last), i) for i, p in enumerate(kind.people)), key=lambda x: (-x[0], x[1]))
    has, people = sum(kind.there_is[first : last + 1]), []
    for need, i in needs:
        if not need:
            break
        has -= need
        people.append(kind.people[i])
        if has < 0:
            return people
    return []


def _minutes(p: Inpatient, first: int, last: int) -> int:
    return p.minutes if p.due is not None and first <= p.release and p.due <= last else 0


def nights_at_least(p: Inpatient, first: int, last: int) -> int:
    """The nights between two days that a stay has at least: fewest if it begins as early, or as late, as it may."""
    return min(max(min(day + p.nights - 1, last) - max(day, first) + 1, 0) for day in (p.release, p.due or 0))


def _long_enough(people: Sequence[Inpatient], minutes: Sequence[int]) -> list[int]:
    """The minutes of days that are long enough for anybody at all."""
    shortest = min((p.minutes for p in people), default=0)
    return [m if m >= shortest else 0 for m in minutes]


def _free(problem: Problem) -> list[int]:
    """The beds that are free each day."""
    beds = sum(r.beds for r in problem.rooms)
    return [beds - sum(o.nights > day for o in problem.occupants) for day in range(problem.days)]


def _by_day(kind: str, names: Sequence[str], days: range) -> list[Demand]:
    return [Demand(kind="surgeon" if kind == "surgeon" else "theatre", name=name, day=day) for day in days for name in names]


def _rooms(problem: Problem, days: range) -> list[Demand]:
    there = [Demand(kind="already there", name=o.name) for o in problem.occupants if o.nights > days.start]
    return there + [Demand(kind="beds", name=r.name) for r in problem.rooms]
