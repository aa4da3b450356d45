"""Patients whose paths are words: each letter a step of half an hour, one an hour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.measuring.worlds import step


def journeys(paths: Mapping[str, str], *, begin: float = 0.0, **attributes: Mapping[str, str]) -> list[dict[str, Any]]:
    """Steps of each case, from its path ("abc") and the attributes known of it."""
    rows = []
    for case, path in paths.items():
        known = {name: levels[case] for name, levels in attributes.items() if case in levels}
        rows += [step(case, s, begin + k, begin + k + 0.5, **known) for k, s in enumerate(path)]
    return rows


def group(paths: Mapping[str, int], tag: str = "") -> dict[str, str]:
    """So many cases of each path."""
    return {f"{tag}{path}{i:03}": path for path, n in paths.items() for i in range(n)}
