"""The old curve: flow efficiency against resource efficiency as the hospital of before would have it, busier or less busy (FIELD.md §3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sandcone.core.queueing import wait_mmm
from sandcone.improving.sums import FULL, Sums, flow, plain_resource

POINTS = 121
ROOM = 0.12  # beyond the two places, on either side


def curve(before: Sums, after: Sums, old: Mapping[str, int]) -> tuple[tuple[float, float], ...]:
    """Points (resource efficiency, flow efficiency) with V* and places as before, all stages busier or less busy alike.

    It goes through the place before: hours without help grow as the waits that V = 1 would make grow, stage by stage.
    """
    x = before.of(before.values.sum(axis=0))
    u0, fe0 = plain_resource(x), flow(x)
    used = {s: x[f"busy at {s}"] / x[f"open at {s}"] for s in old}
    u1 = plain_resource(after.of(after.values.sum(axis=0)))
    most = min(FULL / max(used.values()) * u0, 1.0)
    low, high = max(min(u0, u1) - ROOM, 0.02), min(max(u0, u1) + ROOM, most * 0.999)
    if not (0 < fe0 < 1 and low < high):
        return ()

    def usual(u: float) -> float:
        return sum(x[f"va at {s}"] * wait_mmm(used[s] * u / u0, m) for s, m in old.items())

    at = np.unique(np.append(np.linspace(low, high, POINTS), u0))
    return tuple((float(u), float(1 / (1 + (1 - fe0) / fe0 * usual(float(u)) / usual(u0)))) for u in at)


def beyond(points: Sequence[tuple[float, float]], u: float, fe: float) -> float | None:
    """How far above the old curve a place lies, in flow efficiency; None where the curve does not reach it."""
    if not points or not points[0][0] <= u <= points[-1][0]:
        return None
    return fe - float(np.interp(u, [p[0] for p in points], [p[1] for p in points]))
