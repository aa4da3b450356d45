"""Section 12: how the numbers were made."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from sandcone.core.estimate import Measures
from sandcone.core.log import EventLog
from sandcone.reporting import words
from sandcone.reporting.glossary import term
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.names import title as named
from sandcone.reporting.tables import cell, folded, note, table


def made(log: EventLog, measures: Measures) -> Html:
    """Version, methods with the seeds they name, and every number of the whole log."""
    title = "Every number of the whole log"
    rows = [[named(m.name), cell(m.estimate), f"{m.estimate.n:,}", m.estimate.method] for m in measures if not m.group]
    everything = folded(title, table(title, ["Number", "Value", "Rests on", "Method"], rows, texts=(3,))) if rows else None
    files = "Beside this page lie measures.json and measures.parquet with every number, its interval, its count and its method."
    return join([_intervals(), _methods(measures), everything, tag("p", files), note(f"Made by Sandcone {release()} from {log.source}.")])


def release() -> str:
    """The version of Sandcone that is installed."""
    try:
        return version("sandcone")
    except PackageNotFoundError:
        return "(version not known)"


def _intervals() -> Html:
    start = ("A number in small type beside another is its ", term("interval"), ". Numbers show only the digits that it supports. ")
    return tag("p", *start, "Where chance is used, it starts from the seed named with the method.")


def _methods(measures: Measures) -> Html | None:
    methods: dict[str, set[str]] = {}
    for m in measures:
        methods.setdefault(m.estimate.method, set()).add(named(m.name.split(".")[0]).split(",")[0])
    rows = [[method, _some(sorted(names))] for method, names in sorted(methods.items(), key=lambda x: -len(x[1]))]
    return folded("Methods", table("Methods", ["Method", "Used for"], rows, texts=(1,))) if rows else None


def _some(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= 6 else f"{', '.join(names[:5])} and {words.count(len(names) - 5, 'other number')}"
