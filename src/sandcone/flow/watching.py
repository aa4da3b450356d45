"""What a search has come to, put together for whoever watches it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandcone.flow.best import BestSoFar
from sandcone.planning.found import Progress
from sandcone.planning.planned import Seen

Words = Callable[[str], None]


def watching(best: BestSoFar[Any], watched: Callable[[Seen], None] | None) -> Callable[[Progress], None] | None:
    """A listener to a search that tells ``watched`` the progress, the best plan's score and the costs so far."""
    if watched is None:
        return None
    better: list[tuple[float, int]] = []

    def told(progress: Progress) -> None:
        if not progress.broken and (not better or progress.cost < better[-1][1]):
            better.append((progress.seconds, progress.cost))
        watched(Seen(progress=progress, score=best.score, bound=progress.bound, better=tuple(better)))

    return told
