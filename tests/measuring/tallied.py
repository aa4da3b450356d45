"""Runs for the tally: written down by hand, and made by the plain engine both as arrays and as a log."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from sandcone.core.log import EventLog
from sandcone.core.model import Model
from sandcone.core.plan import AS_TODAY
from sandcone.core.rows import Passed, Rows
from sandcone.core.site import Site
from sandcone.simulating.job import Job
from sandcone.simulating.log import event_log, site_of_model


class Did(NamedTuple):
    """One row of a run, with names; hours from the midnight at which the model begins."""

    patient: int
    step: str
    ready: float
    start: float | None
    end: float | None
    by: tuple[str, ...] = ()


def passed(model: Model, did: Sequence[Did], people: Sequence[Mapping[str, str]] = ({},), *, until: float = math.inf) -> Passed:
    """A run in which this happened, in this order; patient ``i`` is ``people[i]``, or the last of them."""
    steps, resources = list(model.steps), list(model.resources)
    most = max((len(d.by) for d in did), default=1)
    used = np.full((len(did), max(most, 1)), -1, dtype=np.int32)
    for i, d in enumerate(did):
        used[i, : len(d.by)] = [resources.index(name) for name in d.by]
    minutes = np.array([[math.nan if x is None else 60 * x for x in d[2:5]] for d in did], dtype=np.float64).reshape(-1, 3)
    n = max((d.patient for d in did), default=-1) + 1
    rows = Rows(
        patient=np.array([d.patient for d in did], dtype=np.int32),
        step=np.array([steps.index(d.step) for d in did], dtype=np.int32),
        ready=minutes[:, 0],
        planned=np.full(len(did), math.nan),
        start=minutes[:, 1],
        end=minutes[:, 2],
        first=used[:, 0],
        also=used[:, 1:],
    )
    came = [min((60 * d.ready for d in did if d.patient == i), default=0.0) for i in range(n)]
    person = np.minimum(np.arange(n), len(people) - 1)
    return Passed(model=model, rows=rows, arrived=np.array(came), person=person, people=tuple(people), names={}, horizon=60 * until)


def both_ways(model: Model, days: float, said: Mapping[str, object] | None = None, seed: int = 1) -> tuple[Passed, EventLog, Site]:
    """One run as arrays and as a log, with the site of the model and what is said beside it."""
    job = Job(model=model, plan=AS_TODAY, seed=seed, days=days, patients=None, present=(), engine="plain")
    engine = job.ready(lambda _words: None)
    made = job.made(engine, 0)
    site = site_of_model(model)
    site = site if said is None else site.joined(Site.model_validate(dict(said)))
    log = event_log(model, made.table, len(made.table), made.attributes, 0)
    return job.passed(engine, 0), replace(log, site=site), site
