"""A twin learnt from the largest log of the fidelity set, BPI Challenge 2017 (W), on the general engine: no network made to be quick."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import process_time

from sandcone.core.model import Model
from sandcone.core.plan import AS_TODAY
from sandcone.modelling import model
from sandcone.reading import read
from sandcone.simulating import simulate
from sandcone.simulating.compiled import Compiled
from sandcone.simulating.setting import setting

ROOT = Path(__file__).resolve().parents[2]
LOG = ROOT.parent / "shared" / "data" / "bps_benchmark" / "BPIC_2017_W.csv.gz"
MAP = ROOT / "examples" / "maps" / "BPIC_2017_W.toml"
PROSIMOS = (4_400, 7_500)  # events a second, measured beside the published figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """One way to run it: steps in its log, and CPU seconds with all that makes the log."""

    steps: int
    cpu: float

    @property
    def a_second(self) -> float:
        """Steps a CPU second."""
        return self.steps / self.cpu


def learn(seed: int) -> tuple[Model, float]:
    """The model, and the CPU seconds that learning it took. The log has to be there."""
    log = read(LOG, columns=MAP)
    began = process_time()
    return model(log, seed=seed), process_time() - began


def rows(learnt: Model, seed: int, days: float) -> Speed:
    """The engine, its arrivals and its rows as arrays."""
    compiled = Compiled.of(learnt, AS_TODAY, ())
    began = process_time()
    found = compiled.run(setting(learnt, AS_TODAY, seed, 0, days, None, ()))
    return Speed(steps=len(found), cpu=process_time() - began)


def log(learnt: Model, seed: int, days: float) -> Speed:
    """The whole call, to an event log with names and moments."""
    began = process_time()
    steps = simulate(learnt, seed=seed, days=days, cores=1).facts[0].steps
    return Speed(steps=steps, cpu=process_time() - began)
