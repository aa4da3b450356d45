"""What goes with another way of doing a step: its place in line, what is booked for it, and where patients begin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sandcone.core.arrivals import Arrivals, Listed
from sandcone.core.model import Model
from sandcone.core.plan import ByStep, NobodyOver, Plan, Queue
from sandcone.core.route import END

Names = Mapping[str, str]
"""From the name of a step or a node to that of its other way."""


def lined_up(queue: Queue, names: Names) -> Queue:
    """The same rule, for which the other way of a step is as the step."""
    match queue:
        case ByStep():
            return replace(queue, order=tuple(x for n in queue.order for x in ((n, names[n]) if n in names else (n,))))
        case NobodyOver():
            return replace(queue, otherwise=lined_up(queue.otherwise, names))
        case _:
            return queue


def planned(plan: Plan, names: Names) -> Plan:
    """The same plan, in which what holds for a step, or is booked for it, holds for its other way."""
    queues = {n: lined_up(q, names) for n, q in plan.queues.items()}
    booked = tuple(x for b in plan.booked for x in ((b, replace(b, step=names[b.step])) if b.step in names else (b,)))
    return replace(
        plan,
        queue=None if plan.queue is None else lined_up(plan.queue, names),
        queues={**queues, **{names[n]: q for n, q in queues.items() if n in names}},
        booked=booked,
    )


def coming_to(stream: Arrivals, instead: Names) -> Arrivals:
    """The same patients, some of whom begin at another node."""
    first = None if stream.first is None else instead.get(stream.first, stream.first)
    if not isinstance(stream, Listed):
        return replace(stream, first=first)
    people = tuple(p if p.first is None else replace(p, first=instead.get(p.first, p.first)) for p in stream.patients)
    return replace(stream, first=first, patients=people)


def doors(model: Model) -> frozenset[str]:
    """The nodes at which somebody's way begins."""
    firsts = {stream.first or model.route.first for stream in model.arrivals}
    listed = {p.first for stream in model.arrivals if isinstance(stream, Listed) for p in stream.patients if p.first is not None}
    return frozenset(firsts | listed) - {END}
