"""What is known of somebody as numbers: numbers as they are, words by how often they were seen, and what is not known as not known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sandcone.personalising.conformal import Floats, Names
from sandcone.personalising.drift import Bools
from sandcone.personalising.history import number

MOST_WORDS = 200  # of one name; rarer ones are taken together


@dataclass(frozen=True, slots=True, kw_only=True)
class Coder:
    """How each name is turned into a number: by the words it had, or as it is (None)."""

    words: Mapping[str, tuple[str, ...] | None]

    @property
    def categorical(self) -> Bools:
        """Whether each column is one of words."""
        return np.array([w is not None for w in self.words.values()], dtype=bool)

    def matrix(self, known: Mapping[str, Names], n: int) -> Floats:
        """One row a question, one column a name; nan where a value is not known, or is a word never seen."""
        columns = [np.full(n, np.nan) if name not in known else _column(known[name], words) for name, words in self.words.items()]
        return np.column_stack(columns) if columns else np.zeros((n, 0))


def coder(known: Mapping[str, Names]) -> Coder:
    """Learn from the questions at hand what is a number and what a word; names that never vary are left out."""
    found: dict[str, tuple[str, ...] | None] = {}
    for name, values in known.items():
        seen = Counter(v for v in values if v is not None and v == v)
        if len(seen) < 1 + all(v is not None for v in values):
            continue
        numbers = all(number(v) is not None for v in seen)
        found[name] = None if numbers else tuple(str(v) for v, _ in seen.most_common(MOST_WORDS))
    return Coder(words=found)


def _column(values: Names, words: tuple[str, ...] | None) -> Floats:
    if words is None:
        numbers = (number(v) for v in values)
        return np.array([np.nan if x is None else x for x in numbers], dtype=np.float64)
    place = {w: float(i) for i, w in enumerate(words)}
    return np.array([np.nan if v is None else place.get(str(v), np.nan) for v in values], dtype=np.float64)
