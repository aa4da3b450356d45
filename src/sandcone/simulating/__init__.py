"""Model and plan → event logs: the twin's engine. Nothing compiled is loaded before something is simulated."""

from sandcone.simulating.engines import warmup
from sandcone.simulating.load import load
from sandcone.simulating.machines import in_threads, on_ray
from sandcone.simulating.runs import Fact, Runs
from sandcone.simulating.simulate import simulate

__all__ = ["Fact", "Runs", "in_threads", "load", "on_ray", "simulate", "warmup"]
