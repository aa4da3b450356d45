"""What can be had for what, drawn: resource, flow and personal costs of plans, two at a time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from sandcone.core.frontier import GROUPS, Frontier, Point, beats
from sandcone.reporting.markup import Html, join, tag

SIDE, LEFT, TOP, BOTTOM, GAP = 230.0, 64.0, 30.0, 58.0, 22.0
PANEL = LEFT + SIDE + GAP
WIDTH, HEIGHT = 3 * PANEL, TOP + SIDE + BOTTOM
RADIUS, AWAY = 5.0, 15.0  # of a dot; of its number from the dot's middle
AROUND = tuple((math.cos(k * math.pi / 6), math.sin(k * math.pi / 6)) for k in range(12))
NAMES = {"resource": "Resource cost", "flow": "Flow cost", "personal": "Personal cost"}
KEY = (
    "1: the weights as they are. Filled: no other plan is better in one cost and no worse in the others. Lower and further left is better."
)
STYLE = """
svg { background: #fff; font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif; }
.plot { fill: #f3f6f8; } .tick { fill: #52606d; font-size: 11px; } .axis { fill: #1b2530; } .grid { stroke: #d7dde3; }
.step { fill: none; stroke: #5fa0ba; stroke-width: 1.5; stroke-dasharray: 4 3; }
.dot { fill: #fff; stroke: #52606d; stroke-width: 1.5; } .dot-name { fill: #52606d; font-size: 12px; }
.best .dot { fill: #0b5a78; stroke: #fff; } .best .dot-name { fill: #0b5a78; font-weight: 600; } .key { fill: #52606d; font-size: 12px; }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One cost along an edge: from ``low`` to ``high``, a tick every ``step``."""

    low: float
    high: float
    step: float

    def at(self, cost: float) -> float:
        """How far along it a cost is, 0 to 1."""
        return (cost - self.low) / (self.high - self.low)

    def ticks(self) -> list[float]:
        """The costs to write on it."""
        return [self.low + i * self.step for i in range(round((self.high - self.low) / self.step) + 1)]


def axis(costs: Sequence[int]) -> Axis:
    """Round costs close around all that is shown, in two to six parts."""
    low, high = min(costs), max(costs)
    room = max(high - low, 1)
    step = next(m * 10**p for p in range(12) for m in (1, 2, 5) if room <= 4 * m * 10**p)
    first = math.floor((low - room / 20) / step)
    last = math.ceil((high + room / 20) / step)
    return Axis(low=max(first, 0) * step, high=max(last, max(first, 0) + 1) * step, step=step)


def frontier_picture(frontier: Frontier) -> Html:
    """Three squares, one for each pair of costs, with a numbered dot for each plan that can be carried out; nothing where none can."""
    able = [p for p in frontier.points if not p.broken]
    if not able:
        return Html("")
    told = f"Costs of {len(able)} plans, two at a time: {'; '.join(f'{p.number}, {p.name}: {_said(p)}' for p in able)}."
    best = {p.number for p in frontier.best}
    panels = (_panel(able, best, i, pair) for i, pair in enumerate(combinations(range(3), 2)))
    key = tag("text", KEY, x=LEFT, y=HEIGHT - 4, class_="key")
    return tag("svg", tag("title", told), *panels, key, viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}", class_="frontier", role="img", aria_label=told)


def frontier_file(frontier: Frontier) -> str:
    """The picture as a file of its own (SVG)."""
    picture = frontier_picture(frontier) or tag("svg", tag("text", "No plan can be carried out.", x=10, y=20), viewBox="0 0 300 40")
    return picture.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1).replace(">", f"><style>{STYLE}</style>", 1) + "\n"


def _said(p: Point) -> str:
    return ", ".join(f"{group} {cost:,}" for group, cost in zip(GROUPS, p.costs, strict=True))


def _panel(points: Sequence[Point], best: set[int], place: int, pair: tuple[int, int]) -> Html:
    across, up = (axis([p.costs[i] for p in points]) for i in pair)
    at = [(LEFT + SIDE * across.at(p.costs[pair[0]]), TOP + SIDE * (1 - up.at(p.costs[pair[1]]))) for p in points]
    dots = sorted(zip(points, at, spots(at), strict=True), key=lambda d: (d[0].number in best, -d[0].number))  # the best on top
    marks = (_dot(p, here, name, best=p.number in best) for p, here, name in dots)
    plot = tag("rect", x=LEFT, y=TOP, width=SIDE, height=SIDE, class_="plot")
    return tag("g", plot, _axes(across, up, pair), _steps(points, pair, across, up), *marks, transform=f"translate({place * PANEL:g} 0)")


def spots(at: Sequence[tuple[float, float]], others: Sequence[tuple[float, float]] = ()) -> list[tuple[float, float]]:
    """Where to write each dot's number: beside it, as far as can be from all dots (``others`` have none) and from the numbers there."""
    placed: list[tuple[float, float]] = []
    for i, (x, y) in enumerate(at):
        taken = [*at[:i], *at[i + 1 :], *others, *placed]
        around = [(x + AWAY * dx, y + AWAY * dy) for dx, dy in AROUND]
        placed.append(max(around, key=lambda spot: min((math.dist(spot, other) for other in taken), default=0.0)))
    return placed


def _axes(across: Axis, up: Axis, pair: tuple[int, int]) -> Html:
    names = [NAMES[group] for group in GROUPS]
    bottom, left = TOP + SIDE, LEFT - 6
    lines = (tag("line", x1=LEFT, x2=LEFT + SIDE, y1=y, y2=y, class_="grid") for y in (TOP + SIDE * (1 - up.at(t)) for t in up.ticks()))
    below = (
        tag("text", f"{t:,.0f}", x=LEFT + SIDE * across.at(t), y=bottom + 15, text_anchor="middle", class_="tick") for t in across.ticks()
    )
    beside = (tag("text", f"{t:,.0f}", x=left, y=TOP + SIDE * (1 - up.at(t)) + 4, text_anchor="end", class_="tick") for t in up.ticks())
    name_x = tag("text", f"{names[pair[0]]} →", x=LEFT + SIDE / 2, y=bottom + 32, text_anchor="middle", class_="axis")
    name_y = tag("text", f"↑ {names[pair[1]]}", x=LEFT, y=TOP - 10, class_="axis")
    return join([*lines, *below, *beside, name_x, name_y])


def _steps(points: Sequence[Point], pair: tuple[int, int], across: Axis, up: Axis) -> Html | None:
    """The line below and left of which no plan was found, for two costs alone."""
    two = sorted({(p.costs[pair[0]], p.costs[pair[1]]) for p in points})
    edge = [t for t in two if not any(beats(other, t) for other in two)]
    at = [(LEFT + SIDE * across.at(x), TOP + SIDE * (1 - up.at(y))) for x, y in edge]
    turns = [at[0], *(corner for (_, y0), (x1, y1) in pairwise(at) for corner in ((x1, y0), (x1, y1)))]
    return tag("polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in turns), class_="step") if len(at) > 1 else None


def _dot(p: Point, at: tuple[float, float], name: tuple[float, float], *, best: bool) -> Html:
    circle = tag("circle", cx=at[0], cy=at[1], r=RADIUS, class_="dot")
    number = tag("text", str(p.number), x=name[0], y=name[1] + 4, text_anchor="middle", class_="dot-name")
    return tag("g", tag("title", f"{p.name}: {_said(p)}"), circle, number, class_="best" if best else None)
