"""The page of personal paths: packages and modules, what is open, how well they fit, and whether some group is worse off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from sandcone.core.care import Library, Path
from sandcone.core.estimate import Estimate
from sandcone.core.personal import Guard, Summary
from sandcone.reporting import words
from sandcone.reporting.frame import Part, drawn_once, framed, heading
from sandcone.reporting.made import release
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.tables import cell, note, table

MOST = 50  # rows of a table
BY = {
    "rule": "a rule says so",
    "need": "a need calls for it",
    "standard": "part of the standard",
    "segment": "usual for patients like them",
    "prediction": "predicted",
    "thin": "standard, for want of data",
    "person": "a person decided",
    "conflict": "something else stands against it",
}


def personal_page(name: str, library: Library, paths: Sequence[Path], summary: Summary, guard: Guard, made: str = "") -> str:
    """Personal paths as one HTML page. It names no patient, needs no other file and no network; all text is escaped."""
    parts = [
        Part("headline", "In short", _headline(summary, guard)),
        Part("modules", "Modules", _modules(library, paths, summary)),
        Part("packages", "Packages", _packages(paths, summary)),
        Part("open", "What is open", _clashes(summary)),
        Part("groups", "Groups", _groups(guard)),
        Part("made", "How the numbers were made", _made(made)),
    ]
    top = heading("Sandcone personal paths", name, f"{words.count(summary.people, 'person', 'people')}, each on a path of their own")
    return framed(f"{name}: personal paths", top, parts, drawn_once())


def _headline(s: Summary, guard: Guard) -> Html:
    still = sum(n for *_, n in s.clashes)
    said = [
        tag("b", words.count(s.people, "person", "people")),
        " have ",
        tag("b", words.count(s.packages, "different package")),
        f", composed from {words.count(len(s.used), 'module')}. ",
        f"{words.count(still, 'open conflict')} {words.plural(still, 'waits', 'wait')} for somebody to decide."
        if still
        else "No conflict is open.",
    ]
    cards = [
        ("People", f"{s.people:,}", f"{s.without:,} of them without any module"),
        ("Packages", f"{s.packages:,}", f"{s.leverage:,.1f} for each module in use"),
        ("Modules", f"{len(s.used):,}", f"of {s.offered:,} that are offered"),
        ("Fit", words.say(s.fit) if s.fit else "–", "mean; 100 % is exactly what is needed"),
        ("Worst-off tenth", words.say(s.worst_tenth) if s.worst_tenth else "–", "mean fit of the tenth that fits worst"),
        (
            "On thin data",
            f"{s.basis.get('segment', 0) + s.basis.get('standard', 0):,}",
            "paths that rest in part on what is usual or standard",
        ),
    ]
    warned = tag("p", tag("b", "Stereotyping: "), "packages follow who people are, and fit them badly.") if guard.stereotyping else None
    boxes = (tag("div", tag("dt", t), tag("dd", n, class_="big"), tag("dd", w, class_="note")) for t, n, w in cards)
    return join([tag("p", *said, class_="lead"), warned, tag("dl", *boxes, class_="cards")])


def _modules(library: Library, paths: Sequence[Path], s: Summary) -> Html:
    by: Counter[tuple[str, str]] = Counter((r.module, r.by) for p in paths for r in p.reasons if r.chosen)
    rows = [[m.title or m.name, f"{s.used.get(m.name, 0):,}", _why(m.name, by), ", ".join(m.meets) or "–"] for m in library.modules]
    unmet = [note(f"No module meets the need {k!r}, which {words.count(n, 'person has', 'people have')}.") for k, n in s.unmet.items()]
    return join([table("Modules, and on what they rest", ["Module", "People", "Because", "Meets"], rows, texts=(2, 3)), *unmet])


def _why(module: str, by: Counter[tuple[str, str]]) -> str:
    found = [(n, BY[b]) for (m, b), n in by.items() if m == module]
    return "; ".join(f"{why} ({n:,})" for n, why in sorted(found, reverse=True)) or "nobody has it"


def _packages(paths: Sequence[Path], s: Summary) -> Html:
    top = Counter(p.modules for p in paths if p.modules).most_common(MOST)
    rows = [[", ".join(modules), f"{n:,}"] for modules, n in top]
    more = note(f"Showing {MOST} of {s.packages:,} packages, the most frequent first.") if s.packages > MOST else None
    return join([table("Packages", ["Modules", "People"], rows), more])


def _clashes(s: Summary) -> Html:
    if not s.clashes:
        return tag("p", "Nothing: every conflict could be solved, and how is said with each path.")
    rows = [[kind, f"{n:,}", why] for kind, _, why, n in s.clashes[:MOST]]
    more = note(f"Showing {MOST} of {len(s.clashes):,}, the most frequent first.") if len(s.clashes) > MOST else None
    return join([table("Open conflicts", ["Kind", "People", "What clashes"], rows, texts=(2,)), more])


def _groups(guard: Guard) -> Html:
    rows = [*_group_rows(guard)]
    said = tag("p", guard.variety, ".") if guard.variety else None
    if not rows:
        return join([said, tag("p", "There are no groups large enough to be compared.")])
    head = ["Group", "People", "Fit", "Against all others", "Worse off"]
    return join(
        [said, table("Fit by group", head, rows, texts=(4,)), note("Intervals of differences are made wider for the number of groups.")]
    )


def _group_rows(guard: Guard) -> Iterator[list[str]]:
    for g in guard.groups:
        n = f"{g.fit.n:,}" if g.fit else "–"
        yield [f"{g.fact}: {g.group}", n, cell(g.fit), _signed(g.fit_gap), ", ".join(g.worse) or "no"]


def _signed(e: Estimate | None) -> str:
    if e is None or e.low is None or e.high is None:
        return "–"
    return f"{100 * e.value:+.1f} points ({100 * e.low:+.1f} to {100 * e.high:+.1f})"


def _made(made: str) -> Html:
    how = "Fit is sum w min(n, d) over sum w max(n, d), n what a person needs, d what the modules deliver, w what the need weighs. "
    more = "A package is the modules of one person. Means have 95 % t intervals over people."
    return join([tag("p", how, more), tag("p", made) if made else None, note(f"Made by Sandcone {release()}.")])
