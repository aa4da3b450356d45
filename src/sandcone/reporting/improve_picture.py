"""All tried sets in one picture: resource efficiency to the right, flow efficiency upwards, today in the middle of a cross."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sandcone.core.improved import Improved, JudgedSet
from sandcone.reporting import words
from sandcone.reporting.frontier_picture import spots
from sandcone.reporting.improve_curves import At, drawn_curve, line_name, look
from sandcone.reporting.improve_marks import Mark, cross, marks, place, window, within
from sandcone.reporting.improve_order import nearest
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.matrix_picture import BOTTOM, LEFT, TOP, Plot, axes, whiskers

SIDE, SMALL, RIGHT = 380.0, 300.0, 18.0
RADIUS = {"behind": 2.2, "perhaps": 3.2, "front": 3.6, "today": 6.0}
JUDGED = 5.0  # radius
NAMES = {"behind": "behind another set", "perhaps": "perhaps on the front", "front": "on the front", "today": "as today"}


def sets_picture(i: Improved, side: float = SIDE) -> Html | None:
    """Every set as a point; None where today's place is not known."""
    found = marks(i)
    if not found:
        return None
    plot = window(found, side)
    inside = [m for m in found if within(plot, m.dot)]
    told = (
        f"{words.count(len(found) - 1, 'set')} of levers beside today: resource efficiency to the right, flow efficiency upwards. "
        "The judged sets are listed below the picture."
    )
    parts = [tag("title", told), _plane(plot, found[-1]), axes(plot), *_curves(i, plot)]
    crosses = (tag("g", whiskers(plot, cross(plot, m)), class_=_kind(m)) for m in inside)
    size = {"viewBox": f"0 0 {LEFT + side + RIGHT:g} {TOP + side + BOTTOM:g}", "class_": "sets", "role": "img", "aria_label": told}
    return tag("svg", *parts, *crosses, *(_dot(plot, m) for m in inside), _names(plot, inside), **size)


def outside(i: Improved) -> int:
    """How many sets lie outside of what the picture shows."""
    found = marks(i)
    plot = window(found, SIDE) if found else None
    return 0 if plot is None else sum(not within(plot, m.dot) for m in found)


def sets_legend(i: Improved) -> Html:
    """What the marks mean, only those that are there."""
    there = {m.kind for m in marks(i)}
    items = [tag("li", _swatch(kind), name) for kind, name in reversed(NAMES.items()) if kind in there]
    judged = [tag("li", _swatch("judged"), "judged, with its number")] if i.judged else []
    lines = [tag("li", _stroke(kind), name) for kind, _, name in _lines(i)]
    return tag("ul", *items, *judged, *lines, class_="legend", aria_label="What the marks mean")


def _plane(plot: Plot, today: Mark) -> Html:
    """The ground, the corner that is better in both, and dashed lines through today."""
    x, y, end = plot.x(today.dot.x), plot.y(today.dot.y), TOP + plot.side
    right = LEFT + plot.side
    return join(
        [
            tag("rect", x=LEFT, y=TOP, width=plot.side, height=plot.side, class_="plot"),
            tag("rect", x=x, y=TOP, width=right - x, height=y - TOP, class_="perfect"),
            tag("line", x1=x, x2=x, y1=TOP, y2=end, class_="cut"),
            tag("line", x1=LEFT, x2=right, y1=y, y2=y, class_="cut"),
            tag("text", "both better", x=right - 6, y=TOP + 15, text_anchor="end", class_="corner best"),
            tag("text", "both worse", x=LEFT + 6, y=end - 7, class_="corner"),
        ]
    )


def _lines(i: Improved) -> list[tuple[str, Sequence[At], str]]:
    """How each curve looks, its points, and its name: the old curve that the verdict rests on, or else those of scaled demand."""
    best = nearest(i)
    if best is not None and len(best.judged.curve) > 1:
        return [("old", _moved_to_today(i, best), "the old curve, which the verdicts rest on")]
    return [(look(k), line.fitted, f"curve, {line_name(i, line)}") for k, line in enumerate(i.lines) if len(line.fitted) > 1]


def _moved_to_today(i: Improved, j: JudgedSet) -> list[At]:
    """The old curve of the runs that were judged, moved so that it goes by today's place in the picture."""
    here, there = place(i), j.judged.differences
    if here is None:
        return []
    right, up = here[0] - there.resource.before.value, here[1] - there.flow.before.value
    return [(u + right, fe + up) for u, fe in j.judged.curve]


def _curves(i: Improved, plot: Plot) -> Iterator[Html | None]:
    for kind, points, _ in _lines(i):
        yield drawn_curve(plot, points, kind)


def _kind(m: Mark) -> str:
    return f"{m.kind} judged" if m.kind != "today" and m.dot.name else m.kind


def _dot(plot: Plot, m: Mark) -> Html:
    x, y = plot.x(m.dot.x), plot.y(m.dot.y)
    ring = tag("circle", cx=x, cy=y, r=JUDGED if "judged" in _kind(m) else RADIUS[m.kind], class_="mark")
    return tag("g", tag("title", m.told), ring, class_=_kind(m))


def _names(plot: Plot, inside: Sequence[Mark]) -> Html:
    """The numbers of the judged sets and the word for today, each beside its mark and away from the others."""
    named = [m for m in inside if m.dot.name]
    at, rest = ([(plot.x(m.dot.x), plot.y(m.dot.y)) for m in some] for some in (named, [m for m in inside if not m.dot.name]))
    written = zip(named, at, spots(at, rest), strict=True)
    return join(_name(m.dot.name, here, spot) for m, here, spot in written)


def _name(text: str, here: tuple[float, float], spot: tuple[float, float]) -> Html:
    side = spot[0] - here[0]
    anchor = "middle" if len(text) < 3 or abs(side) < 1 else "start" if side > 0 else "end"
    return tag("text", text, x=spot[0], y=spot[1] + 4, text_anchor=anchor, class_="set-name")


def _swatch(kind: str) -> Html:
    ring = tag("circle", cx=8, cy=8, r=RADIUS.get(kind, JUDGED), class_="mark")
    return tag("svg", tag("g", ring, class_=kind), viewBox="0 0 16 16", class_="sets swatch", aria_hidden="true")


def _stroke(kind: str) -> Html:
    line = tag("line", x1=0, x2=24, y1=8, y2=8, class_=f"curve {kind}")
    return tag("svg", line, viewBox="0 0 24 16", class_="sets swatch", aria_hidden="true")
