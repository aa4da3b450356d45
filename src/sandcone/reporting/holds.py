"""Section 2: what the log holds, what was left out of it, and what was guessed."""

from __future__ import annotations

from sandcone.core.estimate import Measures
from sandcone.core.log import EventLog, Finding
from sandcone.reporting import words
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.tables import note, table


def holds(log: EventLog, measures: Measures) -> Html:
    """The account of the log's rows, what was odd in them, and what was guessed on the way in."""
    return join([_kinds(log, measures), _account(log), _findings(log.findings), _notes(log)])


NEED = "It says when each step was needed."
NO_NEED = "It does not say when a step was needed; a step counts as needed when the one before it ended."


def _kinds(log: EventLog, measures: Measures) -> Html:
    named = [
        _counted(measures, "step_kinds", "kind of step", "kinds of step"),
        _counted(measures, "resource_kinds", "resource", "resources"),
    ]
    kinds = f"It names {words.listed([n for n in named if n])}. " if any(named) else ""
    others = (
        f"Of each patient it also says {words.listed(list(log.attributes))}. "
        if log.attributes
        else "It says nothing else of the patients. "
    )
    zone = f"Times are those of {log.zone}." if log.zone else "Its time zone is not known; times are shown as written."
    return tag("p", "The log is ", tag("b", log.source), f". {kinds}{others}{NEED if log.has_ready else NO_NEED} {zone}")


def _counted(measures: Measures, name: str, one: str, many: str) -> str:
    e = measures.get(name)
    if e is None or not e.known:
        return ""
    return words.count(e.value, one, many) if e.value else f"no {one}"


def _account(log: EventLog) -> Html:
    a = log.account
    gone = a.rows_in - a.rows_kept
    if not gone:
        return tag("p", f"All {words.count(a.rows_in, 'row')} of it could be used.")
    part = words.share(gone / a.rows_in)
    intro = tag(
        "p",
        f"Of {words.count(a.rows_in, 'row')}, {a.rows_kept:,} were used and ",
        tag("b", f"{gone:,} left out"),
        f" ({part}). Each is kept with its reason in left_out.parquet.",
    )
    rows = [[x.reason, f"{x.rows:,}", words.share(x.rows / a.rows_in)] for x in sorted(a.left_out, key=lambda x: -x.rows)]
    return join([intro, table("Rows left out, by reason", ["Reason", "Rows", "Of all rows"], rows)])


def _findings(findings: tuple[Finding, ...]) -> Html:
    if not findings:
        return tag("p", "Nothing odd was found in the rows that were used.")
    rows = [[_what(f), f"{f.rows:,}", words.share(f.share), words.sentence(f.effect)] for f in sorted(findings, key=lambda f: -f.share)]
    return join(
        [
            tag("h3", "What is odd in it"),
            table(
                "What is odd, how much, and what it does", ["What", "How many", "Share", "What it does to the numbers"], rows, texts=(3,)
            ),
        ]
    )


def _what(f: Finding) -> Html:
    return join([f.what, tag("small", f"for example {f.example}") if f.example else None])


def _notes(log: EventLog) -> Html | None:
    if not log.notes:
        return note("Nothing was guessed or repaired when the log was read.")
    return join([tag("h3", "What was guessed or repaired"), tag("ul", *(tag("li", words.sentence(n)) for n in log.notes))])
