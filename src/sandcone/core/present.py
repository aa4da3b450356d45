"""Who is in the house when a run begins: patients who wait for a step, and patients whose step is under way."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from sandcone.core.errors import ModelError


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One place that a patient keeps, such as a bed: until the step of that name has ended, or the journey is over (None)."""

    resource: str
    until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A patient who is waiting at minute 0: for the step of which node, and since when.

    ``since`` is the minute at which the step was needed, 0 or below; ``arrived`` when the patient came (None: then).
    """

    name: str
    node: str
    since: float
    attributes: Mapping[str, str] = field(default_factory=dict)
    arrived: float | None = None
    keeps: tuple[Kept, ...] = ()

    def __post_init__(self) -> None:
        _past(self.name, self.since, self.arrived)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """A patient whose step is being done at minute 0: since when, and by which resources, the step's first one first.

    ``ready`` is when the step was needed (None: when it began). How much longer it takes is drawn, given how long it has taken.
    """

    name: str
    node: str
    since: float
    resources: tuple[str, ...] = ()
    ready: float | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    arrived: float | None = None
    keeps: tuple[Kept, ...] = ()

    def __post_init__(self) -> None:
        _past(self.name, self.since, self.ready)
        _past(self.name, self.since, self.arrived)


Present = Waiting | UnderWay


def _past(name: str, since: float, before: float | None) -> None:
    earlier = since if before is None else before
    if not (math.isfinite(since) and since <= 0 and math.isfinite(earlier) and earlier <= since):
        found = f"present since minute {since}" + ("" if before is None else f", needed or arrived at minute {before}")
        raise ModelError(f"present patient {name!r}", found, "Give minutes before 0, the earlier one first.")
