"""The reasons for which patients wait, in the order they are always shown, and the biggest wait of all."""

from __future__ import annotations

from dataclasses import dataclass

from sandcone.core.estimate import Estimate, Measures
from sandcone.reporting import words
from sandcone.reporting.tables import largest

CAUSES = {  # as measured → term of the glossary
    "busy": "busy",
    "priority": "priority",
    "off shift": "off_shift",
    "batching": "batching",
    "no resource named": "no_resource",
    "other": "other",
}

BECAUSE = {
    "busy": "because the resource was busy with patients who came earlier",
    "priority": "because the resource took patients who came later first",
    "off shift": "because the resource was closed or off duty",
    "batching": "because steps are saved up and done several at a time",
    "no resource named": "for something that the log does not name a resource for",
    "other": "for reasons that the log does not explain",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Biggest:
    """The step before which patients wait longest in all, and the main reason."""

    step: str
    total: Estimate
    share: Estimate | None
    median: Estimate | None
    because: str  # "" where the cause was not measured


FEW = 5  # below this, nothing is typical


def typically(median: Estimate | None, before: str, after: str = "") -> str:
    """A typical wait in words, with what comes before and after it; where it rests on a few steps only, that is said."""
    if median is None or not median.known:
        return ""
    if median.n < FEW:
        return f"{before}seen in only {words.count(median.n, 'step')}"
    return f"{before}typically {words.say(median)}{after}"


def biggest_wait(measures: Measures) -> Biggest | None:
    """The step with most waiting hours before it; None where no wait was measured."""
    ranked = largest(measures.by("wait_before.total", "step"))
    if not ranked or ranked[0].estimate.value <= 0:
        return None
    step = ranked[0].group["step"]
    share, median = measures.get("wait_before.share", step=step), measures.get("wait_before.median", step=step)
    return Biggest(step=step, total=ranked[0].estimate, share=share, median=median, because=main_cause(measures, step))


def main_cause(measures: Measures, step: str) -> str:
    """The main reason for the wait before a step, in words; empty where it was not measured."""
    here = largest(m for m in measures.by("wait_cause.hours", "step", "cause") if m.group["step"] == step)
    if not here or here[0].estimate.value <= 0:
        return ""
    cause = here[0].group["cause"]
    return BECAUSE.get(cause, f"because of {cause}")
