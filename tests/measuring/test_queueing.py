import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandcone.core.queueing import (
    best_throughput,
    erlang_b,
    erlang_c,
    flow_efficiency,
    implied_variability,
    kingman,
    practical_worst_throughput,
    sakasegawa,
    wait_mmm,
    worst_throughput,
)

BUSY, SERVERS, SPREAD = st.floats(0.01, 0.99), st.integers(1, 30), st.floats(0.01, 5)


@pytest.mark.parametrize(
    ("m", "u", "c", "wait", "fe"),
    [(1, 0.8, 0.8, 4.0, 0.2), (2, 0.8, 0.7111, 1.7778, 0.36), (5, 0.8, 0.5541, 0.5541, 0.6435), (10, 0.9, 0.6687, 0.6687, 0.5993)],
)
def test_the_reference_queues_come_out(m: int, u: float, c: float, wait: float, fe: float) -> None:
    assert erlang_c(m, u) == pytest.approx(c, abs=5e-5)
    assert wait_mmm(u, m) == pytest.approx(wait, abs=5e-5)
    assert 1 / (1 + wait_mmm(u, m)) == pytest.approx(fe, abs=5e-5)


def test_the_approximation_for_five_servers_comes_out() -> None:
    assert sakasegawa(0.8, 5) == pytest.approx(0.5770, abs=5e-5)
    assert flow_efficiency(0.8, m=5) == pytest.approx(0.6341, abs=5e-5)


def test_a_call_finds_two_lines_full_once_in_five_when_one_is_asked_for() -> None:
    assert erlang_b(2, 1.0) == pytest.approx(0.2)
    assert erlang_b(3, 0.0) == 0


@given(BUSY, SPREAD)
def test_kingmans_wait_is_the_formula(u: float, v: float) -> None:
    assert kingman(u, v, 3.0) == pytest.approx(v * u / (1 - u) * 3)
    assert kingman(u) == pytest.approx(wait_mmm(u))


@given(BUSY)
def test_with_memoryless_variation_flow_efficiency_is_what_is_left_of_the_server(u: float) -> None:
    assert flow_efficiency(u) == pytest.approx(1 - u)


@given(st.floats(0.5, 0.99), SPREAD, SERVERS)
def test_the_implied_variability_gives_back_the_flow_efficiency(u: float, v: float, m: int) -> None:
    assert implied_variability(u, flow_efficiency(u, v, m), m) == pytest.approx(v, rel=1e-5)


@given(BUSY, SERVERS)
def test_busier_means_longer_waits_and_more_servers_shorter_ones(u: float, m: int) -> None:
    assert wait_mmm(min(0.995, u * 1.005), m) >= wait_mmm(u, m)
    assert wait_mmm(u, m + 1) <= wait_mmm(u, m)
    assert 0 <= erlang_c(m, u) <= 1


def test_a_full_queue_never_ends() -> None:
    assert wait_mmm(1.0, 3) == sakasegawa(1.2, 3) == math.inf
    assert flow_efficiency(1.0) == 0
    assert flow_efficiency(1.0, v=0) == 1
    assert math.isnan(implied_variability(0.5, 0.0))
    assert implied_variability(0.0, 1.0) != implied_variability(0.0, 1.0)


def test_a_line_of_four_hours_and_one_patient_each_two_hours() -> None:
    assert best_throughput(1, 4, 0.5) == 0.25
    assert best_throughput(5, 4, 0.5) == 0.5
    assert practical_worst_throughput(3, 4, 0.5) == pytest.approx(3 / 4 * 0.5)
    assert practical_worst_throughput(0, 4, 0.5) == 0
    assert worst_throughput(4) == 0.25


@given(st.integers(1, 100))
def test_practical_worst_lies_between_worst_and_best(w: int) -> None:
    assert worst_throughput(4) - 1e-12 <= practical_worst_throughput(w, 4, 0.5) <= best_throughput(w, 4, 0.5) + 1e-12


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: erlang_c(0, 0.5),
        lambda: sakasegawa(-0.1),
        lambda: implied_variability(0.5, 1.5),
        lambda: worst_throughput(0),
        lambda: erlang_b(1, -1),
    ],
)
def test_what_no_queue_can_be_is_refused(wrong: Callable[[], float]) -> None:
    with pytest.raises(ValueError, match=r"must be|needs"):
        wrong()
