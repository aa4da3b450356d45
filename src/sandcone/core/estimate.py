"""Numbers that carry their unit, their spread and their count."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A number with its unit, how sure we are of it, and how many it rests on.

    ``low`` and ``high`` are a 95 % interval (None where none can be given); ``method`` says how it was made.
    """

    value: float
    n: int
    unit: str
    low: float | None = None
    high: float | None = None
    method: str = "count"

    def __post_init__(self) -> None:
        if self.n < 0:
            raise ValueError(f"an estimate cannot rest on {self.n} observations")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"interval from {self.low} to {self.high} is upside down")

    @property
    def known(self) -> bool:
        """Whether there is a number at all (not NaN)."""
        return not math.isnan(self.value)

    def as_json(self) -> dict[str, object]:
        """The number as plain values."""
        return {"value": self.value, "low": self.low, "high": self.high, "n": self.n, "unit": self.unit}

    def __str__(self) -> str:
        spread = "" if self.low is None or self.high is None else f"{_short(self.low)} to {_short(self.high)}, "
        return f"{_short(self.value)} {self.unit} ({spread}n={self.n})"


def _short(x: float) -> str:
    return f"{x:.3g}" if abs(x) < 1000 else f"{x:,.0f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One named number, for the whole log or for one group of it (a step, a resource, a week).

    ``group`` maps what it was split by to the value, e.g. ``{"step": "Triage"}``; empty for the whole log.
    ``note`` says what the number rests on where that matters ("starts are estimated").
    """

    name: str
    estimate: Estimate
    group: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A number the log cannot support, and why in one sentence."""

    name: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Measures:
    """All that was measured on one log, and all that could not be."""

    items: tuple[Measure, ...]
    missing: tuple[Missing, ...] = ()

    @cached_property
    def _named(self) -> dict[str, list[Measure]]:
        found: dict[str, list[Measure]] = {}
        for m in self.items:
            found.setdefault(m.name, []).append(m)
        return found

    @cached_property
    def _placed(self) -> dict[tuple[str, frozenset[tuple[str, str]]], Estimate]:
        return {(m.name, frozenset(m.group.items())): m.estimate for m in reversed(self.items)}

    def __getitem__(self, name: str) -> Estimate:
        """The number for the whole log; ``KeyError`` where there is none."""
        return self._placed[name, frozenset()]

    def get(self, name: str, **group: str) -> Estimate | None:
        """The number for a group, or None."""
        return self._placed.get((name, frozenset(group.items())))

    def by(self, name: str, *keys: str) -> list[Measure]:
        """Every group's number of one name split by exactly these keys, in the order measured."""
        return [m for m in self._named.get(name, ()) if set(m.group) == set(keys)]

    def why_missing(self, name: str) -> str | None:
        """Why a number is not there, or None if nothing was said."""
        return next((m.why for m in self.missing if m.name == name), None)

    def __iter__(self) -> Iterator[Measure]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __add__(self, other: Measures) -> Measures:
        return Measures(items=self.items + other.items, missing=self.missing + other.missing)
