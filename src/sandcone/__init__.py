"""Sandcone: see whether a hospital's resources and its patients' time are both used better, and plan so that they are.

log = sandcone.read("theatre.csv", columns="map.toml")
measures = sandcone.measure(log, seed=1)
sandcone.run("theatre.csv", "out", columns="map.toml", seed=1)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandcone.core.care_file import read_library, save_library
    from sandcone.core.errors import SandconeError
    from sandcone.core.estimate import Estimate, Measure, Measures, Missing
    from sandcone.core.log import EventLog, Finding
    from sandcone.core.model import Model
    from sandcone.core.model_file import read_model, read_plan, save_model
    from sandcone.core.plan import Plan
    from sandcone.core.site import Site, read_site
    from sandcone.flow import (
        Runs,
        check,
        compare,
        conflict,
        exchange,
        explain,
        fairness,
        frontier,
        improve,
        measure,
        model,
        modules,
        personalise,
        plan,
        predict,
        read,
        replan,
        run,
        save,
        simulate,
        standing,
        sweep,
        validate,
        verdict,
    )

__version__ = "0.1.0"
__all__ = [
    "Estimate",
    "EventLog",
    "Finding",
    "Measure",
    "Measures",
    "Missing",
    "Model",
    "Plan",
    "Runs",
    "SandconeError",
    "Site",
    "check",
    "compare",
    "conflict",
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
    "read_library",
    "read_model",
    "read_plan",
    "read_site",
    "replan",
    "run",
    "save",
    "save_library",
    "save_model",
    "simulate",
    "standing",
    "sweep",
    "validate",
    "verdict",
]

_HOME = {
    **dict.fromkeys(("Runs", "check", "compare", "measure", "model", "modules", "plan", "read", "replan", "run"), "sandcone.flow"),
    **dict.fromkeys(("improve", "save", "simulate", "standing", "validate", "verdict"), "sandcone.flow"),
    **dict.fromkeys(("conflict", "exchange", "explain", "fairness", "frontier", "personalise", "predict", "sweep"), "sandcone.flow"),
    **dict.fromkeys(("Estimate", "Measure", "Measures", "Missing"), "sandcone.core.estimate"),
    **dict.fromkeys(("EventLog", "Finding"), "sandcone.core.log"),
    **dict.fromkeys(("Site", "read_site"), "sandcone.core.site"),
    **dict.fromkeys(("read_model", "read_plan", "save_model"), "sandcone.core.model_file"),
    **dict.fromkeys(("read_library", "save_library"), "sandcone.core.care_file"),
    "Model": "sandcone.core.model",
    "Plan": "sandcone.core.plan",
    "SandconeError": "sandcone.core.errors",
}


def __getattr__(name: str) -> Any:
    """Fetch a public name from its home when it is first asked for, so that importing the package stays quick."""
    if name not in _HOME:
        raise AttributeError(f"module 'sandcone' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
