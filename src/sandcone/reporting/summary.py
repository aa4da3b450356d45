"""The report in about fifteen plain lines, for a terminal."""

from __future__ import annotations

from sandcone.core.estimate import Estimate, Measures
from sandcone.core.log import EventLog
from sandcone.reporting import words
from sandcone.reporting.causes import biggest_wait
from sandcone.reporting.finite import finite
from sandcone.reporting.headline import first, open_journeys
from sandcone.reporting.period import period_in_words
from sandcone.reporting.tables import why
from sandcone.reporting.unmeasured import grouped

NUMBERS = (
    ("Throughput time, median", ("throughput_time.median",)),
    ("  one in ten over", ("throughput_time.p90",)),
    ("Waiting, mean a journey", ("waiting_time.mean",)),
    ("Flow efficiency", ("flow_efficiency.from_need", "flow_efficiency.from_start")),
    ("Resource efficiency", ("resource_efficiency.overall", "resource_efficiency.unweighted")),
    ("Patients in process", ("wip.mean",)),
    ("Effective number of ways", ("effective_variants",)),
    ("Explained by the patients", ("personalization.u_adj", "personalization.u")),
)
MISSING_SHOWN = 3


def summary(log: EventLog, measures: Measures) -> str:
    """What the log holds, the main numbers with their intervals, the biggest wait, and what could not be measured."""
    measures = finite(measures)
    lines = [*_log(log, measures), *(_line(measures, title, names) for title, names in NUMBERS), _wait(measures), *_missing(measures)]
    return "\n".join(line.replace(words.NBSP, " ") for line in lines)


def _log(log: EventLog, measures: Measures) -> list[str]:
    cases, steps, open_ = first(measures, "cases"), first(measures, "steps"), open_journeys(measures)
    counted = [words.count(cases.value, "journey")] if cases else []
    counted += [words.count(steps.value, "step")] if steps else []
    counted += [f"{words.count(open_.value)} unfinished"] if open_ and open_.value else []
    a = log.account
    gone = f"{a.rows_kept:,} of {words.count(a.rows_in, 'row')} used, {a.rows_in - a.rows_kept:,} left out"
    biggest = max(a.left_out, key=lambda x: x.rows, default=None)
    reason = f" (most often: {biggest.reason})" if biggest and biggest.rows else ""
    starts = {"seen": "", "none": "; no start times in the log"}.get(log.starts, "; start times are estimated")
    when = "dates moved by the publisher" if log.site.dates_shifted else period_in_words(log)
    return [f"{log.source}: {', '.join(counted) or 'nothing counted'}, {when}", f"{gone}{reason}{starts}"]


def _line(measures: Measures, title: str, names: tuple[str, ...]) -> str:
    e = first(measures, *names)
    return f"{title:<28}{_said(e) if e else 'not measured: ' + why(measures, *names)}"


def _said(e: Estimate) -> str:
    interval = words.interval(e)
    return f"{words.say(e)} ({interval}, n={e.n:,})" if interval else f"{words.say(e)} (n={e.n:,})"


def _wait(measures: Measures) -> str:
    big = biggest_wait(measures)
    if big is None:
        return f"{'Biggest wait':<28}not measured: {why(measures, 'wait_before.total', 'wait_before.mean', 'wait_cause.hours')}"
    part = f", {words.say(big.share)} of all waiting" if big.share else ""
    cause = f", mostly {big.because}" if big.because else ""
    return f"{'Biggest wait':<28}before {big.step}{part}{cause}"


def _missing(measures: Measures) -> list[str]:
    reasons = grouped(measures)
    if not reasons:
        return []
    shown = [f"  {words.count(len(names), 'number')}: {reason}" for reason, names in list(reasons.items())[:MISSING_SHOWN]]
    more = len(reasons) - MISSING_SHOWN
    return [
        f"Could not be measured: {words.count(len(measures.missing), 'number')}",
        *shown,
        *([f"  and {words.count(more, 'further reason')}; see the report"] if more > 0 else []),
    ]
