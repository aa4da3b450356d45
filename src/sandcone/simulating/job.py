"""The job of simulating: everything that makes a run what it is, and one run of it as a log."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sandcone.core.model import Model
from sandcone.core.plan import Plan
from sandcone.core.present import Present
from sandcone.core.rows import Passed, Rows
from sandcone.simulating.engines import Engine, engine_for
from sandcone.simulating.log import arrow, attributes_of
from sandcone.simulating.rows import waits_by_patient
from sandcone.simulating.runs import Fact
from sandcone.simulating.setting import Setting, setting
from sandcone.simulating.warm_up import warm_up_minutes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Made:
    """One run: its log as an Arrow table, the names of the patients' attributes, and what it came to."""

    table: Any
    attributes: tuple[str, ...]
    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A model, a plan and a seed, how long to run, and with which engine; it can be sent to another machine."""

    model: Model
    plan: Plan
    seed: int
    days: float | None
    patients: int | None
    present: tuple[Present, ...]
    engine: Literal["fast", "plain"]
    warm_up: float = 0.0  # minutes
    first: float = 0.0  # the minute at which runs begin

    def ready(self, say: Callable[[str], None]) -> Engine:
        """The engine, compiled and laid out."""
        return engine_for(self.model, self.plan, self.engine, self.present, say, self.first)

    def rows(self, engine: Engine, replication: int) -> tuple[Setting, Rows]:
        """One run."""
        made = setting(self.model, self.plan, self.seed, replication, self.days, self.patients, self.present, self.first)
        return made, engine.run(made)

    def passed(self, engine: Engine, replication: int) -> Passed:
        """One run as arrays, with who came: for whoever needs no log."""
        made, rows = self.rows(engine, replication)
        here, come = len(made.here), made.coming
        return Passed(
            model=self.model,
            rows=rows,
            arrived=_arrived(made),
            person=np.concatenate([np.arange(here), here + come.person]).astype(np.int64),
            people=(*(h.noun.attributes for h in made.here), *come.people),
            names={**{i: h.noun.name for i, h in enumerate(made.here)}, **{here + i: name for i, name in come.names.items()}},
            horizon=made.horizon,
        )

    def made(self, engine: Engine, replication: int) -> Made:
        """One run as a log, without those who came during the warm-up."""
        began = time.perf_counter()
        made, rows = self.rows(engine, replication)
        arrived = _arrived(made)
        kept = rows if self.warm_up <= 0 else rows.only(arrived[rows.patient] >= self.warm_up)
        attributes = attributes_of(made)
        table = arrow(kept, made, attributes)
        patients = int(np.count_nonzero(arrived >= self.warm_up)) if self.warm_up > 0 else len(arrived)
        seconds = time.perf_counter() - began
        fact = Fact(replication=replication, patients=patients, steps=len(kept), seconds=seconds, warm_up=self.warm_up)
        return Made(table=table, attributes=attributes, fact=fact)

    def warmed_up(self, engine: Engine) -> Job:
        """The same job, with the warm-up that its first run shows."""
        made, rows = self.rows(engine, 0)
        arrived = _arrived(made)
        return replace(self, warm_up=warm_up_minutes(arrived, waits_by_patient(rows, len(arrived))))


def _arrived(made: Setting) -> NDArray[np.float64]:
    return np.concatenate([np.full(len(made.here), -1.0), made.coming.minute])
