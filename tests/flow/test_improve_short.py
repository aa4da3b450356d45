"""Long sets made short: what does nothing goes, what keeps somebody from harm stays, and the short set is placed among the others."""

from __future__ import annotations

import math
import tomllib
from dataclasses import replace

import pytest

from sandcone.core.arrangement import Arrangement
from sandcone.core.errors import ModelError
from sandcone.core.lever import Lever, LeverSet, Limits, Setting
from sandcone.core.outcome import OBJECTIVES, Outcome
from sandcone.core.registered import DEFAULTS
from sandcone.flow.bench import Bench
from sandcone.flow.hands import here
from sandcone.flow.placed_again import placed_again
from sandcone.flow.purse import Purse
from sandcone.flow.shortening import EACH, Shortening, Worth, groups, size, without
from sandcone.flow.tried import Memory
from sandcone.flow.trying import Trying
from sandcone.improving.levers.reading import levers_of
from sandcone.improving.search.budget import Budget
from sandcone.improving.search.look import Task
from sandcone.improving.search.searched import Found, Searched
from tests.flow.improve_world import LEVERS, OUTCOME, clinic

TODAY = replace(OUTCOME, flow=0.3, worst_wait=10.0, growth=0.0)
NONE, POOLED, BOTH = (0, 0, 0), (1, 0, 0), (1, 1, 0)
LONG = (1, 1, 1)


def same(at: Arrangement) -> Arrangement:
    """Paint on the walls."""
    return at


def trying(limits: Limits | None = None) -> Trying:
    """The clinic with one lever more, that does nothing."""
    today = Arrangement(model=clinic())
    read = levers_of(tomllib.loads(LEVERS), "levers", today)
    paint = Lever(name="Paint", use="paint", words="Walls are painted.", settings=(Setting(name="green", change=same),))
    levers = replace(read, levers=(*read.levers, paint), limits=limits or read.limits)
    bench = Bench(today, levers, None, 1)
    return Trying(bench, here(bench), Memory(None, ""))


def shortening(purse: Purse | None = None, limits: Limits | None = None) -> Shortening:
    return Shortening(trying(limits), DEFAULTS, purse or Purse(Budget(runs=10_000)), lambda _words: None)


def test_a_lever_that_does_nothing_is_left_out() -> None:
    assert shortening().short(LONG) == [BOTH]


def test_a_set_that_needs_all_it_has_stays_as_it_is() -> None:
    assert shortening().short(BOTH) == []


def test_a_set_that_lifts_only_one_efficiency_is_not_made_short() -> None:
    assert shortening().short((0, 1, 1)) == []


def test_where_the_budget_ends_the_set_stays_long() -> None:
    assert shortening(Purse(Budget(runs=3 * EACH / 0.65))).short(LONG) == []


def test_what_would_be_dearer_than_allowed_is_not_what_is_left() -> None:
    """Two nurses gone pay for more than the limit asks; without them the set could not be had, so they are worth all of it."""
    short = shortening(limits=Limits(cost=0.9))
    assert short.short((1, 1, 1)) == [BOTH]
    assert short.known[POOLED] is None
    assert short.known[BOTH] is not None


def test_a_lever_that_keeps_somebody_from_harm_is_worth_everything() -> None:
    short = shortening()
    whole = Worth(resource=0.1, flow=0.3, harm=0.0)
    short.known = {LONG: whole, BOTH: replace(whole, harm=1.0), POOLED: Worth(resource=0.05, flow=0.3, harm=0.0), NONE: None}
    assert short._lost(LONG, BOTH, whole) == math.inf
    assert short._lost(LONG, POOLED, whole) == pytest.approx(0.5)
    assert short._lost(LONG, NONE, whole) == math.inf
    assert short._lost(BOTH, LONG, whole) == pytest.approx(0.0)


def test_a_lever_that_harms_a_group_is_set_otherwise_or_goes_first() -> None:
    short = shortening()
    bad, mild, gone = (1, 2, 1), (1, 1, 1), (1, 0, 1)
    worth = {bad: (0.10, 0.3, 3.0), mild: (0.09, 0.3, 0.0), gone: (0.0, 0.3, 0.0)}

    def look(sets: list[LeverSet]) -> bool:
        short.known |= {s: Worth(resource=r, flow=f, harm=h) for s in sets for r, f, h in [worth.get(s, (0.08, 0.2, 2.5))]}
        return True

    short._look = look  # type: ignore[method-assign, assignment]
    look([bad])
    assert short._harmless(bad) == mild  # without the lever nothing would be gained
    assert short.best([bad, mild, gone], 2) == [mild, gone]


def test_harm_is_what_a_group_waits_beyond_half_of_its_margin() -> None:
    short = shortening()
    short.today = [TODAY] * EACH
    assert short._harm([replace(TODAY, worst_wait=11.0)] * EACH) == pytest.approx(0.5)  # 10 h today: 1 of 1 h, less half
    assert short._harm([replace(TODAY, worst_wait=10.4)] * EACH) == 0.0


def test_of_many_levers_those_that_add_least_go_half_of_what_is_too_many_at_a_time() -> None:
    many = tuple([1] * 9)
    adds = dict(enumerate((0.3, 0.05, 0.2, 0.06, 0.25, 0.04, 0.3, 0.2, 0.6)))  # of 2; lever 5 and then 1 and 3 add least
    short, asked = shortening(), list[LeverSet]()

    def look(sets: list[LeverSet]) -> bool:
        asked.extend(sets)
        short.known |= {s: worth(s) for s in sets}
        return True

    def worth(s: LeverSet) -> Worth:
        share = sum(x for i, x in adds.items() if s[i])
        return Worth(resource=0.1 * share / 2, flow=0.3 * share / 2, harm=0.0)

    short._look = look  # type: ignore[method-assign, assignment]
    whole = worth(many)
    short.known[many] = whole
    assert short._few(many, whole) == (1, 0, 1, 0, 1, 0, 1, 1, 1)
    assert len(set(asked)) == 1 + 9 + 1 + 7


def test_waits_are_by_group_and_sets_by_how_many_levers_they_have() -> None:
    found = trying().attempt([Task(levers=NONE, replication=0)])
    assert [len(x) for x in groups([o for o in found if isinstance(o, Outcome)]).values()] == []  # no period was kept
    assert size((0, 2, 1)) == 2
    assert without((1, 2, 1), [0, 2]) == (0, 2, 0)


def searched(at: Trying) -> Searched:
    runs = {s: at.attempt([Task(levers=s, replication=r) for r in range(3)]) for s in (NONE, LONG)}
    outcomes = [tuple(o for o in some if isinstance(o, Outcome)) for some in runs.values()]
    found = tuple(Found(levers=s, outcomes=o, chance=1.0, place="on the front") for s, o in zip((NONE, LONG), outcomes, strict=True))
    known = tuple(o for o in OBJECTIVES if o.name != "fit")
    counts = {"wrong": 0.0, "sets": 2, "runs": 6, "short_runs": 0, "seconds": 1.0, "seed": 1, "ended": ""}
    return Searched(found=found, not_tried=(), effects=(), together=(), objectives=known, **counts)  # type: ignore[arg-type]


def test_a_set_that_came_up_later_is_run_with_the_luck_of_the_others_and_placed_among_them() -> None:
    at = trying()
    before = searched(at)
    after = placed_again(at, before, [BOTH, LONG, BOTH])
    assert (after.sets, after.runs) == (3, 9)
    assert after.found[0].levers == NONE
    later = {f.levers: f for f in after.found}
    assert [o.flow for o in later[BOTH].outcomes] == [o.flow for o in later[LONG].outcomes]  # paint does nothing
    assert later[NONE].place == "behind"
    assert later[BOTH].place != "behind"
    assert placed_again(at, before, [LONG]) is before


def test_a_set_that_cannot_be_is_not_placed() -> None:
    at = trying()
    before = searched(at)
    never = Lever(name="Never", use="none", words="Cannot be.", settings=(Setting(name="on", change=refuses),))
    at.bench.levers = replace(at.bench.levers, levers=(*at.bench.levers.levers[:2], never))
    assert BOTH in {f.levers for f in placed_again(at, before, [(1, 1, 0), (0, 1, 1)]).found}
    assert (0, 1, 1) not in {f.levers for f in placed_again(at, before, [(1, 1, 0), (0, 1, 1)]).found}


def refuses(at: Arrangement) -> Arrangement:
    raise ModelError("never", "it cannot be", "Leave it.")
