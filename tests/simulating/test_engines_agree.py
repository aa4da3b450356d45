"""The compiled engine gives the plain engine's rows, one by one; and other people's engines give the same waits."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from sandcone.core.errors import ModelError
from sandcone.core.plan import AS_TODAY
from sandcone.core.rows import Rows
from sandcone.simulating.setting import Setting, setting
from tests.conftest import ROOT
from tests.simulating.random_models import random_present, random_world
from tests.simulating.worlds import compiled_rows, mm, plain_rows


def different(a: Rows, b: Rows) -> list[str]:
    """The columns that are not the same, bit for bit."""
    return [n for n in Rows.__slots__ if not np.array_equal(getattr(a, n), getattr(b, n), equal_nan=getattr(a, n).dtype == np.float64)]


def worlds(seeds: range) -> list[tuple[int, Setting]]:
    """Random hospitals, ready to run: some for nine days, some for sixty patients; those refused at birth are left out."""
    found = []
    for seed in seeds:
        try:
            model, plan = random_world(seed)
        except ModelError:
            continue
        days, patients = ((9, None), (None, 60))[seed % 2]
        here = random_present(seed, model) if seed % 3 == 0 else ()
        found.append((seed, setting(model, plan, seed, 0, days, patients, here, first=(0.0, 493.5)[seed % 2 == 0 and seed % 3 != 1])))
    return found


@pytest.mark.parametrize("first", range(0, 120, 30))
def test_both_engines_tell_the_same_story_of_random_hospitals(first: int) -> None:
    made = worlds(range(first, first + 30))
    assert len(made) > 15
    assert [(seed, d) for seed, s in made if (d := different(plain_rows(s), compiled_rows(s)))] == []


def test_the_kernel_stays_within_its_arrays_and_needs_no_compiler_to_be_right() -> None:
    """The kernel as plain Python: an index out of bounds is an error there, and the rows are the same to the last bit."""
    code = (
        "from tests.simulating.test_engines_agree import *\n"
        "made = worlds(range(1000, 1012))\n"
        "assert len(made) > 5 and [s for s, m in made if different(plain_rows(m), compiled_rows(m))] == []\n"
        "from sandcone.simulating import kernel\n"
        "assert not hasattr(kernel.run, 'signatures')\n"
    )
    env = {"NUMBA_DISABLE_JIT": "1", "PATH": "", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


def test_the_kernel_is_compiled_so_that_no_references_are_counted() -> None:
    from sandcone.simulating import kernel

    compiled = [f for f in vars(kernel).values() if hasattr(f, "targetoptions")]
    assert len(compiled) > 20
    assert all(f.targetoptions["_nrt"] is False and f.targetoptions["nogil"] for f in compiled)


def test_the_twin_s_package_loads_nothing_compiled() -> None:
    code = "import sys, sandcone.simulating; assert not {'numba', 'llvmlite'} & set(sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


# ── second opinions ─────────────────────────────────────────────────────────────────────────────────────────────────


def our_waits(servers: int, load: float, runs: int, patients: int) -> list[float]:
    """The mean wait of each of some runs, minutes."""
    rows = (compiled_rows(setting(mm(servers, load), AS_TODAY, 11, r, None, patients, ())) for r in range(runs))
    return [float((x.start - x.ready).mean()) for x in rows]


def apart(ours: list[float], theirs: list[float]) -> float:
    """How many standard errors two means lie apart."""
    error = np.sqrt(np.var(ours, ddof=1) / len(ours) + np.var(theirs, ddof=1) / len(theirs))
    return float(abs(np.mean(ours) - np.mean(theirs)) / error)


def test_simpy_finds_the_same_waits() -> None:
    simpy = pytest.importorskip("simpy", reason="simpy is not installed: no second opinion from it")

    def one(seed: int) -> float:
        luck, env, waited = np.random.default_rng(seed), simpy.Environment(), []
        nurses = simpy.Resource(env, capacity=2)

        def patient() -> object:
            came = env.now
            with nurses.request() as turn:
                yield turn
                waited.append(env.now - came)
                yield env.timeout(luck.exponential(10.0))

        def door() -> object:
            for _ in range(1500):
                yield env.timeout(luck.exponential(60 / (0.75 * 12)))
                env.process(patient())

        env.process(door())
        env.run()
        return float(np.mean(waited))

    assert apart(our_waits(2, 0.75, 200, 1500), [one(s) for s in range(30)]) < 3


def test_ciw_finds_the_same_waits() -> None:
    ciw = pytest.importorskip("ciw", reason="ciw is not installed: no second opinion from it")
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(0.75 * 12 / 60)],
        service_distributions=[ciw.dists.Exponential(1 / 10.0)],
        number_of_servers=[2],
    )

    def one(seed: int) -> float:
        ciw.seed(seed)
        q = ciw.Simulation(network)
        q.simulate_until_max_customers(1500, method="Arrive")
        return float(np.mean([r.waiting_time for r in q.get_all_records()]))

    assert apart(our_waits(2, 0.75, 200, 1500), [one(s) for s in range(20)]) < 3
