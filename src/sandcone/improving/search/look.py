"""How sets of levers are looked at: by formula at once, or in runs of the twin. The search knows of the twin no more than this."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sandcone.core.lever import Course, LeverSet
from sandcone.core.outcome import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One run that is asked for: these levers, with the luck of this replication; ``short`` over the days of ``short_course``."""

    levers: LeverSet
    replication: int
    short: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What a formula says of a set before any run: objectives in the order of ``OBJECTIVES`` (NaN: not known), costs times today's.

    ``seen`` says for each lever whether the formula sees what it does.
    """

    values: tuple[float, ...]
    seen: tuple[bool, ...]
    cost: float = 1.0
    staff_cost: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The two ways to look at sets of levers; a text in place of an answer says why a set is not tried, or has no outcome.

    Both give answers in the order asked, and the same answer to the same question however many cores there are.
    """

    glance: Callable[[Sequence[LeverSet]], Sequence[Glance | str]]
    attempt: Callable[[Sequence[Task]], Sequence[Outcome | str]]


def short_course(course: Course) -> Course:
    """A run half as long: half the days to settle, half that count, half to follow."""
    return Course(settle_days=course.settle_days // 2, days=max(course.days // 2, 1), follow_days=course.follow_days // 2)


def short_share(course: Course) -> float:
    """What a short run costs, in full runs: its share of their days."""
    return short_course(course).total_days / course.total_days
