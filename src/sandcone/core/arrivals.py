"""Who comes, and when: by rates, by gaps, by appointment, or as a list of known patients."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field

from sandcone.core.errors import ModelError
from sandcone.core.law import Law
from sandcone.core.site import Calendar

HOURS_OF_A_WEEK = 168


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Patients who are alike: the attributes they share, and their share of those who come."""

    share: float
    attributes: Mapping[str, str] = field(default_factory=dict)


ANYBODY = (Kind(share=1.0),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Patients who come one by one, by chance, so many an hour; the rate may change with the hour of the week.

    ``per_hour`` has one number, or 168 of them from Monday 00:00. ``growth_per_week`` is the change a week as a share (0.01: 1 % more
    each week). ``party`` is how many come together at one moment, a law whose draws are rounded to whole people, one at least.
    """

    per_hour: tuple[float, ...]
    growth_per_week: float = 0.0
    party: Law | None = None
    kinds: tuple[Kind, ...] = ANYBODY
    first: str | None = None
    name: str = "arrivals"
    kind: Literal["rate"] = "rate"

    def __post_init__(self) -> None:
        if len(self.per_hour) not in (1, HOURS_OF_A_WEEK) or any(not (math.isfinite(r) and r >= 0) for r in self.per_hour):
            raise ModelError(f"arrivals {self.name!r}", "rates that cannot be", "Give one number an hour, or 168, each 0 or more.")
        if max(self.per_hour) == 0:
            raise ModelError(f"arrivals {self.name!r}", "a rate of 0 at all hours: nobody ever comes", "Give a rate, or take them out.")
        if not -1 < self.growth_per_week < math.inf:
            raise ModelError(f"arrivals {self.name!r}", "a fall of 100 % a week or more", "Give a share above -1.")
        _mixed(self.name, self.kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """Patients who come one after the other, with a gap drawn from a law; with ``open``, gaps run in open hours only."""

    gap: Law
    open: Calendar | None = None
    kinds: tuple[Kind, ...] = ANYBODY
    first: str | None = None
    name: str = "arrivals"
    kind: Literal["gaps"] = "gaps"

    def __post_init__(self) -> None:
        if self.gap.mean <= 0:
            raise ModelError(f"arrivals {self.name!r}", "a gap of 0 minutes", "Give a mean gap above 0.")
        _mixed(self.name, self.kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """Patients who come by appointment at fixed minutes of the week (0 is Monday 00:00), each slot filled with a chance ``filled``.

    They come ``unpunctual`` minutes after the slot, less ``early_minutes``. A share ``no_show`` does not come at all.
    """

    slots: tuple[float, ...]
    filled: float = 1.0
    no_show: float = 0.0
    unpunctual: Law | None = None
    early_minutes: float = 0.0
    kinds: tuple[Kind, ...] = ANYBODY
    first: str | None = None
    name: str = "arrivals"
    kind: Literal["slots"] = "slots"

    def __post_init__(self) -> None:
        week = HOURS_OF_A_WEEK * 60
        if not self.slots or any(not 0 <= s < week for s in self.slots) or list(self.slots) != sorted(self.slots):
            raise ModelError(
                f"arrivals {self.name!r}", "slots that are not rising minutes of a week", f"Give minutes from 0 up to {week - 1}."
            )
        if not 0 <= self.early_minutes < math.inf:
            raise ModelError(f"arrivals {self.name!r}", f"early_minutes is {self.early_minutes}", "Give a number of minutes, 0 or more.")
        if not (0 < self.filled <= 1 and 0 <= self.no_show < 1):
            raise ModelError(f"arrivals {self.name!r}", "shares that cannot be", "filled is above 0, no_show below 1.")
        _mixed(self.name, self.kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """One known patient: when the need arises, who they are, and where their own path begins."""

    name: str
    minute: float
    attributes: Mapping[str, str] = field(default_factory=dict)
    first: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Known patients, in order of arrival."""

    patients: tuple[Patient, ...]
    first: str | None = None
    name: str = "list"
    kind: Literal["listed"] = "listed"

    def __post_init__(self) -> None:
        minutes = [p.minute for p in self.patients]
        if minutes != sorted(minutes) or any(not (math.isfinite(m) and m >= 0) for m in minutes):
            raise ModelError(f"arrivals {self.name!r}", "patients out of order", "List them by minute of arrival, 0 or more.")
        if len({p.name for p in self.patients}) != len(self.patients):
            raise ModelError(f"arrivals {self.name!r}", "two patients with one name", "Give each patient a name of their own.")


Arrivals = Annotated[Rate | Gaps | Slots | Listed, Field(discriminator="kind")]


def _mixed(name: str, kinds: tuple[Kind, ...]) -> None:
    shares = [k.share for k in kinds]
    if any(not s >= 0 for s in shares) or not math.isclose(math.fsum(shares), 1, abs_tol=1e-6):
        raise ModelError(f"arrivals {name!r}", f"kinds of patients whose shares add up to {math.fsum(shares):g}", "Make them add up to 1.")
