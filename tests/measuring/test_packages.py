import numpy as np
import pytest

from sandcone.core.chance import Luck
from sandcone.measuring import packages
from sandcone.measuring.packages import jaccard, package_distances
from sandcone.measuring.paths import cells, sequences
from tests.measuring.journeys import group, journeys
from tests.measuring.worlds import world


def test_two_sets_that_share_two_of_five_are_three_fifths_apart() -> None:
    a, b = np.array([[1, 1, 1, 0, 0]], dtype=bool), np.array([[0, 1, 1, 1, 1]], dtype=bool)
    assert jaccard(a, b).tolist() == [pytest.approx(0.6)]
    assert jaccard(a & ~a, b & ~b).tolist() == [0]


def test_drawn_pairs_agree_with_every_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = world(journeys(group({"ab": 20, "abc": 15, "de": 9, "ade": 4, "f": 1})))
    paths, counted = sequences(prepared), cells(prepared, prepared.cases.last.cast("string").substr(0, 0))
    every = [m.estimate.value for m in package_distances(paths, counted, Luck(seed=1))]  # type: ignore[union-attr]
    monkeypatch.setattr(packages, "MOST_COMPARED", 1)
    drawn = [m.estimate.value for m in package_distances(paths, counted, Luck(seed=1))]  # type: ignore[union-attr]
    assert drawn == pytest.approx(every, abs=0.01)


def test_segments_of_one_patient_have_nobody_to_compare() -> None:
    prepared = world(journeys({"p": "ab", "q": "cd"}, sex={"p": "f", "q": "m"}))
    found = list(package_distances(sequences(prepared), cells(prepared, prepared.cases.a0), Luck(seed=1)))
    assert [type(m).__name__ for m in found] == ["Missing"]
