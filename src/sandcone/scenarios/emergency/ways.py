"""The ways through the emergency department: door, cubicle, doctor, tests side by side, and home or into the unit."""

from __future__ import annotations

from sandcone.core.route import END, Choose, Do, Route, Split, WaysWhen
from sandcone.scenarios.emergency.figures import Figures, by_class
from sandcone.scenarios.emergency.steps import LEFT, MOVED
from sandcone.scenarios.pieces import Nodes, all_to, minutes, shares_to, when


def route(p: Figures) -> Route:
    """All ways; everybody begins at the door."""
    return Route(first="door", nodes={**_at_the_door(), **_seen(), **_tests(p), **_in_the_end(p)})


def _minor(major: str) -> Choose:
    """Patients of minor classes have a step of their own."""
    return Choose(otherwise=all_to(major), cases=(WaysWhen(when=when("severity", "minor"), ways=all_to(f"{major}, minor")),))


def _at_the_door() -> Nodes:
    by = (
        WaysWhen(when=when("triage", "1"), ways=all_to("into resuscitation")),
        WaysWhen(when=when("arrival", "ambulance"), ways=all_to("handover")),
    )
    rooms = (
        WaysWhen(when=when("severity", "life at risk"), ways=all_to("into resuscitation")),
        WaysWhen(when=when("triage", "2"), ways=all_to("into a cubicle at once")),
    )
    return {
        "door": Choose(otherwise=all_to("triage"), cases=by),
        "triage": Do(step="Triage", then="which room?"),
        "handover": Do(step="Ambulance handover", then="which room?"),
        "which room?": Choose(otherwise=all_to("into a cubicle"), cases=rooms),
        "into a cubicle": Do(step="Into a cubicle", then="nurse"),
        "into a cubicle at once": Do(step="Into a cubicle at once", then="nurse"),
        "into resuscitation": Do(step="Into resuscitation", then="resuscitation"),
    }


def _seen() -> Nodes:
    return {
        "nurse": Do(step="Nurse's assessment", then="who sees?"),
        "who sees?": _minor("assessment"),
        "assessment": Do(step="Assessment", then="tests"),
        "assessment, minor": Do(step="Assessment, minor", then="tests"),
        "resuscitation": Do(step="Resuscitation", then="tests"),
    }


def _tests(p: Figures) -> Nodes:
    """Tests and treatment go on side by side; then a specialist, for some."""
    it = p.ways
    return {
        "tests": Split(branches=("blood?", "X-ray?", "CT?", "treatment?"), then="opinion?"),
        "blood?": shares_to("blood", "triage", by_class(it.blood), END),
        "blood": Do(step="Blood test", then="blood result"),
        "blood result": Do(step="Blood result"),
        "X-ray?": shares_to("X-ray", "triage", by_class(it.xray), END),
        "X-ray": Do(step="X-ray"),
        "CT?": shares_to("CT", "triage", by_class(it.ct), END),
        "CT": Do(step="CT", then="CT result"),
        "CT result": Do(step="CT result"),
        "treatment?": shares_to("which treatment?", "triage", by_class(it.treatment), END),
        "which treatment?": _minor("treatment"),
        "treatment": Do(step="Treatment"),
        "treatment, minor": Do(step="Treatment, minor"),
        "opinion?": shares_to("opinion", "triage", by_class(it.opinion), "who decides?"),
        "opinion": Do(step="Specialist's opinion", then="who decides?", lag=minutes(p.times.opinion_before)),
    }


def _in_the_end(p: Figures) -> Nodes:
    return {
        "who decides?": _minor("decision"),
        "decision": Do(step="Decision", then="admitted?"),
        "decision, minor": Do(step="Decision, minor", then="admitted?"),
        "admitted?": shares_to("into the unit", "triage", by_class(p.ways.admitted), "leaving"),
        "leaving": Do(step=LEFT),
        "into the unit": Do(step=MOVED, then="stay"),
        "stay": Do(step="Stay in the unit", then="round"),
        "round": Do(step="Round in the unit", then="leaving the unit"),
        "leaving the unit": Do(step="Leaving the unit"),
    }
