"""Whether patients get what they need, no less and no more, and whether it is offered at all (FIELD §7).

The needs come from the site file: patients with some attribute value need some step, with a weight. A need counts once however often
the step is done; only the steps that are somebody's need are looked at. A step with several needs has the largest weight of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
from ibis import _
from numpy.typing import NDArray

from sandcone.core.estimate import Estimate, Measure, Missing
from sandcone.measuring.counting import Counts, Reals, entropy, mean_of
from sandcone.measuring.paths import cells, sequences
from sandcone.measuring.prepare import Prepared
from sandcone.measuring.survival import unfinished

COVERAGE, UNUSED, RATIO = (f"solution_space.{x}" for x in ("need_coverage", "unused_variety", "entropy_ratio"))
FITS = ("fit.mean", "fit.unmet", "fit.excess")
NAMES = (COVERAGE, UNUSED, RATIO, *FITS)
MOST_NEEDED = 60

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """What patients need and get: a row for each kind of patient (``n`` cases), a column for each needed step."""

    steps: tuple[str, ...]
    weights: Reals
    needed: Mask
    got: Mask
    n: Counts


def fit(prepared: Prepared) -> Iterator[Measure | Missing]:
    """Share of needs offered, of packages offered and never taken, and how well each finished patient's care fits (0 to 1)."""
    found = _met(prepared)
    if isinstance(found, str):
        yield from (Missing(name=name, why=found) for name in NAMES)
        return
    yield _coverage(prepared, found)
    yield from _packages(found)
    yield from fits(found)


def _met(prepared: Prepared) -> Met | str:
    needs, names = prepared.site.needs, prepared.log.attributes
    if not needs:
        return "no needs are declared; say under needs in the site file which patients (attribute, values) need which step"
    absent = next((need.attribute for need in needs if need.attribute not in names), None)
    if absent is not None:
        return f"the site file's needs ask for the attribute {absent!r}, but the log's attributes are {', '.join(names) or 'none'}"
    weights: dict[str, float] = {}
    for need in needs:
        weights[need.step] = max(need.weight, weights.get(need.step, 0.0))
    if len(weights) > MOST_NEEDED:
        return f"the site file's needs name {len(weights)} steps; at most {MOST_NEEDED} can be counted"
    counted = cells(prepared, _needed(prepared, tuple(weights)).cast("string"), unfinished(prepared).filter(_.finished))
    if counted.n.size == 0:
        return "no case is finished"
    bits = np.array([int(g) for g in counted.groups])[counted.g]
    needed = (bits[:, None] >> np.arange(len(weights))) & 1 == 1
    got = _delivered(prepared, tuple(weights))[counted.v]
    return Met(steps=tuple(weights), weights=np.array(list(weights.values())), needed=needed, got=got, n=counted.n)


def _needed(prepared: Prepared, steps: tuple[str, ...]) -> ir.IntegerValue:
    """Which steps a patient needs, as the bits of a number."""
    bits: ir.IntegerValue = ibis.literal(0, "int64")
    for k, step in enumerate(steps):
        asks: ir.BooleanValue = ibis.literal(False)  # noqa: FBT003
        for need in (need for need in prepared.site.needs if need.step == step):
            column = prepared.cases[f"a{prepared.log.attributes.index(need.attribute)}"]
            asks = asks | column.isin(need.values).fill_null(ibis.literal(False))  # noqa: FBT003
        bits = bits + ibis.ifelse(asks, ibis.literal(2**k, "int64"), ibis.literal(0, "int64"))
    return bits


def _delivered(prepared: Prepared, steps: tuple[str, ...]) -> Mask:
    """Which variant has which of these steps."""
    paths = sequences(prepared)
    owner, step = paths.members
    column = np.array([steps.index(name) if name in steps else -1 for name in prepared.step_names])[step]
    got = np.zeros((paths.n.size, len(steps)), dtype=np.bool_)
    got[owner[column >= 0], column[column >= 0]] = True
    return got


def _coverage(prepared: Prepared, met: Met) -> Measure | Missing:
    asked = met.n @ met.needed
    if not (asked @ met.weights) > 0:
        return Missing(name=COVERAGE, why="no finished patient has a need that the site file names")
    offered = np.array([step in prepared.step_names for step in met.steps])
    value = float(asked * offered @ met.weights) / float(asked @ met.weights)
    absent = [step for step, there in zip(met.steps, offered, strict=True) if not there]
    estimate = Estimate(value=value, n=int(asked.sum()), unit="share", method="share of needs whose step occurs in the log, by weight")
    return Measure(name=COVERAGE, estimate=estimate, note=f"never done: {', '.join(absent)}" if absent else "")


def _packages(met: Met) -> Iterator[Measure | Missing]:
    """Packages that needs ask for: how many of them nobody gets, and how their variety compares to what is delivered."""
    powers = 2 ** np.arange(len(met.steps), dtype=np.int64)
    asked, delivered = met.needed @ powers, met.got @ powers
    wanted, n = set(asked[asked > 0].tolist()), int(met.n.sum())
    if wanted:
        never = len(wanted - set(delivered.tolist()))
        method = "sets of needed steps that some patient needs and none gets, of all such sets"
        yield Measure(name=UNUSED, estimate=Estimate(value=never / len(wanted), n=len(wanted), unit="share", method=method))
    else:
        yield Missing(name=UNUSED, why="no finished patient has a need that the site file names")
    need, offer = (entropy(_sizes(sets, met.n)) for sets in (asked, delivered))
    if offer > 0:
        method = "entropy of the sets of steps needed / of those delivered"
        yield Measure(name=RATIO, estimate=Estimate(value=need / offer, n=n, unit="ratio", method=method))
    else:
        yield Missing(name=RATIO, why="every finished patient gets the same of the needed steps")


def _sizes(sets: NDArray[np.int64], n: Counts) -> Counts:
    return np.bincount(np.unique(sets, return_inverse=True)[1], weights=n).astype(np.int64)


def fits(met: Met) -> Iterator[Measure | Missing]:
    """How well each patient's care fits their needs, and what is missing or too much, as means over patients."""
    w = met.weights
    parts = {
        "fit.mean": ((met.needed & met.got) @ w, (met.needed | met.got) @ w, "Σ w min / Σ w max of needed and delivered, mean over cases"),
        "fit.unmet": ((met.needed & ~met.got) @ w, met.needed @ w, "share of a patient's needs not delivered, mean over cases with needs"),
        "fit.excess": ((met.got & ~met.needed) @ w, met.got @ w, "share of what a patient got and did not need, mean over cases"),
    }
    for name, (part, whole, method) in parts.items():
        some = whole > 0
        n = int(met.n[some].sum())
        if n == 0:
            yield Missing(name=name, why="no finished patient needs or gets any step that the site file's needs name")
            continue
        ratio = part[some] / whole[some]
        yield Measure(name=name, estimate=mean_of(n, float(met.n[some] @ ratio), float(met.n[some] @ ratio**2), "share", method))
