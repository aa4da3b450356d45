"""Levers of waiting: delays that are made shorter, and steps that need not wait for each other."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

from sandcone.core.arrangement import Arrangement
from sandcone.core.errors import ModelError
from sandcone.core.law import Law, longer
from sandcone.core.lever import BRANCH
from sandcone.core.model import Model, Step
from sandcone.core.route import END, Do, Route, Split, named_by
from sandcone.improving.levers.naming import Wanted, matching, together
from sandcone.improving.levers.ways import doors


def lag(at: Arrangement, *, steps: tuple[str, ...], times: float) -> Arrangement:
    """Delays before some steps take so many times as long: results are ready sooner, travel is organised, letters go out at once.

    It changes the lag of the route and what comes straight ``before`` the step; ``times`` is 0 or more. It is for delays that a hospital
    can make shorter: a check-up that is due in six weeks is due in six weeks, and who shortens that changes what patients need.
    ``ModelError`` where no delay is before any of the steps.
    """
    if not 0 <= times < math.inf:
        raise ModelError("lag", f"{times:g} times as long", "Give a number, 0 or more.")
    model, which = at.model, set(matching(steps, at.model.steps, "step"))
    made = {n: replace(s, before=_delay(s.before, times)) if n in which else s for n, s in model.steps.items()}
    nodes = {n: replace(x, lag=_delay(x.lag, times)) if isinstance(x, Do) and x.step in which else x for n, x in model.route.nodes.items()}
    if made == model.steps and nodes == model.route.nodes:
        raise ModelError("lag", f"no delay is before {', '.join(sorted(which))}, or it stays as it is", "Name a step behind a delay.")
    return replace(at, model=replace(model, steps=made, route=replace(model.route, nodes=nodes)))


def side_by_side(at: Arrangement, *, step: str, with_step: str) -> Arrangement:
    """Two steps that come one after the other are done at the same time, and patients go on when both are over.

    It holds wherever the one leads straight to the other. Both begin when the first could have begun, so it is for steps of which the
    second does not need what the first finds out, and both can be done for one patient at once: a blood test and a form, not two scans.
    From there on patients draw other luck than without the lever. ``ModelError`` where they nowhere follow each other, a delay lies
    between them, or a place that is kept needs one to be over.
    """
    model = at.model
    groups = together(one=Wanted("step", [step], model.steps), other=Wanted("step", [with_step], model.steps))
    ways = {(a, b) for of in groups for a in of["one"] for b in of["other"]}
    found = [(name, one, two) for name, one, two in _in_a_row(model.route) if (one.step, two.step) in ways]
    if not found:
        where = f"steps {step!r} and {with_step!r}"
        raise ModelError(where, "the one nowhere leads straight to the other", "Name two steps that follow each other without a delay.")
    for one, two in {(one.step, two.step): None for _, one, two in found}:
        _can_be_done_at_once(model.steps, one, two)
    return replace(at, model=replace(model, route=_joined(model, found)))


Row = tuple[str, Do, Do]
"""A node, what is done at it, and what is done at the next one."""


def _joined(model: Model, found: list[Row]) -> Route:
    """The route in which what was done in a row is done at once; a second node that nobody comes to any more is taken out."""
    nodes = dict(model.route.nodes)
    for name, one, two in found:
        branches = f"{name}{BRANCH}first", f"{name}{BRANCH}second"
        nodes |= {branch: replace(do, then=END) for branch, do in zip(branches, (one, two), strict=True)}
        nodes[name] = Split(branches=branches, then=two.then)
    come_to = doors(model) | {model.route.first, *(to for node in nodes.values() for to in named_by(node))}
    gone = {one.then for _, one, _ in found} - come_to
    return replace(model.route, nodes={name: node for name, node in nodes.items() if name not in gone})


def _in_a_row(route: Route) -> Iterator[Row]:
    """Every node at which something is done that leads straight to another one, without a delay."""
    for name, one in route.nodes.items():
        two = route.nodes.get(one.then) if isinstance(one, Do) else None
        if isinstance(one, Do) and isinstance(two, Do) and two.lag is None:
            yield name, one, two


def _can_be_done_at_once(steps: Mapping[str, Step], first: str, second: str) -> None:
    found = _against(steps, first, second)
    if found:
        raise ModelError(f"steps {first!r} and {second!r}", found, "Choose two steps that do not need each other.")


def _against(steps: Mapping[str, Step], first: str, second: str) -> str:
    """What stands against doing two steps at once, in words; empty if nothing does."""
    one, two = steps[first], steps[second]
    if first == second:
        return "they are one"
    if one.after is not None or two.before is not None:
        return "a delay lies between them, so the second waits for what comes of the first"
    if any(n.until in (first, second) for s in steps.values() for n in s.needs):
        return "a place is kept until one of them has ended"
    if any(n.blocks for n in (*one.needs, *two.needs)):
        return "one of them keeps a place until the next step"
    kept = [{p for n in s.needs if n.until is not None for p in n.pools} for s in (one, two)]
    if any(kept[i] & {p for n in s.needs for p in n.pools} for i, s in ((0, two), (1, one))):
        return "one of them keeps a place that the other needs"
    return ""


def _delay(law: Law | None, times: float) -> Law | None:
    return None if law is None or times == 0 else longer(law, times)
