"""How long steps take, for whom and by whom; and whether work pauses when people go home."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from sandcone.core.law import Fixed, Law, LawWhen, Lognormal, Minutes, Seen
from sandcone.core.model import AtClose
from sandcone.core.site import Condition
from sandcone.modelling.chain import laws_bins
from sandcone.modelling.facts import EPS, Facts, Floats, Ints
from sandcone.modelling.hours import Hours
from sandcone.modelling.kinds import MOST_VALUES, one_half
from sandcone.modelling.rounding import short
from sandcone.modelling.staff import Staff

MOST, FEW = 200, 12  # numbers kept of a law; times below which a lognormal law is fitted instead
ENOUGH = 40  # times that a resource or an attribute's value must have for a law of its own
Make = Callable[[int, Law], LawWhen]
OVER_FEW, OVER_RARE = 8, 0.001  # steps over closing time, and their share, below which nothing is made of them
BETTER = 0.02  # share of the held-out variance of log times that it must explain


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Durations:
    """By step its law; what happens at closing time; minutes worked at each step of the log."""

    minutes: tuple[Minutes, ...]
    at_close: AtClose
    worked: Floats
    by: frozenset[str]  # attributes that some law asks for
    notes: tuple[str, ...]


def durations(f: Facts, who: Staff, open_: Hours, weight: Floats) -> Durations:
    """Learn the law of every step."""
    if not f.timed:
        said = "The log has one time for each step, so nothing is known of how long steps take: they take no time, and all time is a delay."
        none = tuple(Minutes(otherwise=Fixed(minutes=0.0)) for _ in f.steps)
        return Durations(minutes=none, at_close="finish", worked=np.zeros(len(f.case)), by=frozenset(), notes=(said,))
    worked, home, said_home = _worked(f, open_)
    notes = [said_home]
    laws = []
    for s, name in enumerate(f.steps):
        rows = np.flatnonzero(f.step == s)
        minutes, why = _minutes(f, worked, weight, rows, _able(who, s))
        laws.append(minutes)
        if why:
            notes.append(f"How long {name!r} takes depends on {why}.")
    by = frozenset(c.attribute for law in laws for case in law.cases for c in case.when)
    told = tuple(n for n in notes if n)
    return Durations(minutes=tuple(laws), at_close="go home" if home else "finish", worked=worked, by=by, notes=told)


def _able(who: Staff, s: int) -> frozenset[int]:
    pool = who.pool_of[s]
    return frozenset() if pool is None else frozenset(who.members[pool])


def _worked(f: Facts, open_: Hours) -> tuple[Floats, bool, str]:
    """Minutes at work of each step: from start to end, or without the hours in which its resource was closed where that fits better.

    Steps that ran over closing time tell: without those hours they should be about as long as the others.
    """
    took = f.end - f.start
    net = took.copy()
    for r in range(len(f.resources)):
        rows = np.flatnonzero(f.resource == r)
        if not open_.open[r].all():
            net[rows] = open_.open_minutes(r, f.start[rows], f.end[rows])
    over = (took - net) > 120
    if over.sum() < OVER_FEW or over.mean() < OVER_RARE:
        return took, False, ""
    count = np.bincount(f.step[~over], minlength=len(f.steps))
    usual = np.where(count > 0, np.bincount(f.step[~over], weights=took[~over], minlength=len(f.steps)) / np.maximum(count, 1), np.nan)[
        f.step
    ]
    if np.isnan(usual[over]).all():
        return took, False, ""
    off = [float(np.nanmedian(np.abs(np.log((x[over] + 1) / (usual[over] + 1))))) for x in (took, net)]
    if off[1] < off[0]:
        return (
            np.maximum(net, np.where(took > EPS, EPS, 0.0)),
            True,
            f"Work pauses overnight: {over.mean():.1%} of steps ran over closing time.",
        )
    return took, False, f"Work under way at closing time is finished: {over.mean():.1%} of steps ran over it."


def _minutes(f: Facts, worked: Floats, weight: Floats, rows: Ints, able: frozenset[int]) -> tuple[Minutes, str]:
    times, w = worked[rows], weight[rows]
    whole = law_of(times, w, MOST)
    best, why, groups = BETTER, "", list[tuple[LawWhen, ...]]()
    for name, code, make in _groupings(f, rows, able):
        gain = explained(np.log(times + 1), code)
        if gain > best:
            kinds = [k for k in np.unique(code) if k >= 0 and (code == k).sum() >= ENOUGH]
            best, why = gain, name
            groups = [tuple(make(int(k), law_of(times[code == k], w[code == k], 40)) for k in kinds)]
    return Minutes(otherwise=whole, cases=groups[-1] if groups else ()), why if groups else ""


def _groupings(f: Facts, rows: Ints, able: frozenset[int]) -> Iterable[tuple[str, Ints, Make]]:
    does = np.where(np.isin(f.resource[rows], list(able)), f.resource[rows], -1)
    yield "who does it", does, lambda k, law: LawWhen(law=law, resource=f.resources[k])
    for name, a in f.attributes.items():
        if 2 <= len(a.values) <= MOST_VALUES:
            yield f"the attribute {name!r}", a.code[f.case[rows]], _by(name, a.values)


def _by(name: str, values: tuple[str, ...]) -> Make:
    return lambda k, law: LawWhen(law=law, when=(Condition(attribute=name, values=(values[k],)),))


def explained(y: Floats, code: Ints) -> float:
    """The share of the variance in every second value that group means of the others explain; groups too small have the mean of all."""
    if len(y) < 2 * ENOUGH or code.max() < 1:
        return 0.0
    learn = one_half(np.arange(len(y)))
    n = int(code.max()) + 2
    count = np.bincount(code[learn] + 1, minlength=n)
    mean = y[learn].mean()
    means = np.where(count >= ENOUGH // 2, np.bincount(code[learn] + 1, weights=y[learn], minlength=n) / np.maximum(count, 1), mean)
    rest = float(((y[~learn] - mean) ** 2).mean())
    return 1 - float(((y[~learn] - means[code[~learn] + 1]) ** 2).mean()) / rest if rest > 0 else 0.0


def law_of(times: Floats, weight: Floats, most: int) -> Law:
    """A law of times: one number if they are all alike, what was seen if there is enough of it, else lognormal."""
    if times.size == 0 or np.ptp(times) < EPS:
        return Fixed(minutes=round(float(times[0]), 3) if times.size else 0.0)
    if times.size < FEW and times.min() > EPS:
        logs = np.log(times)
        return Lognormal(median=short([np.exp(logs.mean())])[0], sigma=short([logs.std(ddof=1)])[0])
    return Seen(minutes=tuple(short(laws_bins(times, weight, int(np.clip(times.size // 2, 5, most))))))
