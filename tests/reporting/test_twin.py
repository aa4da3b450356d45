"""The part of the page about the twin."""

from __future__ import annotations

from sandcone.core.estimate import Estimate
from sandcone.core.truth import Apart, Judged, Tried, Truth
from sandcone.reporting.twin import twin


def number(value: float, low: float | None = None, high: float | None = None, unit: str = "h") -> Estimate:
    return Estimate(value=value, low=low, high=high, n=31, unit=unit)


RIGHT = Judged(
    name="throughput_time.mean",
    seen=number(10, 9, 12),
    simulated=number(10.5, 10, 11),
    naive=14.0,
    noise=2.0,
    verdict="true within noise",
)
WRONG = Judged(name="wait_before.mean", group={"step": "<b>Scan</b>"}, seen=number(4, 3, 5), simulated=number(8, 7, 9), verdict="off")
NOTES = ("All of the past counts alike.",)
TRIED = Tried(
    cases_learnt=400,
    cases_tested=100,
    notes=NOTES,
    truth=Truth(judged=(RIGHT, WRONG), distances=(Apart(name="CTDD", twin=number(2), naive=3.0, floor=1.0),), runs=5),
)


def test_the_verdicts_are_counted_and_the_farthest_off_named() -> None:
    page = twin(TRIED)
    assert "Of 2 numbers: 1 true within noise, 1 off." in page
    assert "It is nearer than the replay in 1 of 1." in page
    assert "off by +100%" in page
    assert "nearer than the past replayed" in page
    assert NOTES[0] in page


def test_names_from_the_log_are_never_markup() -> None:
    assert "<b>Scan" not in twin(TRIED)
    assert "&lt;b&gt;Scan" in twin(TRIED)


def test_the_picture_shows_only_numbers_that_can_be_a_multiple() -> None:
    nothing = Judged(name="waiting_time.mean", seen=number(0), simulated=number(0), verdict="true within noise")
    page = twin(Tried(truth=Truth(judged=(nothing,), runs=5)))
    assert "<figure" not in page
    assert "<figure" in twin(TRIED)


def test_where_there_is_no_twin_the_reason_stands_there() -> None:
    assert "The log is too short." in twin(Tried(why="the log is too short"))
    assert "made without one" in twin(None)
