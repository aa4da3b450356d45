"""What is usual for patients like somebody: the modules of those of whom all is known that the library asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sandcone.core.care import Path, Person
from sandcone.core.condition import Fact
from sandcone.personalising.asking import Overrule, Usual
from sandcone.personalising.paths import Composer

Segment = tuple[Fact | None, ...]


def compose(
    composer: Composer, people: Sequence[Person], like: Sequence[str] = (), overrules: dict[str, tuple[Overrule, ...]] | None = None
) -> list[Path]:
    """Everybody's path. Where a module rests on what is not known of somebody, it goes by what is usual for patients like them.

    Patients are alike who agree in the facts named by ``like`` (all are, where none is named); what is usual among them is learnt from the
    paths of those of whom all that the library asks for is known.
    """
    said = overrules or {}
    first = [composer.path(p, None, said.get(p.name, ())) for p in people]
    usual = usual_by_segment(people, first, like)
    return [
        path if path.basis == "person" else composer.path(p, usual.get(segment(p, like)), said.get(p.name, ()))
        for p, path in zip(people, first, strict=True)
    ]


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
