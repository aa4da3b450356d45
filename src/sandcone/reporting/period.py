"""The time a log spans, on the hospital's own clock."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sandcone.core.log import EventLog
from sandcone.reporting import words


def period(log: EventLog) -> tuple[datetime, datetime] | None:
    """The first and the last moment at which anything happened, as the hospital's clock showed them; None for an empty log."""
    t = log.table
    row = t.aggregate(a=t.start.min(), b=t.end.min(), c=t.start.max(), d=t.end.max()).to_pyarrow().to_pylist()[0]
    first, last = ([row[k] for k in keys if row[k] is not None] for keys in ("ab", "cd"))
    return (_local(min(first), log.zone), _local(max(last), log.zone)) if first and last else None


def _local(moment: datetime, zone: str | None) -> datetime:
    return moment if zone is None else moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))


def period_in_words(log: EventLog) -> str:
    """The same as a phrase: "from 3 March to 20 July 2025"."""
    span = period(log)
    if span is None:
        return "over no time at all"
    first, last = words.day(span[0]), words.day(span[1])
    if first == last:
        return f"on {first}"
    return f"from {first.removesuffix(last[-5:])} to {last}"
