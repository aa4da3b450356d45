"""What is odd about the times of a log. Each check is one function; it yields nothing where all is well."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from sandcone.core.log import Finding
from sandcone.reading.facts import Facts, odd

TOGETHER = "INTERVAL 5 SECOND"
OLDEST = 1990
SHIFTED = "Only gaps inside a case are true; arrivals, patients in process, load and busy hours by the day are not"
OUT_OF_RANGE = "Dates look shifted or defaulted: say dates_shifted = true in [site] if they are; load by the day is then not true"
FAR_APART = "One of their dates is probably wrong; they rule every mean and every share weighted by time, medians less"
DAYS_ONLY = "Durations and waits below a day are not known; order within a day is the file's"
MIDNIGHT = "Midnight is often put where the time is not known; waits and durations of these steps may be off by up to a day"
STAMPED = "They were done earlier than written: durations, waits and busy hours around them are off"
NO_TIME = "They add nothing to value-adding time or busy hours; both are too low if the work took time"
OPEN = "Their cases count as unfinished: throughput time is at least what was seen, and they are not left out"
LATE_NEED = "Their wait from the need counts as none"
DISORDER = "Steps are taken in the order of their times; the file's order only settles ties"
ESTIMATED = "Durations, busy hours, waits and flow efficiency of these steps rest on the estimate, mostly an upper bound on duration"


def dates_shifted(f: Facts) -> Iterator[Finding]:
    """The publisher moved the dates of each case."""
    if f.log.site.dates_shifted:
        yield odd("cases whose dates were shifted by the publisher", f.cases, f.cases, SHIFTED)


def years_out_of_range(f: Facts) -> Iterator[Finding]:
    """Times before 1990 or still to come."""
    limit = f"TIMESTAMP '{datetime.now(UTC).year + 1}-01-01'"
    first, last, n = f.ask(f"""
        SELECT min(year(coalesce(start, "end"))), max(year(coalesce("end", start))),
            count(*) FILTER (coalesce(start, "end") < TIMESTAMP '{OLDEST}-01-01' OR coalesce("end", start) >= {limit})
        FROM {{log}}""")
    if n:
        yield odd("steps dated before 1990 or in the future", n, f.steps, OUT_OF_RANGE, f"{first} to {last}")


def far_apart(f: Facts) -> Iterator[Finding]:
    """Cases that last more than a year and a hundred times as long as the usual case."""
    n, longest = f.ask("""
        WITH c AS (SELECT epoch(max(coalesce("end", start))) - epoch(min(coalesce(start, "end"))) AS s FROM {log} GROUP BY "case")
        SELECT count(*) FILTER (s > 366 * 86400 AND s > 100 * (SELECT median(s) FROM c)), max(s) / (365.25 * 86400) FROM c""")
    if n:
        yield odd("cases whose steps lie years apart", n, f.cases, FAR_APART, f"up to {longest:,.0f} years")


def days_only(f: Facts) -> Iterator[Finding]:
    """Dates without a time of day."""
    if f.days_only:
        yield odd("steps with a day but no time of day", f.midnights, f.ended, DAYS_ONLY)


def midnight_defaults(f: Facts) -> Iterator[Finding]:
    """Far more times at exactly midnight than one in each 1,440 minutes."""
    if not f.days_only and f.midnights >= 5 and f.midnights > 10 * f.ended / 1440:
        yield odd("steps that end at exactly midnight", f.midnights, f.ended, MIDNIGHT)


def stamped_together(f: Facts) -> Iterator[Finding]:
    """Three and more steps of one resource that end within seconds of each other."""
    if not f.named or f.days_only:
        return
    who = 'resource, "case"' if f.log.site.dates_shifted else "resource"
    (n,) = f.ask(f"""
        WITH e AS (
            SELECT resource, "case", "end", "end" > lag("end") OVER w + {TOGETHER} AS apart FROM {{log}}
            WHERE resource IS NOT NULL AND "end" IS NOT NULL WINDOW w AS (PARTITION BY {who} ORDER BY "end")),
        g AS (SELECT {who}, sum(CASE WHEN apart THEN 1 ELSE 0 END) OVER (PARTITION BY {who} ORDER BY "end") AS batch FROM e)
        SELECT coalesce(sum(k), 0) FROM (SELECT count(*) AS k FROM g GROUP BY {who}, batch HAVING count(*) >= 3)""")
    if n:
        yield odd("steps stamped together (three or more of one resource within seconds)", n, f.named, STAMPED)


def zero_durations(f: Facts) -> Iterator[Finding]:
    """Steps that end the moment they start, in a log that has starts."""
    if f.log.starts not in ("seen", "partly"):
        return
    (n,) = f.ask('SELECT count(*) FILTER (start = "end" AND NOT estimated) FROM {log}')
    if n > 0.005 * f.steps:
        yield odd("steps that take no time", n, f.steps, NO_TIME)


def still_open(f: Facts) -> Iterator[Finding]:
    """Steps that had not ended when the log did."""
    if f.ended < f.steps:
        yield odd("steps begun or asked for and not ended when the record of their case stops", f.steps - f.ended, f.steps, OPEN)


def need_after_start(f: Facts) -> Iterator[Finding]:
    """Steps that were needed only after they began."""
    if not f.log.has_ready:
        return
    n, known = f.ask("SELECT count(*) FILTER (ready > start), count(ready) FROM {log}")
    if n:
        yield odd("steps whose need is later than their start", n, known, LATE_NEED)


def out_of_order(f: Facts) -> Iterator[Finding]:
    """Rows of a case that stand in another order in the file than their times say."""
    by_start, by_end = f.ask("""
        SELECT count(*) FILTER (s < lag_s), count(*) FILTER (e < lag_e) FROM (
            SELECT coalesce(start, "end") AS s, lag(coalesce(start, "end")) OVER w AS lag_s, "end" AS e, lag("end") OVER w AS lag_e
            FROM {log} WINDOW w AS (PARTITION BY "case" ORDER BY "row"))""")
    if n := min(by_start, by_end):
        yield odd("steps written after a later step of their case", n, f.steps, DISORDER)


def estimated_starts(f: Facts) -> Iterator[Finding]:
    """Starts that are no records."""
    (n,) = f.ask("SELECT count(*) FILTER (estimated) FROM {log}")
    if n:
        yield odd("steps whose start was estimated", n, f.steps, ESTIMATED)
