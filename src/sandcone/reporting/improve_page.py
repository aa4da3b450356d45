"""The page of a search for better ways: what was found, what it rests on, and what it does not show."""

from __future__ import annotations

from pathlib import Path

from sandcone.core.improved import Improved
from sandcone.core.place import beside
from sandcone.reporting import words
from sandcone.reporting.frame import Part, drawn_once, framed, heading
from sandcone.reporting.glossary import glossary
from sandcone.reporting.improve_curves import lines_key, lines_picture, lines_table
from sandcone.reporting.improve_effects import effects
from sandcone.reporting.improve_judged import judged_key, shares, verdicts
from sandcone.reporting.improve_order import others
from sandcone.reporting.improve_picture import outside, sets_legend, sets_picture
from sandcone.reporting.improve_rest import found_by, made, not_tried
from sandcone.reporting.improve_short import all_levers, board, cards, headline, sentences
from sandcone.reporting.improve_table import sets_table
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.tables import because, note

WORDS = ("lever", "front", "resource_efficiency", "flow_efficiency", "trade_off", "v_star", "interval", "shapley")
READING = (
    "Each mark is a set of levers. Further to the right resources are busier, higher up patients wait for less of their time; the dashed "
    "lines cross at today. A set stands where its difference from today puts it, in runs with the same luck, and its cross is the 95 % "
    "interval of that difference: a cross that stays clear of a dashed line is a sure difference; one wider than half of the picture is "
    "not drawn. A set outside of the shaded corner may still be on the front, for what it does for fit, for the worst-off, or for cost."
)
SCALED = (
    "How flow efficiency falls as the house gets busier, run in one way. Along one curve a hospital only moves; a way of running it whose "
    "curve lies above the old one has left it behind."
)


def improve_page(i: Improved) -> str:
    """What was found as one HTML page. It names no patient, needs no other file and no network; all text is escaped."""
    parts = [
        Part("short", "In short", _short(i)),
        Part("picture", "Every set, beside today", _picture(i)),
        Part("curves", "The old curve and the new", _curves(i)),
        Part("sets", "The best sets", _sets(i)),
        Part("verdicts", "The verdicts", verdicts(i)),
        Part("levers", "What each lever does", join([effects(i), shares(i)])),
        Part("left-out", "What was not tried", not_tried(i)),
        Part("made", "How it was made", made(i)),
        Part("words", "Words", glossary(WORDS)),
    ]
    head = heading(f"Sandcone improve, {i.name}", headline(i), ", ".join(found_by(i)))
    return framed(f"{i.name}: {headline(i)}", head, parts, drawn_once())


def write_improve(i: Improved, path: Path) -> Path:
    """Put the page in its place."""
    with beside(path) as part:
        part.write_text(improve_page(i), encoding="utf-8")
    return path


def _short(i: Improved) -> Html:
    first, *rest = sentences(i)
    lead = tag("p", tag("b", first), " ", " ".join(rest), class_="lead")
    return join([lead, cards(i), _levers(i), *(tag("p", s) for s in board(i))])


def _levers(i: Improved) -> Html | None:
    """All levers of the set that the paragraph is about, where they are too many for it."""
    said = all_levers(i)
    return tag("p", said) if said else None


def _picture(i: Improved) -> Html:
    drawn = sets_picture(i)
    if drawn is None:
        return because("The picture", "Where today stands is not known.")
    gone = outside(i)
    left = note(f"{words.count(gone, 'set')} behind others {words.plural(gone, 'lies', 'lie')} outside of the picture.") if gone else None
    return join([tag("p", READING), tag("figure", sets_legend(i), tag("div", drawn, judged_key(i), class_="beside")), left])


def _sets(i: Improved) -> Html:
    return sets_table(i) if others(i) else because("The sets", "None was tried.")


def _curves(i: Improved) -> Html:
    drawn = lines_picture(i.lines)
    if drawn is None:
        return because("The curves", "None was drawn; the notes under “How it was made” say why, where there was a reason.")
    return join([tag("p", SCALED), tag("figure", tag("div", drawn, lines_key(i), class_="beside"), lines_table(i))])
