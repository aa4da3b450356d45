"""The three capabilities of mass customization, as far as a log shows them (FIELD §7; Salvador, de Holan & Piller 2009).

Solution space: is what patients need offered, and is what is offered needed? Robust process: does variety cost time? Choice navigation:
how easily do patients get to their plan? The measures are this project's own.
"""

from __future__ import annotations

import math

import numpy as np
from ibis import _

from sandcone.core.chance import Luck
from sandcone.core.clock import HOUR
from sandcone.core.estimate import Measure, Measures, Missing
from sandcone.measuring.counting import Counts, Reals, around, gathered, mean_of
from sandcone.measuring.fit import fit
from sandcone.measuring.navigation import navigation
from sandcone.measuring.packages import jaccard
from sandcone.measuring.paths import Ints, Sequences, segment_or_all, sequences
from sandcone.measuring.prepare import Prepared
from sandcone.measuring.survival import unfinished

AT_ONCE = 50_000  # packages compared at a time
SLOPE, FLEXIBILITY = "robust_process.slope", "robust_process.pool_flexibility"


def capability(prepared: Prepared, luck: Luck) -> Measures:
    """Whether patients' needs are met, whether uncommon packages take longer, and how patients come to their plan.

    ``solution_space.*`` and ``fit.*`` need the needs of the site file, ``choice_navigation.*`` its ``agreed_step``;
    ``robust_process.slope`` is in hours of throughput time for a package that has nothing in common with the usual one of its
    segment (0 is robust), ``robust_process.pool_flexibility`` in step kinds per resource. Finished cases only, where time counts.
    """
    return gathered([*fit(prepared), _slope(prepared, luck), _flexibility(prepared), *navigation(prepared)])


def _slope(prepared: Prepared, luck: Luck) -> Measure | Missing:
    group, note = segment_or_all(prepared)
    over = unfinished(prepared).filter(_.finished)
    cases = prepared.cases.select("c", "variant", g=group, t=(_.leave - _.arrive) / HOUR).semi_join(over, "c").filter(_.t.notnull())
    sums = cases.group_by("variant", "g").aggregate(n=_.count(), t=_.t.sum(), tt=(_.t * _.t).sum()).to_pyarrow()
    paths = sequences(prepared)
    n, t, tt = (sums[name].to_numpy() for name in ("n", "t", "tt"))
    where = np.unique(sums["g"].to_numpy().astype(str), return_inverse=True)[1]
    package = paths.package[paths.place(sums["variant"].to_numpy())]
    found = slope(_from_usual(paths, package, where, n), where, n, t, tt)
    if found is None:
        return Missing(name=SLOPE, why="within each segment all finished patients got the same steps, so there is no variety to cost time")
    method = "slope of throughput time on package distance from the segment's usual package, within segments"
    estimate = around(found[0], found[1] if luck.draws else None, int(n.sum()), "h", method + ("; robust interval" if luck.draws else ""))
    return Measure(name=SLOPE, estimate=estimate, note=note)


def slope(x: Reals, where: Ints, n: Counts, t: Reals, tt: Reals) -> tuple[float, float] | None:
    """Least-squares slope of time on ``x`` with a level for each group, and its error that allows unequal spread (White 1980).

    One row for each set of cases alike in ``x`` and group: their number ``n``, sum of times ``t`` and of squares ``tt``.
    None where ``x`` does not vary in any group.
    """
    size = np.bincount(where, weights=n)
    x_off = x - (np.bincount(where, weights=n * x) / size)[where]
    spread = float(n @ x_off**2)
    if spread <= 1e-12:
        return None
    b = float(x_off @ t) / spread
    fitted = (np.bincount(where, weights=t) / size)[where] + b * x_off
    squares = np.maximum(tt - 2 * fitted * t + n * fitted**2, 0)
    return b, math.sqrt(float(x_off**2 @ squares)) / spread


def _from_usual(paths: Sequences, package: Ints, where: Ints, n: Counts) -> Reals:
    """How far each package lies from the one that most of its group got."""
    key = where * (int(paths.package.max()) + 1) + package
    kinds, first, place = np.unique(key, return_index=True, return_inverse=True)
    sizes = np.bincount(place, weights=n)
    order = np.lexsort((kinds, -sizes, where[first]))
    usual = package[first[order[np.unique(where[first[order]], return_index=True)[1]]]]
    ends = np.arange(0, package.size, AT_ONCE)
    own, theirs = paths.example[package], paths.example[usual[where]]
    parts = [jaccard(paths.has(own[i : i + AT_ONCE]), paths.has(theirs[i : i + AT_ONCE])) for i in ends]
    return np.concatenate(parts) if parts else np.zeros(0)


def _flexibility(prepared: Prepared) -> Measure | Missing:
    if not prepared.resource_names:
        return Missing(name=FLEXIBILITY, why="the log names no resources")
    kinds = prepared.uses.group_by("r").aggregate(kinds=_.s.nunique()).to_pyarrow()["kinds"].to_numpy().astype(float)
    if kinds.size == 0:
        return Missing(name=FLEXIBILITY, why="no finished step names a resource")
    estimate = mean_of(kinds.size, float(kinds.sum()), float((kinds**2).sum()), "steps", "step kinds per resource")
    return Measure(name=FLEXIBILITY, estimate=estimate)
