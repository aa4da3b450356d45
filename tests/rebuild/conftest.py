"""The rebuilt hospital in the place of the engines, so that what is written of them can be asked of it too."""

from __future__ import annotations

import pytest

from sandcone.core.model import Model
from sandcone.core.plan import AS_TODAY, Plan
from tests.rebuild.hospital import Hospital
from tests.simulating.worlds import Play, Seen


def rebuilt_play(
    model: Model, plan: Plan = AS_TODAY, *, seed: int = 1, days: float | None = None, patients: int | None = None
) -> list[Seen]:
    """What happens in the rebuilt hospital, in order of the ends; without days until so many patients have left, or all who are listed."""
    run = Hospital(model, plan, seed=seed, days=days or (40.0 if patients else 3100.0), patients=patients).run()
    return [
        Seen(who=run.named(r.patient), step=r.step, ready=r.ready, start=r.start, end=r.end, by=",".join(r.resources), planned=r.planned)
        for r in run.told()
    ]


@pytest.fixture
def play() -> Play:
    """Run a model on the rebuilt hospital: what happened, row by row."""
    return rebuilt_play
