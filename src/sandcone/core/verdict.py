"""What became of the trade-off between busy resources and short journeys, in one of six words (FIELD.md §4).

=================  ==========================================================================================
no change          nothing is shown to have moved
moved along        one or both moved, and nothing shows that the old curve was left
improved inside    both rose, and the old curve is not shown to have been left behind
frontier moved     the old curve was left behind, but not all that "broken" asks for is shown
broken             both rose, beyond the old curve, and every guard held
worse              both fell, or the place is now behind the old curve
=================  ==========================================================================================

docs/verdict.md has every combination in a table.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from sandcone.core.estimate import Estimate

Word = Literal["no change", "moved along", "improved inside", "frontier moved", "broken", "worse"]
State = Literal["held", "not shown", "worse"]
Kind = Literal["quality", "fit", "waiting", "group"]
Sign = Literal[-1, 0, 1]
WORDS: tuple[Word, ...] = ("no change", "moved along", "worse", "improved inside", "frontier moved", "broken")
"""From the weakest claim to the strongest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One measure before and after: the gap (after less before) with its interval, and how likely so large a gap is if nothing changed."""

    name: str
    before: Estimate
    after: Estimate
    gap: Estimate
    p: float  # two-sided

    def sign(self, alpha: float, least: float = 0.0) -> Sign:
        """1: surely risen, -1: surely fallen, 0: neither, or by less than ``least``."""
        if not self.p <= alpha or abs(self.gap.value) < least:
            return 0
        return 1 if self.gap.value > 0 else -1

    def as_json(self) -> dict[str, object]:
        """The change as plain values."""
        three = {"before": self.before, "after": self.after, "gap": self.gap}
        return {
            "name": self.name,
            **{k: e.as_json() | {"value": finite(e.value), "method": e.method} for k, e in three.items()},
            "p": finite(self.p),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Something that must not get worse: more of it is worse, at most by ``margin``.

    ``harm`` is how likely so large a rise is if it truly is no more than that.
    """

    kind: Kind
    change: Change
    margin: float
    harm: float

    def held(self, alpha: float) -> bool:
        """Whether the whole interval stays within the margin, and chance would show so little at most in ``alpha`` of cases beyond it."""
        return self.change.gap.high is not None and self.change.gap.high <= self.margin and 1 - self.harm <= alpha


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    """How sure, and how much: the level of error, the least rise of either efficiency that counts, and whether quality has to be seen."""

    alpha: float = 0.05
    least_resource: float = 0.005
    least_flow: float = 0.005
    least_frontier: float = 0.02
    quality: Literal["required", "assumed"] = "required"


USUAL = Margins()


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """All that a verdict looks at.

    ``resource``, ``flow``: both efficiencies. ``frontier``: V*, the variability that the old curve stands for; a fall lies beyond it (None:
    V* cannot be known). ``stepped``: the same once a steady trend is allowed for (None: there is no time in which a trend could be).
    ``control``: flow efficiency against patients whom the change did not touch.
    """

    resource: Change
    flow: Change
    frontier: Change | None
    stepped: Change | None = None
    control: Change | None = None
    guards: tuple[Guard, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The word, what it rests on (1 risen or beyond, 0 not shown, -1 fallen or behind), the state of every guard, and why not more."""

    word: Word
    resource: Sign
    flow: Sign
    frontier: Sign
    guards: tuple[State, ...]
    because: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "; ".join([self.word, *self.because])


def verdict(differences: Differences, margins: Margins = USUAL) -> Verdict:
    """Say in one word what became of the trade-off, from differences with their intervals alone.

    The three claims (resource efficiency, flow efficiency, V*) are made with one error rate between them (Hommel 1988), so that "no
    change" is left by chance in at most ``alpha`` of all pairs of equal periods. "Broken" asks for all of them and for all guards; a claim
    of "all" needs no further correction, since it is false as soon as one part is (Berger 1982). That a single guard got worse is said
    with Holm's correction over all guards, for there any one may err.
    """
    d, because = differences, list[str]()
    resource, flow, frontier = _signs(d, margins, because)
    if frontier == 1:
        both = ((d.resource, resource), (d.flow, flow))
        because += [f"{c.name} {'has fallen' if s == -1 else 'is not shown to have risen'}" for c, s in both if s != 1]
    states = _states(d.guards, margins.alpha)
    held = _held(d.guards, states, margins, because) if resource == flow == frontier == 1 else True
    word = word_of(resource, flow, frontier, held=held)
    return Verdict(word=word, resource=resource, flow=flow, frontier=frontier, guards=states, because=tuple(because))


def word_of(resource: int, flow: int, frontier: int, *, held: bool) -> Word:
    """The word for each combination: rises (1), falls (-1) or neither (0), beyond (1) or behind (-1) the old curve, and the guards."""
    if resource == flow == 1 and frontier == 1:
        return "broken" if held else "frontier moved"
    if resource == flow == 1:
        return "improved inside"
    if frontier == -1 or resource == flow == -1:
        return "worse"
    if frontier == 1:
        return "frontier moved"
    return "no change" if resource == flow == 0 else "moved along"


def _signs(d: Differences, m: Margins, because: list[str]) -> tuple[Sign, Sign, Sign]:
    claims = [(d.resource, m.least_resource), (d.flow, m.least_flow), *([(d.frontier, m.least_frontier)] if d.frontier else [])]
    joint = hommel([c.p for c, _ in claims])
    signs: list[Sign] = [c.sign(m.alpha, least) if p <= m.alpha else 0 for (c, least), p in zip(claims, joint, strict=True)]
    resource, flow, moved = signs[0], signs[1], signs[2] if d.frontier else 0
    beyond: Sign = 0 if moved == 0 else 1 if moved == -1 else -1
    if d.frontier is None:
        because.append("V* cannot be known, so nothing shows whether the old curve was left")
    if d.stepped is not None and beyond and d.stepped.sign(m.alpha) != moved:
        because.append("the change of V* cannot be told from a steady trend")
        beyond = 0
    if d.control is not None and (flow or beyond) and d.control.sign(m.alpha) != (flow or beyond):
        because.append("flow efficiency is not shown to have changed more than that of the patients whom the change did not touch")
        flow, beyond = 0, 0
    return resource, flow, beyond


def _states(guards: Sequence[Guard], alpha: float) -> tuple[State, ...]:
    sure = holm([g.harm for g in guards])
    return tuple("held" if g.held(alpha) else "worse" if p <= alpha else "not shown" for g, p in zip(guards, sure, strict=True))


def _held(guards: Sequence[Guard], states: Sequence[State], margins: Margins, because: list[str]) -> bool:
    worse, open_ = ([g.change.name for g, s in zip(guards, states, strict=True) if s == state] for state in ("worse", "not shown"))
    if worse:
        because.append(f"worse by more than its margin: {', '.join(worse)}")
    if open_:
        because.append(f"not shown to have stayed within its margin: {', '.join(open_)}")
    unseen = margins.quality == "required" and not any(g.kind == "quality" for g in guards)
    if unseen:
        because.append("quality is not seen, and it was not agreed beforehand to take it as unchanged")
    hidden = not any(g.kind == "waiting" for g in guards)
    if hidden:
        because.append("no waiting is seen, so nobody knows how the worst-off tenth fared")
    return not (worse or open_ or unseen or hidden)


def simes(ps: Sequence[float]) -> float:
    """One p for "none of these changed" (Simes 1986)."""
    return min((len(ps) * p / (i + 1) for i, p in enumerate(sorted(ps))), default=1.0)


def hommel(ps: Sequence[float]) -> list[float]:
    """Each p made so that the chance of any false claim among them stays at its level (Hommel 1988), for a few claims.

    By closed testing: a claim holds if every set of claims that it is in is refuted (Simes). The largest p stays as it is,
    so a claim of "all of them" needs only that each holds alone.
    """
    n = range(len(ps))
    sets = [(s, simes([ps[i] for i in s])) for k in range(1, len(ps) + 1) for s in combinations(n, k)]
    return [max(p for s, p in sets if i in s) for i in n]


def holm(ps: Sequence[float]) -> list[float]:
    """Each p made so that the chance of any false claim among many stays at its level, whatever goes with what (Holm 1979)."""
    order = sorted(range(len(ps)), key=lambda i: ps[i])
    out, top = [0.0] * len(ps), 0.0
    for rank, i in enumerate(order):
        top = max(top, min(1.0, (len(ps) - rank) * ps[i]))
        out[i] = top
    return out


def weaker(one: Verdict, other: Verdict) -> Verdict:
    """The one of two verdicts that claims less."""
    return min((one, other), key=lambda v: WORDS.index(v.word))


def guards_json(guards: Sequence[Guard], states: Sequence[State]) -> list[Mapping[str, object]]:
    """Guards as plain values."""
    return [{"kind": g.kind, "margin": finite(g.margin), "state": s, **g.change.as_json()} for g, s in zip(guards, states, strict=True)]


def finite(x: float) -> float | None:
    """A number for JSON; None where there is none."""
    return x if math.isfinite(x) else None
