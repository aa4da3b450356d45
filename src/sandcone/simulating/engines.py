"""Which engine makes the runs: a compiled one where it can be had, else the plain one. All give the same rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.util import find_spec
from typing import Literal

from sandcone.core.arrivals import Rate
from sandcone.core.errors import InputError
from sandcone.core.law import Fixed, Minutes
from sandcone.core.model import Model, Need, Pool, Resource, Step
from sandcone.core.plan import AS_TODAY, Plan
from sandcone.core.present import Present
from sandcone.core.route import Do, Route
from sandcone.core.rows import Rows
from sandcone.simulating.plain import run as run_plain
from sandcone.simulating.rows import rows_of
from sandcone.simulating.setting import Setting, setting

Told = Callable[[str], None]
WITHOUT = "numba is not installed, so the plain engine ran, some fifty times slower: pip install numba"


@dataclass(frozen=True, slots=True)
class Engine:
    """What makes a run, and what there is to say about it."""

    name: str
    run: Callable[[Setting], Rows]
    notes: tuple[str, ...] = ()


def engine_for(
    model: Model, plan: Plan, wanted: Literal["fast", "plain"], present: Sequence[Present], say: Told, first: float = 0.0
) -> Engine:
    """The engine for a model and a plan, ready to make runs that begin at the minute ``first``."""
    if wanted == "plain":
        return Engine("plain", _plain)
    if find_spec("numba") is None:
        say(WITHOUT)
        return Engine("plain", _plain, (WITHOUT,))
    return _compiled(model, plan, present, say, first)


def _plain(made: Setting) -> Rows:
    return rows_of(run_plain(made), made.model)


def _compiled(model: Model, plan: Plan, present: Sequence[Present], say: Told, first: float = 0.0) -> Engine:
    began = time.perf_counter()
    say("making the engine ready (the first time on a machine it is compiled, which takes some seconds)")
    from sandcone.simulating import lean  # numba is only loaded where something is simulated
    from sandcone.simulating.compiled import Compiled

    lane = first == 0 and lean.fits(model, plan, present)
    made = Engine("fast lane", lean.rows) if lane else Engine("fast", Compiled.of(model, plan, present, first).run)
    made.run(setting(model, plan, 0, 0, 0.001, None, present, first))
    say(f"the engine is ready ({time.perf_counter() - began:.1f} s)")
    return made


def warmup(told: Told | None = None) -> None:
    """Make both compiled engines now, so that the first simulation need not; what is made is kept on disk, for this machine's processor.

    Raises ``InputError`` where numba is not installed.
    """
    say: Told = told or (lambda _words: None)
    if find_spec("numba") is None:
        raise InputError("warmup", "numba is not installed, so there is nothing to compile", "pip install numba")
    steps = {"Care": Step(minutes=Minutes(otherwise=Fixed(minutes=5)), needs=(Need(pools=("ward",)),))}
    model = Model(
        name="warm-up",
        begin=date(2024, 1, 1),
        steps=steps,
        route=Route(first="care", nodes={"care": Do(step="Care")}),
        arrivals=(Rate(per_hour=(1.0,)),),
        resources={"bed": Resource()},
        pools={"ward": Pool(members=("bed",))},
    )
    for each in (model, replace(model, resources={"bed": Resource(turnover_minutes=1)})):  # the second is not for the fast lane
        _compiled(each, AS_TODAY, (), say)
