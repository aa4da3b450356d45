"""What each lever does over all else that was tried with it: in words, and as bars with intervals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sandcone.core.estimate import Estimate
from sandcone.core.improved import Effect, Improved, Set
from sandcone.core.outcome import OBJECTIVES, Objective
from sandcone.reporting import words
from sandcone.reporting.improve_order import BOTH, others
from sandcone.reporting.improve_table import TITLES
from sandcone.reporting.improve_words import BY_NAME, beside_today, capital, known, lever_name, said_gap, same, set_name, sure
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.tables import folded, note, table

MOST, SAID = 8, 12  # bars of one objective, sentences
ENOUGH = 3  # sets tried for each setting
By = Mapping[Set, Mapping[str, Estimate]]


def effects(i: Improved) -> Html:
    """Sentences, bars for each objective, pairs that matter, and all of it as a table."""
    found = _by_lever(i, i.effects)
    if not found:
        return tag("p", "What each lever does by itself is not known: too few sets were tried.")
    few = _few(i, len(found))
    how = note(
        few,
        "An effect is what a setting adds on average over all sets it was tried in, beside the same sets without it. Bars are filled where "
        "the 95 % interval leaves out 0; of twenty levers that do nothing, one looks sure by chance.",
    )
    names = [o.name for o in OBJECTIVES if any(o.name in e for e in found.values())]
    bars = tag("div", *(_bars(found, name) for name in names), class_="charts two")
    return join([_in_words(found), bars, how, _pairs(i), _everything(found, names)])


def _few(i: Improved, settings: int) -> str | None:
    """A warning where there are hardly more sets than settings, for then what one does can be taken for what another does."""
    tried = len(others(i))
    if tried >= ENOUGH * settings:
        return None
    return (
        f"Only {words.count(tried, 'set')} {words.plural(tried, 'was', 'were')} tried for {words.count(settings, 'setting')}: what one "
        "does can be mistaken here for what another does, and the intervals do not know of it. "
    )


def pair_said(i: Improved, e: Effect) -> str:
    """What two levers do together beyond what each does: more than the two added up, or less."""
    gap = beside_today(i, known(e.gap))
    objective = BY_NAME.get(e.objective)
    good = gap is not None and (gap.value > 0) == (objective.more if objective else True)
    meet = "help each other" if good else "stand in each other's way"
    return f"{words.listed([f'“{lever_name(*p)}”' for p in e.levers])} {meet}: {e.objective} {said_gap(gap)} beyond what each does alone."


def _by_lever(i: Improved, all_effects: Sequence[Effect]) -> By:
    found: dict[Set, dict[str, Estimate]] = {}
    for e in all_effects:
        gap = beside_today(i, known(e.gap))
        if gap is not None:
            found.setdefault(e.levers, {})[e.objective] = gap
    return found


def _sorted(found: By) -> list[tuple[Set, Mapping[str, Estimate]]]:
    """Levers with a sure effect: the largest on either efficiency first, then those that do something else."""
    some = [(levers, of) for levers, of in found.items() if any(map(sure, of.values()))]
    return sorted(some, key=lambda x: -max((_size(o, x[1].get(o.name)) for o in BOTH), default=0.0))


def _size(o: Objective, e: Estimate | None) -> float:
    return abs(e.value) / o.least if e is not None and sure(e) else 0.0


def _in_words(found: By) -> Html:
    said = _sorted(found)
    items = [tag("li", tag("b", f"{set_name(levers)}."), f" {_sentence(of)}") for levers, of in said]
    silent = [set_name(levers) for levers in found if levers not in {x[0] for x in said}]
    more = folded(f"{words.count(len(items) - SAID, 'more lever')}", tag("ul", *items[SAID:])) if len(items) > SAID else None
    none = tag("p", f"No sure effect was seen of: {'; '.join(silent)}.") if silent else None
    return join([tag("ul", *items[:SAID]) if items else None, more, none])


def _sentence(of: Mapping[str, Estimate]) -> str:
    told = [f"{name} {'unchanged' if same(e, name) else said_gap(e)}" for name, e in of.items() if sure(e) or same(e, name)]
    return f"{capital('; '.join(told))}."


def _bars(found: By, objective: str) -> Html:
    there = [(levers, of[objective]) for levers, of in found.items() if objective in of]
    there.sort(key=lambda x: (not sure(x[1]), -abs(x[1].value)))
    shown, rest = there[:MOST], there[MOST:]
    reach = max((abs(v) for _, e in shown for v in (e.value, e.low or 0.0, e.high or 0.0)), default=0.0) or 1.0
    more = objective not in BY_NAME or BY_NAME[objective].more
    title = f"{TITLES.get(objective, capital(objective))}: {'right' if more else 'left'} is better"
    items = (tag("li", _label(levers, e), _bar(e, reach, set_name(levers))) for levers, e in shown)
    unsure = sum(not sure(e) for _, e in rest)
    counted = note(f"{words.count(len(rest), 'more')}, {unsure} of them not sure, in the table below.") if rest else None
    return tag("figure", tag("figcaption", title), tag("ul", *items, class_="bars"), counted, class_="small")


def _label(levers: Set, e: Estimate) -> Html:
    return tag("span", set_name(levers), " ", tag("small", said_gap(e)), class_="bar-label")


def _bar(e: Estimate, reach: float, told: str) -> Html:
    """A bar from the middle, which is no difference, with its interval as a line."""
    x = _at(e.value, reach)
    box = tag("rect", x=f"{min(x, 50):.2f}%", width=f"{abs(x - 50):.2f}%", y=3, height=8, class_="effect" if sure(e) else "effect unsure")
    ends = None if e.low is None or e.high is None else (_at(e.low, reach), _at(e.high, reach))
    line = None if ends is None else tag("line", x1=f"{ends[0]:.2f}%", x2=f"{ends[1]:.2f}%", y1=7, y2=7, class_="reach")
    middle = tag("line", x1="50%", x2="50%", y1=0, y2=14, class_="zero")
    name = f"{told}: {said_gap(e)}"
    return tag("svg", tag("title", name), box, line, middle, class_="bar effects", role="img", aria_label=name)


def _at(v: float, reach: float) -> float:
    return 50 + 48 * v / reach


def _pairs(i: Improved) -> Html | None:
    said = [pair_said(i, e) for e in i.together if known(e.gap) is not None]
    if not said:
        return tag("p", "No two levers are shown to do more, or less, together than the two added up.")
    return join([tag("h3", "Pairs that matter"), tag("ul", *(tag("li", s) for s in said[:SAID]))])


def _everything(found: By, names: Sequence[str]) -> Html:
    head = ["Lever", *(TITLES.get(n, capital(n)) for n in names)]
    rows = [[set_name(levers), *_cells(of, names)] for levers, of in found.items()]
    return folded("All effects as a table", table("What each lever does", head, rows))


def _cells(of: Mapping[str, Estimate], names: Sequence[str]) -> Iterator[str]:
    for name in names:
        e = of.get(name)
        yield "–" if e is None else said_gap(e)
