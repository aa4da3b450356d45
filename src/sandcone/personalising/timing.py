"""Whether the times between steps can all be kept, and how early each step can begin: a simple temporal network.

Steps last at least so many minutes; each rule says that one moment comes at least so long after another (a most is a least the other way
round). All can be kept if no circle of rules asks for more time than there is (Dechter, Meiri and Pearl 1991, Artificial Intelligence 49).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

Why = Literal["follows", "apart", "at most"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The start of step ``after`` is at least ``minutes`` after the start of step ``before``; below 0 for a most the other way round."""

    before: int
    after: int
    minutes: float
    why: Why
    modules: tuple[str, ...]
    words: str


GivenUp = tuple[Rule, tuple[Rule, ...]]
"""A rule, and the circle that it was in."""
Length = Callable[[Rule], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The earliest start of each step, in minutes from the first, and the rules given up because they could not be kept.

    ``ranks``: how many steps have to come before one at least, which tells steps that take no time apart.
    """

    starts: tuple[float, ...]
    ranks: tuple[int, ...]
    given_up: tuple[GivenUp, ...]


def times(steps: int, rules: Sequence[Rule]) -> Times:
    """The earliest starts under the rules. Where a circle of rules cannot be kept, the loosest rule in it is given up, and said.

    First comes the order alone: nothing comes before itself, also where no time passes.
    """
    ranks, kept, given_up = _settled(steps, [r for r in rules if r.why != "at most"], lambda _: 1.0)
    most = [r for r in rules if r.why == "at most"]
    there = {id(r) for r in (*kept, *most)}
    starts, _, too_long = _settled(steps, [r for r in rules if id(r) in there], lambda r: r.minutes)
    return Times(starts=tuple(starts), ranks=tuple(map(int, ranks)), given_up=(*given_up, *too_long))


def _settled(steps: int, rules: Sequence[Rule], length: Length) -> tuple[list[float], list[Rule], list[GivenUp]]:
    """The longest way to each step, by the rules that can be kept; those that cannot are given up, one of each circle."""
    kept, given_up = list(rules), list[GivenUp]()
    while True:
        starts, by, at = _earliest(steps, kept, length)
        if at is None:
            return starts, kept, given_up
        circle = _circle(steps, by, at)
        place = {id(r): i for i, r in enumerate(kept)}
        loosest = max(circle, key=lambda r: (r.why == "at most", r.why == "apart", place[id(r)]))
        del kept[place[id(loosest)]]
        given_up.append((loosest, tuple(circle)))


def _earliest(steps: int, rules: Sequence[Rule], length: Length) -> tuple[list[float], list[Rule | None], int | None]:
    """The longest way to each step, the rule that decided it, and a step that never settles (None: all do)."""
    start: list[float] = [0.0] * steps
    by: list[Rule | None] = [None] * steps
    moved: int | None = None
    for _ in range(steps + 1):
        moved = None
        for rule in rules:
            at = start[rule.before] + length(rule)
            if at > start[rule.after] + 1e-9:
                start[rule.after], by[rule.after], moved = at, rule, rule.after
        if moved is None:
            break
    return start, by, moved


def _circle(steps: int, by: Sequence[Rule | None], at: int) -> list[Rule]:
    """Rules that go round and cannot all be kept, found from a step that never settles."""
    for _ in range(steps):  # after so many steps back, one stands inside the circle
        rule = by[at]
        assert rule is not None
        at = rule.before
    circle, here = list[Rule](), at
    while not circle or here != at:
        rule = by[here]
        assert rule is not None
        circle.append(rule)
        here = rule.before
    return circle
