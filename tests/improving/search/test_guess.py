"""What is known of a set before its full runs: from other sets, from a formula, from a short run; and where new sets come from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from benchmarks.improve.made import Made, made_levers

from sandcone.core.lever import LeverSet
from sandcone.core.outcome import OBJECTIVES, Outcome
from sandcone.improving.search import formula
from sandcone.improving.search.belief import believed
from sandcone.improving.search.brief import HOPELESS, odds, worth_while
from sandcone.improving.search.design import everything
from sandcone.improving.search.guess import Known, guessed
from sandcone.improving.search.look import Glance, Task
from sandcone.improving.search.proposals import Parent, children, drawn, neighbours
from sandcone.improving.search.samples import Samples, counted, least

SETTINGS = (1, 2, 1, 1, 1)
EVERY = [(0,) * 5, *everything(SETTINGS)]


def known(sets: list[LeverSet], seed: int) -> tuple[Known, dict[LeverSet, float]]:
    """Sets of which two levers add 3 and 5, one setting takes 4 away, and two together add 2; and what all sets truly come to."""
    truth = {s: 3.0 * s[0] + 5.0 * s[2] - 4.0 * (s[1] == 2) + 2.0 * s[3] * s[4] for s in EVERY}
    mean = np.array([[truth[s]] for s in sets]) + np.random.default_rng(seed).normal(size=(len(sets), 1)) * 0.2
    return Known(levers=sets, formula=np.zeros((len(sets), 0)), mean=mean, error=np.full((len(sets), 1), 0.2)), truth


def test_sets_that_were_not_run_are_guessed_from_those_that_were() -> None:
    order = np.random.default_rng(1).permutation(len(EVERY))
    ran, rest = [EVERY[i] for i in order[:30]], [EVERY[i] for i in order[30:]]
    have, truth = known(ran, 2)
    found = guessed(have, rest, np.zeros((len(rest), 0)))
    off = found.mean[:, 0] - [truth[s] for s in rest]
    spread = np.sqrt(np.diagonal(found.spread[0]))
    assert np.sqrt((off**2).mean()) < 0.7  # the sets themselves spread by 3.5
    assert np.mean(np.abs(off) < 3 * spread) > 0.7
    drawn_ = found.draws(500, np.random.default_rng(0))
    assert np.allclose(drawn_.std(axis=0)[:, 0], spread, rtol=0.25)


def test_a_formula_that_is_right_but_for_a_factor_tells_sets_that_no_lever_was_tried_of() -> None:
    ran = [s for s in EVERY if s[2] == 0]
    rest = [s for s in EVERY if s[2] == 1]
    have, truth = known(ran, 3)
    plain = guessed(have, rest, np.zeros((len(rest), 0)))
    says = {s: 10 + 0.5 * truth[s] for s in EVERY}
    told = guessed(replace(have, formula=np.array([[says[s]] for s in ran])), rest, np.array([[says[s]] for s in rest]))
    off = [float(np.abs(g.mean[:, 0] - [truth[s] for s in rest]).mean()) for g in (plain, told)]
    assert off[0] > 4.0
    assert off[1] < 1.5


# ── the formula ─────────────────────────────────────────────────────────────────────────────────────────────────────


def glance(resource: float, flow: float, seen: tuple[bool, ...] = (True, False)) -> Glance:
    return Glance(values=(resource, flow, float("nan"), 5.0, 100.0), seen=seen)


def test_a_formula_rules_out_what_it_puts_clearly_behind_a_set_alike_in_all_that_it_does_not_see() -> None:
    kept = tuple(o for o in OBJECTIVES if o.name != "fit")
    margin = np.array([0.05, 0.05, 1.0, 10.0])
    glances = {
        (0, 0): glance(0.7, 0.3),
        (1, 0): glance(0.6, 0.3),
        (1, 1): glance(0.5, 0.2),
        (2, 0): glance(0.66, 0.3),
        (3, 0): glance(0.6, 0.31),
    }
    assert formula.behind(list(glances), list(glances), glances, kept, margin) == [(1, 0)]
    assert formula.behind([(1, 0)], [(0, 0)], glances, OBJECTIVES, np.ones(5) * 0.01) == []  # of fit nothing is known


def test_a_formulas_errors_are_learnt_from_eight_sets_or_more() -> None:
    said = np.arange(16.0).reshape(8, 2)
    assert formula.errors(said[:7], said[:7]) is None
    assert formula.errors(np.where(said == 3, np.nan, said), said) is None
    found = formula.errors(said, said * np.array([1.0, 2.0]))
    assert found is not None
    assert found.tolist() == [0.0, np.arange(1.0, 16, 2).std()]


# ── short runs ──────────────────────────────────────────────────────────────────────────────────────────────────────


def samples(world: Made, sets: list[LeverSet]) -> Samples:
    """Three full runs and a short one of each."""
    found = Samples()
    for s in sets:
        for o in world.attempt([Task(levers=s, replication=k) for k in range(3)]):
            found.add(s, o)
        found.short[s] = world.attempt([Task(levers=s, replication=0, short=True)])[0]
    return found


def worse(o: Outcome, by: float) -> Outcome:
    """As much worse in everything."""
    return replace(
        o, resource=o.resource - by, flow=o.flow - by, fit=o.fit - by, worst_wait=o.worst_wait + 100 * by, cost=o.cost * (1 + by)
    )


def test_a_set_that_is_far_behind_in_a_short_run_is_hopeless_and_one_ahead_is_not() -> None:
    world = Made.drawn(5, SETTINGS, noise=0.3)
    have = samples(world, EVERY[:16])
    objectives = counted(have.outcomes[0][0])
    matters, belief = least(objectives), believed(have.values(objectives))
    have.short[EVERY[20]] = worse(have.short[EVERY[0]], 0.2)
    have.short[EVERY[21]] = worse(have.short[EVERY[0]], -0.2)
    bad, good = odds(have, [EVERY[20], EVERY[21]], belief, objectives, matters, np.random.default_rng(0))
    assert bad < HOPELESS
    assert good > 0.98
    assert odds(samples(world, EVERY[:8]), [EVERY[3]], belief, objectives, matters, np.random.default_rng(0)).tolist() == [1.0]


def test_short_runs_are_worth_while_where_they_rule_out_more_than_they_cost() -> None:
    world = Made.drawn(5, SETTINGS, noise=0.3)
    have = samples(world, EVERY[:16])
    objectives = counted(have.outcomes[0][0])
    matters, luck = least(objectives), np.random.default_rng(0)
    assert not worth_while(have, believed(have.values(objectives)), objectives, matters, 0.5, luck)  # five objectives: few are behind
    for s in EVERY[1:16]:
        have.short[s] = worse(have.short[s], 0.3)
        have.outcomes[have.places[s]] = [worse(o, 0.3) for o in have.of(s)]
    assert worth_while(have, believed(have.values(objectives)), objectives, matters, 0.5, luck)
    assert not worth_while(have, believed(have.values(objectives)), objectives, matters, 1.0, luck)


# ── where new sets come from ────────────────────────────────────────────────────────────────────────────────────────


def test_children_are_made_of_settings_of_their_parents_mostly_and_come_again_with_the_same_seed() -> None:
    parents = [
        Parent(levers=s, values=(float(i), float(-i)))
        for i, s in enumerate([(1, 2, 0, 0, 0), (1, 2, 1, 0, 0), (1, 2, 0, 0, 1), (1, 2, 1, 0, 1)])
    ]
    found = children(parents, SETTINGS, 12, 7)
    assert found == children(parents, SETTINGS, 12, 7)
    assert len(set(found)) == len(found) <= 12
    assert np.mean([s[:2] == (1, 2) for s in found]) >= 0.4  # by chance one in six


def test_parents_beyond_a_limit_lose_to_those_within() -> None:
    good = [
        Parent(levers=(0, 1, 0, 0, 0), values=(0.0, 0.0), over=(-0.1,)),
        Parent(levers=(0, 1, 0, 0, 1), values=(0.1, 0.1), over=(-0.1,)),
    ]
    dear = [Parent(levers=(1, 0, 1, 1, 0), values=(9.0, 9.0), over=(0.5,)), Parent(levers=(1, 0, 1, 1, 1), values=(9.0, 8.0), over=(0.5,))]
    found = [s for seed in range(4) for s in children([*good, *dear], SETTINGS, 5, seed)]
    assert np.mean([s[1] == 1 for s in found]) > np.mean([s[0] == 1 for s in found])


def test_neighbours_differ_in_one_lever_and_drawn_sets_are_different() -> None:
    near = list(neighbours((0, 1, 0, 0, 0), SETTINGS))
    assert sorted(sum(a != b for a, b in zip(s, (0, 1, 0, 0, 0), strict=True)) for s in near) == [1] * 6
    some = drawn(SETTINGS, 20, np.random.default_rng(0))
    assert len(set(some)) == len(some) == 20
    assert drawn((), 3, np.random.default_rng(0)) == [()]
    assert len(made_levers(SETTINGS).levers) == 5
