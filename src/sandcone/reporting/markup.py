"""Building a page so that nothing from the data can ever become a part of its code.

A plain ``str`` is text and is escaped; an ``Html`` is a finished piece and is kept as it is.
"""

from __future__ import annotations

import html
from collections.abc import Iterable

VOID = frozenset({"meta", "link", "br", "hr", "img"})
_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127), "�")


class Html(str):
    """Text that is already safe to put in a page."""

    __slots__ = ()


def escaped(text: str) -> Html:
    """Text made safe; what is already safe is left alone."""
    return text if isinstance(text, Html) else Html(html.escape(text.translate(_CONTROLS)))


def join(parts: Iterable[str | None], between: str = "") -> Html:
    """Pieces one after the other; None is nothing."""
    return Html(between.join(escaped(p) for p in parts if p is not None))


def tag(name: str, *children: str | None, **attributes: str | float | None) -> Html:
    """One element: ``tag("p", "text", class_="x")``; an underscore in an attribute's name stands for a hyphen."""
    opening = f"<{name}{''.join(_attribute(k, v) for k, v in attributes.items() if v is not None)}>"
    return Html(opening) if name in VOID else Html(f"{opening}{join(children)}</{name}>")


def _attribute(name: str, value: str | float) -> str:
    text = value if isinstance(value, str) else short(value)
    return f' {name.rstrip("_").replace("_", "-")}="{html.escape(text.translate(_CONTROLS))}"'


def short(number: float) -> str:
    """A coordinate with two decimals at most."""
    text = f"{float(number):.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
