"""Another way of doing a step for some patients: "Consultation · urgent" beside "Consultation", and the route that leads them there.

Luck is drawn by the number of nodes that a patient has come to. So that everybody keeps theirs, a choice that comes before the step sends
those meant on their own way, and the nodes between it and the step are there twice. Only where patients come straight in from the door is a
new choice put before the step; behind it they have other luck than before, no better and no worse.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sandcone.core.arrangement import Arrangement
from sandcone.core.errors import ModelError
from sandcone.core.lever import BRANCH, plain
from sandcone.core.model import Model, Need, Step
from sandcone.core.route import Choose, Do, Node, Route, Split, Way, WaysWhen, leads_to, named_by
from sandcone.core.site import Condition
from sandcone.improving.levers.naming import some
from sandcone.improving.levers.ways import Names, coming_to, doors, lined_up, planned


def branched(at: Arrangement, steps: Sequence[str], when: Condition, label: str) -> tuple[Arrangement, Names]:
    """The arrangement in which some patients do some steps another way, as yet the same one; and the names of the other ways.

    A step that keeps a place until one of these steps has ended gets another way too, or it would be kept for ever. Appointments are there
    for both ways as they were for the one: see ``not_booked``.
    """
    model = at.model
    names = {step: f"{step}{BRANCH}{label}" for step in _with_keepers(model.steps, steps)}
    _can_be_two(model, names, set(steps))
    made = {name: _needs_until(model.steps[step], names) for step, name in names.items()}
    nodes = _Nodes.of(model, names, when, label)
    changed = replace(
        model,
        steps={**model.steps, **made},
        route=Route(first=nodes.gates.get(model.route.first, model.route.first), nodes=nodes.all()),
        arrivals=tuple(coming_to(stream, nodes.gates) for stream in model.arrivals),
        queue=lined_up(model.queue, names),
    )
    return replace(at, model=changed, plan=planned(at.plan, names)), names


def _can_be_two(model: Model, names: Names, asked: set[str]) -> None:
    done = {node.step for node in model.route.nodes.values() if isinstance(node, Do)}
    if not done & asked:
        raise ModelError(f"step {min(asked)!r}", "nobody ever comes to it", "Name steps of the route.")
    for step, name in names.items():
        if name in model.steps:
            raise ModelError(f"step {step!r}", f"there is {name!r} already", "Set one lever for these patients and steps, not two.")
        if step not in asked:
            not_booked(model, (step,))


def not_booked(model: Model, steps: Iterable[str]) -> None:
    """Refuse steps by appointment, where two ways of doing a step would have all its times each."""
    for step in steps:
        if model.steps[step].booking is not None:
            found = "it is done by appointment, and two ways of doing it cannot share the times"
            raise ModelError(f"step {step!r}", found, "Name a step without appointments, such as the one behind it.")


def _with_keepers(steps: Mapping[str, Step], wanted: Iterable[str]) -> list[str]:
    """Some steps, and those that keep a place until one of them has ended."""
    found = list(dict.fromkeys(wanted))
    for step in found:  # grows while it is walked
        found += [n for n, s in steps.items() if n not in found and any(need.until == step for need in s.needs)]
    return found


def _needs_until(step: Step, names: Names) -> Step:
    def need(it: Need) -> Need:
        return it if it.until is None else replace(it, until=names.get(it.until, it.until))

    return replace(step, needs=tuple(map(need, step.needs)))


# ── the route ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class _Nodes:
    """A route while it gets its other ways: ``there`` has the nodes that are there twice, ``gates`` the new choices, by the node behind."""

    nodes: Mapping[str, Node]
    steps: Names
    when: Condition
    there: Names
    gates: Names
    entries: frozenset[str]  # the nodes at which somebody's way begins

    @classmethod
    def of(cls, model: Model, steps: Names, when: Condition, label: str) -> _Nodes:
        nodes = model.route.nodes
        targets = {n for n, node in nodes.items() if isinstance(node, Do) and node.step in steps}
        before = _before(nodes)
        entries = doors(model) | {model.route.first}
        told = _told_apart(nodes, targets, before, entries)
        twice = list(targets)
        for n in twice:  # grows while it is walked
            twice += [p for p in before[n] if p in told and p not in twice]
        names = {n: f"{n}{BRANCH}{label}" for n in nodes if n in set(twice)}
        gates = {n: f"{n}{BRANCH}{label}?" for n in nodes if n in targets}
        return cls(nodes=nodes, steps=steps, when=when, there=names, gates=gates, entries=entries)

    def all(self) -> dict[str, Node]:
        """Every node of the new route."""
        first = {n: self._first_way(n, node) for n, node in self.nodes.items()}
        made = first | {name: self._other_way(self.nodes[n]) for n, name in self.there.items()}
        used = {to for node in made.values() for to in named_by(node)} | {self.gates[n] for n in self.entries if n in self.gates}
        return made | {gate: self._gate(n) for n, gate in self.gates.items() if gate in used}

    def _gate(self, node: str) -> Choose:
        other = WaysWhen(when=(self.when,), ways=(Way(to=self.there[node], share=1.0),))
        return Choose(otherwise=(Way(to=node, share=1.0),), cases=(other,))

    def _first_way(self, name: str, node: Node) -> Node:
        """The node as it was; those who come to it and were not told apart before meet a new choice behind it."""
        if isinstance(node, Choose):
            return self._parting(node)
        return node if name in self.there else _onward(node, self.gates)

    def _other_way(self, node: Node) -> Node:
        on = _onward(node, self.there)
        return replace(on, step=self.steps.get(on.step, on.step)) if isinstance(on, Do) else on

    def _parting(self, node: Choose) -> Choose:
        """The choice, which sends those meant on their own way, with the shares that hold for them."""
        groups = (*node.cases, WaysWhen(when=(), ways=node.otherwise))
        cases = tuple(x for c in groups for x in (*self._own(c), c))
        return replace(node, cases=cases[:-1])

    def _own(self, case: WaysWhen) -> tuple[WaysWhen, ...]:
        """The same shares for those meant, on their own way, if the case leads there."""
        ways = tuple(replace(w, to=self.there.get(w.to, w.to)) for w in case.ways)
        return () if ways == case.ways else (WaysWhen(when=(self.when, *case.when), ways=ways),)


def _onward(node: Node, names: Names) -> Do | Split:
    assert not isinstance(node, Choose)
    then = names.get(node.then, node.then)
    if isinstance(node, Do):
        return replace(node, then=then)
    return replace(node, then=then, branches=tuple(names.get(b, b) for b in node.branches))


def _before(nodes: Mapping[str, Node]) -> dict[str, list[str]]:
    """For each node those that it may come straight after."""
    found: dict[str, list[str]] = {n: [] for n in nodes}
    for name, node in nodes.items():
        for to in dict.fromkeys(named_by(node)):
            found.get(to, []).append(name)
    return found


def _told_apart(nodes: Mapping[str, Node], targets: set[str], before: Mapping[str, list[str]], entries: frozenset[str]) -> set[str]:
    """Nodes before a step to which everybody comes from a choice, over nodes of this kind only."""
    found = {n for n, node in nodes.items() if not isinstance(node, Choose) and n not in entries and n not in targets}
    while lost := {n for n in found if any(not (isinstance(nodes[p], Choose) or p in targets or p in found) for p in before[n])}:
        found -= lost
    return found


# ── who needs what, and keeps it ───────────────────────────────────────────────────────────────────────────────────


def that_need(model: Model, steps: Iterable[str], pools: Iterable[str]) -> tuple[str, ...]:
    """The steps that need one of these pools; refused where none of the ways of doing a step does."""
    of, named = set(pools), tuple(steps)
    found = tuple(s for s in named if any(of & set(n.pools) for n in model.steps[s].needs))
    strange = next((s for s in named if plain(s) not in map(plain, found)), None)
    if strange is not None:
        raise ModelError(f"step {strange!r}", f"it needs none of {some(of)}", "Name steps that need these pools.")
    return found


def kept_whole(model: Model, steps: Iterable[str], pools: Iterable[str]) -> None:
    """Refuse to part steps between which a place of these pools is kept: who keeps one would need another at the next step."""
    inside, of = set(steps), set(pools)
    for name, need in _keeping(model, of):
        along = {name, *_users_while_kept(model, name, need, of)}
        if along & inside and along - inside:
            missing = ", ".join(repr(s) for s in model.steps if s in along - inside)
            raise ModelError(
                f"step {name!r}", f"its place of {need.pools[0]!r} is kept, and used by {missing} too", "Name these steps as well."
            )


def _keeping(model: Model, pools: set[str]) -> Iterator[tuple[str, Need]]:
    for name, step in model.steps.items():
        yield from ((name, n) for n in step.needs if pools & set(n.pools) and (n.blocks or n.until is not None))


def _users_while_kept(model: Model, step: str, need: Need, pools: set[str]) -> Iterator[str]:
    """Steps that may come while the place is kept and need one of these pools."""
    nodes = model.route.nodes
    begins = [node for node in nodes.values() if isinstance(node, Do) and node.step == step != need.until]
    ahead = [to for node in begins for to in leads_to(node)]
    for here in ahead:  # grows while it is walked
        node = nodes.get(here)
        if isinstance(node, Do) and any(pools & set(n.pools) for n in model.steps[node.step].needs):
            yield node.step
        over = node is None or (isinstance(node, Do) and (need.blocks or node.step == need.until))
        ahead += [] if over or node is None else [to for to in leads_to(node) if to not in ahead]
