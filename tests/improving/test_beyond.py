"""The old curve as the twin has it: what lies beyond, and what is only another number of places."""

from dataclasses import replace

import numpy as np
import pytest

from sandcone.core.period import Period
from sandcone.improving.beyond import old_curve
from sandcone.improving.verdict import judge_runs


def run(u: float, fe: float, patients: int = 40) -> Period:
    """A run of 7 days with this resource and flow efficiency: each patient has 2 hours of help, all waiting before it."""
    day = np.repeat(np.arange(7), patients)
    t = np.full(len(day), 2.0 / fe)
    return Period(
        name="run",
        days=np.arange(7),
        busy=np.full(7, 2.0 * patients),
        open=np.full(7, 2.0 * patients / u),
        day=day,
        t=t,
        va=np.full(len(day), 2.0),
        wait=t - 2.0,
        work=np.full(len(day), 2.0),
    )


def runs(u: float, fe: float, n: int = 6, spread: float = 0.002) -> list[Period]:
    return [run(u + spread * (i - n / 2) / n, fe + spread * (i % 3 - 1)) for i in range(n)]


OLD = {1.2: (0.50, 0.60), 1.0: (0.60, 0.50), 0.8: (0.75, 0.20)}


def old() -> dict[float, list[Period]]:
    return {times: runs(u, fe, spread=0.0) for times, (u, fe) in OLD.items()}


def test_a_place_on_the_old_curve_has_the_ratio_one_and_one_beyond_it_has_less() -> None:
    assert old_curve(old(), [run(0.60, 0.50)] * 6).ratio.tolist() == pytest.approx([1.0] * 6)
    assert old_curve(old(), [run(0.675, 0.35)] * 6).ratio.tolist() == pytest.approx([1.0] * 6)  # half-way between two scales
    assert old_curve(old(), [run(0.675, 0.70)] * 6).ratio.tolist() == pytest.approx([0.5] * 6)


def test_busier_than_the_old_curve_was_ever_seen_its_busiest_place_counts() -> None:
    assert old_curve(old(), [run(0.90, 0.40)] * 6).ratio.tolist() == pytest.approx([0.5] * 6)


def test_where_a_busier_place_has_more_flow_efficiency_the_curve_is_as_high_there() -> None:
    bent = {1.0: runs(0.60, 0.50, spread=0.0), 0.9: runs(0.70, 0.60, spread=0.0)}
    assert old_curve(bent, [run(0.65, 0.60)] * 6).ratio.tolist() == pytest.approx([1.0] * 6)


def test_what_its_places_alone_reach_is_no_break() -> None:
    after = [run(0.675, 0.70)] * 6
    assert old_curve(old(), after, own=[run(0.66, 0.70)] * 6).ratio.tolist() == pytest.approx([1.0] * 6)


def test_both_efficiencies_up_and_beyond_the_simulated_curve_is_broken() -> None:
    today, after = runs(0.60, 0.50), runs(0.66, 0.60)
    found = judge_runs(today, after, old=old_curve({1.2: runs(0.5, 0.6), 1.0: today, 0.8: runs(0.75, 0.2)}, after))
    assert (found.verdict.word, found.verdict.frontier) == ("broken", 1)
    assert found.curve[1] == pytest.approx((0.6, 0.5), abs=0.002)
    assert found.differences.frontier is not None
    assert found.differences.frontier.gap.value == pytest.approx(0.38 / 0.60 - 1, abs=0.01)


def test_both_up_but_no_further_than_the_places_alone_is_improved_inside() -> None:
    today, after = runs(0.60, 0.50), runs(0.66, 0.60)
    own = [replace(p) for p in after]
    found = judge_runs(today, after, old=old_curve({1.0: today, 0.8: runs(0.75, 0.2)}, after, own=own))
    assert found.verdict.word == "improved inside"


def test_equal_runs_are_no_change() -> None:
    today = runs(0.60, 0.50)
    assert judge_runs(today, today, old=old_curve({1.0: today, 0.8: runs(0.75, 0.2)}, today)).verdict.word == "no change"
