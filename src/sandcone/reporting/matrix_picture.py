"""Drawing points in the efficiency matrix."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sandcone.reporting.markup import Html, join, tag

SIDE, LEFT, BOTTOM, TOP = 300.0, 54.0, 46.0, 10.0  # the plot is a square of SIDE
WIDTH, HEIGHT = LEFT + SIDE + 18, TOP + SIDE + BOTTOM
CLOSEST = 0.04  # an axis spans at least this, so that noise does not look like a movement
STEPS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A numbered point with its intervals."""

    name: str
    x: float
    y: float
    wide: tuple[float, float] | None = None
    tall: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One axis: round shares from ``low`` to ``high``, and where low is parted from high."""

    low: float
    high: float
    step: float
    cut: float

    def at(self, share: float) -> float:
        """How far along the axis a share is, 0 to 1."""
        return min(max((share - self.low) / (self.high - self.low), 0.0), 1.0)

    def ticks(self) -> list[float]:
        """The shares to write on it."""
        return [self.low + i * self.step for i in range(round((self.high - self.low) / self.step) + 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """Both axes, and shares as pixels."""

    across: Axis
    up: Axis
    side: float = SIDE

    def x(self, share: float) -> float:
        """Pixels from the left."""
        return LEFT + self.side * self.across.at(share)

    def y(self, share: float) -> float:
        """Pixels from the top."""
        return TOP + self.side * (1 - self.up.at(share))


def whole_axis(shares: Iterable[float], cut: float) -> Axis:
    """An axis from nought to a round share just above all that is shown, with no more than five parts."""
    top = max([cut, *shares]) / 0.94
    step = next((s for s in STEPS if top <= 5 * s + 1e-9), math.ceil(top / 5))
    high = max(1, math.ceil(top / step - 1e-9)) * step
    return Axis(low=0.0, high=min(high, 1.0) if top <= 1 / 0.94 else high, step=step, cut=cut)


def close_axis(shares: Sequence[float], cut: float, closest: float = CLOSEST) -> Axis:
    """An axis drawn close around what is shown, for movements that would be too small to see."""
    low, high = min([cut, *shares]), max([cut, *shares])
    room = max((high - low) * 0.12, (closest - (high - low)) / 2)
    top = min(high + room, 1.0) if high <= 1 else high + room  # no share of a whole is above it
    step = next((s for s in STEPS if (top - low + room) / s <= 5), 1.0)
    first = max(math.floor((low - room) / step + 1e-9), 0)
    return Axis(low=first * step, high=max(math.ceil(top / step - 1e-9), first + 1) * step, step=step, cut=cut)


def picture(title: str, plot: Plot, dots: Sequence[Dot], paths: Sequence[Sequence[Dot]] = ()) -> Html:
    """The chart; ``paths`` are lines with an arrow at their end, drawn under the points."""
    told = f"{title}: resource efficiency to the right, flow efficiency upwards. The points are listed below the picture."
    parts = [tag("title", told), _corners(plot), axes(plot), *(_path(plot, p) for p in paths)]
    marks = [*(whiskers(plot, d) for d in dots), *(dot(plot, d) for d in reversed(dots))]
    size = {"viewBox": f"0 0 {WIDTH:g} {HEIGHT:g}", "class_": "matrix", "role": "img", "aria_label": told}
    return tag("svg", *parts, *marks, **size)


def _corners(plot: Plot) -> Html:
    x, y, right, bottom = plot.x(plot.across.cut), plot.y(plot.up.cut), LEFT + SIDE, TOP + SIDE
    plane = tag("rect", x=LEFT, y=TOP, width=SIDE, height=SIDE, class_="plot")
    best = tag("rect", x=x, y=TOP, width=right - x, height=y - TOP, class_="perfect")
    lines = (tag("line", x1=x, x2=x, y1=TOP, y2=bottom, class_="cut"), tag("line", x1=LEFT, x2=right, y1=y, y2=y, class_="cut"))
    names = (
        tag("text", "Efficient ocean", x=LEFT + 6, y=TOP + 15, class_="corner"),
        tag("text", "Perfect state", x=right - 6, y=TOP + 15, text_anchor="end", class_="corner best"),
        tag("text", "Wasteland", x=LEFT + 6, y=bottom - 7, class_="corner"),
        tag("text", "Efficient islands", x=right - 6, y=bottom - 7, text_anchor="end", class_="corner"),
    )
    return join([plane, best, *lines, *names])


def axes(plot: Plot) -> Html:
    """The shares along both edges, and what they are."""
    low, left = TOP + plot.side + 16, LEFT - 6
    across = (tag("text", _percent(t), x=plot.x(t), y=low, text_anchor="middle", class_="tick") for t in plot.across.ticks())
    up = (tag("text", _percent(t), x=left, y=plot.y(t) + 4, text_anchor="end", class_="tick") for t in plot.up.ticks())
    middle = f"translate(11 {TOP + plot.side / 2:g}) rotate(-90)"
    name_x = tag("text", "Resource efficiency →", x=LEFT + plot.side / 2, y=TOP + plot.side + 37, text_anchor="middle", class_="axis")
    name_y = tag("text", "Flow efficiency →", transform=middle, text_anchor="middle", class_="axis")
    return join([*across, *up, name_x, name_y])


def _percent(share: float) -> str:
    return f"{100 * share:.4g}%"


def _path(plot: Plot, path: Sequence[Dot]) -> Html:
    at = [(plot.x(d.x), plot.y(d.y)) for d in path]
    (x0, y0), (x1, y1) = at[-2], at[-1]
    length = max(math.hypot(x1 - x0, y1 - y0), 1e-9)
    stop = max(length - 11, 0.0) / length  # leave room for the point's circle
    at[-1] = (x0 + (x1 - x0) * stop, y0 + (y1 - y0) * stop)
    arrow = "url(#arrow)" if length > 18 else None
    origin = tag("circle", cx=at[0][0], cy=at[0][1], r=3, class_="origin")
    return join([tag("polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in at), class_="path", marker_end=arrow), origin])


def whiskers(plot: Plot, d: Dot) -> Html:
    """The intervals of a point."""
    x, y = plot.x(d.x), plot.y(d.y)
    across = tag("line", x1=plot.x(d.wide[0]), x2=plot.x(d.wide[1]), y1=y, y2=y, class_="whisker") if d.wide else None
    up = tag("line", x1=x, x2=x, y1=plot.y(d.tall[0]), y2=plot.y(d.tall[1]), class_="whisker") if d.tall else None
    return join([across, up])


def dot(plot: Plot, d: Dot) -> Html:
    """A point with its number."""
    x, y = plot.x(d.x), plot.y(d.y)
    return join(
        [tag("circle", cx=x, cy=y, r=8.5, class_="dot"), tag("text", d.name, x=x, y=y + 4, text_anchor="middle", class_="dot-name")]
    )
