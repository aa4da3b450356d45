"""The page of a verdict: one paragraph for a board, the picture, the differences, the guards, and how it was made."""

from __future__ import annotations

from pathlib import Path

from sandcone.core.judged import Judged
from sandcone.core.place import beside
from sandcone.reporting import words
from sandcone.reporting.frame import Part, drawn_once, framed, heading
from sandcone.reporting.made import release
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.tables import note, table
from sandcone.reporting.verdict_picture import verdict_picture
from sandcone.reporting.verdict_words import MEANS, STATES, agreed, board, gap_of, guards, rows, sentences, value

MADE = (
    "Resource efficiency is busy over open hours, weighted by cost where the site says it; flow efficiency is hours of help over hours "
    "from need to the end, of patients weighed to the mix of both periods. A rise of either counts only with the mix held and as it was. "
    "V* is the variability that would explain the waits at these utilizations (Erlang's formula); it is of the queues as they were."
)
DAYS = (
    "Neighbouring days are alike, so intervals rest on slow waves of the daily numbers (equal-weighted cosines, Student's t). Every word "
    "but no change was looked at again without the weeks that pull most, and V* again beside a steady trend."
)
RUNS = (
    "Intervals are of differences run by run (Student's t). "
    "Made with one seed, both runs of a pair met the same patients with the same luck."
)


def verdict_page(j: Judged) -> str:
    """A verdict as one HTML page. It names no patient, needs no other file and no network; all text is escaped."""
    parts = [
        Part("verdict", "In short", _short(j)),
        Part("picture", "Before, after, and the old curve", verdict_picture(j)),
        Part("differences", "What moved", _differences(j)),
        Part("guards", "Guards", guards_table(j)),
        Part("compared", "What was compared", _compared(j)),
        Part("made", "How the numbers were made", _made(j)),
    ]
    names = " and ".join(j.compared.names)
    return framed(f"Verdict: {j.headline}", heading("Sandcone verdict", j.headline.capitalize(), names), parts, drawn_once())


def write_verdict(j: Judged, path: Path) -> Path:
    """Put the page in its place."""
    with beside(path) as part:
        part.write_text(verdict_page(j), encoding="utf-8")
    return path


def _short(j: Judged) -> Html:
    lead = tag("p", tag("b", j.headline.capitalize()), f". {MEANS[j.verdict.word]}.", class_="lead")
    return join([lead, *(tag("p", s) for s in sentences(j)), tag("p", board(j)), note(agreed(j))])


def _differences(j: Judged) -> Html:
    otherwise = [
        [name, words.share(a, 0.001), words.share(b, 0.001), f"{100 * (b - a):+.1f} points"] for name, (a, b) in j.otherwise.items()
    ]
    head = ["Measure", "Before", "After", "Difference, 95 %"]
    return table("Before and after", head, [*map(list, rows(j)), *otherwise])


def guards_table(j: Judged) -> Html:
    """What must not get worse: each guard before and after, its margin and whether it held."""
    found = [
        [g.change.name, value(g.change.before), value(g.change.after), gap_of(g.change), _margin(g.margin, g.change.gap.unit), STATES[s]]
        for g, s in guards(j)
    ]
    if not found:
        return tag("p", "There is none.")
    head = ["Guard", "Before", "After", "Difference, 95 %", "Margin", "State"]
    why = "A guard holds if the whole interval stays within its margin. Worse is said with a correction for the number of guards (Holm)."
    return join([table("What must not get worse", head, found, texts=(5,)), note(why)])


def _margin(margin: float, unit: str) -> str:
    return f"{100 * margin:.1f} points" if unit == "share" else f"{margin:.2f} {unit}"


def _compared(j: Judged) -> Html:
    c = j.compared
    found = [
        [f"Counted {c.unit}", f"{c.rows[0]:,}", f"{c.rows[1]:,}"],
        ["Patients whose journey is over", f"{c.cases[0]:,}", f"{c.cases[1]:,}"],
        ["Patients a day", f"{c.demand[0]:,.1f}", f"{c.demand[1]:,.1f}"],
        ["Not over, and not counted", f"{100 * c.unfinished[0]:.1f} %", f"{100 * c.unfinished[1]:.1f} %"],
        ["Of kinds that the other does not have", f"{c.left_out[0]:,}", f"{c.left_out[1]:,}"],
    ]
    held = f"The mix of patients is held by {', '.join(c.by)}; {100 * c.moved:.1f} % would have to be of another kind for both to be alike."
    said = held if c.by else "The mix of patients is not held: no segment is named."
    remarks = tag("ul", *(tag("li", r) for r in j.remarks)) if j.remarks else None
    return join([table("Both sides", ["", *c.names], found), tag("p", said), remarks])


def _made(j: Judged) -> Html:
    how = DAYS if j.compared.unit == "days" else RUNS
    return join([tag("p", MADE), tag("p", how), note(f"Made by Sandcone {release()}.")])
