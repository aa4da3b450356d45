"""Tiny hospitals for tests, and what happens in them, read back with names."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sandcone.core.arrivals import Arrivals, Listed, Patient
from sandcone.core.law import Exponential, Fixed, Law, LawWhen, Minutes
from sandcone.core.model import Booking, Model, Need, Pool, Resource, Step
from sandcone.core.pace import Pace
from sandcone.core.plan import AS_TODAY, FirstCome, Plan, Queue
from sandcone.core.present import Present
from sandcone.core.route import END, Do, Node, Route
from sandcone.core.rows import Rows
from sandcone.core.site import Calendar, Shift
from sandcone.simulating.plain import run
from sandcone.simulating.rows import rows_of
from sandcone.simulating.setting import Setting, setting

MONDAY = date(2024, 1, 1)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")


class Seen(NamedTuple):
    """One row of a log, with names."""

    who: str
    step: str
    ready: float
    start: float
    end: float
    by: str  # resources, with commas
    planned: float = math.nan

    @property
    def when(self) -> tuple[str, str, float, float]:
        """Who did what, from when to when."""
        return self.who, self.step, self.start, self.end


Play = Callable[..., list[Seen]]


def plain_rows(made: Setting) -> Rows:
    """The plain engine's rows."""
    return rows_of(run(made), made.model)


def compiled_rows(made: Setting) -> Rows:
    """The compiled engine's rows."""
    from sandcone.simulating.compiled import Compiled

    return Compiled.of(made.model, made.plan, [h.noun for h in made.here], made.first).run(made)


def player(engine: Callable[[Setting], Rows]) -> Play:
    """Run a model on one engine and read what happened."""

    def play(
        model: Model,
        plan: Plan = AS_TODAY,
        *,
        seed: int = 1,
        days: float | None = None,
        patients: int | None = None,
        present: Sequence[Present] = (),
        first: float = 0.0,
    ) -> list[Seen]:
        made = setting(model, plan, seed, 0, days, patients, present, first)
        return named(engine(made), made)

    return play


def named(rows: Rows, made: Setting) -> list[Seen]:
    """Rows with names for numbers."""
    names, steps, resources = made.names, list(made.model.steps), list(made.model.resources)
    return [
        Seen(
            who=names[rows.patient[i]],
            step=steps[rows.step[i]],
            ready=float(rows.ready[i]),
            start=float(rows.start[i]),
            end=float(rows.end[i]),
            by=",".join(resources[r] for r in (rows.first[i], *rows.also[i]) if r >= 0),
            planned=float(rows.planned[i]),
        )
        for i in range(len(rows))
    ]


def step(minutes: float | Law, *needs: str | Need, cases: tuple[LawWhen, ...] = (), booking: Booking | None = None, **laws: Law) -> Step:
    """A step of so many minutes that needs one of each of these pools."""
    law = Fixed(minutes=float(minutes)) if isinstance(minutes, int | float) else minutes
    return Step(
        minutes=Minutes(otherwise=law, cases=cases),
        needs=tuple(Need(pools=(n,)) if isinstance(n, str) else n for n in needs),
        booking=booking,
        **laws,  # type: ignore[arg-type]
    )


def known(*people: tuple[str, float] | tuple[str, float, Mapping[str, str]]) -> tuple[Arrivals, ...]:
    """Known patients: name, minute, and perhaps attributes."""
    return (Listed(patients=tuple(Patient(name=p[0], minute=p[1], attributes=p[2] if len(p) > 2 else {}) for p in people)),)


def hospital(
    steps: Mapping[str, Step],
    arrivals: tuple[Arrivals, ...],
    *,
    nodes: Mapping[str, Node] | None = None,
    resources: Mapping[str, Resource] | None = None,
    pools: Mapping[str, Pool] | None = None,
    calendars: Mapping[str, Calendar] | None = None,
    paces: Mapping[str, Pace] | None = None,
    queue: Queue | None = None,
) -> Model:
    """A hospital whose steps follow each other, unless nodes say otherwise, with a pool for each resource beside those named."""
    things = dict(resources or {})
    names = list(steps)
    chain = {n: Do(step=n, then=names[i + 1] if i + 1 < len(names) else END) for i, n in enumerate(names)}
    way = dict(nodes or chain)
    return Model(
        name="tiny",
        begin=MONDAY,
        steps=steps,
        route=Route(first=next(iter(way)), nodes=way),
        arrivals=arrivals,
        resources=things,
        pools={**{name: Pool(members=(name,)) for name in things}, **(pools or {})},
        calendars=calendars or {},
        paces=paces or {},
        queue=queue or FirstCome(),
    )


def hours(opens: str, closes: str, days: tuple[str, ...] = WEEKDAYS, closed: tuple[str, ...] = ()) -> Calendar:
    """Open from when to when on these days."""
    return Calendar(shifts=(Shift.model_validate({"days": days, "from": opens, "to": closes}),), closed=closed)


def mm(servers: int, load: float, service: Law | None = None, queue: Queue | None = None, **more: object) -> Model:
    """A single station with Poisson arrivals; a mean service of 10 minutes."""
    from sandcone.core.arrivals import Rate

    rate = Rate(per_hour=(load * servers * 6.0,), **more)  # type: ignore[arg-type]
    return hospital(
        {"Care": step(service or Exponential(mean=10.0), "S")}, (rate,), resources={"S": Resource(capacity=servers)}, queue=queue
    )
