"""What one run of one arrangement came to: the few numbers that arrangements are chosen by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sandcone.core.period import Period

Name = Literal["resource efficiency", "flow efficiency", "fit", "worst-off wait", "cost"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """One thing that is wanted: its unit, whether more of it is better, and the least difference that matters (in its unit)."""

    name: Name
    unit: str
    more: bool
    least: float


OBJECTIVES: tuple[Objective, ...] = (
    Objective(name="resource efficiency", unit="share", more=True, least=0.002),
    Objective(name="flow efficiency", unit="share", more=True, least=0.001),
    Objective(name="fit", unit="share", more=True, least=0.005),
    Objective(name="worst-off wait", unit="h", more=False, least=0.5),
    Objective(name="cost", unit="money a week", more=False, least=0.0),
)
"""In the order in which ``Outcome.values`` has them. For ``cost`` a difference matters if it is 0.1 % of today's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One run in numbers. Patients are those whose need arose in the days that count; who had not left by the end counts with hours so far.

    ``resource``: busy over open hours and overtime, weighted by cost; ``flow``: hours of help over hours from need
    to end; ``fit`` to needs, 0 to 1 (NaN where no needs are named); ``worst_wait``: mean hours waited of the tenth that waits longest;
    ``cost``: money a week for open hours, overtime and levers, of which ``staff_cost`` for people. ``unfinished`` is the share of
    patients who had not left, ``growth`` how many more patients a day were in the house in the last quarter of the days that count than
    in the first, as a share of the mean.
    """

    resource: float
    flow: float
    fit: float
    worst_wait: float
    cost: float
    staff_cost: float
    wait: float  # mean hours waited
    throughput: float  # mean hours from need to end
    patients: int
    unfinished: float
    growth: float
    period: Period | None = None

    @property
    def values(self) -> tuple[float, ...]:
        """The objectives, in the order of ``OBJECTIVES``."""
        return self.resource, self.flow, self.fit, self.worst_wait, self.cost
