"""How sure a number is: intervals by drawing whole days, or whole cases, again.

Cases that share a hospital on one day depend on each other, so the day is the unit that is drawn, unless the log covers
too few days or its dates were shifted; then the case is. Sums are kept for each unit, so a draw costs no second look at the log.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import ibis.expr.types as ir
import numpy as np
from ibis import _
from numpy.typing import NDArray

from sandcone.core.chance import Luck
from sandcone.core.estimate import Estimate
from sandcone.measuring.prepare import Prepared

FEW_DAYS = 20
BINS = 2000  # cases are put in so many groups before drawing
LEVEL = 0.95
Z = 1.959964

Floats = NDArray[np.float64]
Statistic = Callable[[Floats], Floats]  # sums (…, k) → numbers (…)


@dataclass(frozen=True, slots=True)
class Unit:
    """What is drawn again: ``expression`` numbers it on the table of cases, ``word`` names it."""

    expression: ir.Deferred
    word: str


def unit_of(prepared: Prepared) -> Unit:
    """Days where cases share them, else cases."""
    if prepared.log.site.dates_shifted or _days(prepared) < FEW_DAYS:
        return Unit(_.c % BINS, "cases")
    return Unit(_.day, "days")


def _days(prepared: Prepared) -> int:
    return int(prepared.cases.select("day").distinct().count().as_table().to_pyarrow().column(0)[0].as_py())


def estimate(sums: Floats, statistic: Statistic, unit: str, n: int, drawn: str, luck: Luck) -> Estimate:
    """A number made from sums, with its 95 % interval by drawing units again.

    ``sums``: one row a unit (units, k); ``statistic`` turns sums over all units into the number.
    """
    value = float(statistic(sums.sum(axis=0)))
    low, high = spread(sums, statistic, luck)
    method = f"bootstrap over {drawn}, {luck.draws} draws, seed {luck.seed}" if low is not None else "no interval asked for"
    return Estimate(value=value, low=low, high=high, n=n, unit=unit, method=method)


def spread(sums: Floats, statistic: Statistic, luck: Luck) -> tuple[float | None, float | None]:
    """The middle 95 % of the number over the draws; (None, None) where nothing can be drawn."""
    if luck.draws == 0 or len(sums) < 2:
        return None, None
    with np.errstate(divide="ignore", invalid="ignore"):
        drawn = statistic(weights(len(sums), luck) @ sums)
    drawn = drawn[np.isfinite(drawn)]
    if drawn.size == 0:
        return None, None
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    value = float(statistic(sums.sum(axis=0)))  # of very few units the draws can all lie on one side of it
    return float(np.fmin(low, value)), float(np.fmax(high, value))


def design_effect(sums: Floats, luck: Luck) -> float:
    """How many times wider than for independent cases the variance of a mean is; sums are (n, Σx, Σx²) a unit."""
    n, x, xx = sums.sum(axis=0)
    alone = (xx / n - (x / n) ** 2) / n if n else 0.0
    if alone <= 0 or len(sums) < 2:
        return 1.0
    residual = sums[:, 1] - sums[:, 0] * x / n
    return float(max(1.0, (residual**2).sum() * len(sums) / (len(sums) - 1) / n**2 / alone))


def levels(q: float, n: int, effect: float) -> tuple[float, float]:
    """Between which shares of the data the q-quantile surely lies (order statistics, widened by the design effect)."""
    half = Z * float(np.sqrt(q * (1 - q) * effect / max(n, 1)))
    return max(0.0, q - half), min(1.0, q + half)


@lru_cache(maxsize=8)
def weights(units: int, luck: Luck) -> Floats:
    """How often each unit is met in each draw (draws, units); the same draws for every number, so that they compare."""
    drawn = luck.stream("bootstrap", units).integers(0, units, size=(luck.draws, units))
    flat = drawn + units * np.arange(luck.draws)[:, None]
    return np.bincount(flat.ravel(), minlength=luck.draws * units).reshape(luck.draws, units).astype(np.float64)


def ratio(sums: Floats) -> Floats:
    """First sum over second."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(sums[..., 0] / sums[..., 1])


def table_of(table: ir.Table, **sums: Any) -> Floats:
    """Sums by ``unit`` as an array (units, k)."""
    columns = table.group_by("unit").aggregate(**sums).order_by("unit").drop("unit").to_pyarrow().columns
    return np.column_stack([c.to_numpy().astype(np.float64) for c in columns])
