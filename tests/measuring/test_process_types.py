import math

import pytest

from sandcone.core.chance import Luck
from sandcone.measuring.process_types import process_type, process_types
from tests.measuring.journeys import journeys
from tests.measuring.worlds import world

LUCK = Luck(seed=1)


def three_segments() -> list[dict[str, object]]:
    """Cataract: one path. Knee: the path that goes with the need. Sepsis: a path that goes with nothing."""
    paths, kind, need = {}, {}, {}
    for i in range(60):
        for name in ("cataract", "knee", "sepsis"):
            case = f"{name}{i}"
            kind[case], need[case] = name, "vwxyz"[i % 5]
            paths[case] = {"cataract": "ab", "knee": "a" + "bcdef"[i % 5], "sepsis": "a" + "bcdef"[i // 5 % 5]}[name]
    return journeys(paths, kind=kind, need=need)


def test_each_process_type_is_recognised_from_a_log() -> None:
    found = process_types(world(three_segments(), site={"segment": ["kind"]}), LUCK)
    assert {m.group["segment"]: (m.estimate.value, m.note) for m in found.by("process_type", "segment")} == {
        "cataract": (0, "standard"),
        "knee": (1, "routine"),
        "sepsis": (2, "non-routine"),
    }
    knee = found.get("segment.entropy_normalised", segment="knee")
    assert knee is not None
    assert knee.value == pytest.approx(math.log(5) / math.log(60))
    explained = found.get("segment.u", segment="knee")
    assert explained is not None
    assert explained.value == pytest.approx(1)
    assert "'need'" in explained.method


def test_the_cut_points_decide_between_the_types() -> None:
    assert process_type(0.25, None) == 0
    assert process_type(0.26, 0.3) == 1
    assert process_type(0.26, 0.29) == 2
    assert process_type(0.26, None) is None


def test_a_small_segment_is_counted_and_not_typed() -> None:
    paths = {f"p{i}": "ab" for i in range(25)} | {f"q{i}": "ac" for i in range(3)}
    found = process_types(world(journeys(paths, kind={c: c[0] for c in paths}), site={"segment": ["kind"]}), LUCK)
    assert [m.estimate.value for m in found.by("segment.cases", "segment")] == [25, 3]
    assert [m.group["segment"] for m in found.by("process_type", "segment")] == ["p"]
    assert "1 segment has fewer than 20 cases or is not" in (found.why_missing("process_type") or "")


def test_without_a_segment_the_site_file_is_asked_for() -> None:
    assert "segment in the site file" in (process_types(world(journeys({"p": "ab"})), LUCK).why_missing("process_type") or "")
