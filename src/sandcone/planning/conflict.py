"""Why no plan can be carried out: demands that cannot all be met, none of which can be spared.

The set is irreducible: it cannot be met, and without any one of its members it can. It need not be the smallest there is; of two that are
looked for in contrary orders the smaller one is given. Method: QuickXplain (Junker 2004, AAAI, pp. 167–172), each test exact.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sandcone.core.errors import ProblemError
from sandcone.core.inpatient import Problem
from sandcone.planning.crowded import crowded
from sandcone.planning.possible import Demand, Kind, all_demands, possible

SIMPLER: tuple[tuple[Kind, ...], ...] = (
    ("must come", "surgeon"),
    ("must come", "surgeon", "theatre"),
    ("must come", "already there", "beds", "genders", "suits", "nurses"),
)
"""Parts of the problem in which a conflict is looked for first: easier to test, and easier to read."""

Test = Callable[[Sequence[Demand]], bool | None]
"""Whether demands can be met at once; None where that was not settled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Demands that cannot all be met. ``minimal``: each was left out in turn, and the others could then be met. Print it for the words."""

    problem: Problem = field(repr=False)
    demands: tuple[Demand, ...]
    minimal: bool

    def names(self, kind: Kind) -> list[str]:
        """Who or what is in it of one kind, each once."""
        return list(dict.fromkeys(d.name for d in self.demands if d.kind == kind))

    def __str__(self) -> str:
        from sandcone.planning.conflict_words import words

        return words(self)

    def as_json(self) -> dict[str, object]:
        """The demands as plain values, and the words."""
        demands = [{"kind": d.kind, "name": d.name, "day": d.day} for d in self.demands]
        return {"schema": 1, "possible": False, "minimal": self.minimal, "demands": demands, "words": str(self)}


def conflict(problem: Problem, seconds: float = 60.0, told: Callable[[str], None] = lambda _: None) -> Conflict | None:
    """Demands of a problem that cannot all be met, as few as can be told apart; None if there is a plan that can be carried out.

    Demands are the patients who must come, the people already there, and every limit: surgeons' and theatres' hours of each day, beds,
    genders and suitable rooms, shifts without a nurse. ``ProblemError`` where it was not settled within about so many seconds.
    """
    test = _test(problem, time.monotonic() + seconds)
    told("looking whether any plan can be carried out")
    whole, parts = all_demands(problem), crowded(problem)
    if not parts and _settled(test(whole), seconds):
        return None
    told("looking for demands that cannot all be met")
    part = parts[0] if parts else _simplest(whole, test)
    best = min((smallest(order, test) for order in (part, part[::-1])), key=len)
    told("checking that none of them can be spared")
    return Conflict(problem=problem, demands=tuple(d for d in whole if d in best), minimal=spares_none(best, test))


def smallest(demands: Sequence[Demand], test: Test) -> list[Demand]:
    """Of demands that cannot all be met, some that cannot either, such that none can be spared, as far as every test was settled."""
    return _needed([], demands, test, known=False)


def spares_none(demands: Sequence[Demand], test: Test) -> bool:
    """Whether demands cannot all be met, but can without any one of them; False too where a test was not settled."""
    if test(demands) is not False:
        return False
    return all(test([d for d in demands if d is not one]) for one in demands)


def _needed(kept: list[Demand], of: Sequence[Demand], test: Test, *, known: bool) -> list[Demand]:
    """Those of ``of`` that a conflict needs beside ``kept``; ``known``: kept has just grown, so that it may be a conflict by itself."""
    if known and test(kept) is False:
        return []
    if len(of) == 1:
        return list(of)
    first, second = of[: len(of) // 2], of[len(of) // 2 :]
    from_second = _needed([*kept, *first], second, test, known=True)
    from_first = _needed([*kept, *from_second], first, test, known=bool(from_second))
    return from_first + from_second


def _test(problem: Problem, end: float) -> Test:
    """A test that remembers what it has found, and settles nothing once the time is over."""
    found: dict[frozenset[Demand], bool | None] = {}

    def test(demands: Sequence[Demand]) -> bool | None:
        asked, left = frozenset(demands), end - time.monotonic()
        if asked not in found and left > 0:
            found[asked] = possible(problem, asked, seconds=left)
        return found.get(asked)

    return test


def _simplest(whole: Sequence[Demand], test: Test) -> Sequence[Demand]:
    parts = ([d for d in whole if d.kind in kinds] for kinds in SIMPLER)
    return next((part for part in parts if test(part) is False), whole)


def _settled(found: bool | None, seconds: float) -> bool:
    if found is None:
        raise ProblemError("conflict", f"not settled within {seconds:g} seconds", "Give it more time.")
    return found
