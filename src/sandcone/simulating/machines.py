"""Where runs are made: in threads of this machine, or spread over the machines of a Ray cluster."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from importlib import import_module
from importlib.util import find_spec
from os import cpu_count
from typing import Any

from sandcone.core.errors import InputError
from sandcone.simulating.engines import Engine
from sandcone.simulating.job import Job, Made

Machines = Callable[[Job, Engine, int], Iterator[Made]]
"""From a job, this machine's engine and a number of runs to the runs, in order."""


def in_threads(cores: int | None = None) -> Machines:
    """So many runs at once on this machine (None: as many as it has cores); runs not yet asked for wait, so memory stays flat."""

    def runs(job: Job, engine: Engine, replications: int) -> Iterator[Made]:
        at_once = 1 if engine.name == "plain" else max(1, min(cores or cpu_count() or 1, replications))
        under_way: deque[Future[Made]] = deque()
        with ThreadPoolExecutor(at_once) as pool:
            for r in range(replications):
                under_way.append(pool.submit(job.made, engine, r))
                if len(under_way) > at_once:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()

    return runs


def on_ray(job: Job, engine: Engine, replications: int) -> Iterator[Made]:
    """On every machine of the Ray cluster that this Python is connected to (``ray.init``; without it, one is begun here).

    Each machine needs sandcone and the same Python; each compiles the engine once. Equal seeds give equal logs wherever they are made.
    """
    ray = the_cluster("simulate", "Install sandcone[ray], or leave machines=… out.")
    task, sent = ray.remote(_one), ray.put(job)
    at_once = 2 * max(1, int(ray.cluster_resources().get("CPU", 1)))
    under_way: deque[Any] = deque()
    for r in range(replications):
        under_way.append(task.remote(sent, r))
        if len(under_way) > at_once:
            yield ray.get(under_way.popleft())
    while under_way:
        yield ray.get(under_way.popleft())


def the_cluster(where: str, do: str) -> Any:
    """Ray, connected to a cluster, or one begun here; ``InputError`` with ``where`` and what to ``do`` where it is not installed."""
    if find_spec("ray") is None:
        raise InputError(where, "ray is not installed", do)
    ray: Any = import_module("ray")
    if not ray.is_initialized():
        ray.init(include_dashboard=False, log_to_driver=False)
    return ray


def _one(job: Job, replication: int) -> Made:
    return job.made(job.ready(lambda _words: None), replication)
