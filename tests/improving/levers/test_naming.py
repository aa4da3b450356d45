"""Names with stars: what they mean, and what belongs together."""

from __future__ import annotations

import pytest

from sandcone.core.errors import ModelError
from sandcone.improving.levers.naming import Wanted, matching, together

POOLS = ("H1 ward", "H1 ward nurses", "H2 ward", "H2 ward nurses", "H3 ward", "Porters")


def test_a_star_stands_for_any_text_and_a_name_without_one_for_itself() -> None:
    assert matching(("Porters", "* ward"), POOLS, "pool") == ("Porters", "H1 ward", "H2 ward", "H3 ward")
    assert matching(("H1*", "H1 ward"), POOLS, "pool") == ("H1 ward", "H1 ward nurses")
    assert matching(("*Porters",), POOLS, "pool") == ("Porters",)


def test_a_step_s_name_means_its_other_ways_too_and_a_pool_s_name_only_itself() -> None:
    names = ("Visit", "Visit · urgent", "Visit of the ward")
    assert matching(("Visit",), names, "step") == ("Visit", "Visit · urgent")
    assert matching(("Visit",), names, "pool") == ("Visit",)
    assert matching(("Visit · urgent",), names, "step") == ("Visit · urgent",)


def test_a_name_that_means_nothing_is_refused_with_what_there_is() -> None:
    with pytest.raises(ModelError, match=r"no pool is called 'Word\*'\. There are: 'Ward', 'Clinic'\."):
        matching(("Ward", "Word*"), ("Ward", "Clinic"), "pool")
    with pytest.raises(ModelError, match="8' and 2 more"):
        matching(("x",), [str(i) for i in range(1, 11)], "pool")


def test_names_belong_together_whose_stars_stand_for_the_same_text() -> None:
    groups = together(wards=Wanted("pool", ("* ward",), POOLS), others=Wanted("pool", ("* ward nurses", "Porters"), POOLS))
    assert groups == [
        {"wards": ("H1 ward",), "others": ("H1 ward nurses", "Porters")},
        {"wards": ("H2 ward",), "others": ("H2 ward nurses", "Porters")},
        {"wards": ("H3 ward",), "others": ("Porters",)},
    ]


def test_a_place_in_which_one_of_two_lists_has_nothing_is_left_out() -> None:
    groups = together(a=Wanted("pool", ("* ward",), POOLS), b=Wanted("pool", ("* ward nurses",), POOLS))
    assert [g["a"] for g in groups] == [("H1 ward",), ("H2 ward",)]
    with pytest.raises(ModelError, match="in no place are there"):
        together(a=Wanted("pool", ("H3 w*",), POOLS), b=Wanted("pool", ("* ward nurses",), POOLS))


def test_a_name_with_fewer_stars_belongs_to_every_place_that_begins_with_its_text() -> None:
    steps = ("H1 Opening, adult", "H1 Opening, child", "H2 Opening, adult")
    groups = together(steps=Wanted("step", ("* Opening, *",), steps), pools=Wanted("pool", ("* ward",), POOLS))
    assert [(g["steps"], g["pools"]) for g in groups] == [
        (("H1 Opening, adult",), ("H1 ward",)),
        (("H1 Opening, child",), ("H1 ward",)),
        (("H2 Opening, adult",), ("H2 ward",)),
    ]
