"""The verb: run a model under a plan, so many times, and give an event log for each run."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

from sandcone.core.arrivals import Listed
from sandcone.core.errors import ModelError
from sandcone.core.model import Model
from sandcone.core.plan import AS_TODAY, Plan
from sandcone.core.present import Present
from sandcone.simulating.job import Job
from sandcone.simulating.load import warnings
from sandcone.simulating.machines import Machines, in_threads
from sandcone.simulating.runs import Runs, Shelf

Told = Callable[[str], None]


def simulate(
    model: Model,
    plan: Plan = AS_TODAY,
    *,
    seed: int,
    replications: int = 1,
    days: float | None = None,
    patients: int | None = None,
    warm_up: float | Literal["auto"] = 0.0,
    present: Sequence[Present] = (),
    first_minute: float = 0.0,
    cores: int | None = None,
    machines: Machines | None = None,
    engine: Literal["fast", "plain"] = "fast",
    told: Told | None = None,
) -> Runs:
    """Let a hospital's days pass on the twin, so many times, and get the log that the hospital would have written.

    It runs for so many ``days``, or until the first so many ``patients`` have come and left (both: whichever is first; neither: until all
    patients of a list have left). ``warm_up`` is in minutes: patients who came before are left out of the logs; "auto" finds it by
    MSER-5 in the first run. Runs begin at ``first_minute`` of the model's first day, with those ``present`` in the house.
    Equal seeds give equal logs; two plans meet the same patients.
    ``cores`` is how many runs are made at once (None: as many as the machine has); ``machines=on_ray`` spreads them over a cluster.
    Raises ``ModelError`` for what cannot be.
    """
    say: Told = told or (lambda _words: None)
    _can_end(model, days, patients, replications)
    _can_begin(model, days, first_minute)
    if warm_up != "auto" and not 0 <= warm_up < math.inf:
        raise ModelError("simulate", f"a warm-up of {warm_up:g} minutes", 'Give 0 or more, or "auto".')
    job = Job(model=model, plan=plan, seed=seed, days=days, patients=patients, present=tuple(present), engine=engine, first=first_minute)
    ready = job.ready(say)
    job = job.warmed_up(ready) if warm_up == "auto" else replace(job, warm_up=warm_up)
    shelf, facts = Shelf(model), []
    for made in (machines or in_threads(cores))(job, ready, replications):
        shelf.put(made.fact.replication, made.table, made.attributes)
        facts.append(made.fact)
        say(f"run {len(facts)} of {replications}: {made.fact.steps:,} steps of {made.fact.patients:,} patients")
    notes = (*ready.notes, *_warmed(job), *warnings(model))
    return shelf.kept_by(Runs(logs=tuple(shelf.taken()), facts=tuple(facts), seed=seed, plan=plan.name, engine=ready.name, notes=notes))


def _warmed(job: Job) -> tuple[str, ...]:
    return () if job.warm_up <= 0 else (f"patients of the first {job.warm_up / 1440:.1f} days are left out, while the house filled up",)


def _can_begin(model: Model, days: float | None, first: float) -> None:
    if not 0 <= first < 1440:
        raise ModelError("simulate", f"runs that begin at minute {first:g} of the first day", "Give a minute from 0 up to 1440.")
    if first > 0 and days is None and not all(isinstance(a, Listed) for a in model.arrivals):
        raise ModelError("simulate", "runs that begin in the middle of a day need an end", "Say days=….")


def _can_end(model: Model, days: float | None, patients: int | None, replications: int) -> None:
    if replications < 1 or not (days is None or 0 < days < math.inf) or not (patients is None or patients > 0):
        raise ModelError("simulate", f"{replications} runs of {days} days or {patients} patients", "Give numbers above 0.")
    if days is None and patients is None and not all(isinstance(a, Listed) for a in model.arrivals):
        raise ModelError("simulate", "patients keep coming, so the run never ends", "Say days=… or patients=….")
