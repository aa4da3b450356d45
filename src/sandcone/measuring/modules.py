"""Whether a hospital's parts work as modules, and where on the path a patient becomes an individual (FIELD §6)."""

from __future__ import annotations

import math
from collections.abc import Iterator

import ibis
import numpy as np
from ibis import _

from sandcone.core.chance import Luck
from sandcone.core.estimate import Estimate, Measure, Measures, Missing
from sandcone.core.modularity import newman
from sandcone.measuring.counting import Reals, around, gathered
from sandcone.measuring.decoupling import decoupling
from sandcone.measuring.paths import Ints, sequences
from sandcone.measuring.prepare import Prepared

QS = ("modularity.q", "modularity.inside_share")


def modules(prepared: Prepared, luck: Luck) -> Measures:
    """How far patients stay inside one unit from step to step, how many packages the parts make, and where paths part.

    ``modularity.q`` (ratio) and ``.inside_share`` from the moves of patients between different steps, modules being the units that
    the site file declares or else the pools; ``combination_leverage`` (ratio): distinct step sets per step kind; ``decoupling``.
    Intervals are large-sample ones, over cases.
    """
    return gathered([*_modularity(prepared, luck), _leverage(prepared), *decoupling(prepared, luck)])


def _leverage(prepared: Prepared) -> Measure:
    paths = sequences(prepared)
    value, n = paths.example.size / paths.kinds, int(paths.n.sum())
    estimate = Estimate(value=value, n=n, unit="ratio", method="distinct step sets delivered / step kinds kept")
    return Measure(name="combination_leverage", estimate=estimate)


def _modularity(prepared: Prepared, luck: Luck) -> Iterator[Measure | Missing]:
    found = _modules(prepared)
    if isinstance(found, str):
        yield from (Missing(name=name, why=found) for name in QS)
        return
    module, note = found
    paths = sequences(prepared)
    variant, before, after = paths.moves
    other = before != after
    if not other.any():
        yield from (Missing(name=name, why="no patient moves from one step to a different one") for name in QS)
        return
    variant, ends = variant[other], (before[other], after[other])
    weights = np.zeros((paths.kinds, paths.kinds))
    np.add.at(weights, ends, paths.n[variant])
    method, n = (
        "moves between different steps; " + ("large-sample interval over cases" if luck.draws else "no interval asked for"),
        int(paths.n.sum()),
    )
    errors = _errors(weights, module, (variant, *ends), paths.n) if luck.draws else (None, None)
    q = around(newman(weights, module), errors[0], n, "ratio", f"Newman's Q, {method}", least=-1, most=1)
    inside = float(weights[module[:, None] == module[None, :]].sum() / weights.sum())
    yield Measure(name=QS[0], estimate=q, note=note)
    yield Measure(name=QS[1], estimate=around(inside, errors[1], n, "share", method, least=0, most=1), note=note)


def _errors(weights: Reals, module: Ints, moves: tuple[Ints, Ints, Ints], cases: Ints) -> tuple[float, float]:
    """Standard errors of Q and of the share inside, by what each case adds (delta method; moves of a case hang together)."""
    variant, before, after = moves
    total, same = weights.sum(), module[before] == module[after]
    inside = weights[module[:, None] == module[None, :]].sum() / total
    part = np.bincount(module, weights=weights.sum(axis=0) + weights.sum(axis=1)) / (2 * total)
    q = (same - inside - part[module[before]] - part[module[after]] + 2 * (part**2).sum()) / total
    share = (same - inside) / total
    by_case = (np.bincount(variant, weights=gain, minlength=cases.size) for gain in (q, share))
    first, second = (math.sqrt(float(cases @ gain**2)) for gain in by_case)
    return first, second


def _modules(prepared: Prepared) -> tuple[Ints, str] | str:
    """The module of each step, and what modules are here; or why there are none."""
    names, units = prepared.step_names, prepared.site.units
    if any(name in units for name in names):
        own = [units.get(name, f"\0{name}") for name in names]
        return np.unique(own, return_inverse=True)[1], "modules are the units of the site file; a step without a unit is its own"
    if prepared.site.pools and prepared.resource_names:
        return _by_pool(prepared), "no units declared: the module of a step is the pool that does it most"
    return "no units are declared; say which step belongs to which unit under units in the site file"


def _by_pool(prepared: Prepared) -> Ints:
    done = prepared.steps.filter(_.r.notnull()).group_by("s", "r").aggregate(n=_.count()).order_by("s", ibis.desc("n"), "r").to_pyarrow()
    tally: dict[int, dict[str, int]] = {}
    for s, r, n in zip(*(done[c].to_pylist() for c in ("s", "r", "n")), strict=True):
        pools = tally.setdefault(s, {})
        pool = prepared.site.pool_of(prepared.resource_names[r])
        pools[pool] = pools.get(pool, 0) + n
    most = {s: min(pools, key=lambda p: (-pools[p], p)) for s, pools in tally.items()}
    own = [most.get(s, f"\0{name}") for s, name in enumerate(prepared.step_names)]
    return np.asarray(np.unique(own, return_inverse=True)[1])
