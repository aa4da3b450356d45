"""What a search for better ways came to, in one paragraph, and what a board may and may not conclude from it."""

from __future__ import annotations

from collections.abc import Iterator

from sandcone.core.improved import Improved, JudgedSet, Tried
from sandcone.core.verdict import State, Word
from sandcone.reporting import verdict_words, words
from sandcone.reporting.improve_order import both, foremost, is_better, nearest, others, rose
from sandcone.reporting.improve_words import FEW, capital, cost_times, gap, lever_name, said, said_gap, short_name, times
from sandcone.reporting.markup import Html, tag

RUNS_NOT_DAYS = (
    "What is counted are runs of the twin, not days of the hospital: more runs make the intervals narrower, but not the twin truer. "
    "A real change has to show itself in the hospital's own log, before and after (sandcone verdict)."
)
FOUND: dict[Word, str] = {
    "broken": "On the twin, a set of levers breaks the trade-off",
    "frontier moved": "The old curve is left behind, but no set is shown to break the trade-off",
    "improved inside": "Both efficiencies rise, but no set is shown to break the trade-off",
}
MUCH = 1.001  # times today's: above it, a set is called dearer
LONG = 70  # letters


def headline(i: Improved) -> str:
    """The title of the page."""
    if not others(i):
        return "No set of levers was tried"
    if i.best is None:
        return "No set of levers is shown to be better than today"
    return FOUND[i.best.judged.verdict.word]


def sentences(i: Improved) -> list[str]:
    """The paragraph, a sentence each: whether the trade-off is broken, by which levers, by how much, at what cost, and the guards."""
    if not others(i):
        return [f"No set of levers was tried, so nothing can be said. {words.sentence(i.ended)}"]
    found = nearest(i)
    if found is None:
        return list(_unjudged(i))
    return [_opening(i, found), _moved(found), _paid(i, found.tried), _guards(found), *_why(found)]


def all_levers(i: Improved) -> str:
    """All levers of the set that the paragraph is about, where they are too many for it; empty where they are not."""
    found = nearest(i)
    if found is None or len(found.tried.levers) <= FEW:
        return ""
    return f"The {len(found.tried.levers)} levers of set 1: {'; '.join(lever_name(*pair) for pair in found.tried.levers)}."


def board(i: Improved) -> list[str]:
    """What a board may conclude, and what it may not, a paragraph each."""
    if not others(i):
        return ["A board may conclude nothing from this."]
    found = i.best
    if found is None:
        return [f"{_none_may(i)} {RUNS_NOT_DAYS}"]
    of = (
        f"It is the best of {words.count(i.sets, 'set')} of the levers in the list, and of no others; what they cost in money is what the "
        "list says, and what it takes to bring them about is not counted. The runs it is judged by are none of those it was found with, "
        f"and the level is {_percent(found.alpha)} since {words.count(len(i.judged), 'set')} {words.plural(len(i.judged), 'was', 'were')} "
        "judged."
    )
    return [verdict_words.board(found.judged), f"{of} {RUNS_NOT_DAYS}"]


def cards(i: Improved) -> Html | None:
    """The best set's numbers, large; None where no set was judged."""
    found = nearest(i)
    if found is None:
        return None
    d = found.judged.differences
    money = "money a week, for hours open, overtime and levers"
    pairs = [(c.name, c.before, c.after, said_gap(c.gap)) for c in (d.resource, d.flow)]
    shown = [_card(name, f"{said(b)} → {said(a)}", note) for name, b, a, note in pairs]
    shown.append(_card("Cost", times(cost_times(i, found.tried)), f"{money}; people alone {times(found.tried.staff_cost)}"))
    return tag("dl", *shown, _card("Guards", guards_held(found), "what must not get worse"), class_="cards two")


def guards_held(j: JudgedSet) -> str:
    """How many guards held: "6 of 7 held"."""
    states = j.judged.verdict.guards
    return f"{states.count('held')} of {len(states)} held" if states else "none was seen"


def _card(name: str, large: str, small: str) -> Html:
    return tag("div", tag("dt", capital(name)), tag("dd", large, class_="big"), tag("dd", small, class_="note"))


def _opening(i: Improved, j: JudgedSet) -> str:
    word, several = j.judged.headline, len(j.tried.levers) > 1
    levers = f"{_levers(j)} together" if several else _levers(j)
    if j.judged.verdict.word == "broken":
        return f"Yes, on the twin: {levers} {'break' if several else 'breaks'} the trade-off."
    looked = f"Of {words.count(i.sets, 'set')} of levers, none is shown to break the trade-off"
    if is_better(j):
        return f"{looked}. The best is {levers}: {word}."
    return f"{looked}, or to be better than today at all. What came nearest is {levers}: {word}."


def _levers(j: JudgedSet) -> str:
    """The levers of a judged set in a sentence; of many, how many, and those that most is owed to."""
    first = [f"“{_cut(name)}”" for name in foremost(j)] if len(j.tried.levers) > FEW else []
    return f"{_quoted(j.tried)}, above all {words.listed(first)}," if first else _quoted(j.tried)


def _quoted(t: Tried) -> str:
    return words.listed([f"“{_cut(lever_name(*pair))}”" for pair in t.levers]) if len(t.levers) <= FEW else short_name(t.levers)


def _cut(name: str) -> str:
    """A very long name is cut, since the tables have it whole."""
    return name if len(name) <= LONG else f"{name[: LONG - 1]}…"


def _moved(j: JudgedSet) -> str:
    d = j.judged.differences
    parts = [f"{c.name} {_way(c.gap.value)} from {said(c.before)} to {said(c.after)}, {said_gap(c.gap)}" for c in (d.resource, d.flow)]
    runs = words.count(j.judged.compared.rows[1], j.judged.compared.unit.removesuffix("s"))
    return f"On {runs} that the search had not seen, {parts[0]}; {parts[1]}."


def _way(gap: float) -> str:
    return "goes" if gap == 0 else "rises" if gap > 0 else "falls"


def _paid(i: Improved, t: Tried) -> str:
    cost, staff = cost_times(i, t), t.staff_cost
    said_cost = f"It costs {times(cost)}, and for people {times(staff)}"
    dearer = [name for name, x in (("money", cost), ("people", staff)) if x > MUCH]
    return f"{said_cost}, so part of it is bought with {words.listed(dearer)}." if dearer else f"{said_cost}."


def _guards(j: JudgedSet) -> str:
    found = verdict_words.guards(j.judged)
    if not found:
        return "No guard was seen, so nobody knows what may have got worse."
    if all(s == "held" for _, s in found):
        return f"All {words.count(len(found), 'guard')} held." if len(found) > 1 else "The one guard held."
    left = [f"{said}: {names}" for state, said in verdict_words.STATES.items() if state != "held" and (names := _names(j, state))]
    held = sum(s == "held" for _, s in found)
    return f"Of {words.count(len(found), 'guard')}, {held} held; {'; '.join(left)}."


def _names(j: JudgedSet, state: State) -> str:
    return ", ".join(g.change.name for g, s in verdict_words.guards(j.judged) if s == state)


def _why(j: JudgedSet) -> Iterator[str]:
    """Why it is not more, but not again which guards did not hold."""
    if j.judged.verdict.word != "broken":
        yield from (s for s in verdict_words.sentences(j.judged) if not s.endswith(tuple(f": {n}." for n in _unheld(j))))


def _unheld(j: JudgedSet) -> list[str]:
    return [names for state in verdict_words.STATES if state != "held" and (names := _names(j, state))]


def _unjudged(i: Improved) -> Iterator[str]:
    tried = others(i)
    was = words.plural(len(tried), "was", "were")
    yield f"{words.count(len(tried), 'set')} of levers {was} tried, but none was judged on runs of its own."
    up = sum(rose(i, t) for t in tried)
    seen = f"As far as the search saw, both efficiencies rose in {up:,} of them"
    yield f"{seen}; a search that picks the best of many sees more than there is."
    top = max(tried, key=lambda t: both(i, t))
    gaps = [f"{name} {said_gap(gap(i, top, name))}" for name in ("resource efficiency", "flow efficiency")]
    yield f"What came nearest is {_quoted(top)}: {gaps[0]}, {gaps[1]}."


def _none_may(i: Improved) -> str:
    return (
        f"A board may conclude that, on this twin, none of {words.count(i.sets, 'set')} of these levers is shown to be better than today. "
        "It may not conclude that there is none: other levers were not tried, nor every combination of these, and a small rise can stay "
        "unseen."
    )


def _percent(alpha: float) -> str:
    return f"{100 * alpha:.3g}{words.NBSP}%"
