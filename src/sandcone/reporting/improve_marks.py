"""Where every tried set stands in the picture: today's place, moved by the set's difference from today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import quantiles
from typing import Literal

from sandcone.core.estimate import Estimate
from sandcone.core.improved import Improved, JudgedSet, Set, Tried
from sandcone.reporting.improve_order import numbers, others
from sandcone.reporting.improve_words import known, said_gap, set_name, value
from sandcone.reporting.matrix_picture import Dot, Plot, close_axis

Kind = Literal["behind", "perhaps", "front", "today"]
KINDS: Mapping[str, Kind] = {"on the front": "front", "perhaps on the front": "perhaps", "behind": "behind"}
RE, FE = "resource efficiency", "flow efficiency"
CLOSEST, FEW = 0.01, 20  # an axis spans at least this share; above FEW sets the outermost tenth behind may stay outside
WIDE = 0.5  # of the picture: a wider cross of a set that is not judged says no more than that nothing is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A set in the picture: how it is drawn, where, and what a pointer over it says. A judged set has its number as its name."""

    kind: Kind
    dot: Dot
    told: str

    @property
    def shown(self) -> bool:
        """Whether the picture must have room for it."""
        return self.kind != "behind" or self.dot.name != ""


def marks(i: Improved) -> list[Mark]:
    """Today and every other set whose place is known, those that matter most last, so that they are drawn on top.

    A set stands where its paired difference from today puts it, and its cross is the interval of that difference; for a judged set the
    difference is that of the runs that the search had not seen.
    """
    start = place(i)
    if start is None:
        return []
    given, judged = numbers(i), {j.tried.levers: j for j in i.judged}
    tried = {t.levers: t for t in others(i)} | {k: j.tried for k, j in judged.items()}
    found = [_mark(t, start, judged.get(t.levers), given) for t in tried.values()]
    today = Mark(kind="today", dot=Dot(name="today", x=start[0], y=start[1]), told="as today")
    order: list[Kind] = ["behind", "perhaps", "front"]
    return [*sorted((m for m in found if m), key=lambda m: (m.dot.name != "", order.index(m.kind))), today]


def place(i: Improved) -> tuple[float, float] | None:
    """Today's resource and flow efficiency as the search saw them; None where either is not known."""
    x, y = value(i.today, RE), value(i.today, FE)
    return None if x is None or y is None else (x.value, y.value)


def _mark(t: Tried, start: tuple[float, float], judged: JudgedSet | None, given: Mapping[Set, int]) -> Mark | None:
    d = None if judged is None else judged.judged.differences
    gaps = (t.gaps.get(RE), t.gaps.get(FE)) if d is None else (d.resource.gap, d.flow.gap)
    x, y = (_moved(at, known(g)) for at, g in zip(start, gaps, strict=True))
    if x is None or y is None:
        return None
    name = str(given[t.levers]) if judged else ""
    told = f"{set_name(t.levers)}: resource efficiency {said_gap(gaps[0])}, flow efficiency {said_gap(gaps[1])}"
    return Mark(kind=KINDS[t.place], dot=Dot(name=name, x=x[0], y=y[0], wide=x[1], tall=y[1]), told=told)


def _moved(start: float, gap: Estimate | None) -> tuple[float, tuple[float, float] | None] | None:
    if gap is None:
        return None
    span = None if gap.low is None or gap.high is None else (start + gap.low, start + gap.high)
    return start + gap.value, span


def window(found: Sequence[Mark], side: float) -> Plot:
    """The part of the plane to show: all that matters with its crosses, and most of what is behind."""
    today, shown = found[-1].dot, [m.dot if m.dot.name else replace(m.dot, wide=None, tall=None) for m in found if m.shown]
    behind = [m.dot for m in found if not m.shown]
    x = [v for d in shown for v in (d.x, *(d.wide or ()))] + _most([d.x for d in behind])
    y = [v for d in shown for v in (d.y, *(d.tall or ()))] + _most([d.y for d in behind])
    return Plot(across=close_axis(x, today.x, CLOSEST), up=close_axis(y, today.y, CLOSEST), side=side)


def within(plot: Plot, d: Dot) -> bool:
    """Whether a point lies in the part that is shown."""
    return plot.across.low <= d.x <= plot.across.high and plot.up.low <= d.y <= plot.up.high


def cross(plot: Plot, m: Mark) -> Dot:
    """A mark with the parts of its cross that are drawn."""
    d = m.dot
    if d.name:
        return d
    wide = None if d.wide is None or d.wide[1] - d.wide[0] > WIDE * (plot.across.high - plot.across.low) else d.wide
    tall = None if d.tall is None or d.tall[1] - d.tall[0] > WIDE * (plot.up.high - plot.up.low) else d.tall
    return replace(d, wide=wide, tall=tall)


def _most(values: Sequence[float]) -> list[float]:
    """The ends of all but the outermost tenth, where there are many."""
    if len(values) <= FEW:
        return list(values)
    cuts = quantiles(values, n=20, method="inclusive")
    return [cuts[0], cuts[-1]]
