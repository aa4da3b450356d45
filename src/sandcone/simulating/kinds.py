"""Kinds of patients: alike in all that the model or the plan asks about, so that there are few of them however much patients differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sandcone.core.arrivals import Listed
from sandcone.core.model import Model
from sandcone.core.plan import ByClass, DueDate, NobodyOver, Plan, Slack
from sandcone.core.present import Present
from sandcone.core.route import Choose
from sandcone.simulating.queues import queue_of

Who = Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Kinds:
    """The kinds of patients, and the attributes that tell them apart."""

    attributes: tuple[str, ...]
    number: dict[tuple[str | None, ...], int]

    def of(self, who: Who) -> int:
        """The kind of a patient with these attributes."""
        return self.number[tuple(who.get(a) for a in self.attributes)]

    def each(self) -> list[Who]:
        """Someone of each kind."""
        return [{a: v for a, v in zip(self.attributes, values, strict=True) if v is not None} for values in self.number]


def kinds_of(model: Model, plan: Plan, present: Sequence[Present]) -> Kinds:
    """Every kind that can come."""
    attributes = tuple(dict.fromkeys(_asked_about(model, plan)))
    people = [kind.attributes for a in model.arrivals if not isinstance(a, Listed) for kind in a.kinds]
    people += [p.attributes for a in model.arrivals if isinstance(a, Listed) for p in a.patients] + [p.attributes for p in present]
    number: dict[tuple[str | None, ...], int] = {}
    for who in people or [{}]:
        number.setdefault(tuple(who.get(a) for a in attributes), len(number))
    return Kinds(attributes, number)


def _asked_about(model: Model, plan: Plan) -> Iterable[str]:
    for step in model.steps.values():
        yield from (c.attribute for case in step.minutes.cases for c in case.when)
    for node in model.route.nodes.values():
        if isinstance(node, Choose):
            yield from (c.attribute for case in node.cases for c in case.when)
    yield from (r.setup_by for r in model.resources.values() if r.setup_by is not None)
    for name in model.steps:
        queue = queue_of(name, model, plan)
        queue = queue.otherwise if isinstance(queue, NobodyOver) else queue
        if isinstance(queue, ByClass | DueDate | Slack):
            yield queue.attribute
