"""Tables, notes and the sentences that stand where a number could not be measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sandcone.core.estimate import Estimate, Measure, Measures
from sandcone.core.log import EventLog
from sandcone.reporting import words
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.names import title


def cell(e: Estimate | None) -> Html:
    """A number for a table: its value, and its interval in small type."""
    if e is None:
        return tag("span", tag("span", "not measured", class_="unseen"), tag("span", "–", aria_hidden="true"))
    said = words.interval(e)
    return join([words.say(e), tag("small", said) if said else None])


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], texts: Sequence[int] = ()) -> Html:
    """A table in a box that scrolls by itself, reachable by keyboard; columns in ``texts`` hold words, not numbers."""
    kinds = ["" if i == 0 else "w" if i in texts else "n" for i in range(len(head))]
    top = tag("tr", *(tag("th", h, scope="col", class_=k or None) for h, k in zip(head, kinds, strict=True)))
    body = join(_row(row, kinds) for row in rows)
    inner = tag("table", tag("caption", caption), tag("thead", top), tag("tbody", body))
    return tag("div", inner, class_="scroll", role="region", aria_label=f"Table: {caption}", tabindex="0")


def _row(row: Sequence[str], kinds: Sequence[str]) -> Html:
    first = tag("th", row[0], scope="row")
    return tag("tr", first, *(tag("td", c, class_=k or None) for c, k in zip(row[1:], kinds[1:], strict=True)))


def folded(label: str, *inside: str | None) -> Html:
    """Something to open on wish."""
    return tag("details", tag("summary", label), *inside)


def note(*text: str | None) -> Html:
    """A remark in small type."""
    return tag("p", *text, class_="note")


def not_shown(shown: int, of: int, what: str) -> Html | None:
    """Says how many were left out of a picture, None where all are there."""
    return None if of <= shown else note(f"Showing {shown} of {of:,} {what}, the largest first. All of them are in measures.json.")


def why(measures: Measures, *names: str) -> str:
    """Why none of these numbers is there, in one sentence."""
    for name in names:
        if said := measures.why_missing(name):
            return words.sentence(said)
    families = {n.split(".")[0] for n in names}
    near = (words.sentence(m.why) for m in measures.missing if m.name.split(".")[0] in families)
    return next(near, "This was not measured on this log.")


def absent(measures: Measures, what: str, *names: str) -> Html:
    """The sentence that stands where a picture would be."""
    return because(what, why(measures, *names))


def absences(reasons: Mapping[str, str]) -> Html:
    """Why some pictures are not there (picture → reason), those with the same reason together."""
    together: dict[str, list[str]] = {}
    for what, reason in reasons.items():
        together.setdefault(reason, []).append(what)
    return join(because(words.listed(pictures), reason) for reason, pictures in together.items())


def over_full(measures: Measures, *names: str) -> Html | None:
    """Why some resource is used for more than all of its time, where one is."""
    if not any(m.name in names and m.estimate.known and m.estimate.value > 1.0005 for m in measures):
        return None
    return note("Over 100 % means that work went on outside the open hours too: all of it counts as use, only open hours as available.")


def because(what: str, reason: str) -> Html:
    """The same for a reason that is known already."""
    return tag("p", tag("b", f"{what}: not shown."), " ", reason, class_="absent")


def estimated(log: EventLog) -> Html | None:
    """A badge for numbers that rest on start times which nobody wrote down."""
    word = {"estimated": "estimated", "partly": "partly estimated", "none": "no start times"}.get(log.starts)
    return tag("span", word, class_="badge") if word else None


def starts_sentence(log: EventLog) -> str:
    """What the badge means for the reader; empty where all starts were seen."""
    return {
        "estimated": "The log does not say when steps began. Their starts were estimated, and every number here rests on that.",
        "partly": "Some steps have no start time. Those starts were estimated, and the numbers here rest on that in part.",
        "none": "The log gives one time for each step, so the time in a step and the wait for it cannot be told apart.",
    }.get(log.starts, "")


def notes_of(items: Iterable[Measure]) -> Html | None:
    """The remarks that came with some numbers, each once."""
    said = list(dict.fromkeys(words.sentence(m.note) for m in items if m.note))
    return note(" ".join(said)) if said else None


def largest(items: Iterable[Measure]) -> list[Measure]:
    """Known numbers, the largest first."""
    return sorted((m for m in items if m.estimate.known), key=lambda m: -m.estimate.value)


def whole_rows(measures: Measures, names: Sequence[str]) -> list[list[str]]:
    """Rows for the numbers of the whole log that are there."""
    found = ((n, measures.get(n)) for n in names)
    return [[title(n), cell(e), f"{e.n:,}"] for n, e in found if e is not None and e.known]
