"""The modules of care found in a log, and how patients used them."""

from __future__ import annotations

from sandcone.core.estimate import Estimate
from sandcone.core.overview import ModuleSeen, Overview, StepSeen
from sandcone.reporting import words
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.tables import because, cell, folded, note, table

MOST = 30  # rows of a table
UNSAID = "This page was made without looking for them."


def library(found: Overview | str | None) -> Html:
    """Which steps belong together, for whom, how often and how alike; the reason where the log does not show any (None: nobody looked)."""
    if found is None or isinstance(found, str):
        return because("Modules of care", words.sentence(found or UNSAID))
    return join(
        [
            _intro(found),
            _table(found),
            _steps(found),
            _left_over(found),
            _needs(found),
            note(*(f"{words.sentence(n)} " for n in found.notes)) if found.notes else None,
        ]
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
    said += ["That is no more than by chance: these are no modules to speak of. "] * o.by_chance
    return tag("p", *said, "They are a first draft: a clinician names and corrects them (library.toml).")


def _table(o: Overview) -> Html:
    rows = [_row(m) for m in sorted(o.modules, key=lambda m: -m.cases)[:MOST]]
    head = ["Module", "Journeys", "For whom", "Done by", "Orders of its steps", "Stay inside", "Usual length"]
    more = len(o.modules) - MOST
    rest = note(f"{words.count(more, 'module')} more, each with fewer journeys, in library.toml.") if more > 0 else None
    return join([table("Modules found in the log", head, rows, texts=(2, 3)), rest])


def _row(m: ModuleSeen) -> list[str]:
    name = join([m.name, tag("small", m.title) if m.title else None])
    several = m.effective is not None and (m.variants > 1 or len(m.steps) > 1)
    orders = join([f"{m.variants:,}", tag("small", f"worth {m.effective:.1f} equally common")]) if several else "–"
    inside = "–" if m.inside is None else words.share(m.inside)
    whom = m.when or ("standard" if m.standard else "no rule found")
    return [name, _cases(m), whom, ", ".join(m.who) or "not known", orders, inside, _length(m.hours)]


def _cases(m: ModuleSeen) -> Html:
    """How many journeys had it, and of how many hundred."""
    part = words.interval(m.share)
    return join([f"{m.cases:,}", tag("small", f"{words.say(m.share)} ({part})" if part else words.say(m.share))])


def _length(e: Estimate | None) -> str:
    return "–" if e is None else cell(e)


def _steps(o: Overview) -> Html | None:
    """Who did each step, and which go on while others do; modules as in the table above."""
    found = [(m, s) for m in sorted(o.modules, key=lambda m: -m.cases)[:MOST] for s in m.steps]
    if not any(s.who or s.during for _, s in found):
        return None
    beside, named = any(s.during for _, s in found), any(s.who for _, s in found)
    head = ["Step", "Module", "Done by", "Journeys", *(["Goes on during"] * beside)]
    rows = [[s.name, m.name, _who(s), f"{s.cases:,}", *([s.during or "–"] * beside)] for m, s in found]
    title = "Who did each step" if named else "Steps that go on while others do"
    return folded(title, table("Each step, and who did it in the whole log", head, rows, texts=(1, 2, 4)))


def _who(s: StepSeen) -> str:
    said = [f"{who} {words.share(part)}" for who, part in s.done_by.items()]
    return ", ".join(said + ([s.beyond] if s.more else [])) or "not known"


def _needs(o: Overview) -> Html | None:
    """How far the modules cover what patients need, and what they do not."""
    unmet = [f"{need} ({words.count(n, 'journey')})" for need, n in o.unmet.items()]
    unmet += [f"{need} (named by the library)" for need in o.promised if need not in o.unmet]
    if not (unmet or o.met):
        return None
    covered = "" if o.coverage is None else f"Some module is there for {words.share(o.coverage)} of patients' needs. "
    rest = [tag("b", "Needs that no module meets: "), f"{words.listed(unmet)}."] if unmet else ["No need is without a module."]
    return tag("p", covered, *rest)


def _left_over(o: Overview) -> Html | None:
    """Modules that nobody had, journeys that have none, and steps that are in none."""
    never = [f"{name} (the log knows no step of it)" if name in o.unrecorded else name for name in o.never]
    outside = [f"{words.count(n, 'journey')} with {step}" for step, n in list(o.outside.items())[:MOST]]
    more = len(o.outside) - MOST
    outside += [words.count(more, "more step")] if more > 0 else []
    return join(
        [
            tag("p", tag("b", "Nobody had: "), f"{words.listed(never)}.") if never else None,
            tag("p", f"{words.count(o.without, 'journey')} {words.plural(o.without, 'has', 'have')} no module.") if o.without else None,
            tag("p", f"In no module: {words.listed(outside)}.") if outside else None,
        ]
    )
