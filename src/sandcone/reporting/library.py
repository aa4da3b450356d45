"""The modules of care found in a log, and how patients used them."""

from __future__ import annotations

from sandcone.core.estimate import Estimate
from sandcone.core.overview import ModuleSeen, Overview
from sandcone.reporting import words
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.tables import because, cell, note, table

MOST = 30  # rows of a table
UNSAID = "This page was made without looking for them."


def library(found: Overview | str | None) -> Html:
    """Which steps belong together, for whom, how often and how alike; the reason where the log does not show any (None: nobody looked)."""
    if found is None or isinstance(found, str):
        return because("Modules of care", words.sentence(found or UNSAID))
    return join(
        [_intro(found), _table(found), _left_over(found), note(*(f"{words.sentence(n)} " for n in found.notes)) if found.notes else None]
    )


def _intro(o: Overview) -> Html:
    used = len(o.modules) - len(o.never)
    said = [
        "A module is a group of steps between which patients move more than by chance; a package is the modules of one patient. ",
        tag("b", words.count(o.packages, "different package")),
        f" {words.plural(o.packages, 'was', 'were')} made of ",
        tag("b", words.count(used, "module")),
        f", {words.number(o.leverage, 0.1)} for each. ",
    ]
    if o.inside is not None and o.q is not None:
        said.append(f"{words.share(o.inside)} of the moves from step to step stay inside a module (Newman's Q {o.q:.2f}). ")
    return tag("p", *said, "They are a first draft: a clinician names and corrects them (library.toml).")


def _table(o: Overview) -> Html:
    rows = [_row(m) for m in sorted(o.modules, key=lambda m: -m.cases)[:MOST]]
    head = ["Module", "Journeys", "Share of all", "For whom", "Orders of its steps", "Stay inside", "Usual length"]
    more = len(o.modules) - MOST
    rest = note(f"{words.count(more, 'module')} more, each with fewer journeys, in library.toml.") if more > 0 else None
    return join([table("Modules found in the log", head, rows, texts=(3,)), rest])


def _row(m: ModuleSeen) -> list[str]:
    name = join([m.name, tag("small", m.title) if m.title else None])
    orders = f"{m.variants:,} (as varied as {m.effective:.1f})" if m.effective is not None else "–"
    inside = "–" if m.inside is None else words.share(m.inside)
    return [name, f"{m.cases:,}", cell(m.share), m.when or "no rule found", orders, inside, _length(m.hours)]


def _length(e: Estimate | None) -> str:
    return "–" if e is None else cell(e)


def _left_over(o: Overview) -> Html | None:
    said = [f"{words.count(n, 'journey')} with {step}" for step, n in list(o.outside.items())[:MOST]]
    unmet = [f"{need} ({words.count(n, 'journey')})" for need, n in o.unmet.items()]
    return join(
        [
            tag("p", f"In no module, for want of journeys: {words.listed(said)}.") if said else None,
            tag("p", tag("b", "Needs that no module meets: "), f"{words.listed(unmet)}.") if unmet else None,
        ]
    )
