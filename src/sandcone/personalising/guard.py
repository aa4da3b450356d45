"""A guard against stereotypes: do packages follow what people are rather than what they need, and is some group worse off?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sandcone.core.care import Path, Person
from sandcone.core.condition import Fact
from sandcone.core.estimate import Estimate
from sandcone.core.personal import GroupSeen, Guard
from sandcone.personalising.counted import gap, mean

MUCH, LITTLE = 0.4, 0.6  # of the variety explained, and of fit: U above the one with fit below the other is stereotyping
LEAST = 30  # people in a group that is compared, and among all others
BANDS = (18.0, 40.0, 65.0, 80.0)
DEALS = 20  # times that facts are dealt to people at random, to see what chance alone explains

Groups = Sequence[Hashable]


def guard(
    people: Sequence[Person], paths: Sequence[Path], by: Sequence[str], waits: Mapping[str, float] | None = None, seed: int = 1
) -> Guard:
    """Hold paths against the groups that people belong to by the facts named in ``by`` (numbers in bands: below 18, 40, 65, 80, and above).

    ``waits`` are hours that people waited, by name (those of whom none is known do not count). A group is worse off if its whole 95 %
    interval of difference from all others is, made wider for the number of groups compared (Bonferroni). There is no difference where it is
    known of fewer than 30 in the group, or of the others.
    """
    fits = [p.fit for p in paths if p.fit is not None]
    packages = [p.modules for p in paths]
    u, adjusted = explained(packages, [tuple(band(p.facts.get(f)) for f in by) for p in people], seed) if by else (None, None)
    fit = float(np.mean(fits)) if fits else None
    high = adjusted is not None and adjusted >= MUCH
    return Guard(
        explained=u,
        beyond_chance=adjusted,
        fit=fit,
        stereotyping=high and fit is not None and fit < LITTLE,
        groups=tuple(_groups(people, paths, by, waits or {})),
    )


def band(value: Fact | None) -> str:
    """The group to which a fact puts a person."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if value < BANDS[0]:
        return f"below {BANDS[0]:g}"
    return next((f"{a:g} to below {b:g}" for a, b in pairwise(BANDS) if value < b), f"{BANDS[-1]:g} and above")


def explained(packages: Groups, groups: Groups, seed: int) -> tuple[float | None, float | None]:
    """U = I(V;X) / H(V), and the same beyond what chance explains, U_adj = (I - E0) / (H - E0), E0 the mean over deals at random.

    None where everybody has the same package, or where chance alone could explain it all (FIELD section 7).
    """
    v, x = _numbers(packages), _numbers(groups)
    h = _entropy(v)
    if h <= 0:
        return None, None
    draws = np.random.default_rng(seed)
    i = h + _entropy(x) - _entropy(_both(v, x))
    e0 = float(np.mean([h + _entropy(x) - _entropy(_both(v, draws.permutation(x))) for _ in range(DEALS)]))
    return i / h, (i - e0) / (h - e0) if h - e0 > 1e-9 else None


def _numbers(of: Groups) -> NDArray[np.int64]:
    place: dict[Hashable, int] = {}
    return np.array([place.setdefault(x, len(place)) for x in of], dtype=np.int64)


def _both(v: NDArray[np.int64], x: NDArray[np.int64]) -> NDArray[np.int64]:
    return v * (int(x.max()) + 1) + x


def _entropy(of: NDArray[np.int64]) -> float:
    shares = np.unique(of, return_counts=True)[1] / len(of)
    return float(-(shares * np.log(shares)).sum())


def _groups(people: Sequence[Person], paths: Sequence[Path], by: Sequence[str], waits: Mapping[str, float]) -> Iterator[GroupSeen]:
    where = [(fact, group) for fact in by for group, n in Counter(band(p.facts.get(fact)) for p in people).items() if n >= LEAST]
    level = 1 - 0.05 / max(1, len(where))
    for fact, group in sorted(where):
        here = [band(p.facts.get(fact)) == group for p in people]
        fit = _split([p.fit for p in paths], here)
        wait = _split([waits.get(p.name) for p in people], here)
        yield GroupSeen(
            fact=fact,
            group=group,
            fit=mean(fit[0]),
            fit_gap=_gap(*fit, "share", level),
            wait=mean(wait[0], unit="h"),
            wait_gap=_gap(*wait, "h", level),
        )


def _gap(here: Sequence[float], others: Sequence[float], unit: str, level: float) -> Estimate | None:
    return gap(here, others, unit, level) if min(len(here), len(others)) >= LEAST else None


def _split(values: Sequence[float | None], here: Sequence[bool]) -> tuple[list[float], list[float]]:
    """What is known of those in the group, and of the others."""
    known = [(v, h) for v, h in zip(values, here, strict=True) if v is not None]
    return [v for v, h in known if h], [v for v, h in known if not h]
