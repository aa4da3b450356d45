import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandcone.measuring.commonality import commonality, dci, tcci
from tests.measuring.journeys import journeys
from tests.measuring.worlds import world


def test_three_packages_that_share_a_and_b_give_the_values_of_the_field_guide() -> None:
    found = commonality(world(journeys({"p": "abc", "q": "abd", "r": "aef"})))
    assert found["commonality.dci"].value == pytest.approx(1.5)
    assert found["commonality.tcci"].value == pytest.approx(0.375)


def test_a_package_counts_once_however_many_get_it_and_in_whatever_order() -> None:
    found = commonality(world(journeys({"p": "abc", "q": "cab", "r": "abca", "s": "abd", "t": "aef"})))
    assert found["commonality.dci"].value == pytest.approx(1.5)
    assert found["commonality.dci"].n == 3


@given(st.lists(st.integers(1, 40), min_size=1, max_size=30).filter(lambda uses: sum(uses) > 1))
def test_commonality_lies_between_nothing_shared_and_one_part_in_all(uses: list[int]) -> None:
    assert 1 <= dci(uses) <= sum(uses)
    assert -1e-12 <= tcci(uses) <= 1


def test_one_package_of_one_step_has_no_relative_commonality() -> None:
    assert commonality(world(journeys({"p": "a", "q": "aa"}))).why_missing("commonality.tcci") is not None
