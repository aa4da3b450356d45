"""The verbs joined: the only place that knows every stage."""

from sandcone.flow.chain import demo, run
from sandcone.flow.exchanging import exchange
from sandcone.flow.frontiers import frontier
from sandcone.flow.improvement import improve
from sandcone.flow.modularising import modules
from sandcone.flow.personal import personalise
from sandcone.flow.predicting import predict
from sandcone.flow.reasons import conflict, fairness, sweep
from sandcone.flow.replications import simulate_within
from sandcone.flow.truth import validate
from sandcone.flow.verbs import check, compare, explain, plan, replan
from sandcone.flow.verdicts import verdict
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
    "frontier",
    "improve",
    "measure",
    "model",
    "modules",
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
    "verdict",
    "warmup",
    "writable",
]
