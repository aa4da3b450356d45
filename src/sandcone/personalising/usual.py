"""What is usual for patients like somebody: the modules of those of whom all is known that the library asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sandcone.core.care import Library, Path, Person
from sandcone.core.condition import Fact
from sandcone.core.errors import ModelError
from sandcone.core.log import EventLog
from sandcone.personalising.asking import Overrule, Usual
from sandcone.personalising.having import having
from sandcone.personalising.journeys import journeys
from sandcone.personalising.paths import Composer

Segment = tuple[Fact | None, ...]


def compose(
    composer: Composer,
    people: Sequence[Person],
    like: Sequence[str] = (),
    overrules: dict[str, tuple[Overrule, ...]] | None = None,
    seen: Mapping[Segment, Usual] | None = None,
) -> list[Path]:
    """Everybody's path. Where a module rests on what is not known of somebody, it goes by what is usual for patients like them.

    Patients are alike who agree in the facts named by ``like`` (all are, where none is named); what is usual among them is learnt from the
    paths of those of whom all that the library asks for is known, or from what patients like them had, as ``seen`` in a log
    (``usual_of_log``), whichever rests on more.
    """
    said = overrules or {}
    first = [composer.path(p, None, said.get(p.name, ())) for p in people]
    usual = firmer(usual_by_segment(people, first, like), seen or {})
    return [
        path if path.basis == "person" else composer.path(p, usual.get(segment(p, like)), said.get(p.name, ()))
        for p, path in zip(people, first, strict=True)
    ]


def firmer(one: Mapping[Segment, Usual], other: Mapping[Segment, Usual]) -> dict[Segment, Usual]:
    """Of each segment what rests on more patients."""
    both = {here: (one.get(here, Usual()), other.get(here, Usual())) for here in (*one, *other)}
    return {here: max(two, key=lambda u: u.n) for here, two in both.items()}


def usual_of_log(log: EventLog, library: Library, like: Sequence[str] = ()) -> dict[Segment, Usual]:
    """The share of each segment of a log who had each module of a library: as ``having`` tells.

    Of a module none of whose steps the log has, nothing is told. The facts named by ``like`` are attributes of the log; of cases that do
    not have one it is not known, which is a segment too. ``ModelError`` for a fact that the log does not have.
    """
    for name in like:
        if name not in log.attributes:
            found = f"nothing by the name {name!r}, by which patients are to be alike"
            raise ModelError(log.source, found, f"Name a column of it: {', '.join(log.attributes[:8]) or 'there is none'}.")
    j, names = journeys(log), [m.name for m in library.modules]
    had, untold = having(library, j), frozenset(m.name for m in library.modules if not {p.step for p in m.parts} & set(j.steps))
    cases = zip(*(j.facts[name] for name in like), strict=True) if like else [()] * j.n
    rows: dict[Segment, list[int]] = {}
    for i, here in enumerate(cases):
        rows.setdefault(here, []).append(i)
    shares = {here: dict(zip(names, had[mine].mean(axis=0).tolist(), strict=True)) for here, mine in rows.items()}
    return {here: Usual(shares=shares[here], n=len(mine), untold=untold) for here, mine in rows.items()}


def segment(person: Person, like: Sequence[str]) -> Segment:
    """The segment of a person: what they have in common with patients like them."""
    return tuple(person.facts.get(name) for name in like)


def usual_by_segment(people: Sequence[Person], paths: Sequence[Path], like: Sequence[str]) -> dict[Segment, Usual]:
    """The share of each segment who have each module, among people whose path rests on their own facts alone."""
    own = [(person, path) for person, path in zip(people, paths, strict=True) if path.basis == "person"]
    return usual_among([person for person, _ in own], [path for _, path in own], like)


def usual_among(people: Sequence[Person], paths: Sequence[Path], like: Sequence[str]) -> dict[Segment, Usual]:
    """The share of each segment who have each module, on whatever their paths rest."""
    n, had = Counter[Segment](), dict[Segment, Counter[str]]()
    for person, path in zip(people, paths, strict=True):
        here = segment(person, like)
        n[here] += 1
        had.setdefault(here, Counter()).update(path.modules)
    return {here: Usual(shares={m: c / n[here] for m, c in had[here].items()}, n=n[here]) for here in n}
