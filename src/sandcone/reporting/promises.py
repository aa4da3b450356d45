"""Promises, punctuality and steps done again: what was meant beside what was done."""

from __future__ import annotations

from sandcone.core.estimate import Measures
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.tables import absent, cell, largest, table

ASKED = (
    ("timeliness.within_promise", "Journeys done within the promised time"),
    ("lateness.median", "Typical lateness against the booked time (below zero is early)"),
    ("lateness.mean", "Mean lateness against the booked time"),
    ("first_start.within_5_min", "First starts of the day within 5 minutes of the booked time"),
    ("first_start.within_15_min", "First starts of the day within 15 minutes of the booked time"),
    ("cancellation.share", "Journeys with a cancelled step"),
)


def promises(measures: Measures) -> Html:
    """A table of promises and punctuality; the reason where the log has neither."""
    rows = [*_promise_rows(measures), *([text, cell(e)] for name, text in ASKED if (e := measures.get(name)) is not None)]
    title = tag("h3", "Promises and punctuality")
    reason = absent(measures, "Promises and punctuality", *(name for name, _ in ASKED), "promise.within")
    told = table("Promises and punctuality", ["What was meant", "What was done"], rows) if rows else reason
    return join([title, told, _again(measures)])


def _promise_rows(measures: Measures) -> list[list[str]]:
    rows: list[list[str]] = []
    for m in measures.by("promise.within", "promise"):
        name = m.group["promise"]
        rows.append([f"{name[:1].upper()}{name[1:]}: done within the promised time", cell(m.estimate)])
        if (median := measures.get("promise.median", promise=name)) is not None:
            rows.append(["the time it typically took", cell(median)])
    return rows


def _again(measures: Measures) -> Html | None:
    repeats = [m for m in largest(measures.by("repeat_share", "step")) if m.estimate.value > 0][:5]
    rows = [[m.group["step"], cell(m.estimate), cell(measures.get("step_share", step=m.group["step"]))] for m in repeats]
    head = ["Step", "Journeys in which it is repeated", "Journeys that have it"]
    return table("Steps most often done again", head, rows) if rows else None
