"""What a search came to: every set with its runs and its place, what was not tried and why, what each lever does."""

from __future__ import annotations

from dataclasses import dataclass

from sandcone.core.improved import Effect, NotTried, Place
from sandcone.core.lever import LeverSet
from sandcone.core.outcome import Objective, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One set of levers: its full runs by replication (0, 1, …, with the same luck in every set), its short run, and its place.

    ``chance`` is how likely it is that no other set tried is better (``front.dominates``).
    """

    levers: LeverSet
    outcomes: tuple[Outcome, ...]
    chance: float
    place: Place
    short: Outcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """All that a search found. ``found`` has today first, then the other sets by how likely they are on the front.

    ``objectives`` are those that count here: those that today has a number for. ``wrong`` is the share of sets that are expected to have
    the wrong place. ``sets`` counts sets looked at in any way, ``runs`` full runs and ``short_runs`` short ones; ``ended`` says why it
    stopped.
    """

    found: tuple[Found, ...]
    not_tried: tuple[NotTried, ...]
    effects: tuple[Effect, ...]
    together: tuple[Effect, ...]
    objectives: tuple[Objective, ...]
    wrong: float
    sets: int
    runs: int
    short_runs: int
    seconds: float
    seed: int
    ended: str
    notes: tuple[str, ...] = ()

    @property
    def today(self) -> Found:
        """The set of no levers."""
        return self.found[0]

    @property
    def front(self) -> tuple[Found, ...]:
        """The sets on the front, surely or perhaps, today among them if it is."""
        return tuple(f for f in self.found if f.place != "behind")
