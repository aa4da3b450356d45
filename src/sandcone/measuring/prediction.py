"""Whether knowing the patients helps to tell the path of patients not seen before (FIELD §7, many attributes).

U out of sample = 1 - LL(V|X) / LL(V), both losses in nats on cases that the chances were not counted on (5-fold). Chances are counted
in a chain of ever finer groups of patients, each leaning on the group it is part of (Witten & Bell 1991) as far as it is small.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import ibis
import numpy as np
from ibis import _
from numpy.typing import NDArray

from sandcone.core.chance import Luck
from sandcone.core.estimate import Measure, Missing
from sandcone.measuring.counting import Reals, around
from sandcone.measuring.paths import UNKNOWN, Attribute, Ints, attributes
from sandcone.measuring.prepare import Prepared, row

NAME = "personalization.u_out_of_sample"
MOST_CASES = 30_000
RARE = 5  # variants with fewer cases than this are told apart from none: "other"
MOST_VARIANTS = 1000
FOLDS = 5
CHAIN = 3  # at most so many attributes in one chain
LEAST_CASES = 50
CANNOT = "knowing the patients does not help to tell the path of new ones: personalization cannot be shown here"

Mask = NDArray[np.bool_]


def out_of_sample(prepared: Prepared, luck: Luck) -> Measure | Missing:
    """How much better paths of new patients are told when their attributes are known; below 0 it is worse than not knowing."""
    usable = attributes(prepared)[0]
    if not usable:
        return Missing(name=NAME, why="the log has no patient attribute that sorts patients into kinds")
    variant, known = _sampled(prepared, usable, luck)
    path, pooled = _pooled(variant)
    if path.size < LEAST_CASES or path.max() == 0:
        return Missing(name=NAME, why=f"it takes {LEAST_CASES} cases and two paths that {RARE} cases each follow")
    losses = _losses(path, known, luck)
    return _measured(losses, pooled, path.size)


def _measured(losses: Reals, pooled: float, n: int) -> Measure:
    without, with_ = losses.mean(axis=0)
    u = 1 - float(with_ / without)
    error = float(np.std(losses[:, 1] - (1 - u) * losses[:, 0], ddof=1)) / float(without) / math.sqrt(n)
    method = f"1 - LL(V|X) / LL(V), {FOLDS}-fold cross-validation; interval over cases"
    estimate = around(u, error, n, "share", method, most=1)
    note = f"{pooled:.0%} of cases take a path that fewer than {RARE} share; these count as one path"
    return Measure(name=NAME, estimate=estimate, note=note if estimate.low is not None and estimate.low > 0 else f"{CANNOT}; {note}")


def _sampled(prepared: Prepared, usable: tuple[Attribute, ...], luck: Luck) -> tuple[Ints, list[Ints]]:
    """Variant and attribute levels of at most 30,000 cases, every so many-th of the log."""
    stride = -(-int(row(prepared.cases.aggregate(n=_.count()))["n"]) // MOST_CASES)
    levels = {f"x{i}": a.level.fill_null(UNKNOWN) for i, a in enumerate(usable)}
    picked = prepared.cases.select("c", "variant", **levels).filter(_.c % stride == ibis.literal(luck.seed % stride))
    table = picked.order_by("c").to_pyarrow().combine_chunks()
    codes = [table[f"x{i}"].combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64) for i in range(len(usable))]
    return table["variant"].to_numpy(), codes


def _pooled(variant: Ints) -> tuple[Ints, float]:
    """Paths as small numbers with the rare ones as one (0), and the share of cases that are rare."""
    kinds, path, sizes = np.unique(variant, return_inverse=True, return_counts=True)
    place = np.empty(kinds.size, dtype=np.int64)
    place[np.argsort(-sizes, kind="stable")] = np.arange(1, kinds.size + 1)
    place[(sizes < RARE) | (place > MOST_VARIANTS)] = 0
    told = np.unique(place[path], return_inverse=True)[1]
    return told, float((place[path] == 0).mean())


def _losses(path: Ints, known: list[Ints], luck: Luck) -> Reals:
    """Each case's loss without and with its attributes (n × 2), told from the cases of the other folds."""
    fold = luck.stream("folds").permutation(path.size) % FOLDS
    losses = np.empty((path.size, 2))
    for f in range(FOLDS):
        held = fold == f
        plain = _plain(path, ~held)
        losses[held, 0] = -np.log(plain[held])
        losses[held, 1] = -np.log(_chained(plain, path, known, ~held)[held])
    return losses


def _plain(path: Ints, fitted: Mask) -> Reals:
    """The chance given to each case's path by the fitted cases, the case itself left out."""
    kinds = int(path.max()) + 1
    seen = np.bincount(path[fitted], minlength=kinds)[path] - fitted
    return np.asarray((seen + 0.5) / (fitted.sum() - fitted + 0.5 * kinds))


def _chained(below: Reals, path: Ints, known: list[Ints], fitted: Mask) -> Reals:
    """The same chances once the attributes that help the fitted cases most are known, one after the other."""
    group, left = np.zeros(path.size, dtype=np.int64), dict(enumerate(known))
    for _turn in range(min(CHAIN, len(known))):
        best, told, chosen = max(_refinements(below, group, path, left, fitted), key=lambda found: found[0])
        if best <= float(np.log(below[fitted]).mean()):
            break
        below, group = told, _split(group, left.pop(chosen))
    return below


def _refinements(below: Reals, group: Ints, path: Ints, left: dict[int, Ints], fitted: Mask) -> Iterator[tuple[float, Reals, int]]:
    for i, levels in left.items():
        told = refined(below, _split(group, levels), path, fitted)
        yield float(np.log(told[fitted]).mean()), told, i


def _split(group: Ints, levels: Ints) -> Ints:
    return np.asarray(np.unique(group * (int(levels.max()) + 1) + levels, return_inverse=True)[1])


def refined(below: Reals, group: Ints, path: Ints, fitted: Mask) -> Reals:
    """Chances counted within groups, leaning on the chances ``below``: (cases + kinds · below) / (all cases + kinds).

    ``kinds`` is how many paths the group shows. A fitted case is always told from the others of its group, never from itself.
    """
    cell = np.unique(group * (int(path.max()) + 1) + path, return_inverse=True)[1]
    in_cell = np.bincount(cell[fitted], minlength=int(cell.max()) + 1)
    owner = np.zeros(in_cell.size, dtype=np.int64)
    owner[cell] = group
    kinds = np.bincount(owner[in_cell > 0], minlength=int(group.max()) + 1)[group] - (fitted & (in_cell[cell] == 1))
    here, same = np.bincount(group[fitted], minlength=int(group.max()) + 1)[group] - fitted, in_cell[cell] - fitted
    return np.asarray(np.where(here > 0, (same + kinds * below) / np.maximum(here + kinds, 1), below))
