"""How long a module lasts, and by which fact of the patient that differs most."""

from __future__ import annotations

import numpy as np

from sandcone.core.chance import Luck
from sandcone.core.estimate import Estimate
from sandcone.personalising.journeys import Bools, Floats, Ints, Journeys

LEAST = 30  # cases of a kind
KINDS = 12  # at most
BETTER = 0.05  # part of the error that knowing the kind takes away, among cases held out
Lasts = tuple[Estimate | None, str, dict[str, Estimate]]


def lasting(j: Journeys, hours: Floats, had: Bools, *, seed: int) -> Lasts:
    """The median hours of a module, the fact by which they differ most, and the median for each of its values.

    A fact is named only if knowing it makes the guess of unseen cases better. Nothing where most of it lasts no time.
    """
    if not np.median(hours[had]) > 0:
        return None, "", {}
    old = Luck(seed).stream("lasting").random(len(had)) < 0.5
    gains = {a: _gain(of, hours, had, old) for a, cells in j.facts.items() if (of := _kinds(cells, had)) is not None}
    best = max(gains, key=lambda a: (gains[a], a), default=None)
    whole = median(hours[had])
    if best is None or gains[best] < BETTER:
        return whole, "", {}
    cells = j.facts[best]
    named = sorted({str(c) for c, h in zip(cells, had, strict=True) if h and c is not None})
    of = np.array([str(c) for c in cells])
    groups = {v: hours[had & (of == v)] for v in named}
    return whole, best, {_yes_or_no(v): median(x) for v, x in groups.items() if len(x) >= LEAST}


def _yes_or_no(value: str) -> str:
    return {"True": "yes", "False": "no"}.get(value, value)


def _kinds(cells: tuple[object, ...], had: Bools) -> Ints | None:
    """A number for each kind of patient, -1 where it is not known or rare; None where there are not at least two kinds, or too many."""
    text = np.array(["" if c is None else str(c) for c in cells])
    values, n = np.unique(text[had], return_counts=True)
    often = [v for v, k in zip(values, n, strict=True) if v and k >= LEAST]
    if not 2 <= len(often) <= KINDS:
        return None
    of = np.full(len(text), -1)
    for i, v in enumerate(often):
        of[text == v] = i
    return of


def _gain(of: Ints, hours: Floats, had: Bools, old: Bools) -> float:
    """How much smaller the mean absolute error of log minutes is with the kind's median than with that of all, for cases held out."""
    logs = np.log1p(np.where(had, hours * 60, 0.0))
    known, test = had & old, had & ~old & (of >= 0)
    if not known.any() or not test.any():
        return 0.0
    whole = np.median(logs[known])
    guess = np.full(len(of), whole)
    for k in range(int(of.max()) + 1):
        if (known & (of == k)).any():
            guess[of == k] = np.median(logs[known & (of == k)])
    plain = float(np.abs(logs[test] - whole).mean())
    return 1 - float(np.abs(logs[test] - guess[test]).mean()) / plain if plain > 0 else 0.0


def median(hours: Floats) -> Estimate:
    """The median with its interval from the order of the values (binomial, Hahn & Meeker 1991)."""
    values, n = np.sort(hours), len(hours)
    half = 1.96 * np.sqrt(n) / 2
    low, high = (int(np.clip(k, 0, n - 1)) for k in (np.floor(n / 2 - half), np.ceil(n / 2 + half)))
    return Estimate(
        value=float(np.median(values)),
        low=float(values[low]),
        high=float(values[high]),
        n=n,
        unit="h",
        method="median, binomial interval",
    )
