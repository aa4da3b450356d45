"""What can be drawn: numbers that are numbers."""

from __future__ import annotations

import math
from dataclasses import replace

from sandcone.core.estimate import Estimate, Measure, Measures


def finite(measures: Measures) -> Measures:
    """The same measures without the unknown and endless ones, and without intervals that are; they stay in the files."""
    return Measures(items=tuple(_bounded(m) for m in measures if math.isfinite(m.estimate.value)), missing=measures.missing)


def _bounded(m: Measure) -> Measure:
    e: Estimate = m.estimate
    if all(x is None or math.isfinite(x) for x in (e.low, e.high)):
        return m
    return replace(m, estimate=replace(e, low=None, high=None))
