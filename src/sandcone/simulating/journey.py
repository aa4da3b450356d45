"""The ways of patients who are alike, on average: how often they come where, and for how long they keep a place, if nobody ever waits.

The balance of flows (Kemeny & Snell 1960, chapter 3): with P the shares of ways from node to node, column j of G = (I − Pᵀ)⁻¹ says how
often each node is come to from node j on. It is solved once for all pools of a journey. That a place is kept from node a to node j changes
few rows of P, so what follows from it is a small system in the columns of those nodes (Woodbury 1950).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array
from scipy.sparse.linalg import SuperLU, splu

from sandcone.core.law import Law
from sandcone.core.model import Model, Need
from sandcone.core.route import END, Choose, Do, Node, Split

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Way = tuple[tuple[str, float], ...]
Ways = list[list[tuple[int, float]]]


class Ground:
    """What is the same for all patients of a model: ways without a choice, mean delays, and steps from or until which a place is kept."""

    def __init__(self, model: Model) -> None:
        self.model, nodes = model, model.route.nodes
        self.onward = {name: _onward(node) for name, node in nodes.items() if not isinstance(node, Choose)}
        self.lag = {name: _mean(node.lag) for name, node in nodes.items() if isinstance(node, Do)}
        self.beside = {name: (_mean(step.before), _mean(step.after)) for name, step in model.steps.items()}
        lasting = ((name, need.until) for name, step in model.steps.items() for need in step.needs if need.until is not None)
        self.marked = frozenset(step for pair in lasting for step in pair)


def _onward(node: Do | Split) -> Way:
    to = (node.then,) if isinstance(node, Do) else (*node.branches, node.then)
    return tuple((x, 1.0) for x in to if x != END)


class Journey:
    """The ways of patients of one kind who begin at one node: how often they come where, and how long it takes if nobody waits."""

    def __init__(self, ground: Ground, who: Mapping[str, str], first: str) -> None:
        self.ground, self.who, self.place, found = ground, who, {first: 0}, [first]
        nodes, ways = ground.model.route.nodes, []
        for name in found:
            way = ground.onward.get(name) or self._chosen(nodes[name])
            for to, _ in way:
                if to not in self.place:
                    self.place[to] = len(found)
                    found.append(to)
            ways.append([(self.place[to], share) for to, share in way])
        self.ways: Ways = ways
        self.nodes = [nodes[name] for name in found]
        self.at = _by_step(self.nodes)
        self.parts = self._parts(found)

    def _chosen(self, node: Node) -> Way:
        if not isinstance(node, Choose):
            return ()
        return tuple((w.to, w.share) for w in node.ways(self.who) if w.share > 0 and w.to != END)

    def _parts(self, names: list[str]) -> Floats:
        """Mean minutes at each node: before its step, in it, behind it."""
        made = np.zeros((len(names), 3))
        made[:, 0] = [self.ground.lag.get(name, 0.0) for name in names]
        for name, where in self.at.items():
            before, after = self.ground.beside[name]
            made[where] += before, self.ground.model.steps[name].minutes.law(self.who).mean, after
        return made

    def work(self) -> dict[str, float]:
        """Mean minutes in each step that they come to, over all its visits."""
        often = self._come[:, 0]
        return {name: float(often[where].sum()) * self.parts[where[0], 1] for name, where in self.at.items()}

    def kept(self, asks: Mapping[str, Need]) -> float:
        """Mean minutes for which a patient has places that these steps ask for, among them those kept until a later step has ended.

        Of parallel parts that go on while a place is kept, the longest counts.
        """
        mine = [(name, need, i) for name, need in asks.items() for i in self.at.get(name, ())]
        if not mine:
            return 0.0
        lasting: dict[str, list[int]] = {}
        for name, need, i in mine:
            if need.until is not None and need.until != name:
                lasting.setdefault(need.until, []).append(i)
        here = [(need, i) for name, need, i in mine if need.until in (None, name)]
        often, minutes = self._keeping(lasting, [i for _, i in here])
        return minutes + math.fsum(need.units * self.parts[i, 1] * x for (need, i), x in zip(here, often.tolist(), strict=True))

    def _keeping(self, lasting: Mapping[str, list[int]], here: list[int]) -> tuple[Floats, float]:
        """How often they come ``here`` without a place, and for how many minutes one is kept: by the step until which, from which nodes."""
        begins = [i for where in lasting.values() for i in where]
        rows = np.array([*begins, *here])
        often = self._come[rows, 0]
        if not begins:
            return often, 0.0
        spells = [self._spell(until, where) for until, where in lasting.items()]
        away = -self._later(self._come, rows, begins)  # while a place is kept nobody comes without one, …
        for spell, of in zip(spells, _slices(lasting), strict=True):
            away[:, of] += self._later(self._come, rows, spell.ends) @ spell.ended  # … until it has been given back
        n = len(begins)
        began = np.linalg.solve(np.eye(n) - away[:n], often[:n])
        return often[n:] + away[n:] @ began, float(np.concatenate([s.minutes for s in spells]) @ began)

    def _spell(self, until: str, begins: list[int]) -> Spell:
        """A place kept from some nodes until the step of that name has ended."""
        ends = self.at.get(until, [])
        rows, came = np.array(ends, dtype=np.int64), self._come_kept
        ended: Floats = np.zeros((0, len(begins)))
        if ends:
            ended = np.linalg.solve(came[np.ix_(rows, self._columns(ends))], self._later(came, rows, begins)).astype(np.float64)
        here = self.parts[begins, 1] + self.parts[begins, 2]
        return Spell(ends=ends, ended=ended, minutes=here + self._rest[begins] - (self._rest[ends] + self.parts[ends, 2]) @ ended)

    # ── the balance of flows ────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def _column(self) -> dict[int, int]:
        """The columns that are asked for: the first node, and all at which a place may begin to be kept or be given back."""
        marked = (i for name in self.ground.model.steps if name in self.ground.marked for i in self.at.get(name, ()))
        return {i: c for c, i in enumerate(dict.fromkeys([0, *marked]))}

    @cached_property
    def _come(self) -> Floats:
        """How often each node is come to, from each node that is asked for on."""
        return np.asarray(self._balance.solve(self._units, trans="T"))

    @cached_property
    def _come_kept(self) -> Floats:
        return self._come if self._balance_kept is self._balance else np.asarray(self._balance_kept.solve(self._units, trans="T"))

    @property
    def _units(self) -> Floats:
        made = np.zeros((len(self.nodes), len(self._column)))
        made[list(self._column), np.arange(len(self._column))] = 1.0
        return made

    def _columns(self, nodes: list[int]) -> Ints:
        return np.array([self._column[i] for i in nodes], dtype=np.int64)

    def _later(self, come: Floats, rows: Ints, nodes: list[int]) -> Floats:
        """How often they come to some nodes after others have been left."""
        return np.asarray(come[np.ix_(rows, self._columns(nodes))] - (rows[:, None] == np.array(nodes, dtype=np.int64)))

    @cached_property
    def _balance(self) -> SuperLU:
        return _balance(self.ways)

    @cached_property
    def _balance_kept(self) -> SuperLU:
        """The same while a place is kept: parallel parts are one wait for the longest of them."""
        if not any(isinstance(node, Split) for node in self.nodes):
            return self._balance
        then = [node.then if isinstance(node, Split) else None for node in self.nodes]
        return _balance([w if t is None else [] if t == END else [(self.place[t], 1.0)] for w, t in zip(self.ways, then, strict=True)])

    @cached_property
    def _rest(self) -> Floats:
        """Mean minutes from leaving each node until the journey is over, parallel parts taking as long as the longest."""
        here = self.parts.sum(axis=1)
        for i, node in enumerate(self.nodes):
            if isinstance(node, Split):
                here[i] = max(0.0 if b == END else float(self._to_the_end[self.place[b]]) for b in node.branches)
        return np.asarray(self._balance_kept.solve(here) - here)

    @cached_property
    def _to_the_end(self) -> Floats:
        return np.asarray(self._balance.solve(self.parts.sum(axis=1)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spell:
    """A place kept from some nodes on: where it may be given back, how often it is there, and after how many minutes, by where it began."""

    ends: list[int]
    ended: Floats
    minutes: Floats


def _mean(law: Law | None) -> float:
    return 0.0 if law is None else law.mean


def _by_step(nodes: Sequence[Node]) -> dict[str, list[int]]:
    at: dict[str, list[int]] = {}
    for i, node in enumerate(nodes):
        if isinstance(node, Do):
            at.setdefault(node.step, []).append(i)
    return at


def _slices(lists: Mapping[str, list[int]]) -> list[slice]:
    ends = np.cumsum([len(x) for x in lists.values()]).tolist()
    return [slice(end - len(x), end) for end, x in zip(ends, lists.values(), strict=True)]


def _balance(ways: Ways) -> SuperLU:
    """What comes to each place less what goes on from it, solved for ways to numbered places with their shares."""
    n = len(ways)
    at = np.repeat(np.arange(n), [len(w) for w in ways])
    to, shares = (np.array([pair[i] for w in ways for pair in w], dtype=t) for i, t in ((0, np.int64), (1, np.float64)))
    one = np.arange(n)
    entries = np.concatenate([-shares, np.ones(n)]), (np.concatenate([at, one]), np.concatenate([to, one]))
    return splu(csc_array(entries, shape=(n, n)))
