"""Who is alike to a library: people whose conditions have the same answers, who need and wish the same, get the same path."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from sandcone.core.care import Library, Person
from sandcone.core.condition import Condition
from sandcone.core.condition_text import condition
from sandcone.personalising.asking import Overrule, Usual, facts_of

Key = Hashable
ASKED = ("telehealth", "one_visit", "clinician")
"""The wishes and limits that the path itself depends on; others are for whoever books it."""


class Alike:
    """What of a person a library asks for at all."""

    def __init__(self, library: Library) -> None:
        self.conditions = tuple(dict.fromkeys(_conditions(library)))
        self.takes = tuple(sorted({t for m in library.modules for t in m.takes}))
        self.usual: dict[int, Usual] = {}  # kept, so that the number of each stays its own

    def key(self, person: Person, usual: Usual | None, overrules: tuple[Overrule, ...]) -> Key:
        """The same for two people only if they get the same path, but for the name."""
        facts = facts_of(person)
        answers = tuple([c.holds(facts) for c in self.conditions])
        unknown = tuple([c.unknown(facts) for c, a in zip(self.conditions, answers, strict=True) if a is None])
        taken = tuple([(t in facts, facts.get(t, False) is not False) for t in self.takes])
        asked = tuple([of.get(a) for of in (person.wishes, person.limits) for a in ASKED])
        amounts = tuple([tuple(sorted(of.items())) for of in (person.needs, person.weights)])
        if usual is not None:
            self.usual[id(usual)] = usual
        return answers, unknown, taken, asked, amounts, id(usual), overrules


def _conditions(library: Library) -> Iterator[Condition]:
    for m in library.modules:
        for text in (m.when, m.unless, *(p.when for p in m.parts)):
            if text is not None:
                yield condition(text)
