"""Drawing the process map from its layout."""

from __future__ import annotations

import itertools
import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sandcone.reporting import words
from sandcone.reporting.layout import Edge, Layout, laid_out, passing
from sandcone.reporting.markup import Html, join, tag

BOX_W, BOX_H, GAP_X, GAP_Y, EDGE_SPACE = 156.0, 54.0, 20.0, 60.0, 24.0
PITCH_X, PITCH_Y = BOX_W + GAP_X, BOX_H + GAP_Y
FITS = 1250.0  # a map up to so wide may be drawn smaller to fit its box and is still legible
LONGEST = 5  # how many waits stand out
ENDS = {"(start)": "Start", "(end)": "End"}
Spot = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A line of the map: how often it is taken, and the typical wait on it in hours, None where there is none."""

    edge: Edge
    taken: float
    wait: float | None


def drawn(ways: Sequence[Way], shares: Mapping[str, float]) -> Html:
    """The map; ``shares`` says which part of the journeys has each step."""
    lines = [w for w in ways if w.edge[0] != w.edge[1]]
    layout = laid_out({w.edge: w.taken for w in lines})
    long = {w.edge for w in sorted((w for w in lines if w.wait), key=lambda w: -(w.wait or 0.0))[:LONGEST]}
    most = max((w.taken for w in lines), default=1.0)
    spots = {w.edge: _spots(layout, w.edge) for w in lines}
    curves = [_curve(w, spots[w.edge], most, w.edge in long, w.edge in layout.back) for w in reversed(lines)]
    labels = _labels(lines, spots, layout, long)
    nodes = [n for n in layout.place if not passing(n)]
    boxes = [_box(n, _corner(layout, n), shares.get(n)) for n in nodes]
    width, height = _size(layout)
    told = f"Process map of {words.count(sum(n not in ENDS for n in nodes), 'step')}. The table below it holds the same."
    size = {"width": f"{width:g}", "height": f"{height:g}", "viewBox": f"0 0 {width:g} {height:g}"}
    kind = "map fits" if width <= FITS else "map"
    return tag("svg", tag("title", told), *curves, *boxes, *labels, class_=kind, role="img", aria_label=told, **size)


def _size(layout: Layout) -> Spot:
    right = max((x for x, _ in layout.place.values()), default=0.0)
    bottom = max((y for _, y in layout.place.values()), default=0)
    return round(2 * EDGE_SPACE + right * PITCH_X + BOX_W), round(2 * EDGE_SPACE + bottom * PITCH_Y + BOX_H)


def _corner(layout: Layout, node: str) -> Spot:
    x, layer = layout.place[node]
    return EDGE_SPACE + x * PITCH_X, EDGE_SPACE + layer * PITCH_Y


def _spots(layout: Layout, edge: Edge) -> list[Spot]:
    """The points a line goes through, from the edge of the first box to the edge of the last."""
    back = edge in layout.back
    chain = layout.via[edge]
    points = [_corner(layout, n) for n in chain]
    middle = [(x + BOX_W / 2, y + BOX_H / 2) for x, y in points]
    shift = 30.0 if back else 0.0
    (x0, y0), (x1, y1) = middle[0], middle[-1]
    first, last = (x0 + shift, y0 + (-BOX_H / 2 if back else BOX_H / 2)), (x1 + shift, y1 + (BOX_H / 2 + 3 if back else -BOX_H / 2 - 3))
    return [first, *(p for m in middle[1:-1] for p in _through(m, back)), last]


def _through(middle: Spot, back: bool) -> list[Spot]:
    """A line passes a layer straight, so that it stays clear of the boxes beside it."""
    x, y = middle
    ends = [(x, y - BOX_H / 2), (x, y + BOX_H / 2)]
    return ends[::-1] if back else ends


def _curve(way: Way, spots: Sequence[Spot], most: float, long: bool, back: bool) -> Html:
    width = 1.2 + 7.0 * math.sqrt(way.taken / most)
    d = f"M{spots[0][0]:.1f} {spots[0][1]:.1f}" + "".join(_bend(a, b) for a, b in itertools.pairwise(spots))
    kind = "way" + (" long" if long else "") + (" back" if back else "")
    told = f"{_name(way.edge[0])} to {_name(way.edge[1])}: taken {words.count(way.taken, 'time')}"
    wait = f", typical wait {words.duration(way.wait)}" if way.wait is not None else ""
    line = tag("path", tag("title", told + wait), d=d, stroke_width=width, class_=kind)
    return join([line, _head(spots[-1], width, long, back)])


def _bend(a: Spot, b: Spot) -> str:
    middle = (a[1] + b[1]) / 2
    return f"C{a[0]:.1f} {middle:.1f} {b[0]:.1f} {middle:.1f} {b[0]:.1f} {b[1]:.1f}"


def _head(tip: Spot, width: float, long: bool, back: bool) -> Html:
    half, length = 3.0 + width / 2, (6.0 + width / 2) * (1 if back else -1)
    x, y = tip
    points = f"{x:.1f},{y - (3 if back else -3):.1f} {x - half:.1f},{y + length:.1f} {x + half:.1f},{y + length:.1f}"
    return tag("polygon", points=points, class_="head long" if long else "head")


def _labels(lines: Sequence[Way], spots: Mapping[Edge, list[Spot]], layout: Layout, long: set[Edge]) -> list[Html]:
    """Waits on the lines, each moved along its line until it covers no other label and no box."""
    taken = [(x - 2, y - 2, x + BOX_W + 2, y + BOX_H + 2) for n in layout.place if not passing(n) for x, y in [_corner(layout, n)]]
    made = []
    for w in sorted((w for w in lines if w.wait), key=lambda w: (w.edge not in long, -w.taken)):
        text = words.compact(w.wait or 0.0)
        half = 3.6 * len(text) + 3
        x, y = _free(spots[w.edge], half, taken)
        taken.append((x - half, y - 10, x + half, y + 5))
        made.append(_label(text, (x, y), half, w.edge in long))
    return made


def _label(text: str, at: Spot, half: float, long: bool) -> Html:
    x, y = at
    ground = tag("rect", x=x - half, y=y - 9, width=2 * half, height=15, rx=3, class_="ground")
    return join([ground, tag("text", text, x=x, y=y + 2.5, text_anchor="middle", class_="wait long" if long else "wait")])


def _free(spots: Sequence[Spot], half: float, taken: Sequence[tuple[float, float, float, float]]) -> Spot:
    tries = [_on(a, b, t) for t in (0.5, 0.35, 0.65, 0.22, 0.78) for a, b in itertools.pairwise(spots)]
    return next((p for p in tries if not any(_covers(p, half, box) for box in taken)), tries[0])


def _covers(label: Spot, half: float, box: tuple[float, float, float, float]) -> bool:
    (x, y), (left, top, right, bottom) = label, box
    return x + half > left and x - half < right and y + 6 > top and y - 9 < bottom


def _on(a: Spot, b: Spot, t: float) -> Spot:
    """A point on the bend from a to b."""
    across = 3 * (1 - t) * t**2 + t**3
    middle = (a[1] + b[1]) / 2
    down = (1 - t) ** 3 * a[1] + 3 * (1 - t) ** 2 * t * middle + 3 * (1 - t) * t**2 * middle + t**3 * b[1]
    return a[0] + (b[0] - a[0]) * across, down


def _box(node: str, corner: Spot, share: float | None) -> Html:
    x, y = corner
    end = node in ENDS
    lines = [ENDS[node]] if end else textwrap.wrap(node, 19, max_lines=2, placeholder=" …") or ["?"]
    part = [] if share is None else [tag("tspan", f"{words.compact_share(share)} of journeys", x=x + BOX_W / 2, dy=13, class_="share")]
    top = y + BOX_H / 2 + 4.5 - 6.5 * (len(lines) + len(part) - 1)
    text = tag(
        "text",
        *(tag("tspan", line, x=x + BOX_W / 2, dy=0 if i == 0 else 13) for i, line in enumerate(lines)),
        *part,
        x=x + BOX_W / 2,
        y=top,
        text_anchor="middle",
    )
    box = tag("rect", x=x, y=y, width=BOX_W, height=BOX_H, rx=BOX_H / 2 if end else 6, class_="end" if end else "step")
    return tag("g", tag("title", _name(node)), box, text, class_="node")


def _name(step: str) -> str:
    return ENDS.get(step, step)
