"""What kind of process each segment of patients needs: standard, routine or non-routine (Lillrank 2003; Lillrank & Liukko 2004).

A standard process has one target, a routine one a choice among known ones, a non-routine one is open. From a log (FIELD §5): little
variety of paths is standard; much variety that goes with who the patients are is routine; much that does not is non-routine. The two
cut points are this project's own; see ``LITTLE`` and ``EXPLAINED``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import ibis
import numpy as np

from sandcone.core.chance import Luck
from sandcone.core.estimate import Estimate, Measure, Measures, Missing
from sandcone.measuring.counting import around, entropy, entropy_error, gathered
from sandcone.measuring.operating_modes import operating_modes
from sandcone.measuring.paths import UNKNOWN, Attribute, Cells, attributes, cells, segment
from sandcone.measuring.personalization import shared
from sandcone.measuring.prepare import Prepared

TYPES = ("standard", "routine", "non-routine")
LITTLE = 0.25  # entropy of paths over ln(cases) up to which variety is little
EXPLAINED = 0.3  # part of the variety explained by people (beyond chance) from which it is much
LEAST_CASES = 20  # a smaller segment is counted, but not typed
MOST_TYPED = 30  # biggest segments typed
BREAK = "\x1f"

NAMES = ("process_type", "segment.cases", "segment.entropy_normalised", "segment.u")


def process_types(prepared: Prepared, luck: Luck) -> Measures:
    """The process type of each segment, with what it rests on; and the operating modes of the patients, whole and by unit.

    By {segment}: ``process_type`` (0 standard, 1 routine, 2 non-routine; the note says the word), ``segment.cases``,
    ``segment.entropy_normalised`` (H / ln(cases), share), ``segment.u`` (U_adj inside the segment by the attribute, outside those
    that make the segment, which explains most).
    """
    group = segment(prepared)
    if isinstance(group, str):
        return gathered([*(Missing(name=name, why=group) for name in NAMES), *operating_modes(prepared, luck)])
    counted = cells(prepared, group)
    sizes = counted.group_counts
    biggest = np.argsort(-sizes, kind="stable")[:MOST_TYPED]
    typed = [counted.groups[g] for g in sorted(biggest) if sizes[g] >= LEAST_CASES]
    explained = _explained(prepared, group, typed)
    found: list[Measure | Missing] = []
    for place, name in enumerate(counted.groups):
        found += _segment(counted, place, explained.get(name), luck, typed=name in typed)
    return gathered([*found, *_untyped(counted, typed, explained), *operating_modes(prepared, luck)])


def process_type(entropy_normalised: float, u: float | None) -> int | None:
    """0 standard, 1 routine, 2 non-routine; None if variety is not little and nobody knows what explains it."""
    if entropy_normalised <= LITTLE:
        return 0
    return None if u is None else 1 if u >= EXPLAINED else 2


def _segment(counted: Cells, place: int, u: tuple[float, str] | None, luck: Luck, *, typed: bool) -> Iterator[Measure]:
    sizes = counted.n[counted.g == place]
    n, group = int(sizes.sum()), {"segment": counted.groups[place]}
    yield Measure(name="segment.cases", estimate=Estimate(value=float(n), n=n, unit="cases"), group=group)
    if n < 2:
        return
    h, error = entropy(sizes) / math.log(n), entropy_error(sizes) / math.log(n) if luck.draws else None
    method = "H / ln(cases)" + ("; large-sample interval" if luck.draws else "")
    yield Measure(name="segment.entropy_normalised", estimate=around(h, error, n, "share", method, least=0, most=1), group=group)
    if u is not None:
        estimate = Estimate(value=u[0], n=n, unit="share", method=f"U_adj by attribute {u[1]!r}, which explains most")
        yield Measure(name="segment.u", estimate=estimate, group=group)
    kind = process_type(h, None if u is None else u[0]) if typed else None
    if kind is not None:
        method = f"cut at H_norm {LITTLE} and U_adj {EXPLAINED}"
        yield Measure(name="process_type", estimate=Estimate(value=kind, n=n, unit="type", method=method), group=group, note=TYPES[kind])


def _untyped(counted: Cells, typed: list[str], explained: dict[str, tuple[float, str]]) -> Iterator[Missing]:
    left = len(counted.groups) - len(typed)
    if left:
        have = "1 segment has" if left == 1 else f"{left} segments have"
        why = f"{have} fewer than {LEAST_CASES} cases or {'is' if left == 1 else 'are'} not among the {MOST_TYPED} biggest"
        yield Missing(name="process_type", why=why)
    unknown = sum(name not in explained for name in typed)
    if unknown:
        why = f"in {unknown} segment{'s' * (unknown > 1)} no attribute outside the segment sorts patients of different paths"
        yield Missing(name="segment.u", why=why)


def _explained(prepared: Prepared, group: ibis.Value, typed: list[str]) -> dict[str, tuple[float, str]]:
    """For each segment typed, the largest U_adj of an attribute outside the segment, and its name."""
    best: dict[str, tuple[float, str]] = {}
    for attribute in attributes(prepared)[0]:
        if attribute.name in prepared.site.segment:
            continue
        for name, u in _inside(prepared, group, attribute, typed):
            if name not in best or u > best[name][0]:
                best[name] = (u, attribute.name)
    return best


def _inside(prepared: Prepared, group: ibis.Value, attribute: Attribute, typed: list[str]) -> Iterator[tuple[str, float]]:
    counted = cells(prepared, group.fill_null(UNKNOWN) + BREAK + attribute.level.fill_null(UNKNOWN))
    owners = np.array([g.split(BREAK, 1)[0] for g in counted.groups])
    for name in typed:
        here = np.isin(counted.g, np.flatnonzero(owners == name))
        v, g = (np.unique(x[here], return_inverse=True)[1] for x in (counted.v, counted.g))
        u = shared(Cells(v=v, g=g, n=counted.n[here], groups=tuple(counted.groups[i] for i in np.unique(counted.g[here])))).u_adj
        if not math.isnan(u):
            yield name, u
