"""What is said of a twin: each number with its verdict, each distance, and all of it as a short table or as plain values for a file."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sandcone.core.estimate import Estimate
from sandcone.core.model import Model

Verdict = Literal["true within noise", "close", "off", "cannot say"]
Json = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One number: seen, simulated, from the past replayed, the noise, and what that comes to.

    ``simulated`` is the mean over runs with a 95 % interval of that mean (n: runs); 95 % of single runs fall between ``run_low`` and
    ``run_high``. ``noise`` is how far seen and simulated may lie apart by chance.
    """

    name: str
    group: Mapping[str, str] = field(default_factory=dict)
    seen: Estimate
    simulated: Estimate | None
    run_low: float | None = None
    run_high: float | None = None
    naive: float | None = None
    floor: float | None = None
    noise: float | None = None
    verdict: Verdict
    why: str = ""  # of "cannot say"

    @property
    def off(self) -> float:
        """How much too high the twin is, as a share of the number seen; below 0 is too low."""
        gap = math.nan if self.simulated is None else self.simulated.value - self.seen.value
        return gap / abs(self.seen.value) if self.seen.value else math.copysign(math.inf, gap) if gap else gap

    @property
    def nearer_than_naive(self) -> bool | None:
        """Whether the twin is nearer to what was seen than the past replayed is; None where either is not known."""
        if self.simulated is None or self.naive is None or not self.seen.known:
            return None
        return abs(self.simulated.value - self.seen.value) < abs(self.naive - self.seen.value)

    @property
    def words(self) -> str:
        """The verdict in words."""
        if self.verdict == "off":
            return f"off by {self.off:+.0%}" if abs(self.off) < 10 else "off by more than ten times"
        return f"{self.verdict}: {self.why}" if self.why else self.verdict

    @property
    def label(self) -> str:
        """The name with what it is split by."""
        return f"{self.name} [{', '.join(self.group.values())}]" if self.group else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """One distance between the log and its twin (n: runs), beside the past replayed and two real halves. Lower is nearer."""

    name: str
    twin: Estimate
    naive: float | None = None
    floor: float | None = None

    @property
    def words(self) -> str:
        """What the distance comes to."""
        if self.floor is not None and self.twin.value <= self.floor:
            return "as near as two real halves"
        if self.naive is None:
            return "farther than two real halves" if self.floor is not None else "cannot say"
        return "nearer than the past replayed" if self.twin.value < self.naive else "no nearer than the past replayed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """How true a twin is: every number judged, and the distances between its logs and the real one."""

    judged: tuple[Judged, ...]
    distances: tuple[Apart, ...] = ()
    runs: int

    def __getitem__(self, name: str) -> Judged:
        """The judgement of a number of the whole log; ``KeyError`` where it was not judged."""
        return {j.name: j for j in self.whole}[name]

    @property
    def whole(self) -> list[Judged]:
        """The judgements of numbers of the whole log."""
        return [j for j in self.judged if not j.group]

    def by(self, name: str) -> list[Judged]:
        """The judgements of a number split by step, cause or resource."""
        return [j for j in self.judged if j.name == name and j.group]

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many numbers got which verdict."""
        return counted(self.judged)

    @property
    def worst(self) -> list[Judged]:
        """The numbers that are off, the farthest first."""
        return sorted((j for j in self.judged if j.verdict == "off"), key=lambda j: -abs(j.off))

    def __str__(self) -> str:
        return "\n".join(_lines(self))

    def as_json(self) -> Json:
        """Everything as plain values for a file; unknown numbers are null."""
        return {
            "schema": 1,
            "runs": self.runs,
            "counts": self.counts,
            "judged": [_judged_json(j) for j in self.judged],
            "distances": [
                {"name": d.name, "twin": _number(d.twin), "naive": _finite(d.naive), "floor": _finite(d.floor), "words": d.words}
                for d in self.distances
            ],
        }


def counted(judged: Sequence[Judged]) -> dict[Verdict, int]:
    """How many of these got which verdict."""
    found = Counter(j.verdict for j in judged)
    kinds: tuple[Verdict, ...] = ("true within noise", "close", "off", "cannot say")
    return {kind: found[kind] for kind in kinds}


def _said(judged: Sequence[Judged]) -> str:
    return ", ".join(f"{n} {kind}" for kind, n in counted(judged).items())


def _lines(truth: Truth) -> Iterator[str]:
    whole, split = truth.whole, [j for j in truth.judged if j.group]
    yield f"Of {len(whole)} numbers of the whole log, over {truth.runs} runs: {_said(whole)}."
    heads = ("", "unit", "seen", "twin", "past replayed", "noise", "verdict")
    yield from _table([heads, *((j.name, j.seen.unit, *_figures(j), j.words) for j in whole)])
    if split:
        yield f"Of {len(split)} by step, cause or resource: {_said(split)}."
    farthest = [j for j in truth.worst if j.group][:5]
    if farthest:
        yield "The farthest off of these:"
        yield from _table([heads, *((j.label, j.seen.unit, *_figures(j), j.words) for j in farthest)])
    if truth.distances:
        rows = ((d.name, d.twin.unit, figure(d.twin.value), figure(d.naive), figure(d.floor), d.words) for d in truth.distances)
        yield "Distances from the real log (0: the same):"
        yield from _table([("", "unit", "twin", "past replayed", "two real halves", "verdict"), *rows])


def _figures(j: Judged) -> tuple[str, str, str, str]:
    return _with_spread(j.seen), "–" if j.simulated is None else _with_spread(j.simulated), figure(j.naive), figure(j.noise)


def _with_spread(e: Estimate) -> str:
    return figure(e.value) if e.low is None or e.high is None else f"{figure(e.value)} ({figure(e.low)} to {figure(e.high)})"


def figure(x: float | None) -> str:
    """A number in three digits, a dash where there is none."""
    return "–" if x is None or math.isnan(x) else f"{x:.3g}" if abs(x) < 1000 else f"{x:,.0f}"


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  " + "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()


def _judged_json(j: Judged) -> Json:
    facts = {name: _finite(getattr(j, name)) for name in ("run_low", "run_high", "naive", "floor", "noise", "off")}
    numbers = {"seen": _number(j.seen), "simulated": None if j.simulated is None else _number(j.simulated)}
    return {"name": j.name, "group": dict(j.group), **numbers, **facts, "verdict": j.verdict, "words": j.words}


def _number(e: Estimate) -> Json:
    return {"value": _finite(e.value), "low": _finite(e.low), "high": _finite(e.high), "n": e.n, "unit": e.unit}


def _finite(x: float | None) -> float | None:
    return None if x is None or not math.isfinite(x) else x


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A twin that was held against a time it did not learn from, and how it was learnt; ``truth`` is None where that could not be done."""

    cases_learnt: int = 0
    cases_tested: int = 0
    notes: tuple[str, ...] = ()  # how the model was learnt
    said: tuple[str, ...] = ()  # what to bear in mind when reading the verdicts
    model: Model | None = None  # that was tried
    truth: Truth | None = None
    why: str = ""  # there is no truth
