"""Event log → model: the twin as a value, learnt from what was seen. What the log cannot support is said, not made up."""

from sandcone.modelling.learn import model
from sandcone.modelling.standing import standing

__all__ = ["model", "standing"]
