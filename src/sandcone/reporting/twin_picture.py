"""Each number of the twin as a multiple of what was seen: on the middle line it is right."""

from __future__ import annotations

import math

from sandcone.core.truth import Judged, Truth
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.names import title

WIDTH, LEFT, RIGHT, TOP, ROW, BOTTOM = 372.0, 12.0, 360.0, 8.0, 40.0, 34.0
LEAST, MOST = 0.5, 2.0  # beyond these a mark stands at the edge
KEY = (
    "Filled: the twin, with the interval of its mean. Hollow: the past replayed. Grey: what chance alone may do. "
    "The middle line is what was seen."
)
TICKS = ((0.5, "half of it"), (1.0, "as seen"), (2.0, "twice"))


def twin_picture(truth: Truth) -> Html | None:
    """A line for each number of the whole log: the twin with its interval, and the past replayed; None where no number can be drawn."""
    drawn = [j for j in truth.whole if _ratio(j, None if j.simulated is None else j.simulated.value) is not None]
    if not drawn:
        return None
    height = TOP + ROW * len(drawn) + BOTTOM
    told = f"Twin against seen: {'; '.join(f'{title(j.name)}, {j.words}' for j in drawn)}."
    marks = join(_row(j, TOP + i * ROW) for i, j in enumerate(drawn))
    picture = tag("svg", tag("title", told), _grid(height), marks, viewBox=f"0 0 {WIDTH:g} {height:g}", role="img", aria_label=told)
    return tag("figure", picture, tag("figcaption", KEY), class_="twin")


def _ratio(j: Judged, value: float | None) -> float | None:
    if value is None or not math.isfinite(value) or not j.seen.known or j.seen.value <= 0 or value <= 0:
        return None
    return value / j.seen.value


def _x(ratio: float) -> float:
    share = math.log(min(max(ratio, LEAST), MOST) / LEAST) / math.log(MOST / LEAST)
    return LEFT + (RIGHT - LEFT) * share


def _grid(height: float) -> Html:
    foot = height - BOTTOM + 6
    lines = (tag("line", x1=_x(r), x2=_x(r), y1=TOP, y2=foot, class_="cut" if r == 1 else "tick") for r, _ in TICKS)
    anchors = ("start", "middle", "end")
    names = (tag("text", name, x=_x(r), y=foot + 18, text_anchor=a, class_="axis") for (r, name), a in zip(TICKS, anchors, strict=True))
    return join([*lines, *names])


def _row(j: Judged, y: float) -> Html:
    middle = y + 28
    parts = [tag("text", title(j.name), x=LEFT, y=y + 14, class_="name"), _noise(j, middle), _naive(j, middle), _twin(j, middle)]
    return tag("g", *parts, class_=j.verdict.replace(" ", "-"))


def _noise(j: Judged, y: float) -> Html | None:
    if not j.noise or not j.seen.known or j.seen.value <= 0:
        return None
    low, high = (_x(max(1 + way * j.noise / j.seen.value, LEAST)) for way in (-1, 1))
    return tag("rect", x=low, width=max(high - low, 1), y=y - 6, height=12, class_="noise")


def _naive(j: Judged, y: float) -> Html | None:
    ratio = _ratio(j, j.naive)
    return None if ratio is None else tag("circle", cx=_x(ratio), cy=y, r=4.5, class_="hollow")


def _twin(j: Judged, y: float) -> Html | None:
    e = j.simulated
    ratio = _ratio(j, e.value if e else None)
    if e is None or ratio is None:
        return None
    ends = [_ratio(j, v) for v in (e.low, e.high)]
    line = None if None in ends else tag("line", x1=_x(ends[0] or 1), x2=_x(ends[1] or 1), y1=y, y2=y, class_="reach")
    return join([line, tag("circle", cx=_x(ratio), cy=y, r=4.5, class_="dot")])
