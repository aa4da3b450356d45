"""A block-structured model: an inductive miner with a noise threshold, small and permissive (Leemans, Fahland & van der Aalst 2013, 2014).

The log's directly-follows graph is cut into parts that exclude each other, follow each other, run in parallel or loop; each part is mined
again. Where no cut fits, the part is left as a loose one: any of its steps after any other, with the shares seen.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

Trace = tuple[int, ...]
Traces = Mapping[Trace, float]  # how often each was seen
Edges = dict[int, dict[int, float]]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One step."""

    step: int


@dataclass(frozen=True, slots=True)
class Block:
    """Parts put together: "sequence", "choice", "parallel", "loop" (the first part, then any of the others and the first again) or "loose".

    ``skippable``: of a choice, whether nothing at all may be done.
    """

    kind: str
    parts: tuple[Leaf | Block, ...]
    skippable: bool = False

    @property
    def steps(self) -> frozenset[int]:
        """All steps in it."""
        return frozenset().union(*(steps_of(p) for p in self.parts))


Tree = Leaf | Block


def steps_of(tree: Tree) -> frozenset[int]:
    """All steps in a tree."""
    return frozenset([tree.step]) if isinstance(tree, Leaf) else tree.steps


def mine(traces: Traces, noise: float) -> Tree:
    """The tree of some traces; what is rarer than ``noise`` of the most usual way on from a step is overlooked when cutting."""
    total = sum(traces.values())
    empty = traces.get((), 0.0)
    some = {t: n for t, n in traces.items() if t}
    if not some:
        return Block("choice", (), skippable=True)
    if empty > noise * total:
        return Block("choice", (mine(some, noise),), skippable=True)
    steps = sorted({s for t in some for s in t})
    if len(steps) == 1:
        return _single(steps[0], some, noise)
    edges, first, last = _follows(some, noise)
    for cut in (_choice, _sequence, _parallel, _loop):
        parts = cut(steps, edges, first, last)
        if parts is not None and len(parts) > 1:
            kind = KINDS[cut]
            return Block(kind, tuple(mine(t, noise) for t in _split(kind, some, parts)))
    return Block("loose", tuple(Leaf(s) for s in steps))


def _single(step: int, traces: Traces, noise: float) -> Tree:
    again = sum(n for t, n in traces.items() if len(t) > 1)
    return Block("loose", (Leaf(step),)) if again > noise * sum(traces.values()) else Leaf(step)


def _follows(traces: Traces, noise: float) -> tuple[Edges, set[int], set[int]]:
    edges: Edges = defaultdict(lambda: defaultdict(float))
    first, last = Counter[int](), Counter[int]()
    for t, n in traces.items():
        first[t[0]] += n  # type: ignore[assignment]
        last[t[-1]] += n  # type: ignore[assignment]
        for a, b in pairwise(t):
            edges[a][b] += n
    kept = {a: {b: n for b, n in out.items() if n >= noise * max(last[a], *out.values())} for a, out in edges.items()}
    return kept, _usual(first, noise), _usual(last, noise)


def _usual(count: Counter[int], noise: float) -> set[int]:
    return {s for s, n in count.items() if n >= noise * max(count.values())}


def _components(steps: list[int], joined: Callable[[int, int], bool]) -> list[set[int]]:
    left, parts = set(steps), []
    while left:
        part, todo = set[int](), [min(left)]
        while todo:
            a = todo.pop()
            part.add(a)
            left.discard(a)
            todo += [b for b in left if joined(a, b) and b not in todo]
        parts.append(part)
    return parts


def _choice(steps: list[int], edges: Edges, _first: set[int], _last: set[int]) -> list[set[int]]:
    return _components(steps, lambda a, b: b in edges.get(a, {}) or a in edges.get(b, {}))


def _sequence(steps: list[int], edges: Edges, _first: set[int], _last: set[int]) -> list[set[int]] | None:
    """Parts such that every later one can be reached from every earlier one, and never back."""
    reach = {a: _reached(a, edges) for a in steps}
    parts = _components(steps, lambda a, b: (b in reach[a]) == (a in reach[b]))
    order = sorted(parts, key=lambda p: -len(reach[min(p)] - p))
    for i, p in enumerate(order):
        for q in order[i + 1 :]:
            if any(b not in reach[a] or a in reach[b] for a in p for b in q):
                return None
    return order


def _reached(a: int, edges: Edges) -> set[int]:
    seen, todo = set[int](), [a]
    while todo:
        new = [b for b in edges.get(todo.pop(), {}) if b not in seen]
        seen.update(new)
        todo += new
    return seen


def _parallel(steps: list[int], edges: Edges, first: set[int], last: set[int]) -> list[set[int]] | None:
    """Parts all of whose steps follow each other both ways; each has a first and a last step of the whole."""
    parts = _components(steps, lambda a, b: not (b in edges.get(a, {}) and a in edges.get(b, {})))
    whole = [p for p in parts if p & first and p & last]
    if not whole:
        return None
    for p in parts:
        if p not in whole:
            whole[0] |= p
    return whole


def _loop(steps: list[int], edges: Edges, first: set[int], last: set[int]) -> list[set[int]] | None:
    """The body has all first and last steps; what leads only from its ends to its beginnings is done between two rounds."""
    body = first | last
    rest = _components([s for s in steps if s not in body], lambda a, b: b in edges.get(a, {}) or a in edges.get(b, {}))
    between = []
    for p in rest:
        enters = {a for a in body for b in edges.get(a, {}) if b in p}
        leaves = {b for a in p for b in edges.get(a, {}) if b in body}
        if enters <= last and leaves <= first:
            between.append(p)
        else:
            body |= p
    return [body, *between] if between else None


KINDS = {_choice: "choice", _sequence: "sequence", _parallel: "parallel", _loop: "loop"}


def _split(kind: str, traces: Traces, parts: list[set[int]]) -> list[Counter[Trace]]:
    out: list[Counter[Trace]] = [Counter() for _ in parts]
    for trace, n in traces.items():
        for i, piece in pieces(kind, trace, parts):
            out[i][piece] += n  # type: ignore[assignment]
    return out


def pieces(kind: str, trace: Trace, parts: list[set[int]] | list[frozenset[int]]) -> list[tuple[int, Trace]]:
    """A trace as the traces of the parts, in order of the parts; of a loop, in order of time."""
    if kind == "choice":
        i = max(range(len(parts)), key=lambda i: sum(s in parts[i] for s in trace))
        return [(i, tuple(s for s in trace if s in parts[i]))]
    if kind in ("sequence", "parallel"):
        return [(i, tuple(s for s in trace if s in p)) for i, p in enumerate(parts)]
    return [(i, tuple(trace[a:b])) for i, a, b in rounds(trace, parts)]


def rounds(trace: Trace, parts: list[set[int]] | list[frozenset[int]]) -> list[tuple[int, int, int]]:
    """Of a loop: which part each stretch of a trace belongs to, from where to where; begins and ends with the body, which may be empty."""
    of = [next((i for i, p in enumerate(parts) if s in p), 0) for s in trace]
    out, a = list[tuple[int, int, int]](), 0
    for b in range(1, len(trace) + 1):
        if b == len(trace) or of[b] != of[a]:
            if of[a] != 0 and (not out or out[-1][0] != 0):
                out.append((0, a, a))
            out.append((of[a], a, b))
            a = b
    return out if out and out[-1][0] == 0 else [*out, (0, len(trace), len(trace))]
