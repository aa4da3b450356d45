"""The event log: one row for each step of each case, on any engine that Ibis speaks to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import ibis.expr.types as ir

from sandcone.core.errors import EmptyError
from sandcone.core.site import Site

ROLES = {
    "row": "int64",  # order in the source; settles ties
    "case": "string",
    "step": "string",
    "ready": "timestamp",  # when the step became needed and possible, if the log says
    "planned": "timestamp",  # when the step was booked to begin, if the log says
    "start": "timestamp",  # null: not begun when the log ends
    "end": "timestamp",  # null: still going on when the log ends
    "resource": "string",
    "others": "array<string>",  # further resources of the same step
    "estimated": "boolean",  # whether start was estimated
}
"""The columns of a log. All are always there; times are UTC, or as written where no zone is known."""

Starts = Literal["seen", "estimated", "partly", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something odd in the data: what, how much of it, and what it does to which number."""

    what: str
    rows: int
    share: float  # of the rows or cases looked at, 0 to 1
    effect: str
    example: str = ""  # never a patient's identifier

    def __str__(self) -> str:
        return f"{self.what}: {self.rows:,} ({self.share:.1%}). {self.effect}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Rows of one source that could not be used, counted by reason."""

    reason: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where every row of the source went: rows in = rows kept + rows left out."""

    rows_in: int
    rows_kept: int
    left_out: tuple[LeftOut, ...] = ()

    def __post_init__(self) -> None:
        gone = sum(x.rows for x in self.left_out)
        if self.rows_in != self.rows_kept + gone:
            raise ValueError(f"{self.rows_in} rows in, but {self.rows_kept} kept and {gone} left out")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EventLog:
    """Every step of every patient's journey: who, what, needed when, begun when, ended when, with what.

    ``table`` has the columns of ``ROLES`` and one string column for each name in ``attributes`` (a case attribute,
    the same on every row of a case). ``starts`` says whether the source had starts ("none": every step is a point in
    time). ``has_ready`` says whether it had a time of need. ``zone`` is the hospital's zone, None if nobody knows it.
    """

    table: ir.Table
    attributes: tuple[str, ...] = ()
    starts: Starts = "seen"
    has_ready: bool = False
    zone: str | None = None
    source: str = "log"
    site: Site = field(default_factory=Site)
    account: Account = Account(rows_in=0, rows_kept=0)
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()  # what was guessed or repaired on the way in, a sentence each
    left_out: ir.Table | None = None

    def __post_init__(self) -> None:
        missing = (set(ROLES) | set(self.attributes)) - set(self.table.columns)
        if missing:
            raise EmptyError(self.source, f"no column {sorted(missing)[0]!r} in the log", "Read it with sandcone.read first.")

    def with_site(self, site: Site) -> EventLog:
        """The same log, seen with what this site adds."""
        return replace(self, site=self.site.joined(site))
