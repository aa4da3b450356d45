"""Section 5: the process map, steps as boxes and ways as lines, thick where many patients go."""

from __future__ import annotations

from dataclasses import dataclass

from sandcone.core.estimate import Estimate, Measures
from sandcone.core.log import EventLog
from sandcone.reporting import words
from sandcone.reporting.layout import Edge
from sandcone.reporting.map_picture import Way, drawn
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.tables import absent, cell, estimated, folded, note, starts_sentence, table

START, END = "(start)", "(end)"
NODES, EDGES = 20, 26
Ways = dict[Edge, Estimate]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The part of the map that is shown, and how much is not."""

    shown: Ways
    steps: int  # shown
    all_steps: int
    all_ways: int


def process_map(log: EventLog, measures: Measures) -> Html:
    """The map, what it leaves out, and the same as a table."""
    cases = _ways(measures, "edge.count") or _ways(measures, "edge.cases")
    if not cases:
        return absent(measures, "Process map", "edge.count", "edge.cases")
    cut = _cut(cases)
    waits = {e: w.value for e in cut.shown if (w := measures.get("edge.wait_median", **_group(e))) is not None and w.value > 0}
    ways = [Way(edge=e, taken=n.value, wait=waits.get(e)) for e, n in cut.shown.items()]
    caption = tag("figcaption", "Process map", estimated(log))
    notes = [_left_out(cut), _again(cut), _table(measures, cut)]
    return join([_reading(bool(waits)), tag("figure", caption, _box(measures, ways), *notes, class_="wide"), _starts(log)])


def _box(measures: Measures, ways: list[Way]) -> Html:
    """The picture at its own size, in a box that scrolls where the window is narrower."""
    shares = {m.group["step"]: m.estimate.value for m in measures.by("step_share", "step") if m.estimate.known}
    told = "Process map, scrolls sideways where the window is narrow"
    return tag("div", drawn(ways, shares), class_="scroll map-box", role="region", aria_label=told, tabindex="0")


def _ways(measures: Measures, name: str) -> Ways:
    return {(m.group["from"], m.group["to"]): m.estimate for m in measures.by(name, "from", "to") if m.estimate.known}


def _group(e: Edge) -> dict[str, str]:
    return {"from": e[0], "to": e[1]}


def _reading(waits: bool) -> Html:
    times = (
        " The time on a line is the typical wait on that way; the longest waits are drawn in the strong colour with their time in bold."
        if waits
        else ""
    )
    return tag(
        "p", f"Read from the top down. The thicker a line, the more often it is taken.{times} Broken lines lead back to an earlier step."
    )


def _cut(cases: Ways) -> Cut:
    """The busiest steps, the busiest ways between them, and for each step at least its main way in and out."""
    into: dict[str, float] = {}
    for (_, b), e in cases.items():
        into[b] = into.get(b, 0.0) + e.value
    steps = sorted((s for s in into if s not in (START, END)), key=lambda s: (-into[s], s))
    keep = {START, END, *steps[:NODES]}
    inside = sorted((e for e in cases if e[0] in keep and e[1] in keep and e != (START, END)), key=lambda e: (-cases[e].value, e))
    needed = [e for s in keep for e in (_main(inside, 0, s), _main(inside, 1, s)) if e is not None]
    shown = list(dict.fromkeys([*needed, *inside]))[: max(EDGES, len(set(needed)) + 4)]
    chosen = sorted(shown, key=lambda e: (-cases[e].value, e))
    drawn_steps = {s for e in chosen for s in e if e[0] != e[1]} - {START, END}
    return Cut(shown={e: cases[e] for e in chosen}, steps=len(drawn_steps), all_steps=len(steps), all_ways=len(cases))


def _main(inside: list[Edge], end: int, step: str) -> Edge | None:
    return next((e for e in inside if e[end] == step and e[0] != e[1]), None)


def _left_out(cut: Cut) -> Html | None:
    steps = f"the {cut.steps} busiest of {cut.all_steps} steps" if cut.steps < cut.all_steps else f"all {words.count(cut.steps, 'step')}"
    if cut.steps == cut.all_steps and len(cut.shown) == cut.all_ways:
        return note(f"The map shows {steps} and every way between them.")
    ways = f"the {len(cut.shown)} busiest of {words.count(cut.all_ways, 'way')} between them"
    return note(f"The map shows {steps} and {ways}. Rarer ways are not drawn; all are in measures.json.")


def _again(cut: Cut) -> Html | None:
    loops = [(e[0], n) for e, n in cut.shown.items() if e[0] == e[1]]
    said = [f"{step} ({words.count(n.value, 'time')})" for step, n in loops]
    return note(f"Steps often done again at once: {words.listed(said)}.") if said else None


def _table(measures: Measures, cut: Cut) -> Html:
    journeys = _ways(measures, "edge.cases")
    head = ["Way", "Times taken", *(["Journeys"] if journeys else []), "Typical wait (below zero where steps overlap)"]
    rows = [
        [f"{_name(e[0])} → {_name(e[1])}", *_counts(e, n, journeys), cell(measures.get("edge.wait_median", **_group(e)))]
        for e, n in cut.shown.items()
    ]
    return folded("The map as a table", table("Ways between steps", head, rows))


def _counts(e: Edge, taken: Estimate, journeys: Ways) -> list[str]:
    return [words.count(taken.value), *([words.count(journeys[e].value) if e in journeys else "–"] if journeys else [])]


def _name(step: str) -> str:
    return {START: "start", END: "end"}.get(step, step)


def _starts(log: EventLog) -> Html | None:
    return note(starts_sentence(log)) if starts_sentence(log) else None
