"""Whether simulated runs lie beyond the old curve, when the old curve itself was simulated.

V* stands for the old curve where a hospital is a few queues. Where patients wait for the notice of a booking, or for the morning, no queue
explains their waits and V* cannot be known. A twin can be asked instead: the hospital as it is run today, with more or fewer places, is the
curve that its present operating choices allow on any assets (Schmenner and Swink 1998: the operating frontier). FIELD.md §4(b).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sandcone.core.period import Floats, Period

NAME = "flow efficiency that the old curve allows here, over what is reached"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OldCurve:
    """The old curve as simulated, and each run's place beside it.

    ``ratio`` (runs,): flow efficiency that the old curve allows at the resource efficiency of the run after, over the one that the run
    reached; below 1 the run lies beyond. ``points``: (resource efficiency, flow efficiency), means over runs, rising in the former.
    """

    ratio: Floats
    points: tuple[tuple[float, float], ...]


def old_curve(old: Mapping[float, Sequence[Period]], after: Sequence[Period], own: Sequence[Period] = ()) -> OldCurve:
    """Where each run after lies beside the hospital of before with its places scaled: ``old`` is by how many times, the same runs each.

    ``own`` are the runs of today with no more than the places that the new way opens or closes: what that alone reaches is no break, at
    whatever resource efficiency. Between two scales the curve is straight; a place is allowed wherever a busier one with as much flow
    efficiency is; where no scale is so busy, the busiest one counts, which the curve beyond could only fall below.
    """
    table = np.array([[_place(p) for p in runs] for runs in old.values()])  # (scales, runs, 2)
    places = [_place(p) for p in after]
    allowed = [_allowed(table[:, r], u) for r, (u, _) in enumerate(places)]
    if own:
        allowed = [max(a, _place(p)[1]) for a, p in zip(allowed, own, strict=True)]
    points = sorted(map(tuple, table.mean(axis=1).tolist()))
    return OldCurve(ratio=np.array(allowed) / np.array([fe for _, fe in places]), points=tuple((u, fe) for u, fe in points))


def _place(p: Period) -> tuple[float, float]:
    return float(p.busy.sum() / p.open.sum()), float(p.va.sum() / p.t.sum())


def _allowed(points: Floats, u: float) -> float:
    """The most flow efficiency of the curve through these points (scales, 2) at this resource efficiency or a higher one."""
    points = points[np.argsort(points[:, 0])]
    if u >= points[-1, 0]:
        return float(points[-1, 1])
    busier = points[points[:, 0] >= u, 1].max()
    return float(max(busier, np.interp(u, points[:, 0], points[:, 1]))) if u >= points[0, 0] else float(busier)
