"""What each cost weighs, said in words: a day of delay is worth so many nurses met, an open theatre so many days of delay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from math import lcm

from sandcone.core.errors import ProblemError
from sandcone.core.inpatient import Weights

UNITS = {
    "left_out": ("patient left out", "patients left out"),
    "open_theatre": ("open theatre", "open theatres"),
    "delay": ("day of delay", "days of delay"),
    "surgeon_moves": ("surgeon's move", "surgeon's moves"),
    "nurses_met": ("nurse met", "nurses met"),
    "overload": ("unit of overload", "units of overload"),
    "skill_short": ("level of skill short", "levels of skill short"),
    "mixed_ages": ("age group apart", "age groups apart"),
}
"""One unit and several of what each weight weighs."""

FINEST = 1000  # weights are whole numbers: a part smaller than a thousandth would make them huge


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a unit of one cost is worth: ``amount`` units of ``of``; a plain number where ``of`` is None.

    ``of`` is another weight's name, or "usual" for what the problem itself says.
    """

    amount: Fraction
    of: str | None = None

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ProblemError("weights", f"a weight of {float(self.amount):g}", "Give 0 or more.")
        if self.of is not None and self.of != "usual" and self.of not in UNITS:
            raise ProblemError("weights", f"nothing is called {self.of!r}", f"There are {', '.join(UNITS)}.")


def weights(wishes: Mapping[str, Wish], usual: Weights) -> Weights:
    """The weights that wishes come to; what is not wished for stays as usual.

    Weights are whole numbers: where a wish is a part of one, all are multiplied alike, so that every exchange stays true. ``ProblemError``
    where wishes go round in a circle, where nothing weighs anything, or where a part is smaller than a thousandth.
    """
    worth = {name: _worth(name, wishes, usual, ()) for name in UNITS}
    times = lcm(*(w.denominator for w in worth.values()))
    if times > FINEST:
        raise ProblemError("weights", f"parts so small that all would have to be multiplied by {times:,}", "Give rounder numbers.")
    if not any(worth.values()):
        raise ProblemError("weights", "nothing weighs anything", "Give at least one cost a weight above 0.")
    return Weights(**{name: int(w * times) for name, w in worth.items()})


def _worth(name: str, wishes: Mapping[str, Wish], usual: Weights, way: tuple[str, ...]) -> Fraction:
    if name in way:
        circle = " → ".join((*way[way.index(name) :], name))
        raise ProblemError("weights", f"{circle}: each is said by the other", "Give one of them a number.")
    wish = wishes.get(name, Wish(amount=Fraction(1), of="usual"))
    if wish.of is None:
        return wish.amount
    unit = Fraction(getattr(usual, name)) if wish.of == "usual" else _worth(wish.of, wishes, usual, (*way, name))
    return wish.amount * unit


def in_words(chosen: Weights) -> str:
    """The weights as a table, the heaviest first, each also in days of delay where a day of delay weighs something."""
    rows = sorted(((getattr(chosen, f.name), UNITS[f.name][0]) for f in fields(chosen)), reverse=True)
    head = f"{'one …':<24}{'weighs':>8}{'  days of delay' if chosen.delay else ''}"
    return "\n".join([head, *(f"{unit:<24}{weight:>8,}{_days(weight, chosen.delay)}" for weight, unit in rows)])


def _days(weight: int, delay: int) -> str:
    return f"{weight / delay:>15.4g}" if delay else ""
