"""Groups of patients and operating modes: what kind of process serves whom."""

from __future__ import annotations

from sandcone.core.estimate import Estimate, Measures
from sandcone.reporting import words
from sandcone.reporting.glossary import term
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.names import shown_as
from sandcone.reporting.tables import absent, cell, largest, not_shown, table

SHOWN = 16
TYPES = {0: "standard", 1: "routine", 2: "non-routine"}


def segments(measures: Measures) -> Html | None:
    """Each group of patients, how varied its journeys are, and the kind of process that follows."""
    found = largest(measures.by("segment.cases", "segment"))
    if not found:
        return None
    rows = [_segment(measures, m.group["segment"], m.estimate) for m in found[:SHOWN]]
    first = ("Each group of patients (", term("segment"), ") works by one kind of process (", term("process_type"), "), ")
    intro = tag("p", *first, "judged from how varied its journeys are and how far patients explain it.")
    head = ["Group of patients", "Journeys", "How varied", "Explained by patients", "Kind of process"]
    told = table("Groups of patients", head, rows, texts=(4,))
    return join([tag("h3", "Groups of patients"), intro, told, not_shown(SHOWN, len(found), "groups")])


def _segment(measures: Measures, segment: str, cases: Estimate) -> list[str]:
    kind = measures.get("process_type", segment=segment)
    word = TYPES.get(round(kind.value), "not clear") if kind and kind.known else "not clear"
    rest = (cell(measures.get(n, segment=segment)) for n in ("segment.entropy_normalised", "segment.u"))
    return [segment, words.count(cases.value), *rest, word]


def modes(measures: Measures) -> Html:
    """Journeys in each operating mode, and the units that mix them."""
    found = largest(measures.by("mode.cases", "mode"))
    if not found:
        return absent(measures, "Operating modes", "mode.cases")
    rows = [[shown_as(m.group["mode"]), words.count(m.estimate.value)] for m in found]
    return join([tag("h3", "Operating modes"), table("Journeys in each mode", ["Mode", "Journeys"], rows), _mixed(measures)])


def _mixed(measures: Measures) -> Html | None:
    rows = [[m.group["unit"], cell(m.estimate)] for m in largest(measures.by("mode_mix_entropy", "unit"))[:SHOWN]]
    if not rows:
        return None
    told = tag("p", "Units that mix ", term("mode", "operating modes"), " must serve conflicting priorities.")
    return join([told, table("How far each unit mixes modes", ["Unit", "Mix (0 is one mode only)"], rows)])
