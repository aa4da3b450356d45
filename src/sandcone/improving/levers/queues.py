"""The lever of who goes first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sandcone.core.arrangement import Arrangement
from sandcone.core.model import Model
from sandcone.core.plan import ByClass, ByStep, DueDate, NobodyOver, Queue, Slack
from sandcone.improving.levers.naming import matching
from sandcone.improving.levers.people import patients_with, values_of


def queue(at: Arrangement, *, rule: Queue, steps: tuple[str, ...] = ()) -> Arrangement:
    """Another rule says who goes first where several wait.

    ``rule`` is a rule as a plan has it, such as {kind = "shortest first"}; it holds for ``steps``, or, where none are named, for all steps
    that have no rule of their own. Patients of one line with different rules are compared as docs/model.md says. ``ModelError`` where the
    rule names a step, an attribute or a value that nobody has.
    """
    model, plan = at.model, at.plan
    for attribute, values in _asks(rule):
        _ = patients_with(model, attribute, values) if values else values_of(model, attribute)
    rule = _for_all_ways(rule, model)
    if not steps:
        return replace(at, plan=replace(plan, queue=rule))
    named = matching(steps, model.steps, "step")
    return replace(at, plan=replace(plan, queues={**plan.queues, **dict.fromkeys(named, rule)}))


def _asks(rule: Queue) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Attributes that a rule asks for, with the values it names."""
    match rule:
        case ByClass():
            yield rule.attribute, rule.order
        case DueDate() | Slack():
            yield rule.attribute, tuple(rule.within_minutes)
        case NobodyOver():
            yield from _asks(rule.otherwise)


def _for_all_ways(rule: Queue, model: Model) -> Queue:
    """Steps by name, with the other ways of doing them that a lever made before."""
    match rule:
        case ByStep():
            return replace(rule, order=matching(rule.order, model.steps, "step"))
        case NobodyOver():
            return replace(rule, otherwise=_for_all_ways(rule.otherwise, model))
        case _:
            return rule
