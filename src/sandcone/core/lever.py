"""A lever: one named change of how a hospital is run, with the settings it can have, what each costs, and a way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sandcone.core.arrangement import Arrangement

Change = Callable[[Arrangement], Arrangement]
"""From an arrangement to a changed one; ``ModelError`` where it cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One way in which a lever can be set. ``change`` can be sent to another process."""

    name: str
    change: Change
    money_per_week: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """A named change with one setting or several; setting 0 is always "as today" and stands in no list.

    ``use`` is which of the shipped kinds it is, ``words`` says in one sentence what it does.
    """

    name: str
    use: str
    words: str
    settings: tuple[Setting, ...]


BRANCH = " · "
"""Stands between a step's name and what a lever made of it: "Consultation · from home" is still a consultation for every measure."""


def plain(step: str) -> str:
    """The name of a step as it was before any lever made another way of doing it."""
    return step.partition(BRANCH)[0]


LeverSet = tuple[int, ...]
"""For each lever the number of its setting, 0 being as today: (0, 2, 0) sets the second of three levers to its second setting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a set of levers may cost, times as today (None: no limit); ``staff`` names the pools that are people, ``*`` any text."""

    cost: float | None = None
    staff_cost: float | None = None
    staff: tuple[str, ...] = ("*",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How long a full run is, in whole days: the house fills up, then comes what counts, then those who came are followed to their end."""

    settle_days: int = 42
    days: int = 56
    follow_days: int = 28

    @property
    def total_days(self) -> int:
        """Days of a run."""
        return self.settle_days + self.days + self.follow_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Levers:
    """All that may be changed, within what limits, and how long the runs are that it is tried in.

    ``not_here`` names levers that this hospital cannot have, and why.
    """

    levers: tuple[Lever, ...]
    limits: Limits = Limits()
    course: Course = Course()
    not_here: Mapping[str, str] = field(default_factory=dict)
    sha256: str | None = None  # of the file they were read from


def arranged(levers: Sequence[Lever], setting: LeverSet, today: Arrangement) -> Arrangement:
    """The arrangement with these levers set, one after the other in the order of the list."""
    at = today
    for lever, which in zip(levers, setting, strict=True):
        if which:
            chosen = lever.settings[which - 1]
            at = chosen.change(at)
            at = replace(at, money_per_week=at.money_per_week + chosen.money_per_week)
    return at


def named(levers: Sequence[Lever], setting: LeverSet) -> tuple[tuple[str, str], ...]:
    """The levers that are set, each with the name of its setting."""
    return tuple((lever.name, lever.settings[which - 1].name) for lever, which in zip(levers, setting, strict=True) if which)
