"""Daily sums of a period, and numbers made from sums: whatever a verdict looks at is a quotient of sums.

A sum over days is all that any efficiency or guard needs, so one table of days serves all of them. What one day did to a number is found
by moving the sums a little (the influence of a day; Hampel 1974).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sandcone.core.period import Floats, Ints, Period, worst_off
from sandcone.core.queueing import wait_mmm
from sandcone.improving.har import Series

Statistic = Callable[[Mapping[str, float]], float]
STEP = 1e-5
FULL = 0.98  # at a utilization above this V* says nothing
UNLIKE = 100.0  # a V* above this is of no queue
ENOUGH = 0.5  # of patients' time in stages of which V* can be known


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sums:
    """Named sums (rows, names): a row a day, or a row a run; ``at`` the day's number; ``places`` of each stage."""

    names: tuple[str, ...]
    values: Floats
    at: Ints
    places: Mapping[str, int]

    def of(self, row: Floats) -> dict[str, float]:
        """One row of sums by name."""
        return dict(zip(self.names, row.tolist(), strict=True))

    def kept(self, which: Floats) -> Sums:
        """Only some rows."""
        return replace(self, values=self.values[which], at=self.at[which])

    def whole(self) -> Sums:
        """All rows added up to one."""
        return replace(self, values=self.values.sum(axis=0, keepdims=True), at=self.at[:1])


def sums(period: Period, weight: Floats, groups: tuple[Sequence[str], Ints], touched: Floats | None = None) -> Sums:
    """Daily sums of one period; ``weight`` of each patient, ``groups`` names and places, ``touched`` 1 for those whom the change is for."""
    days, day = len(period.days), period.day

    def by_day(x: Floats) -> Floats:
        return np.bincount(day, weights=x, minlength=days).astype(np.float64)

    columns: dict[str, Floats] = {
        "busy": period.busy,
        "open": period.open,
        "work": by_day(period.work),
        "work_w": by_day(weight * period.work),
    }
    columns |= {"n": by_day(weight), "t": by_day(weight * period.t), "va": by_day(weight * period.va)}
    columns |= {"t of all": by_day(period.t), "va of all": by_day(period.va)}
    columns |= {"wait": by_day(weight * period.wait), "tail": by_day(weight * worst_off(period.wait, weight))}
    for name, harm in period.harms.items():
        seen = np.isfinite(harm)
        columns |= {f"harm {name}": by_day(weight * np.where(seen, harm, 0.0)), f"seen {name}": by_day(weight * seen)}
    for g, name in enumerate(groups[0]):
        mine = (groups[1] == g).astype(np.float64) * weight
        columns |= {f"n of {name}": by_day(mine), f"wait of {name}": by_day(mine * period.wait)}
    if touched is not None:
        for name, mine in (("touched", touched * weight), ("control", (1 - touched) * weight)):
            columns |= {f"t of {name}": by_day(mine * period.t), f"va of {name}": by_day(mine * period.va)}
    for name, s in period.stages.items():
        columns |= {f"busy at {name}": s.busy, f"open at {name}": s.open, f"va at {name}": s.va, f"t at {name}": s.t}
    places = {name: s.places for name, s in period.stages.items()}
    return Sums(names=tuple(columns), values=np.column_stack(list(columns.values())), at=period.days, places=places)


def series(s: Sums, statistic: Statistic) -> Series:
    """The number of all days together, and what each day did to it."""
    mean = s.values.mean(axis=0)
    value = statistic(s.of(mean))
    slope = np.zeros(len(mean))
    for i in np.flatnonzero(mean != 0):
        up, down = mean.copy(), mean.copy()
        up[i], down[i] = mean[i] * (1 + STEP), mean[i] * (1 - STEP)
        slope[i] = (statistic(s.of(up)) - statistic(s.of(down))) / (2 * STEP * mean[i])
    return Series(value=value, pull=(s.values - mean) @ slope, at=s.at.astype(np.float64))


def by_row(s: Sums, statistic: Statistic) -> Floats:
    """The number of each row (of each run)."""
    return np.array([statistic(s.of(row)) for row in s.values])


def quotient(above: str, below: str) -> Statistic:
    """One sum over another."""
    return lambda x: x[above] / x[below] if x[below] > 0 else math.nan


plain_resource = quotient("busy", "open")
"""Busy over open hours as they were."""
plain_flow = quotient("va of all", "t of all")
"""Hours of help over hours from need to the end, the mix as it was."""
flow = quotient("va", "t")
"""Hours of help over hours from need to the end."""
_touched, _control = quotient("va of touched", "t of touched"), quotient("va of control", "t of control")


def resource(x: Mapping[str, float]) -> float:
    """Busy over open hours, had the patients been of the mix of both periods."""
    return plain_resource(x) * (x["work_w"] / x["work"] if x["work"] > 0 else 1.0)


def difference(x: Mapping[str, float]) -> float:
    """Flow efficiency of those whom the change is for, less that of the others."""
    return _touched(x) - _control(x)


def variability(stages: Mapping[str, int], own: float = 1.0) -> Statistic:
    """The logarithm of V*: hours without help over the hours that V = 1 would make patients wait at these utilizations, over stages [P].

    With one stage it is FIELD §3's V*, but with the exact wait of Erlang's formula: Sakasegawa's is a quarter too long for six places used
    to 60 %, so a place more would look like another curve. It is of the queues as they were, so its sums are not weighted to another mix;
    what the mix itself adds to the spread of help is taken out by ``own`` (``mix.own_spread``).
    """

    def of(x: Mapping[str, float]) -> float:
        without = sum(x[f"t at {s}"] - x[f"va at {s}"] for s in stages)
        usual = sum(x[f"va at {s}"] * wait_mmm(x[f"busy at {s}"] / x[f"open at {s}"], m) for s, m in stages.items())
        return math.log(without / usual / own) if without > 0 and 0 < usual < math.inf else math.nan

    return of


def usable(before: Sums, after: Sums) -> tuple[dict[str, int], dict[str, int]] | str:
    """The stages (name → places, before and after) of which V* can be known; or why it cannot."""
    if before.places.keys() != after.places.keys():
        return "the units of the two periods have different names"
    known = [s for s in before.places if all(_fine(x.of(x.values.sum(axis=0)), s) for x in (before, after))]
    time = [sum(float(x.values[:, x.names.index(f"t at {s}")].sum()) for x in (before, after) for s in of) for of in (known, before.places)]
    if not known or time[0] < ENOUGH * time[1]:
        return "most of patients' time is in units that are used to more than 98 %, or in which no waiting is seen"
    old, new = ({s: x.places[s] for s in known} for x in (before, after))
    most = max(variability(of)(x.of(x.values.sum(axis=0))) for of, x in ((old, before), (new, after)))
    if not most < math.log(UNLIKE):
        return "patients lose far more time than queues for these resources could cost them"
    return old, new


def _fine(x: Mapping[str, float], s: str) -> bool:
    return x[f"open at {s}"] > 0 and 0 < x[f"busy at {s}"] < FULL * x[f"open at {s}"] and 0 < x[f"va at {s}"] < x[f"t at {s}"]
