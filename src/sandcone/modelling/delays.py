"""Waits that no busy resource explains: pending results, transport, the patient's own time. Learnt apart from queueing.

A step that began while somebody who could do it stood free had been ready only just then: the delay is the whole time since its anchor.
Where all were busy or away, the delay is over at some moment before; which one is drawn from the delays that were seen whole.
"""

from __future__ import annotations

import numpy as np

from sandcone.modelling.chain import Chain
from sandcone.modelling.facts import EPS, Bools, Facts, Floats, Uses
from sandcone.modelling.hours import HOURS, Hours
from sandcone.modelling.pacing import Clocks
from sandcone.modelling.staff import Staff

JUST_BEFORE = 0.05  # minutes
FEW = 10


def delays(f: Facts, queued: Bools, links: Chain, by: Clocks) -> tuple[Floats, tuple[str, ...]]:
    """By step of the log its delay in minutes of its clock, and what to say about it."""
    ready = np.where(np.isnan(f.ready), f.start, np.maximum(f.ready, links.anchor))
    delay = np.maximum(by.shown(f.step, ready) - by.shown(f.step, links.anchor), 0.0)
    delay = _upper_limits(f, delay, queued)
    late = (f.start - links.anchor > EPS) & ~f.is_first
    if not late.any():
        return delay, ("Every step begins as soon as the one before it has ended.",)
    explained = float(queued[late].mean())
    said = (
        f"{late.mean():.0%} of steps begin some time after the one before; {explained:.0%} of these when all who could were busy or away."
    )
    often = np.bincount(f.step[late], minlength=len(f.steps)) >= 0.05 * np.bincount(f.step, minlength=len(f.steps))
    paced, walled = ([name for name, on, o in zip(f.steps, by.by_pace == want, often, strict=True) if on and o] for want in (True, False))
    clock = f"Delays before {_some(paced)} pass as the house works, those before {_some(walled)} by the wall's clock."
    return delay, (said, clock)


def _some(names: list[str]) -> str:
    if not names:
        return "no step"
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def _upper_limits(f: Facts, delay: Floats, queued: Bools) -> Floats:
    """Delays known only to be no longer than this: one of the same step that was seen whole and is no longer, or none at all."""
    out = delay.copy()
    for s in np.unique(f.step[queued]):
        rows = np.flatnonzero((f.step == s) & queued)
        whole = np.sort(delay[(f.step == s) & ~queued & ~f.is_first])
        if whole.size < FEW:
            out[rows] = 0.0
            continue
        fits = np.searchsorted(whole, delay[rows], side="right")
        place = ((np.arange(len(rows)) * 0.6180339887) % 1.0 * fits).astype(np.int64)
        out[rows] = np.where(fits > 0, whole[np.minimum(place, len(whole) - 1)], 0.0)
    return out


def waited_in_line(f: Facts, who: Staff, open_: Hours, links: Chain) -> Bools:
    """Steps that had to wait, when just before too few of a pool were open and free; not where the log says when they were ready."""
    taken, u = np.zeros(len(f.case), dtype=bool), Uses.of(f)
    for s, needs in enumerate(who.needs):
        rows = np.flatnonzero(f.step == s)
        for need in needs:
            members = np.array(who.members[need.pools[0]])
            taken[rows] |= _free(u, who, open_, members, f.start[rows] - JUST_BEFORE) < need.units
    return taken & np.isnan(f.ready) & (f.start - links.anchor > EPS)


def _free(u: Uses, who: Staff, open_: Hours, members: np.ndarray, moment: Floats) -> Floats:
    """Places of open members less steps in the hands of open members, at each moment."""
    free = np.zeros(len(moment))
    hour = (moment % (HOURS * 60) // 60).astype(np.int64) % HOURS
    for m in members:
        mine = u.resource == m
        busy = np.searchsorted(np.sort(u.start[mine]), moment, side="right") - np.searchsorted(np.sort(u.end[mine]), moment, side="right")
        free += np.where(open_.open[m][hour], np.maximum(who.places[m] - busy, 0), 0)
    return free
