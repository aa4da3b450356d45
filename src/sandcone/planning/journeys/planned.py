"""A finished timetable with everything that a planner wants to know of it: costs by rule, first come beside it, the bound, the search."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sandcone.core.journeys import Journeys, Timetable
from sandcone.core.saying import many
from sandcone.core.score import Score
from sandcone.planning.bounds import Bound
from sandcone.planning.compare_words import table
from sandcone.planning.journeys.bounds import Least
from sandcone.planning.journeys.search import FoundJourneys
from sandcone.planning.planned import RIVAL, search_words


@dataclass(frozen=True, kw_only=True)
class PlannedJourneys:
    """A timetable, its score by rule, that of first come, first served, a cost that no timetable is below, and the search.

    ``least`` is each patient alone in the house, summed: a weak bound where the house is full; ``shared`` is the bound that knows that
    people and rooms are shared, where it was looked for. ``found`` is None where the search was stopped before it began; the timetable is
    then the best that was there. Print it for the words, which name no patient.
    """

    problem: Journeys = field(repr=False)
    timetable: Timetable = field(repr=False)
    score: Score
    rival: Score = field(repr=False)
    least: Least = field(repr=False)
    shared: Bound | None = field(default=None, repr=False)
    found: FoundJourneys | None = None

    @property
    def bound(self) -> int:
        """A cost that no timetable is below."""
        return max(self.least.cost, self.shared.value if self.shared is not None else 0)

    @property
    def gap(self) -> float | None:
        """How far the cost is above the bound, as a share of the bound; None where the bound is 0."""
        return self.score.cost / self.bound - 1 if self.bound else None

    @property
    def interrupted(self) -> bool:
        """Whether the search was stopped before its time."""
        return self.found is None or self.found.interrupted

    def __str__(self) -> str:
        rows = table(("this timetable", RIVAL), (self.score, self.rival))
        return "\n".join([self._headline(), *rows, *self._bound(), *self._left_out(), *search_words(self.found, "timetable")])

    def _headline(self) -> str:
        own, other = self.score.cost, self.rival.cost
        share = (
            f", {100 * abs(other - own) / other:.1f} % {'less' if own <= other else 'more'} than first come, first served" if other else ""
        )
        broken = "; first come, first served cannot be carried out" if self.rival.violations else ""
        return f"A timetable for {self.problem.name}: cost {own:,} (minutes of waiting){share}{broken}."

    def _bound(self) -> Iterator[str]:
        if self.gap is not None:
            yield f"No timetable costs less than {self.bound:,}; this one is {100 * self.gap:.1f} % above."
            if self.bound == self.least.cost:
                yield "That is each patient alone in the house: a weak bound where the house is full."

    def _left_out(self) -> Iterator[str]:
        out, of = frozenset(self.timetable.left_out(self.problem)), len(self.problem.journeys)
        yield f"{many(len(out), 'patient')} of {of:,} left out." if out else f"Everybody has a place: {many(of, 'patient')}."
        alone = zip(self.problem.journeys, self.least.by_patient, strict=True)
        never = sum(j.patient in out and cost >= self.problem.weights.left_out * j.weight for j, cost in alone)
        if never:
            yield f"{many(never, 'patient')} of them would have no room alone in the house either: there are too few days or open hours."
