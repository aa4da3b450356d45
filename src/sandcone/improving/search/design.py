"""The first sets: a screening design in which each lever is tried on and off equally often, whatever the others are.

Hadamard's matrix folded over (Plackett and Burman 1946, Biometrika 33:305–325; Box and Wilson 1951): each lever's effect is then free of
the others' and of any two that act together (resolution IV), with twice as many sets as the matrix has rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from math import prod

import numpy as np
from numpy.typing import NDArray

from sandcone.core.lever import LeverSet

Ints = NDArray[np.int64]
Excluded = Callable[[Sequence[LeverSet]], Sequence[bool]]
"""Which sets may not be tried, all asked at once."""


def hadamard(least: int) -> Ints:
    """A square matrix of 1 and −1 whose columns are orthogonal, with at least so many columns, the fewest that is known here.

    Paley's for one more than a prime that leaves 3 by 4 (Paley 1933), doubled by Sylvester's rule: 1, 2, 4, 8, 12, 16, 20, 24, 32, 40, 44,
    …
    """
    size = max(least, 1)
    while (found := _of_size(size)) is None:
        size += 1
    return found


def _of_size(size: int) -> Ints | None:
    if size == 1:
        return np.ones((1, 1), dtype=np.int64)
    if size % 4 == 0 and _prime(size - 1):
        return _paley(size - 1)
    half = _of_size(size // 2) if size % 2 == 0 else None
    return None if half is None else np.block([[half, half], [half, -half]])


def _prime(n: int) -> bool:
    return n > 1 and all(n % k for k in range(2, int(n**0.5) + 1))


def _paley(prime: int) -> Ints:
    """Of order one more than a prime that leaves 3 by 4: rows of quadratic residues, turned, bordered by ones."""
    residues = {(x * x) % prime for x in range(1, prime)}
    kind = np.array([0] + [1 if x in residues else -1 for x in range(1, prime)], dtype=np.int64)
    turned = kind[(np.arange(prime)[:, None] - np.arange(prime)) % prime]
    found = np.ones((prime + 1, prime + 1), dtype=np.int64)
    found[1:, 1:] = turned + np.eye(prime, dtype=np.int64)
    found[1:, 0] = -1
    return found


def screening(settings: Sequence[int], rng: np.random.Generator) -> list[LeverSet]:
    """The design for levers with so many settings each: half of the sets have a lever on, its settings in turn in an order of their own.

    Where there are no more sets than that in all, all of them. Today is not among them.
    """
    if prod(n + 1 for n in settings) <= 4 * len(settings) + 4:
        return everything(settings)
    matrix = hadamard(len(settings))
    folded = np.vstack([matrix, -matrix])[:, : len(settings)]
    on = folded[rng.permutation(len(folded))] > 0
    which = np.zeros(on.shape, dtype=np.int64)
    for lever, n in enumerate(settings):
        turns = np.arange(on[:, lever].sum()) % n + 1
        which[on[:, lever], lever] = rng.permutation(turns)
    return [s for s in dict.fromkeys(_set(row) for row in which) if any(s)]


def everything(settings: Sequence[int]) -> list[LeverSet]:
    """Every set there is, without today."""
    return [s for s in product(*(range(n + 1) for n in settings)) if any(s)]


def one_by_one(settings: Sequence[int]) -> list[LeverSet]:
    """Each setting alone."""
    return [_only(i, s + 1, len(settings)) for i, n in enumerate(settings) for s in range(n)]


def _only(lever: int, setting: int, levers: int) -> LeverSet:
    return tuple(setting if i == lever else 0 for i in range(levers))


def _set(row: Ints) -> LeverSet:
    return tuple(int(x) for x in row)


def mended(sets: Sequence[LeverSet], excluded: Excluded, rng: np.random.Generator) -> list[LeverSet]:
    """The sets, and of those that may not be tried a part that may: levers are taken off one at a time, in an order drawn.

    A set of which no part may be tried is left out, and one that becomes another's double is there once.
    """
    now = list(sets)
    orders = [rng.permutation(np.flatnonzero(s)) for s in now]
    for step in range(max((len(o) for o in orders), default=0) + 1):
        bad = [i for i, out in enumerate(excluded(now)) if out]
        if not bad:
            break
        for i in bad:
            now[i] = _without(now[i], int(orders[i][step])) if step < len(orders[i]) else now[i]
    return [s for s in dict.fromkeys(now) if any(s)]


def _without(levers: LeverSet, lever: int) -> LeverSet:
    return (*levers[:lever], 0, *levers[lever + 1 :])
