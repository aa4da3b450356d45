"""Bars in the width of the page, and the key that says what their parts mean."""

from __future__ import annotations

from collections.abc import Iterable

from sandcone.reporting.markup import Html, tag


def bar(part: float, told: str) -> Html:
    """A plain bar, ``part`` of the full width."""
    filled = tag("rect", width=f"{100 * max(part, 0):.2f}%", height="100%", class_="plain")
    return tag("svg", tag("title", told), filled, class_="bar thin", role="img", aria_label=told)


def parted(parts: Iterable[tuple[str, float]], told: str) -> Html:
    """A bar of several parts, each a (class, share of the full width)."""
    drawn, x = [], 0.0
    for kind, share in parts:
        if share > 0:
            drawn.append(tag("rect", x=f"{100 * x:.3f}%", width=f"{100 * share:.3f}%", height="100%", class_=f"cause {kind}"))
        x += share
    return tag("svg", tag("title", told), *drawn, class_="bar", role="img", aria_label=told)


def legend(parts: Iterable[tuple[str, str]], told: str) -> Html:
    """What the parts of bars mean, each a (class, words)."""
    return tag("ul", *(tag("li", _swatch(kind), text) for kind, text in parts), class_="legend", aria_label=told)


def _swatch(kind: str) -> Html:
    return tag("svg", tag("rect", width="100%", height="100%", class_=f"cause {kind}"), class_="swatch", aria_hidden="true")
