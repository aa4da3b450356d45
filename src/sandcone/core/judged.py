"""A verdict with all that stands behind it: the differences, the mix of patients, what one week decides, the curve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandcone.core.registered import Registered
from sandcone.core.verdict import Differences, Verdict, finite, guards_json

MUCH = 0.2  # of patients left out of the mix, and it is not held


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What was held against what: names, days (or runs) and patients of each, share unfinished and left out of the mix."""

    names: tuple[str, str]
    rows: tuple[int, int]
    unit: str  # days or runs
    cases: tuple[int, int]
    unfinished: tuple[float, float]
    left_out: tuple[int, int]
    by: tuple[str, ...]  # what the mix is held by
    moved: float  # how far apart the mixes are, 0 to 1
    demand: tuple[float, float]  # patients a day
    same_months: bool  # whether both cover the same months of the year, or are runs

    @property
    def lost(self) -> float:
        """Which share of patients is left out of the mix."""
        return sum(self.left_out) / max(sum(self.cases), 1)

    @property
    def mix_held(self) -> bool:
        """Whether the mix of patients is held, or is the same by design."""
        return self.unit == "runs" or (bool(self.by) and self.lost <= MUCH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The verdict on two periods, or on two ways in simulated runs.

    ``verdict`` is what may be said; ``at_first`` what all weeks together say, which is more only where ``rests_on`` names the one week (or
    run) that decides. ``otherwise`` are resource efficiency with the mix held and flow efficiency without. ``curve`` are points (resource
    efficiency, flow efficiency) of the old curve; ``beyond`` is how far above it the place after lies. ``remarks`` are sentences.
    """

    verdict: Verdict
    at_first: Verdict
    rests_on: str
    differences: Differences
    otherwise: Mapping[str, tuple[float, float]]
    compared: Compared
    registered: Registered
    curve: tuple[tuple[float, float], ...] = ()
    beyond: float | None = None
    remarks: tuple[str, ...] = field(default=())

    @property
    def unless(self) -> tuple[str, ...]:
        """What alone could have made such a verdict, and nothing here rules out; a verdict that claims no more than a move needs none."""
        if self.verdict.word in ("no change", "moved along"):
            return ()
        season = () if self.compared.same_months or self.differences.control is not None else ("the season",)
        return season if self.compared.mix_held else (*season, "other patients")

    @property
    def headline(self) -> str:
        """The word, never without what may have made it: "broken, unless it is the season"."""
        return f"{self.verdict.word}, unless it is {' or '.join(self.unless)}" if self.unless else self.verdict.word

    def as_json(self) -> dict[str, object]:
        """Everything as plain values."""
        d, v = self.differences, self.verdict
        changes = {k: getattr(d, k) for k in ("resource", "flow", "frontier", "stepped", "control")}
        c = self.compared
        return {
            "schema": 1,
            "headline": self.headline,
            "word": v.word,
            "unless": list(self.unless),
            "at_first": self.at_first.word,
            "rests_on": self.rests_on or None,
            "because": list(v.because),
            "signs": {"resource": v.resource, "flow": v.flow, "frontier": v.frontier},
            "changes": {k: x.as_json() for k, x in changes.items() if x is not None},
            "guards": guards_json(d.guards, v.guards),
            "otherwise": {k: [finite(y) for y in x] for k, x in self.otherwise.items()},
            "compared": {
                k: getattr(c, k)
                for k in ("names", "rows", "unit", "cases", "unfinished", "left_out", "by", "moved", "demand", "same_months")
            },
            "registered": self.registered.model_dump(),
            "beyond": None if self.beyond is None else finite(self.beyond),
            "curve": [list(p) for p in self.curve],
            "remarks": list(self.remarks),
        }
