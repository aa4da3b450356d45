"""Section 1: what the log says, in one paragraph and six numbers."""

from __future__ import annotations

from sandcone.core.estimate import Estimate, Measures
from sandcone.core.log import EventLog
from sandcone.reporting import words
from sandcone.reporting.causes import biggest_wait, typically
from sandcone.reporting.glossary import term
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.period import period_in_words
from sandcone.reporting.tables import estimated, note, starts_sentence, why


def headline(log: EventLog, measures: Measures) -> Html:
    """The headline of the page."""
    said = [_volume(log, measures), _time(measures), _flow(measures), _use(measures), _wait(log, measures)]
    remarks = [starts_sentence(log), _activity_table(log)]
    return join(
        [tag("p", join(said, " "), class_="lead"), _cards(log, measures), note(" ".join(r for r in remarks if r)) if any(remarks) else None]
    )


def first(measures: Measures, *names: str) -> Estimate | None:
    """The first of these numbers that is there and known."""
    found = (measures.get(name) for name in names)
    return next((e for e in found if e is not None and e.known), None)


def open_journeys(measures: Measures) -> Estimate | None:
    """How many journeys were still open at the end; where nobody counted them, all journeys less the finished ones."""
    counted, every, done = (
        first(measures, f"{n}") for n in ("cases_unfinished", "throughput_time.km_median", "throughput_time.naive_median")
    )
    if counted is not None or every is None or done is None:
        return counted
    return Estimate(value=every.n - done.n, n=every.n, unit="cases")


def _volume(log: EventLog, measures: Measures) -> Html:
    cases, steps, rate = first(measures, "cases"), first(measures, "steps"), first(measures, "arrivals_per_day")
    who = words.count(cases.value, "patient journey") if cases else "an unknown number of journeys"
    what = f" through {words.count(steps.value, 'step')}" if steps else ""
    pace = f", about {words.number(rate.value, words.half_width(rate))} new {words.plural(rate.value, 'journey')} a day" if rate else ""
    when = (
        "; the publisher moved the dates, so only the times inside a journey are true"
        if log.site.dates_shifted
        else f", {period_in_words(log)}"
    )
    return join(["This log follows ", tag("b", who), f"{what}{when}", pace if not log.site.dates_shifted else "", "."])


def _time(measures: Measures) -> Html:
    half, late, cases = (first(measures, name) for name in ("throughput_time.median", "throughput_time.p90", "cases"))
    if half is None:
        return join([f"How long journeys take is not known: {_lower(why(measures, 'throughput_time.median'))}"])
    tail = f", and one in ten longer than {words.say(late)}" if late else ""
    which = "journeys" if cases and half.n == cases.value else "finished journeys"
    return join([f"Half of the {which} took ", tag("b", words.say(half)), " or less (", term("throughput_time"), f"){tail}."])


def _flow(measures: Measures) -> Html:
    fe = first(measures, "flow_efficiency.from_need", "flow_efficiency.from_start")
    if fe is None:
        return join([term("flow_efficiency", "Flow efficiency"), f" is not known: {_lower(why(measures, 'flow_efficiency.from_start'))}"])
    return join(
        ["Of all that time, ", tag("b", words.say(fe)), " went into steps that helped the patient (", term("flow_efficiency"), ")."]
    )


def _use(measures: Measures) -> Html:
    re = first(measures, "resource_efficiency.overall", "resource_efficiency.unweighted")
    if re is None:
        return join(
            [term("resource_efficiency", "Resource efficiency"), f" is not known: {_lower(why(measures, 'resource_efficiency.overall'))}"]
        )
    text = " of the hours they were available ("
    return join(["Staff, rooms and equipment were in use for ", tag("b", words.say(re)), text, term("resource_efficiency"), ")."])


def _wait(log: EventLog, measures: Measures) -> Html:
    big = biggest_wait(measures)
    if big is None:
        return join(
            [f"Where patients wait is not known: {_lower(why(measures, 'wait_before.total', 'wait_before.mean', 'wait_cause.hours'))}"]
        )
    part = f", with {words.say(big.share)} of all waiting" if big.share else ""
    each = typically(big.median, " and ", " each time") if big.median and big.median.value > 0 else ""
    cause = f", mostly {big.because}" if big.because else ""
    badge = estimated(log)
    return join(["The biggest ", term("wait"), " is before ", tag("b", big.step), f"{part}{each}{cause}.", " " if badge else None, badge])


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:] if sentence[1:2].islower() or sentence[1:2] == " " else sentence


def _activity_table(log: EventLog) -> str:
    if log.site.steps or log.site.default_value != "value-adding":
        return ""
    return "Nobody has said yet which steps help the patient, so every step counts as helping; the true flow efficiency is lower or equal."


CARDS = (
    ("journey", "Journeys", "in the log", ("cases",)),
    ("throughput_time", "Throughput time", "half take this or less", ("throughput_time.median",)),
    ("wait", "Waiting", "mean for each journey", ("waiting_time.mean",)),
    ("flow_efficiency", "Flow efficiency", "share of journey time that helps", ("flow_efficiency.from_need", "flow_efficiency.from_start")),
    (
        "resource_efficiency",
        "Resource efficiency",
        "share of available time in use",
        ("resource_efficiency.overall", "resource_efficiency.unweighted"),
    ),
    ("censored", "Unfinished", "open when the log ends", ("cases_unfinished",)),
)
RESTS_ON_STARTS = frozenset({"Waiting", "Flow efficiency", "Resource efficiency"})


def _cards(log: EventLog, measures: Measures) -> Html:
    return tag("dl", *(_card(log, measures, *card) for card in CARDS), class_="cards")


def _card(log: EventLog, measures: Measures, name: str, title: str, what: str, names: tuple[str, ...]) -> Html:
    e = open_journeys(measures) if name == "censored" else first(measures, *names)
    badge = estimated(log) if title in RESTS_ON_STARTS and e else None
    if e is None:
        return tag(
            "div",
            tag("dt", term(name, title)),
            tag("dd", "not measured", class_="big unknown"),
            tag("dd", why(measures, *names), class_="note"),
        )
    sure = _rests_on(e)
    return tag(
        "div",
        tag("dt", term(name, title), badge),
        tag("dd", words.say(e), class_="big"),
        tag("dd", join([what, sure], ". "), class_="note"),
    )


def _rests_on(e: Estimate) -> str | None:
    said = words.interval(e)
    return f"{said[0].upper()}{said[1:]}, from {e.n:,}" if said else None
