"""The old and the new curve: flow efficiency against resource efficiency as demand or capacity is scaled."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from sandcone.core.estimate import Estimate
from sandcone.core.improved import Improved, Line
from sandcone.reporting import words
from sandcone.reporting.frontier_picture import spots
from sandcone.reporting.improve_order import numbers
from sandcone.reporting.improve_words import capital, cell, known
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.matrix_picture import BOTTOM, LEFT, TOP, Dot, Plot, axes, close_axis, whiskers
from sandcone.reporting.tables import folded, table

SIDE, RIGHT, RADIUS = 380.0, 18.0, 3.6
At = tuple[float, float]


def drawn_curve(plot: Plot, points: Sequence[At], kind: str) -> Html | None:
    """The part of a curve that lies in the picture; None where there is none."""
    parts = [p for a, b in pairwise(points) if (p := inside(plot, a, b)) is not None]
    if not parts:
        return None
    d = "".join(f"M{plot.x(a[0]):.1f} {plot.y(a[1]):.1f}L{plot.x(b[0]):.1f} {plot.y(b[1]):.1f}" for a, b in parts)
    return tag("path", d=d, class_=f"curve {kind}")


def inside(plot: Plot, a: At, b: At) -> tuple[At, At] | None:
    """The part of a straight line that lies in the picture (Liang and Barsky 1984); None where it passes by."""
    first, last = 0.0, 1.0
    for p, q, axis in zip(a, b, (plot.across, plot.up), strict=True):
        for step, room in ((q - p, axis.high - p), (p - q, p - axis.low)):
            if step > 0:
                last = min(last, room / step)
            elif step < 0:
                first = max(first, room / step)
            elif room < 0:
                return None
    return None if first > last else (_between(a, b, first), _between(a, b, last))


def _between(a: At, b: At, part: float) -> At:
    return a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])


def lines_picture(lines: Sequence[Line]) -> Html | None:
    """Every line's points with their intervals, and the curve of the variability that fits them; None where there is no point."""
    found = [(k, times, d) for k, line in enumerate(lines) for times, d in _dots(line)]
    if not found:
        return None
    plot = _plot([d for _, _, d in found])
    told = "Flow efficiency against resource efficiency, scaled. The points are in the table below the picture."
    plane = tag("rect", x=LEFT, y=TOP, width=SIDE, height=SIDE, class_="plot")
    curves = (drawn_curve(plot, _through(line), look(k)) for k, line in enumerate(lines))
    crosses = (tag("g", whiskers(plot, d), class_=f"point {look(k)}") for k, _, d in found)
    marks = (_mark(plot, d, k, times) for k, times, d in found)
    size = {"viewBox": f"0 0 {LEFT + SIDE + RIGHT:g} {TOP + SIDE + BOTTOM:g}", "class_": "sets", "role": "img", "aria_label": told}
    return tag("svg", tag("title", told), plane, axes(plot), *curves, *crosses, *marks, _names(plot, found), **size)


def lines_key(i: Improved) -> Html:
    """Each line with its variability, what was scaled, and where the house could not keep up."""
    items = (tag("li", tag("b", capital(line_name(i, x))), f", {_look(k)}: {_told(x)}") for k, x in enumerate(i.lines))
    return tag("ul", *items, class_="key")


def line_name(i: Improved, line: Line) -> str:
    """The number of the set that a line is of, where it is one with a number; else its own name."""
    named = {", ".join(f"{lever}: {setting}" for lever, setting in levers): f"set {n}" for levers, n in numbers(i).items()}
    return named.get(line.name, line.name)


def look(k: int) -> str:
    """How the k-th line looks: the first is the old one."""
    return "old" if k == 0 else "new"


def _through(line: Line) -> Sequence[At]:
    """The fitted curve; where none is, straight from point to point."""
    return line.fitted if len(line.fitted) > 1 else sorted((d.x, d.y) for _, d in _dots(line))


def lines_table(i: Improved) -> Html:
    """All points of all lines in numbers."""
    rows = [
        [f"{line_name(i, x)}, {x.scaled} {times:.3g} times", *(cell(e) for e in (re, fe))] for x in i.lines for times, re, fe in x.points
    ]
    return folded("The points as a table", table("Points of the curves", ["Which", "Resource efficiency", "Flow efficiency"], rows))


def _dots(line: Line) -> list[tuple[float, Dot]]:
    found = []
    for times, re, fe in line.points:
        x, y = known(re), known(fe)
        if x is not None and y is not None:
            wide, tall = _span(x), _span(y)
            found.append((times, Dot(name="", x=x.value, y=y.value, wide=wide, tall=tall)))
    return found


def _span(e: Estimate) -> tuple[float, float] | None:
    """The interval, as far as shares can go."""
    return None if e.low is None or e.high is None else (max(e.low, 0.0), min(e.high, 1.0))


def _plot(dots: Sequence[Dot]) -> Plot:
    x = [v for d in dots for v in (d.x, *(d.wide or ()))]
    y = [v for d in dots for v in (d.y, *(d.tall or ()))]
    return Plot(across=close_axis(x, dots[0].x), up=close_axis(y, dots[0].y), side=SIDE)


def _look(k: int) -> str:
    return "squares, dashed curve" if k == 0 else "circles, whole curve"


def _mark(plot: Plot, d: Dot, k: int, times: float) -> Html:
    x, y, r = plot.x(d.x), plot.y(d.y), RADIUS
    shape = (
        tag("rect", x=x - r, y=y - r, width=2 * r, height=2 * r, class_="mark")
        if k == 0
        else tag("circle", cx=x, cy=y, r=r + 1, class_="mark")
    )
    return tag("g", tag("title", f"{times:.3g} times as much"), shape, class_=f"point {look(k)}")


def _names(plot: Plot, found: Sequence[tuple[int, float, Dot]]) -> Html:
    """How many times as much, beside the points of the first line."""
    first = [x for x in found if x[0] == found[0][0]]
    at, rest = ([(plot.x(d.x), plot.y(d.y)) for _, _, d in some] for some in (first, [x for x in found if x[0] != found[0][0]]))
    written = zip(first, spots(at, rest), strict=True)
    return join(tag("text", f"×{times:.3g}", x=x, y=y + 4, text_anchor="middle", class_="times") for (_, times, _), (x, y) in written)


def _told(x: Line) -> str:
    fit = known(x.v_star)
    sure = "" if fit is None or fit.low is None or fit.high is None else f" ({fit.low:.3g} to {fit.high:.3g})"
    none = x.note.removesuffix(".") or "no V* fits its points"
    v = f"{none}, so its points are joined" if fit is None else f"V* {fit.value:.3g}{sure}"
    shown = f"{v}; {words.count(len(x.points), 'point')}"
    if x.points:
        scales = [p[0] for p in x.points]
        shown += f", {x.scaled} {min(scales):.3g} to {max(scales):.3g} times as much"
    left = "".join(f" At {times:.3g} times, no point: {why}." for times, why in x.left_out)
    return f"{shown}.{left}"
