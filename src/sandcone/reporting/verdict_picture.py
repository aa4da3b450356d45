"""The two places and the old curve: resource efficiency to the right, flow efficiency upwards."""

from __future__ import annotations

from sandcone.core.judged import Judged
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.matrix_picture import HEIGHT, LEFT, SIDE, TOP, WIDTH, Dot, Plot, axes, close_axis, dot, whiskers
from sandcone.reporting.tables import note

KEY = "1: before, 2: after, with their 95 % intervals. The line is the old curve: V* and places as they were, busier or less busy."


def verdict_picture(j: Judged) -> Html:
    """Both places with their intervals over the curve of the first; nothing where a place is not known."""
    before, after = _dot(j, "1", "before"), _dot(j, "2", "after")
    plot = _plot((before, after))
    line = [(u, fe) for u, fe in j.curve if plot.across.low <= u <= plot.across.high and plot.up.low <= fe <= plot.up.high]
    told = (
        f"Resource and flow efficiency before ({before.x:.3f}, {before.y:.3f}) and after ({after.x:.3f}, {after.y:.3f}), and the old curve."
    )
    points = " ".join(f"{plot.x(u):.1f},{plot.y(fe):.1f}" for u, fe in line)
    curve = tag("polyline", points=points, fill="none", stroke="currentColor", stroke_width=1.5, stroke_dasharray="5 3") if points else None
    size = {"viewBox": f"0 0 {WIDTH:g} {HEIGHT:g}", "class_": "matrix", "role": "img", "aria_label": told}
    marks = join([*(whiskers(plot, d) for d in (before, after)), *(dot(plot, d) for d in (before, after))])
    plane = tag("rect", x=LEFT, y=TOP, width=SIDE, height=SIDE, class_="plot")
    return join([tag("svg", tag("title", told), plane, axes(plot), curve, marks, **size), note(KEY)])


def _dot(j: Judged, name: str, when: str) -> Dot:
    x, y = (getattr(c, when) for c in (j.differences.resource, j.differences.flow))
    wide, tall = ((e.low, e.high) if e.low is not None and e.high is not None else None for e in (x, y))
    return Dot(name=name, x=x.value, y=y.value, wide=wide, tall=tall)


def _plot(dots: tuple[Dot, Dot]) -> Plot:
    across = [v for d in dots for v in (d.x, *(d.wide or ()))]
    up = [v for d in dots for v in (d.y, *(d.tall or ()))]
    return Plot(across=close_axis(across, dots[0].x), up=close_axis(up, dots[0].y))
