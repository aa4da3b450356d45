"""How long the first simulation on a machine waits for the compiler, and how long every later one does."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass

WATCHED = """
from time import perf_counter, process_time
marks = [(perf_counter(), process_time())]
def told(words):
    if words.startswith("the engine is ready"):
        marks.append((perf_counter(), process_time()))
import numba
from sandcone.simulating import warmup
marks.append((perf_counter(), process_time()))
warmup(told)
print(*(x for mark in marks for x in mark))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Seconds until an engine is ready, in a program of its own."""

    wall: float
    cpu: float


def ready() -> dict[str, tuple[Wait, Wait]]:
    """For the fast lane and the general engine: with nothing compiled yet, and with everything kept on disk.

    Each in a fresh program, from its start on, with loading Python's packages; a model needs but one of the two engines.
    """
    with tempfile.TemporaryDirectory(prefix="sandcone-numba-") as folder:
        cold, warm = _once(folder), _once(folder)
    return {name: (_both(cold, i), _both(warm, i)) for i, name in enumerate(("fast lane", "general engine"), start=1)}


def _both(waits: list[Wait], i: int) -> Wait:
    return Wait(wall=waits[0].wall + waits[i].wall, cpu=waits[0].cpu + waits[i].cpu)


def _once(folder: str) -> list[Wait]:
    env = os.environ | {"NUMBA_CACHE_DIR": folder}
    said = subprocess.run([sys.executable, "-c", WATCHED], env=env, capture_output=True, text=True, check=True).stdout
    marks = [float(x) for x in said.split()]
    return [Wait(wall=marks[i + 2] - marks[i], cpu=marks[i + 3] - marks[i + 1]) for i in range(0, len(marks) - 2, 2)]
