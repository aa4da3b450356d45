import math

import pytest

from sandcone.core.chance import Luck
from sandcone.measuring.variety import variety
from tests.measuring.journeys import group, journeys
from tests.measuring.worlds import step, world

LUCK, PLAIN = Luck(seed=1), Luck(seed=1, draws=0)


def test_ten_patients_on_three_paths() -> None:
    found = variety(world(journeys(group({"abc": 5, "acb": 3, "ab": 2}))), LUCK)
    h = 0.5 * math.log(2) + 0.3 * math.log(10 / 3) + 0.2 * math.log(5)
    assert found["variants"].value == 3
    assert found["variants_for_80"].value == 2
    assert found["entropy.plain"].value == pytest.approx(h)
    assert found["entropy.corrected"].value == pytest.approx(h + 2 / 20)
    assert found["effective_variants"].value == pytest.approx(math.exp(h + 0.1))
    assert found["entropy_normalised"].value == pytest.approx(h / math.log(10))
    assert found["simpson"].value == pytest.approx(0.62)
    assert {m.group["variant"]: m.estimate.value for m in found.by("variant.share", "variant")} == {
        "a > b > c": 0.5,
        "a > c > b": 0.3,
        "a > b": 0.2,
    }


def test_variants_are_brought_down_to_half_of_a_small_log() -> None:
    found = variety(world(journeys(group({"ab": 3, "cd": 1}))), PLAIN)["rarefied_variants"]
    assert found.value == pytest.approx(1.5)
    assert "rarefied to 2 cases" in found.method


def test_one_path_for_all_is_no_variety() -> None:
    found = variety(world(journeys(group({"abc": 4}))), LUCK)
    assert (found["entropy.plain"].value, found["simpson"].value, found["effective_variants"].value) == (0, 0, 1)


def test_steps_and_changes_of_resource_are_counted_by_case() -> None:
    rows = [step("p", "a", 0, 1, "ann"), step("p", "b", 2, 3, "bo"), step("p", "c", 4, 5, "ann"), step("p", "d", 6, 7, None)]
    rows += [step("q", "a", 0, 1, "cy"), step("q", "b", 2, 3, "cy"), step("q", "c", 4, 5, "bo"), step("r", "a", 1, 2, "cy")]
    found = variety(world(rows), PLAIN)
    assert found["complexity.steps"].value == pytest.approx(8 / 3)
    assert found["complexity.handovers"].value == pytest.approx(3 / 3)


def test_a_log_without_resources_has_no_changes_of_them() -> None:
    assert "no resources" in (variety(world(journeys({"p": "ab"})), PLAIN).why_missing("complexity.handovers") or "")


def test_patients_differ_by_their_attributes() -> None:
    cases = group({"ab": 4})
    sexes = dict(zip(cases, ["f", "m", "m", "m"], strict=True))
    found = variety(world(journeys(cases, sex=sexes)), PLAIN).get("attribute_entropy", attribute="sex")
    assert found is not None
    assert found.value == pytest.approx(0.25 * math.log(4) + 0.75 * math.log(4 / 3))


def test_no_interval_is_drawn_unless_asked_for_and_the_numbers_are_the_same() -> None:
    prepared = world(journeys(group({"abc": 15, "acb": 9, "ab": 6})))
    plain, drawn = variety(prepared, PLAIN), variety(prepared, LUCK)
    assert [m.estimate.value for m in plain] == [m.estimate.value for m in drawn]
    assert plain["entropy.corrected"].low is None
    low, high = drawn["entropy.corrected"].low, drawn["entropy.corrected"].high
    assert low is not None
    assert high is not None
    assert low < drawn["entropy.corrected"].value < high
    assert variety(prepared, LUCK)["simpson"] == drawn["simpson"]


def test_a_log_of_one_case_is_measured_as_far_as_it_goes() -> None:
    found = variety(world(journeys({"p": "ab"})), LUCK)
    assert found["variants"].value == 1
    assert found.why_missing("entropy_normalised") == "the log has one case only"


def test_many_variants_are_listed_from_the_most_followed_on_and_no_more_than_twenty() -> None:
    paths = {"".join(letters): n for n, letters in enumerate([(a, b) for a in "abcde" for b in "fghij"], start=1)}
    shares = variety(world(journeys(group(paths))), PLAIN).by("variant.share", "variant")
    assert len(shares) == 20
    assert shares[0].group["variant"] == "e > j"
    assert [s.estimate.value for s in shares] == sorted((s.estimate.value for s in shares), reverse=True)


def test_with_very_many_variants_the_formula_for_large_samples_gives_the_same_spread(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = world(journeys(group({"abc": 150, "acb": 90, "ab": 60, "b": 30})))
    drawn = {m.name: m.estimate for m in variety(prepared, LUCK)}
    monkeypatch.setattr("sandcone.measuring.variety.MOST_DRAWN", 1)
    large = {m.name: m.estimate for m in variety(prepared, LUCK)}
    assert "large-sample" in large["simpson"].method
    for name in ("entropy.plain", "entropy.corrected", "effective_variants", "simpson", "entropy_normalised"):
        low, high = drawn[name].low, large[name].low
        assert low is not None
        assert high is not None
        assert drawn[name].value - low == pytest.approx(large[name].value - high, rel=0.15)
