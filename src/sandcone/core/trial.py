"""Two ways to care for the same people, tried on the twin side by side, with the same luck, several times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sandcone.core.estimate import Estimate

Better = Literal["more", "less", "neither"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One measure of both ways, and their difference over paired runs."""

    name: str
    unit: str
    better: Better
    one: Estimate
    other: Estimate
    gap: Estimate  # the one less the other

    @property
    def verdict(self) -> str:
        """Whether the first way is surely better in this, surely worse, or neither."""
        low, high = self.gap.low, self.gap.high
        if self.better == "neither" or low is None or high is None or low <= 0 <= high:
            return "no sure difference" if self.better != "neither" else ""
        return "better" if (low > 0) == (self.better == "more") else "worse"

    def row(self) -> tuple[str, str, str, str, str]:
        """The row of a table: what, the one, the other, their difference, the verdict."""
        return self.name, self._said(self.one), self._said(self.other), self._gap(), self.verdict

    def _said(self, e: Estimate) -> str:
        return f"{100 * e.value:.2f} %" if self.unit == "share" else f"{e.value:,.2f} {self.unit}"

    def _gap(self) -> str:
        times, unit = (100.0, "points") if self.unit == "share" else (1.0, self.unit)
        low, high = ("?" if x is None else f"{times * x:+,.2f}" for x in (self.gap.low, self.gap.high))
        return f"{times * self.gap.value:+,.2f} {unit} ({low} to {high})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """All measures of both ways over so many paired runs; printing it gives a table."""

    one: str
    other: str
    runs: int
    people: int  # in the first run
    measures: tuple[Compared, ...]
    values: Mapping[str, Sequence[tuple[float, float]]]  # measure -> both ways, by run

    def __getitem__(self, name: str) -> Compared:
        """One measure by name; ``KeyError`` where there is none."""
        return {m.name: m for m in self.measures}[name]

    def as_json(self) -> dict[str, Any]:
        """The same for a file, run by run too."""
        rows = [{"name": m.name, "unit": m.unit, "better": m.better, "verdict": m.verdict, **_both(m)} for m in self.measures]
        values = {name: [list(pair) for pair in of] for name, of in self.values.items()}
        return {
            "schema": 1,
            "one": self.one,
            "other": self.other,
            "runs": self.runs,
            "people": self.people,
            "measures": rows,
            "values": values,
        }

    def __str__(self) -> str:
        head = ("", self.one, self.other, "difference, 95 % paired", "")
        rows = [head, *(m.row() for m in self.measures)]
        wide = [max(len(r[i]) for r in rows) for i in range(5)]
        lines = ["  ".join(c.ljust(w) if i in (0, 4) else c.rjust(w) for i, (c, w) in enumerate(zip(r, wide, strict=True))) for r in rows]
        return "\n".join([f"{self.runs} paired runs, the same people and the same luck", *(line.rstrip() for line in lines)])


def _both(m: Compared) -> dict[str, Any]:
    return {what: {"value": e.value, "low": e.low, "high": e.high} for what, e in (("one", m.one), ("other", m.other), ("gap", m.gap))}
