"""What is owed to each lever of a set."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandcone.core.errors import InputError
from sandcone.core.lever import LeverSet
from sandcone.improving.search.shapley import shares, subsets


def test_shares_of_two_levers_by_hand() -> None:
    """Alone they do 1 and 3, together 10: each adds what it does alone, and half of the 6 that only both do."""
    values = {(0, 0): 0.0, (2, 0): 1.0, (0, 1): 3.0, (2, 1): 10.0}
    found = shares((2, 1), {s: np.array([x, 2 * x]) for s, x in values.items()})
    assert {i: v.tolist() for i, v in found.items()} == {0: [4.0, 8.0], 1: [6.0, 12.0]}


def test_levers_that_are_not_set_have_no_share_and_need_no_runs() -> None:
    assert subsets((0, 2, 0, 1)) == ((0, 0, 0, 0), (0, 0, 0, 1), (0, 2, 0, 0), (0, 2, 0, 1))
    assert subsets((0, 0)) == ((0, 0),)
    assert shares((0, 0), {(0, 0): np.array([5.0])}) == {}


@given(st.data(), st.integers(1, 5))
def test_shares_add_up_to_the_whole_less_today_in_every_run(data: st.DataObject, n: int) -> None:
    whole: LeverSet = (1,) * n
    number = st.floats(-100, 100)
    values = {s: np.array(data.draw(st.lists(number, min_size=3, max_size=3))) for s in subsets(whole)}
    total = sum(shares(whole, values).values(), np.zeros(3))
    assert total == pytest.approx(values[whole] - values[(0,) * n], abs=1e-9)


def test_a_lever_that_adds_nothing_anywhere_has_no_share_and_two_that_are_alike_have_the_same() -> None:
    values = {s: np.array([7.0 * (s[0] + s[2]) ** 2]) for s in subsets((1, 1, 1))}
    found = shares((1, 1, 1), values)
    assert [float(found[i][0]) for i in range(3)] == [14.0, 0.0, 14.0]


def test_more_than_eight_levers_are_refused() -> None:
    assert len(subsets((1,) * 8)) == 256
    with pytest.raises(InputError, match="9 levers"):
        subsets((1,) * 9)
