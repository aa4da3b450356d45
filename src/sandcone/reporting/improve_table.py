"""The table of sets: the judged ones and those on the front, each with every objective, its interval and its difference from today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sandcone.core.improved import Improved, Set, Tried
from sandcone.core.outcome import OBJECTIVES, Objective
from sandcone.reporting import words
from sandcone.reporting.improve_order import numbers, others, ranked
from sandcone.reporting.improve_words import (
    capital,
    cell,
    cost_times,
    gap,
    lever_list,
    moved,
    said,
    seen,
    times,
    value,
)
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.tables import note, table

MOST = 15
TITLES: Mapping[str, str] = {"fit": "Fit to needs", "worst-off wait": "Wait of the worst-off tenth", "cost": "Cost"}


def sets_table(i: Improved, most: int = MOST) -> Html:
    """At most so many sets, the best first, below today; the rest is counted."""
    shown, given = ranked(i)[:most], numbers(i)
    objectives = seen(i)
    head = ["Levers", *(TITLES.get(o.name, capital(o.name)) for o in objectives)]
    rows = [_row(i, t, objectives, given) for t in (i.today, *shown)]
    made = table("Sets of levers, the best first", head, rows)
    return join([tag("div", made, class_="of-sets"), note(" ".join([*_rest(i, len(shown)), *_unseen(objectives)]))])


def _row(i: Improved, t: Tried, objectives: Sequence[Objective], given: Mapping[Set, int]) -> list[str]:
    return [join([lever_list(t.levers, given.get(t.levers)), tag("small", _place(t))]), *(_cell(i, t, o) for o in objectives)]


def _cell(i: Improved, t: Tried, o: Objective) -> Html:
    """The difference large, its interval and the value small; for today the value alone."""
    e, d = value(t, o.name), gap(i, t, o.name)
    if not t.levers or d is None:
        return cell(e)
    return join([moved(d), *_costs(i, t)]) if o.name == "cost" else join([moved(d), tag("small", said(e))])


def _costs(i: Improved, t: Tried) -> Iterator[Html]:
    yield tag("small", times(cost_times(i, t)))
    yield tag("small", f"people {times(t.staff_cost, '')}")


def _place(t: Tried) -> str:
    runs = words.count(t.runs, "run")
    return f"{t.place}, chance {words.share(t.chance, 0.01)}; {runs}" if t.levers else runs


def _rest(i: Improved, shown: int) -> Iterator[str]:
    rest = len(ranked(i)) - shown
    behind = len(others(i)) + len([j for j in i.judged if j.tried.levers not in {t.levers for t in i.tried}]) - len(ranked(i))
    if rest > 0:
        yield f"{words.count(rest, 'more set')} on the front or perhaps on it {words.plural(rest, 'is', 'are')} in improve.json."
    if behind > 0:
        yield f"{words.count(behind, 'set')} {words.plural(behind, 'lies', 'lie')} behind another."
    yield (
        "Large: the difference from today in runs with the same luck, bold where its 95 % interval leaves out 0. Small: the interval, and "
        "the number itself; for a set with a number, of the runs it was judged by, which the search had not seen. Intervals are for one "
        "set and one number; of twenty without a difference, one leaves out 0 by chance, and a search looks at many. Only verdicts "
        "are corrected for that."
    )


def _unseen(objectives: Sequence[Objective]) -> Iterator[str]:
    gone = [TITLES.get(o.name, o.name) for o in OBJECTIVES if o not in objectives]
    if gone:
        yield f"Not measured, and not searched for: {words.listed(gone)}."
