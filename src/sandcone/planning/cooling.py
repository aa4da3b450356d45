"""How hot a search is as it goes on, what a broken rule costs by then, and which moves it tries how often."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sandcone.planning.kernel import FLOATS, HEAT, KINDS, NAMES, PRICE, Floats, Ints

CERTAIN = 1.0e6  # the price at which no broken rule is ever accepted


@dataclass(frozen=True, slots=True, kw_only=True)
class Cooling:
    """Hot to cold in even ratios, by the share of the run that is over, in two pieces: slowly while patients find their days and rooms.

    ``hot``, ``middle`` and ``cold`` are in units of cost; the middle is reached when ``knee`` of the run is over. Until ``lenient`` of the
    run is over, rules that may not be broken have a price: 60 units of broken rule (a person in a wrong room for a day, two minutes of a
    surgeon) cost ``cheap`` at first and ``dear`` at last.
    """

    hot: float = 60.0
    middle: float = 8.0
    cold: float = 0.2
    knee: float = 0.6
    lenient: float = 0.25
    cheap: float = 60.0
    dear: float = 600.0

    def at(self, over: float) -> Floats:
        """The kernel's ``floats`` when so much of the run is over (0 to 1)."""
        if over < self.knee:
            heat = self.hot * (self.middle / self.hot) ** (over / self.knee)
        else:
            heat = self.middle * (self.cold / self.middle) ** ((over - self.knee) / (1 - self.knee))
        return floats(heat, CERTAIN if over >= self.lenient else self.cheap / 60 * (self.dear / self.cheap) ** (over / self.lenient))

    def often(self, over: float) -> Ints:
        """The kernel's ``chance`` by then: nurses are hardly moved while patients still move far."""
        return WHILE_HOT if over < self.knee * NURSES_FROM else ALWAYS


def floats(heat: float, price: float) -> Floats:
    """The kernel's ``floats``: the temperature, and the price of a unit of broken rule."""
    found = np.zeros(FLOATS)
    found[HEAT], found[PRICE] = heat, price
    return found


OFTEN: dict[str, float] = {
    "another room": 80,
    "another day": 60,
    "another theatre": 20,
    "another place": 40,
    "leave out": 10,
    "swap places": 60,
    "swap rooms": 80,
    "swap days": 60,
    "replace": 80,
    "push out of the room": 40,
    "swap theatres": 20,
    "empty a theatre": 4,
    "swap two rooms": 2,
    "take in": 40,
    "two for one": 10,
    "make room": 100,
    "any nurse": 80,
    "a nurse already met": 150,
    "swap nurses": 60,
    "a nurse for a stay": 20,
    "one nurse for another": 20,
}
"""How often each kind of move is tried, against the others."""

NURSES_ONLY = frozenset({"any nurse", "a nurse already met", "swap nurses", "a nurse for a stay", "one nurse for another"})


def chances(often: dict[str, float]) -> Ints:
    """The kernel's table: chances out of 1024, added up."""
    weights = np.array([often.get(name, 0.0) for name in NAMES])
    assert len(weights) == KINDS
    found: Ints = np.round(np.cumsum(weights) / weights.sum() * 1024).astype(np.int64)
    found[-1] = 1024
    return found


NURSES_FROM, WHILE_HOT_SHARE = 1.1, 0.15
ALWAYS = chances(OFTEN)
WHILE_HOT = chances({name: often * (WHILE_HOT_SHARE if name in NURSES_ONLY else 1.0) for name, often in OFTEN.items()})
