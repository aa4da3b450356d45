"""Variety or variation: how far the patients explain that their journeys differ (FIELD.md §7)."""

from __future__ import annotations

from sandcone.core.estimate import Measures
from sandcone.reporting import words
from sandcone.reporting.bars import legend, parted
from sandcone.reporting.glossary import term
from sandcone.reporting.headline import first
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.tables import absent, cell, largest, table

EXPLAINS = ("personalization.u_adj", "personalization.u", "attribute_entropy")


def personal(measures: Measures) -> Html:
    """What the patients explain of their ways, in words, as a bar, and attribute by attribute."""
    u, adjusted = first(measures, "personalization.u"), first(measures, "personalization.u_adj")
    title, best = tag("h3", "Variety or variation?"), adjusted or u
    if best is None:
        return join([title, absent(measures, "What explains the variety", "personalization.u_adj", "personalization.u")])
    name = term("u_adj", "adjusted personalization share") if adjusted else term("personalization", "personalization share")
    part = min(max(best.value, 0.0), 1.0)
    return join(
        [title, tag("p", _explained(part, name), _rest(part), _check(measures), _verdict(part)), _split(part), _by_attribute(measures)]
    )


def _explained(part: float, name: Html) -> Html:
    start = ("What was known of the patients beforehand explains ", tag("b", words.share(part)), " of the ", term("variety"))
    return join([*start, " of their journeys (", name, "). "])


def _rest(part: float) -> Html:
    start = ("The other ", tag("b", words.share(1 - part)), " is unexplained ", term("variation"))
    return join([*start, ": habit, chance or capacity, or something that the log does not hold. "])


def _check(measures: Measures) -> str:
    outside = first(measures, "personalization.u_out_of_sample")
    if outside is None:
        return ""
    return f"Tried on patients who were not used to find it, with all rare ways taken as one, the share is {words.say(outside)}. "


def _verdict(part: float) -> str:
    if part < 0.1:
        return "So journeys differ, but hardly by who the patients are."
    if part < 0.4:
        return "So who the patient is decides a part of the way, and much is left open."
    return "So who the patient is decides a good part of the way."


def _split(part: float) -> Html:
    told = f"Explained by the patients {words.share(part)}, unexplained {words.share(1 - part)}"
    key = legend([("busy", "explained by the patients: variety"), ("other", "unexplained: variation")], "Parts of the bar")
    return tag("figure", parted([("busy", part), ("other", 1 - part)], told), key)


def _by_attribute(measures: Measures) -> Html | None:
    ranked = largest(measures.by("personalization.u_adj", "attribute")) or largest(measures.by("personalization.u", "attribute"))
    if not ranked:
        return None
    rows = [[a, *(cell(measures.get(n, attribute=a)) for n in EXPLAINS)] for a in (m.group["attribute"] for m in ranked)]
    head = ["Attribute", "Explains (adjusted)", "Explains (as it looks)", "Its own entropy"]
    return table("What each attribute explains of the ways", head, rows)
