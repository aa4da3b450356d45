"""How many different paths patients take, and how evenly they share them (FIELD §5).

Variety is the number of distinct targets, not the deviation from one of them; both show as different paths in a log. How much of
it belongs to the patients is in ``personalization``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import ibis
import numpy as np
from ibis import _

from sandcone.core.chance import Luck
from sandcone.core.estimate import Estimate, Measure, Measures, Missing
from sandcone.measuring.counting import (
    MOST_DRAWN,
    Counts,
    around,
    entropy,
    entropy_error,
    gathered,
    mean_of,
    miller_madow,
    rarefied,
    resampled,
    share_of,
    simpson,
)
from sandcone.measuring.paths import UNKNOWN, Attribute, attributes, sequences, variant_sizes
from sandcone.measuring.prepare import Prepared, arrays, row

SHOWN = 20  # variants listed by name
COVERED = 0.8
SAMPLE = 100  # cases to which the number of variants is brought down for comparison


def variety(prepared: Prepared, luck: Luck) -> Measures:
    """How many different paths patients take through the log, and how evenly.

    A path (variant) is the sequence of a case's steps; unfinished cases count with their path so far. Entropies in nats.
    Intervals by bootstrap over cases; above 20,000 variants by the formula for large samples.
    """
    sizes = variant_sizes(prepared)
    return gathered([*_spread(sizes, luck), *_most_followed(prepared), *_complexity(prepared), *_patients(prepared, luck)])


def covering(sizes: Counts, share: float = COVERED) -> int:
    """The smallest number of variants that together cover this share of cases."""
    upto = np.cumsum(np.sort(sizes)[::-1])
    return int(np.searchsorted(upto, share * upto[-1] - 1e-9)) + 1


def _spread(sizes: Counts, luck: Luck) -> Iterator[Measure | Missing]:
    n, corrected = int(sizes.sum()), miller_madow(sizes)
    error, how = _error(sizes, luck)
    yield Measure(name="variants", estimate=Estimate(value=float(sizes.size), n=n, unit="variants"))
    yield Measure(name="variants_for_80", estimate=_covering(sizes, luck))
    yield Measure(name="entropy.plain", estimate=around(entropy(sizes), error(entropy), n, "nats", how, least=0))
    yield Measure(name="entropy.corrected", estimate=around(corrected, error(miller_madow), n, "nats", f"Miller-Madow; {how}", least=0))
    yield Measure(name="effective_variants", estimate=_effective(corrected, error(miller_madow), n, how))
    yield Measure(name="simpson", estimate=around(simpson(sizes), error(simpson), n, "share", how, least=0, most=1))
    if n < 2:
        for name in ("entropy_normalised", "rarefied_variants"):
            yield Missing(name=name, why="the log has one case only")
        return
    top, scaled = math.log(n), "H / ln(cases); "
    spread = around(entropy(sizes) / top, _scaled(error(entropy), top), n, "share", scaled + how, least=0, most=1)
    yield Measure(name="entropy_normalised", estimate=spread)
    m = min(SAMPLE, n // 2)
    count, spread_of_m = rarefied(sizes, m)
    method = f"rarefied to {m} cases; spread over samples of {m}"
    yield Measure(name="rarefied_variants", estimate=around(count, spread_of_m, n, "variants", method, least=1, most=min(m, sizes.size)))


def _error(sizes: Counts, luck: Luck) -> tuple[Callable[[Callable[[Counts], float]], float | None], str]:
    """How to get the standard error of a statistic of these counts, and how that is called."""
    if luck.draws == 0:
        return (lambda _statistic: None), "no interval asked for"
    if sizes.size > MOST_DRAWN:
        large, pairs = entropy_error(sizes), _simpson_error(sizes)
        return (lambda statistic: pairs if statistic is simpson else large), "large-sample interval"
    worlds = resampled(sizes, luck)
    return (lambda statistic: float(np.std([statistic(w) for w in worlds], ddof=1))), f"bootstrap over cases, {len(worlds)} draws"


def _scaled(error: float | None, by: float) -> float | None:
    return None if error is None else error / by


def _simpson_error(sizes: Counts) -> float:
    p = sizes / float(sizes.sum())
    return 2 * math.sqrt(max(0.0, float((p**3).sum()) - float((p**2).sum()) ** 2) / float(sizes.sum()))


def _covering(sizes: Counts, luck: Luck) -> Estimate:
    n, value = int(sizes.sum()), float(covering(sizes))
    method = "fewest variants that cover 80 % of cases"
    if luck.draws == 0 or sizes.size > MOST_DRAWN:
        return Estimate(value=value, n=n, unit="variants", method=method)
    worlds = resampled(sizes, luck)
    error = float(np.std([covering(w[w > 0]) for w in worlds], ddof=1))
    return around(value, error, n, "variants", f"{method}; bootstrap over cases, {len(worlds)} draws", least=1)


def _effective(corrected: float, error: float | None, n: int, how: str) -> Estimate:
    inner = around(corrected, error, n, "nats", how, least=0)
    low, high = (None if x is None else math.exp(x) for x in (inner.low, inner.high))
    return Estimate(value=math.exp(corrected), n=n, unit="variants", low=low, high=high, method=f"exp of the corrected entropy; {how}")


def _most_followed(prepared: Prepared) -> Iterator[Measure]:
    paths = sequences(prepared)
    top = np.argsort(-paths.n, kind="stable")[:SHOWN]
    spelled = ((-int(paths.n[v]), paths.flat[paths.starts[v] : paths.starts[v + 1]].tolist()) for v in top)
    for less, steps in sorted(spelled):
        path = " > ".join(prepared.step_names[s] for s in steps)
        yield Measure(name="variant.share", estimate=share_of(-less, int(paths.n.sum())), group={"variant": path})


def _complexity(prepared: Prepared) -> Iterator[Measure | Missing]:
    steps = row(prepared.cases.aggregate(n=_.count(), total=_.n.sum(), squares=(_.n.cast("float64") ** 2).sum()))
    n = int(steps["n"])
    yield Measure(name="complexity.steps", estimate=mean_of(n, float(steps["total"]), float(steps["squares"]), "steps", "mean per case"))
    if not prepared.resource_names:
        yield Missing(name="complexity.handovers", why="the log names no resources")
        return
    found = row(_handovers(prepared).aggregate(total=_.h.sum().fill_null(0), squares=(_.h.cast("float64") ** 2).sum().fill_null(0.0)))
    method = "changes of resource from one step to the next, mean per case"
    estimate = mean_of(n, float(found["total"]), float(found["squares"]), "handovers", method)
    yield Measure(name="complexity.handovers", estimate=estimate)


def _handovers(prepared: Prepared) -> ibis.Table:
    """Changes of resource in each case that has any: ``c``, ``h``; a step without a named resource is no change."""
    return prepared.steps.filter(_.r != _.pr).group_by("c").aggregate(h=_.count())


def _patients(prepared: Prepared, luck: Luck) -> Iterator[Measure | Missing]:
    usable, unusable = attributes(prepared)
    yield from unusable
    yield from (_of_attribute(prepared, attribute, luck) for attribute in usable)


def _of_attribute(prepared: Prepared, attribute: Attribute, luck: Luck) -> Measure:
    """How varied patients are in one attribute; those for whom it is not known are a kind of their own."""
    levels = prepared.cases.select(level=attribute.level.fill_null(UNKNOWN)).group_by("level").aggregate(n=_.count())
    sizes = arrays(levels.order_by("level"), "n")[0].astype(np.int64)
    error, how = _error(sizes, luck)
    value = around(entropy(sizes), error(entropy), int(sizes.sum()), "nats", how, least=0)
    return Measure(name="attribute_entropy", estimate=value, group={"attribute": attribute.name})
