"""The page: its parts in order, in one file that asks nothing of any other host."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sandcone.core.estimate import Measures
from sandcone.core.improved import Improved
from sandcone.core.log import EventLog
from sandcone.core.overview import Overview
from sandcone.core.truth import Tried
from sandcone.reporting.booked_month import BookedMonth, booked_month
from sandcone.reporting.charts import charts
from sandcone.reporting.finite import finite
from sandcone.reporting.frame import Part, drawn_once, framed, heading
from sandcone.reporting.glossary import glossary
from sandcone.reporting.headline import headline
from sandcone.reporting.heat import heat
from sandcone.reporting.holds import holds
from sandcone.reporting.improve_section import improve_section
from sandcone.reporting.library import library
from sandcone.reporting.made import made
from sandcone.reporting.markup import Html, tag
from sandcone.reporting.matrix import matrix
from sandcone.reporting.next_weeks import NextWeeks, next_weeks
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
    body: Callable[[EventLog, Measures], Html] | None  # None: made apart


SECTIONS = (
    Section("headline", "In short", headline),
    Section("log", "What the log holds and what was left out", holds),
    Section("matrix", "The efficiency matrix", matrix),
    Section("waits", "Where patients wait, and why", waits),
    Section("map", "The ways patients take", process_map),
    Section("week", "How busy each resource is", heat),
    Section("variety", "Variety against variation", variety),
    Section("modules", "Modules of care", None),
    Section("control", "Week by week", charts),
    Section("unfinished", "Unfinished patients", unfinished),
    Section("twin", "The twin, and whether it is true", None),
    Section("improve", "What could be changed", None),
    Section("next", "The weeks ahead, planned", None),
    Section("booked", "A month, booked", None),
    Section("unmeasured", "What could not be measured", unmeasured),
    Section("glossary", "Glossary", lambda log, measures: glossary()),
    Section("made", "How the numbers were made", made),
)


def page(
    log: EventLog,
    measures: Measures,
    tried: Tried | None = None,
    modules: Overview | str | None = None,
    planned: NextWeeks | None = None,
    booked: BookedMonth | None = None,
    improved: Improved | str | None = None,
) -> str:
    """The whole report as one HTML page, for people who would rather look than read.

    It needs no other file and no network, runs one short script (Escape hides an open explanation), and says where the
    log cannot support a number why not. All text from the log is escaped.
    """
    name, known = log.site.name or log.source, finite(measures)
    apart = {
        "twin": twin(tried),
        "modules": library(modules),
        "improve": improve_section(improved),
        "next": next_weeks(planned),
        "booked": booked_month(booked),
    }
    parts = [Part(s.name, s.title, apart[s.name] if s.body is None else s.body(log, known)) for s in SECTIONS]
    return framed(f"{name}: flow and resource efficiency", _header(log, name), parts, _patterns())


def _header(log: EventLog, name: str) -> Html:
    when = "" if log.site.dates_shifted else f", {period_in_words(log)}"
    return heading("Sandcone report", name, f"How patients flow and how resources are used{when}")


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
    return drawn_once(*drawn, arrow)
