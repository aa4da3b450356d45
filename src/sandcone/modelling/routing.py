"""The next-step model as a route: one node for each step in each context that matters, with its own delay and its own ways on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from sandcone.core.law import Law, Seen
from sandcone.core.route import END, Choose, Do, Node, Route, Split, Way, leads_to
from sandcone.modelling.alphabet import Alphabet
from sandcone.modelling.chain import Chain, laws_bins
from sandcone.modelling.contexts import Contexts, Order, settled
from sandcone.modelling.delays import Line
from sandcone.modelling.facts import EPS, Bools, Facts, Floats, Ints
from sandcone.modelling.kinds import cases_of, shares, telling
from sandcone.modelling.pacing import Clocks
from sandcone.modelling.rounding import short

FEW = 12  # delays in a node below which it borrows those of its step in any context
MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Material:
    """What a route is drawn from: the log as a chain, its symbols and how far back they matter, its delays, and how much each case counts.

    ``delay`` and ``waited`` are minutes of each step's clock: what is a delay, and all the time since the anchor.
    """

    f: Facts
    chain: Chain
    alphabet: Alphabet
    order: Order
    symbol: Ints
    line: Line
    delay: Floats
    waited: Floats
    weight: Floats
    clocks: Clocks

    @property
    def each(self) -> Floats:
        """The weight of each step: that of its case."""
        return np.asarray(self.weight[self.f.case])

    def only(self, cases: Bools) -> Material:
        """Some of the cases."""
        keep = cases[self.f.case]
        return replace(
            self,
            f=self.f.only(cases),
            chain=Chain(anchor=self.chain.anchor[keep], overlapped=self.chain.overlapped[keep], times=self.chain.times[keep]),
            symbol=self.symbol[keep],
            line=self.line.only(keep),
            delay=self.delay[keep],
            waited=self.waited[keep],
            weight=self.weight[cases],
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Drawn:
    """Material, with the contexts that were settled on."""

    m: Material
    contexts: Contexts


def route_of(m: Material) -> Route:
    """The next-step model as a route."""
    d = _Drawn(m=m, contexts=settled(m.symbol, m.f.is_first, *m.order))
    names, ways, lags = _names(d), _ways(d), _lags(d)
    nodes: dict[str, Node] = {}
    for g, name in enumerate(names):
        i = int(d.contexts.example[g])
        then = _onward(m, nodes, f"after {name}", names, *ways[g])
        do = Do(step=m.f.steps[m.f.step[i]], then=then, lag=lags[g], pace=m.clocks.name(int(m.f.step[i])) if lags[g] is not None else None)
        if m.chain.overlapped[i]:  # it is done while the journey goes on
            nodes[f"do {name}"] = replace(do, then=END)
            nodes[name] = Split(branches=(f"do {name}", then))
        else:
            nodes[name] = do
    begins = np.flatnonzero(m.f.is_first)
    first = _onward(m, nodes, "arrival", names, begins, d.contexts.node[begins])
    return Route(first=first, nodes=_in_reach(first, nodes))


def _onward(m: Material, nodes: dict[str, Node], name: str, names: tuple[str, ...], rows: Ints, to: Ints) -> str:
    """A choice between the nodes that followed some steps, for each kind of patient if that tells; the node itself if there is but one."""
    if to.size == 0:
        return END
    called = {-1: END} | dict(enumerate(names))
    ways = shares(to, m.each[rows])
    if len(ways) == 1:
        return called[ways[0][0]]
    case = m.f.case[rows]
    by = telling(m.f, case, to)
    cases = () if by is None else cases_of(m.f, by, case, to, m.each[rows], called)
    nodes[name] = Choose(otherwise=tuple(Way(to=called[k], share=s) for k, s in ways), cases=cases)
    return name


def _in_reach(first: str, nodes: Mapping[str, Node]) -> dict[str, Node]:
    seen, todo = {first}, [first]
    while todo:
        for there in leads_to(nodes[todo.pop()]):
            if there != END and there not in seen:
                seen.add(there)
                todo.append(there)
    return {name: node for name, node in nodes.items() if name in seen}


def _names(d: _Drawn) -> tuple[str, ...]:
    """A context in words: the step, then what came before it, the latest first."""
    taken: dict[str, int] = {}
    out = []
    for g in range(d.contexts.count):
        i, k = int(d.contexts.example[g]), int(d.contexts.order[g])
        back = [_word(d, j) for j in range(i, i - k, -1) if j >= 0 and d.m.f.case[j] == d.m.f.case[i]]
        name = " after ".join(back) + (", first" if len(back) < k else "")
        taken[name] = taken.get(name, 0) + 1
        out.append(name if taken[name] == 1 else f"{name} #{taken[name]}")
    return tuple(out)


def _word(d: _Drawn, i: int) -> str:
    step: str = d.m.f.steps[int(d.m.f.step[i])]
    delay = d.m.alphabet.delay_of(float(d.m.delay[i])) if not d.m.f.is_first[i] else ""
    times = min(int(d.m.chain.times[i]), d.m.alphabet.most)
    count = "" if d.m.alphabet.most == 1 else f"{times}{'+' if times == d.m.alphabet.most else ''}"
    extra = [x for x in (delay, count, "overlapping" if d.m.chain.overlapped[i] else "") if x]
    return step + (f" ({', '.join(extra)})" if extra else "")


def _ways(d: _Drawn) -> list[tuple[Ints, Ints]]:
    """By node: the steps of the log at which it was left, and the nodes that followed, -1 for the end."""
    last = np.concatenate([d.m.f.is_first[1:], [True]])
    nxt = np.concatenate([d.contexts.node[1:], [-1]])
    nxt[last] = -1
    told = ~last | ~d.m.f.open_case[d.m.f.case]  # a case that has not ended did not end here,
    rows = np.flatnonzero(told | _stuck(d.contexts.node, nxt, told, d.contexts.count)[d.contexts.node])  # unless nobody ever got further
    order = rows[np.argsort(d.contexts.node[rows], kind="stable")]
    at = np.searchsorted(d.contexts.node[order], np.arange(d.contexts.count + 1))
    return [(order[a:b], nxt[order[a:b]]) for a, b in pairwise(at)]


def _stuck(node: Ints, nxt: Ints, told: Bools, count: int) -> Bools:
    """By node: whether nobody was seen to come to an end from it."""
    ends = np.bincount(node[told], minlength=count) == 0  # what nothing is told of is left at once
    while True:
        more = ends.copy()
        more[node[told & ((nxt < 0) | ends[nxt])]] = True
        if (more == ends).all():
            return np.asarray(~ends)
        ends = more


def _lags(d: _Drawn) -> list[Law | None]:
    """By node: the delay before its step; nodes with few of their own share those of their symbol."""
    groups = _grouped(d.contexts.node, d.contexts.count)
    common = _grouped(d.m.symbol, int(d.m.symbol.max()) + 1)
    out = []
    for g in range(d.contexts.count):
        i = int(d.contexts.example[g])
        rows = groups[g] if len(groups[g]) >= FEW else common[d.m.symbol[i]]
        out.append(lag_law(d.m.delay[rows], d.m.each[rows]))
    return out


def _grouped(key: Ints, n: int) -> list[Ints]:
    order = np.argsort(key, kind="stable")
    at = np.searchsorted(key[order], np.arange(n + 1))
    return [order[a:b] for a, b in pairwise(at)]


def lag_law(delay: Floats, weight: Floats) -> Law | None:
    """Delays as a law; None where there are none to speak of."""
    if delay.size == 0 or np.average(delay > EPS, weights=np.maximum(weight, 1e-12)) < 0.002:
        return None
    values = laws_bins(delay, weight, int(np.clip(delay.size // 2, 5, MOST)))
    return Seen(minutes=tuple(short(values)))
