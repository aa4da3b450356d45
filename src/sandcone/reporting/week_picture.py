"""Drawing the week of a pool as a strip of 168 hours."""

from __future__ import annotations

from itertools import groupby

from sandcone.core.clock import WEEKDAYS
from sandcone.reporting.markup import Html, tag

Week = list[float]  # a value for each hour from Monday midnight
HOURS = tuple(f"{d} {h:02d}" for d in WEEKDAYS for h in range(24))
FULL = dict(zip(WEEKDAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True))
LEVELS = 8


def days() -> Html:
    """The names of the days above the strips."""
    names = (tag("text", d, x=f"{(i + 0.5) * 100 / 7:.2f}%", y=14, text_anchor="middle") for i, d in enumerate(WEEKDAYS))
    return tag("div", tag("span", class_="pool"), tag("svg", *names, class_="days", aria_hidden="true"), class_="strip")


def strip(pool: str, busy: Week, opened: Week | None) -> Html:
    """One pool: darker where more of it is in use, framed where it is open."""
    top = max(busy)
    told = f"{pool}: busiest {busiest_hour(busy)}, then {_tenths(top)} in use on average"
    cells = _runs([round(LEVELS * b / top) if top > 0 else 0 for b in busy])
    marks = [tag("rect", x=a, y=0, width=n, height=10, class_="cell", fill_opacity=level / LEVELS) for level, a, n in cells if level]
    midnights = [tag("line", x1=24 * d, x2=24 * d, y1=0, y2=10, class_="midnight") for d in range(1, 7)]
    open_runs = _runs([int(o >= 0.5) for o in opened or []])
    frames = [tag("rect", x=a, y=0.3, width=n, height=9.4, class_="open") for on, a, n in open_runs if on]
    inside = (tag("title", told), *marks, *midnights, *frames)
    box = {"viewBox": "0 0 168 10", "preserveAspectRatio": "none", "class_": "hours", "role": "img", "aria_label": told}
    name = tag("span", pool, tag("small", f"{'up to ' if top >= 0.05 else ''}{_tenths(top)} in use"), class_="pool")
    return tag("div", name, tag("svg", *inside, **box), class_="strip")


def _tenths(number: float) -> str:
    return "less than 0.1" if 0 < number < 0.05 else f"{number:,.1f}".removesuffix(".0")


def _runs(levels: list[int]) -> list[tuple[int, int, int]]:
    """Equal neighbours joined: (level, first, how many)."""
    found = []
    for level, group in groupby(enumerate(levels), key=lambda t: t[1]):
        at = [i for i, _ in group]
        found.append((level, at[0], len(at)))
    return found


def scale() -> Html:
    """What the shades mean."""
    part = 100 / (LEVELS + 1)
    size = {"width": f"{part:.2f}%", "height": "100%", "class_": "cell"}
    steps = (tag("rect", x=f"{part * i:.2f}%", fill_opacity=i / LEVELS, **size) for i in range(LEVELS + 1))
    return tag(
        "p", "none in use ", tag("svg", *steps, class_="scale", aria_hidden="true"), " busiest hour of the pool", class_="note shades"
    )


def busiest_hour(busy: Week) -> str:
    """The busiest hour of the week in words: "Monday from 9:00"."""
    day, hour = HOURS[busy.index(max(busy))].split(" ")
    return f"{FULL[day]} from {int(hour)}:00"
