"""Scores beside what others got, as text for a screen or a page."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from benchmarks.twin_fidelity.score import Scored
from benchmarks.twin_fidelity.splits import SCORED, Score, Scores

HEAD = ("", "ours", "naive replay", "best other", "by", "ratio", "against others", "against naive", "floor", "best variant")
SHORT = {
    "Simod": "Simod",
    "DGEN (LSTM deep generative)": "DGEN",
    "DeepSimulator": "DeepSim.",
    "RIMS": "RIMS",
    "AgentSimulator": "AgentSim.",
    "Simod 5.2.1 run here (one-shot, no optimisation)": "Simod here",
    "Simod 5.2.1 run here (10 optimisation iterations)": "Simod here, tuned",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One distance on one log: ours beside the best of the others and the naive replay."""

    log: str
    distance: str
    ours: Score
    runs: int
    best: Score
    who: str
    naive: float
    variant: Score | None  # the best of AgentSimulator's variants, which no one method reaches on all
    floor: float

    @property
    def beats_others(self) -> bool:
        """Whether it is nearer than the best of the papers' table and of Simod as measured here."""
        return self.ours.value < self.best.value

    @property
    def beats_naive(self) -> bool:
        """Whether it is nearer than the naive replay."""
        return self.ours.value < self.naive

    @property
    def beats_variants(self) -> bool:
        """Whether it is nearer also than whichever of AgentSimulator's variants is best here."""
        return self.beats_others and (self.variant is None or self.ours.value < self.variant.value)

    @property
    def ratio(self) -> float:
        """Ours over the better of the two: below 1 is a win over both."""
        return self.ours.value / max(min(self.best.value, self.naive), 1e-12)

    @property
    def level(self) -> bool:
        """Whether ours and the best of the others are nearer than two standard errors of ten runs."""
        spread = (self.ours.sd or 0) ** 2 / self.runs + (self.best.sd or 0) ** 2 / 10
        return abs(self.ours.value - self.best.value) < 2 * math.sqrt(spread)


def cells(log: str, ours: Scored, naive: Scored, floor: dict[str, tuple[float, ...]], others: Scores, variants: Scores) -> list[Cell]:
    """The five cells of a log."""
    return [_cell(log, d, ours, naive, floor, others, variants) for d in SCORED]


def _cell(log: str, d: str, ours: Scored, naive: Scored, floor: dict[str, tuple[float, ...]], others: Scores, variants: Scores) -> Cell:
    who, best = min(((SHORT[m], got[d]) for m, got in others[log].items() if m in SHORT and d in got), key=lambda x: x[1].value)
    variant = min((got[d] for got in variants[log].values() if d in got), key=lambda s: s.value, default=None)
    mine = Score(value=ours.mean(d), sd=ours.sd(d))
    facts = {"best": best, "who": who, "variant": variant, "naive": naive.mean(d), "floor": float(np.mean(floor[d]))}
    return Cell(log=log, distance=d, ours=mine, runs=len(ours.got[d]), **facts)


def page(log: str, found: list[Cell], others: Scores, ours: Scored, test: tuple[int, int]) -> str:
    """One log's table; ``test`` is the cases and the steps of the test log."""
    methods = [m for m in SHORT if m in others[log]]
    head = [*HEAD, *(SHORT[m] for m in methods)]
    lines = [_line(head), "|---|" + "---:|" * (len(head) - 1)]
    lines += [_line([*_of(cell), *(_shown(others[log][m].get(cell.distance)) for m in methods)]) for cell in found]
    rate = f"{ours.steps_per_cpu_second:,.0f} steps a CPU second"
    took = f"fit {ours.fit_seconds:.1f} s ({ours.fit_cpu:.1f} CPU s); made {rate}"
    size = f"{ours.cases:,.0f} cases and {ours.steps:,.0f} steps a run, the test log has {test[0]:,} and {test[1]:,}"
    return "\n".join([f"### {log}: {test[0]:,} cases", "", *lines, "", f"{took}; {size}", ""])


def _of(cell: Cell) -> Iterator[str]:
    won = "won" if cell.beats_others else "lost"
    yield from (cell.distance, _shown(cell.ours), f"{cell.naive:.3f}", _shown(cell.best), cell.who, f"{cell.ratio:.2f}")
    yield won + (" (level)" if cell.level else "")
    yield "won" if cell.beats_naive else "lost"
    yield from (f"{cell.floor:.3f}", _shown(cell.variant))


def _shown(score: Score | None) -> str:
    if score is None:
        return "–"
    return f"{score.value:.3f}" + ("" if score.sd is None else f" ({score.sd:.3f})")


def _line(parts: Iterable[str]) -> str:
    return "| " + " | ".join(parts) + " |"


def totals(found: list[Cell], n: int) -> str:
    """What all ``n`` cells come to; one without a score is not won."""
    said = {
        "better than every published method's own table and Simod measured here": [c.beats_others for c in found],
        "the same, also than the best of AgentSimulator's variants": [c.beats_variants for c in found],
        "better than the naive replay": [c.beats_naive for c in found],
        "better than both others and naive": [c.beats_others and c.beats_naive for c in found],
        "within 1.1 times the better of the two": [c.ratio <= 1.1 for c in found],
        "level with the best other (two standard errors)": [c.level for c in found],
    }
    mean = math.exp(float(np.mean([math.log(max(c.ratio, 1e-12)) for c in found])))
    counts = [f"- {words}: {sum(yes)} of {n}" for words, yes in said.items()]
    silent = [f"- without a score: {n - len(found)}"] if len(found) < n else []
    return "\n".join([f"### All {n} cells", "", *counts, *silent, f"- geometric mean of the ratios: {mean:.2f}", ""])
