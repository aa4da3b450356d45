"""What can be said from counts alone: how varied, how shared, and how sure.

Nothing here knows a log. Counts are whole numbers, entropies are in nats (natural logarithm), intervals are 95 %.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlogy

from sandcone.core.chance import Luck
from sandcone.core.estimate import Estimate, Measure, Measures, Missing

Counts = NDArray[np.int64]
Reals = NDArray[np.float64]

Z = 1.959963984540054  # 97.5 % of a normal
EXACT_WIDTH = 160  # sums of at most so many terms are taken term by term
MOST_DRAWN = 20_000  # with more kinds than this, draws would cost more than they tell
WORK = 2_000_000  # at most so many counts drawn for one interval
LEAST_DRAWN = 50  # but at least so many draws


def gathered(parts: Iterable[Measure | Missing]) -> Measures:
    """What was measured and what could not be, in the order they came."""
    found = list(parts)
    items = tuple(p for p in found if isinstance(p, Measure))
    return Measures(items=items, missing=tuple(p for p in found if isinstance(p, Missing)))


def around(
    value: float, error: float | None, n: int, unit: str, method: str, *, least: float = -math.inf, most: float = math.inf
) -> Estimate:
    """A number with 1.96 standard errors on each side, cut to what is possible; no interval where the error is unknown."""
    if error is None or not math.isfinite(error):
        return Estimate(value=value, n=n, unit=unit, method=method)
    low, high = max(least, value - Z * error), min(most, value + Z * error)
    return Estimate(value=value, n=n, unit=unit, low=min(low, value), high=max(high, value), method=method)


def share_of(hits: int, n: int, method: str = "share of cases") -> Estimate:
    """So many of so many, with Wilson's interval (Wilson 1927)."""
    p, z2 = hits / n, Z * Z
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    low, high = max(0.0, min(p, middle - half)), min(1.0, max(p, middle + half))
    return Estimate(value=p, n=n, unit="share", low=low, high=high, method=f"{method}; Wilson interval")


def mean_of(n: int, total: float, squares: float, unit: str, method: str) -> Estimate:
    """A mean from its count, sum and sum of squares, with its normal interval."""
    mean = total / n
    spread = max(0.0, squares / n - mean * mean) * n / (n - 1) if n > 1 else math.nan
    return around(mean, math.sqrt(spread / n), n, unit, f"{method}; normal interval")


def median_of(hours: Reals, method: str) -> Estimate:
    """The median of sorted hours, with the interval that the order of the data gives."""
    n, half = int(hours.size), Z * math.sqrt(hours.size) / 2
    low, high = (float(hours[min(n - 1, max(0, i))]) for i in (math.floor(n / 2 - half), math.ceil(n / 2 + half)))
    return Estimate(value=float(np.median(hours)), n=n, unit="h", low=low, high=high, method=f"{method}; order-statistics interval")


def entropy(counts: Counts) -> float:
    """How evenly cases spread over kinds: 0 if all are alike, ln K if K kinds are equally common (nats)."""
    n = counts.sum()
    return max(0.0, math.log(n) - float(xlogy(counts, counts).sum()) / float(n)) if n else 0.0


def miller_madow(counts: Counts) -> float:
    """Entropy with the bias of a small sample taken out: H + (K - 1) / (2n) (Miller 1955; FIELD §5)."""
    return entropy(counts) + max(0, int(np.count_nonzero(counts)) - 1) / (2 * float(counts.sum()))


def simpson(counts: Counts) -> float:
    """The chance that two cases drawn with replacement differ: 1 - Σp² (FIELD §5)."""
    p = counts / float(counts.sum())
    return 1 - float((p * p).sum())


def rarefied(counts: Counts, m: int) -> tuple[float, float]:
    """How many kinds ``m`` cases drawn from these would show, and a standard error that is not too small (Hurlbert 1971)."""
    n = int(counts.sum())
    unseen = np.where(n - counts >= m, np.exp(_choose(n - counts, m) - _choose(np.array([n]), m)), 0.0)
    return float((1 - unseen).sum()), math.sqrt(float((unseen * (1 - unseen)).sum()))


def _choose(n: NDArray[np.int64], m: int) -> Reals:
    kept = np.maximum(n, m)
    chosen: Reals = gammaln(kept + 1.0) - gammaln(m + 1.0) - gammaln(kept - m + 1.0)
    return chosen


def entropy_error(counts: Counts) -> float:
    """Standard error of an entropy for large samples: (Σ p ln²p - H²) / n + (K - 1) / (2n²), its root (Basharin 1959; Harris 1975)."""
    seen = counts[counts > 0]
    n = float(seen.sum())
    p = seen / n
    first = max(0.0, float((p * np.log(p) ** 2).sum()) - entropy(seen) ** 2)
    return math.sqrt(first / n + (int(seen.size) - 1) / (2 * n * n))


def resampled(counts: Counts, luck: Luck, work: int = WORK) -> NDArray[np.int64]:
    """Counts as they could have come, a row a draw: bootstrap over cases, fewer draws where kinds are many."""
    taken = min(luck.draws, max(LEAST_DRAWN, work // max(1, counts.size)))
    return luck.stream("bootstrap", "counts").multinomial(int(counts.sum()), counts / counts.sum(), size=taken)


def expected_xlogx(rows: Counts, columns: Counts) -> float:
    """Mean of Σ x ln x over all ways to deal the column totals to the row totals at random (x hypergeometric).

    Exact, so no random permutations are needed; cells expected to be large use four terms of Taylor's series
    (off by less than 1e-4 a cell). Equal totals are dealt with once.
    """
    n = int(rows.sum())
    (a, many_a), (b, many_b) = np.unique(rows[rows > 0], return_counts=True), np.unique(columns[columns > 0], return_counts=True)
    return float(sum(w * float(many_a @ _cells(a, int(total), n)) for total, w in zip(b, many_b, strict=True)))


def _cells(a: Counts, b: int, n: int) -> Reals:
    """E[x ln x] where x is how many of ``b`` fall among each of ``a`` of ``n``."""
    mean = a * (b / n)
    variance = mean * (1 - a / n) * ((n - b) / max(1, n - 1))
    reach = 10 * np.sqrt(variance) + 10
    low = np.maximum(np.maximum(2, a + b - n), np.floor(mean - reach)).astype(np.int64)
    high = np.minimum(np.minimum(a, b), np.ceil(mean + reach)).astype(np.int64)
    wide = high - low >= EXACT_WIDTH
    out = np.zeros(a.size)
    out[wide] = _taylor(mean[wide], variance[wide], a[wide], b, n)
    narrow = ~wide & (high >= low)
    out[narrow] = _summed(a[narrow], b, n, low[narrow], high[narrow])
    return out


def _taylor(m: Reals, variance: Reals, a: Counts, b: int, n: int) -> Reals:
    third = variance * (n - 2 * a) * (n - 2 * b) / (n * max(1, n - 2))
    return np.asarray(m * np.log(m) + variance / (2 * m) - third / (6 * m**2) + variance**2 / (4 * m**3))


def _summed(a: Counts, b: int, n: int, low: Counts, high: Counts) -> Reals:
    if a.size == 0:
        return np.zeros(0)
    sizes = high - low + 1
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    x = np.arange(sizes.sum()) - np.repeat(starts - low, sizes)
    each, once = np.repeat(a, sizes), _ln_factorial(np.array([b, n - b, n])) @ np.array([1, 1, -1])
    fixed = np.repeat(_ln_factorial(a) + _ln_factorial(n - a) + once, sizes)
    ways = _ln_factorial(x) + _ln_factorial(each - x) + _ln_factorial(b - x) + _ln_factorial(n - b - each + x)
    chance = np.exp(fixed - ways)
    return np.asarray(np.add.reduceat(chance * x * np.log(x), starts))


def _ln_factorial(x: NDArray[np.int64]) -> Reals:
    answer: Reals = gammaln(x + 1.0)
    return answer
