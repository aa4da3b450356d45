"""Personal paths as a route: one node a step, shared by all whose rest is the same, built from the ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from sandcone.core.care import Lag, Path, PathStep
from sandcone.core.errors import ModelError
from sandcone.core.law import Fixed
from sandcone.core.model import Model
from sandcone.core.route import END, Choose, Do, Node, Split, Way, named_by

Who = Mapping[str, str]
Slots = tuple[int | None, ...]
"""The steps of a path by number, and None where another path of the same person has a step and this one has none."""
DEEP = 12  # choices one after the other, beyond which nobody is followed


@dataclass(slots=True)
class Ways:
    """The route being built: ``kept`` says whether the model's own ways stay in it."""

    model: Model
    kept: bool
    nodes: dict[str, Node] = field(default_factory=dict)
    known: dict[tuple[object, ...], str] = field(default_factory=dict)
    firsts: dict[str, None] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)  # step -> where the model's own way goes on behind it
    turned: dict[tuple[int, int], tuple[Path, Path]] = field(default_factory=dict)
    slots: dict[tuple[tuple[str, ...], tuple[str, ...]], Slots] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for node in self.model.route.nodes.values():
            if isinstance(node, Do):
                self.after.setdefault(node.step, node.then)
        if self.kept:
            self.nodes.update(self.model.route.nodes)

    @property
    def distinct(self) -> int:
        """How many ways are different."""
        return len(self.firsts)

    @property
    def any_first(self) -> str:
        """Where some way begins."""
        return next(iter(self.firsts))

    def first(self, path: Path, who: Who, beside: Path | None = None) -> str:
        """Where a path begins; its nodes are made where they are not there yet.

        ``beside`` is another path of the same person: where it has a step and this one has none, a choice with one way stands, so that what
        both have is met with the same luck.
        """
        path, beside = self._turned(path), None if beside is None else self._turned(beside)
        lags, then = before(path), END
        for i in reversed(self._slots(path, beside)):
            then = self._passed(then) if i is None else self._step(path, i, lags[i], who, then)
        self.firsts[then] = None
        return then

    def _turned(self, path: Path) -> Path:
        """The path with its steps in turn, worked out once for all who have the same steps and lags."""
        key = id(path.steps), id(path.lags)
        if key not in self.turned:
            self.turned[key] = (path, in_turn(path))
        return self.turned[key][1]

    def _slots(self, path: Path, beside: Path | None) -> Slots:
        if beside is None:
            return tuple(range(len(path.steps)))
        key = tuple(s.step for s in path.steps), tuple(s.step for s in beside.steps)
        if key not in self.slots:
            self.slots[key] = aligned(*key)
        return self.slots[key]

    def _passed(self, then: str) -> str:
        if then == END:
            return END
        return self._made(("pass", then), "on", Choose(otherwise=(Way(to=then, share=1.0),)))

    def _step(self, path: Path, i: int, lag: float, who: Who, then: str) -> str:
        it = path.steps[i]
        if it.may_end and (leaves := self._leaves(it.step, who)):
            then = self._chance(leaves, then)
        if it.step in self.model.steps:
            node = Do(step=it.step, then=then, lag=Fixed(minutes=lag) if lag > 0 else None)
            return self._made((it.step, lag, then), it.step, node)
        return self._stretch(it.step, lag, then)

    def _stretch(self, name: str, lag: float, then: str) -> str:
        """A stretch of the model's own ways, from a node of that name to its end, done as one part of this path."""
        if name not in self.model.route.nodes:
            near = ", ".join(sorted(self.model.steps)[:8])
            raise ModelError(f"step {name!r} of a path", "the hospital does not know it", f"Name a step of the model: {near}, …")
        if lag > 0:
            raise ModelError(f"step {name!r} of a path", f"a lag of {lag:g} minutes before a stretch of ways", "Put a step before it.")
        self.keep(name)
        return self._made((name, lag, then), name, Split(branches=(name,), then=then))

    def keep(self, name: str) -> None:
        """Have a node of the model, and all that comes after it, in the route."""
        todo = [name]
        while todo:
            here = todo.pop()
            if here != END and here not in self.nodes:
                self.nodes[here] = self.model.route.nodes[here]
                todo.extend(named_by(self.nodes[here]))

    def _leaves(self, step: str, who: Who) -> tuple[tuple[str, float], ...]:
        """How some of these patients leave by chance after a step in the model's own ways: at which last step, and what share."""
        found: dict[str, float] = {}
        for last, share in self._ends(self.after.get(step, ""), who, 1.0, DEEP):
            found[last] = found.get(last, 0.0) + share
        return tuple(found.items()) if 0 < sum(found.values()) < 1 - 1e-9 else ()

    def _ends(self, name: str, who: Who, share: float, deep: int) -> Iterator[tuple[str, float]]:
        node = self.model.route.nodes.get(name)
        if name == END:
            yield END, share
        elif isinstance(node, Choose) and deep:
            for way in node.ways(who):
                if way.share > 0:
                    yield from self._ends(way.to, who, share * way.share, deep - 1)
        elif isinstance(node, Do) and node.then == END and not self.model.steps[node.step].needs:
            yield node.step, share

    def _chance(self, leaves: Sequence[tuple[str, float]], then: str) -> str:
        ways = [Way(to=END if s == END else self._made((s, 0.0, END), s, Do(step=s)), share=share) for s, share in leaves]
        ways.append(Way(to=then, share=1.0 - sum(w.share for w in ways)))
        return self._made(("chance", *((w.to, w.share) for w in ways)), "goes on?", Choose(otherwise=tuple(ways)))

    def _made(self, key: tuple[object, ...], name: str, node: Node) -> str:
        if key not in self.known:
            self.known[key] = f"{name} ~{len(self.known) + 1}"
            self.nodes[self.known[key]] = node
        return self.known[key]


def aligned(here: Sequence[str], there: Sequence[str]) -> Slots:
    """The steps of one path by number, with None where the other one has a step of its own: both come out equally long and in line."""
    one, other = sorted((tuple(here), tuple(there)))
    found, mine = list[int | None](), one == tuple(here)
    for what, a, b, c, d in SequenceMatcher(a=one, b=other, autojunk=False).get_opcodes():
        if what == "equal":
            found += range(a, b) if mine else range(c, d)
        else:
            found += [*range(a, b), *[None] * (d - c)] if mine else [*[None] * (b - a), *range(c, d)]
    return tuple(found)


def in_turn(path: Path) -> Path:
    """The path with its steps one after the other: whoever has begun a module goes on with it, as far as what must come before allows."""
    comes_after: dict[str, set[str]] = {s.name: set() for s in path.steps}
    for lag in path.lags:
        comes_after[lag.after].add(lag.before)
    left, done = list(path.steps), list[PathStep]()
    while left:
        free = [s for s in left if comes_after[s.name].isdisjoint(x.name for x in left)] or left[:1]
        goes_on = (s for s in free if done and not set(s.modules).isdisjoint(done[-1].modules))
        done.append(next(goes_on, free[0]))
        left.remove(done[-1])
    return replace(path, steps=tuple(done))


def before(path: Path) -> list[float]:
    """For each step, the minutes that must pass between the end of the one before it in the path and its need."""
    at = {s.name: i for i, s in enumerate(path.steps)}
    ends = _ends(path, at)
    forwards = [lag for lag in path.lags if at[lag.before] < at[lag.after]]
    return [max((0.0, *(_left(lag, ends, at, i) for lag in forwards if at[lag.after] == i))) for i in range(len(path.steps))]


def _left(lag: Lag, ends: Sequence[float], at: Mapping[str, int], i: int) -> float:
    """What is left of a lag when the step just before this one has ended, if all goes as planned."""
    return lag.at_least - (ends[i - 1] - ends[at[lag.before]]) if i else 0.0


def _ends(path: Path, at: Mapping[str, int]) -> list[float]:
    """When each step ends if everything is done one after the other and nobody waits."""
    ends: list[float] = []
    for i, step in enumerate(path.steps):
        free = ends[-1] if ends else 0.0
        ready = max((free, *(ends[at[g.before]] + g.at_least for g in path.lags if at[g.after] == i and at[g.before] < i)))
        ends.append(ready + (step.minutes or 0.0))
    return ends
