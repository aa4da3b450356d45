"""One size fits all: what a hospital would do that has the same modules and one package for each kind of illness. The rival to beat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sandcone.core.care import Library, Path, Person
from sandcone.personalising.asking import Overrule
from sandcone.personalising.choosing import alternatives
from sandcone.personalising.paths import Composer
from sandcone.personalising.usual import Segment, segment

HALF = 0.5
WHY = "one size fits all"


def one_size(composer: Composer, people: Sequence[Person], paths: Sequence[Path], like: Sequence[str]) -> list[Path]:
    """Everybody's path if all who agree in the facts named by ``like`` get one package.

    Modules marked standard go by their own rules, as the hospital's way through. Each of the others is given to all of a segment where at
    least half of the segment have it in their personal ``paths``, and else to nobody; of modules with the same function the most frequent
    one, where at least half have any of them.
    """
    library = composer.library
    given = {here: tuple(_one_package(library, of)) for here, of in _shares(people, paths, like).items()}
    return [composer.path(_undecided(p), None, given[segment(p, like)]) for p in people]


def _undecided(person: Person) -> Person:
    """The person without wishes that would decide between modules with the same function: everybody gets the same one."""
    return Person(
        name=person.name, facts=person.facts, needs=person.needs, weights=person.weights, limits=person.limits, minute=person.minute
    )


def _shares(people: Sequence[Person], paths: Sequence[Path], like: Sequence[str]) -> dict[Segment, Mapping[str, float]]:
    n, had = Counter[Segment](), dict[Segment, Counter[str]]()
    for person, path in zip(people, paths, strict=True):
        here = segment(person, like)
        n[here] += 1
        had.setdefault(here, Counter()).update(path.modules)
    return {here: {m: c / n[here] for m, c in of.items()} for here, of in had.items()}


def _one_package(library: Library, shares: Mapping[str, float]) -> list[Overrule]:
    sets = alternatives(library)
    found = []
    for m in library.modules:
        if not m.standard:
            alike = [m.name, *sets[m.name]]
            most = max(alike, key=lambda name: (shares.get(name, 0.0), name))
            chosen = most == m.name and sum(shares.get(name, 0.0) for name in alike) >= HALF
            found.append(Overrule(module=m.name, chosen=chosen, why=WHY))
    return found
