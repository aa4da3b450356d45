"""A next-step model of variable order: what comes next depends on as many of the last steps as were seen often enough together.

Symbols are steps, with whether they came at once or after a delay, whether the next one begins before they end, and how often they came so
far, where that helps. A context is the last k symbols; each moment of a case is at the longest context that was seen ``support`` times.
So nodes follow from one another: the next node depends on the node and the next symbol alone (Rissanen 1983; Bühlmann & Wyner 1999).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sandcone.modelling.facts import Bools, Facts, Floats, Ints

Order = tuple[int, int]  # longest context, support


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contexts:
    """By step of the log: the node it leads to. ``start`` is the node before the first step; ``order`` the length of each node's context.

    ``symbol_of`` is the last symbol of each node; ``example`` a step of the log at which the node was reached (-1 for the start).
    """

    node: Ints
    count: int
    order: Ints
    example: Ints


def levels(symbol: Ints, first: Bools, longest: int) -> list[Ints]:
    """For k = 1 … longest the number of the context of the last k symbols; shorter at the start of a case, which counts as a symbol."""
    out = [np.unique(symbol, return_inverse=True)[1]]
    for _k in range(1, longest):
        before = np.concatenate([[-1], out[-1][:-1]])
        before[first] = -1
        pair = (before + 1) * (int(out[0].max()) + 1) + out[0]
        out.append(np.unique(pair, return_inverse=True)[1])
    return out


def settled(symbol: Ints, first: Bools, longest: int, support: int, among: Bools | None = None) -> Contexts:
    """The longest context with enough support for each step; ``among`` says which steps count as seen (all)."""
    node = np.full(len(symbol), -1, dtype=np.int64)
    order = np.zeros(len(symbol), dtype=np.int64)
    made, orders = 0, []
    ids = np.zeros(len(symbol), dtype=np.int64)
    for k, level in enumerate(levels(symbol, first, longest), start=1):
        seen = np.bincount(level if among is None else level[among], minlength=level.max() + 1)
        enough = seen[level] >= (support if k > 1 else 1)
        ids = np.where(enough, level + made, ids)
        order = np.where(enough, k, order)
        made += int(level.max()) + 1
        orders.append(k)
    known, node = np.unique(ids, return_inverse=True)
    example = np.full(len(known), len(symbol), dtype=np.int64)
    np.minimum.at(example, node, np.arange(len(symbol)))
    return Contexts(node=node, count=len(known), order=order[example], example=example)


def following(symbol: Ints, last: Bools) -> Ints:
    """The next symbol of each step, 0 where the case ends (symbols are numbered from 1)."""
    after = np.concatenate([symbol[1:], [0]])
    after[last] = 0
    return after


def held_out(f: Facts, symbol: Ints, weight: Floats, old: Bools, new: Bools, orders: list[Order], of: Ints | None = None) -> list[float]:
    """For each order the mean log-likelihood, in nats a step, of what came next in the held-out cases, learnt from the old ones.

    ``of`` is what is foretold from the context up to and with the step itself, instead of the next symbol. What a context has not seen is
    backed off to the shorter one (Witten & Bell 1991).
    """
    first = f.is_first
    last = np.concatenate([first[1:], [True]])
    nxt = following(symbol, last) if of is None else of
    train, test = old[f.case], new[f.case]
    w = weight[f.case]
    found = {}
    for longest in sorted({k for k, _ in orders}):
        found[longest] = levels(symbol, first, longest)
    size = int(max(symbol.max(), nxt.max())) + 1
    return [_score(found[k], nxt, train, test, w, support, size) for k, support in orders]


def _score(levels_: list[Ints], nxt: Ints, train: Bools, test: Bools, w: Floats, support: int, size: int) -> float:
    total = np.bincount(nxt[train], weights=w[train], minlength=size) + 0.5
    p = (total / total.sum())[nxt]
    scale = train.sum() / w[train].sum()
    for k, level in enumerate(levels_):
        n = int(level.max()) + 1
        seen = np.bincount(level[train], minlength=n)
        mass = np.bincount(level[train], weights=w[train], minlength=n) * scale
        pair, which = np.unique(level * size + nxt, return_inverse=True)
        of_pair = np.bincount(which[train], weights=w[train], minlength=len(pair)) * scale
        kinds = np.bincount(pair[of_pair > 0] // size, minlength=n)
        here = (of_pair[which] + kinds[level] * p) / np.maximum(mass[level] + kinds[level], 1e-12)
        p = np.where((seen[level] >= (support if k else 1)), here, p)
    return float(np.log(np.maximum(p[test], 1e-12)).mean()) if test.any() else 0.0
