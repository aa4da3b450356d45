"""Weights in words from a TOML file: ``open_theatre = "2 days of delay"``."""

from __future__ import annotations

import re
import tomllib
from fractions import Fraction
from pathlib import Path

from sandcone.core.errors import ProblemError
from sandcone.core.inpatient import Weights
from sandcone.core.wishes import UNITS, Wish, weights

ONE_UP = ("nothing", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NUMBERS = {word: Fraction(i) for i, word in enumerate(ONE_UP)}
PARTS = {"half": Fraction(1, 2), "third": Fraction(1, 3), "quarter": Fraction(1, 4), "tenth": Fraction(1, 10), "twice": Fraction(2)}
SILENT = {"a", "an", "the", "of", "as", "times"}
NUMBER = re.compile(r"\d+(\.\d+)?(/[1-9]\d*)?")
SAY = 'Give a number, "nothing", "as usual", "twice the usual", or units of another cost, such as "2 days of delay".'


def read_weights(path: str | Path, usual: Weights) -> Weights:
    """The weights that a TOML file wishes for, each a number or in words; what it does not name stays as ``usual``.

    ``ProblemError`` with the place where a weight is unknown, a phrase is not understood, or wishes go round in a circle.
    """
    try:
        table = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
        raise ProblemError(str(path), f"cannot be read ({e})", "Give a TOML file with a table [weights].") from None
    said = table.get("weights", table)
    if not isinstance(said, dict):
        raise ProblemError(str(path), "weights is not a table", "Begin it with [weights].")
    try:
        return weights({name: _wish(name, value) for name, value in said.items()}, usual)
    except ProblemError as e:
        raise ProblemError(f"{path}, {e.where}", e.found, e.do) from None


def _wish(name: str, value: object) -> Wish:
    if name not in UNITS:
        raise ProblemError("weights", f"nothing is called {name!r}", f"There are {', '.join(UNITS)}.")
    if isinstance(value, str):
        return wish(name, value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 10**9:
        raise ProblemError(name, f"{value!r} is not a weight", SAY)
    return Wish(amount=Fraction(str(value)))


def wish(name: str, words: str) -> Wish:
    """What a phrase wishes for: how many units, and of what; ``ProblemError`` where it is not understood."""
    text = " ".join(words.lower().replace("’", "'").split())
    unit, before = _unit(text)
    amount = Fraction(1)
    for word in before.split():
        amount *= _amount(name, words, word)
    if unit is None and not any(NUMBER.fullmatch(w) or w in NUMBERS for w in before.split()):
        raise ProblemError(name, f"{words!r} is not understood", SAY)
    return Wish(amount=amount, of=unit)


def _unit(text: str) -> tuple[str | None, str]:
    """The unit a phrase ends with, and what is said before it; None for a plain number."""
    named = [("usual", "usual"), *((phrase, name) for name, phrases in UNITS.items() for phrase in phrases)]
    for phrase, name in named:
        if text == phrase or text.endswith(f" {phrase}"):
            return name, text.removesuffix(phrase).strip()
    return None, text


def _amount(name: str, words: str, word: str) -> Fraction:
    if NUMBER.fullmatch(word):
        whole, _, under = word.partition("/")
        return Fraction(whole) / Fraction(under or 1)
    found = NUMBERS.get(word, PARTS.get(word))
    if found is None and word not in SILENT:
        raise ProblemError(name, f"{words!r} is not understood, at {word!r}", SAY)
    return Fraction(1) if found is None else found
