"""Conditions on a person, such as ``%age >= 65 and %diabetes = true``: a small part of FHIRPath, so that a care plan can carry them.

What is known of a person is ``%name``, or ``%`name with spaces` ``. There are words in quotes, numbers, ``true`` and ``false``; ``=``,
``!=``, ``<``, ``<=``, ``>``, ``>=``; ``in`` with a list such as ``('a' | 'b')``; ``and``, ``or``, ``xor``, ``implies``; ``.exists()``,
``.empty()``, ``.not()``; and brackets. As in FHIRPath (HL7, FHIRPath 2.0.0, sections 6.1 to 6.5) what rests on something that is
not known is itself not known, unless the rest decides it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sandcone.core.errors import ModelError

Fact = str | float | bool
Facts = Mapping[str, Fact]
Answer = bool | None

SIGNS: Mapping[str, Callable[[Fact, Fact], bool]] = {
    "<": lambda a, b: a < b,  # type: ignore[operator]  # both are of one type: see _alike
    "<=": lambda a, b: a <= b,  # type: ignore[operator]
    ">": lambda a, b: a > b,  # type: ignore[operator]
    ">=": lambda a, b: a >= b,  # type: ignore[operator]
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}
WORDS = {"<": "below", "<=": "at most", ">": "above", ">=": "at least", "=": "is", "!=": "is not"}


def in_words(fact: object) -> str:
    """A fact as a word: yes or no, a number with six digits at most, or itself."""
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    return f"{fact:g}" if isinstance(fact, float) else str(fact)


@dataclass(frozen=True, slots=True)
class Known:
    """A fact of the person."""

    name: str

    def value(self, facts: Facts) -> Fact | None:
        """What is known of it, None for nothing."""
        return facts.get(self.name)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Given:
    """A word, a number, or yes or no, as it stands in the condition."""

    it: Fact

    def value(self, facts: Facts) -> Fact | None:
        """Itself."""
        return self.it

    def __str__(self) -> str:
        return in_words(self.it)


Term = Known | Given


@dataclass(frozen=True, slots=True)
class Compare:
    """Two terms compared."""

    left: Term
    sign: str
    right: Term

    def holds(self, facts: Facts) -> Answer:
        """Whether it is so; None where one side is not known."""
        a, b = self.left.value(facts), self.right.value(facts)
        if a is None or b is None:
            return None
        if type(a) is not type(b):
            _alike(self, a, b)
        return SIGNS[self.sign](a, b)

    def __str__(self) -> str:
        return f"{self.left} {WORDS[self.sign]} {self.right}"


@dataclass(frozen=True, slots=True)
class OneOf:
    """A term that is one of a list."""

    left: Term
    among: tuple[Given, ...]

    def holds(self, facts: Facts) -> Answer:
        """Whether it is so; None where it is not known."""
        a = self.left.value(facts)
        if a is None:
            return None
        for g in self.among:
            if type(a) is not type(g.it):
                _alike(self, a, g.it)
        return any(a == g.it for g in self.among)

    def __str__(self) -> str:
        return f"{self.left} is one of {', '.join(map(str, self.among))}"


@dataclass(frozen=True, slots=True)
class Recorded:
    """Whether anything is known of a term."""

    left: Term
    there: bool

    def holds(self, facts: Facts) -> Answer:
        """Yes or no, always."""
        return (self.left.value(facts) is not None) == self.there

    def __str__(self) -> str:
        return f"{self.left} is {'recorded' if self.there else 'not recorded'}"


@dataclass(frozen=True, slots=True)
class Plain:
    """A fact that is itself yes or no."""

    left: Term

    def holds(self, facts: Facts) -> Answer:
        """The fact."""
        a = self.left.value(facts)
        if a is not None and not isinstance(a, bool):
            raise ModelError(f"condition {str(self.left)!r}", f"{_kind(a)}, which is neither yes nor no", "Compare it with something.")
        return a

    def __str__(self) -> str:
        return str(self.left)


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    of: Node

    def holds(self, facts: Facts) -> Answer:
        """The opposite; None stays None."""
        a = self.of.holds(facts)
        return None if a is None else not a

    def __str__(self) -> str:
        return f"not ({self.of})"


@dataclass(frozen=True, slots=True)
class Both:
    """Two conditions joined by and, or, xor or implies."""

    left: Node
    how: str
    right: Node

    def holds(self, facts: Facts) -> Answer:
        """What the two come to, also where one of them is not known and the other decides."""
        return JOINED[self.how](self.left.holds(facts), self.right.holds(facts))

    def __str__(self) -> str:
        return f"{_inside(self.left, self.how)} {self.how} {_inside(self.right, self.how)}"


Node = Compare | OneOf | Recorded | Plain | Not | Both


def _inside(node: Node, how: str) -> str:
    return f"({node})" if isinstance(node, Both) and node.how != how else str(node)


def _and(a: Answer, b: Answer) -> Answer:
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


def _or(a: Answer, b: Answer) -> Answer:
    if a is True or b is True:
        return True
    return None if a is None or b is None else False


def _xor(a: Answer, b: Answer) -> Answer:
    return None if a is None or b is None else a != b


def _implies(a: Answer, b: Answer) -> Answer:
    return _or(None if a is None else not a, b)


JOINED: Mapping[str, Callable[[Answer, Answer], Answer]] = {"and": _and, "or": _or, "xor": _xor, "implies": _implies}


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that was read: ask whether it ``holds`` for what is known of a person."""

    text: str
    node: Node
    names: tuple[str, ...]

    def holds(self, facts: Facts) -> Answer:
        """Whether it holds: yes, no, or None where what is known does not decide it. ``ModelError`` where unlike things are compared."""
        return self.node.holds(facts)

    def unknown(self, facts: Facts) -> tuple[str, ...]:
        """What it asks for that is not known."""
        return tuple(n for n in self.names if facts.get(n) is None)

    def __str__(self) -> str:
        return str(self.node)


def _alike(where: object, a: Fact, b: Fact) -> None:
    one, other = _kind(a), _kind(b)
    if one != other:
        found = f"{one} and {other} are compared"
        raise ModelError(f"condition {str(where)!r}", found, "Compare words with words and numbers with numbers.")


def _kind(fact: Fact) -> str:
    """What a fact is; what it says is the patient's own."""
    return "a yes or no" if isinstance(fact, bool) else "a word" if isinstance(fact, str) else "a number"
