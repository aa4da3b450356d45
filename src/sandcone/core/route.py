"""The ways that patients may go: a small graph of steps, choices and parallel parts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from sandcone.core.errors import ModelError
from sandcone.core.law import Law, holds
from sandcone.core.site import Condition

END = "end"
"""Where a journey, or one branch of a parallel part, is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Do:
    """Do a step, then go on. ``lag`` is the time that passes first, before the step is needed and possible.

    ``pace`` names one of the model's paces: the lag is then in minutes of that clock, not of the wall's (None).
    """

    step: str
    then: str = END
    lag: Law | None = None
    pace: str | None = None
    kind: Literal["do"] = "do"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way of a choice, and the share of patients who take it (0 to 1)."""

    to: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysWhen:
    """Other shares for some patients."""

    when: tuple[Condition, ...]
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose:
    """One of several ways: the first case that fits the patient gives the shares, else ``otherwise``."""

    otherwise: tuple[Way, ...]
    cases: tuple[WaysWhen, ...] = ()
    kind: Literal["choose"] = "choose"

    def ways(self, attributes: Mapping[str, str]) -> tuple[Way, ...]:
        """The ways, with their shares, of a patient with these attributes."""
        return next((c.ways for c in self.cases if holds(c.when, attributes)), self.otherwise)


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Parallel parts: every branch begins now, and ``then`` comes when all of them have come to an end."""

    branches: tuple[str, ...]
    then: str = END
    kind: Literal["split"] = "split"


Node = Annotated[Do | Choose | Split, Field(discriminator="kind")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """All the ways that patients may go. ``first`` is where they begin, unless their stream says otherwise.

    What depends on the path so far is said with several nodes for one step, one for each past that matters.
    """

    first: str
    nodes: Mapping[str, Node]

    def __post_init__(self) -> None:
        if END in self.nodes:
            raise ModelError("route", f"a node is called {END!r}, which is where journeys end", "Give it another name.")
        for here, there in [("first", self.first), *((n, t) for n, node in self.nodes.items() for t in named_by(node))]:
            if there != END and there not in self.nodes:
                raise ModelError("route", f"{here!r} leads to {there!r}, which is not there", "Name a node of the route, or 'end'.")
        for name, node in self.nodes.items():
            _checked(name, node)
        _no_way_out(self.nodes)


def named_by(node: Do | Choose | Split) -> tuple[str, ...]:
    """Every node that is named as one to come next, also by a way that nobody takes."""
    match node:
        case Choose():
            return tuple(w.to for ways in (node.otherwise, *(c.ways for c in node.cases)) for w in ways)
        case _:
            return leads_to(node)


def leads_to(node: Do | Choose | Split) -> tuple[str, ...]:
    """Every node that may come straight after."""
    match node:
        case Do():
            return (node.then,)
        case Split():
            return (*node.branches, node.then)
        case Choose():
            return tuple(w.to for ways in (node.otherwise, *(c.ways for c in node.cases)) for w in ways if w.share > 0)


def steps_from(nodes: Mapping[str, Do | Choose | Split], name: str) -> frozenset[str]:
    """Every step that may be done from a node on, to the end of its way."""
    seen = [name]
    for here in seen:  # grows while it is walked
        seen += [n for n in leads_to(nodes[here]) if n != END and n not in seen]
    return frozenset(n.step for n in map(nodes.__getitem__, seen) if isinstance(n, Do))


def _checked(name: str, node: Do | Choose | Split) -> None:
    if isinstance(node, Split) and len(node.branches) < 1:
        raise ModelError(f"route, node {name!r}", "a split without branches", "Name the nodes that begin at the same time.")
    if isinstance(node, Choose):
        for ways in (node.otherwise, *(c.ways for c in node.cases)):
            _adds_up(name, ways)


def _adds_up(name: str, ways: Iterable[Way]) -> None:
    shares = [w.share for w in ways]
    if any(not (0 <= s <= 1) for s in shares) or not math.isclose(math.fsum(shares), 1, abs_tol=1e-6):
        found = f"the shares {', '.join(f'{s:g}' for s in shares)} add up to {math.fsum(shares):g}"
        raise ModelError(f"route, choice {name!r}", found, "Shares are between 0 and 1 and add up to 1.")


def _no_way_out(nodes: Mapping[str, Do | Choose | Split]) -> None:
    """Refuse a loop that nobody can leave: the end must be in reach of every node."""
    out = {END}
    grew = True
    while grew:
        new = {n for n, node in nodes.items() if n not in out and _can_end(node, out)}
        out |= new
        grew = bool(new)
    stuck = sorted(set(nodes) - out)
    if stuck:
        raise ModelError("route", f"from {stuck[0]!r} nobody ever comes to an end", "Give the loop a way out with a share above 0.")


def _can_end(node: Do | Choose | Split, out: set[str]) -> bool:
    match node:
        case Choose():  # whoever the patient is, some way must lead out
            groups = (node.otherwise, *(c.ways for c in node.cases))
            return all(any(w.to in out for w in ways if w.share > 0) for ways in groups)
        case _:
            return all(n in out for n in leads_to(node))
