"""Who is on the front: what counts as better, how sure that is, and how much room a front takes up."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sandcone.improving.search.belief import believed
from sandcone.improving.search.front import chances, dominates, on_front, place, wrong
from sandcone.improving.search.hypervolume import best, hypervolume

Floats = NDArray[np.float64]
LEAST = np.array([1.0, 10.0])


def tables(objectives: int, most: int = 6) -> st.SearchStrategy[Floats]:
    """Up to six sets with small whole values, so that ties come up."""
    row = st.lists(st.integers(0, 4), min_size=objectives, max_size=objectives)
    return st.lists(row, min_size=1, max_size=most).map(lambda rows: np.array(rows, dtype=np.float64))


def plain_front(values: Floats, least: Floats) -> list[bool]:
    """The same as ``on_front`` for one draw, set by set in plain Python."""
    unit = [x if x > 0 else 1.0 for x in least]
    found = []
    for one in values:
        beaten = False
        for other in values:
            gaps = [b - a for a, b in zip(one, other, strict=True)]
            nowhere = all(g >= -x for g, x in zip(gaps, least, strict=True))
            somewhere = any(g > x for g, x in zip(gaps, least, strict=True))
            beaten = beaten or (nowhere and somewhere and sum(g / u for g, u in zip(gaps, unit, strict=True)) > 0)
        found.append(not beaten)
    return found


def test_better_is_better_by_what_matters_somewhere_and_worse_by_it_nowhere() -> None:
    at = np.array([5.0, 50.0])
    assert dominates(at + np.array([1.5, -9.0]), at, LEAST)  # gains 1.5 of what matters, loses 0.9
    assert not dominates(at + np.array([0.9, 9.0]), at, LEAST)  # neither matters
    assert not dominates(at + np.array([3.0, -11.0]), at, LEAST)  # a loss that matters
    assert not dominates(at + np.array([1.1, -9.5]), at, np.array([1.0, 8.0]))
    assert not dominates(at, at, LEAST)


def test_a_gain_that_small_losses_outweigh_is_none() -> None:
    three = np.array([1.0, 1.0, 1.0])
    assert dominates(np.array([1.5, -0.7, -0.7]), np.zeros(3), three)
    assert not dominates(np.array([1.5, -0.8, -0.8]), np.zeros(3), three)


@given(tables(3), st.sampled_from([0.0, 0.5, 1.0]))
def test_two_sets_never_better_each_other_and_some_set_is_always_on_the_front(values: Floats, much: float) -> None:
    least = np.full(3, much)
    both = dominates(values[:, None], values[None], least)
    assert not (both & both.T).any()
    assert on_front(values[None], least)[0].any()


@given(tables(3), st.sampled_from([0.0, 0.5, 1.0]))
def test_the_fast_front_is_that_of_plain_python(values: Floats, much: float) -> None:
    least = np.array([much, 0.0, 1.0])
    assert on_front(values[None], least)[0].tolist() == plain_front(values, least)


def test_rivals_may_be_other_sets_than_those_asked_about() -> None:
    asked, rivals = np.array([[[3.0, 30.0], [1.0, 10.0]]]), np.array([[[2.5, 25.0]]])
    assert on_front(asked, LEAST, rivals).tolist() == [[True, False]]


def runs(means: list[list[float]], noise: float, counts: list[int], seed: int) -> Floats:
    """Runs of sets with these means; luck that they share is five times their own."""
    luck = np.random.default_rng(seed)
    shape = (len(means), max(counts), len(means[0]))
    values = np.array(means)[:, None] + luck.normal(size=(1, *shape[1:])) * 5 * noise + luck.normal(size=shape) * noise
    return np.where((np.arange(shape[1]) < np.array(counts)[:, None])[:, :, None], values, np.nan)


def test_shared_luck_is_no_difference_even_where_one_set_has_more_runs() -> None:
    means = [[0.0, 0.0], [10.0, 0.0], [0.0, 10.0], [5.0, 5.0]]
    off = []
    for seed in range(20):
        values = runs(means, 1.0, [12, 2, 3, 7], seed)
        belief = believed(values)
        off.append((belief.mean - belief.mean[0] - np.array(means))[1:])
    assert np.abs(np.mean(off, axis=0)).max() < 0.8
    assert np.std(off, axis=0).max() < 1.5  # 5 times as much with luck left in: set 1 has 2 of the 12 replications
    plain = np.nanmean(runs(means, 1.0, [12, 2, 3, 7], 3), axis=1)
    assert np.abs(plain - plain[0] - np.array(means)).max() > 1.5


def test_what_is_drawn_spreads_as_wide_as_errors_are() -> None:
    means, counts = [[0.0, 0.0], [3.0, 1.0], [1.0, 3.0]], [20, 4, 10]
    errors, drawn = [], []
    for seed in range(60):
        belief = believed(runs(means, 1.0, counts, seed))
        errors.append(belief.mean - belief.mean[0] - np.array(means))
        draws = belief.draws(200, np.random.default_rng(seed))
        drawn.append((draws - draws[:, [0]]).std(axis=0))
    ratio = np.std(errors, axis=0)[1:] / np.mean(drawn, axis=0)[1:]
    assert ((ratio > 0.7) & (ratio < 1.4)).all()


def test_a_known_front_is_found_with_high_chance() -> None:
    means = [[0.0, 0.0], [9.0, -30.0], [3.0, 30.0], [2.0, -50.0], [-5.0, 60.0]]
    belief = believed(runs(means, 1.0, [8] * 5, 2))
    chance = chances(belief, LEAST, 1000, np.random.default_rng(0))
    assert (chance > 0.9).tolist() == [False, True, True, False, True]
    assert [place(float(c)) for c in chance] == ["behind", "on the front", "on the front", "behind", "on the front"]


def test_a_place_is_perhaps_where_it_is_unsure() -> None:
    assert [place(c) for c in (0.05, 0.1, 0.5, 0.9)] == ["behind", "behind", "perhaps on the front", "on the front"]
    assert wrong(np.array([0.2, 0.9])) == pytest.approx([0.2, 0.1])


# ── room ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def by_inclusion(values: Floats) -> float:
    """The room from nought by inclusion and exclusion over all sets of sets."""
    total = 0.0
    for size in range(1, len(values) + 1):
        for some in combinations(range(len(values)), size):
            total += (-1) ** (size + 1) * float(values[list(some)].min(axis=0).prod())
    return total


@pytest.mark.parametrize("objectives", [1, 2, 3, 5])
@given(data=st.data())
def test_room_is_that_of_inclusion_and_exclusion(objectives: int, data: st.DataObject) -> None:
    values = data.draw(tables(objectives))
    assert hypervolume(values, np.zeros(objectives)) == pytest.approx(by_inclusion(values))


@given(tables(3), tables(3, most=1))
def test_one_more_set_takes_no_room_away_and_none_if_it_is_bettered(values: Floats, more: Floats) -> None:
    nought = np.zeros(3)
    with_it = hypervolume(np.vstack([values, more]), nought)
    assert with_it >= hypervolume(values, nought) - 1e-9
    if (values >= more).all(axis=1).any():
        assert with_it == pytest.approx(hypervolume(values, nought))


def test_what_lies_below_the_reference_counts_nothing() -> None:
    values = np.array([[3.0, 5.0], [4.0, 2.0], [9.0, 0.5]])
    assert hypervolume(values, np.array([1.0, 1.0])) == 2 * 4 + 1 * 1
    assert hypervolume(values, np.array([9.0, 9.0])) == 0.0


def test_of_equal_sets_one_is_kept() -> None:
    assert best(np.array([[1.0, 2.0], [1.0, 2.0], [2.0, 1.0], [1.0, 1.0]])).tolist() == [[2.0, 1.0], [1.0, 2.0]]
