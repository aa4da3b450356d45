"""Drawing a number over time, with the limits of a control chart where it has some."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sandcone.reporting import words
from sandcone.reporting.markup import Html, join, tag

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 440.0, 190.0, 62.0, 12.0, 12.0, 26.0
DOTS_UP_TO = 120  # more points than this are drawn as a line only


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A number over time: its values, the name of each moment, process limits, and the moments to mark."""

    values: Sequence[float]
    names: Sequence[str]
    unit: str
    limits: tuple[float, float] | None
    marks: frozenset[int]

    @property
    def mean(self) -> float:
        """The middle line of a control chart."""
        return sum(self.values) / len(self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Values to pixels."""

    bottom: float
    top: float
    count: int

    def x(self, i: int) -> float:
        """Pixels from the left of the i-th moment."""
        return LEFT + (WIDTH - LEFT - RIGHT) * (i + 0.5) / self.count

    def y(self, value: float) -> float:
        """Pixels from the top of a value."""
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value - self.bottom) / (self.top - self.bottom))


def picture(told: str, line: Line) -> Html:
    """The chart as SVG."""
    ticks = _ticks([*line.values, *(line.limits or ())], line.unit)
    frame = Frame(bottom=ticks[0], top=ticks[-1], count=len(line.values))
    points = " ".join(f"{frame.x(i):.1f},{frame.y(v):.1f}" for i, v in enumerate(line.values))
    parts = [
        tag("title", told),
        _grid(frame, ticks, line),
        _limits(frame, line),
        tag("polyline", points=points, class_="line"),
        _dots(frame, line),
    ]
    return tag("svg", *parts, viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}", class_="line-chart", role="img", aria_label=told)


def _ticks(values: Sequence[float], unit: str) -> list[float]:
    """Four to seven round values around all that is drawn; from nought where that is near."""
    low, high = min(values), max(values)
    low = 0.0 if 0 <= low <= 0.6 * high else low
    if high == low:
        high, low = high + 1, max(low - 1, 0.0) if low >= 0 else low - 1
    step = next(s for s in _steps(unit) if (high - low) / s <= 5)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [i * step for i in range(first, last + 1)]


def _steps(unit: str) -> list[float]:
    clock = [1 / 60, 5 / 60, 10 / 60, 0.5, 1, 2, 3, 6, 12, 24, 48, 120, 240, 480] if unit == "h" else []
    return [*clock, *(m * 10.0**p for p in range(3 if unit == "h" else -6, 15) for m in (1, 2, 5))]


def _grid(frame: Frame, ticks: Sequence[float], line: Line) -> Html:
    across = (tag("line", x1=LEFT, x2=WIDTH - RIGHT, y1=frame.y(t), y2=frame.y(t), class_="grid") for t in ticks)
    said = (tag("text", _tick(t, line.unit), x=LEFT - 6, y=frame.y(t) + 4, text_anchor="end", class_="tick") for t in ticks)
    first = tag("text", line.names[0], x=LEFT, y=HEIGHT - 6, class_="tick")
    last = tag("text", line.names[-1], x=WIDTH - RIGHT, y=HEIGHT - 6, text_anchor="end", class_="tick")
    return join([*across, *said, first, last])


def _tick(value: float, unit: str) -> str:
    if unit == "h":
        return words.compact(value) if value else "0"
    return words.share(round(value, 9)) if unit == "share" else words.number(round(value, 9))


def _limits(frame: Frame, line: Line) -> Html | None:
    if line.limits is None:
        return None
    ends = [(v, "limit") for v in line.limits if frame.bottom <= v <= frame.top]
    return join(
        tag("line", x1=LEFT, x2=WIDTH - RIGHT, y1=frame.y(v), y2=frame.y(v), class_=kind) for v, kind in [*ends, (line.mean, "middle")]
    )


def _dots(frame: Frame, line: Line) -> Html:
    many = len(line.values) > DOTS_UP_TO
    dots = (_dot(frame, line, i) for i in range(len(line.values)) if i in line.marks or not many)
    return join(dots)


def _dot(frame: Frame, line: Line, i: int) -> Html:
    x, y = frame.x(i), frame.y(line.values[i])
    ring = tag("circle", cx=x, cy=y, r=6, class_="ring") if i in line.marks else None
    return join([ring, tag("circle", cx=x, cy=y, r=2.2, class_="point")])
