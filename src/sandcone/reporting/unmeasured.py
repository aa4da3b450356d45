"""Section 10: what could not be measured, and why."""

from __future__ import annotations

from sandcone.core.estimate import Measures
from sandcone.core.log import EventLog
from sandcone.reporting import words
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.names import title
from sandcone.reporting.tables import table


def unmeasured(log: EventLog, measures: Measures) -> Html:
    """The numbers that this log cannot support, those with the same reason together."""
    reasons = grouped(measures)
    if not reasons:
        return tag("p", "Everything that can be measured on a log was measured on this one.")
    rows = [[join(names, "; "), why] for why, names in reasons.items()]
    intro = tag("p", "A number that the log cannot support is not guessed. These are missing:")
    return join([intro, table("What could not be measured", ["Number", "Why"], rows, texts=(1,))])


def grouped(measures: Measures) -> dict[str, list[str]]:
    """Reason → the numbers that are missing for it, in words."""
    reasons: dict[str, list[str]] = {}
    for m in measures.missing:
        reasons.setdefault(words.sentence(m.why), []).append(title(m.name))
    return reasons
