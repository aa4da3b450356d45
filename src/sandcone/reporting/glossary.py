"""Every term the page uses, in words a ward manager would use. Formulas: FIELD.md, the section named with each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sandcone.reporting.markup import Html, join, tag


@dataclass(frozen=True, slots=True)
class Term:
    """A term, what it means, the unit it comes in and where its formula is."""

    title: str
    meaning: str
    unit: str = ""


TERMS: dict[str, Term] = {
    "journey": Term("Journey", "One patient's way through the log, from the first step to the last. Some logs call it a case."),
    "step": Term("Step", "One thing done in a journey, such as a blood test or an operation."),
    "resource": Term("Resource", "A person, room, bed or machine that a step needs."),
    "pool": Term("Pool", "Resources that can stand in for each other, such as all triage nurses."),
    "throughput_time": Term("Throughput time", "How long a journey takes from its beginning to its end.", "hours or days"),
    "value_adding": Term(
        "Value-adding time",
        "Time in steps that change the patient's need: assess, decide, treat, teach. The hospital declares which steps count.",
        "hours for each journey",
    ),
    "necessary": Term("Necessary time", "Time in steps that do not help by themselves but cannot be left out, such as cleaning a room."),
    "flow_efficiency": Term(
        "Flow efficiency",
        "The part of a journey's time in which something helps the patient. 30 minutes of care in a visit of 2 hours is 25 %.",
        "share, 0 to 100 %",
    ),
    "resource_efficiency": Term(
        "Resource efficiency",
        "The part of the time a resource is available in which it is in use. A scanner used 6 hours of an open day of 8 is at 75 %.",
        "share, 0 to 100 %",
    ),
    "available": Term("Available time", "The hours a resource is open or on duty. Where nobody declared them, they are inferred from use."),
    "wait": Term("Wait", "Time between the moment a step was needed and possible, and the moment it began.", "minutes, hours or days"),
    "busy": Term("Busy, in turn", "The patient waited because the resource was busy with patients who came earlier."),
    "priority": Term("Overtaken", "The patient waited because the resource took patients who came later, such as urgent ones."),
    "off_shift": Term("Off shift", "The patient waited because the resource was closed or off duty."),
    "batching": Term("Batching", "The patient waited because steps are saved up and done several at a time."),
    "no_resource": Term("No resource named", "The log does not say who or what the step needed, so the reason cannot be told."),
    "other": Term("Other", "The part of the wait that the log does not explain: transport, papers, a decision, or a rest that was needed."),
    "matrix": Term("Efficiency matrix", "A map with busy resources to the right and short journeys at the top."),
    "islands": Term("Efficient islands", "Resources are busy, but patients wait: resource efficiency high, flow efficiency low."),
    "ocean": Term("Efficient ocean", "Patients flow, but resources stand idle: flow efficiency high, resource efficiency low."),
    "wasteland": Term("Wasteland", "Resources stand idle and patients wait: both low."),
    "perfect": Term("Perfect state", "Resources are busy and patients flow: both high. Variation limits how near one can come."),
    "v_star": Term(
        "V*, weight of the trade-off",
        "How much variation would give the flow seen at the use seen, in the simplest queue. Lower is better: "
        "busy resources then cost patients less waiting.",
        "a plain number; 1 is a queue with chance arrivals and chance durations",
    ),
    "trade_off": Term(
        "Trade-off",
        "Busy resources make patients wait, and short journeys leave resources idle. It is broken where both get better and nothing that "
        "is guarded gets worse.",
    ),
    "lever": Term("Lever", "One change of how a hospital is run that could be made or left, such as pooling theatres; it has a way back."),
    "front": Term(
        "Front", "The sets of levers that no other set beats in everything at once. Which of them is best is a matter of what is wanted."
    ),
    "shapley": Term(
        "Share of a lever", "What of a whole difference is owed to one lever, if every order of bringing levers in counts alike."
    ),
    "variety": Term("Variety", "Different journeys that are all right: patients need different things."),
    "variation": Term("Variation", "Departures from what was meant: the same need met in different ways by habit or chance."),
    "variant": Term("Variant", "One order of steps that one or more journeys share."),
    "effective_variants": Term(
        "Effective number of variants", "How many equally common variants would be as varied as this log; rare ones count for little."
    ),
    "entropy": Term("Entropy", "A measure of how hard it is to guess which variant a journey takes; 0 if all are the same.", "nats"),
    "personalization": Term(
        "Personalization share, U",
        "The part of the variety of journeys that is explained by what was known of the patients beforehand.",
        "share, 0 to 100 %",
    ),
    "u_adj": Term(
        "Adjusted share, U adj.",
        "The same, less what chance alone would seem to explain. What remains to 100 % is unexplained: habit, chance or capacity.",
        "share; can be below 0",
    ),
    "segment": Term("Segment", "A group of patients with like attributes, such as diagnosis and urgency."),
    "mode": Term(
        "Operating mode", "A way of working for a kind of demand: prevention, emergency, one visit, elective, cure, care, project."
    ),
    "process_type": Term(
        "Process type", "Standard: one right way. Routine: a choice among known ways. Non-routine: worked out for each patient."
    ),
    "commonality": Term("Commonality", "How much different journeys share the same steps.", "0 (nothing shared) to 1"),
    "modularity": Term(
        "Modularity", "How far steps fall into groups that hand patients on mostly inside the group.", "below 1; 0 is chance"
    ),
    "wip": Term("Patients in process", "Journeys that are open at one time.", "journeys"),
    "littles_law": Term("Little's law", "Patients in process = arrivals a day × days in process. A check that the counts agree."),
    "overtime": Term("Overtime", "The part of a resource's work done outside its available time.", "share of busy time"),
    "turnover": Term("Turnover", "The gap between one patient leaving a resource and the next one entering, in one block of open time."),
    "control_chart": Term(
        "Control chart",
        "Numbers week by week, with the limits that ordinary ups and downs stay within. Only what breaks a rule is a signal.",
    ),
    "signal": Term("Signal", "A point or run that ordinary ups and downs would hardly make, so it is worth asking what changed."),
    "limits": Term("Process limits", "The range in which nearly all weeks fall if nothing changes, from the typical step between weeks."),
    "censored": Term(
        "Unfinished journey", "A journey still open when the log ends. Its length is known only to be at least as long as seen."
    ),
    "kaplan_meier": Term(
        "Kaplan–Meier", "A way to work out how long journeys take that uses the unfinished ones for as long as they were seen."
    ),
    "interval": Term("Interval", "The range that holds the true number with 95 % confidence. More patients make it narrower."),
    "median": Term("Median", "The number in the middle: half are below, half above."),
    "mean": Term("Mean", "The total shared out equally; a few very long ones pull it up."),
    "estimated": Term("Estimated", "A number that rests on start times worked out by Sandcone, not written down by the hospital."),
}


def term(name: str, text: str = "") -> Html:
    """A term in running text: hover or focus shows its meaning, a click leads to the glossary."""
    known = TERMS[name]
    link = tag("a", text or known.title.lower(), href=f"#term-{name}", aria_describedby=f"meaning-{name}")
    return tag("span", link, tag("span", known.meaning, class_="tip", aria_hidden="true"), class_="term")


def glossary(only: Collection[str] = TERMS) -> Html:
    """The list of all terms, or of some, by name."""
    ordered = sorted(((name, TERMS[name]) for name in only), key=lambda t: t[1].title.lower())
    return tag("dl", *(_entry(name, t) for name, t in ordered), class_="glossary")


def _entry(name: str, t: Term) -> Html:
    unit = tag("dd", f"Unit: {t.unit}", class_="note") if t.unit else None
    return tag("div", join([tag("dt", t.title, id=f"term-{name}"), tag("dd", t.meaning, id=f"meaning-{name}"), unit]))
