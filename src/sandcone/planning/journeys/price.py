"""What it costs to move what patients were told, from words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sandcone.core.errors import ProblemError

PART = re.compile(r"\s*(day|hour)\s*=\s*([0-9]{1,6}(?:\.[0-9]{1,4})?)\s*")
DO = "Say in missed wishes what a task on another day costs, and one at another hour or with somebody else, such as day=2,hour=0.1."


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What moving a told task costs, in missed wishes: to another ``day``, or to another ``hour`` of the same day or another person.

    The usual figures are a choice, not a finding.
    """

    day: int = 2
    hour: float = 0.1

    def __post_init__(self) -> None:
        if self.day < 0 or self.hour < 0:
            raise ProblemError("price", f"day {self.day}, hour {self.hour:g}", "Give 0 or more.")


def price_of(said: str) -> Price:
    """A price from words such as "day=2,hour=0.1"; what is not named is as usual. ``ProblemError`` for anything else."""
    found: dict[str, float] = {}
    for part in said.split(","):
        match = PART.fullmatch(part)
        if match is None or match.group(1) in found:
            raise ProblemError("price", f"{part.strip()!r}" + (" is said twice" if match else ""), DO)
        found[match.group(1)] = float(match.group(2))
    usual = Price()
    day = found.get("day", usual.day)
    if day != int(day):
        raise ProblemError("price", f"day={day:g}", "Give a whole number of missed wishes for a day.")
    return Price(day=int(day), hour=found.get("hour", usual.hour))
