"""What all predictions share: what can be asked with which options, of whom, when, on what it rests, and the table that it goes into."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from sandcone.core.errors import ModelError
from sandcone.core.place import beside, csv_name
from sandcone.personalising.drift import Bools
from sandcone.personalising.history import Questions

TAKES = {"step": ("steps",), "no-show": ("steps", "missed", "person")}


def check_options(what: str, **given: object) -> None:
    """Refuse options that a question makes no use of, rather than leave them out in silence."""
    for name, value in given.items():
        if value and name not in TAKES.get(what, ()):
            takers = " or ".join(asked for asked, names in TAKES.items() if name in names)
            raise ModelError("predict", f"{name} says nothing about {what}", f"Leave it out, or ask about {takers}.")


def minute_of(until: datetime, zone: str | None) -> float:
    """A moment on the hospital's clock in minutes since 1970 began (UTC)."""
    known = until if until.tzinfo else until.replace(tzinfo=ZoneInfo(zone) if zone else UTC)
    return known.timestamp() / 60


def of_whom(asked: Questions, cut: float | None, hindsight: bool = False) -> Bools:
    """The questions asked from then on; without a date the last one of each open case.

    In ``hindsight`` all that was asked of those who began before is learnt from, so it is only asked of those who begin later.
    """
    if cut is not None:
        return np.asarray((asked.begin if hindsight else asked.moment) >= cut)
    chosen = np.zeros(len(asked), dtype=bool)
    last: dict[object, int] = {}
    for i in np.flatnonzero(np.isnan(asked.answer)).tolist():
        if asked.case[i] not in last or asked.moment[i] >= asked.moment[last[asked.case[i]]]:
            last[asked.case[i]] = i
    chosen[list(last.values())] = True
    return chosen


def basis_words(basis: Sequence[str]) -> str:
    """On what is said rests, in words."""
    words = {"person": "by what is known of the person", "segment": "as usual in the segment", "everybody": "as usual for everybody"}
    return ", ".join(f"{basis.count(b) / len(basis):.0%} {words[b]}" for b in dict.fromkeys(basis))


def clock_text(minute: float, zone: str | None) -> str:
    """Minutes since 1970 began as a moment on the hospital's clock."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=float(minute))
    return moment.astimezone(ZoneInfo(zone) if zone else UTC).strftime("%Y-%m-%d %H:%M")


def save_table(path: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Keep a table as CSV: whole, or not at all."""
    with beside(csv_name(path)) as unfinished, unfinished.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(head)
        out.writerows(rows)
