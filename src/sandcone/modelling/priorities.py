"""Who goes first: whether patients of one class begin before others who needed the same step earlier."""

from __future__ import annotations

import numpy as np

from sandcone.core.plan import ByClass, FirstCome, Queue
from sandcone.modelling.facts import EPS, Facts, Floats, Ints
from sandcone.modelling.kinds import usable

MOST_CLASSES = 6
LOOKED_AT = 4000  # starts
ENOUGH = 30  # meetings of two classes
CLEAR = 0.75  # of the meetings in which the later one of the better class went first


def queue(f: Facts, ready: Floats) -> tuple[Queue, tuple[str, ...], tuple[str, ...]]:
    """The order of the line, the attribute that it asks for, and what to say; first come, first served where nothing clear is seen."""
    met = _meetings(f, ready)
    if met[0].size < ENOUGH:
        return (
            FirstCome(),
            (),
            ("Too few patients were seen waiting for the same step at once to tell who goes first: first come, first served.",),
        )
    for name, a in usable(f).items():
        if len(a.values) <= MOST_CLASSES and (order := _order(a.code[f.case[met[0]]], a.code[f.case[met[1]]], met[2], len(a.values))):
            values = tuple(a.values[v] for v in order)
            return ByClass(attribute=name, order=values), (name,), (f"Patients are taken in order of {name}: {', '.join(values)}.",)
    share = float(met[2].mean())
    return (
        FirstCome(),
        (),
        (f"Of two who wait for the same step the later one went first {share:.0%} of the time; no class of patients explains it.",),
    )


def _meetings(f: Facts, ready: Floats) -> tuple[Ints, Ints, np.ndarray]:
    """Pairs who waited for the same step when one of them began: who began, who waited on, and whether the one who began had come later."""
    first, other = list[Ints](), list[Ints]()
    waits = f.start - ready > 1
    for s in range(len(f.steps)):
        rows = np.flatnonzero((f.step == s) & waits)
        if rows.size < 2:
            continue
        by_start = rows[np.argsort(f.start[rows], kind="stable")]
        for k in range(0, by_start.size, max(1, by_start.size // (LOOKED_AT // max(1, len(f.steps))) or 1)):
            i = by_start[k]
            later = by_start[k + 1 : k + 40]
            still = later[(ready[later] < f.start[i] - EPS) & (f.start[later] > f.start[i] + EPS)]
            first.append(np.full(still.size, i))
            other.append(still)
    if not first:
        return np.array([], dtype=np.int64), np.array([], dtype=np.int64), np.array([], dtype=bool)
    a, b = np.concatenate(first), np.concatenate(other)
    return a, b, ready[a] > ready[b] + EPS


def _order(a: Ints, b: Ints, overtook: np.ndarray, n: int) -> list[int] | None:
    """The classes from best to last, if between any two that met often the better one clearly overtakes and is not overtaken."""
    won = np.zeros((n, n))
    lost = np.zeros((n, n))
    known = (a >= 0) & (b >= 0)
    np.add.at(won, (a[known & overtook], b[known & overtook]), 1)  # the later one, of class a, went first
    np.add.at(lost, (b[known & ~overtook], a[known & ~overtook]), 1)  # the later one, of class b, had to wait
    met = won + lost
    rate = np.where(met >= ENOUGH, won / np.maximum(met, 1), np.nan)
    alike = np.diag(met).sum()
    if alike >= ENOUGH and np.diag(won).sum() > alike / 2:
        return None  # the later one goes first within a class too
    clear = False
    score = np.zeros(n)
    for x in range(n):
        for y in range(x + 1, n):
            better = rate[x, y] >= CLEAR and not rate[y, x] > 1 - CLEAR  # not a number: they never met that way
            worse = rate[y, x] >= CLEAR and not rate[x, y] > 1 - CLEAR
            clear |= better or worse
            score[x] += int(better) - int(worse)
            score[y] += int(worse) - int(better)
    return sorted(range(n), key=lambda v: -score[v]) if clear else None
