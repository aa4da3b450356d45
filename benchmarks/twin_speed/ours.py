"""The same networks in Sandcone: the fast lane without and with its log, two runs at once, and the general engine."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from hashlib import pbkdf2_hmac
from time import perf_counter, process_time

import numpy as np
from benchmarks.twin_speed.models import Network, model_of
from benchmarks.twin_speed.rivals import Trial

from sandcone.core.model import Model
from sandcone.core.plan import AS_TODAY
from sandcone.core.rows import Rows
from sandcone.simulating import simulate
from sandcone.simulating.lean import Lane, lane, rows
from sandcone.simulating.setting import Setting, setting


@cache
def _lane(network: Network) -> Lane:
    return lane(model_of(network), AS_TODAY)


def silent(network: Network, patients: int, seed: int, skip: int) -> Trial:
    """The fast lane; waits are counted, no log is kept."""
    return _run(network, patients, seed, skip, record=False)


def recorded(network: Network, patients: int, seed: int, skip: int) -> Trial:
    """The fast lane with its whole log in arrays."""
    return _run(network, patients, seed, skip, record=True)


def _run(network: Network, patients: int, seed: int, skip: int, *, record: bool) -> Trial:
    began = process_time()
    run = _lane(network).run(seed=seed, patients=patients, skip=skip, record=record)
    return Trial(events=run.events, cpu=process_time() - began, wait=run.mean_wait_minutes)


def general(network: Network, patients: int, seed: int, skip: int) -> Trial:
    """The general engine with its log; the arrivals, which NumPy makes, are in its time."""
    return _engine(_compiled(model_of(network)), model_of(network), patients, seed, skip)


def plain(network: Network, patients: int, seed: int, skip: int) -> Trial:
    """The general engine in plain Python, which is its specification."""
    from sandcone.simulating.plain import run
    from sandcone.simulating.rows import rows_of

    model = model_of(network)
    return _engine(lambda made: rows_of(run(made), model), model, patients, seed, skip)


def _engine(run: Callable[[Setting], Rows], model: Model, patients: int, seed: int, skip: int) -> Trial:
    began = process_time()
    found = run(setting(model, AS_TODAY, seed, 0, None, patients, ()))
    cpu = process_time() - began
    counted = found.patient >= skip
    return Trial(events=patients + len(found), cpu=cpu, wait=float(np.mean((found.start - found.ready)[counted])))


def _compiled(model: Model) -> Callable[[Setting], Rows]:
    from sandcone.simulating.compiled import Compiled

    return Compiled.of(model, AS_TODAY, ()).run


Pools = tuple[ThreadPoolExecutor, ThreadPoolExecutor]  # of one thread, and of two


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Four jobs one after the other, and the same four with two at a time: wall and CPU seconds."""

    wall_one: float
    wall_two: float
    cpu_one: float
    cpu_two: float

    @property
    def gain(self) -> float:
        """How much more is done in the same time on two cores."""
        return self.wall_one / self.wall_two

    @property
    def cost(self) -> float:
        """How much more CPU a job takes when another one runs beside it."""
        return self.cpu_two / self.cpu_one


def two_at_once(network: Network, patients: int, seed: int, pools: Pools) -> Pair:
    """Four replications of the fast lane with its log."""
    here = _lane(network)
    return _pair(lambda r: here.run(seed=seed, replication=r, patients=patients).events, pools)


def nothing_shared(rounds: int, pools: Pools) -> Pair:
    """The same with jobs that share no memory at all and hold no lock: what two cores have to give at this moment."""
    return _pair(lambda r: len(pbkdf2_hmac("sha256", b"twin", bytes([r]), rounds)), pools)


def _pair(job: Callable[[int], int], pools: Pools) -> Pair:
    """One and two at a time both in threads of a pool, as memory comes at another price to a program's first thread."""
    marks = [(perf_counter(), process_time())]
    one = [*pools[0].map(job, range(4))]
    marks.append((perf_counter(), process_time()))
    two = [*pools[1].map(job, range(4))]
    marks.append((perf_counter(), process_time()))
    assert one == two
    (w0, c0), (w1, c1), (w2, c2) = marks
    return Pair(wall_one=w1 - w0, wall_two=w2 - w1, cpu_one=c1 - c0, cpu_two=c2 - c1)


def year_engines(model: Model, engines: list[str]) -> dict[str, Callable[[int], int]]:
    """Ways to run a year of a model, each giving the number of steps in its log; only those of these engines."""
    here, ways = lane(model, AS_TODAY), {}

    def made(seed: int) -> Setting:
        return setting(model, AS_TODAY, seed, 0, 365, None, ())

    if "log" in engines:
        ways["fast lane"] = lambda seed: len(here.run(seed=seed, days=365).log)
        ways["fast lane, arrivals made by NumPy"] = lambda seed: len(rows(made(seed)))
    if "general" in engines:
        compiled = _compiled(model)
        ways["general engine"] = lambda seed: len(compiled(made(seed)))
        ways["simulate, to an event log"] = lambda seed: simulate(model, seed=seed, days=365, cores=1).facts[0].steps
    return ways
