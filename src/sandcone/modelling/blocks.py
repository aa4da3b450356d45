"""A tree as a route: the log is played through it once, and what was seen at each place gives its shares and delays."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

import numpy as np

from sandcone.core.errors import ModelError
from sandcone.core.law import Law
from sandcone.core.route import END, Choose, Do, Node, Route, Split, Way
from sandcone.modelling.delays import delay_since
from sandcone.modelling.facts import Facts, Floats, Ints
from sandcone.modelling.routing import Material, lag_law
from sandcone.modelling.tree import Block, Leaf, Tree, mine, rounds, steps_of

NOISE = (0.0, 0.05, 0.15, 0.3)


@dataclass(slots=True, eq=False)
class Seen:
    """What was seen at each place of a tree: weights of ways, and of each step of the log where it lies and when its place was entered."""

    ways: dict[tuple[int, ...], Counter[object]] = field(default_factory=lambda: defaultdict(Counter))
    rows: dict[tuple[int, ...], list[int]] = field(default_factory=lambda: defaultdict(list))
    since: dict[tuple[int, ...], list[float]] = field(default_factory=lambda: defaultdict(list))


def traces_of(f: Facts, weight: Floats) -> dict[tuple[int, ...], float]:
    """Each sequence of steps with its weight."""
    out: Counter[tuple[int, ...]] = Counter()
    bounds = f.first
    for c in range(f.n):
        if not f.open_case[c]:
            out[tuple(int(s) for s in f.step[bounds[c] : bounds[c + 1]])] += weight[c]
    return dict(out)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Player:
    """Plays the cases of a log through a tree."""

    f: Facts
    weight: Floats  # by case
    seen: Seen = field(default_factory=Seen)

    def play(self, tree: Tree) -> Seen:
        """All cases that have ended."""
        bounds, begin = self.f.first, self.f.begin
        for c in range(self.f.n):
            if not self.f.open_case[c]:  # a case that has not ended did not end where it was last seen
                self._at(tree, (), list(range(bounds[c], bounds[c + 1])), float(begin[c]), float(self.weight[c]))
        return self.seen

    def _at(self, tree: Tree, place: tuple[int, ...], rows: list[int], since: float, w: float) -> float:
        """Play some rows through a part that is entered at ``since``; gives when it is over."""
        if isinstance(tree, Leaf):
            return self._leaf(place, rows, since)
        parts = [steps_of(p) for p in tree.parts]
        match tree.kind:
            case "choice":
                return self._choice(tree, place, rows, since, w, parts)
            case "sequence":
                for i, p in enumerate(tree.parts):
                    since = self._at(p, (*place, i), self._of(rows, parts[i]), since, w)
                return since
            case "parallel":
                return max(self._at(p, (*place, i), self._of(rows, parts[i]), since, w) for i, p in enumerate(tree.parts))
            case "loop":
                return self._loop(tree, place, rows, since, w, parts)
        return self._loose(tree, place, rows, since, w)

    def _of(self, rows: list[int], steps: frozenset[int]) -> list[int]:
        return [i for i in rows if int(self.f.step[i]) in steps]

    def _leaf(self, place: tuple[int, ...], rows: list[int], since: float) -> float:
        for i in rows[:1]:
            self.seen.rows[place].append(i)
            self.seen.since[place].append(since)
        return max([since, *(float(self.f.end[i]) for i in rows)])

    def _choice(self, tree: Block, place: tuple[int, ...], rows: list[int], since: float, w: float, parts: list[frozenset[int]]) -> float:
        if not tree.parts or (not rows and tree.skippable):
            self.seen.ways[place][-1] += w  # type: ignore[assignment]
            return since
        i = max(range(len(parts)), key=lambda i: len(self._of(rows, parts[i])))
        self.seen.ways[place][i] += w  # type: ignore[assignment]
        return self._at(tree.parts[i], (*place, i), self._of(rows, parts[i]), since, w)

    def _loop(self, tree: Block, place: tuple[int, ...], rows: list[int], since: float, w: float, parts: list[frozenset[int]]) -> float:
        for i, a, b in rounds(tuple(int(self.f.step[r]) for r in rows), parts):
            if i:
                self.seen.ways[place][i] += w  # type: ignore[assignment]
            since = self._at(tree.parts[i], (*place, i), rows[a:b], since, w)
        self.seen.ways[place][-1] += w  # type: ignore[assignment]
        return since

    def _loose(self, tree: Block, place: tuple[int, ...], rows: list[int], since: float, w: float) -> float:
        at = {p.step: i for i, p in enumerate(tree.parts) if isinstance(p, Leaf)}
        before = -1
        for r in rows:
            i = at[int(self.f.step[r])]
            self.seen.ways[place][before, i] += w  # type: ignore[assignment]
            since = self._leaf((*place, i), [r], since)
            before = i
        self.seen.ways[place][before, -1] += w  # type: ignore[assignment]
        return since


def block_route(m: Material, noise: float) -> Route:
    """The route of the tree that is mined with this noise threshold."""
    tree = mine(traces_of(m.f, m.weight), noise)
    seen = Player(f=m.f, weight=m.weight).play(tree)
    return Drawer(m=m, seen=seen).route(tree)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawer:
    """Draws a tree as nodes of a route."""

    m: Material
    seen: Seen
    nodes: dict[str, Node] = field(default_factory=dict)

    def route(self, tree: Tree) -> Route:
        """The whole route."""
        first = self._draw(tree, (), END)
        if first == END:
            raise ModelError("block-structured route", "nothing is ever done", "Give a log in which some case has ended.")
        return Route(first=first, nodes=self.nodes)

    def _name(self, name: str) -> str:
        n, out = 1, name
        while out in self.nodes or out == END:
            n += 1
            out = f"{name} #{n}"
        return out

    def _draw(self, tree: Tree, place: tuple[int, ...], then: str) -> str:
        if isinstance(tree, Leaf):
            return self._leaf(tree, place, then)
        match tree.kind:
            case "choice":
                ways = [(self._draw(p, (*place, i), then), self.seen.ways[place][i]) for i, p in enumerate(tree.parts)]
                return self._choose(tree, [*ways, (then, self.seen.ways[place][-1])], "which: ")
            case "sequence":
                for i in reversed(range(len(tree.parts))):
                    then = self._draw(tree.parts[i], (*place, i), then)
                return then
            case "parallel":
                branches = tuple(b for i, p in enumerate(tree.parts) if (b := self._draw(p, (*place, i), END)) != END)
                name = self._name("at the same time: " + self._words(tree))
                self.nodes[name] = Split(branches=branches, then=then)
                return name
            case "loop":
                return self._loop(tree, place, then)
        return self._loose(tree, place, then)

    def _words(self, tree: Block) -> str:
        steps = [self.m.f.steps[s] for s in sorted(tree.steps)]
        return ", ".join(steps[:4]) + (f" and {len(steps) - 4} more" if len(steps) > 4 else "")

    def _choose(self, tree: Block, ways: list[tuple[str, float]], word: str) -> str:
        return self._put(self._name(word + self._words(tree)), ways)

    def _put(self, name: str, ways: list[tuple[str, float]]) -> str:
        mass = Counter[str]()
        for to, n in ways:
            mass[to] += n  # type: ignore[assignment]
        total = sum(mass.values())
        known = {to: n for to, n in mass.items() if n > 0} if total > 0 else {ways[-1][0]: 1.0}
        if len(known) == 1 and name not in self.nodes:
            return next(iter(known))
        share = {to: round(n / sum(known.values()), 6) for to, n in known.items()}
        most = max(share, key=lambda to: share[to])
        share[most] = round(share[most] + 1 - sum(share.values()), 6)
        self.nodes[name] = Choose(otherwise=tuple(Way(to=to, share=s) for to, s in share.items()))
        return name

    def _leaf(self, tree: Leaf, place: tuple[int, ...], then: str) -> str:
        name = self._name(self.m.f.steps[tree.step])
        law = self._lag(np.array(self.seen.rows[place], dtype=np.int64), np.array(self.seen.since[place]))
        self.nodes[name] = Do(
            step=self.m.f.steps[tree.step], then=then, lag=law, pace=self.m.clocks.name(tree.step) if law is not None else None
        )
        return name

    def _lag(self, rows: Ints, since: Floats) -> Law | None:
        """The delay since a part was entered, as far as it was not queueing."""
        if rows.size == 0:
            return None
        return lag_law(delay_since(self.m.f, self.m.line, rows, since, self.m.clocks), self.m.each[rows])

    def _loop(self, tree: Block, place: tuple[int, ...], then: str) -> str:
        again = self._name("again or on: " + self._words(tree))
        self.nodes[again] = Choose(otherwise=(Way(to=END, share=1.0),))  # held until its ways are drawn
        body = self._draw(tree.parts[0], (*place, 0), again)
        ways = [(self._draw(p, (*place, i), body), self.seen.ways[place][i]) for i, p in enumerate(tree.parts[1:], start=1)]
        self._put(again, [*ways, (then, self.seen.ways[place][-1])])
        return body

    def _loose(self, tree: Block, place: tuple[int, ...], then: str) -> str:
        """Any step after any other: a choice behind each step."""
        ways = self.seen.ways[place]
        names: dict[int, str] = {}
        for i, p in enumerate(tree.parts):
            assert isinstance(p, Leaf)
            names[i] = self._leaf(p, (*place, i), then)
        for i, name in names.items():
            on = self._put(self._name(f"after {name}"), [*((n, ways[i, j]) for j, n in names.items()), (then, ways[i, -1])])
            old = self.nodes[name]
            assert isinstance(old, Do)
            self.nodes[name] = Do(step=old.step, then=on, lag=old.lag, pace=old.pace)
        return self._put(self._name("first of " + self._words(tree)), [*((n, ways[-1, j]) for j, n in names.items()), (then, ways[-1, -1])])
