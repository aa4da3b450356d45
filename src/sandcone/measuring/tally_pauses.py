"""When work was under way: a step rests while someone who is needed for it has gone home."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sandcone.core.clock import DAY, MINUTE
from sandcone.core.model import Model
from sandcone.core.opening import open_spells
from sandcone.core.rows import Rows

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spells:
    """Stretches of work (spells,): the row that each is ``of``, and from when to when, in µs."""

    of: Ints
    begin: Ints
    over: Ints

    def chosen(self, which: Bools) -> Spells:
        """Some of the spells (spells,)."""
        return Spells(of=self.of[which], begin=self.begin[which], over=self.over[which])

    def within(self, opens: Ints, closes: Ints) -> Spells:
        """What of them lies inside stretches that rise and do not meet, parted where it goes on from one to the next."""
        first = np.searchsorted(closes, self.begin, side="right")
        n = np.maximum(np.searchsorted(opens, self.over, side="left") - first, 0)
        which = np.repeat(np.arange(len(n)), n)
        at = np.arange(len(which)) + np.repeat(first - (np.cumsum(n) - n), n)
        return Spells(of=self.of[which], begin=np.maximum(self.begin[which], opens[at]), over=np.minimum(self.over[which], closes[at]))


def without_pauses(model: Model, rows: Rows, spells: Spells) -> Spells:
    """The same work (µs of the wall clock) without the time in which a resource that goes home at closing was closed.

    As in ``simulating.plain``, places kept until a later step pause nothing, and what is handed over at closing goes on.
    """
    homes = {name: r.calendar for name, r in model.resources.items() if r.at_close == "go home" and r.calendar is not None}
    if not homes or not len(spells.of):
        return spells
    days = int(spells.over.max()) // DAY + 1
    hours = {c: open_spells(model.calendars[c], model.begin, days) for c in dict.fromkeys(homes.values())}
    pauses = _pausing(model, 1 + rows.also.shape[1])
    for j, used in enumerate((rows.first, *rows.also.T)):
        shut_by = np.where(pauses[rows.step, j] & (used >= 0), _places(model, homes, [*hours])[used], -1)
        for c, (opens, closes) in enumerate(hours.values()):
            mine = shut_by[spells.of] == c
            if mine.any():
                cut = spells.chosen(mine).within(micros(opens), micros(closes))
                spells = _joined(spells.chosen(~mine), cut)
    return spells


def _pausing(model: Model, most: int) -> Bools:
    """Whether a step rests when what it uses in each place is closed (steps, most): not for what is kept until another step."""
    found = np.zeros((len(model.steps), most), dtype=bool)
    for s, step in enumerate(model.steps.values()):
        of_place = [need.until is None for need in step.needs for _unit in range(need.units)]
        found[s, : len(of_place)] = of_place[:most]
    return found


def _places(model: Model, homes: Mapping[str, str], calendars: list[str]) -> Ints:
    """The calendar, by number, at whose closing each resource goes home; -1 for the others."""
    return np.array([calendars.index(homes[name]) if name in homes else -1 for name in model.resources], dtype=np.int64)


def _joined(one: Spells, two: Spells) -> Spells:
    return Spells(**{name: np.concatenate([getattr(one, name), getattr(two, name)]) for name in ("of", "begin", "over")})


def micros(minutes: NDArray[np.float64]) -> Ints:
    """Minutes as whole µs, as a log has them."""
    return np.rint(minutes * MINUTE).astype(np.int64)
