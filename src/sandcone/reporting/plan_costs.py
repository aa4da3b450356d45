"""What a plan costs, rule by rule, beside the plainest rival; and what it breaks that it may not."""

from __future__ import annotations

from sandcone.core.score import Line, Score
from sandcone.reporting import words
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.tables import folded, note, table

PLACES = 20  # broken places written out
COUNTED = "Days are counted from 0 here, as in the plan's own file."
TITLES = {
    "mixed_ages": "Ages mixed in a room",
    "skill_short": "Skill short",
    "nurses_met": "Nurses met",
    "overload": "Nurses overloaded",
    "open_theatre": "Theatres opened",
    "surgeon_moves": "Surgeons changing theatre",
    "delay": "Delay",
    "left_out": "Left out",
    "genders_share_a_room": "Genders share a room",
    "room_does_not_suit": "Room does not suit",
    "surgeon_over_time": "Surgeon over time",
    "theatre_over_time": "Theatre over time",
    "must_come_and_does_not": "Must come and does not",
    "too_early_or_too_late": "Too early or too late",
    "more_people_than_beds": "More people than beds",
    "room_without_nurse": "Room without nurse",
}


def rule(name: str) -> str:
    """A rule's name in words; a new one reads as its own name."""
    return TITLES.get(name) or name.replace("_", " ").capitalize()


def costs(score: Score, rival: Score | None, rival_name: str) -> Html:
    """Bars and a table of every cost, the rival's beside it, after what is broken that may not be."""
    beside = tag("p", _against(score, rival, rival_name)) if rival else None
    key = note(f"The upper bar is this plan, the lower one {rival_name}.") if rival else None
    figure = tag("figure", tag("figcaption", "What each rule costs"), key, _bars(score, rival, rival_name), class_="wide")
    return join([broken(score), beside, figure, _table(score, rival, rival_name), _places(score)])


def broken(score: Score) -> Html | None:
    """What is broken that may not be, with the first places; None where nothing is."""
    if not score.violations:
        return None
    bad = [x for x in score.must if x.by]
    items = [tag("li", tag("b", f"{rule(x.rule)}: {x.by:,}"), f". {x.says}. ", _where(x)) for x in bad]
    said = tag("p", tag("b", "The plan cannot be carried out as it is."), " It breaks:", class_="absent")
    return join([said, tag("ul", *items), note(COUNTED)])


def _where(line: Line) -> str:
    shown = "; ".join(b.where for b in line.broken[:PLACES])
    more = len(line.broken) - PLACES
    return f"{shown}{f'; and {more:,} more places' if more > 0 else ''}."


def _against(score: Score, rival: Score, name: str) -> str:
    if rival.violations:
        held = f"would cost {rival.cost:,}, but cannot be carried out: it breaks what may not be broken {rival.violations:,} times over"
        return f"The plainest plan, {name}, {held}."
    less = rival.cost - score.cost
    if score.violations:
        return f"The plainest plan, {name}, costs {rival.cost:,}, and can be carried out; the two costs do not compare."
    said = f"{words.share(abs(less) / rival.cost)} {'less' if less > 0 else 'more'}" if rival.cost and less else "not less"
    return f"The plainest plan, {name}, costs {rival.cost:,}; this plan costs {score.cost:,}, {said}."


def _bars(score: Score, rival: Score | None, name: str) -> Html:
    top = max([1, *(x.cost for x in (*score.should, *(rival.should if rival else ())))])
    lines = sorted(score.should, key=lambda x: -x.cost)
    return tag("ul", *(_bar(x, rival.line(x.rule) if rival else None, top, name) for x in lines), class_="bars")


def _bar(line: Line, other: Line | None, top: int, name: str) -> Html:
    against = f" ({name} {other.cost:,})" if other else ""
    label = tag("span", f"{rule(line.rule)}: ", tag("b", f"{line.cost:,}"), against, class_="bar-label")
    return tag("li", label, _thin(line, top, "plain"), _thin(other, top, "other") if other else None)


def _thin(line: Line, top: int, kind: str) -> Html:
    filled = tag("rect", width=f"{100 * line.cost / top:.2f}%", height="100%", class_=kind)
    return tag("svg", filled, class_=f"bar thin {kind}-bar", aria_hidden="true")


def _table(score: Score, rival: Score | None, name: str) -> Html:
    rows = [_row(x, rival.line(x.rule) if rival else None) for x in score.should]
    rows.append(["All", "", "", f"{score.cost:,}", *(["", f"{rival.cost:,}"] if rival else [])])
    head = ["Rule", "How much", "One weighs", "Cost", *([f"{name.capitalize()}: how much", "Its cost"] if rival else [])]
    return table("Every cost", head, rows)


def _row(line: Line, other: Line | None) -> list[str]:
    own = [join([rule(line.rule), tag("small", f"{line.says}.")]), f"{line.by:,}", f"{line.weight or 0:,}", f"{line.cost:,}"]
    return [*own, *([f"{other.by:,}", f"{other.cost:,}"] if other else [])]


def _places(score: Score) -> Html | None:
    """The dearest places, so that one can look there first."""
    dear = sorted(((b.by * (x.weight or 0), x, b) for x in score.should for b in x.broken), key=lambda t: -t[0])[:PLACES]
    if not dear:
        return None
    rows = [[b.where, rule(x.rule), f"{b.by:,}", f"{cost:,}"] for cost, x, b in dear]
    return folded("The dearest places", table("The dearest places", ["Where", "Rule", "By", "Cost"], rows, texts=(1,)), note(COUNTED))
