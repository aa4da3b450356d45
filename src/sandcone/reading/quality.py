"""What is odd about a log: how much of it, and what it does to which number."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sandcone.core.log import EventLog, Finding
from sandcone.reading import odd_times, odd_work
from sandcone.reading.facts import Facts, facts

Check = Callable[[Facts], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    odd_times.dates_shifted,
    odd_times.years_out_of_range,
    odd_times.far_apart,
    odd_times.days_only,
    odd_times.midnight_defaults,
    odd_times.stamped_together,
    odd_work.overlaps,
    odd_work.alike_names,
    odd_work.no_resource,
    odd_times.zero_durations,
    odd_times.still_open,
    odd_times.need_after_start,
    odd_work.vanished_cases,
    odd_work.drift,
    odd_times.out_of_order,
    odd_times.estimated_starts,
)
"""What is looked for. Add a check: write it, list it, test it."""


def quality(log: EventLog) -> tuple[Finding, ...]:
    """Everything odd about a log, each with how much of it there is and what it does to which number."""
    known = facts(log)
    return tuple(finding for check in CHECKS for finding in check(known)) if known.steps else ()
