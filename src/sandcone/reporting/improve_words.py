"""What a search for better ways found, in words: names of sets, numbers with unit and interval, and sentences."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from sandcone.core.estimate import Estimate
from sandcone.core.improved import Improved, Set, Tried
from sandcone.core.outcome import OBJECTIVES, Objective
from sandcone.reporting import words
from sandcone.reporting.markup import Html, join, tag

TODAYS, OF_BEFORE, PLAIN = "of today's", "share of before", "(a plain number)"
"""Units: of a cost set beside today's; of V* beside what it was; and of a number that has none."""
BY_NAME: Mapping[str, Objective] = {o.name: o for o in OBJECTIVES}
LEAST_COST = 0.001  # of today's: a smaller difference is none (core.outcome)
NOT_SEEN = "not measured"
FEW = 4  # levers of a set that are named in a line


def set_name(levers: Set) -> str:
    """A set of levers in a line: "Pool theatres: all + First case: 10 min earlier"; "as today" for the empty one."""
    return " + ".join(lever_name(*pair) for pair in levers) or "as today"


def lever_name(lever: str, setting: str) -> str:
    """A lever with its setting, where that says more."""
    return lever if setting in ("", "on", lever) else f"{lever}: {setting}"


def short_name(levers: Set) -> str:
    """The same, but no more than the number of its levers where there are many."""
    return set_name(levers) if len(levers) <= FEW else f"{len(levers)} levers"


def capital(text: str) -> str:
    """A capital at the front."""
    return f"{text[:1].upper()}{text[1:]}"


def known(e: Estimate | None) -> Estimate | None:
    """The number if it is one, without an interval that is none; else None."""
    if e is None or not math.isfinite(e.value):
        return None
    whole = all(x is None or math.isfinite(x) for x in (e.low, e.high))
    return e if whole else replace(e, low=None, high=None)


def sure(e: Estimate) -> bool:
    """Whether the interval leaves out 0."""
    return e.low is not None and e.high is not None and not e.low <= 0 <= e.high


def seen(i: Improved) -> tuple[Objective, ...]:
    """What was measured of any set, in the order in which it is shown."""
    return tuple(o for o in OBJECTIVES if any(known(t.values.get(o.name)) for t in (i.today, *i.tried)))


def value(t: Tried, name: str) -> Estimate | None:
    """What an objective came to in a set; None where it is not known."""
    return known(t.values.get(name))


def gap(i: Improved, t: Tried, name: str) -> Estimate | None:
    """An objective's difference from today; of money, as a share of today's."""
    return beside_today(i, known(t.gaps.get(name)))


def lever_list(levers: Set, number: int | None = None) -> Html:
    """The same for a table: the number of a judged set, and a lever a line; many are there to be opened."""
    lines = join(tag("span", lever_name(*pair), class_="lever") for pair in levers) if levers else Html("as today")
    shown = lines if len(levers) <= FEW else tag("details", tag("summary", short_name(levers)), lines)
    return join([tag("b", f"{number} ", class_="nr") if number else None, shown])


def beside_today(i: Improved, e: Estimate | None) -> Estimate | None:
    """A difference of money as a share of today's cost; any other as it is."""
    cost = value(i.today, "cost")
    if e is None or not e.unit.startswith("money") or cost is None or cost.value <= 0:
        return e
    ends = (None if x is None else x / cost.value for x in (e.low, e.high))
    low, high = ends
    return replace(e, value=e.value / cost.value, low=low, high=high, unit=TODAYS)


def cost_times(i: Improved, t: Tried) -> float:
    """What a set costs, times today (NaN: not known)."""
    e = gap(i, t, "cost")
    if not t.levers:
        return 1.0
    return math.nan if e is None or e.unit != TODAYS else 1 + e.value


def times(x: float, than: str = "today's") -> str:
    """So many times as much as today: "1.020 times today's"."""
    return f"{x:.3f} times {than}".rstrip() if math.isfinite(x) else words.UNKNOWN


def said(e: Estimate | None) -> str:
    """A number with its unit, and the digits its interval supports: "71.2 %"."""
    if (e := known(e)) is None:
        return NOT_SEEN
    size, unit = _unit(e.unit, "%")
    return f"{_number(size * e.value, _fine(e, size, most=2))}{words.NBSP}{unit}"


def between(e: Estimate | None) -> str:
    """The interval, for beside the number, which has the unit: "70.8 to 71.6"; empty where there is none."""
    if (e := known(e)) is None or e.low is None or e.high is None:
        return ""
    size, most = _unit(e.unit, "%")[0], 1.0 if e.unit == "share" and e.value <= 1 else math.inf  # no share of a whole is above it
    low, high = (_number(size * min(x, most), _fine(e, size, most=2)) for x in (e.low, e.high))
    return f"{low} to {high}"


def cell(e: Estimate | None) -> Html:
    """A number for a table, its interval in small type."""
    ends = between(e)
    return join([said(e), tag("small", ends) if ends else None])


def said_gap(e: Estimate | None) -> str:
    """A difference with its sign, unit and interval: "+0.9 points (+0.6 to +1.2)"."""
    ends = gap_between(e)
    return f"{bare_gap(e)} ({ends})" if ends else bare_gap(e)


def bare_gap(e: Estimate | None) -> str:
    """A difference without its interval: "+0.9 points"."""
    if (e := known(e)) is None:
        return NOT_SEEN
    size, unit = _unit(e.unit, "points")
    return f"{_signed(size * e.value, _fine(e, size, most=3))}{words.NBSP}{unit}"


def gap_between(e: Estimate | None) -> str:
    """The interval of a difference: "+0.6 to +1.2"; empty where there is none."""
    if (e := known(e)) is None or e.low is None or e.high is None:
        return ""
    size, fine = _unit(e.unit, "points")[0], _fine(e, _unit(e.unit, "points")[0], most=3)
    return f"{_signed(size * e.low, fine)} to {_signed(size * e.high, fine)}"


def moved(e: Estimate) -> Html:
    """A difference for a table, bold where it is sure, its interval in small type."""
    ends = gap_between(e)
    return join([tag("b", bare_gap(e)) if sure(e) else bare_gap(e), tag("small", ends) if ends else None])


def same(e: Estimate, objective: str) -> bool:
    """Whether the whole interval is closer to 0 than the least difference that matters."""
    least = LEAST_COST if objective == "cost" else BY_NAME[objective].least if objective in BY_NAME else 0.0
    return e.low is not None and e.high is not None and max(-e.low, e.high) <= least


def _unit(unit: str, share: str) -> tuple[float, str]:
    """How large a number is shown, and the word behind it."""
    return {"share": (100.0, share), TODAYS: (100.0, "%"), OF_BEFORE: (100.0, "%"), "": (1.0, PLAIN)}.get(unit, (1.0, unit))


def _fine(e: Estimate, size: float, most: int) -> int:
    """Digits behind the point: as many as the half interval supports, else two that say something."""
    half = words.half_width(e)
    if half is None:
        x = abs(size * e.value)
        return 1 if size > 1 else min(max(1 - math.floor(math.log10(x)), 0), 2) if x > 0 else 0
    return min(max(-math.floor(math.log10(size * half)), 1 if size > 1 else 0), most)


def _number(x: float, fine: int) -> str:
    text = f"{x:,.{fine}f}"
    return text.removeprefix("-") if not text.strip("-0.,") else text.replace("-", "−")


def _signed(x: float, fine: int) -> str:
    text = _number(x, fine)
    return text if text.startswith("−") or not text.strip("0.,") else f"+{text}"
