"""Who the patients are: what is known of them, as far as it changes where they go, how long they take, or who goes first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np

from sandcone.core.arrivals import ANYBODY, Kind
from sandcone.core.route import Choose, Node, Route, Way, WaysWhen
from sandcone.core.site import Condition
from sandcone.modelling.facts import Attribute, Bools, Facts, Floats, Ints

MOST_VALUES = 30  # of an attribute that can be used
MOST_KINDS = 200
ENOUGH = 40  # cases at a choice with a value for it to have shares of its own
GAIN, SURE = 0.01, 6.0  # nats a case, and nats in all, that an attribute must tell in held-out cases
Ways = list[tuple[str, float]]


def usable(f: Facts) -> dict[str, Attribute]:
    """Attributes with two values or more, and not too many."""
    return {name: a for name, a in f.attributes.items() if 2 <= len(a.values) <= MOST_VALUES}


def telling(f: Facts, case: Ints, to: Ints) -> str | None:
    """The attribute that best tells, in held-out cases, which way is taken at a choice; None if none tells enough."""
    if len(case) < 2 * ENOUGH or (to == to[0]).all():
        return None
    gains = {name: _gain(a.code[case], to, one_half(case)) for name, a in usable(f).items()}
    best = max(gains, key=lambda name: gains[name], default=None)
    held = int((~one_half(case)).sum())
    return best if best is not None and gains[best] > max(GAIN, SURE / max(held, 1)) else None


def one_half(number: Ints) -> Bools:
    """Which of some numbered things to learn from: half of them, spread so evenly that no other order in them is met (golden section)."""
    return np.asarray(number * 0.6180339887498949 % 1.0 < 0.5)


def _gain(value: Ints, to: Ints, learn: Bools) -> float:
    """Nats a held-out case by which shares for each value beat shares for all."""
    ways, way = np.unique(to, return_inverse=True)
    n, k = int(value.max()) + 2, len(ways)
    count = np.bincount((value[learn] + 1) * k + way[learn], minlength=n * k).reshape(n, k)
    base = (count.sum(axis=0) + 0.5) / (count.sum() + 0.5 * k)
    shares = (count + 5 * base) / (count.sum(axis=1, keepdims=True) + 5)
    held = ~learn
    return float(np.mean(np.log(shares[value[held] + 1, way[held]] / base[way[held]]))) if held.any() else 0.0


def cases_of(f: Facts, attribute: str, case: Ints, to: Ints, weight: Floats, names: Mapping[int, str]) -> tuple[WaysWhen, ...]:
    """Shares of a choice for each value of an attribute that is frequent enough there."""
    a = f.attributes[attribute]
    out = []
    for v, value in enumerate(a.values):
        mine = a.code[case] == v
        if mine.sum() >= ENOUGH:
            ways = tuple(Way(to=names[k], share=s) for k, s in shares(to[mine], weight[mine]))
            out.append(WaysWhen(when=(Condition(attribute=attribute, values=(value,)),), ways=ways))
    return tuple(out)


def shares(to: Ints, weight: Floats, rare: float = 1e-4) -> list[tuple[int, float]]:
    """Each way with its share, the rarest left out; they add up to 1."""
    if to.size == 0:
        return []
    kinds, which = np.unique(to, return_inverse=True)
    mass = np.bincount(which, weights=np.maximum(weight, 1e-9))
    mass = np.where(mass < rare * mass.sum(), 0.0, mass)
    share = np.round(mass / mass.sum(), 5)
    share[int(np.argmax(share))] += 1 - share.sum()
    return [(int(k), float(f"{s:.6f}")) for k, s in zip(kinds, share, strict=True) if s > 0]


def used_in(route: Route) -> set[str]:
    """The attributes that some choice of a route asks for."""
    return {c.attribute for node in route.nodes.values() for c in _conditions(node)}


def _conditions(node: Node) -> Iterable[Condition]:
    return [c for case in node.cases for c in case.when] if isinstance(node, Choose) else []


def mixed(f: Facts, weight: Floats, used: Iterable[str]) -> tuple[tuple[Kind, ...], tuple[str, ...]]:
    """The mix of patients by the attributes that matter, the rarest mixes left out."""
    names = sorted(used)
    if not names:
        idle = sorted(set(f.attributes) - set(usable(f)))
        notes = ["No attribute of patients was found to matter."] if f.attributes else []
        return ANYBODY, (*notes, *([f"Not tried, for too many or too few values: {', '.join(idle[:5])}."] if idle else []))
    count = Counter[tuple[int, ...]]()
    for row, w in zip(np.column_stack([f.attributes[n].code for n in names]).tolist(), weight.tolist(), strict=True):
        count[tuple(row)] += w
    most = count.most_common(MOST_KINDS)
    total = sum(w for _, w in most)
    kinds = [
        Kind(share=w / total, attributes={n: f.attributes[n].values[v] for n, v in zip(names, row, strict=True) if v >= 0})
        for row, w in most
    ]
    return tuple(kinds), (f"{len(kinds)} kinds of patients by {', '.join(names)}.",)
