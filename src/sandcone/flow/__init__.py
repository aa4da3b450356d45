"""The verbs joined: the only place that knows every stage."""

from sandcone.flow.chain import demo, run
from sandcone.flow.plans import check
from sandcone.flow.replications import simulate_within
from sandcone.flow.truth import validate
from sandcone.measuring import measure
from sandcone.modelling import model
from sandcone.reading import read, save
from sandcone.reporting import writable
from sandcone.simulating import Runs, simulate, warmup

__all__ = [
    "Runs",
    "check",
    "demo",
    "measure",
    "model",
    "read",
    "run",
    "save",
    "simulate",
    "simulate_within",
    "validate",
    "warmup",
    "writable",
]
