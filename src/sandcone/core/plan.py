"""A plan: who goes first where, and who is booked when. Carrying on as today is a plan too."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from sandcone.core.errors import ModelError


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstCome:
    """Whoever has needed the step longest goes first."""

    kind: Literal["first come"] = "first come"


@dataclass(frozen=True, slots=True, kw_only=True)
class ByClass:
    """Classes of patients one after the other, by the value of an attribute; within a class, first come.

    ``order`` lists the values, the first one served first; patients with any other value come last.
    """

    attribute: str
    order: tuple[str, ...]
    kind: Literal["by class"] = "by class"

    def __post_init__(self) -> None:
        _each_once(self.order)


@dataclass(frozen=True, slots=True, kw_only=True)
class ByStep:
    """Steps one after the other where they share resources: patients waiting for the first listed step go first."""

    order: tuple[str, ...]
    kind: Literal["by step"] = "by step"

    def __post_init__(self) -> None:
        _each_once(self.order)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDate:
    """Whoever is due first goes first: due so many minutes after arriving, by the value of an attribute."""

    attribute: str
    within_minutes: Mapping[str, float]
    otherwise_minutes: float
    kind: Literal["due date"] = "due date"

    def __post_init__(self) -> None:
        _due_times(self.within_minutes, self.otherwise_minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slack:
    """Whoever has least time to spare goes first: time until due, less the mean time that this step takes."""

    attribute: str
    within_minutes: Mapping[str, float]
    otherwise_minutes: float
    kind: Literal["slack"] = "slack"

    def __post_init__(self) -> None:
        _due_times(self.within_minutes, self.otherwise_minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortestFirst:
    """Whoever takes least time, by the mean of the step for patients like them, goes first."""

    kind: Literal["shortest first"] = "shortest first"


@dataclass(frozen=True, slots=True, kw_only=True)
class NobodyOver:
    """Whoever has waited longer than ``minutes`` goes first, the longest wait before the others; else follow ``otherwise``."""

    minutes: float
    otherwise: Queue
    kind: Literal["nobody over"] = "nobody over"

    def __post_init__(self) -> None:
        if isinstance(self.otherwise, NobodyOver):
            raise ModelError("queue", "'nobody over' inside 'nobody over'", "Give one limit.")
        if not self.minutes >= 0:
            raise ModelError("queue", f"nobody over {self.minutes} minutes", "Give 0 or more.")


Queue = Annotated[FirstCome | ByClass | ByStep | DueDate | Slack | ShortestFirst | NobodyOver, Field(discriminator="kind")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """One step of one known patient, not to begin before this minute; of two for one step the last counts, each time the step is done."""

    patient: str
    step: str
    minute: float

    def __post_init__(self) -> None:
        if not 0 <= self.minute < math.inf:
            raise ModelError(f"booking of {self.patient!r}", f"minute {self.minute}", "Give minutes since the model begins, 0 or more.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a hospital chooses who goes next, and what it has booked.

    ``queue`` holds where ``queues`` does not name the step; None leaves it to the model, which is "as today".
    """

    name: str = "as today"
    queue: Queue | None = None
    queues: Mapping[str, Queue] = field(default_factory=dict)
    booked: tuple[Booked, ...] = ()

    __pydantic_config__ = ConfigDict(extra="forbid")  # holds for every noun inside it too


AS_TODAY = Plan()


def _each_once(order: tuple[str, ...]) -> None:
    if not order or len(set(order)) != len(order):
        raise ModelError("queue", "an order that is empty or names something twice", "List each one once, the one served first in front.")


def _due_times(within_minutes: Mapping[str, float], otherwise_minutes: float) -> None:
    for minutes in (*within_minutes.values(), otherwise_minutes):
        if not 0 <= minutes < math.inf:
            raise ModelError("queue", f"due within {minutes} minutes", "Give a number of minutes, 0 or more.")
