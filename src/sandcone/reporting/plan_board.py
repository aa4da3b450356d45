"""A board: a row for each room, theatre or nurse beside its days, in a box that scrolls with the names standing still."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from sandcone.core.clock import WEEKDAYS
from sandcone.reporting import words
from sandcone.reporting.markup import Html, join, tag


class Days(Protocol):
    """What a board has to know of its days: how many they are, how wide each is drawn, and their dates where they are known."""

    @property
    def days(self) -> int: ...  # noqa: D102
    @property
    def wide(self) -> int: ...  # noqa: D102
    def date(self, day: int) -> date | None: ...  # noqa: D102


REPEAT = 9  # rows after which the days are written again
LETTER = 5.9  # pixels of a letter in a picture


def board(told: str, seen: Days, rows: Iterable[Html], repeat: int = REPEAT) -> Html:
    """The rows under the names of the days, which come again after every so many rows."""
    given, head = list(rows), _days(seen)
    parts = [part for i in range(0, len(given), repeat) for part in (head, *given[i : i + repeat])]
    return tag("div", tag("div", *parts, class_="rows"), class_="scroll board", role="region", aria_label=told, tabindex="0")


def row(name: str, small: str, told: str, height: float, seen: Days, *drawn: Html | None, class_: str = "") -> Html:
    """One row: a name with a remark under it, and a picture of all days."""
    width = seen.wide * seen.days
    size = {"viewBox": f"0 0 {width} {height:g}", "width": f"{width}", "height": f"{height:g}", "role": "img", "aria_label": told}
    picture = tag("svg", tag("title", told), weekend(seen, height), *drawn, **size)
    return tag("div", tag("span", name, tag("small", small) if small else None, class_="who"), picture, class_=f"row {class_}".strip())


def weekend(seen: Days, height: float) -> Html:
    """The ground of a row: a line at each midnight, a darker ground at weekends."""
    x = seen.wide
    dates = ((d, seen.date(d)) for d in range(seen.days))
    off = [tag("rect", x=d * x, y=0, width=x, height=height, class_="weekend") for d, date in dates if date and date.weekday() > 4]
    lines = [tag("line", x1=d * x, x2=d * x, y1=0, y2=height, class_="grid") for d in range(1, seen.days)]
    return join([*off, *lines])


def _days(seen: Days) -> Html:
    """The names of the days, as wide as the days are."""
    x, days = seen.wide, range(seen.days)
    names = (_day(seen, d, (d + 0.5) * x) for d in days)
    width = x * seen.days
    picture = tag("svg", *names, viewBox=f"0 0 {width} 34", width=f"{width}", height="34", aria_hidden="true")
    return tag("div", tag("span", class_="who"), picture, class_="row dates")


def _day(seen: Days, day: int, x: float) -> Html:
    """A day's name: its weekday and date, with the month where it is new, or its number."""
    date = seen.date(day)
    if date is None:
        return tag("text", f"{day}", x=x, y=22, text_anchor="middle", class_="tick")
    month = words.MONTHS[date.month - 1][:3] if day == 0 or date.day == 1 else ""
    below = f"{date.day} {month}" if month and seen.wide > 34 else month or f"{date.day}"
    return join(
        tag("text", text, x=x, y=y, text_anchor="middle", class_="tick") for text, y in ((WEEKDAYS[date.weekday()], 13), (below, 28))
    )


def fitted(text: str, width: float) -> str:
    """As much of a text as fits into so many pixels; nothing where not even two letters do."""
    most = int(width / LETTER)
    return text if len(text) <= most else f"{text[: most - 1]}…" if most >= 3 else ""
