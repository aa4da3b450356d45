"""How many people come in one party, on average, when a law's draws are rounded to whole people and one comes at least."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import count, takewhile
from statistics import NormalDist

from sandcone.core.law import Exponential, Fixed, Law, Lognormal, Seen, Uniform

LEAST = 1e-12  # the chance of a larger party below which none is counted


def mean_party(law: Law) -> float:
    """The mean of max(1, the draw rounded): one, and for each further person the chance that a party has as many."""
    match law:
        case Fixed():
            return float(max(1, round(law.minutes)))
        case Seen():
            sizes = [max(1, round(x)) for x in law.minutes]
            return sum(sizes) / len(sizes)
        case _:
            above = _above(law)
            larger: Iterator[float] = takewhile(lambda chance: chance > LEAST, (above(size - 0.5) for size in count(2)))
            return 1.0 + math.fsum(larger)


def _above(law: Uniform | Exponential | Lognormal) -> Callable[[float], float]:
    """The chance of a draw above some number."""
    match law:
        case Uniform():
            wide = law.high - law.low
            return lambda x: min(1.0, max(0.0, (law.high - x) / wide)) if wide > 0 else float(law.low > x)
        case Exponential():
            return lambda x: math.exp(-x / law.mean)
        case Lognormal():
            if law.sigma == 0:
                return lambda x: float(law.median > x)
            normal = NormalDist(math.log(law.median), law.sigma)
            return lambda x: 1.0 - normal.cdf(math.log(x))
