"""Every judged set with its word, the reasons, the guards and its level of error; and what each lever of the best one is owed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sandcone.core.estimate import Estimate
from sandcone.core.improved import Improved, JudgedSet, Share
from sandcone.core.verdict import Change
from sandcone.reporting import verdict_words, words
from sandcone.reporting.improve_order import in_order
from sandcone.reporting.improve_short import guards_held
from sandcone.reporting.improve_words import FEW, NOT_SEEN, beside_today, capital, known, lever_list, moved, said_gap, short_name
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.tables import folded, note, table
from sandcone.reporting.verdict_page import guards_table

HEAD = ("Levers", "Verdict", "Resource efficiency", "Flow efficiency", "The old curve", "Guards")
NONE = "No set was judged: there were no runs left for it, or no set was on the front."


def verdicts(i: Improved) -> Html:
    """A row for each judged set, and behind it why, with every guard."""
    if not i.judged:
        return tag("p", NONE)
    rows = [_row(n, j) for n, j in enumerate(in_order(i), 1)]
    each = (_behind(n, j) for n, j in enumerate(in_order(i), 1))
    level = (
        "Differences are those of runs that the search had not seen. The level of error is shared out: with "
        f"{words.count(len(rows), 'set')} judged, each is tested at the level in its row. {_beside(i)}"
        "What the words mean and how they are tested: docs/verdict.md."
    )
    return join([tag("div", table("Sets held against today", HEAD, rows, texts=(1, 5)), class_="of-sets"), note(level), _which(i), *each])


def _which(i: Improved) -> Html | None:
    """Which levers each judged set has, and how they are set; None where the table before has room for them."""
    sets = [dict(j.tried.levers) for j in in_order(i)]
    if all(len(s) <= FEW for s in sets):
        return None
    levers = dict.fromkeys(lever for s in sets for lever in s)
    rows = [[lever, *(_setting(s.get(lever), lever) for s in sets)] for lever in levers]
    head = ["Lever", *(f"Set {n}" for n in range(1, len(sets) + 1))]
    return tag("div", table("Which levers each set has", head, rows, texts=range(1, len(head))), class_="of-which")


def _setting(name: str | None, lever: str) -> str:
    return "–" if name is None else "yes" if name in ("", "on", lever) else name


def _row(n: int, j: JudgedSet) -> list[str]:
    d = j.judged.differences
    word = join([tag("b", j.judged.headline), tag("small", f"level {100 * j.alpha:.3g}{words.NBSP}%, {_runs(j)}")])
    return [lever_list(j.tried.levers, n), word, *(_gap(c) for c in (d.resource, d.flow, d.frontier)), guards_held(j)]


def _runs(j: JudgedSet) -> str:
    return words.count(j.judged.compared.rows[1], j.judged.compared.unit.removesuffix("s"))


def _gap(c: Change | None) -> Html:
    e = None if c is None else known(c.gap)
    return Html("cannot be known") if e is None else moved(e)


def _beside(i: Improved) -> str:
    """What the old curve is judged by."""
    names = dict.fromkeys(j.judged.differences.frontier.name for j in i.judged if j.judged.differences.frontier)
    return f"What lies beyond the old curve is told by {words.listed(list(names))}: the less, the farther beyond. " if names else ""


def _behind(n: int, j: JudgedSet) -> Html:
    because = tag("ul", *(tag("li", s) for s in _reasons(j)))
    return folded(f"Set {n}, {j.judged.headline}: why, and its guards", because, guards_table(j.judged), _remarks(j))


def _reasons(j: JudgedSet) -> Iterator[str]:
    yield f"{verdict_words.MEANS[j.judged.verdict.word]}."
    yield from verdict_words.sentences(j.judged)
    yield verdict_words.agreed(j.judged)


def _remarks(j: JudgedSet) -> Html | None:
    return note(*(f"{words.sentence(r)} " for r in j.judged.remarks)) if j.judged.remarks else None


def judged_key(i: Improved) -> Html | None:
    """The judged sets by number, each with its word and what it does to both efficiencies; None where none was judged."""
    items = (
        tag("li", tag("b", capital(j.judged.headline)), tag("br"), short_name(j.tried.levers), tag("small", _both(j))) for j in in_order(i)
    )
    return tag("ol", *items, class_="key") if i.judged else None


def _both(j: JudgedSet) -> str:
    d = j.judged.differences
    return f"in use {said_gap(d.resource.gap)}; flow {said_gap(d.flow.gap)}"


def shares(i: Improved) -> Html | None:
    """What of the whole difference is owed to each lever of a set (Shapley 1953); None where it was not worked out."""
    found = [(n, j) for n, j in enumerate(in_order(i), 1) if j.shares]
    return join(_shares(i, n, j) for n, j in found) if found else None


def _shares(i: Improved, n: int, j: JudgedSet) -> Html:
    levers, measures = ([*dict.fromkeys(getattr(s, of) for s in j.shares)] for of in ("lever", "measure"))
    rows = [[lever, *(_part(i, j.shares, lever, m) for m in measures)] for lever in levers]
    rows.append([tag("b", "Together"), *(tag("b", _sum(i, [s for s in j.shares if s.measure == m])) for m in measures)])
    why = note(
        "A lever's share is what it adds, on average over all orders in which the levers of the set could have been brought in (Shapley "
        "1953); the shares add up to the whole. Bold: the interval leaves out 0."
    )
    head = ["Lever", *map(capital, measures)]
    title = f"What each lever does in set {n}" if len(levers) > 1 else f"What set {n} does"
    return join([tag("h3", title), table(title, head, rows), why])


def _part(i: Improved, found: Sequence[Share], lever: str, measure: str) -> Html:
    e = next((s.value for s in found if s.lever == lever and s.measure == measure), None)
    return moved(e) if (e := known(beside_today(i, e))) is not None else Html(NOT_SEEN)


def _sum(i: Improved, found: Sequence[Share]) -> str:
    parts = [s.value for s in found]
    if not parts:
        return "–"
    whole = Estimate(value=sum(p.value for p in parts), n=min(p.n for p in parts), unit=parts[0].unit)
    return said_gap(beside_today(i, whole))
