"""A finished plan with everything that a planner wants to know of it: what it costs by rule, the gap, the rival, how it was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandcone.core.inpatient import InpatientPlan, Problem
from sandcone.core.saying import many
from sandcone.core.score import Score
from sandcone.planning.compare_words import table
from sandcone.planning.found import Found, Pays, Progress

if TYPE_CHECKING:  # compiled, which who has inpatients need not wait for
    from sandcone.planning.journeys.search import FoundJourneys

NAMED = 12  # patients or moves named, before the rest are counted
RIVAL = "first come"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a search has come to so far: the search's own progress, the score of the best plan that is kept, and a bound if one is known.

    ``better`` is (seconds, cost) for every better plan so far; ``score`` is None as long as no plan can be carried out.
    """

    progress: Progress
    score: Score | None
    bound: int | None
    better: tuple[tuple[float, int], ...]


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A plan, its score by rule, the score of first come, first served, a lower bound of the cost if one was looked for, and the search.

    ``found`` is None where the search was stopped before it began; the plan is then the best that was there. Print it for the words.
    """

    problem: Problem = field(repr=False)
    plan: InpatientPlan = field(repr=False)
    score: Score
    rival: Score = field(repr=False)
    bound: int | None = None
    found: Found | None = None

    @property
    def gap(self) -> float | None:
        """How far the cost is above the lower bound, as a share of the bound; None where no bound above 0 is known."""
        return None if not self.bound else self.score.cost / self.bound - 1

    @property
    def interrupted(self) -> bool:
        """Whether the search was stopped before its time."""
        return self.found is None or self.found.interrupted

    def __str__(self) -> str:
        return "\n".join(
            [
                self._headline(),
                *table(("this plan", RIVAL), (self.score, self.rival)),
                *self._left_out(),
                *self._rival(),
                *search_words(self.found, "plan"),
            ]
        )

    def _headline(self) -> str:
        gap = "" if self.gap is None else f", {100 * self.gap:.1f} % above {self.bound:,}, which no plan can be below"
        less = self.rival.cost - self.score.cost
        rival = f"; first come, first served costs {self.rival.cost:,}" if not self.rival.violations and less else ""
        return f"A plan for {self.problem.name}: cost {self.score.cost:,}{gap}{rival}."

    def _left_out(self) -> Iterator[str]:
        out = [p.name for p in self.plan.left_out(self.problem)]
        if out:
            more = f" and {len(out) - NAMED:,} more" if len(out) > NAMED else ""
            yield f"Left out of the {len(self.problem.patients):,}: {len(out):,}, all of whom may wait: {', '.join(out[:NAMED])}{more}."

    def _rival(self) -> Iterator[str]:
        if self.rival.violations:
            missed = self.rival.line("must_come_and_does_not").by
            yield f"First come, first served cannot be carried out: it has no place for {missed:,} who must come."


def search_words(found: Found | FoundJourneys | None, what: str) -> Iterator[str]:
    """How a plan (or ``what`` else it is) was found: time, speed, and the moves that paid."""
    if found is None:
        yield "The search was stopped before it began."
        return
    early = "stopped early after " if found.interrupted else ""
    yield f"Search: {early}{found.seconds:.0f} s, {many(found.cores, 'core')}, seed {found.seed}, {found.pace}."
    paid = paying(found.pays)
    if paid:
        yield f"Moves that gave a better {what}, and how often: " + ", ".join(f"{p.move} {p.better:,}" for p in paid[:NAMED]) + "."


def paying(pays: tuple[Pays, ...]) -> list[Pays]:
    """The moves that gave a better plan, the most often first."""
    return sorted((p for p in pays if p.better), key=lambda p: (-p.better, p.move))
