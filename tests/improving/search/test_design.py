"""The first sets, and what is read off them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from benchmarks.improve.made import as_today
from hypothesis import given
from hypothesis import strategies as st

from sandcone.core.lever import Lever, LeverSet, Setting
from sandcone.core.outcome import Objective
from sandcone.improving.search.design import hadamard, mended, one_by_one, screening
from sandcone.improving.search.effects import effects

FLOW = Objective(name="flow efficiency", unit="share", more=True, least=0.01)
WAIT = Objective(name="worst-off wait", unit="h", more=False, least=0.5)


@pytest.mark.parametrize(("least", "size"), [(1, 1), (3, 4), (9, 12), (13, 16), (17, 20), (21, 24), (25, 32), (41, 44)])
def test_the_columns_of_the_matrix_are_orthogonal(least: int, size: int) -> None:
    matrix = hadamard(least)
    assert (matrix.T @ matrix).tolist() == (size * np.eye(size, dtype=int)).tolist()


def signs(sets: Sequence[LeverSet]) -> np.ndarray:
    return np.where(np.array(sets) > 0, 1, -1)


def test_no_levers_effect_is_mixed_up_with_anothers_or_with_a_pair() -> None:
    sets = screening([1] * 12, np.random.default_rng(3))
    nobody = np.zeros((24 - len(sets), 12))  # the set without levers is today's, which is always there
    on = signs([*sets, *map(tuple, nobody)])
    assert len(on) == 24
    assert (on.T @ on).tolist() == (24 * np.eye(12, dtype=int)).tolist()
    pairs = np.column_stack([on[:, a] * on[:, b] for a in range(12) for b in range(a)])
    assert np.abs(on.T @ pairs).max() == 0


def test_settings_take_turns_where_a_lever_is_on() -> None:
    sets = np.array(screening([3, 1, 1, 2, 1, 1, 1], np.random.default_rng(1)))
    assert len(sets) in (15, 16)
    of_first = np.bincount(sets[:, 0], minlength=4)
    assert of_first[1:].max() - of_first[1:].min() <= 1
    assert of_first[1:].sum() == 8


def test_few_sets_are_tried_all() -> None:
    assert sorted(screening([1, 2], np.random.default_rng(0))) == [(0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]
    assert one_by_one([1, 2]) == [(1, 0), (0, 1), (0, 2)]


@given(st.lists(st.tuples(*[st.integers(0, 2)] * 4).filter(any), min_size=1, max_size=8), st.integers(0, 5))
def test_a_mended_set_is_a_part_of_one_and_within_the_limits(sets: list[LeverSet], most: int) -> None:
    """Here a set may have levers set to no more than ``most`` in all."""
    found = mended(sets, lambda some: [sum(s) > most for s in some], np.random.default_rng(0))
    assert all(0 < sum(s) <= most for s in found)
    assert all(any(all(x in (0, y) for x, y in zip(s, one, strict=True)) for one in sets) for s in found)
    assert set(found) >= {s for s in sets if sum(s) <= most}
    assert len(found) == len(set(found))


# ── effects ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def levers(*settings: int) -> list[Lever]:
    """Levers A, B, … with settings "1", "2", …"""
    ways = [tuple(Setting(name=str(s + 1), change=as_today) for s in range(n)) for n in settings]
    return [Lever(name="ABCDEFGH"[i], use="hours", words="", settings=way) for i, way in enumerate(ways)]


def made(sets: Sequence[LeverSet], seed: int, together: float = 0.0, noise: float = 1.0) -> np.ndarray:
    """Runs (sets, 5, 2): A gives flow 0.10, B's second setting takes 0.06, C takes 4 hours of wait; A and C together give more flow."""
    luck = np.random.default_rng(seed)
    flow = np.array([0.10 * (s[0] == 1) - 0.06 * (s[1] == 2) + together * (s[0] == 1) * (s[2] == 1) for s in sets])
    wait = np.array([30.0 - 4.0 * (s[2] == 1) for s in sets])
    values = np.stack([flow, -wait], axis=1)[:, None, :] + luck.normal(size=(1, 5, 2)) * [0.2, 8.0]
    values = values + noise * luck.normal(size=(len(sets), 5, 2)) * [0.01, 0.4]
    values[1 + len(sets) // 2 :, 2:] = np.nan  # the later half has two runs each
    return values


EVERY = [(a, b, c, d) for a in (0, 1) for b in (0, 1, 2) for c in (0, 1) for d in (0, 1)]


def test_effects_are_found_through_the_luck_that_all_share() -> None:
    alone, together = effects(levers(1, 2, 1, 1), EVERY, made(EVERY, 1), (FLOW, WAIT))
    found = {(e.levers[0], e.objective): e for e in alone}
    assert len(found) == 10
    truth = {(("A", "1"), "flow efficiency"): 0.10, (("B", "2"), "flow efficiency"): -0.06, (("C", "1"), "worst-off wait"): -4.0}
    off = {key: abs(e.gap.value - truth.get(key, 0.0)) for key, e in found.items()}
    assert max(x for (_, objective), x in off.items() if objective == FLOW.name) < 0.01
    assert max(x for (_, objective), x in off.items() if objective == WAIT.name) < 0.4
    assert {key for key, e in found.items() if abs(e.gap.value) > 0.02 and e.sure} >= set(truth)
    assert together == ()


def test_two_that_act_together_are_named_once_and_with_how_much() -> None:
    _, together = effects(levers(1, 2, 1, 1), EVERY, made(EVERY, 2, together=0.08), (FLOW, WAIT))
    assert [(e.levers, e.objective) for e in together] == [((("A", "1"), ("C", "1")), "flow efficiency")]
    assert together[0].gap.value == pytest.approx(0.08, abs=0.02)


def test_no_pair_is_named_where_none_acts_together() -> None:
    assert sum(len(effects(levers(1, 2, 1, 1), EVERY, made(EVERY, seed), (FLOW, WAIT))[1]) for seed in range(10)) <= 1


def test_intervals_of_effects_hold_the_truth_as_often_as_they_say() -> None:
    inside = []
    for seed in range(40):
        alone, _ = effects(levers(1, 2, 1, 1), EVERY, made(EVERY, seed + 100)[:, :, :1], (FLOW,))
        truth = {(("A", "1"),): 0.10, (("B", "2"),): -0.06}
        inside += [abs(e.gap.value - truth.get(e.levers, 0.0)) <= (e.gap.high or 0.0) - e.gap.value for e in alone]
    assert len(inside) == 40 * 5
    assert np.mean(inside) >= 0.9


def test_a_setting_that_cannot_be_told_from_another_is_left_out() -> None:
    sets = [(0, 0, 0, 0), (1, 0, 1, 0), (0, 1, 0, 0), (1, 1, 1, 0)]  # A and C always together, D never
    alone, _ = effects(levers(1, 1, 1, 1), sets, made(sets, 4)[:, :, :1], (FLOW,))
    assert [e.levers[0] for e in alone] == [("A", "1"), ("B", "1")]
