"""Sets of levers tried on a Ray cluster come to what they come to here."""

from __future__ import annotations

import tomllib

import pytest

from sandcone.core.arrangement import Arrangement
from sandcone.flow.bench import Bench, Runs, run
from sandcone.flow.hands import here, on_ray
from sandcone.improving.levers.reading import levers_of
from tests.flow.improve_world import LEVERS, clinic
from tests.simulating.test_ray import two_machines  # noqa: F401 - a fixture


@pytest.mark.usefixtures("two_machines")
def test_two_machines_try_the_sets_as_one_does() -> None:
    today = Arrangement(model=clinic())
    bench = Bench(today, levers_of(tomllib.loads(LEVERS), "levers", today), None, 1)
    work = [Runs(levers=s, runs=((0, False), (1, True))) for s in ((0, 0), (1, 1), (0, 2))]
    with here(bench) as alone, on_ray(bench) as spread:
        found = sorted(spread.done(run, work), key=lambda x: x[0])
        assert repr(found) == repr(list(alone.done(run, work)))  # as text, for what is no number equals nothing
