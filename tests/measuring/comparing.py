"""Whether two sets of measures say the same, number for number."""

from __future__ import annotations

import math

from sandcone.core.estimate import Measures

Said = dict[tuple[str, ...], tuple[float | None, ...]]


def values(measures: Measures) -> Said:
    """Name and group of each measure → value, low, high and n."""
    return {
        (m.name, *(f"{k}={v}" for k, v in sorted(m.group.items()))): (m.estimate.value, m.estimate.low, m.estimate.high, m.estimate.n)
        for m in measures
    }


def different(here: Said, there: Said) -> list[tuple[str, ...]]:
    """What is there only once, or differs by more than the order in which an engine adds up numbers can make it."""
    return [key for key in here | there if key not in here or key not in there or not all(map(_alike, here[key], there[key]))]


def _alike(a: float | None, b: float | None) -> bool:
    if a is None or b is None:
        return a is b
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9) or (math.isnan(a) and math.isnan(b))
