"""A number with its unit as people write it: "600s", "10 min", "1,000,000 moves", "2%"."""

from __future__ import annotations

import re

NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9][0-9_]*)(?:\.[0-9]+)?"  # a comma stands between thousands only: "1,5" is no number
SAID = re.compile(rf"\s*({NUMBER})\s*([a-z]+|%)\s*")
SECONDS = {"s": 1, "sec": 1, "seconds": 1, "m": 60, "min": 60, "minutes": 60, "h": 3600, "hours": 3600}


def amount(words: str, *units: str) -> tuple[str, float] | None:
    """The unit and how much of it; a time comes as ``"seconds"``, other units are those named. None where the words are no such thing."""
    found = SAID.fullmatch(words.lower())
    if found is None:
        return None
    much, unit = float(found.group(1).replace(",", "").replace("_", "")), found.group(2)
    if unit in SECONDS:
        return "seconds", much * SECONDS[unit]
    return (unit, much) if unit in units else None
