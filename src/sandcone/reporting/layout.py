"""Where the boxes and lines of a layered map go: layers by longest path from the start, few crossings, straight lines.

The steps are those of Sugiyama, Tagawa and Toda (1981): turn lines that go back, layer, order, place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

Edge = tuple[str, str]
Neighbours = dict[str, list[str]]
SWEEPS = 12
THIN = 0.35  # how much room a passing line takes, in boxes
PULL = {(False, False): 1.0, (False, True): 2.0, (True, False): 2.0, (True, True): 8.0}  # a long line wants to be straight


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """``place`` gives each node (x, layer), x in box widths from 0; ``via`` the nodes each line passes, its ends included."""

    place: Mapping[str, tuple[float, int]]
    via: Mapping[Edge, tuple[str, ...]]
    back: frozenset[Edge]  # lines that lead to an earlier layer


def laid_out(weights: Mapping[Edge, float]) -> Layout:
    """A layout of the graph with these lines; heavier lines decide which way is forward. Lines from a node to itself are ignored."""
    edges = _tree_first(sorted((e for e in weights if e[0] != e[1]), key=lambda e: (-weights[e], e)))
    back = _turned(edges)
    forward = [(v, u) if (u, v) in back else (u, v) for u, v in edges]
    layers = _layers(forward)
    chains = [_chain(u, v, layers, (u, v) != e) for (u, v), e in zip(forward, edges, strict=True)]
    rows = _ordered(layers, chains)
    most = max(weights.values(), default=1.0) or 1.0
    place = _placed(rows, chains, [0.2 + weights[e] / most for e in edges])
    via = {e: tuple(reversed(c)) if e in back else tuple(c) for e, c in zip(edges, chains, strict=True)}
    return Layout(place=place, via=via, back=back)


def _tree_first(edges: Sequence[Edge]) -> list[Edge]:
    """The lines in order, but first those that reach every node from where the graph begins, so that none starts in mid-air."""
    into = {v for _, v in edges}
    reached = dict.fromkeys(u for u, _ in edges if u not in into)
    tree: list[Edge] = []
    while best := next(((u, v) for u, v in edges if u in reached and v not in reached), None):
        tree.append(best)
        reached[best[1]] = None
    return list(dict.fromkeys([*tree, *edges]))


def _turned(edges: Sequence[Edge]) -> frozenset[Edge]:
    """The lines that would close a circle when the earlier ones are already there."""
    after: defaultdict[str, set[str]] = defaultdict(set)
    back = set()
    for u, v in edges:
        if _reaches(after, v, u):
            back.add((u, v))
        else:
            after[u].add(v)
    return frozenset(back)


def _reaches(after: Mapping[str, set[str]], a: str, b: str) -> bool:
    seen, todo = {a}, [a]
    while todo:
        here = todo.pop()
        if here == b:
            return True
        new = after.get(here, set()) - seen
        seen |= new
        todo.extend(new)
    return False


def _layers(edges: Sequence[Edge]) -> dict[str, int]:
    """The longest way from a node without lines into it; ends without lines out of them share the last layer."""
    nodes = dict.fromkeys(n for e in edges for n in e)
    layer = dict.fromkeys(nodes, 0)
    for _ in nodes:
        changed = [(v, layer[u] + 1) for u, v in edges if layer[v] < layer[u] + 1]
        if not changed:
            break
        for v, at in changed:
            layer[v] = max(layer[v], at)
    return layer


def _chain(u: str, v: str, layers: dict[str, int], turned: bool) -> list[str]:
    """The nodes of one line, with a stand-in on each layer it passes."""
    first, last = layers[u], layers[v]
    passing = [f"\0{u}\0{v}\0{turned}\0{i}" for i in range(first + 1, last)]
    layers.update({p: i for i, p in enumerate(passing, first + 1)})
    return [u, *passing, v]


def _links(chains: Sequence[Sequence[str]]) -> tuple[Neighbours, Neighbours]:
    above: defaultdict[str, list[str]] = defaultdict(list)
    below: defaultdict[str, list[str]] = defaultdict(list)
    for chain in chains:
        for a, b in pairwise(chain):
            below[a].append(b)
            above[b].append(a)
    return above, below


def _ordered(layers: Mapping[str, int], chains: Sequence[Sequence[str]]) -> list[list[str]]:
    """The order in each layer, by the mean place of the neighbours, swept down and up; the best of all sweeps."""
    rows: list[list[str]] = [[] for _ in range(max(layers.values(), default=-1) + 1)]
    for node, at in layers.items():
        rows[at].append(node)
    above, below = _links(chains)
    best, fewest = [list(r) for r in rows], _crossings(rows, below)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        for i in range(1, len(rows)) if down else range(len(rows) - 2, -1, -1):
            _sort_by(rows[i], above if down else below, rows[i - 1 if down else i + 1])
        if (n := _crossings(rows, below)) < fewest:
            best, fewest = [list(r) for r in rows], n
    return best


def _sort_by(row: list[str], links: Neighbours, fixed: list[str]) -> None:
    at = {n: i for i, n in enumerate(fixed)}
    old = {n: i for i, n in enumerate(row)}
    row.sort(key=lambda n: (sum(at[m] for m in links[n]) / len(links[n]) if links.get(n) else old[n], old[n]))


def _crossings(rows: Sequence[Sequence[str]], below: Neighbours) -> int:
    total = 0
    for upper, lower in pairwise(rows):
        at = {n: i for i, n in enumerate(lower)}
        ends = [(i, at[m]) for i, n in enumerate(upper) for m in below.get(n, [])]
        total += sum((a[0] < b[0] and a[1] > b[1]) or (a[0] > b[0] and a[1] < b[1]) for k, a in enumerate(ends) for b in ends[k + 1 :])
    return total


def _placed(rows: Sequence[Sequence[str]], chains: Sequence[Sequence[str]], pulls: Sequence[float]) -> dict[str, tuple[float, int]]:
    """The place of each node: lines as straight as order and distance in the rows allow, a linear programme (Gansner et al. 1993)."""
    links = [(a, b, PULL[passing(a), passing(b)] * pull) for chain, pull in zip(chains, pulls, strict=True) for a, b in pairwise(chain)]
    at = {n: i for i, n in enumerate(n for row in rows for n in row)}
    x = _solved(at, links, [(a, b, _room(a, b)) for row in rows for a, b in pairwise(row)])
    return {n: (x[at[n]], i) for i, row in enumerate(rows) for n in row}


def _room(a: str, b: str) -> float:
    return ((THIN if passing(a) else 1.0) + (THIN if passing(b) else 1.0)) / 2


def _solved(at: Mapping[str, int], links: Sequence[tuple[str, str, float]], gaps: Sequence[tuple[str, str, float]]) -> list[float]:
    """Places with the least sum of sideways moves along the links, each gap kept."""
    from scipy.optimize import linprog  # loaded only when a map is drawn

    if not at:
        return []
    n, m = len(at), len(links)
    bounds, limits = np.zeros((2 * m + len(gaps), n + m)), np.zeros(2 * m + len(gaps))
    for k, (a, b, _) in enumerate(links):
        for row, sign in ((2 * k, 1.0), (2 * k + 1, -1.0)):
            bounds[row, at[a]], bounds[row, at[b]], bounds[row, n + k] = sign, -sign, -1.0
    for k, (a, b, room) in enumerate(gaps, 2 * m):
        bounds[k, at[a]], bounds[k, at[b]], limits[k] = 1.0, -1.0, -room
    cost = np.concatenate([np.full(n, 1e-6), [w for _, _, w in links]])
    found = linprog(cost, A_ub=bounds, b_ub=limits, method="highs-ds")
    return [float(v) for v in found.x[:n]]


def passing(node: str) -> bool:
    """Whether this is a line passing a layer, not a box."""
    return node.startswith("\0")
