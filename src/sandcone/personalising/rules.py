"""For whom something is: a rule on one or two facts that a person can read, kept only if it also holds for patients it was not learnt from.

Half of the patients are learnt from, the other half judge. A rule is as good as the share of those who got it and whom it finds, less the
share of those who did not and whom it finds all the same (Youden 1950, Cancer 3).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from sandcone.core.chance import Luck
from sandcone.core.condition import Fact

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Facts = Mapping[str, Sequence[Fact | None]]
LEAST = 30  # patients with it, and as many without, below which nothing is learnt
GOOD = 0.5  # Youden's J among the patients held out
SURE = 0.3  # the lower end of its 95 % interval
MORE = 0.05  # what a second fact has to gain
WORDS = 8  # values in one list, at most
LEVELS = 40  # a fact with more different words is a name, not a kind
COMMON = 5  # patients learnt from with a value; a rarer one might name somebody
CUTS = 20
PAIRED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A rule, and how it did among the patients held out: the share of those who got it whom it finds, and of the others."""

    text: str
    finds: float
    wrongly: float
    n: int

    def __str__(self) -> str:
        return f"held for {self.finds:.0%} of those who had it and {self.wrongly:.0%} of the others, of {self.n:,} held out"


@dataclass(frozen=True, slots=True, eq=False)
class _Rule:
    text: str
    holds: Bools
    good: float


def rule(facts: Facts, target: Bools, *, seed: int, among: Bools | None = None) -> Found | None:
    """The rule that says best for whom ``target`` is true, or None where none holds out of sample; ``among`` says which cases count (all).

    What is not known of a patient counts as no.
    """
    here = np.ones(len(target), dtype=np.bool_) if among is None else among
    if min(np.count_nonzero(target & here), np.count_nonzero(~target & here)) < 2 * LEAST:
        return None
    old = here & (Luck(seed).stream("rules").random(len(target)) < 0.5)
    best = _best(facts, target, old)
    return None if best is None else _judged(best, target, here & ~old)


def _judged(best: _Rule, target: Bools, new: Bools) -> Found | None:
    with_it, without = best.holds[new & target], best.holds[new & ~target]
    if min(len(with_it), len(without)) < LEAST:
        return None
    a, b = float(with_it.mean()), float(without.mean())
    error = math.sqrt(a * (1 - a) / len(with_it) + b * (1 - b) / len(without))
    if a - b < GOOD or a - b - 1.96 * error < SURE:
        return None
    return Found(text=best.text, finds=a, wrongly=b, n=len(with_it) + len(without))


def _best(facts: Facts, target: Bools, old: Bools) -> _Rule | None:
    """The best rule among the patients learnt from; with two facts only where that gains enough."""
    singles = [r for r in (_of_fact(name, cells, target, old) for name, cells in facts.items()) if r is not None]
    if not singles:
        return None
    singles.sort(key=lambda r: (-r.good, r.text))
    pairs = [p for a, b in combinations(singles[:PAIRED], 2) for p in _joined(a, b, target, old)]
    two = max(pairs, key=lambda r: r.good, default=singles[0])
    return two if two.good > singles[0].good + MORE else singles[0]


def _joined(a: _Rule, b: _Rule, target: Bools, old: Bools) -> Iterator[_Rule]:
    for how, holds in (("and", a.holds & b.holds), ("or", a.holds | b.holds)):
        yield _Rule(f"{a.text} {how} {b.text}", holds, youden(holds, target, old))


def youden(holds: Bools, target: Bools, among: Bools) -> float:
    """The share found of those with it, less the share found of the others."""
    return float(holds[among & target].mean() - holds[among & ~target].mean())


def _of_fact(name: str, cells: Sequence[Fact | None], target: Bools, old: Bools) -> _Rule | None:
    known = [c for c in cells if c is not None]
    if "`" in name or not known or not (target & old).any() or not (~target & old).any():
        return None
    said = name_of(name)
    if isinstance(known[0], bool):
        yes = np.array([c is True for c in cells])
        no = np.array([c is False for c in cells])
        rules = [_Rule(f"{said} = true", yes, 0), _Rule(f"{said} = false", no, 0)]
    elif isinstance(known[0], float):
        rules = _cuts(said, np.array([math.nan if c is None else float(c) for c in cells]), old)
    else:
        rules = _lists(said, [None if c is None else str(c) for c in cells], target, old)
    scored = [_Rule(r.text, r.holds, youden(r.holds, target, old)) for r in rules]
    return max(scored, key=lambda r: r.good, default=None)


def name_of(fact: str) -> str:
    """A fact as conditions name it."""
    plain = fact.isidentifier() and fact.isascii()
    return f"%{fact}" if plain else f"%`{fact}`"


def _cuts(said: str, values: Floats, old: Bools) -> list[_Rule]:
    seen = np.unique(values[old & ~np.isnan(values)])
    if len(seen) < 2:
        return []
    between = (seen[:-1] + seen[1:]) / 2
    at = between if len(between) <= CUTS else np.unique(np.quantile(values[old & ~np.isnan(values)], np.linspace(0.05, 0.95, CUTS)))
    cuts = sorted({float(f"{x:.4g}") for x in at})
    with np.errstate(invalid="ignore"):
        return [
            _Rule(f"{said} {sign} {np.format_float_positional(x, trim='-')}", values >= x if sign == ">=" else values < x, 0)
            for x in cuts
            for sign in (">=", "<")
        ]


def _lists(said: str, cells: list[str | None], target: Bools, old: Bools) -> list[_Rule]:
    """The values with the highest shares of those who got it: the first one, the first two, and so on."""
    codes = {v: i for i, v in enumerate(sorted({c for c in cells if c is not None and not set(c) & set("'\\\"\n")}))}
    if not 2 <= len(codes) <= LEVELS:
        return []
    of = np.array([-1 if c is None else codes.get(c, -1) for c in cells])
    n, got = (np.bincount(of[old & m & (of >= 0)], minlength=len(codes)) for m in (np.ones_like(target), target))
    values = list(codes)
    first = [int(i) for i in np.argsort(-(got + target[old].mean()) / (n + 1), kind="stable") if n[i] >= COMMON][:WORDS]
    return [_Rule(_text(said, [values[i] for i in first[:k]]), np.isin(of, first[:k]), 0) for k in range(1, len(first) + 1)]


def _text(said: str, values: list[str]) -> str:
    if len(values) == 1:
        return f"{said} = '{values[0]}'"
    return f"{said} in ({' | '.join(_quoted(v) for v in sorted(values))})"


def _quoted(value: str) -> str:
    return f"'{value}'"
