"""The speed of the twin is tried on models that are what they say, by a command that a stranger can run."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
THERE = all(importlib.util.find_spec(name) is not None for name in ("simpy", "ciw"))


def said(*more: str) -> subprocess.CompletedProcess[str]:
    """What the command says at a tiny size."""
    command = [sys.executable, "-m", "benchmarks.twin_speed", "--seed", "4", "--rounds", "3", "--scale", "0.01", *more]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.skipif(not THERE, reason="SimPy or Ciw is not installed")
def test_the_command_prints_ratios_and_says_whether_the_waits_agree() -> None:
    run = said("--engines", "lean,log,heap,simpy,ciw", "--parts", "networks,threads")
    assert run.returncode in (0, 1), run.stderr
    assert "| SimPy | " in run.stdout
    assert "five stations, priorities: Sandcone, fast lane, no log over Ciw (" in run.stdout
    assert run.stdout.count("all mean waits agree") == 2
    assert ", two threads: " in run.stdout
    assert (run.returncode == 1) == ("NOT kept" in run.stdout)


def test_a_year_of_a_hospital_is_timed_engine_by_engine() -> None:
    run = said("--engines", "log", "--parts", "year")
    assert run.returncode in (0, 1), run.stderr
    assert "| fast lane | " in run.stdout


def test_without_a_seed_the_command_is_refused() -> None:
    run = subprocess.run([sys.executable, "-m", "benchmarks.twin_speed"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "--seed" in run.stderr


LOADS = """
from benchmarks.twin_speed.models import FIVE, QUEUE, erlang_wait, hospital, model_of
from sandcone.core.plan import AS_TODAY
from sandcone.simulating.lean import fits
print(*(f"{u:.3f}" for u in (*QUEUE.loads.values(), *FIVE.loads.values())))
print(f"{erlang_wait(QUEUE):.3f}")
print(all(fits(m, AS_TODAY) for m in (model_of(QUEUE), model_of(FIVE), hospital())))
"""


def test_the_models_have_the_loads_that_they_say_and_fit_the_fast_lane() -> None:
    run = subprocess.run([sys.executable, "-c", LOADS], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.split("\n")[:3] == ["0.900 0.833 0.895 0.790 0.833 0.880", "6.687", "True"]
