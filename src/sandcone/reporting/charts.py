"""Section 8: control charts, week by week, with what counts as a signal said in words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sandcone.core.estimate import Estimate, Measures
from sandcone.core.log import EventLog
from sandcone.reporting import words
from sandcone.reporting.glossary import term
from sandcone.reporting.line_picture import Line, picture
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.tables import absences, cell, folded, notes_of, table, why

KINDS = {
    "arrivals": "New journeys each week",
    "throughput": "Throughput time of journeys",
    "flow_efficiency": "Flow efficiency",
    "wait": "Waiting",
}
SAID = 4  # signals written out below a chart
RULES = {  # the rules of NHS England's "Making data count", told without jargon
    "outside": "beyond the limits",
    "run": "a long run on one side of the middle",
    "trend": "a long run that only rises or only falls",
    "near": "two of three weeks close to a limit",
}
_KNOWN = (
    ("out|beyond|limit_break|point", "outside"),
    ("two|three|near|close", "near"),
    ("trend|rising|falling|monoton", "trend"),
    ("run|shift|same|side", "run"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """One week of a control chart."""

    name: str
    estimate: Estimate
    signals: tuple[str, ...]


def charts(log: EventLog, measures: Measures) -> Html:
    """One chart for each number that is followed over the weeks."""
    found = {kind: _weeks(measures, kind) for kind in KINDS}
    drawn = [_chart(kind, weeks) for kind, weeks in found.items() if len(weeks) > 1]
    gone = absences({KINDS[kind]: why(measures, f"xmr.{kind}") for kind, weeks in found.items() if len(weeks) <= 1})
    notes = notes_of([m for kind in KINDS for m in measures.by(f"xmr.{kind}", "week")])
    return join([_reading() if drawn else None, notes, tag("div", *drawn, class_="charts two") if drawn else None, gone])


def _reading() -> Html:
    limits = (
        "A ",
        term("control_chart"),
        " parts ordinary ups and downs from ",
        term("signal", "signals"),
        ". Between the broken lines (",
        term("limits"),
        ") nothing special needs explaining. ",
    )
    marks = "A ring marks a signal; the sentence below each chart says which rule it broke. The limits are never moved to fit later weeks."
    return tag("p", *limits, marks)


def _weeks(measures: Measures, kind: str) -> list[Week]:
    broken: dict[str, list[str]] = {}
    for m in measures.by(f"xmr_signal.{kind}", "week", "rule"):
        if m.estimate.value:
            broken.setdefault(m.group["week"], []).append(rule(m.group["rule"]))
    weeks = ((m.group["week"], m.estimate) for m in measures.by(f"xmr.{kind}", "week") if m.estimate.known)
    return sorted((Week(name=w, estimate=e, signals=tuple(broken.get(w, ()))) for w, e in weeks), key=lambda w: w.name)


def rule(name: str) -> str:
    """A rule in plain words."""
    key = next((k for pattern, k in _KNOWN if re.search(pattern, name.lower())), "")
    return RULES.get(name) or RULES.get(key) or name.replace("_", " ")


def _chart(kind: str, weeks: list[Week]) -> Html:
    said = _signals(weeks)
    told = f"{KINDS[kind]}, {len(weeks)} weeks. {_count(said)}"
    rows = [[words.week(w.name), words.in_unit(w.estimate.value, w.estimate.unit), "; ".join(w.signals) or "–"] for w in weeks]
    inside = folded("As a table", table(KINDS[kind], ["Week", "Value", "Signal"], rows, texts=(2,)))
    below = tag("p", f"{_count(said)}{_limits(weeks[0].estimate)}", class_="note")
    listed = tag("ul", *(tag("li", s) for s in said[:SAID]), _more(len(said) - SAID), class_="note") if said else None
    return tag("figure", tag("figcaption", KINDS[kind]), picture(told, _line(weeks)), below, listed, inside, class_="small")


def _line(weeks: list[Week]) -> Line:
    e = [w.estimate for w in weeks]
    low, high = [x.low for x in e if x.low is not None], [x.high for x in e if x.high is not None]
    limits = (min(low), max(high)) if low and high else None
    marks = frozenset(i for i, w in enumerate(weeks) if w.signals)
    return Line(values=[x.value for x in e], names=[_short_week(w.name) for w in weeks], unit=e[0].unit, limits=limits, marks=marks)


def _limits(e: Estimate) -> str:
    return f" Limits: {words.interval(e)}." if words.interval(e) else ""


def _count(said: list[str]) -> str:
    return f"{words.count(len(said), 'signal')}." if said else "No signal: only ordinary ups and downs."


def _more(n: int) -> Html | None:
    return tag("li", f"and {n} more, in the table") if n > 0 else None


def _signals(weeks: list[Week]) -> list[str]:
    """The signals in words, in order of time, neighbours with the same signal taken together."""
    spans: list[tuple[int, int, str]] = []
    for r in dict.fromkeys(s for w in weeks for s in w.signals):
        for i in (i for i, w in enumerate(weeks) if r in w.signals):
            if spans and spans[-1][2] == r and spans[-1][1] == i - 1:
                spans[-1] = (spans[-1][0], i, r)
            else:
                spans.append((i, i, r))
    return [f"{_capital(_span(weeks, a, b))}: {r}" for a, b, r in sorted(spans)]


def _span(weeks: list[Week], a: int, b: int) -> str:
    first, last = words.week(weeks[a].name), words.week(weeks[b].name)
    if a == b:
        return first
    if first.startswith("week of "):
        first, last = first.removesuffix(last[-5:]), last.removeprefix("week of ")
    return f"{first} to {last} ({b - a + 1} weeks)"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _short_week(name: str) -> str:
    said = words.week(name)
    if said.startswith("week of "):
        day, month, year = said.removeprefix("week of ").split(" ")
        return f"{day} {month[:3]} {year}"
    return name


def patients_in_process(measures: Measures) -> Html | None:
    """How many journeys were open on each day; None where it was not measured."""
    days = sorted((m for m in measures.by("wip.daily", "day") if m.estimate.known), key=lambda m: m.group["day"])
    if len(days) < 2:
        return None
    values = [m.estimate.value for m in days]
    told = f"Patients in process each day, {len(days)} days, between {words.number(min(values))} and {words.number(max(values))}"
    line = Line(values=values, names=[_short_week(m.group["day"]) for m in days], unit="cases", limits=None, marks=frozenset())
    rows = [[m.group["day"], cell(m.estimate)] for m in days[:: max(1, len(days) // 60)]]
    title = "As a table" if len(days) <= 60 else f"As a table, every {words.count(max(1, len(days) // 60), 'day')}"
    return tag(
        "figure",
        tag("figcaption", "Patients in process each day"),
        picture(told, line),
        folded(title, table("Patients in process", ["Day", "Journeys open"], rows)),
        class_="small",
    )
