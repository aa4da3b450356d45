import math

import numpy as np
import pytest

from sandcone.core.chance import Luck
from sandcone.measuring.decoupling import decoupling, position, uncertainty
from sandcone.measuring.paths import cells, segment_or_all, sequences
from sandcone.measuring.prepare import Prepared
from tests.measuring.journeys import group, journeys
from tests.measuring.worlds import world


def found(prepared: Prepared) -> dict[str, float]:
    return {m.name: m.estimate.value for m in decoupling(prepared, Luck(seed=1)) if not hasattr(m, "why")}


def test_paths_that_part_after_two_steps_are_decoupled_there() -> None:
    prepared = world(journeys(group({"abce": 6, "abde": 4})))
    h = uncertainty(sequences(prepared), cells(prepared, segment_or_all(prepared)[0]))
    assert h[[0, 1, 3, 4]].tolist() == [0, 0, 0, 0]
    assert h[2] == pytest.approx(0.6 * math.log(1 / 0.6) + 0.4 * math.log(1 / 0.4) + 1 / 20)
    assert found(prepared) == {"decoupling.position": 2, "decoupling.time_share": pytest.approx(2 / 3.5)}


def test_paths_that_the_segment_decides_are_standard_inside_it() -> None:
    cases = group({"abce": 6, "abde": 4})
    prepared = world(journeys(cases, sex={case: case[2] for case in cases}), site={"segment": ["sex"]})
    assert found(prepared) == {"decoupling.position": 4, "decoupling.time_share": 1}


def test_a_path_that_only_follows_from_the_step_before_is_no_new_parting() -> None:
    h = [0.0, 0.7, 0.0, 0.0]
    assert position(np.array(h), 9) == 1


def test_a_small_difference_early_is_not_yet_the_parting() -> None:
    assert position(np.array([0.0, 0.1, 0.2, 1.3, 1.0]), 9) == 3


def test_leaving_is_one_of_the_next_steps() -> None:
    assert found(world(journeys(group({"a": 5, "ab": 4}))))["decoupling.position"] == 1


def test_places_that_few_reach_do_not_count() -> None:
    prepared = world(journeys(group({"a": 85, "abcdef": 5, "abdcfe": 5})))
    h = uncertainty(sequences(prepared), cells(prepared, segment_or_all(prepared)[0]))
    assert h.size == 2


def test_everything_done_at_one_moment_has_no_share_of_time() -> None:
    rows = [row | {"end": row["start"]} for row in journeys({"p": "a", "q": "b"})]
    assert "decoupling.time_share" not in found(world(rows))
