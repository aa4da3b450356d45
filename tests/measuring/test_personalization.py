import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandcone.core.chance import Luck
from sandcone.measuring.counting import entropy
from sandcone.measuring.paths import Cells
from sandcone.measuring.personalization import _large_sample, _resampled, personalization, shared
from tests.measuring.journeys import group, journeys
from tests.measuring.worlds import world

LUCK = Luck(seed=1)


def table(counts: list[list[int]]) -> Cells:
    """Cases by path (rows) and group (columns)."""
    full = np.array(counts)
    v, g = np.nonzero(full)
    v, g = np.unique(v, return_inverse=True)[1], np.unique(g, return_inverse=True)[1]
    return Cells(v=v, g=g, n=full[full > 0], groups=tuple(map(str, range(int(g.max()) + 1))))


COUNTS = st.integers(1, 6).flatmap(lambda k: st.lists(st.lists(st.integers(0, 30), min_size=k, max_size=k), min_size=1, max_size=8))
TABLES = COUNTS.filter(lambda rows: sum(map(sum, rows)) > 0).map(table)


def test_a_path_that_goes_three_times_in_four_with_the_sex_is_explained_by_hand() -> None:
    found = shared(table([[3, 1], [1, 3]]))
    rest = -(0.75 * math.log(0.75) + 0.25 * math.log(0.25))
    i = math.log(2) - rest
    e0 = (2 * math.log(2) + 32 * i) / 70  # all deals of four men to two paths of four: 1, 16, 36, 16, 1
    assert found.u == pytest.approx(i / math.log(2))
    assert found.e0 == pytest.approx(e0)
    assert found.u_adj == pytest.approx((i - e0) / (math.log(2) - e0))


@given(TABLES)
def test_the_part_explained_is_a_part_and_never_more_than_all(counted: Cells) -> None:
    found = shared(counted)
    assert 0 <= found.i <= found.h + 1e-9
    assert math.isnan(found.u) or 0 <= found.u <= 1
    assert math.isnan(found.u_adj) or found.u_adj <= 1 + 1e-9
    assert found.e0 <= min(entropy(counted.variant_counts), entropy(counted.group_counts)) + 1e-6


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(2, 30), st.integers(2, 8))
def test_an_attribute_that_has_nothing_to_do_with_the_path_explains_nothing(seed: int, paths: int, levels: int) -> None:
    rng = np.random.default_rng(seed)
    v = rng.zipf(1.6, 1500) % paths
    counts = np.zeros((paths, levels), dtype=int)
    np.add.at(counts, (v, rng.integers(0, levels, 1500)), 1)
    found = shared(table(counts.tolist()))
    assert math.isnan(found.u_adj) or abs(found.u_adj) < 0.06


def test_drawing_and_the_formula_for_large_samples_agree() -> None:
    counted = table([[300, 100, 20], [80, 200, 60], [20, 60, 90]])
    found = shared(counted)
    i, h = _resampled(counted, LUCK, 2_000_000)
    plain, adjusted = _large_sample(counted, found)
    assert plain == pytest.approx(float(np.std(i / h, ddof=1)), rel=0.15)
    assert adjusted == pytest.approx(float(np.std((i - found.e0) / (h - found.e0), ddof=1)), rel=0.15)


def test_paths_that_follow_the_segment_are_wholly_explained() -> None:
    cases = group({"ab": 12, "ac": 20})
    prepared = world(journeys(cases, sex={case: case[1] for case in cases}), site={"segment": ["sex"]})
    found = personalization(prepared, LUCK)
    assert found["personalization.u"].value == pytest.approx(1)
    assert found["personalization.u_adj"].value == pytest.approx(1)
    assert found.get("personalization.u_adj", attribute="sex") == found["personalization.u_adj"]
    h = entropy(np.array([12, 20]))
    assert found["variety_explained"].value == pytest.approx(h - shared(table([[12, 0], [0, 20]])).e0)


def test_without_a_segment_the_attributes_speak_alone() -> None:
    cases = group({"ab": 12, "ac": 20})
    found = personalization(world(journeys(cases, sex={case: case[1] for case in cases})), LUCK)
    assert "segment in the site file" in (found.why_missing("personalization.u") or "")
    assert found.get("personalization.u", attribute="sex") is not None


def test_one_path_for_all_leaves_nothing_to_explain() -> None:
    cases = group({"ab": 5})
    found = personalization(world(journeys(cases, sex={c: "fm"[i % 2] for i, c in enumerate(cases)})), LUCK)
    assert any("no variety to explain" in m.why for m in found.missing)


def test_a_patient_alone_in_the_segment_with_a_set_of_steps_is_counted() -> None:
    # f: {a,b} twice (in two orders), {a,c} once; m: {a,c} once, {a,b} once
    paths = {"p": "ab", "q": "ba", "r": "ac", "s": "ac", "t": "ab"}
    prepared = world(journeys(paths, sex=dict(zip(paths, "fffmm", strict=True))), site={"segment": ["sex"]})
    found = personalization(prepared, LUCK)
    assert found["unique_in_segment"].value == pytest.approx(3 / 5)
    jaccard = 2 / 3  # {a,b} and {a,c} share one of three
    women, men = 2 / 3 * jaccard, jaccard
    assert found["package_distance"].value == pytest.approx((3 * women + 2 * men) / 5)
    assert [m.estimate.value for m in found.by("package_distance", "segment")] == [pytest.approx(women), pytest.approx(men)]


def test_no_interval_without_draws_and_the_same_numbers() -> None:
    cases = group({"ab": 12, "ac": 20})
    prepared = world(journeys(cases, sex={case: "fm"[i % 3 == 0] for i, case in enumerate(cases)}))
    drawn, plain = personalization(prepared, LUCK), personalization(prepared, Luck(seed=1, draws=0))
    assert [m.estimate.value for m in drawn] == [m.estimate.value for m in plain]
    sex = plain.get("personalization.u", attribute="sex")
    assert sex is not None
    assert sex.low is None
