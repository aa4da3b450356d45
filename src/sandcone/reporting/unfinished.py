"""Section 9: patients whose journey was still open when the log ended, and what it does to the numbers."""

from __future__ import annotations

from sandcone.core.estimate import Estimate, Measures
from sandcone.core.log import EventLog
from sandcone.reporting import words
from sandcone.reporting.bars import bar
from sandcone.reporting.charts import patients_in_process
from sandcone.reporting.glossary import term
from sandcone.reporting.headline import first, open_journeys
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.tables import absent, folded, note, table, whole_rows


def unfinished(log: EventLog, measures: Measures) -> Html:
    """Unfinished journeys, the median with and without them, and patients in process."""
    return join([_how_many(measures), _medians(measures), _process(measures)])


def _how_many(measures: Measures) -> Html:
    open_, cases = open_journeys(measures), first(measures, "cases")
    if open_ is None:
        return absent(measures, "Unfinished journeys", "cases_unfinished", "throughput_time.km_median")
    if open_.value == 0:
        return tag("p", "Every journey in the log was finished, so nothing needs correcting.")
    part = f" ({words.share(open_.value / cases.value)})" if cases and cases.value else ""
    rest = (
        " still open when the log ended (",
        term("censored", "unfinished"),
        "). They count for as long as they were seen; leaving them out would make journeys look shorter than they are.",
    )
    return tag("p", tag("b", words.count(open_.value, "journey")), part, " was" if open_.value == 1 else " were", *rest)


def _by_how_much(naive: Estimate, honest: Estimate) -> str:
    gap = honest.value - naive.value
    spread = words.half_width(honest)
    if abs(gap) < max(spread or 0.0, 0.005 * honest.value):
        return "Leaving the unfinished ones out would change less than the interval is wide."
    return f"Leaving the unfinished ones out would make that look {words.duration(abs(gap))} {'shorter' if gap > 0 else 'longer'}."


def _medians(measures: Measures) -> Html | None:
    naive, honest = first(measures, "throughput_time.naive_median"), first(measures, "throughput_time.km_median")
    if naive is None or honest is None:
        names = ("throughput_time.km_median", "throughput_time.naive_median")
        return absent(measures, "Throughput time with unfinished journeys counted", *names)
    top = max(naive.value, honest.value) or 1.0
    every = _row("All journeys, the unfinished ones for as long as they were seen", honest, top)
    bars = tag("ol", every, _row("Finished journeys only", naive, top), class_="bars")
    half = ("Worked out by ", term("kaplan_meier", "Kaplan–Meier"), ", half of all journeys take ", tag("b", words.say(honest)))
    told = tag("p", *half, f" or less ({words.support(honest, 'journey')}). ", _by_how_much(naive, honest))
    return join([told, tag("figure", tag("figcaption", "Time within which half of the journeys are done"), bars)])


def _row(what: str, e: Estimate, top: float) -> Html:
    return tag("li", tag("span", tag("b", words.say(e)), f" {what}", class_="bar-label"), bar(e.value / top, f"{what}: {words.say(e)}"))


def _process(measures: Measures) -> Html | None:
    rows = whole_rows(measures, ("wip.mean", "wip.littles_law", "wip.little_gap"))
    chart = patients_in_process(measures)
    if not rows and chart is None:
        return absent(measures, "Patients in process", "wip.daily", "wip.mean")
    check = (
        folded(
            "Do the counts agree? Little's law",
            table("Patients in process, counted and by Little's law", ["Number", "Value", "Rests on"], rows),
        )
        if rows
        else None
    )
    law = note("A check: ", term("littles_law", "Little's law"), " must give about the same number as counting does.") if rows else None
    return join([tag("h3", "Patients in process"), chart, check, law])
