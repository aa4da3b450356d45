"""Small pieces of sentences."""

from __future__ import annotations


def many(n: int, one: str, more: str = "") -> str:
    """A count with its noun: "1 person", "2 people"; an s where ``more`` is not said."""
    return f"{n:,} {one if n == 1 else more or one + 's'}"
