"""What was not tried and why, and how the search was made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sandcone.core.improved import Improved, NotTried
from sandcone.reporting import words
from sandcone.reporting.improve_words import short_name
from sandcone.reporting.made import release
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.tables import note, table

MOST = 12  # reasons
PARTS = re.compile(r"((?<!\w)'[^']*'(?!\w)|(?<![\w.,])\d+\.\d+(?![\w.]))")  # names in quotes stay as they are; numbers with a point differ
DONE = (
    "Every set was tried on the twin with the same patients and the same luck as today, run by run (common random numbers), so that what "
    "differs is the levers. A run fills the house first, counts the patients whose need arises in the days that follow, and then goes on "
    "until those can be followed to their end; who has not left by then counts with the hours so far."
)
SPENT = (
    "Runs go where they decide: a glance at hours, work and money leaves out what cannot be, a short run what is clearly behind, and full "
    "runs go to sets whose place is not sure. A set is on the front if no other is as good in everything and better in something, by "
    "differences that matter; its chance says how sure that is. The sets that promise most were then run again, with luck that the search "
    "had not met, and judged on that alone."
)
MEANS = (
    "Resource efficiency: busy over open hours, weighted by cost. Flow efficiency: hours of help over hours from need to the end. Fit: "
    "needs met over needs and what was done beside them. Worst-off wait: mean hours waited of the tenth that waits longest. Cost: money a "
    "week for hours open, overtime and levers. V*: the variability that would explain the waits at this use of resources; lower is better."
)


def not_tried(i: Improved) -> Html:
    """Sets that are not scored, by reason, and levers that this hospital cannot have."""
    return join([_sets(i), _levers(i)])


def grouped(found: Sequence[NotTried]) -> list[tuple[str, list[NotTried]]]:
    """Sets by reason, the commonest first; reasons that differ in a number only are one, with the range of it."""
    by: dict[str, list[NotTried]] = {}
    for n in found:
        by.setdefault(PARTS.sub(_blank, n.why), []).append(n)
    said = [(_ranged([n.why for n in those]), those) for those in by.values()]
    return sorted(said, key=lambda x: (-len(x[1]), x[0]))


def made(i: Improved) -> Html:
    """Runs, time, seed and why it ended; how a search works; what the numbers mean."""
    runs = f"{words.count(i.runs, 'full run')}, {words.count(i.short_runs, 'short run')}"
    took = f"{words.count(i.sets, 'set')} of levers looked at, with {runs}, in {words.duration(i.seconds / 3600, 1 / 3600)}; seed {i.seed}."
    notes = tag("ul", *(tag("li", words.sentence(n)) for n in i.notes)) if i.notes else None
    ended = words.sentence(i.ended)
    files = "Beside this page lie improve.json with every number, levers.toml with the levers, and tried.jsonl with every run."
    return join(
        [*(tag("p", s) for s in (f"{took} {ended}".strip(), DONE, SPENT, MEANS, files)), notes, note(f"Made by Sandcone {release()}.")]
    )


def _sets(i: Improved) -> Html:
    if not i.not_tried:
        return tag("p", "Nothing that was proposed was left out.")
    reasons = grouped(i.not_tried)
    rows = [[words.sentence(why), words.count(len(those), "set"), _example(those)] for why, those in reasons[:MOST]]
    rest = sum(len(those) for _, those in reasons[MOST:])
    more = (
        note(f"{words.count(rest, 'more set')} for {words.count(len(reasons) - MOST, 'other reason')}, in improve.json.") if rest else None
    )
    n = len(i.not_tried)
    made = table("Not tried, and why", ["Why", "Sets", "The smallest of them"], rows, texts=(2,))
    said = f"{words.count(n, 'set')} of levers {words.plural(n, 'is', 'are')} not scored, neither as good nor as bad."
    return join([tag("p", said), tag("div", made, class_="of-sets"), more])


def _levers(i: Improved) -> Html | None:
    if not i.not_here:
        return None
    items = (tag("li", tag("b", name), f": {words.sentence(why)}") for name, why in i.not_here.items())
    return join([tag("h3", "Levers that this hospital cannot have"), tag("ul", *items)])


def _example(those: Sequence[NotTried]) -> str:
    return short_name(min((n.levers for n in those), key=lambda levers: (len(levers), levers)))


def _blank(m: re.Match[str]) -> str:
    return m.group() if m.group().startswith("'") else "\0"


def _ranged(whys: Sequence[str]) -> str:
    """One sentence for reasons that differ in numbers only: "1.04 to 1.31 times"."""
    return "".join(_span(those) for those in zip(*(PARTS.split(w) for w in whys), strict=True))


def _span(those: tuple[str, ...]) -> str:
    if len(set(those)) == 1:
        return those[0]
    ordered = sorted(those, key=float)
    return f"{ordered[0]} to {ordered[-1]}"


def found_by(i: Improved) -> Iterator[str]:
    """How the search went, in a few words for a heading."""
    yield words.count(i.sets, "set of levers", "sets of levers")
    yield words.count(i.runs, "full run")
    yield f"seed {i.seed}"
