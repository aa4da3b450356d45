"""What patients wish for, and where a timetable does not give it: one small function a kind of wish."""

from __future__ import annotations

from collections.abc import Iterator

from sandcone.core.journey import Between, FewDays, InHours, Knows, OnDays, Stays, Wish
from sandcone.core.journeys import DAY, Journeys
from sandcone.core.score import Broken
from sandcone.planning.journeys.visits import Visit, Visits


def wishes_missed(b: Visits) -> Iterator[Broken]:
    """A task is not as the patient wished (days, hours, somebody they know, few visits), times the wish's weight."""
    for who, visits in b.of.items():
        for wish in visits[0].journey.wishes:
            missed = times_missed(b.problem, wish, visits)
            if missed:
                yield Broken("wishes_missed", f"patient {who}, {type(wish).__name__}", missed * wish.weight)


def times_missed(problem: Journeys, wish: Wish, visits: tuple[Visit, ...]) -> int:
    """At how many tasks a wish is not met; for few days, how many days too many."""
    if isinstance(wish, FewDays):
        return max(len({v.day for v in visits}) - wish.most, 0)
    return sum(not as_wished(problem, wish, v) for v in visits)


def as_wished(problem: Journeys, wish: Wish, v: Visit) -> bool:
    """Whether one task is as wished."""
    match wish:
        case OnDays():
            return problem.weekday(v.day) in wish.days
        case InHours():
            return wish.start <= v.start % DAY and v.start % DAY + v.task.minutes <= wish.end
        case Between():
            return wish.first <= v.start and (wish.last is None or v.end <= wish.last)
        case Knows():
            could = any(wish.resource in problem.members(need) for need in v.task.needs)
            return not could or wish.resource in v.resources
        case Stays():
            return v.task is not v.journey.tasks[v.journey.place(wish.task)] or v.day == wish.day
        case _:
            return True
