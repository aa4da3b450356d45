"""A month, booked: wins and losses said alike, nothing sure that is not, and who was not booked or not counted is told."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from sandcone.core.estimate import Estimate
from sandcone.core.trial import Better, Compared, Trial
from sandcone.reporting.booked_month import FIT, SHOWN, BookedMonth, booked_month

Gaps = Mapping[str, tuple[float, float, float]]


def trial(gaps: Gaps) -> Trial:
    """The measures of the page, with no difference but these (value, low, high)."""
    return Trial(one="booked", other="x", runs=3, people=55, values={}, measures=tuple(compared(n, gaps) for n in (*SHOWN, *FIT)))


def compared(name: str, gaps: Gaps) -> Compared:
    better: Better = "less" if "time" in name or "waited" in name else "more"
    value, low, high = gaps.get(name, (0.0, -1.0, 1.0))
    one, other = Estimate(value=5.0 + value, n=3, unit="h", method="made up"), Estimate(value=5.0, n=3, unit="h", method="made up")
    return Compared(
        name=name, unit="h", better=better, one=one, other=other, gap=Estimate(value=value, low=low, high=high, n=3, unit="h", method="t")
    )


def month(first_come: Gaps, one_size: Gaps) -> str:
    tried = BookedMonth(where="A ward", days=28, first_come=trial(first_come), one_size=trial(one_size), left_out=7, not_ended=1)
    return str(booked_month(tried))


def test_what_is_surely_better_and_what_is_surely_worse_are_said_in_one_breath() -> None:
    said = month({"waited": (-2.0, -3.0, -1.0), "waited on the day": (0.5, 0.2, 0.8)}, {})
    assert "is surely better in waited and surely worse in waited on the day." in said
    assert "Beside one size for all, these runs leave every difference open." in said


def test_a_loss_alone_is_said_alone() -> None:
    said = month({}, {"fit to true needs": (-2.0, -3.0, -1.0), "flow efficiency, from need": (-1.0, -2.0, -0.5)})
    assert "Beside one size for all, what is booked is surely worse in flow efficiency from need; fit to true needs." in said


def test_who_was_not_booked_and_who_is_in_no_table_are_told() -> None:
    said = month({}, {})
    assert "told a time for each visit up to their stay" in said and "in 3 runs with new people each; about 55 patients a run" in said
    assert (
        "7 people of all runs could not be booked" in said and "1 patient had not come to the end on every way and is in no table" in said
    )


def test_fit_stands_beside_one_size_only_as_the_same_paths_fit_alike() -> None:
    beside_first_come = month({}, {}).split("Booked beside one size for all")[0]
    assert FIT[0] not in beside_first_come and FIT[0] in month({}, {})


@pytest.mark.parametrize("word", ["library of modules", "sandcone personalise"])
def test_a_log_alone_says_why_it_cannot_be_tried(word: str) -> None:
    assert word in str(booked_month(None))
