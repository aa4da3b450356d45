"""Section 7: variety (different patients need different things) against variation (the same need met differently)."""

from __future__ import annotations

from sandcone.core.estimate import Estimate, Measures
from sandcone.core.log import EventLog
from sandcone.reporting import words
from sandcone.reporting.bars import bar
from sandcone.reporting.glossary import term
from sandcone.reporting.groups import modes, segments
from sandcone.reporting.headline import first
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.personal import personal
from sandcone.reporting.tables import absent, cell, folded, largest, not_shown, table, whole_rows

SHOWN = 8
MORE = (
    "variants_for_80", "rarefied_variants", "entropy.plain", "entropy.corrected", "entropy_normalised", "simpson", "complexity.steps",
    "complexity.handovers", "unique_in_segment", "package_distance", "commonality.dci", "commonality.tcci", "modularity.q",
    "modularity.inside_share", "combination_leverage", "decoupling.position", "decoupling.time_share", "solution_space.need_coverage",
    "solution_space.unused_variety", "solution_space.entropy_ratio", "robust_process.slope", "robust_process.pool_flexibility",
    "choice_navigation.time", "choice_navigation.contacts", "choice_navigation.abandonment", "choice_navigation.revisions", "fit.mean",
    "fit.unmet", "fit.excess",
)  # fmt: skip


def variety(log: EventLog, measures: Measures) -> Html:
    """How many ways there are, how much of that the patients explain, and what is left."""
    return join([_ways(measures), _variants(measures), personal(measures), segments(measures), modes(measures), _more(measures)])


def _ways(measures: Measures) -> Html:
    variants, cases = first(measures, "variants"), first(measures, "cases")
    if variants is None:
        return absent(measures, "Variety of journeys", "variants")
    if variants.value == 1:
        return tag("p", "Every journey took ", tag("b", "the same way"), " through the steps (", term("variant"), ").")
    among = f"{words.count(cases.value, 'journey')} took " if cases else "The journeys took "
    start = (among, tag("b", words.count(variants.value, "different way")), " through the steps (", term("variant", "variants"), "). ")
    return tag("p", *start, _as_varied(measures), _commonest(measures))


def _as_varied(measures: Measures) -> Html | None:
    e = first(measures, "effective_variants")
    if e is None:
        return None
    ways = tag("b", f"{words.number(e.value, words.half_width(e))} equally common ways")
    return join(["They are as varied as ", ways, " (", term("effective_variants"), "). "])


def _commonest(measures: Measures) -> str:
    e = first(measures, "variants_for_80")
    if e is None:
        return ""
    covers = "commonest way covers" if e.value == 1 else f"{words.count(e.value)} commonest ways cover"
    return f"The {covers} at least {words.share(0.8)} of the journeys."


def _variants(measures: Measures) -> Html | None:
    ranked = largest(measures.by("variant.share", "variant"))
    if not ranked:
        return None
    bars = tag("ol", *(_variant(m.group["variant"], m.estimate, ranked[0].estimate.value) for m in ranked[:SHOWN]), class_="bars")
    rows = [[m.group["variant"].replace(" > ", " → "), cell(m.estimate)] for m in ranked]
    inside = folded("As a table", table("The commonest ways", ["Way", "Share of journeys"], rows))
    return tag("figure", tag("figcaption", "The commonest ways"), bars, not_shown(SHOWN, len(ranked), "ways listed"), inside)


def _variant(name: str, e: Estimate, top: float) -> Html:
    steps = name.split(" > ")
    said = " → ".join(steps if len(steps) <= 9 else [*steps[:4], f"… {len(steps) - 8} more …", *steps[-4:]])
    label = tag("span", tag("b", words.say(e)), " ", said, class_="bar-label")
    return tag("li", label, bar(e.value / top if top > 0 else 0.0, f"{words.say(e)} of journeys"))


def _more(measures: Measures) -> Html | None:
    rows = whole_rows(measures, MORE)
    title = "More numbers on variety"
    return folded(title, table(title, ["Number", "Value", "Rests on"], rows)) if rows else None
