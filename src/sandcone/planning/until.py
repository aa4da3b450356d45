"""When to stop, in words: "600s", "10m", "1000000 moves", "2%"; the first that is reached."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from sandcone.core.amount import amount
from sandcone.core.errors import ProblemError
from sandcone.planning.found import Stop

LONGEST = 600.0  # seconds, where only a gap was asked for, which may never be reached
DO = "Say a time (600s, 10m, 1h), a number of moves (1000000 moves) or a gap to the lower bound (2%)."


@dataclass(frozen=True, slots=True, kw_only=True)
class Until:
    """When a search stops: seconds of work, moves, or a ``gap`` to a lower bound that is still to be found (0.02: 2 %); None: not asked.

    A gap alone may never be reached, so that it comes with 600 seconds at most.
    """

    seconds: float | None = None
    moves: int | None = None
    gap: float | None = None

    def __post_init__(self) -> None:
        Stop(seconds=self.most, moves=self.moves, gap=self.gap, bound=0)  # which refuses what never comes

    @property
    def most(self) -> float | None:
        """The most seconds it can take; None where only the moves say when."""
        return LONGEST if self.seconds is None and self.moves is None else self.seconds

    def stop(self, *, bound: int | None, spent: float = 0.0) -> Stop:
        """The search's stop, now that the bound is known, or that there is none; ``spent`` seconds are gone already."""
        seconds = None if self.most is None else max(self.most - spent, 0.1)
        return Stop(seconds=seconds, moves=self.moves, gap=self.gap if bound is not None else None, bound=bound)


def until(said: str | Iterable[str] | Until) -> Until:
    """When to stop, from words such as "10m" or ("600s", "2%"); ``ProblemError`` for what is no such thing, or is said twice."""
    if isinstance(said, Until):
        return said
    asked: dict[str, float] = {}
    for words in [said] if isinstance(said, str) else said:
        what, much = _one(words)
        if what in asked:
            raise ProblemError("stop", f"{what} said twice", "Say each once.")
        asked[what] = much
    if not asked:
        raise ProblemError("stop", "nothing said", DO)
    moves = asked.get("moves")
    return Until(seconds=asked.get("seconds"), moves=None if moves is None else int(moves), gap=asked.get("gap"))


def _one(words: str) -> tuple[str, float]:
    """What one word asks for, and how much of it."""
    found = amount(words, "%", "moves")
    if found is None:
        raise ProblemError("stop", f"{words!r}", DO)
    what, much = found
    if what == "%" and much < math.inf:
        return "gap", much / 100
    if not 0 < much < math.inf or (what == "moves" and much != int(much)):
        raise ProblemError("stop", f"{words!r}", "Give more than 0, and moves as a whole number.")
    return what, much
