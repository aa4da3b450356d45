import numpy as np
import pytest

from sandcone.core.chance import Luck
from sandcone.core.estimate import Measure, Missing
from sandcone.measuring.prediction import CANNOT, out_of_sample, refined
from tests.measuring.journeys import group, journeys
from tests.measuring.worlds import world


def told(paths: dict[str, int], **levels: str) -> Measure:
    """Attribute levels are dealt to the cases in turn, a letter each."""
    cases = group(paths)
    attributes = {name: {c: word[i % len(word)] for i, c in enumerate(cases)} for name, word in levels.items()}
    found = out_of_sample(world(journeys(cases, **attributes)), Luck(seed=1))
    assert isinstance(found, Measure)
    return found


def test_a_path_that_follows_the_attribute_is_told_for_new_patients() -> None:
    cases = group({"ab": 60, "ac": 60})
    found = out_of_sample(world(journeys(cases, sex={c: c[1] for c in cases})), Luck(seed=1))
    assert isinstance(found, Measure)
    assert found.estimate.value > 0.9
    assert CANNOT not in found.note


def test_an_attribute_dealt_at_random_helps_nobody_and_that_is_said() -> None:
    rng = np.random.default_rng(4)
    cases = group({"ab": 90, "ac": 60, "ad": 50})
    noise = {c: str(rng.integers(0, 8)) for c in cases}
    found = out_of_sample(world(journeys(cases, noise=noise)), Luck(seed=1))
    assert isinstance(found, Measure)
    assert found.estimate.value < 0.02
    assert found.note.startswith(CANNOT)


def test_two_attributes_together_can_tell_what_neither_tells_alone() -> None:
    cases = group({"ab": 200, "ac": 200})
    rng = np.random.default_rng(8)
    first = {c: int(rng.random() < 0.5) for c in cases}
    # the second agrees with the first exactly when the path ends with b; the first alone tells a little
    one = {c: str(first[c] or int(c[1] == "b" and rng.random() < 0.3)) for c in cases}
    two = {c: str(int(one[c]) ^ int(c[1] == "b")) for c in cases}
    found = out_of_sample(world(journeys(cases, one=one, two=two)), Luck(seed=1))
    assert isinstance(found, Measure)
    assert found.estimate.value > 0.8


def test_chances_in_a_group_lean_on_the_whole_as_far_as_the_group_is_small() -> None:
    path = np.array([0, 0, 1, 0])
    below = np.array([0.6, 0.6, 0.4, 0.6])
    fitted = np.array([True, True, True, False])
    found = refined(below, np.zeros(4, dtype=np.int64), path, fitted)
    # the last is told from 2 of 3 with two paths seen; the first from the other two fitted ones (one of each path)
    assert found[3] == pytest.approx((2 + 2 * 0.6) / (3 + 2))
    assert found[0] == pytest.approx((1 + 2 * 0.6) / (2 + 2))
    assert found[2] == pytest.approx((0 + 1 * 0.4) / (2 + 1))


def test_chances_of_all_paths_add_up_to_one() -> None:
    path, fitted = np.array([0, 0, 0, 1, 0, 1, 2]), np.array([True, True, True, True, False, False, False])
    below = np.choose(path, [0.5, 0.3, 0.2])
    assert refined(below, np.zeros(7, dtype=np.int64), path, fitted)[4:].sum() == pytest.approx(1)


def test_rare_paths_count_as_one_and_their_share_is_said() -> None:
    assert "10% of cases" in told({"ab": 50, "ac": 40, "ad": 4, "ae": 3, "af": 3}, sex="fmf").note


def test_too_few_patients_are_not_foretold() -> None:
    found = out_of_sample(world(journeys(group({"ab": 9, "ac": 9}), sex={c: c[1] for c in group({"ab": 9, "ac": 9})})), Luck(seed=1))
    assert isinstance(found, Missing)
    assert "50 cases" in found.why


def test_without_attributes_there_is_nothing_to_know() -> None:
    assert isinstance(out_of_sample(world(journeys(group({"ab": 60}))), Luck(seed=1)), Missing)
