"""How hot a search is as it goes on, what a broken rule costs by then, and which moves it tries how often."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sandcone.planning.kernel import FLOATS, HEAT, KINDS, LEFT_W, LOAD_W, NAMES, PRICE, SKILL_W, Floats, Given, Ints

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
        return floats(heat, CERTAIN if over >= self.lenient else self.price(over / self.lenient))

    def price(self, over: float) -> float:
        """What a unit of broken rule costs when so much of the lenient time is over."""
        return float(self.cheap / 60 * (self.dear / self.cheap) ** over)

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Legs:
    """The course of a run: each chain cools in its own way until ``alone`` of it is over, then all cool again from the best plan of all.

    A chain that begins from days worked out ahead cools as ``warm`` says, from when it begins.
    """

    first: tuple[Cooling, ...]
    again: Cooling
    warm: Cooling
    alone: float = 0.85

    def leg(self, over: float, chain: int) -> tuple[int, Cooling, float]:
        """Which leg it is, how a chain cools, and how much of the leg is over."""
        if over < self.alone:
            return 0, self.first[chain % len(self.first)], over / self.alone
        return 1, self.again, min((over - self.alone) / (1 - self.alone), 1.0)


def legs_for(given: Given) -> Legs:
    """A course with temperatures that suit the weights: from a fraction of a patient left out down to a fraction of the least cost."""
    w = given.weights
    least = float(min((x for x in w[SKILL_W : LOAD_W + 1].tolist() if x > 0), default=1))
    left_out = float(max(w[LEFT_W], 1))
    hot, middle, cold = 0.2 * left_out, 0.02 * left_out, 0.2 * least
    middle = max(middle, 2 * cold)
    hot = max(hot, 2 * middle)
    strict = Cooling(hot=hot, middle=middle, cold=cold, lenient=0.0)
    lenient = Cooling(hot=hot, middle=middle, cold=cold, lenient=0.25, cheap=0.12 * left_out, dear=1.3 * left_out)
    again = Cooling(hot=8 * cold, middle=2.5 * cold, cold=0.7 * cold, knee=0.5, lenient=0.0)
    warm = Cooling(hot=max(0.4 * hot, 2 * middle), middle=middle, cold=cold, knee=0.4, lenient=0.0)
    return Legs(first=(strict, lenient), again=again, warm=warm)


def legs_from(given: Given) -> Legs:
    """A course for a plan that is there already: lukewarm, so that what is good in it lasts."""
    return replace(legs_for(given), first=(legs_for(given).again,))
