"""Twenty hospitals in one model: their own steps and resources, and ambulances from the small ones to the large one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sandcone.core.arrivals import Arrivals, Kind, Listed
from sandcone.core.law import Minutes
from sandcone.core.model import Model, Need, Pool, Resource, Step
from sandcone.core.route import END, Choose, Do, Route, Split, Way, WaysWhen
from sandcone.scenarios.nh.parameters import Parameters
from sandcone.scenarios.pieces import DAY, minutes, when


def network(p: Parameters, hub: Model, spoke: Model) -> Model:
    """One hub and as many hospitals like ``spoke`` as the network has beside it. Complex children of a spoke are operated at the hub."""
    houses = [tagged(hub, "H01"), *(tagged(spoke, f"H{i:02d}") for i in range(2, p.network.hospitals + 1))]
    steps = {n: s for h in houses for n, s in h.steps.items()}
    nodes = {n: x for h in houses for n, x in h.route.nodes.items()}
    for i in range(2, p.network.hospitals + 1):
        _send_on(p, nodes, steps, f"H{i:02d}")
    return Model(
        name=f"NH-like network of {len(houses)} hospitals",
        begin=hub.begin,
        steps=steps,
        route=Route(first=houses[0].route.first, nodes=nodes),
        arrivals=tuple(a for h in houses for a in h.arrivals),
        resources={n: r for h in houses for n, r in h.resources.items()},
        pools={n: x for h in houses for n, x in h.pools.items()},
        calendars=hub.calendars,
        queue=hub.queue,
        zone=hub.zone,
        notes=hub.notes,
    )


def _send_on(p: Parameters, nodes: dict[str, Do | Choose | Split], steps: dict[str, Step], tag: str) -> None:
    """Let complex children of one spoke go to the hub, by appointment or at once."""
    steps[_at("Ambulance", tag)] = Step(minutes=Minutes(otherwise=minutes(p.network.transfer_days, DAY)), value="necessary")
    for choice, arrive in (("comes back?", "comes back?"), ("how urgent?", "urgent opening, child")):
        ambulance = _at(f"ambulance, {arrive}", tag)
        nodes[ambulance] = Do(step=_at("Ambulance", tag), then=_at(arrive, "H01"))
        here = nodes[_at(choice, tag)]
        assert isinstance(here, Choose)
        sent = WaysWhen(when=when("procedure", "child complex"), ways=(Way(to=ambulance, share=1.0),))
        nodes[_at(choice, tag)] = replace(here, cases=(sent, *here.cases))


def tagged(model: Model, tag: str) -> Model:
    """The same hospital with its tag in every name, and in each patient's attributes."""
    return replace(
        model,
        steps={_at(n, tag): _step(s, tag) for n, s in model.steps.items()},
        route=Route(first=_at(model.route.first, tag), nodes={_at(n, tag): _node(x, tag) for n, x in model.route.nodes.items()}),
        arrivals=tuple(_stream(a, tag) for a in model.arrivals),
        resources=_named(model.resources, tag),
        pools={_at(n, tag): Pool(members=_each(x.members, tag), pick=x.pick) for n, x in model.pools.items()},
    )


def _at(name: str, tag: str) -> str:
    return name if name == END else f"{tag} {name}"


def _each(names: tuple[str, ...], tag: str) -> tuple[str, ...]:
    return tuple(_at(n, tag) for n in names)


def _named(things: Mapping[str, Resource], tag: str) -> dict[str, Resource]:
    return {_at(n, tag): x for n, x in things.items()}


def _step(step: Step, tag: str) -> Step:
    return replace(step, needs=tuple(_need(n, tag) for n in step.needs))


def _need(need: Need, tag: str) -> Need:
    return replace(need, pools=_each(need.pools, tag), until=None if need.until is None else _at(need.until, tag))


def _node(node: Do | Choose | Split, tag: str) -> Do | Choose | Split:
    match node:
        case Do():
            return replace(node, step=_at(node.step, tag), then=_at(node.then, tag))
        case Split():
            return replace(node, branches=_each(node.branches, tag), then=_at(node.then, tag))
        case Choose():
            cases = tuple(WaysWhen(when=c.when, ways=_ways(c.ways, tag)) for c in node.cases)
            return replace(node, otherwise=_ways(node.otherwise, tag), cases=cases)


def _ways(ways: tuple[Way, ...], tag: str) -> tuple[Way, ...]:
    return tuple(Way(to=_at(w.to, tag), share=w.share) for w in ways)


def _stream(stream: Arrivals, tag: str) -> Arrivals:
    assert not isinstance(stream, Listed) and stream.first is not None
    kinds = tuple(Kind(share=k.share, attributes={**k.attributes, "hospital": tag}) for k in stream.kinds)
    return replace(stream, kinds=kinds, first=_at(stream.first, tag), name=_at(stream.name, tag))
