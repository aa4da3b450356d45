import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandcone.core.chance import Luck
from sandcone.measuring.modules import _errors, modules, newman
from tests.measuring.journeys import group, journeys
from tests.measuring.worlds import step, world

LUCK = Luck(seed=1)
UNITS = {"a": "ER", "b": "ER", "c": "ward", "d": "ward"}


def test_moves_inside_and_between_two_units_are_weighed_as_newman_says() -> None:
    found = modules(world(journeys(group({"abc": 2, "cd": 3})), site={"units": UNITS}), LUCK)
    # a-b 2, b-c 2, c-d 3: five of seven inside; the units' ends are 6 and 8 of 14
    assert found["modularity.inside_share"].value == pytest.approx(5 / 7)
    assert found["modularity.q"].value == pytest.approx(5 / 7 - (6 / 14) ** 2 - (8 / 14) ** 2)


def test_doing_a_step_again_is_no_move() -> None:
    once = modules(world(journeys(group({"abc": 2, "cd": 3})), site={"units": UNITS}), LUCK)
    again = modules(world(journeys(group({"aabbbc": 2, "cdd": 3})), site={"units": UNITS}), LUCK)
    assert once["modularity.q"].value == pytest.approx(again["modularity.q"].value)


def test_a_step_in_no_unit_is_a_module_of_its_own() -> None:
    found = modules(world(journeys(group({"ab": 3, "ce": 1})), site={"units": UNITS}), LUCK)
    assert found["modularity.inside_share"].value == pytest.approx(3 / 4)
    assert "its own" in next(m.note for m in found if m.name == "modularity.q")


def test_where_no_units_are_declared_the_pool_that_does_a_step_most_stands_in() -> None:
    rows = [step("p", "a", 0, 1, "n1"), step("p", "b", 2, 3, "n2"), step("p", "c", 4, 5, "d1")]
    rows += [step("q", "a", 1, 2, "n2"), step("q", "b", 3, 4, "d1"), step("r", "b", 6, 7, "n1")]
    pools = {"nurses": {"resources": ["n1", "n2"]}, "doctors": {"resources": ["d1"]}}
    found = modules(world(rows, site={"pools": pools}), LUCK)
    assert found["modularity.inside_share"].value == pytest.approx(2 / 3)


def test_without_units_or_pools_the_site_file_is_asked_for() -> None:
    assert "units in the site file" in (modules(world(journeys({"p": "ab"})), LUCK).why_missing("modularity.q") or "")


def test_patients_who_never_move_have_no_modules() -> None:
    found = modules(world(journeys({"p": "a", "q": "b"}), site={"units": UNITS}), LUCK)
    assert "no patient moves" in (found.why_missing("modularity.q") or "")


def test_leverage_is_packages_over_parts() -> None:
    found = modules(world(journeys({"p": "abc", "q": "acb", "r": "abd", "s": "a", "t": "d", "u": "bd"})), LUCK)
    assert found["combination_leverage"].value == pytest.approx(5 / 4)


@given(st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=4, max_size=4).filter(lambda w: sum(map(sum, w)) > 0))
def test_one_module_of_all_is_worth_nothing_and_no_split_more_than_one(weights: list[list[int]]) -> None:
    w = np.array(weights, dtype=float)
    assert newman(w, np.zeros(4, dtype=np.int64)) == pytest.approx(0)
    assert -1 <= newman(w, np.array([0, 1, 1, 2])) < 1


def test_the_interval_agrees_with_drawing_cases_again() -> None:
    moves = [[(0, 1), (1, 2)], [(2, 3)], [(0, 1)], [(1, 3), (3, 2), (2, 3)]]
    cases, module = np.array([80, 120, 60, 40]), np.array([0, 0, 1, 1])
    variant = np.array([v for v, m in enumerate(moves) for _ in m])
    before, after = (np.array([move[i] for m in moves for move in m]) for i in (0, 1))

    def weights(n: np.ndarray) -> np.ndarray:
        w = np.zeros((4, 4))
        np.add.at(w, (before, after), n[variant])
        return w

    q, share = _errors(weights(cases), module, (variant, before, after), cases)
    drawn = [weights(w) for w in np.random.default_rng(6).multinomial(300, cases / 300, size=1000)]
    inside = module[:, None] == module[None, :]
    assert q == pytest.approx(np.std([newman(w, module) for w in drawn]), rel=0.1)
    assert share == pytest.approx(np.std([w[inside].sum() / w.sum() for w in drawn]), rel=0.1)
