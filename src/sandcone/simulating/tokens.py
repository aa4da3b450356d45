"""Patients on their way, in the plain engine: who they are, what they keep, and where each part of their journey stands."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sandcone.core.model import Need, Step
from sandcone.core.route import END, Do
from sandcone.simulating.house import Place, Use


@dataclass(slots=True, eq=False)
class KeptPlace:
    """A place kept beyond its step: until a named step has ended, until the journey is over, or (blocked) until a token's next step."""

    place: Place
    until: str | None
    blocked_by: Token | None = None


@dataclass(slots=True, eq=False)
class Patient:
    """One patient in the house."""

    number: int
    who: Mapping[str, str]
    arrived: float
    tokens: list[Token] = field(default_factory=list)
    kept: list[KeptPlace] = field(default_factory=list)

    def token(self, key: int, parent: Token | None = None) -> Token:
        """A new part of this patient's journey."""
        made = Token(self, key, parent)
        self.tokens.append(made)
        return made


@dataclass(slots=True, eq=False)
class Token:
    """One part of a journey; ``stamp`` changes whenever what was foreseen for it no longer holds."""

    patient: Patient
    key: int
    parent: Token | None
    visits: int = 0  # nodes visited so far
    visit: int = 0  # which of them the step is
    stamp: int = 0
    state: Literal["goes on", "waits", "under way"] = "goes on"
    step_name: str = ""
    step: Step = None  # type: ignore[assignment]
    then: str = END
    rejoins: str = END  # where it goes on when all branches have ended
    branches: int = 0
    line: tuple[str, tuple[bool, ...]] | None = None
    serial: int = 0
    bookings: int = 0
    slot: int = -1
    pauses: int = 0
    ready: float = math.nan
    planned: float = math.nan
    start: float = math.nan
    ends: float = math.nan
    left: float = 0.0
    resources: list[str] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)

    def begin(self, do: Do, step: Step) -> None:
        """Come to a step."""
        self.step_name, self.step, self.then = do.step, step, do.then
        self.visit, self.visits = self.visits, self.visits + 1
        self.stamp, self.state = self.stamp + 1, "goes on"
        self.bookings, self.slot, self.pauses, self.planned, self.resources = 0, -1, 0, math.nan, []

    def keeps(self, pools: Mapping[str, frozenset[str]]) -> list[list[KeptPlace] | None]:
        """For each need, the places kept that will do for it, each place once; None where there are not enough."""
        used: list[KeptPlace] = []
        found: list[list[KeptPlace] | None] = []
        for need in self.step.needs:
            mine = [k for k in self.patient.kept if k not in used and k.blocked_by in (None, self) and _fits(k, need, pools)]
            enough = mine[: need.units] if len(mine) >= need.units else None
            used += enough or []
            found.append(enough)
        return found


def _fits(kept: KeptPlace, need: Need, pools: Mapping[str, frozenset[str]]) -> bool:
    return any(kept.place.name in pools[p] for p in need.pools)
