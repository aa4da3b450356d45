"""When to stop, in words."""

from __future__ import annotations

import math

import pytest

from sandcone.core.errors import ProblemError
from sandcone.planning.found import Stop
from sandcone.planning.until import Until, until


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("600s", Until(seconds=600)),
        ("10m", Until(seconds=600)),
        ("1.5 h", Until(seconds=5400)),
        ("90 seconds", Until(seconds=90)),
        ("1000000moves", Until(moves=1_000_000)),
        ("1,000,000 moves", Until(moves=1_000_000)),
        ("2%", Until(gap=0.02)),
        (("600s", "0.5%", "7 moves"), Until(seconds=600, moves=7, gap=0.005)),
    ],
)
def test_a_stop_is_said_in_words(said: str | tuple[str, ...], meant: Until) -> None:
    assert until(said) == meant


@pytest.mark.parametrize(
    "said", ["", "soon", "600", "-5s", "0s", "0 moves", "1.5 moves", "%", "10 %%", (), ("5s", "1m"), "1e9s", "0,5h", "2,5%", "1,50 m"]
)
def test_what_says_no_stop_is_refused_with_what_can_be_said(said: str | tuple[str, ...]) -> None:
    with pytest.raises(ProblemError, match=r"Say|Give"):
        until(said)


@pytest.mark.parametrize("never", [{"seconds": math.nan}, {"seconds": -5.0}, {"moves": 0}, {"gap": -0.1}, {"gap": math.nan}])
def test_a_stop_that_never_comes_is_refused_before_anything_is_looked_at(never: dict[str, float]) -> None:
    with pytest.raises(ProblemError, match="stop"):
        Until(**never)  # type: ignore[arg-type]


@pytest.mark.parametrize("unit", ["moves", "s", "%"])
def test_what_is_beyond_all_numbers_is_refused(unit: str) -> None:
    with pytest.raises(ProblemError, match="Give more than 0"):
        until(f"{'9' * 400} {unit}")


def test_a_gap_alone_ends_after_ten_minutes_and_the_time_for_the_bound_counts() -> None:
    assert until("2%").stop(bound=100, spent=60) == Stop(seconds=540, gap=0.02, bound=100)
    assert until("2%").stop(bound=None) == Stop(seconds=600)
    assert until("50s").stop(bound=100) == Stop(seconds=50, bound=100)
    assert until(("50s", "2%")).stop(bound=100, spent=5) == Stop(seconds=45, gap=0.02, bound=100)


def test_moves_alone_have_no_time_so_that_the_same_plan_comes_out_on_any_machine() -> None:
    assert until("400 moves").stop(bound=None, spent=60) == Stop(moves=400)
