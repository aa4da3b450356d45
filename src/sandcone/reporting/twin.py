"""The twin, held against a time that it did not learn from: what it has right, and what it has not."""

from __future__ import annotations

import math

from sandcone.core.estimate import Estimate
from sandcone.core.truth import Tried, Truth
from sandcone.reporting import words
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.names import title
from sandcone.reporting.tables import because, cell, folded, note, table
from sandcone.reporting.twin_picture import twin_picture

DISTANCES = {
    "NGD": "Which steps follow each other (three in a row)",
    "AEDD": "When things happen, on the calendar",
    "CEDD": "At which hour of which weekday",
    "REDD": "How long after the journey began",
    "CTDD": "Throughput times",
    "CADD": "When patients come",
    "CWD": "When resources work",
    "WIP": "How many patients are in process",
}
WORST = 8


def twin(tried: Tried | None) -> Html:
    """How true the twin is, with the seen, the simulated and the plainly replayed side by side; the reason where there is no twin."""
    if tried is None:
        return because("The twin", "This page was made without one.")
    if tried.truth is None:
        return join([because("The twin", words.sentence(tried.why)), _learnt(tried)])
    truth = tried.truth
    parts = [_intro(tried, truth), _counts(truth), twin_picture(truth), _whole(truth), _worst(truth), _distances(truth), _learnt(tried)]
    return join(parts)


def _intro(tried: Tried, truth: Truth) -> Html:
    learnt, tested = words.count(tried.cases_learnt, "journey"), words.count(tried.cases_tested, "journey")
    how = (
        f"A model of this hospital was learnt from {learnt} and simulated {words.count(truth.runs, 'time')} through the time after them. "
        f"Beside it: the {tested} that really came then, and the last journeys before, replayed as they were. A twin that comes no nearer "
        "than such a replay has shown nothing yet; but a replay cannot say what a change would do."
    )
    return tag("p", how)


def _counts(truth: Truth) -> Html:
    said = ", ".join(f"{n} {kind}" for kind, n in truth.counts.items() if n)
    nearer = [j.nearer_than_naive for j in truth.judged if j.nearer_than_naive is not None]
    beside = f" It is nearer than the replay in {sum(nearer)} of {len(nearer)}." if nearer else ""
    return tag("p", tag("b", f"Of {words.count(len(truth.judged), 'number')}: {said}."), beside)


def _whole(truth: Truth) -> Html:
    rows = [[title(j.name), cell(j.seen), cell(j.simulated), _plain(j.naive, j.seen), j.words] for j in truth.whole]
    return table("The twin beside what was seen", ["Number", "Seen", "Twin", "Past replayed", "Verdict"], rows, texts=(4,))


def _worst(truth: Truth) -> Html | None:
    off = [j for j in truth.worst if j.group][:WORST]
    rows = [[f"{title(j.name)}: {', '.join(j.group.values())}", cell(j.seen), cell(j.simulated), j.words] for j in off]
    name = "Where the twin is farthest off, by step, cause or resource"
    return table(name, ["Number", "Seen", "Twin", "Verdict"], rows, texts=(3,)) if rows else None


def _distances(truth: Truth) -> Html | None:
    rows = [
        [DISTANCES.get(d.name, d.name), cell(d.twin), _plain(d.naive, d.twin), _plain(d.floor, d.twin), d.words] for d in truth.distances
    ]
    head = ["What is compared", "Twin", "Past replayed", "Two real halves", "Verdict"]
    said = note(
        "How far the simulated log lies from the real one, 0 being the same: the distances by which published methods are compared."
    )
    return join([table("Distances between the twin's log and the real one", head, rows, texts=(4,)), said]) if rows else None


def _learnt(tried: Tried) -> Html | None:
    return folded("How the model was learnt", tag("ul", *(tag("li", n) for n in tried.notes))) if tried.notes else None


def _plain(value: float | None, like: Estimate) -> Html:
    if value is None or math.isnan(value):
        return cell(None)
    return join([words.say(Estimate(value=value, n=like.n, unit=like.unit))])
