"""Text files whose lines and rows do not tally: each record is given its own place, so that one slip costs one line."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

FARTHEST = 20  # lines over which a quoted cell may run


def mend(lines: TextIO, separator: str, width: int, target: Path) -> list[str]:
    """Copy the records whose quotes are in order to ``target``; the lines of the others come back.

    A cell may run over several lines if its quote closes within ``FARTHEST`` lines and the row then has ``width`` columns.
    Empty lines are no records.
    """
    lost: list[str] = []
    with target.open("w", encoding="utf-8", newline="") as out:
        for record, sound in _records(lines, separator, width):
            if sound:
                out.write(record + "\n")
            elif record:
                lost.append(record)
    return lost


def _records(lines: TextIO, separator: str, width: int) -> Iterator[tuple[str, bool]]:
    ahead: deque[str] = deque()
    while True:
        ahead.extend(islice(lines, FARTHEST - len(ahead)))
        if not ahead:
            return
        n = _sound(ahead, separator, width)
        record = "".join(ahead.popleft() for _ in range(max(n, 1))).rstrip("\r\n")
        yield record, n > 0 and bool(record)


def _sound(ahead: deque[str], separator: str, width: int) -> int:
    """How many lines make the next record; 0 if its quotes are not in order."""
    if '"' not in ahead[0]:
        return 1
    quotes = 0
    for n, line in enumerate(ahead, 1):
        quotes += line.count('"')
        if quotes % 2 == 0:
            columns = _columns("".join(islice(ahead, n)), separator)
            return n if columns == width or (n == 1 and columns) else 0
    return 0


def _columns(record: str, separator: str) -> int:
    """How many columns a record has; 0 if it is not exactly one record."""
    try:
        rows = list(csv.reader(record.splitlines(keepends=True), delimiter=separator, strict=True))
    except csv.Error:
        return 0
    return len(rows[0]) if len(rows) == 1 else 0
