"""Section 4: where patients wait and why, as bars split by cause."""

from __future__ import annotations

from sandcone.core.estimate import Measure, Measures
from sandcone.core.log import EventLog
from sandcone.reporting import words
from sandcone.reporting.bars import legend, parted
from sandcone.reporting.causes import BECAUSE, CAUSES, typically
from sandcone.reporting.glossary import TERMS, term
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.promises import promises
from sandcone.reporting.tables import absent, cell, estimated, folded, largest, not_shown, note, notes_of, starts_sentence, table

SHOWN = 12
WORTH_SAYING = 0.005
NUMBERS = ("median", "mean", "p90", "total", "share")
Split = dict[str, float]  # cause → hours; "" where the cause is not known


def waits(log: EventLog, measures: Measures) -> Html:
    """The picture of waits first, then the numbers."""
    steps = largest(m for m in measures.by("wait_before.total", "step") if m.estimate.value > 0)
    if not steps:
        return join(
            [absent(measures, "Waits", "wait_before.total", "wait_before.mean", "wait.total", "wait_cause.hours"), promises(measures)]
        )
    splits = _splits(measures)
    missing = None if splits else absent(measures, "Causes of the waits", "wait_cause.hours", "wait_cause.share")
    picture = _picture(log, measures, steps, splits)
    return join([_why(measures), picture, missing, _numbers(measures, steps, splits), notes_of(steps), promises(measures)])


def _why(measures: Measures) -> Html:
    """All waiting in one sentence."""
    total, shares = measures.get("wait.total"), largest(measures.by("wait_cause.share", "cause"))
    start = f"Patients waited {_patient_time(total.value)} in all" if total and total.known else "Patients waited"
    said = [f"{words.say(m.estimate)} of it {_because(m.group['cause'])}" for m in shares[:3] if m.estimate.value >= WORTH_SAYING]
    return tag("p", f"{start}: {words.listed(said)}." if said else f"{start}.")


def _because(cause: str) -> str:
    return BECAUSE.get(cause, f"because of {cause}")


def _patient_time(hours: float) -> str:
    """A sum over patients, so it is said to be one."""
    if not hours < 240:
        return words.count(hours / 24, "patient day")
    return f"{words.number(hours, 0.1)} patient hours" if 0 < hours < 10 else words.count(hours, "patient hour")


def _splits(measures: Measures) -> dict[str, Split]:
    found: dict[str, Split] = {}
    for m in measures.by("wait_cause.hours", "step", "cause"):
        if m.estimate.known:
            found.setdefault(m.group["step"], {})[m.group["cause"]] = m.estimate.value
    return found


def _picture(log: EventLog, measures: Measures, steps: list[Measure], splits: dict[str, Split]) -> Html:
    longest = steps[0].estimate.value
    bars = [_bar(measures, m, splits.get(m.group["step"], {"": m.estimate.value}), longest) for m in steps[:SHOWN]]
    shown = [c for c in CAUSES if any(s.get(c) for s in splits.values())]
    key = legend([(CAUSES[c], term(CAUSES[c], TERMS[CAUSES[c]].title)) for c in shown], "Causes of waiting") if shown else None
    title = tag("figcaption", "Waiting before each step, all patients together", estimated(log))
    sentence = note(starts_sentence(log)) if starts_sentence(log) else None
    return tag("figure", title, key, tag("ol", *bars, class_="bars"), not_shown(SHOWN, len(steps), "steps"), sentence)


def _bar(measures: Measures, m: Measure, split: Split, longest: float) -> Html:
    step = m.group["step"]
    share, median = measures.get("wait_before.share", step=step), measures.get("wait_before.median", step=step)
    part = f", {words.say(share)} of all waiting" if share and share.known else ""
    typical = typically(median, "; ")
    told = tag("span", f"{_patient_time(m.estimate.value)}{part}{typical}", class_="note")
    parts = [(CAUSES.get(c, "other") if c else "unsplit", split[c] / longest) for c in sorted(split, key=[*CAUSES, *split].index)]
    return tag("li", tag("span", tag("b", step), " ", told, class_="bar-label"), parted(parts, _told(step, split)))


def _told(step: str, split: Split) -> str:
    total = sum(split.values())
    causes = [f"{TERMS[CAUSES[c]].title.lower() if c in CAUSES else c} {words.share(h / total)}" for c, h in split.items() if h > 0 and c]
    return f"Wait before {step}: {words.listed(causes)}" if causes else f"Wait before {step}"


def _numbers(measures: Measures, steps: list[Measure], splits: dict[str, Split]) -> Html:
    named = [m.group["step"] for m in steps[: 3 * SHOWN]]
    rows = [[s, *(_cell(measures, n, s) for n in NUMBERS)] for s in named]
    head = ["Before", "Typical (median)", "Mean", "One in ten over", "All patients", "Of all waiting"]
    causes = [[s, *(_patient_time(splits[s].get(c, 0.0)) for c in CAUSES)] for s in named if s in splits]
    by_cause = table("Waits by cause", ["Before", *(TERMS[t].title for t in CAUSES.values())], causes) if causes else None
    return folded("The numbers behind the picture", table("Waits before each step", head, rows), by_cause)


def _cell(measures: Measures, name: str, step: str) -> str:
    e = measures.get(f"wait_before.{name}", step=step)
    return _patient_time(e.value) if e is not None and name == "total" else cell(e)
