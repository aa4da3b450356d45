"""The verbs joined: the only place that knows every stage."""

from sandcone.flow.chain import demo, run
from sandcone.flow.exchanging import exchange
from sandcone.flow.personal import personalise
from sandcone.flow.plans import check, compare, plan
from sandcone.flow.predicting import predict
from sandcone.flow.reasons import conflict, explain, fairness, sweep
from sandcone.flow.replans import replan
from sandcone.flow.replications import simulate_within
from sandcone.flow.truth import validate
from sandcone.measuring import measure
from sandcone.modelling import model, standing
from sandcone.reading import read, save
from sandcone.reporting import writable
from sandcone.simulating import Runs, simulate, warmup

__all__ = [
    "Runs",
    "check",
    "compare",
    "conflict",
    "demo",
    "exchange",
    "explain",
    "fairness",
    "measure",
    "model",
    "personalise",
    "plan",
    "predict",
    "read",
    "replan",
    "run",
    "save",
    "simulate",
    "simulate_within",
    "standing",
    "sweep",
    "validate",
    "warmup",
    "writable",
]
