"""A set of levers at a glance: what it costs, and whether its work fits into its hours, by formula and before any run."""

from __future__ import annotations

import math
import pickle
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

from sandcone.core.arrangement import Arrangement
from sandcone.core.errors import SandconeError
from sandcone.core.lever import LeverSet
from sandcone.core.model import Model
from sandcone.core.outcome import OBJECTIVES
from sandcone.flow.bench import Bench
from sandcone.improving.costs import weekly_cost
from sandcone.improving.search.costs import dear_by_formula
from sandcone.improving.search.look import Glance
from sandcone.simulating.load import Hours, overfull, work_of

UNKNOWN = (math.nan,) * len(OBJECTIVES)


def glance(bench: Bench, levers: LeverSet) -> Glance | str:
    """What a set of levers costs by its open hours; or why it is not to be tried.

    It is not where it cannot be, is dearer than allowed, or surely gets more work than it can do. How busy it will be follows from its work
    and its hours. What flow efficiency and waits it would have no formula says: they hang on calendars, bookings and who goes first.
    """
    try:
        at = bench.arranged(levers)
    except SandconeError as refusal:
        return f"cannot be: {refusal}"
    cost, staff = costs(at, bench)
    seen = Glance(values=UNKNOWN, seen=(False,) * len(levers), cost=cost, staff_cost=staff)
    why = dear_by_formula(seen, bench.levers.limits) or too_full(at.model, bench)
    return why or (seen if bench.cared else replace(seen, values=foreseen(at, bench)))


def costs(at: Arrangement, bench: Bench) -> tuple[float, float]:
    """Money a week for everything, and for people, times as today (1 where today costs nothing)."""
    (all_, staff), (all_0, staff_0) = (weekly_cost(a.model, bench.levers.limits.staff) for a in (at, bench.today))
    return _times(all_ + at.money_per_week, all_0 + bench.today.money_per_week), _times(staff, staff_0)


def _times(money: float, today: float) -> float:
    return money / today if today > 0 else 1.0 if money <= 0 else math.inf


def too_full(model: Model, bench: Bench) -> str:
    """Why its work can never be done; empty if it may. Of known people nobody says beforehand how many come."""
    if bench.cared is not None:
        return ""
    found = overfull(model, _work(bench, model))
    return f"unstable: work for {found[0]} comes {found[1]:.2f} times as fast as it can be done" if found else ""


def foreseen(at: Arrangement, bench: Bench) -> tuple[float, ...]:
    """The objectives as far as a formula has them, in the order of ``OBJECTIVES``: how busy resources will be, and their cost."""
    cost = weekly_cost(at.model, ("*",))[0] + at.money_per_week
    known = {"resource efficiency": busy(at.model, _work(bench, at.model)), "cost": cost}
    return tuple(known.get(o.name, math.nan) for o in OBJECTIVES)


def busy(model: Model, work: Mapping[str, float]) -> float:
    """Resource efficiency if all work is done by the pools that steps name first: work over open hours, by cost (1 where none is said)."""
    hours, free = Hours(model), all(r.cost_per_hour is None for r in model.resources.values())
    open_ = {name: r.capacity * hours.open[r.calendar] for name, r in model.resources.items()}
    paid = {name: open_[name] * (1.0 if free else r.cost_per_hour or 0.0) for name, r in model.resources.items()}
    rate = {p: sum(paid[m] for m in x.members) / max(sum(open_[m] for m in x.members), 1.0) for p, x in model.pools.items()}
    total = sum(paid[m] for m in {m for x in model.pools.values() for m in x.members})
    return float(sum(rate[p] * minutes for p, minutes in work.items()) / total) if total > 0 else math.nan


def _work(bench: Bench, model: Model) -> Mapping[str, float]:
    """How much work comes to each pool: the same for sets that change places, hours, bookings or who goes first."""
    steps = {name: replace(step, booking=None) for name, step in model.steps.items()}
    name = sha256(pickle.dumps((model.route, model.arrivals, steps, list(model.pools), model.begin))).digest()
    if name not in bench.works:
        bench.works[name] = work_of(model)
    return bench.works[name]
