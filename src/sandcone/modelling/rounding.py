"""Numbers as a person would write them: as many digits as they deserve."""

from __future__ import annotations

from collections.abc import Iterable

FIGURES = 4


def short(numbers: Iterable[float]) -> list[float]:
    """Each number with four figures."""
    return [float(f"{x:.{FIGURES}g}") for x in numbers]
