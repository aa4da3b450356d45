"""How a hospital could be run: what a lever changes, and what is tried on the twin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sandcone.core.model import Model
from sandcone.core.plan import AS_TODAY, Plan

Care = Literal["as today", "one size", "segment", "personal"]
"""Which paths people get: the model's own ways, one package for everybody with an illness, one for each segment, or each their own."""
Booking = Literal["as today", "first come", "list", "optimised", "re-planned daily"]
"""How steps are given a time: as the model does, each patient's next free place, whole paths one by one, or by a search."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """A hospital and how it is run. Levers take one and give another; the one they were given stays as it was.

    ``money_per_week`` is what the changes cost beyond the hours of resources, which the model has. ``care`` and ``booking`` need known
    people and a library of modules; with neither they stay as they are. ``personal_from`` is the decoupling point: up to the first time
    this step is done paths are as for the segment, and personal behind it (None: from the beginning).
    """

    model: Model
    plan: Plan = AS_TODAY
    care: Care = "as today"
    booking: Booking = "as today"
    personal_from: str | None = None
    money_per_week: float = 0.0
