"""What it costs to disturb a plan, from words, or in proportion to what the problem's other costs weigh."""

from __future__ import annotations

import re

from sandcone.core.errors import ProblemError
from sandcone.core.inpatient import Weights
from sandcone.planning.keep import Disturbance

PART = re.compile(r"\s*(day|room|theatre|left_out|nurse)\s*=\s*([0-9]+)\s*")


def usual_price(weights: Weights) -> Disturbance:
    """A price for each change of a plan where nobody said one, in units of cost.

    Another day costs as much as four days of delay, another room as two, another theatre as one; leaving somebody out costs once more what
    it costs anyway, and another nurse in a room and shift as much as one more nurse met. The numbers are a choice, not a finding.
    """
    return Disturbance(
        day=4 * weights.delay, room=2 * weights.delay, theatre=weights.delay, left_out=weights.left_out, nurse=weights.nurses_met
    )


def price(said: str) -> Disturbance:
    """A price from words such as "day=50,room=10,nurse=1"; what is not named costs nothing. ``ProblemError`` for anything else."""
    found: dict[str, int] = {}
    for part in said.split(","):
        match = PART.fullmatch(part)
        if match is None or match.group(1) in found:
            what = f"{part.strip()!r}" + (" is said twice" if match else "")
            raise ProblemError("price", what, "Say what a change costs, such as day=50,room=10,theatre=5,left_out=100,nurse=1.")
        found[match.group(1)] = int(match.group(2))
    return Disturbance(**found)
