"""The best timetable so far, kept on disk at all times."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from sandcone.core.journeys import Journeys, Timetable
from sandcone.core.score import Score
from sandcone.flow.best import BestSoFar
from sandcone.planning.journeys.score import score_journeys
from sandcone.reading.journeys import save_journeys


@dataclass(slots=True)
class BestTimetable(BestSoFar[Timetable]):
    """The best timetable of whole paths so far; what it disturbs is in the problem's own wishes."""

    problem: Journeys
    out: Path | None = None
    plan: Timetable | None = None
    score: Score | None = None
    cost: int = field(default=0, init=False)

    def judged(self, plan: Timetable) -> tuple[Score, int]:
        """A timetable's score and its cost."""
        found = score_journeys(self.problem, plan)
        return found, found.cost

    def written(self, plan: Timetable, path: Path) -> object:
        """Write a timetable."""
        return save_journeys(plan, path)
