"""The page: its parts in order, in one file that asks nothing of any other host."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files

from sandcone.core.estimate import Measures
from sandcone.core.log import EventLog
from sandcone.core.truth import Tried
from sandcone.reporting.charts import charts
from sandcone.reporting.finite import finite
from sandcone.reporting.glossary import glossary
from sandcone.reporting.headline import headline
from sandcone.reporting.heat import heat
from sandcone.reporting.holds import holds
from sandcone.reporting.made import made
from sandcone.reporting.markup import Html, tag
from sandcone.reporting.matrix import matrix
from sandcone.reporting.period import period_in_words
from sandcone.reporting.process_map import process_map
from sandcone.reporting.twin import twin
from sandcone.reporting.unfinished import unfinished
from sandcone.reporting.unmeasured import unmeasured
from sandcone.reporting.variety import variety
from sandcone.reporting.waits import waits


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page."""

    name: str
    title: str
    body: Callable[[EventLog, Measures], Html] | None  # None: made apart, from the twin


SECTIONS = (
    Section("headline", "In short", headline),
    Section("log", "What the log holds and what was left out", holds),
    Section("matrix", "The efficiency matrix", matrix),
    Section("waits", "Where patients wait, and why", waits),
    Section("map", "The ways patients take", process_map),
    Section("week", "How busy each resource is", heat),
    Section("variety", "Variety against variation", variety),
    Section("control", "Week by week", charts),
    Section("unfinished", "Unfinished patients", unfinished),
    Section("twin", "The twin, and whether it is true", None),
    Section("unmeasured", "What could not be measured", unmeasured),
    Section("glossary", "Glossary", lambda log, measures: glossary()),
    Section("made", "How the numbers were made", made),
)


def page(log: EventLog, measures: Measures, tried: Tried | None = None) -> str:
    """The whole report as one HTML page, for people who would rather look than read.

    It needs no other file and no network, runs one short script (Escape hides an open explanation), and says where the
    log cannot support a number why not. All text from the log is escaped.
    """
    name, known = log.site.name or log.source, finite(measures)
    parts = tag("div", _contents(), _main(log, known, twin(tried)), class_="page")
    body = tag("body", _skip(), _header(log, name), parts, _footer(), _patterns(), tag("script", _asset("script.js")))
    return f'<!DOCTYPE html>\n<html lang="en">{_head(name)}{body}</html>\n'


def _asset(name: str) -> Html:
    return Html(files("sandcone.reporting").joinpath(name).read_text(encoding="utf-8"))


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _head(name: str) -> Html:
    style, script = _asset("style.css"), _asset("script.js")
    policy = f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; img-src data:; base-uri 'none'; form-action 'none'"
    parts = [
        tag("meta", charset="utf-8"),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        tag("meta", name_="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name_="referrer", content="no-referrer"),
        tag("link", rel="icon", href="data:,"),
        tag("title", f"{name}: flow and resource efficiency"),
        tag("style", style),
    ]
    return tag("head", *parts)


def _skip() -> Html:
    return tag("a", "Skip to the report", href="#main", class_="skip")


def _header(log: EventLog, name: str) -> Html:
    when = "" if log.site.dates_shifted else f", {period_in_words(log)}"
    return tag(
        "header",
        tag("p", "Sandcone report", class_="kicker"),
        tag("h1", name),
        tag("p", f"How patients flow and how resources are used{when}", class_="sub"),
    )


def _contents() -> Html:
    links = (tag("li", tag("a", s.title, href=f"#{s.name}")) for s in SECTIONS)
    return tag("nav", tag("h2", "Contents"), tag("ol", *links), aria_label="Contents")


def _main(log: EventLog, measures: Measures, twin: Html) -> Html:
    bodies = (twin if s.body is None else s.body(log, measures) for s in SECTIONS)
    return tag("main", *(_section(i, s, b) for i, (s, b) in enumerate(zip(SECTIONS, bodies, strict=True), 1)), id="main", tabindex="-1")


def _section(number: int, s: Section, body: Html) -> Html:
    title = tag("h2", tag("span", f"{number}", class_="number"), " ", s.title, id=f"{s.name}-title")
    return tag("section", title, body, id=s.name, aria_labelledby=f"{s.name}-title")


def _footer() -> Html:
    return tag("footer", tag("p", "This page is one file. It sends nothing and asks for nothing; it can be kept, mailed and printed."))


PATTERNS = {  # hatching, so that colour is never the only sign
    "priority": "M-2 2L2 -2M0 8L8 0M6 10L10 6",
    "off_shift": "M2 2h1.6v1.6h-1.6zM6 6h1.6v1.6h-1.6z",
    "batching": "M2 0V8M6 0V8",
    "no_resource": "M0 4H8",
}


def _patterns() -> Html:
    """Hatchings and the arrow head, drawn once for the whole page."""
    box = {"width": "8", "height": "8", "patternUnits": "userSpaceOnUse"}
    drawn = (
        tag("pattern", tag("rect", width=8, height=8, class_=f"ground {n}"), tag("path", d=d, class_=f"hatch {n}"), id=f"hatch-{n}", **box)
        for n, d in PATTERNS.items()
    )
    arrow = tag(
        "marker",
        tag("path", d="M0 0L9 4.5L0 9z", class_="arrow"),
        id="arrow",
        viewBox="0 0 9 9",
        refX="7",
        refY="4.5",
        markerWidth="7",
        markerHeight="7",
        orient="auto",
    )
    return tag("svg", tag("defs", *drawn, arrow), width=0, height=0, class_="defs", aria_hidden="true", focusable="false")
