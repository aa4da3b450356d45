"""Who is in the house when a run begins: patients who wait for a step, whose step is under way, or who are between two steps.

Times are minutes before the moment at which the run begins, so 0 or below.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from sandcone.core.errors import ModelError
from sandcone.core.model import Model
from sandcone.core.route import END


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One place that a patient keeps, such as a bed: until the step of that name has ended, or the journey is over (None)."""

    resource: str
    until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A patient who is waiting at minute 0: for the step of which node, and since when.

    ``since`` is the minute at which the step was needed, 0 or below; ``arrived`` when the patient came (None: then). With an appointment,
    ``booked`` is its minute: the patient stands in no line before.
    """

    name: str
    node: str
    since: float
    booked: float | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    arrived: float | None = None
    keeps: tuple[Kept, ...] = ()

    def __post_init__(self) -> None:
        _past(self.name, self.since, self.arrived)
        if self.booked is not None and not math.isfinite(self.booked):
            raise ModelError(f"present patient {self.name!r}", f"booked for minute {self.booked}", "Give a minute, or none.")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """A patient who is between two steps at minute 0: the step of ``node`` comes next, and is not possible yet.

    The delay before it began at ``since``, when the step before had ended. How much longer it lasts is drawn, given how long it has lasted.
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
class SideBySide:
    """A patient with parts of the journey going on side by side at minute 0: where each part stands, and where all lead to.

    ``then`` is the node at which the journey goes on when every part has come to its end. Who the patient is, when they came and what they
    keep is said here, once, and not of the parts.
    """

    name: str
    parts: tuple[Present, ...]
    then: str = END
    attributes: Mapping[str, str] = field(default_factory=dict)
    arrived: float | None = None
    keeps: tuple[Kept, ...] = ()

    def __post_init__(self) -> None:
        if not self.parts:
            raise ModelError(f"present patient {self.name!r}", "no part of the journey goes on", "Name one part, or leave the patient out.")
        if any(p.name != self.name or p.attributes or p.keeps or p.arrived is not None for p in self.parts):
            found = "a part with a name, attributes, an arrival or places kept of its own"
            raise ModelError(f"present patient {self.name!r}", found, "Say these once, of the patient.")
        _past(self.name, self.since, self.arrived)

    @property
    def since(self) -> float:
        """Since when the first of the parts has been where it stands."""
        return min(p.since for p in self.parts)


Present = Waiting | UnderWay | Between | SideBySide


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A hospital as it stands at some moment: who is there, and the model whose days go on from then.

    The moment is ``first_minute`` minutes after midnight of ``model.begin``. ``notes`` say who was found where, a sentence each.
    """

    model: Model
    first_minute: float
    present: tuple[Present, ...]
    notes: tuple[str, ...] = ()


def places_used(present: Present) -> tuple[str, ...]:
    """The resources that a patient uses or keeps, one name for each place."""
    mine = present.resources if isinstance(present, UnderWay) else ()
    parts = present.parts if isinstance(present, SideBySide) else ()
    return (*mine, *(k.resource for k in present.keeps), *(r for part in parts for r in places_used(part)))


def _past(name: str, since: float, before: float | None) -> None:
    earlier = since if before is None else before
    if not (math.isfinite(since) and since <= 0 and math.isfinite(earlier) and earlier <= since):
        found = f"present since minute {since}" + ("" if before is None else f", needed or arrived at minute {before}")
        raise ModelError(f"present patient {name!r}", found, "Give minutes before 0, the earlier one first.")
