"""Modules joined to one path: what two of them have in common is done once, and what must come before what holds across them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count, islice, pairwise, product

from sandcone.core.care import Conflict, Kind, Lag, Module, Part, PathStep
from sandcone.core.condition import Fact
from sandcone.core.listed import as_listed
from sandcone.personalising.asking import known, parts_for
from sandcone.personalising.timing import Rule, times

ORDERS = 256  # ways to order modules that must lie apart, before it is said that none will do
Minutes = Callable[[str], float]
"""How long a step of the hospital takes at least, by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """The steps of a path in order of their earliest start, the lags between them, the least minutes from first to last, what clashed."""

    steps: tuple[PathStep, ...]
    lags: tuple[Lag, ...]
    minutes: float
    conflicts: tuple[Conflict, ...]


def join(modules: Sequence[Module], facts: Mapping[str, Fact], minutes: Minutes) -> Joined:
    """Join modules for somebody of whom these facts are known; ``minutes`` says how long a step takes where a part does not."""
    joining = _Joining(modules, facts, minutes)
    joining.lay_out()
    joining.bind()
    return joining.joined()


@dataclass(slots=True)
class _Joining:
    modules: Sequence[Module]
    facts: Mapping[str, Fact]
    minutes: Minutes
    steps: list[PathStep] = field(default_factory=list)
    at: dict[tuple[str, str], list[int]] = field(
        default_factory=dict
    )  # (module, part) -> its steps, several where it is done several times
    rules: list[Rule] = field(default_factory=list)
    lags: list[tuple[Rule, Lag]] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)

    def lay_out(self) -> None:
        """A step for each part, each time; one for two modules where both have it and share it."""
        for module in self.modules:
            for part in parts_for(module, self.facts):
                there = self._shared(module, part)
                if there is None:
                    self.at[module.name, part.name] = self._new(module, part)
                else:
                    self._once(module, part, there)
            self._inside(module)

    def _new(self, module: Module, part: Part) -> list[int]:
        first = len(self.steps)
        length = part.minutes if part.minutes is not None else self.minutes(part.step)
        for name in self._free_names(module, part):
            step = PathStep(name=name, step=part.step, modules=(module.name,), remote=part.remote, minutes=length, may_end=part.may_end)
            self.steps.append(step)
        return list(range(first, len(self.steps)))

    def _free_names(self, module: Module, part: Part) -> list[str]:
        """A name of its own for each time that a part is done."""
        taken = {s.name for s in self.steps}
        long = f"{module.name}: {part.name}"
        for base in chain((part.name, long), (f"{long} ({n})" for n in count(2))):
            names = [base] if part.times == 1 else [f"{base} {i + 1}" for i in range(part.times)]
            if taken.isdisjoint(names):
                break
        return names

    def _shared(self, module: Module, part: Part) -> list[int] | None:
        """The steps of another module that do for this part too: the same step, as often, shared by both, and no circle comes of it.

        Steps that do for one part of a module do for no other part of it: blood taken before and after is taken twice.
        """
        if not part.shared:
            return None
        mine = {i for (name, _), steps in self.at.items() if name == module.name for i in steps}
        for other in self.modules:
            for theirs in other.parts if other is not module else ():
                there = self.at.get((other.name, theirs.name))
                alike = (theirs.step, theirs.times, theirs.remote) == (part.step, part.times, part.remote) and theirs.shared
                if there and alike and mine.isdisjoint(there):
                    return there if not self._turns_back(module, part, there) else None
        return None

    def _turns_back(self, module: Module, part: Part, there: list[int]) -> bool:
        """Whether doing it once would put a step of this module before itself: the two modules want them in a different order."""
        before = [self.at[module.name, p][-1] for p in _before(module, part, self.facts) if (module.name, p) in self.at]
        if not any(self._leads(there[0], b) for b in before):
            return False
        self._clash(
            "order",
            tuple(dict.fromkeys((*self.steps[there[0]].modules, module.name))),
            f"they want {part.name!r} in a different order",
            "done for each of them",
        )
        return True

    def _leads(self, a: int, b: int) -> bool:
        """Whether step b can only come after step a."""
        seen, todo = {a}, [a]
        while todo:
            now = todo.pop()
            if now == b and b != a:
                return True
            nexts = [r.after for r in self.rules if r.before == now and r.why == "follows" and r.after not in seen]
            seen.update(nexts)
            todo.extend(nexts)
        return False

    def _once(self, module: Module, part: Part, there: list[int]) -> None:
        self.at[module.name, part.name] = there
        for i in there:
            longest = max(self.steps[i].minutes or 0.0, part.minutes if part.minutes is not None else self.minutes(part.step))
            ends = self.steps[i].may_end or part.may_end
            self.steps[i] = replace(self.steps[i], modules=(*self.steps[i].modules, module.name), minutes=longest, may_end=ends)
        self._clash("duplicate", self.steps[there[0]].modules, f"each has {part.name!r}", "done once for all of them")

    def _clash(self, kind: Kind, modules: tuple[str, ...], why: str, done: str = "") -> None:
        self.conflicts.append(Conflict(kind=kind, modules=modules, why=why, done=done))

    def _inside(self, module: Module) -> None:
        """What a module says of its own parts: their order, the lags, and how long it may take in all."""
        for p in parts_for(module, self.facts):
            here = self.at[module.name, p.name]
            for a, b in pairwise(here):
                self._after(a, b, Lag(before=self.steps[a].name, after=self.steps[b].name), (module.name,))
        for lag in _lags(module, self.facts):
            a, b = self.at[module.name, lag.before][-1], self.at[module.name, lag.after][0]
            if a != b:
                self._after(a, b, lag, (module.name,))
        if module.within is not None:
            self._within(module, module.within)

    def _after(self, a: int, b: int, lag: Lag, modules: tuple[str, ...], why: str = "follows") -> None:
        x, y, length = self.steps[a].name, self.steps[b].name, self.steps[a].minutes or 0.0
        lag = replace(lag, before=x, after=y)
        rule = Rule(
            before=a,
            after=b,
            minutes=length + lag.at_least,
            why="apart" if why == "apart" else "follows",
            modules=modules,
            words=f"{y!r} at least {lag.at_least:g} minutes after {x!r}" if lag.at_least else f"{y!r} after {x!r}",
        )
        self.rules.append(rule)
        self.lags.append((rule, lag))
        if lag.at_most is not None:
            words = f"{y!r} at most {lag.at_most:g} minutes after {x!r}"
            most = Rule(before=b, after=a, minutes=-(length + lag.at_most), why="at most", modules=modules, words=words)
            self.rules.append(most)
            self.lags.append((most, lag))

    def _within(self, module: Module, most: float) -> None:
        mine = sorted({i for (m, _), steps in self.at.items() if m == module.name for i in steps})
        words = f"all of {module.name!r} within {most:g} minutes"
        for a in mine:
            for b in mine:
                if a != b:
                    length = self.steps[b].minutes or 0.0
                    self.rules.append(Rule(before=b, after=a, minutes=length - most, why="at most", modules=(module.name,), words=words))

    def bind(self) -> None:
        """What one module says of another that is there too: after it, so long apart, or with what the other gives."""
        there = {m.name: m for m in self.modules}
        for m in self.modules:
            takes = {t for t in m.takes if not known(t, self.facts)}
            givers = [g.name for g in self.modules if g is not m and takes & set(g.gives)]
            for other in dict.fromkeys((*(a for a in m.after if a in there), *givers)):
                self._between(there[other], m, 0.0)
        self._apart([(*self._in_turn(there[other], m), least) for m in self.modules for other, least in m.apart.items() if other in there])

    def _apart(self, pairs: Sequence[tuple[Module, Module, float]]) -> None:
        """Two modules so long apart, in the order in which everything can be kept; if there is none, in the first."""
        rules, lags = len(self.rules), len(self.lags)
        for turned in (*islice(product((False, True), repeat=len(pairs)), ORDERS), (False,) * len(pairs)):
            del self.rules[rules:], self.lags[lags:]
            for (first, then, least), turn in zip(pairs, turned, strict=True):
                self._between(*((then, first) if turn else (first, then)), least)
            if not pairs or not times(len(self.steps), self.rules).given_up:
                return

    def _in_turn(self, a: Module, b: Module) -> tuple[Module, Module]:
        """Which of two comes first: as the rules so far say, else as in the library."""
        first, last = self._ends(a)[0], self._ends(b)[0]
        if any(self._leads(i, j) for i in last for j in first):
            return b, a
        if any(self._leads(i, j) for i in first for j in last):
            return a, b
        return (a, b) if self.modules.index(a) < self.modules.index(b) else (b, a)

    def _ends(self, module: Module) -> tuple[list[int], list[int]]:
        """The steps with which a module begins, and those with which it ends."""
        mine = sorted({i for (m, _), steps in self.at.items() if m == module.name for i in steps})
        inner = [(r.before, r.after) for r in self.rules if r.modules == (module.name,) and r.why == "follows"]
        return [i for i in mine if all(b != i for _, b in inner)], [i for i in mine if all(a != i for a, _ in inner)]

    def _between(self, first: Module, then: Module, least: float) -> None:
        why = "apart" if least else "follows"
        mine = {i for (m, _), steps in self.at.items() if m == then.name for i in steps}
        for a in self._ends(first)[1]:
            for b in self._ends(then)[0]:
                if a not in mine and first.name not in self.steps[b].modules:
                    lag = Lag(before=self.steps[a].name, after=self.steps[b].name, at_least=least)
                    self._after(a, b, lag, (first.name, then.name), why)

    def joined(self) -> Joined:
        """The path, with what cannot be kept given up and said."""
        found = times(len(self.steps), self.rules)
        for _, circle in found.given_up:
            modules = tuple(dict.fromkeys(m for r in circle for m in r.modules))
            why = "; ".join(dict.fromkeys(r.words for r in circle))
            self._clash(_kind(circle, modules), modules, f"these cannot all be kept: {why}", "")
        lost = {id(rule) for rule, _ in found.given_up}
        order = sorted(range(len(self.steps)), key=lambda i: (round(found.starts[i], 6), found.ranks[i], i))
        span = max((found.starts[i] + (self.steps[i].minutes or 0.0) for i in order), default=0.0) - min(found.starts, default=0.0)
        kept = [(rule, lag) for rule, lag in self.lags if id(rule) not in lost]
        return Joined(steps=tuple(self.steps[i] for i in order), lags=_lags_of(kept), minutes=span, conflicts=tuple(self.conflicts))


def _lags_of(kept: Sequence[tuple[Rule, Lag]]) -> tuple[Lag, ...]:
    """The lags whose rules could be kept; one of which the most was given up goes without it, one of which the least was is none."""
    least = dict.fromkeys(lag for rule, lag in kept if rule.why != "at most")
    most = {lag for rule, lag in kept if rule.why == "at most"}
    return tuple(dict.fromkeys(lag if lag.at_most is None or lag in most else replace(lag, at_most=None) for lag in least))


def _kind(circle: Sequence[Rule], modules: Sequence[str]) -> Kind:
    if all(r.why != "at most" for r in circle):
        return "order" if len(modules) <= 2 else "circular"
    return "too close" if any(r.why == "apart" for r in circle) else "too far"


def _lags(module: Module, facts: Mapping[str, Fact]) -> list[Lag]:
    """The lags of a module between parts that are there; without any, the parts as listed."""
    parts = parts_for(module, facts)
    names = [p.name for p in parts]
    if module.lags:
        return [lag for lag in module.lags if lag.before in names and lag.after in names]
    return list(as_listed(parts))


def _before(module: Module, part: Part, facts: Mapping[str, Fact]) -> list[str]:
    """The parts of a module that have to come before one of them, straight or by way of others."""
    lags, found = _lags(module, facts), [part.name]
    for name in found:  # grows while it is walked
        found += [lag.before for lag in lags if lag.after == name and lag.before not in found]
    return found[1:]
