"""The data-quality report in plain lines: what was used, what was left out and why, what is odd and what it does to which number."""

from __future__ import annotations

from collections.abc import Iterator

from sandcone.core.log import EventLog
from sandcone.reporting import words


def quality(log: EventLog) -> str:
    """What became of every row of a log, and what is odd in it, for a terminal."""
    return "\n".join(line.replace(words.NBSP, " ") for line in (*_rows(log), *_odd(log), *_notes(log)))


def _rows(log: EventLog) -> Iterator[str]:
    a = log.account
    yield f"{log.source}: {words.count(a.rows_in, 'row')}, {a.rows_kept:,} used, {a.rows_in - a.rows_kept:,} left out"
    yield from (f"  left out: {x.reason}, {x.rows:,}" for x in sorted(a.left_out, key=lambda x: -x.rows))


def _odd(log: EventLog) -> Iterator[str]:
    yield "What is odd:" if log.findings else "Nothing odd was found."
    for f in log.findings:
        example = f" For example: {f.example}." if f.example else ""
        yield f"  {f.what}: {f.rows:,} ({words.share(f.share)}). {f.effect.rstrip('.')}.{example}"


def _notes(log: EventLog) -> Iterator[str]:
    if log.notes:
        yield "What was guessed or repaired:"
    yield from (f"  {note}" for note in log.notes)
