"""The fast lane's kernel: known answers, the same as its own plain Python, no reference counting, no index out of bounds."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from sandcone.core.arrivals import Rate
from sandcone.core.law import Exponential, Law, Minutes, Uniform
from sandcone.core.model import Model, Need, Pool, Resource, Step
from sandcone.core.plan import AS_TODAY
from sandcone.core.route import Do, Route
from sandcone.simulating.lean import lane

T_9_DEGREES = 3.690  # 99.5 % of a t distribution


def queue(places: int, load: float, law: Law) -> Model:
    """One queue with so many servers at this load."""
    return Model(
        name="queue",
        begin=date(2029, 1, 1),
        steps={"see": Step(minutes=Minutes(otherwise=law), needs=(Need(pools=("staff",)),))},
        route=Route(first="see", nodes={"see": Do(step="see")}),
        arrivals=(Rate(per_hour=(60 * places * load / law.mean,)),),
        resources={"nurse": Resource(capacity=places)},
        pools={"staff": Pool(members=("nurse",))},
    )


def waits(model: Model, patients: int = 300_000) -> tuple[float, float]:
    """The mean of ten runs' mean waits in minutes, and half the length of a 99 % interval around it."""
    here = lane(model, AS_TODAY)
    means = [here.run(seed=11, replication=r, patients=patients, skip=5000, record=False).mean_wait_minutes for r in range(10)]
    return float(np.mean(means)), T_9_DEGREES * float(np.std(means, ddof=1)) / math.sqrt(10)


@pytest.mark.parametrize(("places", "load", "chance"), [(1, 0.8, 0.8), (2, 0.8, 0.7111), (5, 0.8, 0.5541), (10, 0.9, 0.6687)])
def test_the_wait_at_servers_alike_is_that_of_erlang_c(places: int, load: float, chance: float) -> None:
    wait, within = waits(queue(places, load, Exponential(mean=10)))
    exact = chance * 10 / (places * (1 - load))
    assert within < 0.05 * exact
    assert abs(wait - exact) < within + 1e-4 * exact


def test_the_wait_at_one_server_with_uniform_times_is_that_of_pollaczek_and_khinchine() -> None:
    wait, within = waits(queue(1, 0.7, Uniform(low=4, high=16)))
    exact = 0.7 / 0.3 * 10 * (1 + 12 / 100) / 2  # variance of the times is 12
    assert within < 0.05 * exact
    assert abs(wait - exact) < within


STORY = """
import sys
sys.path.insert(0, sys.argv[1])
from test_lean import CASES
from sandcone.simulating import lean_kernel
from sandcone.simulating.lean import lane
from hashlib import sha256
for name in ("delays of all kinds", "rates by the hour, from a Saturday", "lognormal", "fixed delays, so that many are over at one moment"):
    log = lane(*CASES[name]).run(seed=9, patients=80).log
    print(sha256(b"".join(getattr(log, c).tobytes() for c in ("patient", "step", "kind", "ready", "start", "end"))).hexdigest())
for kernel in (lean_kernel.run, lean_kernel.make_ahead):
    code = "".join(kernel.inspect_llvm().values()) if hasattr(kernel, "inspect_llvm") else ""
    print(code.count("NRT_incref"), file=sys.stderr)
"""


def told(cache: Path, **switches: str) -> tuple[list[str], list[str]]:
    """What another Python tells, with these switches of Numba's: a digest of each log, and how often each kernel counts a reference."""
    command = [sys.executable, "-c", STORY, str(Path(__file__).parent)]
    run = subprocess.run(
        command, env={**os.environ, "NUMBA_CACHE_DIR": str(cache), **switches}, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.split(), run.stderr.split()


def test_uncompiled_it_tells_the_same_to_the_last_bit_and_compiled_no_index_is_out_of_bounds_and_no_reference_counted(
    tmp_path: Path,
) -> None:
    bounded, references = told(tmp_path, NUMBA_BOUNDSCHECK="1")
    uncompiled, _ = told(tmp_path, NUMBA_DISABLE_JIT="1", PYTHONWARNINGS="ignore")
    assert len(set(bounded)) == 4
    assert bounded == uncompiled
    assert references == ["0", "0"]
