"""One size fits all: what a hospital would do that has the same modules and one package for each kind of illness. The rival to beat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sandcone.core.care import Path, Person
from sandcone.personalising.asking import Overrule
from sandcone.personalising.paths import Composer
from sandcone.personalising.usual import segment, usual_among

HALF = 0.5
WHY = "one size fits all"


def one_size(composer: Composer, people: Sequence[Person], paths: Sequence[Path], like: Sequence[str]) -> list[Path]:
    """Everybody's path if all who agree in the facts named by ``like`` get one package.

    Modules marked standard go by their own rules, as the hospital's way through. Each of the others is given to all of a segment where at
    least half of the segment have it in their personal ``paths``, and else to nobody; of modules with the same function the most frequent
    one, where at least half have any of them.
    """
    given = {here: tuple(_one_package(composer, usual.shares)) for here, usual in usual_among(people, paths, like).items()}
    return [composer.path(replace(p, wishes={}), None, given[segment(p, like)]) for p in people]  # no wish decides between alternatives


def _one_package(composer: Composer, shares: Mapping[str, float]) -> list[Overrule]:
    found = []
    for m in composer.library.modules:
        if not m.standard:
            alike = [m.name, *composer.sets[m.name]]
            most = max(alike, key=lambda name: (shares.get(name, 0.0), name))
            chosen = most == m.name and sum(shares.get(name, 0.0) for name in alike) >= HALF
            found.append(Overrule(module=m.name, chosen=chosen, why=WHY))
    return found
