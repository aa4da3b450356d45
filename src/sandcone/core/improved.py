"""What a search for better ways to run a hospital found: sets of levers with their numbers, what each lever does, and the verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sandcone.core.estimate import Estimate
from sandcone.core.judged import Judged
from sandcone.core.verdict import WORDS

Set = tuple[tuple[str, str], ...]
"""Levers that are set, each with the name of its setting; empty is as today."""
BETTER = ("improved inside", "frontier moved", "broken")
"""The words that claim something, the strongest last."""
Place = Literal["on the front", "perhaps on the front", "behind"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One set of levers: each objective with its interval, and its difference from today over paired runs.

    ``values`` and ``gaps`` are by name of objective; ``chance`` is how likely no other set is better in everything; ``staff_cost`` is the
    money for people, times as today.
    """

    levers: Set
    runs: int
    values: Mapping[str, Estimate]
    gaps: Mapping[str, Estimate]
    chance: float
    place: Place
    staff_cost: float

    def as_json(self) -> dict[str, Any]:
        """The set as plain values."""
        return {
            "levers": [list(pair) for pair in self.levers],
            "runs": self.runs,
            "values": {k: e.as_json() for k, e in self.values.items()},
            "gaps": {k: e.as_json() for k, e in self.gaps.items()},
            "chance": self.chance,
            "place": self.place,
            "staff_cost": self.staff_cost,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTried:
    """Sets of levers that are not scored, and why: too dear, more work than hours, or cannot be simulated."""

    levers: Set
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What one setting of one lever does to one objective, over all else that was tried with it; or two settings beyond what each does."""

    levers: Set  # one, or two that act together
    objective: str
    gap: Estimate

    @property
    def sure(self) -> bool:
        """Whether its interval leaves out 0."""
        return self.gap.low is not None and self.gap.high is not None and not self.gap.low <= 0 <= self.gap.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How much of what a whole set does to one measure is owed to one of its levers (Shapley 1953)."""

    lever: str
    measure: str
    value: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedSet:
    """One set held against today on runs that the search had not seen. ``alpha`` is the level left to it where several are judged."""

    tried: Tried
    judged: Judged
    alpha: float
    shares: tuple[Share, ...] = ()

    @property
    def strength(self) -> tuple[int, float]:
        """What sets are ranked by: how strong the verdict is, then the rise of both efficiencies together."""
        d = self.judged.differences
        return WORDS.index(self.judged.verdict.word), d.resource.gap.value + d.flow.gap.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Flow efficiency against resource efficiency as demand (or capacity) is scaled, with the variability that fits it.

    ``points``: (times as much, resource efficiency, flow efficiency). ``fitted``: points of the curve of queues that fits them best; with
    one unit it is the curve of ``v_star``. ``note`` says why there is no V*.
    """

    name: str
    scaled: Literal["demand", "capacity"]
    points: tuple[tuple[float, Estimate, Estimate], ...]
    v_star: Estimate | None
    fitted: tuple[tuple[float, float], ...]
    left_out: tuple[tuple[float, str], ...] = ()  # scales at which the house could not keep up, and why
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Improved:
    """All that was found. ``tried`` has today first, then the other sets by name of the front; printing it gives a short table."""

    name: str
    today: Tried
    tried: tuple[Tried, ...]
    not_tried: tuple[NotTried, ...]
    effects: tuple[Effect, ...]
    together: tuple[Effect, ...]
    judged: tuple[JudgedSet, ...]
    lines: tuple[Line, ...]
    not_here: Mapping[str, str]
    sets: int  # lever sets looked at in any way
    runs: int  # full runs
    short_runs: int
    seconds: float
    seed: int
    ended: str  # why it stopped
    notes: tuple[str, ...] = ()

    @property
    def best(self) -> JudgedSet | None:
        """The set with the strongest verdict, of these the one with the largest rise of both efficiencies; None if none is better."""
        better = [j for j in self.judged if j.judged.verdict.word in BETTER]
        return max(better, key=lambda j: j.strength, default=None)

    def as_json(self) -> dict[str, Any]:
        """Everything as plain values."""
        return {
            "schema": 1,
            "name": self.name,
            "today": self.today.as_json(),
            "tried": [t.as_json() for t in self.tried],
            "not_tried": [{"levers": [list(p) for p in n.levers], "why": n.why} for n in self.not_tried],
            "effects": [_effect(e) for e in self.effects],
            "together": [_effect(e) for e in self.together],
            "judged": [_judged(j) for j in self.judged],
            "lines": [_line(x) for x in self.lines],
            "not_here": dict(self.not_here),
            "sets": self.sets,
            "runs": self.runs,
            "short_runs": self.short_runs,
            "seconds": self.seconds,
            "seed": self.seed,
            "ended": self.ended,
            "notes": list(self.notes),
        }


def _effect(e: Effect) -> dict[str, Any]:
    return {"levers": [list(p) for p in e.levers], "objective": e.objective, "gap": e.gap.as_json(), "sure": e.sure}


def _judged(j: JudgedSet) -> dict[str, Any]:
    shares = [{"lever": s.lever, "measure": s.measure, "value": s.value.as_json()} for s in j.shares]
    return {"tried": j.tried.as_json(), "verdict": j.judged.as_json(), "alpha": j.alpha, "shares": shares}


def _line(x: Line) -> dict[str, Any]:
    return {
        "name": x.name,
        "scaled": x.scaled,
        "points": [[times, u.as_json(), fe.as_json()] for times, u, fe in x.points],
        "v_star": None if x.v_star is None else x.v_star.as_json(),
        "fitted": [list(p) for p in x.fitted],
        "left_out": [list(p) for p in x.left_out],
        "note": x.note,
    }
