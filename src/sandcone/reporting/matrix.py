"""Section 3: the efficiency matrix, busy resources to the right and flowing patients at the top (FIELD.md §3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from sandcone.core.estimate import Estimate, Measures
from sandcone.core.log import EventLog
from sandcone.reporting import words
from sandcone.reporting.glossary import term
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.matrix_picture import Axis, Dot, Plot, close_axis, picture, whole_axis
from sandcone.reporting.names import shown_as
from sandcone.reporting.tables import absences, cell, estimated, folded, not_shown, note, notes_of, over_full, table, why

SHOWN, MOVING = 12, 6
VIEWS = (("unit", "Units"), ("segment", "Groups of patients"), ("mode", "Operating modes"))
HEAD = ("Which", "Resource efficiency", "Flow efficiency", "Rests on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One unit, segment, mode or period in the matrix."""

    label: str
    re: Estimate
    fe: Estimate


def matrix(log: EventLog, measures: Measures) -> Html:
    """The matrix in small charts, one for each way of splitting the log, and how it moved."""
    views = [(key, title, points(measures, key)) for key, title in VIEWS]
    drawn = [_chart(measures, key, title, found) for key, title, found in views if found]
    drawn += [c for c in (_movement(measures), _unit_movement(measures)) if c is not None]
    gone = _absent(measures, [(key, title) for key, title, found in views if not found])
    if not drawn:
        return gone
    notes = notes_of(m for name in ("matrix.re", "matrix.fe") for m in measures if m.name == name)
    after = [gone, notes, over_full(measures, "matrix.re"), _trade_off(measures)]
    return join([_reading(log), _corners(), tag("div", *drawn, class_="charts"), *after])


def _absent(measures: Measures, views: Sequence[tuple[str, str]]) -> Html:
    return absences({title: why(measures, f"matrix by {key}", "matrix.re", "matrix.fe") for key, title in views})


def points(measures: Measures, *keys: str) -> list[Point]:
    """Every group that has both efficiencies, those resting on most first (in order of time for periods)."""
    fe = {tuple(m.group[k] for k in keys): m.estimate for m in measures.by("matrix.fe", *keys)}
    re = [(tuple(m.group[k] for k in keys), m.estimate) for m in measures.by("matrix.re", *keys)]
    found = [Point(label=" · ".join(map(shown_as, g)), re=e, fe=fe[g]) for g, e in re if g in fe and e.known and fe[g].known]
    return sorted(found, key=lambda p: p.label) if "period" in keys else sorted(found, key=lambda p: -p.fe.n)


def _reading(log: EventLog) -> Html:
    right = ("Each point shows two things at once. Further to the right: ", term("resource_efficiency", "resources are busier"), ". ")
    up = ("Higher: ", term("flow_efficiency", "patients wait for less of their time"), ". ")
    thin = ("The thin lines through a point are its ", term("interval", "intervals"), ". ")
    cut = "The dashed lines part high from low, at the middle of what is compared: a corner sets one part beside the others."
    return tag("p", *right, *up, *thin, cut, " " if estimated(log) else None, estimated(log))


def _corners() -> Html:
    named = (("ocean", "top left"), ("perfect", "top right"), ("wasteland", "bottom left"), ("islands", "bottom right"))
    return note("The four corners: ", join((join([term(n), f" ({where})"]) for n, where in named), ", "), ".")


def _middle(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def _cut(measures: Measures, key: str, axis: str, values: Sequence[float]) -> float:
    """Where high begins: for units the measured middle of all of them, else the middle of what is shown."""
    e = measures.get(f"matrix.cut_{axis}") if key == "unit" else None
    return e.value if e and e.known else _middle(values)


def _plot(measures: Measures, key: str, shown: Sequence[Point], axis: Callable[[Sequence[float], float], Axis]) -> Plot:
    x, y = [p.re.value for p in shown], [p.fe.value for p in shown]
    across = axis([*x, *_reach(p.re for p in shown)], _cut(measures, key, "re", x))
    return Plot(across=across, up=axis([*y, *_reach(p.fe for p in shown)], _cut(measures, key, "fe", y)))


def _reach(shown: Iterable[Estimate]) -> list[float]:
    """The ends of intervals, as far as shares can go."""
    return [min(max(end, 0.0), 1.0) for e in shown for end in _span(e) or ()]


def _span(e: Estimate) -> tuple[float, float] | None:
    return None if words.half_width(e) is None or e.low is None or e.high is None else (e.low, e.high)


def _dots(shown: Sequence[Point]) -> list[Dot]:
    return [Dot(name=str(i), x=p.re.value, y=p.fe.value, wide=_span(p.re), tall=_span(p.fe)) for i, p in enumerate(shown, 1)]


def _chart(measures: Measures, key: str, title: str, found: list[Point]) -> Html:
    shown = found[:SHOWN]
    drawn = picture(title, _plot(measures, key, shown, whole_axis), _dots(shown))
    parts = [tag("figcaption", title), drawn, _key(shown), not_shown(SHOWN, len(found), title.lower()), _table(title, found)]
    return tag("figure", *parts, class_="small")


def _key(shown: Sequence[Point]) -> Html:
    return tag("ol", *(tag("li", p.label, tag("small", f"in use {words.say(p.re)}, flow {words.say(p.fe)}")) for p in shown), class_="key")


def _table(title: str, found: Sequence[Point]) -> Html:
    rows = [[p.label, cell(p.re), cell(p.fe), f"{p.fe.n:,}"] for p in found[: 4 * SHOWN]]
    return folded("As a table", table(f"{title} in the matrix", HEAD, rows))


def _movement(measures: Measures) -> Html | None:
    shown = points(measures, "period")[-SHOWN:]
    if len(shown) < 2:
        return None
    title, dots = "The whole log over time", _dots(shown)
    dots[1:-1] = [replace(d, wide=None, tall=None) for d in dots[1:-1]]
    drawn = picture(title, _plot(measures, "period", shown, close_axis), dots, [dots])
    told = note(
        "The line goes from period to period; the first and the last have their intervals. The axes are drawn close and do not begin at 0."
    )
    return tag("figure", tag("figcaption", title), drawn, told, _key(shown), _table(title, shown), class_="small")


def _unit_movement(measures: Measures) -> Html | None:
    by_unit: dict[str, list[Point]] = {}
    for p in points(measures, "unit", "period"):
        by_unit.setdefault(p.label.rsplit(" · ", 1)[0], []).append(p)
    moving = sorted(((u, path) for u, path in by_unit.items() if len(path) > 1), key=lambda u: -sum(p.fe.n for p in u[1]))
    return _moves(measures, dict(moving[:MOVING]), len(moving)) if moving else None


def _moves(measures: Measures, shown: dict[str, list[Point]], of: int) -> Html:
    title = "Units, from the first period to the last"
    ends = [[_end(str(i), path[0]), _end(str(i), path[-1])] for i, path in enumerate(shown.values(), 1)]
    plot = _plot(measures, "unit", [p for path in shown.values() for p in (path[0], path[-1])], whole_axis)
    drawn = picture(title, plot, [e[-1] for e in ends], ends)
    key = tag("ol", *(tag("li", unit, tag("small", _moved(path[0], path[-1]))) for unit, path in shown.items()), class_="key")
    rest = (not_shown(MOVING, of, "units"), _table("Units in each period", [p for path in shown.values() for p in path]))
    return tag(
        "figure",
        tag("figcaption", title),
        drawn,
        note("The small ring is the first period, the number the last."),
        key,
        *rest,
        class_="small",
    )


def _end(name: str, p: Point) -> Dot:
    return Dot(name=name, x=p.re.value, y=p.fe.value)


def _moved(before: Point, after: Point) -> str:
    use = f"in use {words.say(before.re)} → {words.say(after.re)}"
    return f"{use}, flow {words.say(before.fe)} → {words.say(after.fe)}"


def _trade_off(measures: Measures) -> Html | None:
    whole, units = measures.get("v_star"), [m for m in measures.by("v_star", "unit") if m.estimate.known]
    if whole is None and not units:
        return None
    sure = f" ({words.interval(whole)})" if whole and words.interval(whole) else ""
    said = join(["Over the whole log, ", term("v_star", "V*"), " is ", tag("b", words.say(whole)), f"{sure}. "]) if whole else None
    rows = [[m.group["unit"], cell(m.estimate)] for m in units]
    inside = folded("V* of each unit", table("V* of each unit", ["Unit", "V*"], rows)) if rows else None
    caution = "One log cannot show that a trade-off was broken; that takes two periods or two plans, compared under the same demand."
    return join([note(said, caution), inside])
