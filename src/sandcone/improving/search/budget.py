"""How long to search, in words: "600s", "10min", "2000 runs"."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sandcone.core.amount import amount
from sandcone.core.errors import InputError

DO = "Say a time (600s, 10min, 1h) or a number of full runs (2000 runs)."


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """When a search stops: seconds of work, or runs, of which a full one counts 1 and a short one its share of days. One of the two.

    With runs, the same seed gives the same answer on any machine; with seconds, a faster machine sees more. ``InputError`` for neither or
    both.
    """

    seconds: float | None = None
    runs: float | None = None

    def __post_init__(self) -> None:
        much = [x for x in (self.seconds, self.runs) if x is not None]
        if len(much) != 1 or not 0 < much[0] < math.inf:
            raise InputError("budget", f"seconds {self.seconds}, runs {self.runs}", DO)

    def over(self, seconds: float, runs: float) -> float:
        """How much of it is used up, as a share."""
        return seconds / self.seconds if self.seconds is not None else runs / (self.runs or 1.0)


def budget_of(said: str | Budget) -> Budget:
    """A budget from words; ``InputError`` for what is no such thing."""
    if isinstance(said, Budget):
        return said
    found = amount(said, "runs", "run")
    if found is None or not 0 < found[1] < math.inf:
        raise InputError("budget", f"{said!r}", DO)
    unit, much = found
    return Budget(seconds=much) if unit == "seconds" else Budget(runs=much)
